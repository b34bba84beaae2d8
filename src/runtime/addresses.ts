/** Pod addresses of a node: its /24 in turn, like the host-local IPAM plugin; the first two (network, bridge) and the last are not given. */
import { RuntimeError } from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import { type Addresses, keys } from './state.js';

export function addressFor(state: StateMap, node: string, cidr: string, sandbox: string): string {
  const { base, size } = rangeOf(cidr);
  const addresses = state.get<Addresses>(keys.addresses(node)) ?? none();
  for (let tries = 0; tries < size; tries++) {
    addresses.last = addresses.last + 1 >= size - 1 ? 2 : addresses.last + 1;
    const ip = textOf(base + addresses.last);
    if (addresses.used[ip] !== undefined) continue;
    addresses.used[ip] = sandbox;
    state.set(keys.addresses(node), addresses);
    return ip;
  }
  throw new RuntimeError(
    `failed to setup network for sandbox "${sandbox}": plugin type="ptp" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${textOf(base + 1)}-${textOf(base + size - 2)}`,
  );
}

export function releaseAddress(state: StateMap, node: string, ip: string): void {
  const addresses = state.get<Addresses>(keys.addresses(node));
  if (addresses?.used[ip] === undefined) return;
  delete addresses.used[ip];
  state.set(keys.addresses(node), addresses);
}

/** Without a prototype it is a dictionary from the first address on: as an object it would become one of another shape with each. */
const none = (): Addresses => ({ last: 1, used: Object.create(null) as Addresses['used'] });

/** The sandbox that has the address. */
export const sandboxAt = (state: StateMap, node: string, ip: string): string | undefined => state.get<Addresses>(keys.addresses(node))?.used[ip];

/** An address a loaded pod already has (`cluster create --from`). */
export function claimAddress(state: StateMap, node: string, ip: string, sandbox: string): void {
  const addresses = state.get<Addresses>(keys.addresses(node)) ?? none();
  addresses.used[ip] = sandbox;
  state.set(keys.addresses(node), addresses);
}

function rangeOf(cidr: string): { base: number; size: number } {
  const [ip = '10.244.0.0', bits = '24'] = cidr.split('/');
  const base = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, size: 2 ** (32 - Number(bits)) };
}

const textOf = (n: number): string => `${Math.floor(n / 16_777_216)}.${Math.floor(n / 65_536) % 256}.${Math.floor(n / 256) % 256}.${n % 256}`;
