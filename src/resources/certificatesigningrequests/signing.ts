/**
 * Certificates out of requests: pkg/controller/certificates/authority. The cluster's CA is a made-up text, so its key is made of that
 * text, and of a kind (Ed25519) whose signatures depend on nothing else: the same cluster signs the same bytes.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bitString, extension, integer, oid, pem, sequence, tagged, utcTime, utf8 } from '../../api/der.js';
import { requestParts } from '../../api/pkcs10.js';

export interface SigningOptions {
  /** PEM of the cluster's CA. */
  readonly authority: string;
  readonly usages: readonly string[];
  /** expirationSeconds. */
  readonly seconds: number | undefined;
  readonly now: number;
  readonly serial: Uint8Array;
}

const ED25519 = sequence(oid('1.3.101.112'));
/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410). */
const KEY_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** CN=kubernetes */
const AUTHORITY = sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, utf8('kubernetes')))));
/** Simulations may play in any year. */
const END = Date.UTC(9999, 0);
const MINUTE = 60_000;
/** --cluster-signing-duration, and what is allowed for clocks that differ. */
const LONGEST = 365 * 24 * 60 * MINUTE;
const SHORTEST = 10 * MINUTE;
const BACKDATE = 5 * MINUTE;
/** Certificates of less than this end when they were asked to. */
const SHORT = 8 * 60 * MINUTE;

/** Bits of KeyUsage, the first the highest. */
const KEY_USAGES: readonly string[] = ['digital signature', 'content commitment', 'key encipherment', 'data encipherment', 'key agreement'];
const EXTENDED_USAGES: Readonly<Record<string, string>> = { 'server auth': '1.3.6.1.5.5.7.3.1', 'client auth': '1.3.6.1.5.5.7.3.2' };

/** PEM of the certificate. */
export function signRequest(request: string, { authority, usages, seconds, now, serial }: SigningOptions): string {
  const { subject, publicKey, alternativeNames } = requestParts(request);
  const span = seconds === undefined ? LONGEST : Math.min(LONGEST, Math.max(SHORTEST, seconds * 1000));
  const body = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(Uint8Array.of((serial[0] ?? 0) & 0x7f, ...serial.subarray(1))),
    ED25519,
    AUTHORITY,
    sequence(utcTime(now - BACKDATE), utcTime(now + span - (span < SHORT ? 0 : BACKDATE))),
    subject,
    publicKey,
    tagged(0xa3, sequence(...extensions(usages), ...(alternativeNames === undefined ? [] : [extension('2.5.29.17', false, alternativeNames)]))),
  );
  return pem('CERTIFICATE', sequence(body, ED25519, bitString(sign(null, body, keyOf(authority)))));
}

/** PEM of the CA that {@link signRequest} signs for, for those who are shown its certificates. */
export function authorityCertificate(authority: string): string {
  const key = createPublicKey(keyOf(authority)).export({ type: 'spki', format: 'der' });
  const body = sequence(
    tagged(0xa0, integer(Uint8Array.of(2))),
    integer(Uint8Array.of(1)),
    ED25519,
    AUTHORITY,
    sequence(utcTime(0), utcTime(END)),
    AUTHORITY,
    key,
    tagged(
      0xa3,
      sequence(extension('2.5.29.15', true, tagged(0x03, Uint8Array.of(2, 0x84))), extension('2.5.29.19', true, sequence(tagged(0x01, Uint8Array.of(0xff))))),
    ),
  );
  return pem('CERTIFICATE', sequence(body, ED25519, bitString(sign(null, body, keyOf(authority)))));
}

const keyOf = (authority: string): KeyObject =>
  createPrivateKey({ key: Buffer.concat([KEY_PREFIX, createHash('sha256').update(authority).digest()]), format: 'der', type: 'pkcs8' });

function extensions(usages: readonly string[]): readonly Uint8Array[] {
  const bits = KEY_USAGES.reduce((sum, usage, i) => (usages.includes(usage) ? sum | (0x80 >> i) : sum), 0);
  const extended = usages.flatMap((usage) => EXTENDED_USAGES[usage] ?? []);
  return [
    // As many bits as it takes: the number of unused ones stands before them.
    ...(bits === 0
      ? []
      : [extension('2.5.29.15', true, tagged(0x03, Uint8Array.of(Math.clz32(bits & -bits) === 32 ? 0 : 31 - Math.clz32(bits & -bits), bits)))]),
    ...(extended.length === 0 ? [] : [extension('2.5.29.37', false, sequence(...extended.map(oid)))]),
    extension('2.5.29.19', true, sequence()),
  ];
}
