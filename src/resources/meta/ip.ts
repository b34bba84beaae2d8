/**
 * IP addresses and CIDRs as API validation sees them: k8s.io/utils/net and apimachinery/pkg/util/validation/ip.go. Fields older than
 * 1.33 are read "sloppily": leading zeros in IPv4 are allowed.
 */
import { type FieldError, invalid } from '../../api/field.js';
import { type CIDR, containsIP, formatIP, type IP, parseCIDR, parseIP } from '../../api/ip.js';

const IP_TEXT = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const CIDR_TEXT = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export function validateIP(text: string, path: string, errors: FieldError[]): void {
  if (parseIP(text) === undefined) errors.push(invalid(path, text, IP_TEXT));
}

/** Of fields that are no older than the strict rules: what is read differently elsewhere is refused, and so is what is not canonical (IsValidIP). */
export function strictIPProblems(text: string): readonly string[] {
  const ip = parseIP(text);
  if (ip === undefined) return [IP_TEXT];
  const standard = formatIP(ip);
  const problems = hasLeadingZeros(text) ? ['must not have leading 0s'] : isMapped(text, ip) ? ['must not be an IPv4-mapped IPv6 address'] : [];
  return problems.length > 0 || standard === text ? problems : [`must be in canonical form (${JSON.stringify(standard)})`];
}

/** The same for ranges, which are networks (IsValidCIDR). */
export function strictCIDRProblems(text: string): readonly string[] {
  const range = parseCIDR(text);
  if (range === undefined) return [CIDR_TEXT];
  const { ip, bits } = range;
  const network = networkOf(range);
  const [address = '', length = ''] = text.split('/');
  if (hasLeadingZeros(address) || /^0\d/.test(length)) return ['must not have leading 0s in IP or prefix length'];
  if (isMapped(address, ip)) return ['must not have an IPv4-mapped IPv6 address'];
  if (formatIP(ip) !== formatIP(network)) return ['must not have bits set beyond the prefix length'];
  const standard = `${formatIP(network)}/${bits}`;
  return standard === text ? [] : [`must be in canonical form (${JSON.stringify(standard)})`];
}

/** Of an IPv4 address, or of one at the end of an IPv6 address. */
const hasLeadingZeros = (text: string): boolean => /(?:^|[.:])0\d+(?=\.|$)/.test(text) && text.includes('.');
const isMapped = (text: string, ip: IP): boolean => text.includes(':') && ip.family === 'IPv4';

const networkOf = ({ ip, bits }: CIDR): IP => ({ ...ip, bytes: ip.bytes.map((byte, i) => byte & ~(0xff >> Math.min(Math.max(bits - 8 * i, 0), 8))) });

export function validateCIDR(text: string, path: string, errors: FieldError[]): void {
  if (parseCIDR(text) === undefined) errors.push(invalid(path, text, CIDR_TEXT));
}

const isIn = (ip: IP, cidr: string): boolean => containsIP(parseCIDR(cidr) as CIDR, ip);

/** Addresses nothing outside a host may be reached at (ValidateNonSpecialIP). */
export function validateNonSpecialIP(text: string, path: string, errors: FieldError[]): void {
  const ip = parseIP(text);
  if (ip === undefined) errors.push(invalid(path, text, 'must be a valid IP address'));
  else if (ip.bytes.every((byte) => byte === 0)) errors.push(invalid(path, text, `may not be unspecified (${text})`));
  else if (isIn(ip, '127.0.0.0/8') || isIn(ip, '::1/128')) errors.push(invalid(path, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'));
  else if (isIn(ip, '169.254.0.0/16') || isIn(ip, 'fe80::/10'))
    errors.push(invalid(path, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'));
  else if (isIn(ip, '224.0.0.0/24') || (ip.family === 'IPv6' && ip.bytes[0] === 0xff && ((ip.bytes[1] as number) & 0x0f) === 2))
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

/** Of the addresses at which a load balancer is reached. */
export const loadBalancerWarnings = (ingress: readonly { readonly ip?: string }[] = []): readonly string[] =>
  ingress.flatMap(({ ip }, i) => (ip ? ipWarnings(ip, `status.loadBalancer.ingress[${i}]`) : []));

/** The same for ranges (GetWarningsForCIDR). */
export function cidrWarnings(text: string, path: string): readonly string[] {
  const range = parseCIDR(text);
  if (range === undefined) return [];
  const { ip, bits } = range;
  const network = networkOf(range);
  const standard = `${formatIP(network)}/${bits}`;
  const out: string[] = [];
  if (formatIP(ip) !== formatIP(network))
    out.push(`${path}: CIDR value "${text}" is ambiguous in this context (should be "${standard}" or "${formatIP(ip)}/${8 * ip.bytes.length}"?)`);
  const written = `${formatIP(ip)}/${bits}`;
  if (!text.includes(':') ? written !== text : ip.family === 'IPv4')
    out.push(`${path}: non-standard CIDR value "${text}" will be considered invalid in a future Kubernetes release: use "${standard}"`);
  if (out.length === 0 && written !== text) out.push(`${path}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${written}")`);
  return out;
}
