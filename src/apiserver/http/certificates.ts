/** X.509 in DER, as much as a cluster's own CA, server and client certificates need (cmd/kubeadm certs; RFC 5280). */
import { createPrivateKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly isCa?: boolean;
  readonly usage?: 'server' | 'client';
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly serial: Uint8Array;
}

/** A new key pair and a certificate for it; signed by `issuer`, or by itself. PEM. */
export function certify(options: CertificateOptions, issuer?: Certified & { readonly commonName: string }): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const signer: KeyObject = issuer === undefined ? privateKey : createPrivateKey(issuer.key);
  const body = tbsCertificate(options, issuer?.commonName ?? options.commonName, spki);
  const signature = createSign('sha256').update(body).sign(signer);
  const certificate = sequence(body, ECDSA_SHA256, bitString(signature));
  return { certificate: pem('CERTIFICATE', certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${label}-----\n`;

function tbsCertificate(options: CertificateOptions, issuerName: string, spki: Uint8Array): Uint8Array {
  const { commonName, organizations = [], notBefore, notAfter, serial } = options;
  return sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_SHA256,
    name(issuerName, []),
    sequence(utcTime(notBefore), utcTime(notAfter)),
    name(commonName, organizations),
    spki,
    tagged(0xa3, sequence(...extensions(options))),
  );
}

function extensions({ isCa = false, usage, dnsNames = [], ipAddresses = [] }: CertificateOptions): readonly Uint8Array[] {
  const names = [...dnsNames.map((dns) => tagged(0x82, ascii(dns))), ...ipAddresses.map((ip) => tagged(0x87, address(ip)))];
  return [
    extension('2.5.29.19', true, sequence(...(isCa ? [tagged(0x01, Uint8Array.of(0xff))] : []))),
    // digitalSignature, and keyCertSign for a CA
    extension('2.5.29.15', true, tagged(0x03, isCa ? Uint8Array.of(2, 0x84) : Uint8Array.of(7, 0x80))),
    ...(usage === undefined ? [] : [extension('2.5.29.37', false, sequence(oid(usage === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2')))]),
    ...(names.length > 0 ? [extension('2.5.29.17', false, sequence(...names))] : []),
  ];
}

const extension = (id: string, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(oid(id), ...(critical ? [tagged(0x01, Uint8Array.of(0xff))] : []), tagged(0x04, value));

function name(commonName: string, organizations: readonly string[]): Uint8Array {
  const attribute = (id: string, value: string) => tagged(0x31, sequence(oid(id), tagged(0x0c, utf8(value))));
  return sequence(...organizations.map((organization) => attribute('2.5.4.10', organization)), attribute('2.5.4.3', commonName));
}

/** IPv4, or IPv6 in full. */
function address(ip: string): Uint8Array {
  if (!ip.includes(':')) return Uint8Array.from(ip.split('.').map(Number));
  const [head = '', tail] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return Uint8Array.from([...left, ...middle, ...right].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]));
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const ascii = utf8;

function tagged(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), length(content.length), content]);
}

function length(n: number): Uint8Array {
  if (n < 128) return Uint8Array.of(n);
  const bytes: number[] = [];
  for (let rest = n; rest > 0; rest >>= 8) bytes.unshift(rest & 255);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

const sequence = (...contents: readonly Uint8Array[]): Uint8Array => tagged(0x30, ...contents);
/** Positive: a leading zero keeps the sign bit clear. */
const integer = (bytes: Uint8Array): Uint8Array => tagged(0x02, (bytes[0] ?? 0) & 0x80 ? Uint8Array.of(0, ...bytes) : bytes);
const bitString = (bytes: Uint8Array): Uint8Array => tagged(0x03, Uint8Array.of(0), bytes);

function utcTime(at: number): Uint8Array {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  // Years from 2050 on are written in full.
  return Number(digits.slice(0, 4)) < 2050 ? tagged(0x17, ascii(`${digits.slice(2)}Z`)) : tagged(0x18, ascii(`${digits}Z`));
}

function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 127];
    for (let n = part >> 7; n > 0; n >>= 7) groups.unshift((n & 127) | 128);
    bytes.push(...groups);
  }
  return tagged(0x06, Uint8Array.from(bytes));
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
