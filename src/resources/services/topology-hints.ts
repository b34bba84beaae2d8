/**
 * Hints that share a Service's endpoints out to zones by the CPU of their nodes: k8s.io/endpointslice/topologycache, for Services whose
 * annotation says `Auto`. Pure.
 */
import { quantity, quantityMilliValue } from '../../api/quantity.js';
import type { Endpoint } from '../endpointslices/types.js';
import type { Node } from '../nodes/types.js';

export const ZONE = 'topology.kubernetes.io/zone';
/** How far a zone's share may be exceeded (overloadThreshold). */
const OVERLOAD = 0.2;
const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** Endpoints by zone. */
export type ZoneCounts = Readonly<Record<string, number>>;

/** The endpoints of one slice to be; `isWritten`: it is written in any case. */
export interface Draft {
  readonly endpoints: readonly Endpoint[];
  readonly isWritten: boolean;
}
export interface Hinted {
  /** The same drafts with hints, or without any; undefined: it stays as it is. */
  readonly drafts: readonly (readonly Endpoint[] | undefined)[];
  /** What each zone has been given; undefined: there are no hints, and this is why. */
  readonly given?: ZoneCounts;
  readonly problem?: string;
}

export const isNodeReady = ({ status }: Node): boolean => status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

/** SetNodes: each zone's share of the CPU; undefined: it cannot be told, or there is but one zone. */
export function zoneShares(nodes: readonly Node[]): ReadonlyMap<string, number> | undefined {
  const cpus = new Map<string, number>();
  let total = 0;
  for (const node of nodes) {
    const { labels = {} } = node.metadata;
    if (CONTROL_PLANE.some((label) => labels[label] !== undefined) || !isNodeReady(node)) continue;
    const cpu = quantityMilliValue(quantity(node.status?.allocatable?.['cpu']));
    const zone = labels[ZONE];
    if (!zone || cpu === 0) return undefined;
    cpus.set(zone, (cpus.get(zone) ?? 0) + cpu);
    total += cpu;
  }
  return cpus.size < 2 ? undefined : new Map([...cpus].sort(([a], [b]) => (a < b ? -1 : 1)).map(([zone, cpu]) => [zone, cpu / total]));
}

const minimumOf = (wanted: number): number => Math.ceil(wanted * (1 / (1 + OVERLOAD)));

/** serviceOverloaded: the nodes have changed so that some zone has too little. */
export function isOverloaded(given: ZoneCounts, shares: ReadonlyMap<string, number> | undefined): boolean {
  const total = Object.values(given).reduce((sum, count) => sum + count, 0);
  if (Object.keys(given).length === 0) return false;
  return shares === undefined || [...shares].some(([zone, share]) => given[zone] === undefined || given[zone] < minimumOf(total * share));
}

interface Allocation {
  readonly desired: number;
  readonly maximum: number;
}

/** getAllocations: how many each zone wants, or why that cannot be. */
function allocate(count: number, shares: ReadonlyMap<string, number> | undefined): ReadonlyMap<string, Allocation> | string {
  if (shares === undefined) return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';
  const size = `(${count} endpoints, ${shares.size} zones)`;
  if (shares.size > count) return `Insufficient number of endpoints ${size}`;
  const minimums = [...shares.values()].map((share) => minimumOf(share * count));
  const left = count - minimums.reduce((sum, minimum) => sum + minimum, 0);
  if (left < 0) return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${size}`;
  return new Map([...shares].map(([zone, share], i) => [zone, { desired: Math.max(share * count, minimums[i] ?? 0), maximum: (minimums[i] ?? 0) + left }]));
}

const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready === true;
const withoutHints = ({ hints: _, ...endpoint }: Endpoint): Endpoint => endpoint;
const hinted = (endpoint: Endpoint, zone: string): Endpoint => ({ ...endpoint, hints: { forZones: [{ name: zone }] } });

/** AddHints. */
export function addHints(drafts: readonly Draft[], shares: ReadonlyMap<string, number> | undefined): Hinted {
  const allocations = allocate(
    drafts.reduce((sum, { endpoints }) => sum + endpoints.filter(isReady).length, 0),
    shares,
  );
  if (typeof allocations === 'string') return { drafts: bare(drafts), problem: allocations };
  const given: Record<string, number> = {};
  const open: Endpoint[][] = [];
  const result = drafts.map(({ endpoints, isWritten }): Endpoint[] | undefined => {
    const kept = isWritten ? undefined : keptHints(endpoints, given, allocations);
    if (kept !== undefined) {
      for (const [zone, count] of kept) given[zone] = (given[zone] ?? 0) + count;
      return undefined;
    }
    const next = [...endpoints];
    open.push(next);
    return next;
  });
  // Each endpoint for its own zone first.
  for (const endpoints of open)
    for (const [i, endpoint] of endpoints.entries()) {
      if (!isReady(endpoint)) continue;
      if (!endpoint.zone) return { drafts: bare(drafts), problem: 'One or more endpoints do not have a zone specified' };
      given[endpoint.zone] = (given[endpoint.zone] ?? 0) + 1;
      endpoints[i] = hinted(endpoint, endpoint.zone);
    }
  redistribute(open, given, allocations);
  return Object.keys(given).length === 0 ? { drafts: bare(drafts), problem: 'No hints allocated for zones' } : { drafts: result, given };
}

/** RemoveHintsFromSlices. */
const bare = (drafts: readonly Draft[]): Hinted['drafts'] =>
  drafts.map(({ endpoints, isWritten }) => (isWritten || endpoints.some(({ hints }) => hints !== undefined) ? endpoints.map(withoutHints) : undefined));

/** getHintsByZone: what a slice that need not be written has for each zone; undefined: it has to be written after all. */
function keptHints(endpoints: readonly Endpoint[], given: ZoneCounts, allocations: ReadonlyMap<string, Allocation>): ReadonlyMap<string, number> | undefined {
  const counts = new Map<string, number>();
  for (const { hints } of endpoints.filter(isReady)) {
    if (!hints?.forZones?.length) return undefined;
    for (const { name } of hints.forZones) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isFine = ([zone, count]: readonly [string, number]) => count + (given[zone] ?? 0) <= (allocations.get(zone)?.maximum ?? -1);
  return [...counts].every(isFine) ? counts : undefined;
}

/** getGivingAndReceivingZones, redistributeHints: zones that have too many give to those that have too few. */
function redistribute(slices: readonly Endpoint[][], given: Record<string, number>, allocations: ReadonlyMap<string, Allocation>): void {
  const surplus = new Map([...allocations].map(([zone, { desired }]) => [zone, (given[zone] ?? 0) - desired]));
  const moves: { readonly from: string; readonly to: string }[] = [];
  for (;;) {
    const [most, least] = [extreme(surplus, 1), extreme(surplus, -1)];
    if (most === undefined || least === undefined || (most.by < 1 && least.by < 1) || most.by < 0.5 || least.by < 0.5) break;
    moves.push({ from: most.zone, to: least.zone });
    surplus.set(most.zone, most.by - 1);
    surplus.set(least.zone, 1 - least.by);
  }
  for (const endpoints of slices)
    for (const [i, endpoint] of endpoints.entries()) {
      const at = isReady(endpoint) ? moves.findIndex(({ from }) => from === endpoint.zone) : -1;
      const [move] = at < 0 ? [] : moves.splice(at, 1);
      if (move === undefined) continue;
      endpoints[i] = hinted(endpoint, move.to);
      given[move.to] = (given[move.to] ?? 0) + 1;
      given[move.from] = (given[move.from] ?? 0) - 1;
    }
}

/** getMost: the zone with most to give (1) or to get (-1). */
function extreme(surplus: ReadonlyMap<string, number>, sign: 1 | -1): { readonly zone: string; readonly by: number } | undefined {
  let found: { zone: string; by: number } | undefined;
  for (const [zone, amount] of surplus) if (sign * amount > (found?.by ?? 0)) found = { zone, by: sign * amount };
  return found;
}
