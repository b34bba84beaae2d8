/**
 * IP addresses and CIDRs as API validation sees them: k8s.io/utils/net and apimachinery/pkg/util/validation/ip.go. Fields older than
 * 1.33 are read "sloppily": leading zeros in IPv4 are allowed.
 */
import { type FieldError, invalid } from '../../api/field.js';

export interface IP {
  readonly family: 'IPv4' | 'IPv6';
  /** 4 or 16 numbers below 256; IPv4 in IPv6 counts as IPv4. */
  readonly bytes: readonly number[];
}

export interface CIDR {
  /** The address as written, host bits and all. */
  readonly ip: IP;
  readonly bits: number;
}

export function parseIP(text: string): IP | undefined {
  if (!text.includes(':')) {
    const bytes = ipv4Bytes(text);
    return bytes === undefined ? undefined : { family: 'IPv4', bytes };
  }
  const bytes = ipv6Bytes(text);
  if (bytes === undefined) return undefined;
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? { family: 'IPv4', bytes: bytes.slice(12) } : { family: 'IPv6', bytes };
}

function ipv4Bytes(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

function ipv6Bytes(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const read = (half: string): readonly number[] | undefined => {
    if (half === '') return [];
    const out: number[] = [];
    const groups = half.split(':');
    for (const [i, group] of groups.entries()) {
      if (group.includes('.') && i === groups.length - 1) {
        const v4 = ipv4Bytes(group);
        if (v4 === undefined) return undefined;
        out.push(...v4);
      } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
        const value = Number.parseInt(group, 16);
        out.push(value >> 8, value & 255);
      } else return undefined;
    }
    return out;
  };
  const head = read(halves[0] as string);
  const tail = halves.length === 2 ? read(halves[1] as string) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

export function parseCIDR(text: string): CIDR | undefined {
  const slash = text.indexOf('/');
  const length = text.slice(slash + 1);
  const ip = slash < 0 ? undefined : parseIP(text.slice(0, slash));
  if (ip === undefined || !/^\d{1,3}$/.test(length) || Number(length) > ip.bytes.length * 8) return undefined;
  return { ip, bits: Number(length) };
}

/** net.IPNet.Contains. */
export function containsIP(range: CIDR, ip: IP): boolean {
  if (range.ip.family !== ip.family) return false;
  return leadingBits(range.ip, range.bits) === leadingBits(ip, range.bits);
}

const leadingBits = (ip: IP, bits: number): string =>
  ip.bytes
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(0, bits);

/** Canonical text: `10.0.0.1`, `2001:db8::1` (netip's, without zone). */
export function formatIP(ip: IP): string {
  if (ip.family === 'IPv4') return ip.bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (((ip.bytes[2 * i] as number) << 8) | (ip.bytes[2 * i + 1] as number)).toString(16));
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === '0') end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
  }
  return start < 0 ? groups.join(':') : `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

const IP_TEXT = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const CIDR_TEXT = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export function validateIP(text: string, path: string, errors: FieldError[]): void {
  if (parseIP(text) === undefined) errors.push(invalid(path, text, IP_TEXT));
}

export function validateCIDR(text: string, path: string, errors: FieldError[]): void {
  if (parseCIDR(text) === undefined) errors.push(invalid(path, text, CIDR_TEXT));
}

const isIn = (ip: IP, cidr: string): boolean => containsIP(parseCIDR(cidr) as CIDR, ip);

/** Addresses nothing outside a host may be reached at (ValidateNonSpecialIP). */
export function validateNonSpecialIP(text: string, path: string, errors: FieldError[]): void {
  const ip = parseIP(text);
  if (ip === undefined) errors.push(invalid(path, text, 'must be a valid IP address'));
  else if (ip.bytes.every((byte) => byte === 0)) errors.push(invalid(path, text, 'may not be unspecified (0.0.0.0 or ::)'));
  else if (isIn(ip, '127.0.0.0/8') || isIn(ip, '::1/128')) errors.push(invalid(path, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  else if (isIn(ip, '169.254.0.0/16') || isIn(ip, 'fe80::/10'))
    errors.push(invalid(path, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  else if (isIn(ip, '224.0.0.0/24') || isIn(ip, 'ff02::/10'))
    errors.push(invalid(path, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'));
}

/** Texts for addresses that later versions will refuse (GetWarningsForIP). */
export function ipWarnings(text: string, path: string): readonly string[] {
  const ip = parseIP(text);
  if (ip === undefined) return [];
  const standard = formatIP(ip);
  if (!text.includes(':') ? standard !== text : ip.family === 'IPv4')
    return [`${path}: non-standard IP address "${text}" will be considered invalid in a future Kubernetes release: use "${standard}"`];
  return standard === text ? [] : [`${path}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${standard}")`];
}
