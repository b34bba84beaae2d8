/** X.509 in DER, as much as a cluster's own CA, server and client certificates need (cmd/kubeadm certs; RFC 5280). */
import { createPrivateKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { bitString, extension, integer, oid, pem, sequence, tagged, utcTime, utf8 } from '../../api/der.js';

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
  const names = [...dnsNames.map((dns) => tagged(0x82, utf8(dns))), ...ipAddresses.map((ip) => tagged(0x87, address(ip)))];
  return [
    extension('2.5.29.19', true, sequence(...(isCa ? [tagged(0x01, Uint8Array.of(0xff))] : []))),
    // digitalSignature, and keyCertSign for a CA
    extension('2.5.29.15', true, tagged(0x03, isCa ? Uint8Array.of(2, 0x84) : Uint8Array.of(7, 0x80))),
    ...(usage === undefined ? [] : [extension('2.5.29.37', false, sequence(oid(usage === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2')))]),
    ...(names.length > 0 ? [extension('2.5.29.17', false, sequence(...names))] : []),
  ];
}

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

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
