/** Whether a certificate and a private key go together: crypto/tls X509KeyPair, in its words. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

interface Block {
  readonly type: string;
  readonly der: Buffer;
}

/** encoding/pem: a block whose body is not base64 is none. */
function blocksOf(text: string): readonly Block[] {
  const out: Block[] = [];
  for (const [, type = '', body = ''] of text.matchAll(/(?<=^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n([\s\S]*?)-----END \1-----[ \t\r]*(?=\n|$)/g)) {
    const data = body.replace(/^(?:[^\n]*:[^\n]*\n)+/, '').replace(/\s/g, '');
    if (data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data)) out.push({ type, der: Buffer.from(data, 'base64') });
  }
  return out;
}

const isKey = ({ type }: Block): boolean => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY');
const typesOf = (blocks: readonly Block[]): string => `[${blocks.map(({ type }) => type).join(' ')}]`;

/** Undefined: they do. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const certificates = blocksOf(certificate);
  const own = certificates.find(({ type }) => type === 'CERTIFICATE');
  if (own === undefined) {
    if (certificates.length === 0) return 'tls: failed to find any PEM data in certificate input';
    return certificates.length === 1 && certificates[0]?.type.endsWith('PRIVATE KEY')
      ? 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
      : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${typesOf(certificates)}`;
  }
  const keys = blocksOf(key);
  const found = keys.find(isKey);
  if (found === undefined) {
    if (keys.length === 0) return 'tls: failed to find any PEM data in key input';
    return keys.length === 1 && keys[0]?.type === 'CERTIFICATE'
      ? 'tls: found a certificate rather than a key in the PEM for the private key'
      : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${typesOf(keys)}`;
  }
  const parsed = attempt(() => new X509Certificate(own.der));
  if (parsed === undefined) return isWhole(own.der) ? 'x509: malformed tbs certificate' : 'x509: malformed certificate';
  const secret = privateKey(found.der);
  if (secret === undefined) return 'tls: failed to parse private key';
  if (parsed.publicKey.asymmetricKeyType !== secret.asymmetricKeyType) return 'tls: private key type does not match public key type';
  return parsed.checkPrivateKey(secret) ? undefined : 'tls: private key does not match public key';
}

/** Whether it is a sequence all of which is there. */
function isWhole(der: Buffer): boolean {
  const [tag, length = 0] = der;
  if (tag !== 0x30) return false;
  if (length < 0x80) return der.length >= 2 + length;
  const count = length & 0x7f;
  return count > 0 && count <= 4 && der.length >= 2 + count && der.length >= 2 + count + der.readUIntBE(2, count);
}

/** In any of the three forms, whatever the block is called. */
function privateKey(der: Buffer): KeyObject | undefined {
  for (const type of ['pkcs1', 'pkcs8', 'sec1'] as const) {
    const key = attempt(() => createPrivateKey({ key: der, format: 'der', type }));
    if (key !== undefined) return key;
  }
  return undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
