/** IP addresses as upstream's "sloppy" parsers take them (k8s.io/utils/net ParseIPSloppy: leading zeros are fine). */
import { type FieldError, invalid } from '../../api/field.js';

export type IpFamily = 'IPv4' | 'IPv6';

/** The family of an address; undefined when it is not one. */
export function ipFamily(text: string): IpFamily | undefined {
  if (isIPv4(text)) return 'IPv4';
  return isIPv6(text) ? 'IPv6' : undefined;
}

const isIPv4 = (text: string): boolean => /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);

function isIPv6(text: string): boolean {
  if (!text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [h, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [i, part] of parts.entries()) {
      const isLast = h === halves.length - 1 && i === parts.length - 1;
      if (isLast && isIPv4(part)) groups += 2;
      else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups++;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

/** validation.IsValidIP. */
export function validateIP(text: string, path: string, errors: FieldError[]): void {
  if (ipFamily(text) === undefined) errors.push(invalid(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
}

/** The family of `address/bits`; undefined when it is not a CIDR. */
export function cidrFamily(text: string): IpFamily | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = ipFamily(address);
  if (family === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  return Number(bits) <= (family === 'IPv4' ? 32 : 128) ? family : undefined;
}

/** validation.IsValidCIDR. */
export function validateCIDR(text: string, path: string, errors: FieldError[]): void {
  if (cidrFamily(text) === undefined) errors.push(invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
}
