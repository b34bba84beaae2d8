/** IPv4 addresses, and those of a node's pods: its /24 in turn, like the host-local IPAM plugin; the first two (network, bridge) and the last are not given. */
import { RuntimeError } from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import { type Addresses, keys } from './state.js';

export interface PodAddresses {
  /** The next free one of the range. */
  give(cidr: string, sandbox: string): string;
  /** An address a loaded pod already has (`cluster create --from`). */
  claim(ip: string, sandbox: string): void;
  release(ip: string): void;
  /** The sandbox that has the address. */
  sandboxAt(ip: string): string | undefined;
}

export function createAddresses(state: StateMap, node: string): PodAddresses {
  const key = keys.addresses(node);
  // Without a prototype it is a dictionary from the first address on: as an object it would become one of another shape with each.
  const load = (): Addresses => state.get<Addresses>(key) ?? { last: 1, used: Object.create(null) as Addresses['used'] };
  let range = rangeOf('');
  return {
    give(cidr, sandbox) {
      if (cidr !== range.cidr) range = rangeOf(cidr);
      const { base, size } = range;
      const addresses = load();
      for (let tries = 0; tries < size; tries++) {
        addresses.last = addresses.last + 1 >= size - 1 ? 2 : addresses.last + 1;
        const ip = textOf(base + addresses.last);
        if (addresses.used[ip] !== undefined) continue;
        addresses.used[ip] = sandbox;
        state.set(key, addresses);
        return ip;
      }
      throw new RuntimeError(
        `failed to setup network for sandbox "${sandbox}": plugin type="ptp" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${textOf(base + 1)}-${textOf(base + size - 2)}`,
      );
    },
    claim(ip, sandbox) {
      const addresses = load();
      addresses.used[ip] = sandbox;
      state.set(key, addresses);
    },
    release(ip) {
      const addresses = state.get<Addresses>(key);
      if (addresses?.used[ip] === undefined) return;
      delete addresses.used[ip];
      state.set(key, addresses);
    },
    sandboxAt: (ip) => state.get<Addresses>(key)?.used[ip],
  };
}

function rangeOf(cidr: string): { readonly cidr: string; readonly base: number; readonly size: number } {
  const [ip = '10.244.0.0', bits = '24'] = cidr.split('/');
  const base = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { cidr, base, size: 2 ** (32 - Number(bits)) };
}

const textOf = (n: number): string => `${Math.floor(n / 16_777_216)}.${Math.floor(n / 65_536) % 256}.${Math.floor(n / 256) % 256}.${n % 256}`;

/** Whether an IPv4 address lies in a range of them. */
export function isIn(ip: string, cidr: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  const shift = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(ip) / shift) === Math.floor(numberOf(base) / shift);
}
/** -1: it is no IPv4 address. */
const numberOf = (ip: string): number => (/^\d+\.\d+\.\d+\.\d+$/.test(ip) ? ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : -1);
