/** Tokens of service accounts: JSON web tokens, signed as kube-apiserver signs them (pkg/serviceaccount jwt.go). */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { once } from './once.js';
import { SIGNING_KEY } from './signing-key.js';

export type Claims = Readonly<Record<string, unknown>>;

/** The `iss` of tokens that are kept in Secrets. */
export const LEGACY_ISSUER = 'kubernetes/serviceaccount';

export const ALGORITHM = 'RS256';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signingKey = once(() => createPrivateKey({ key: SIGNING_KEY, format: 'jwk' }));

/** With its id: keyIDFromPublicKey. */
const verifyingKey = once(() => {
  const key = createPublicKey(signingKey());
  const der = key.export({ type: 'spki', format: 'der' });
  return { key, id: createHash('sha256').update(der).digest('base64url') };
});

/** The same claims give the same token. */
export function signToken(claims: object): string {
  const signed = `${base64url({ alg: ALGORITHM, kid: verifyingKey().id })}.${base64url(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), signingKey()).toString('base64url')}`;
}

/** What a token says, whoever has signed it; undefined: it is none. */
export function claimsOf(token: string): Claims | undefined {
  const parts = token.split('.');
  return parts.length === 3 && decoded(parts[0]) !== undefined ? decoded(parts[1]) : undefined;
}

/** Why the signature of a well-formed token is not believed; undefined: it is ours. */
export function signatureFault(token: string): string | undefined {
  const [head = '', body = '', signature = ''] = token.split('.');
  const { alg, kid } = decoded(head) ?? {};
  const { key, id } = verifyingKey();
  if (kid && kid !== id) return 'invalid signature, no keys found';
  const isOurs = alg === ALGORITHM && verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  return isOurs ? undefined : 'go-jose/go-jose: error in cryptographic primitive';
}

function decoded(part = ''): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** The keys that verify tokens, as an OpenID provider tells them (openidmetadata.go). */
export function jsonWebKeySet(): object {
  const { kty, n, e } = SIGNING_KEY;
  return { keys: [{ use: 'sig', kty, kid: verifyingKey().id, alg: ALGORITHM, n, e }] };
}

/** kubeadm's file sa.pub. */
export const publicKeyFile = (): string => String(verifyingKey().key.export({ type: 'spki', format: 'pem' }));
