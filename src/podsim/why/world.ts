/** What rules may look at: objects, Events and logs as the API has them at one moment, read beforehand. */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { parseTime, type Time } from '../../api/time.js';
import type { ResourcePath, RestClient } from '../../client/rest-client.js';
import type { Event } from '../../resources/events/types.js';
import { views } from '../../resources/views.js';

export interface World {
  readonly now: Time;
  /** The namespace that commands are about when they do not say another. */
  readonly current: string;
  /** What commands need besides the namespace: ` --context kind`, or ''. */
  readonly flags: string;
  /** Of all namespaces unless one is given. Undefined: may not be read, so nothing is known. */
  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[] | undefined;
  /** Null: there is none. Undefined: not known. */
  find<T extends KubeObject>(resource: string, namespace: string, name: string): T | null | undefined;
  /** Of this object, the oldest first. */
  events(object: KubeObject): readonly Event[];
  /** The last lines that a container's run wrote; undefined: none, or they cannot be read. */
  log(pod: KubeObject, container: string): readonly string[] | undefined;
}

/** What is known before anything is read. */
export interface WorldOptions extends Pick<World, 'current' | 'flags'> {
  /** The cluster's time; known once the cluster has answered. */
  readonly now: () => Time;
}

export interface LogWanted {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

/** How many of the last lines of a log are shown. */
const LOG_LINES = 8;

export function pathOf(resource: string): ResourcePath {
  const names = views.find((view) => view.names.plural === resource)?.names;
  if (names === undefined) throw new Error(`no resource ${resource}`);
  return { group: names.group, version: names.version, resource: names.plural, namespaced: names.namespaced };
}

/** Lists the resources of all namespaces, or where that is not allowed of `namespace`. */
export async function readWorld(
  client: RestClient,
  resources: readonly string[],
  namespace: string,
  given: WorldOptions,
  logsOf: (world: World) => readonly LogWanted[],
): Promise<World> {
  const lists = new Map<string, readonly KubeObject[] | undefined>();
  await Promise.all(resources.map(async (resource) => lists.set(resource, await listOf(client, resource, namespace))));
  const logs = new Map<string, readonly string[]>();
  const world = worldOf({ ...given, now: given.now() }, lists, logs);
  for (const wanted of logsOf(world)) {
    const lines = await logOf(client, wanted);
    if (lines !== undefined) logs.set(logKey(wanted.namespace, wanted.pod, wanted.container), lines);
  }
  return world;
}

/** Refused or unknown to this server: nothing is known of it. */
const isNo = (error: unknown): boolean => error instanceof StatusError && [400, 401, 403, 404, 405, 500, 502, 503].includes(error.code);

async function listOf(client: RestClient, resource: string, namespace: string): Promise<readonly KubeObject[] | undefined> {
  const path = pathOf(resource);
  for (const place of path.namespaced ? [undefined, namespace] : [undefined]) {
    try {
      return (await client.list({ resource: path, ...(place === undefined ? {} : { namespace: place }) })).items;
    } catch (error) {
      if (!isNo(error)) throw error;
    }
  }
  return undefined;
}

async function logOf(client: RestClient, { namespace, pod, container, previous }: LogWanted): Promise<readonly string[] | undefined> {
  try {
    let text = '';
    const target = { resource: pathOf('pods'), namespace, name: pod, subresource: 'log' };
    for await (const piece of await client.text(target, { query: { container, previous, tailLines: LOG_LINES } })) text += piece;
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.length === 0 ? undefined : lines;
  } catch (error) {
    if (!isNo(error)) throw error;
    return undefined;
  }
}

const logKey = (...parts: readonly (string | undefined)[]): string => parts.join('/');

function worldOf(
  given: Pick<World, 'now' | 'current' | 'flags'>,
  lists: ReadonlyMap<string, readonly KubeObject[] | undefined>,
  logs: ReadonlyMap<string, readonly string[]>,
): World {
  const list = <T extends KubeObject>(resource: string, namespace?: string): readonly T[] | undefined => {
    const all = lists.get(resource) as readonly T[] | undefined;
    return namespace === undefined ? all : all?.filter((one) => one.metadata.namespace === namespace);
  };
  return {
    ...given,
    list,
    find: (resource, namespace, name) => {
      const all = list(resource);
      if (all === undefined) return undefined;
      // Of one namespace only, the rest may be there all the same.
      const found = all.find((one) => one.metadata.name === name && (one.metadata.namespace ?? '') === namespace);
      return (found as never) ?? null;
    },
    events: (object) => (list<Event>('events') ?? []).filter((event) => isAbout(event, object)).sort((a, b) => lastSeen(a) - lastSeen(b)),
    log: (pod, container) => logs.get(logKey(pod.metadata.namespace, pod.metadata.name, container)),
  };
}

function isAbout({ involvedObject }: Event, { kind, metadata }: KubeObject): boolean {
  if (involvedObject.kind !== kind || involvedObject.name !== metadata.name) return false;
  if ((involvedObject.namespace ?? '') !== (metadata.namespace ?? '')) return false;
  // Nodes' Events carry the node's name as uid.
  return kind === 'Node' || involvedObject.uid === undefined || metadata.uid === undefined || involvedObject.uid === metadata.uid;
}

/** When an Event last happened. */
export const lastSeen = (event: Event): Time =>
  parseTime(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? event.metadata.creationTimestamp ?? '') ??
  (0 as Time);

/** How often it happened. */
export const countOf = (event: Event): number => event.series?.count ?? event.count ?? 1;
