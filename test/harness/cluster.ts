/**
 * A cluster in memory with a paused clock, to build stories with:
 *
 *     const c = cluster({ nodes: 2, seed: 1, time: '2026-01-01T00:00:00Z' });
 *     c.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: … });
 *     c.advance('5s');
 *     c.get<Pod>('pods', 'web').status?.phase
 */
import { type KubeObject, keyString, type ObjectKey } from '../../src/api/object.js';
import { apiVersionOf } from '../../src/api/resource.js';
import { parseDuration, parseTime, type Time } from '../../src/api/time.js';
import type { Api, ListOptions } from '../../src/api/verbs.js';
import type { Answer } from '../../src/apiserver/long-running.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { type CreateOptions, createCluster } from '../../src/cluster/create.js';
import { openCluster } from '../../src/cluster/open.js';
import type { Turn } from '../../src/cluster/turn.js';
import { errandRunner } from '../../src/podsim/errands.js';
import { views } from '../../src/resources/views.js';
import type { Refused } from '../../src/sim/sim.js';
import type { Backend } from '../../src/store/backend/backend.js';
import { MemoryBackend } from '../../src/store/backend/memory.js';

/** What validation refuses a component is not well-formed: a mistake of ours, which trying again later would hide. Admission may refuse anything. */
export const refusedMistake: Refused = (reconciler, key, error) => {
  if (error.status.reason === 'Invalid') throw new Error(`${reconciler} was refused ${keyString(key)}: ${error.message}`);
};

export interface TestOptions extends Omit<CreateOptions, 'time'> {
  readonly time?: string;
}

export interface TestCluster {
  readonly cluster: Cluster;
  /** The components' door. */
  readonly api: Api;
  readonly now: Time;
  /** `5s`, `1m30s`; everything due on the way happens. */
  advance(span: string): void;
  /** A client's request, with all that follows at once. */
  request(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Answer;
  /** POSTs as a client does, to the namespace `default` unless it says another; throws what the server answers if it says no. */
  create<T extends KubeObject>(object: KubeObject): T;
  /** As stored; throws when it is not there. `key`: a name in `default` (or outside namespaces), or `namespace/name`. */
  get<T extends KubeObject>(resource: string, key: string): T;
  has(resource: string, key: string): boolean;
  list<T extends KubeObject>(resource: string, options?: ListOptions): readonly T[];
  delete(resource: string, key: string): void;
}

export function cluster(options: TestOptions = {}): TestCluster {
  const { time = '2026-01-01T00:00:00Z', ...rest } = options;
  const opened = createCluster({ seed: 1, rate: 0, ...rest, time: parseTime(time) as Time }, 0, refusedMistake);
  const isNamespaced = (resource: string) =>
    views.find(({ names }) => resource === (names.group === '' ? names.plural : `${names.plural}.${names.group}`))?.names.namespaced ?? true;
  const keyFor = (resource: string, key: string): ObjectKey => {
    const [first = '', second] = key.split('/');
    return second === undefined ? { namespace: isNamespaced(resource) ? 'default' : '', name: first } : { namespace: first, name: second };
  };
  const request: TestCluster['request'] = (method, path, body, headers = {}) => {
    const given = { 'content-type': 'application/json', ...headers };
    const answer = opened.server.handle({ method, path, headers: given, ...(body === undefined ? {} : { body }) });
    opened.settle();
    return answer;
  };
  return {
    cluster: opened,
    api: opened.api,
    get now() {
      return opened.now;
    },
    advance: (span) => opened.advanceTo((opened.now + (parseDuration(span) as number)) as Time),
    request,
    create: <T extends KubeObject>(object: KubeObject) => {
      const answer = request('POST', collectionPath(object), object);
      if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
      return answer.body as T;
    },
    get: <T extends KubeObject>(resource: string, key: string) => {
      const found = opened.store.get<T>(resource, keyFor(resource, key));
      if (found === undefined) throw new Error(`no ${resource} ${key}`);
      return found;
    },
    has: (resource, key) => opened.store.get(resource, keyFor(resource, key)) !== undefined,
    list: (resource, given) => opened.api.list(resource, given),
    delete: (resource, key) => {
      opened.api.delete(resource, keyFor(resource, key));
      opened.settle();
    },
  };
}

/** The same cluster behind turns, as a command has it. */
export function turns(options: TestOptions = {}, backend: Backend = new MemoryBackend()): Turn {
  const { time = '2026-01-01T00:00:00Z', ...rest } = options;
  return openCluster({
    errands: errandRunner(),
    backend,
    create: { seed: 1, rate: 0, ...rest, time: parseTime(time) as Time },
    machine: () => 0,
    refused: refusedMistake,
  });
}

export function collectionPath({ apiVersion, kind, metadata }: KubeObject): string {
  const names = views.find((view) => view.names.kind === kind && apiVersionOf(view.names) === apiVersion)?.names;
  if (names === undefined) throw new Error(`no kind ${apiVersion} ${kind}`);
  const root = names.group === '' ? `/api/${names.version}` : `/apis/${names.group}/${names.version}`;
  return `${root}${names.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : ''}/${names.plural}`;
}
