/** Watches as resumable polls: k8s.io/apiserver/pkg/endpoints/handlers watch.go and storage/cacher. */
import { expired } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { type AnyResourceView, apiVersionOf, resourceId } from '../../api/resource.js';
import type { Time } from '../../api/time.js';
import type { WatchEvent } from '../../api/verbs.js';
import type { Answer, Cursor, Poll } from '../long-running.js';
import { nameIn, predicateFor } from '../selection.js';
import { type IncludeObject, tableOf } from '../table.js';
import { checkListOptions } from './list-options.js';
import { type Form, negotiate } from './negotiate.js';
import { convertAll, includeObject, observed, parseRevision, type ReadContext, storedIn, toWire } from './read.js';
import { first, isOn, type Query } from './request-info.js';

/** cacher.go defaultBookmarkFrequency. */
const BOOKMARK_PERIOD = 60_000;

/** Where a watch has got to. */
interface WatchCursor extends Cursor {
  readonly type: 'watch';
  /** The view watched: `pods`, `events.events.k8s.io`; version where a group has several. */
  readonly resource: string;
  readonly version: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly form: Form;
  readonly include: IncludeObject;
  /** Changes up to here have been told; -1: nothing has, and what is there comes first. */
  readonly revision: number;
  readonly until?: number;
  /** A bookmark ends the initial events (`sendInitialEvents`). */
  readonly bookmark?: boolean;
  /** When the next bookmark is due (`allowWatchBookmarks`). */
  readonly nextBookmark?: number;
  /** A Table's columns have been sent. */
  readonly headed?: boolean;
  /** Of custom resources, which the read side does not know. */
  readonly custom?: boolean;
  /** It has been polled before. */
  readonly resumed?: boolean;
}

export function startWatch(context: ReadContext, view: AnyResourceView, namespace: string, query: Query, accept: string | undefined, name = ''): Answer {
  checkListOptions(query, true);
  const form = negotiate(accept);
  const labelSelector = first(query, 'labelSelector');
  const fieldSelector = name === '' ? first(query, 'fieldSelector') : `metadata.name=${name}`;
  predicateFor(view, { labelSelector, fieldSelector });
  const text = first(query, 'resourceVersion');
  const seconds = Number(first(query, 'timeoutSeconds') || 0);
  const wantsInitial = isOn(query, 'sendInitialEvents');
  const revision = text === '' || text === '0' || wantsInitial ? -1 : parseRevision(text);
  const until = seconds > 0 ? ((context.now() + seconds * 1000) as Time) : undefined;
  const cursor: WatchCursor = {
    type: 'watch',
    resource: resourceId(view.names),
    version: view.names.version,
    namespace,
    labelSelector,
    fieldSelector,
    form,
    include: includeObject(query),
    revision,
    ...(view.custom === undefined ? {} : { custom: true }),
    ...(until === undefined ? {} : { until }),
    ...(wantsInitial ? { bookmark: true } : {}),
    ...(isOn(query, 'allowWatchBookmarks') ? { nextBookmark: context.now() + BOOKMARK_PERIOD } : {}),
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    longRunning: { cursor, chunks: 'json', ...(until === undefined ? {} : { until }) },
  };
}

export function pollWatch(context: ReadContext, viewOf: (resource: string, version: string) => AnyResourceView | undefined, from: Cursor): Poll {
  const cursor = from as WatchCursor;
  const view = viewOf(cursor.resource, cursor.version);
  if (view === undefined) return { chunks: [] };
  const events = cursor.revision < 0 ? initialEvents(context, view, cursor) : (laterEvents(context, view, cursor) ?? missedEvents(context, view, cursor));
  if (events === undefined) return { chunks: [{ type: 'ERROR', object: tooOld(cursor.revision, context.store.revision) }] };
  const chunks: unknown[] = events.map(({ type, object, at }, i) => ({ type, object: present(asOf(context, at), view, cursor, object, i === 0) }));
  const now = context.now();
  const ended = cursor.until !== undefined && now >= cursor.until;
  if (cursor.bookmark && cursor.revision < 0) chunks.push(bookmark(context, view, cursor, true));
  // One a minute, and one before the end, so that the next watch can go on from there.
  const isDue = cursor.nextBookmark !== undefined && (ended || now >= cursor.nextBookmark);
  if (isDue) chunks.push(bookmark(context, view, cursor, false));
  if (ended) return { chunks };
  const next: WatchCursor = {
    ...cursor,
    revision: context.store.revision,
    resumed: true,
    ...(events.length > 0 ? { headed: true } : {}),
    ...(isDue ? { nextBookmark: now + BOOKMARK_PERIOD } : {}),
  };
  const wake = Math.min(cursor.until ?? Number.POSITIVE_INFINITY, next.nextBookmark ?? Number.POSITIVE_INFINITY);
  return { chunks, cursor: next, ...(Number.isFinite(wake) ? { next: wake as Time } : {}) };
}

/** What is told later is shown as it was when it happened. */
const asOf = (context: ReadContext, at: Time | undefined): ReadContext => (at === undefined ? context : { ...context, now: () => at });

interface Seen {
  readonly at?: Time | undefined;
  readonly type: WatchEvent['type'];
  readonly object: KubeObject;
}

function initialEvents(context: ReadContext, view: AnyResourceView, cursor: WatchCursor): readonly Seen[] {
  const matches = predicateFor(view, cursor);
  const options = cursor.namespace === '' ? {} : { namespace: cursor.namespace };
  const all = context.store.list(storedIn(view), options);
  convertAll(context, view, all);
  return all.flatMap((stored): Seen[] => {
    const object = observed(context, view, stored);
    return object === undefined || matches?.(object) === false ? [] : [{ type: 'ADDED', object }];
  });
}

/** Objects leaving the selection are told as DELETED, entering it as ADDED. */
function laterEvents(context: ReadContext, view: AnyResourceView, cursor: WatchCursor): readonly Seen[] | undefined {
  const changes = context.store.changesSince(storedIn(view), cursor.revision);
  if (changes === undefined) return undefined;
  const predicate = predicateFor(view, cursor);
  const converts = view.custom?.converts === true;
  const selects = (object: KubeObject): boolean => predicate === undefined || predicate(converts ? (observed(context, view, object) ?? object) : object);
  if (converts)
    convertAll(
      context,
      view,
      changes.flatMap(({ object, old }) => (old === undefined ? [object] : [object, old])),
    );
  const name = nameIn(cursor.fieldSelector);
  return changes.flatMap((change): Seen[] => {
    const { object, old, type, at } = change;
    if (cursor.namespace !== '' && object.metadata.namespace !== cursor.namespace) return [];
    if (name !== undefined && object.metadata.name !== name) return [];
    const was = old !== undefined && selects(old);
    if (type === 'DELETED') return was ? [{ type, object, at }] : [];
    const is = selects(object);
    if (!was && !is) return [];
    const shown = observed(asOf(context, at), view, object) ?? object;
    if (is) return [{ type: was ? 'MODIFIED' : 'ADDED', object: shown, at }];
    return [{ type: 'DELETED', object: shown, at }];
  });
}

/**
 * So much has happened in another process since the last look that its history does not reach back: who reads a table as it
 * grows is shown the newest versions. Other clients must hear of it (410), or they would miss what is gone.
 */
function missedEvents(context: ReadContext, view: AnyResourceView, cursor: WatchCursor): readonly Seen[] | undefined {
  if (cursor.form !== 'table' || cursor.resumed !== true) return undefined;
  return initialEvents(context, view, cursor)
    .filter(({ object }) => Number(object.metadata.resourceVersion) > cursor.revision)
    .map(({ object }) => ({ type: 'MODIFIED', object }));
}

function present(context: ReadContext, view: AnyResourceView, cursor: WatchCursor, object: KubeObject, isFirst: boolean): unknown {
  if (cursor.form === 'object') return toWire(context, view, object);
  if (cursor.form === 'partial') return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
  const resourceVersion = object.metadata.resourceVersion ?? '';
  return tableOf(view, [object], { resourceVersion }, cursor.include, context.now(), isFirst && cursor.headed !== true);
}

function bookmark(context: ReadContext, view: AnyResourceView, cursor: WatchCursor, endsInitial: boolean): unknown {
  const object: KubeObject = {
    kind: view.names.kind,
    apiVersion: apiVersionOf(view.names),
    metadata: {
      resourceVersion: String(context.store.revision),
      creationTimestamp: null,
      ...(endsInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    },
  };
  return {
    type: 'BOOKMARK',
    object: cursor.form === 'table' ? tableOf(view, [], { resourceVersion: String(context.store.revision) }, 'None', context.now()) : object,
  };
}

const tooOld = (wanted: number, oldest: number) => expired(`too old resource version: ${wanted} (${oldest})`).status;
