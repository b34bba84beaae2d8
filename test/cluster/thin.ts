/**
 * A world in a hundred lines to try turns and the simulation with, without the real API server: replica sets make pods, a
 * scheduler binds them, kubelets start and stop them.
 */

import { controllerOf, type KubeObject, keyOf, type ObjectKey } from '../../src/api/object.js';
import type { Reconciler, Result } from '../../src/api/reconciler.js';
import { milliseconds, type Time } from '../../src/api/time.js';
import type { Api } from '../../src/api/verbs.js';
import type { Answer, ApiServer, Cursor, Poll } from '../../src/apiserver/long-running.js';
import { type Clock, paused } from '../../src/cluster/clock.js';
import { Cluster, type MakeComponents, type Parts } from '../../src/cluster/cluster.js';
import { makeProfile } from '../../src/cluster/profile.js';
import { Turn, type TurnOptions } from '../../src/cluster/turn.js';
import type { Backend } from '../../src/store/backend/backend.js';
import type { StoreListOptions } from '../../src/store/store.js';

export interface Thing extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly node?: string };
  readonly status?: { readonly phase: string; readonly since: number };
}
export const thing = (kind: string, name: string, more: Partial<Thing> = {}): Thing => ({ apiVersion: 'v1', kind, metadata: { name }, ...more });
const key = (name: string): ObjectKey => ({ namespace: '', name });
const PLACES: Readonly<Record<string, string>> = { ReplicaSet: 'replicasets', Pod: 'pods', Node: 'nodes' };

function makeApi({ store, random, now }: Parts): Api {
  const put = <T extends KubeObject>(resource: string, object: T, expected?: number) => store.put(resource, object, expected);
  return {
    get: (resource, which) => store.get(resource, which),
    list: (resource, options) => store.list(resource, options as StoreListOptions),
    create: (resource, object) =>
      put(resource, { ...object, metadata: { ...object.metadata, uid: `u${Math.floor(random('uid') * 1e9)}`, creationTimestamp: String(now()) } }, 0),
    update: (resource, object) => put(resource, object),
    updateStatus: (resource, object) => put(resource, object),
    patch: () => {
      throw new Error('not here');
    },
    delete: (resource, which) => {
      const old = store.get(resource, which) as KubeObject;
      if (resource === 'pods' && old.metadata.deletionTimestamp === undefined)
        return put(resource, { ...old, metadata: { ...old.metadata, deletionTimestamp: String(now()) } });
      return store.delete(resource, which);
    },
    watch: (resource, onEvent) => void store.watch(resource, onEvent),
  };
}

const replicaSets: Reconciler = {
  name: 'replicaset',
  watches: [
    { resource: 'replicasets', keys: ({ object }) => [keyOf(object)] },
    { resource: 'pods', keys: ({ object }) => [key(controllerOf(object)?.name ?? '')], after: milliseconds(7) },
  ],
  reconcile: (which, { api, random }): Result | undefined => {
    const set = api.get<Thing>('replicasets', which);
    if (set === undefined) return undefined;
    const pods = api
      .list<Thing>('pods', { index: { name: 'owner', value: set.metadata.uid as string } })
      .filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const wanted = set.spec?.replicas ?? 0;
    for (let i = pods.length; i < wanted; i++) {
      const owner = { apiVersion: 'v1', kind: 'ReplicaSet', name: which.name, uid: set.metadata.uid as string, controller: true };
      const pod = thing('Pod', `${which.name}-${Math.floor(random('name') * 36 ** 5).toString(36)}`);
      api.create('pods', { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] }, status: { phase: 'Pending', since: 0 } });
    }
    for (const pod of pods.slice(wanted)) api.delete('pods', keyOf(pod));
    return undefined;
  },
};

const scheduler: Reconciler = {
  name: 'scheduler',
  watches: [{ resource: 'pods', keys: ({ object }) => ((object as Thing).spec?.node === undefined ? [keyOf(object)] : []) }],
  reconcile: (which, { api, random }): Result | undefined => {
    const pod = api.get<Thing>('pods', which);
    const nodes = api.list('nodes');
    if (pod === undefined || pod.spec?.node !== undefined) return undefined;
    if (nodes.length === 0) return { requeueAfter: milliseconds(1000) };
    api.update('pods', { ...pod, spec: { node: nodes[Math.floor(random('scheduler') * nodes.length)]?.metadata.name as string } });
    return undefined;
  },
};

const kubelet = (node: string, parts: Parts): Reconciler => ({
  name: `kubelet/${node}`,
  watches: [{ resource: 'pods', keys: ({ object }) => ((object as Thing).spec?.node === node ? [keyOf(object)] : []) }],
  reconcile: (which, { api, now, random }): Result | undefined => {
    const pod = api.get<Thing>('pods', which);
    const memory = `nodes/${node}/${which.name}`;
    if (pod === undefined) {
      parts.state.delete(memory);
      return undefined;
    }
    const begun = parts.state.get<{ pulled: Time; stops?: Time }>(memory) ?? { pulled: Math.floor(now + 500 + random(`runtime/${node}`) * 4000) as Time };
    if (pod.metadata.deletionTimestamp !== undefined) {
      const stops = begun.stops ?? ((now + 3000) as Time);
      parts.state.set(memory, { ...begun, stops });
      if (now < stops) return { requeueAfter: milliseconds(stops - now) };
      api.delete('pods', which);
      return undefined;
    }
    parts.state.set(memory, begun);
    if (now < begun.pulled) return { requeueAfter: milliseconds(begun.pulled - now) };
    if (pod.status?.phase !== 'Running') api.updateStatus('pods', { ...pod, status: { phase: 'Running', since: now } });
    return undefined;
  },
});

/** GET /RESOURCE[/NAME][?watch=REVISION[&until=TIME]], POST /RESOURCE, DELETE /RESOURCE/NAME. */
function makeServer(parts: Parts, api: Api | undefined): ApiServer {
  const handle = (method: string, path: string, body: unknown): Answer => {
    const url = new URL(path, 'http://x');
    const [, resource = '', name] = url.pathname.split('/');
    const watch = url.searchParams.get('watch');
    const until = url.searchParams.get('until');
    if (watch !== null) {
      const cursor = { type: 'watch', resource, revision: Number(watch), ...(until === null ? {} : { until: Number(until) }) } as const;
      return { status: 200, headers: {}, longRunning: { cursor, chunks: 'json', ...(until === null ? {} : { until: Number(until) as Time }) } };
    }
    if (resource === 'session') return { status: 101, headers: {}, longRunning: { cursor: { type: 'session', offset: 0 }, chunks: 'frames', ends: true } };
    const answer = (found: unknown) => ({ status: found === undefined ? 404 : 200, headers: {}, body: found });
    if (method === 'GET')
      return answer(
        name === undefined ? { items: parts.store.list(resource), revision: parts.store.revision, now: parts.now() } : parts.store.get(resource, key(name)),
      );
    if (api === undefined) throw new Error('this server only reads');
    if (method === 'DELETE') return answer(api.delete(resource, key(name as string)));
    const object = body as Thing;
    const old = parts.store.get<Thing>(resource, keyOf(object));
    return answer(old === undefined ? api.create(resource, object) : api.update(resource, { ...old, ...object, metadata: old.metadata }));
  };
  return {
    handle: ({ method, path, body }) => handle(method, path, body),
    poll: (cursor): Poll => {
      if (cursor.type === 'session') return pollSession(parts, cursor);
      const { resource, revision, until } = cursor as unknown as { resource: string; revision: number; until?: Time };
      const chunks = (parts.store.changesSince(resource, revision) ?? []).map(({ type, object }) => ({ type, object }));
      if (until !== undefined && parts.now() >= until) return { chunks };
      return { chunks, cursor: { ...cursor, revision: parts.store.revision } as Cursor, ...(until === undefined ? {} : { next: until }) };
    },
    send: (cursor, _, data): Poll => {
      // `sleep N` says so after N ms, `exit` ends it, anything else is echoed.
      const said = parts.state.get<readonly Said[]>('session') ?? [];
      const [word, span] = data === undefined ? ['exit'] : new TextDecoder().decode(data).split(' ');
      parts.state.set('session', [...said, { at: parts.now() + (word === 'sleep' ? Number(span) : 0), text: word as string }]);
      return { chunks: [], cursor };
    },
    end: () => parts.state.set('session', 'gone'),
  };
}

interface Said {
  readonly at: number;
  readonly text: string;
}

function pollSession({ state, now }: Parts, cursor: Cursor): Poll {
  const said = (state.get<readonly Said[]>('session') ?? []).slice(cursor['offset'] as number);
  const due = said.filter(({ at }) => at <= now());
  const next = said.find(({ at }) => at > now())?.at as Time | undefined;
  const chunks = due.map(({ text }) => ({ channel: 1, data: new TextEncoder().encode(text) }));
  if (due.some(({ text }) => text === 'exit')) return { chunks };
  return { chunks, cursor: { ...cursor, offset: (cursor['offset'] as number) + due.length }, ...(next === undefined ? {} : { next }) };
}

export const components: MakeComponents = (parts) => {
  const api = makeApi(parts);
  return {
    api,
    server: makeServer(parts, api),
    record: () => {},
    node: () => {
      throw new Error('no images here');
    },
    reconcilers: (nodes) => [replicaSets, scheduler, ...nodes.map((node) => kubelet(node, parts))],
  };
};
const reader = (parts: Parts) => makeServer(parts, undefined);

export const place = (object: KubeObject): string => PLACES[object.kind] as string;

/** A turn on this thin world with two nodes, at 1970-01-01T00:00:00Z. */
export function thinTurn(
  backend: Backend,
  options: { readonly seed?: number; readonly clock?: Clock; readonly machine?: () => number; readonly loaded?: () => void } = {},
): Turn {
  const turn: TurnOptions = {
    backend,
    open: (saved) => Cluster.open(saved, [], reader),
    components: async () => {
      options.loaded?.();
      return components;
    },
    create: async () => {
      const cluster = Cluster.create(
        { profile: makeProfile({ nodes: 2 }), seed: options.seed ?? 1, now: 0 as Time, clock: options.clock ?? paused },
        [],
        reader,
      );
      cluster.start(components);
      for (const { name } of cluster.profile.nodes) cluster.api.create('nodes', thing('Node', name));
      return cluster;
    },
    needsComponents: ({ method, path }) => method !== 'GET' || path === '/session',
    ...(options.machine === undefined ? {} : { machine: options.machine }),
  };
  return new Turn(turn);
}

/** One line a pod: name, node, phase. */
export async function pods(turn: Turn): Promise<readonly string[]> {
  const { body } = await turn.transport({ method: 'GET', path: '/pods', headers: {} });
  return (body as { items: readonly Thing[] }).items.map(
    (pod) => `${pod.metadata.name} ${pod.spec?.node ?? '-'} ${pod.metadata.deletionTimestamp === undefined ? pod.status?.phase : 'Terminating'}`,
  );
}

export async function put(turn: Turn, object: Thing): Promise<void> {
  const { status } = await turn.transport({ method: 'POST', path: `/${place(object)}`, headers: {}, body: object });
  if (status !== 200) throw new Error(String(status));
}
