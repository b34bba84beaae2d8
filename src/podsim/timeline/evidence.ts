/**
 * What a cluster knows of one pod's life, collected and not yet judged: the object (or how it was last), the versions of it that the
 * store still has, its Events, what the node's runtime keeps, and the journal of what the API forgets.
 */
import type { ObjectKey } from '../../api/object.js';
import { parseTime, type Time } from '../../api/time.js';
import type { WatchEvent } from '../../api/verbs.js';
import type { Cluster } from '../../cluster/cluster.js';
import { deletedPod, type JournalEntry, podJournal, type SandboxTrace, sandboxesOf } from '../../cluster/pod-journal.js';
import type { Event } from '../../resources/events/types.js';
import type { Pod } from '../../resources/pods/types.js';

/** The object as it was from then on. */
export interface PodVersion {
  readonly at: Time;
  readonly pod: Pod;
}

/** One time that an Event was written: `count` is what it counted then. */
export interface EventWrite {
  readonly at: Time;
  readonly event: Event;
}

export interface Evidence {
  readonly now: Time;
  /** As it is, or as it was last. Of a pod that only its Events tell of: names, and nothing else. */
  readonly pod: Pod;
  /** Only Events tell of it. */
  readonly isFromEvents?: true;
  /** When the object was removed from the store; absent: it is there. */
  readonly removedAt?: Time;
  /** Versions the store still has, oldest first; none for a cluster at the other end of a network. */
  readonly versions: readonly PodVersion[];
  /** The first of them is how it was created. */
  readonly isFromCreation: boolean;
  /** About this pod, oldest first. */
  readonly events: readonly Event[];
  /** Those writes of Events that the store still has, oldest first. */
  readonly writes: readonly EventWrite[];
  readonly sandboxes: readonly SandboxTrace[];
  readonly journal: readonly JournalEntry[];
  /** So many entries of the journal are no longer there. */
  readonly dropped: number;
}

/** The last pod of that name; undefined: nothing is known of any. Changes nothing. */
export function evidenceOf(cluster: Cluster, key: ObjectKey): Evidence | undefined {
  const { store, state, now } = cluster;
  const changes = changesAbout(cluster, key);
  const present = store.get<Pod>('pods', key);
  const buried = present === undefined ? deletedPod(state, key, now) : undefined;
  const gone = present === undefined ? changes.findLast(({ type, resource }) => type === 'DELETED' && resource === 'pods') : undefined;
  const all = store.list<Event>('events', { namespace: key.namespace }).filter(({ involvedObject: { kind, name } }) => kind === 'Pod' && name === key.name);
  const pod = present ?? buried?.pod ?? (gone?.object as Pod | undefined) ?? fromEvents(key, all);
  if (pod === undefined) return undefined;
  const { uid } = pod.metadata;
  const isIts = ({ involvedObject }: Event): boolean => uid === undefined || involvedObject.uid === uid || involvedObject.uid === hashOf(pod);
  const versions = changes
    .filter(({ resource, type, object }) => resource === 'pods' && type !== 'DELETED' && object.metadata.uid === uid)
    .map(({ at, object }) => ({ at: at as Time, pod: object as Pod }));
  const journal = buried?.journal ?? podJournal(state, pod);
  const removedAt = present !== undefined ? undefined : (buried?.at ?? gone?.at);
  return {
    now,
    pod,
    ...(present === undefined && buried === undefined && gone === undefined ? { isFromEvents: true } : {}),
    ...(removedAt === undefined ? {} : { removedAt: removedAt as Time }),
    versions,
    isFromCreation: changes.some(({ resource, type, object }) => resource === 'pods' && type === 'ADDED' && object.metadata.uid === uid),
    events: sorted(all.filter(isIts)),
    writes: changes
      .filter(({ resource, type, object }) => resource === 'events' && type !== 'DELETED' && isIts(object as Event))
      .map(({ at, object }) => ({ at: at as Time, event: object as Event })),
    sandboxes: buried?.sandboxes ?? (present === undefined ? [] : sandboxesOf(state, pod)),
    journal: journal?.entries ?? [],
    dropped: journal?.dropped ?? 0,
  };
}

/** Of a pod that another server has: its object and its Events are all that clients get. */
export function remoteEvidence(pod: Pod, events: readonly Event[], now: Time): Evidence {
  return { now, pod, versions: [], isFromCreation: false, events: sorted(events), writes: [], sandboxes: [], journal: [], dropped: 0 };
}

/** A static pod's kubelet reports about the uid in its file. */
const hashOf = ({ metadata }: Pod): string | undefined => metadata.annotations?.['kubernetes.io/config.hash'];

function changesAbout({ store }: Cluster, { namespace, name }: ObjectKey): readonly WatchEvent[] {
  const changes = store.changesSince('*', store.compactRevision) ?? [];
  return changes.filter(({ resource, object }) => {
    if (resource === 'pods') return object.metadata.name === name && object.metadata.namespace === namespace;
    if (resource !== 'events') return false;
    const { involvedObject } = object as Event;
    return involvedObject.kind === 'Pod' && involvedObject.name === name && involvedObject.namespace === namespace;
  });
}

/** When an Event was first written: its name ends in the nanoseconds since 1970 (client-go tools/record makeEvent), its fields have seconds. */
export function firstOf(event: Event): Time | undefined {
  return stampOf(event) ?? saidOf(event);
}

/** Its name says to the nanosecond when it was first written. */
export const isStamped = (event: Event): boolean => stampOf(event) !== undefined;

const saidOf = ({ metadata, firstTimestamp, eventTime }: Event): Time | undefined => parseTime(firstTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');

function stampOf(event: Event): Time | undefined {
  const stamp = /\.([0-9a-f]{16})$/.exec(event.metadata.name ?? '')?.[1];
  if (stamp === undefined) return undefined;
  const named = Math.floor(Number.parseInt(stamp, 16) / 1e6);
  const said = saidOf(event);
  return said === undefined || Math.abs(named - said) < 1500 ? (named as Time) : undefined;
}

/** When it happened last, as far as it says. */
export function lastOf(event: Event): Time | undefined {
  return parseTime(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? '') ?? firstOf(event);
}

const sorted = (events: readonly Event[]): readonly Event[] => [...events].sort((a, b) => (firstOf(a) ?? 0) - (firstOf(b) ?? 0));

/** The names of a pod that has gone longer than anybody remembers, out of its Events. */
function fromEvents({ namespace, name }: ObjectKey, events: readonly Event[]): Pod | undefined {
  const last = sorted(events).at(-1);
  if (last === undefined) return undefined;
  const { uid } = last.involvedObject;
  const own = events.filter(({ involvedObject }) => involvedObject.uid === uid);
  const names = (member: string): readonly { readonly name: string }[] => {
    const found = own.map(({ involvedObject }) => new RegExp(`^spec\\.${member}\\{(.*)\\}$`).exec(involvedObject.fieldPath ?? '')?.[1]);
    return [...new Set(found.filter((one) => one !== undefined))].map((one) => ({ name: one }));
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, ...(uid === undefined ? {} : { uid }) },
    spec: { containers: names('containers'), initContainers: names('initContainers') },
  } as unknown as Pod;
}
