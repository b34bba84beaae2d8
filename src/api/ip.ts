/** IP addresses and CIDRs: k8s.io/utils/net, read "sloppily": leading zeros in IPv4 are allowed. */

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
  if (ip === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  // Of IPv4 written as IPv6 the first 96 bits do not count.
  const bits = Number(length) - (text.includes(':') && ip.family === 'IPv4' ? 96 : 0);
  return bits < 0 || bits > ip.bytes.length * 8 ? undefined : { ip, bits };
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
