/** Kubernetes' ip.go and cidr.go, by Go's net/netip. */
import { type CIDR, containsIP, formatIP, type IP } from '../../api/ip.js';
import { goQuoted } from '../../text/go-format.js';
import { AddressValue, CelError, CidrValue, type Value } from '../values.js';
import { type CelFunction, isText, type Library, ofOne } from './function.js';

class Misuse extends Error {}

/** netip.ParseAddr; `at`: what could not be read. */
function fail(text: string, what: string, at = ''): never {
  throw new Misuse(`ParseAddr(${goQuoted(text)}): ${what}${at === '' ? '' : ` (at ${goQuoted(at)})`}`);
}

function parseAddress(text: string): IP {
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') return { family: 'IPv4', bytes: parseIPv4(text) };
  if (first === ':') return { family: 'IPv6', bytes: parseIPv6(text) };
  return fail(text, first === '%' ? 'missing IPv6 address' : 'unable to parse IP');
}

function parseIPv4(text: string): readonly number[] {
  const bytes: number[] = [];
  let digits = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (/\d/.test(char)) {
      if (digits === '0') fail(text, 'IPv4 field has octet with leading zero');
      digits += char;
      if (Number(digits) > 255) fail(text, 'IPv4 field has value >255');
    } else if (char !== '.') fail(text, 'unexpected character', text.slice(i));
    else {
      if (i === 0 || i === text.length - 1 || text[i - 1] === '.') fail(text, 'IPv4 field must have at least one digit', text.slice(i));
      if (bytes.length === 3) fail(text, 'IPv4 address too long');
      bytes.push(Number(digits));
      digits = '';
    }
  }
  if (bytes.length < 3) fail(text, 'IPv4 address too short');
  return [...bytes, Number(digits)];
}

function parseIPv6(text: string): readonly number[] {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) fail(text, 'zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  const bytes: number[] = [];
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
  }
  while (rest !== '' || (bytes.length === 0 && ellipsis < 0)) {
    if (bytes.length >= 16) fail(text, 'trailing garbage after address', rest);
    const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (Number.parseInt(digits, 16) > 0xffff) fail(text, 'IPv6 field has value >=2^16', rest);
    if (digits === '') fail(text, 'each colon-separated field must have at least one digit', rest);
    if (rest[digits.length] === '.') {
      bytes.push(...embedded(text, rest, bytes.length, ellipsis >= 0));
      break;
    }
    bytes.push(Number.parseInt(digits, 16) >> 8, Number.parseInt(digits, 16) & 255);
    rest = rest.slice(digits.length);
    if (rest === '') break;
    if (!rest.startsWith(':')) fail(text, 'unexpected character, want colon', rest);
    if (rest === ':') fail(text, 'colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (!rest.startsWith(':')) continue;
    if (ellipsis >= 0) fail(text, 'multiple :: in address', rest);
    ellipsis = bytes.length;
    rest = rest.slice(1);
  }
  if (bytes.length < 16 && ellipsis < 0) fail(text, 'address string too short');
  if (bytes.length === 16 && ellipsis >= 0) fail(text, 'the :: must expand to at least one field of zeros');
  return ellipsis < 0 ? bytes : bytes.toSpliced(ellipsis, 0, ...new Array<number>(16 - bytes.length).fill(0));
}

/** `::1.2.3.4` */
function embedded(text: string, rest: string, count: number, hasEllipsis: boolean): readonly number[] {
  if (!hasEllipsis && count !== 12) fail(text, 'embedded IPv4 address must replace the final 2 fields of the address', rest);
  if (count + 4 > 16) fail(text, 'too many hex fields to fit an embedded IPv4 at the end of the address', rest);
  try {
    return parseIPv4(rest);
  } catch (error) {
    return fail(text, (error as Error).message, rest);
  }
}

/** What netip says of it, or Kubernetes; `zoned`: one with a zone is refused here. */
function addressOf(text: string): IP {
  const ip = orElse(
    () => parseAddress(text),
    (why) => `IP Address ${goQuoted(text)} parse error during conversion from string: ${why}`,
  );
  if (text.includes('%')) throw new CelError(`IP address ${goQuoted(text)} with zone value is not allowed`);
  if (isMapped(ip)) throw new CelError(`IPv4-mapped IPv6 address ${goQuoted(text)} is not allowed`);
  return ip;
}

function cidrOf(text: string): CIDR {
  const said = 'network address parse error during conversion from string: ';
  const cidr = orElse(
    () => parsePrefix(text),
    (why) => `${said}${said}${why}`,
  );
  if (isMapped(cidr.ip)) throw new CelError(`${said}IPv4-mapped IPv6 address ${goQuoted(text)} is not allowed`);
  return cidr;
}

/** netip.ParsePrefix. */
function parsePrefix(text: string): CIDR {
  const refuse = (what: string): never => {
    throw new Misuse(`netip.ParsePrefix(${goQuoted(text)}): ${what}`);
  };
  const slash = text.lastIndexOf('/');
  if (slash < 0) refuse("no '/'");
  let ip: IP;
  try {
    ip = parseAddress(text.slice(0, slash));
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (text.slice(0, slash).includes('%')) refuse('IPv6 zones cannot be present in a prefix');
  const bits = text.slice(slash + 1);
  if (bits.length > 1 && !/^[1-9]/.test(bits)) refuse(`bad bits after slash: ${goQuoted(bits)}`);
  if (!/^\d+$/.test(bits)) refuse(`bad bits after slash: ${goQuoted(bits)}`);
  if (Number(bits) > ip.bytes.length * 8) refuse('prefix length out of range');
  return { ip, bits: Number(bits) };
}

function orElse<T>(read: () => T, say: (why: string) => string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misuse) throw new CelError(say(error.message));
    throw error;
  }
}

function isGood(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof CelError) return false;
    throw error;
  }
}

const isMapped = ({ family, bytes }: IP): boolean =>
  family === 'IPv6' && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
const isUnspecified = ({ bytes }: IP): boolean => bytes.every((byte) => byte === 0);
const isLoopback = ({ family, bytes }: IP): boolean => (family === 'IPv4' ? bytes[0] === 127 : bytes.every((byte, i) => byte === (i === 15 ? 1 : 0)));
const word = ({ bytes }: IP): number => ((bytes[0] as number) << 8) | (bytes[1] as number);
const isLinkLocalUnicast = (ip: IP): boolean => (ip.family === 'IPv4' ? word(ip) === 0xa9fe : (word(ip) & 0xffc0) === 0xfe80);
const isLinkLocalMulticast = (ip: IP): boolean => (ip.family === 'IPv4' ? word(ip) === 0xe000 && ip.bytes[2] === 0 : (word(ip) & 0xff0f) === 0xff02);
const isMulticast = ({ family, bytes }: IP): boolean => (family === 'IPv4' ? ((bytes[0] as number) & 0xf0) === 0xe0 : bytes[0] === 0xff);
const isBroadcast = ({ family, bytes }: IP): boolean => family === 'IPv4' && bytes.every((byte) => byte === 255);
const isGlobalUnicast = (ip: IP): boolean => ![isUnspecified, isBroadcast, isLoopback, isMulticast, isLinkLocalUnicast].some((is) => is(ip));

const ofAddress = (read: (ip: IP) => Value): CelFunction => ofOne(AddressValue, ({ ip }) => read(ip));
const ofCidr = (read: (cidr: CIDR) => Value): CelFunction => ofOne(CidrValue, ({ cidr }) => read(cidr));

function masked({ ip, bits }: CIDR): CidrValue {
  const bytes = ip.bytes.map((byte, i) => byte & (0xff00 >> Math.max(0, Math.min(8, bits - i * 8))));
  return new CidrValue({ ip: { ...ip, bytes: bytes.map((byte) => byte & 255) }, bits });
}

const addressIn = (value: Value | undefined): IP | undefined => (isText(value) ? addressOf(value) : value instanceof AddressValue ? value.ip : undefined);
const cidrIn = (value: Value | undefined): CIDR | undefined => (isText(value) ? cidrOf(value) : value instanceof CidrValue ? value.cidr : undefined);

export const ip: Library = {
  ip: (value) => (isText(value) ? new AddressValue(addressOf(value)) : value instanceof CidrValue ? new AddressValue(value.cidr.ip) : undefined),
  isIP: (text) => (isText(text) ? isGood(() => addressOf(text)) : undefined),
  'ip.isCanonical': (text) => (isText(text) ? formatIP(addressOf(text)) === text : undefined),
  family: ofAddress(({ family }) => (family === 'IPv4' ? 4n : 6n)),
  isUnspecified: ofAddress(isUnspecified),
  isLoopback: ofAddress(isLoopback),
  isLinkLocalMulticast: ofAddress(isLinkLocalMulticast),
  isLinkLocalUnicast: ofAddress(isLinkLocalUnicast),
  isGlobalUnicast: ofAddress(isGlobalUnicast),
  cidr: (text) => (isText(text) ? new CidrValue(cidrOf(text)) : undefined),
  isCIDR: (text) => (isText(text) ? isGood(() => cidrOf(text)) : undefined),
  prefixLength: ofCidr(({ bits }) => BigInt(bits)),
  masked: ofCidr(masked),
  containsIP: (range, value) => {
    const inner = addressIn(value);
    return range instanceof CidrValue && inner !== undefined ? containsIP(range.cidr, inner) : undefined;
  },
  containsCIDR: (range, value) => {
    const inner = cidrIn(value);
    if (!(range instanceof CidrValue) || inner === undefined) return undefined;
    return range.cidr.bits <= inner.bits && containsIP(range.cidr, inner.ip);
  },
};
