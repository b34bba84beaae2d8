/** NoExecute taints on nodes that are not ready, one at a time and not when a whole cluster is: the zones of pkg/controller/nodelifecycle. */
import type { Context, Reconciler, Result, StateMap } from '../api/reconciler.js';
import { type Duration, formatTime, type Time } from '../api/time.js';
import type { WatchEvent } from '../api/verbs.js';
import type { Node, Taint } from '../resources/nodes/types.js';
import { NODE_CONTROLLER, writeTaints } from './node-lifecycle.js';

/** --node-eviction-rate, --secondary-node-eviction-rate: nodes a second. */
const RATE = 0.1;
const SLOW_RATE = 0.01;
/** --large-cluster-size-threshold, --unhealthy-zone-threshold. */
const LARGE = 50;
const UNHEALTHY = 0.55;

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const STATE = `${NODE_CONTROLLER}/zones`;
const CLUSTER = { namespace: '', name: 'zones' };

/** When each zone's next node may be tainted. */
type NextByZone = Readonly<Record<string, Time>>;

export function nodeEvictionController(state: StateMap): Reconciler {
  return {
    name: `${NODE_CONTROLLER}/eviction`,
    watches: [{ resource: 'nodes', keys: (event) => (isNews(event) ? [CLUSTER] : []) }],
    reconcile: (_, context) => taintPass(state, context),
  };
}

const readyStatus = (node: Node): string | undefined => node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
const isReady = (node: Node): boolean => readyStatus(node) === 'True';
const executing = (node: Node): string =>
  (node.spec?.taints ?? [])
    .filter(isOwn)
    .map(({ key }) => key)
    .join();
const isOwn = ({ key, effect }: Taint): boolean => effect === 'NoExecute' && (key === NOT_READY || key === UNREACHABLE);

function isNews({ object, old }: WatchEvent): boolean {
  const [node, before] = [object as Node, old as Node | undefined];
  return before === undefined || readyStatus(node) !== readyStatus(before) || executing(node) !== executing(before);
}

const zoneOf = ({ metadata }: Node): string => {
  const { 'topology.kubernetes.io/region': region = '', 'topology.kubernetes.io/zone': zone = '' } = metadata.labels ?? {};
  return region === '' && zone === '' ? '' : `${region}:${zone}`;
};

function taintPass(state: StateMap, { api, now }: Context): Result | undefined {
  const nodes = api.list<Node>('nodes');
  const zones = new Map<string, Node[]>();
  for (const node of nodes) zones.set(zoneOf(node), [...(zones.get(zoneOf(node)) ?? []), node]);
  const isAllDown = nodes.length > 0 && nodes.every((node) => !isReady(node));
  const next: Record<string, Time> = { ...state.get<NextByZone>(STATE) };
  let wake: Time | undefined;
  for (const [zone, members] of zones) {
    const rate = isAllDown ? 0 : rateOf(members);
    for (const node of members) {
      const wanted = isReady(node) || isAllDown ? undefined : readyStatus(node) === 'False' ? NOT_READY : UNREACHABLE;
      const has = (node.spec?.taints ?? []).filter(isOwn);
      if (wanted === undefined) {
        if (has.length > 0)
          writeTaints(
            node,
            (node.spec?.taints ?? []).filter((taint) => !isOwn(taint)),
            api,
          );
      } else if (has.length > 0) {
        // From not ready to unreachable and back is no new eviction.
        if (has.length > 1 || has[0]?.key !== wanted) setTaint(node, wanted, now, api);
      } else if (rate > 0) {
        const due = next[zone] ?? now;
        if (due <= now) {
          setTaint(node, wanted, now, api);
          next[zone] = (now + 1000 / rate) as Time;
        } else if (wake === undefined || due < wake) wake = due;
      }
    }
  }
  state.set(STATE, next);
  return wake === undefined ? undefined : { requeueAfter: Math.max(1, wake - now) as Duration };
}

function setTaint(node: Node, key: string, now: Time, api: Context['api']): void {
  const others = (node.spec?.taints ?? []).filter((taint) => !isOwn(taint));
  writeTaints(node, [...others, { key, effect: 'NoExecute', timeAdded: formatTime(now) }], api);
}

/** ComputeZoneState: a zone with few nodes left is emptied slowly, or, if it is small, not at all; one with none left like any other. */
function rateOf(members: readonly Node[]): number {
  const down = members.filter((node) => !isReady(node)).length;
  if (down < members.length && down > 2 && down / members.length >= UNHEALTHY) return members.length > LARGE ? SLOW_RATE : 0;
  return RATE;
}
