/** Reads a PEM certificate request as far as describing it takes: RFC 2986 in DER, with Go's names for the parts (crypto/x509). */
import { tagged } from './der.js';
import { formatIP } from './ip.js';

export interface CertificateRequest {
  readonly commonName: string;
  readonly serialNumber: string;
  /** By title, in kubectl's order; without the two above. */
  readonly subject: readonly { readonly title: string; readonly values: readonly string[] }[];
  readonly alternativeNames: readonly { readonly title: string; readonly values: readonly string[] }[];
}

interface Node {
  readonly tag: number;
  readonly bytes: Buffer;
}

const COMMON_NAME = '2.5.4.3';
const SERIAL_NUMBER = '2.5.4.5';
const SUBJECT: readonly (readonly [title: string, oid: string])[] = [
  ['Organization', '2.5.4.10'],
  ['Organizational Unit', '2.5.4.11'],
  ['Country', '2.5.4.6'],
  ['Locality', '2.5.4.7'],
  ['Province', '2.5.4.8'],
  ['StreetAddress', '2.5.4.9'],
  ['PostalCode', '2.5.4.17'],
];
/** Context tags of GeneralName. */
const NAMES: readonly (readonly [title: string, tag: number])[] = [
  ['DNS Names', 0x82],
  ['Email Addresses', 0x81],
  ['URIs', 0x86],
  ['IP Addresses', 0x87],
];
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALT_NAME = '2.5.29.17';
const SEQUENCE = 0x30;
const SET = 0x31;

export function parseRequest(
  pem: string,
): { readonly request: CertificateRequest; readonly error?: undefined } | { readonly request?: undefined; readonly error: string } {
  const block = /-----BEGIN ([^-]+)-----\s*([A-Za-z0-9+/=\s]+?)-----END \1-----/.exec(pem);
  if (block?.[1] !== 'CERTIFICATE REQUEST') return { error: 'PEM block type must be CERTIFICATE REQUEST' };
  try {
    const [info] = children(only(Buffer.from(block[2] ?? '', 'base64')));
    const [, subject, , attributes] = children(info);
    return { request: { ...readSubject(subject), alternativeNames: readAlternatives(attributes) } };
  } catch (error) {
    if (error instanceof RangeError) return { error: 'asn1: structure error: malformed certificate request' };
    throw error;
  }
}

/** What a certificate takes over from a request that {@link parseRequest} could read, in DER. */
export function requestParts(text: string): {
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly alternativeNames: Uint8Array | undefined;
} {
  const body = /-----BEGIN [^-]+-----\s*([A-Za-z0-9+/=\s]+?)-----END/.exec(text)?.[1] ?? '';
  const [info] = children(only(Buffer.from(body, 'base64')));
  const [, subject, publicKey, attributes] = children(info);
  const whole = (node: Node | undefined) => tagged(node?.tag ?? SEQUENCE, node?.bytes ?? new Uint8Array());
  return { subject: whole(subject), publicKey: whole(publicKey), alternativeNames: alternativeNamesOf(attributes) };
}

/** The nodes of a run of DER. Throws a RangeError where it breaks off. */
function read(bytes: Buffer): readonly Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    let length = bytes.readUInt8(at + 1);
    at += 2;
    if (length > 0x80) {
      const size = length - 0x80;
      length = bytes.readUIntBE(at, Math.min(size, 6));
      at += size;
    }
    if (at + length > bytes.length) throw new RangeError('DER breaks off');
    nodes.push({ tag, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return nodes;
}

function only(bytes: Buffer): Node {
  const [node] = read(bytes);
  if (node === undefined) throw new RangeError('no DER');
  return node;
}

const children = (node: Node | undefined): readonly Node[] => (node === undefined ? [] : read(node.bytes));

function readSubject(subject: Node | undefined): Omit<CertificateRequest, 'alternativeNames'> {
  const found = children(subject)
    .flatMap((set) => children(set))
    .map((attribute) => children(attribute))
    .map(([oid, value]) => ({ oid: readOid(oid), value: value?.bytes.toString() ?? '' }));
  const values = (wanted: string): readonly string[] => found.filter(({ oid }) => oid === wanted).map(({ value }) => value);
  return {
    commonName: values(COMMON_NAME).at(-1) ?? '',
    serialNumber: values(SERIAL_NUMBER).at(-1) ?? '',
    subject: SUBJECT.map(([title, oid]) => ({ title, values: values(oid) })),
  };
}

/** The value of the subjectAltName extension asked for. */
function alternativeNamesOf(attributes: Node | undefined): Buffer | undefined {
  const extensions = children(attributes)
    .map((attribute) => children(attribute))
    .filter(([oid, set]) => readOid(oid) === EXTENSION_REQUEST && set?.tag === SET)
    .flatMap(([, set]) => children(children(set).find(({ tag }) => tag === SEQUENCE)));
  const extension = extensions.map((node) => children(node)).find(([oid]) => readOid(oid) === SUBJECT_ALT_NAME);
  return extension === undefined ? undefined : (extension.at(-1)?.bytes ?? Buffer.alloc(0));
}

function readAlternatives(attributes: Node | undefined): CertificateRequest['alternativeNames'] {
  const value = alternativeNamesOf(attributes);
  const names = value === undefined ? [] : children(only(value));
  return NAMES.map(([title, tag]) => ({
    title,
    values: names
      .filter((name) => name.tag === tag)
      .map(({ bytes }) => (title === 'IP Addresses' ? formatIP({ family: bytes.length === 4 ? 'IPv4' : 'IPv6', bytes: [...bytes] }) : bytes.toString())),
  }));
}

function readOid(node: Node | undefined): string {
  const bytes = [...(node?.bytes ?? [])];
  const first = bytes.shift() ?? 0;
  const parts = [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40))];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 127);
    if (byte < 128) {
      parts.push(value);
      value = 0;
    }
  }
  return parts.join('.');
}
