/** GET: one object or a list, in the form asked for (k8s.io/apiserver/pkg/endpoints/handlers get.go). */
import { badRequest, expired, failure, notFound } from '../../api/errors.js';
import { invalid } from '../../api/field.js';
import { type KubeObject, keyString, type ObjectKey } from '../../api/object.js';
import { allAnswered } from '../../api/outside.js';
import type { StateMap } from '../../api/reconciler.js';
import { type AnyResourceView, apiVersionOf, resourceId, type Schemas } from '../../api/resource.js';
import type { Time } from '../../api/time.js';
import type { ResourceId } from '../../api/verbs.js';
import type { Store } from '../../store/store.js';
import type { Answer } from '../long-running.js';
import { expandManagedFields } from '../managed-fields/entries.js';
import { nameIn, predicateFor } from '../selection.js';
import { type IncludeObject, type ListMeta, partialList, partialObject, tableOf } from '../table.js';
import { json } from './answer.js';
import { COMPONENT_STATUSES, componentStatuses } from './component-statuses.js';
import { checkListOptions } from './list-options.js';
import { type Form, negotiate } from './negotiate.js';
import { first, type Query } from './request-info.js';

/** What reading takes: no strategies, no schemas. */
export interface ReadContext {
  readonly store: Store;
  readonly state: StateMap;
  readonly schemas: () => Schemas;
  now(): Time;
}

export const listKindOf = ({ names, custom }: AnyResourceView): string => custom?.listKind ?? `${names.kind}List`;

/** Under which resource a view's objects rest. */
export const storedIn = (view: AnyResourceView): ResourceId => view.storedAs?.resource ?? resourceId(view.names);

const isComputed = ({ names }: AnyResourceView): boolean => names.plural === COMPONENT_STATUSES && names.group === '';

/** As clients see it: time alone may have changed it, or let it expire. */
export function observed(context: ReadContext, view: AnyResourceView, object: KubeObject): KubeObject | undefined {
  return view.observe === undefined ? object : view.observe(object, context.now(), context.state);
}

/** In the view's own group and version, with the owners of its fields as clients know them. */
export function toWire(context: ReadContext, view: AnyResourceView, object: KubeObject): KubeObject {
  const whole = expandManagedFields(context.schemas, view, object);
  return view.storedAs === undefined ? whole : view.storedAs.fromStored(whole);
}

export function getOne(context: ReadContext, view: AnyResourceView, key: ObjectKey, query: Query, accept: string | undefined): Answer {
  const form = negotiate(accept, false, view.names);
  checkResourceVersion(context, query);
  const stored = isComputed(view) ? componentStatuses.find(({ metadata }) => metadata.name === key.name) : context.store.get(storedIn(view), key);
  const object = stored === undefined ? undefined : observed(context, view, stored);
  if (object === undefined) throw notFound(resourceId(view.names), key.name);
  return json(presentOne(context, view, object, form, query));
}

/** One object as an answer's body. */
export function presentOne(context: ReadContext, view: AnyResourceView, object: KubeObject, form: Form, query: Query): unknown {
  if (form === 'table') {
    const { resourceVersion } = object.metadata;
    return tableOf(view, [object], resourceVersion === undefined ? {} : { resourceVersion }, includeObject(query), context.now());
  }
  return form === 'partial' ? partialObject(object) : toWire(context, view, object);
}

export function includeObject(query: Query): IncludeObject {
  const value = first(query, 'includeObject');
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'None' || value === 'Object') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

export function getList(context: ReadContext, view: AnyResourceView, namespace: string, query: Query, accept: string | undefined): Answer {
  const form = negotiate(accept, true, view.names);
  const { objects, metadata } = select(context, view, namespace, query);
  if (form === 'table') return json(tableOf(view, objects, metadata, includeObject(query), context.now()));
  if (form === 'partial') return json(partialList(objects, metadata));
  const { names } = view;
  // The items of a typed list do not say what they are: the list does.
  const items = objects.map((object) => {
    if (view.custom !== undefined) return toWire(context, view, object);
    const { kind: _kind, apiVersion: _apiVersion, ...item } = toWire(context, view, object);
    return item;
  });
  return json({ kind: listKindOf(view), apiVersion: apiVersionOf(names), metadata, items });
}

/** The objects a list or a deletecollection is about, and the list's metadata. */
export function select(
  context: ReadContext,
  view: AnyResourceView,
  namespace: string,
  query: Query,
): { readonly objects: readonly KubeObject[]; readonly metadata: ListMeta } {
  const labelSelector = first(query, 'labelSelector');
  const fieldSelector = first(query, 'fieldSelector');
  const matches = predicateFor(view, { labelSelector, fieldSelector });
  checkListOptions(query, false);
  checkResourceVersion(context, query);
  const start = continueFrom(context, first(query, 'continue'));
  const found: KubeObject[] = [];
  const all = candidates(context, view, namespace, nameIn(fieldSelector));
  convertAll(context, view, all);
  for (const stored of all) {
    if (start !== undefined && placeOf(stored) <= start.after) continue;
    const object = observed(context, view, stored);
    if (object !== undefined && (matches === undefined || matches(object))) found.push(object);
  }
  const revision = start?.revision ?? context.store.revision;
  // At version 0 everything comes from the watch cache, at once.
  const limit = first(query, 'resourceVersion') === '0' && first(query, 'continue') === '' ? 0 : limitOf(query);
  if (limit === 0 || found.length <= limit) return { objects: found, metadata: { resourceVersion: String(revision) } };
  const objects = found.slice(0, limit);
  const rest = matches === undefined ? { remainingItemCount: found.length - limit } : {};
  return { objects, metadata: { resourceVersion: String(revision), continue: continueToken(revision, objects.at(-1) as KubeObject), ...rest } };
}

/** What a webhook converts is put to it all at once, before each is looked at. */
export function convertAll(context: ReadContext, view: AnyResourceView, objects: readonly KubeObject[]): void {
  if (view.custom?.converts === true) allAnswered(objects, (object) => observed(context, view, object));
}

/** A single name in a namespace needs no walk over the others. */
function candidates(context: ReadContext, view: AnyResourceView, namespace: string, name: string | undefined): readonly KubeObject[] {
  if (isComputed(view)) return componentStatuses;
  const resource = storedIn(view);
  if (name !== undefined && (namespace !== '' || !view.names.namespaced)) {
    const object = context.store.get(resource, { namespace, name });
    return object === undefined ? [] : [object];
  }
  return context.store.list(resource, namespace === '' ? {} : { namespace });
}

function limitOf(query: Query): number {
  const text = first(query, 'limit');
  if (text === '') return 0;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, Number(text));
}

/** Lists come in this order; a continue token names the last one seen. */
const placeOf = (object: KubeObject): string => keyString({ namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' });

interface Continue {
  readonly revision: number;
  readonly after: string;
}

/** Opaque to clients, but the same form as upstream's (apiserver storage/continue.go). */
function continueToken(revision: number, last: KubeObject): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${placeOf(last)}\u0000` })).toString('base64url');
}

function continueFrom(context: ReadContext, token: string): Continue | undefined {
  if (token === '') return undefined;
  const { rv, start } = readToken(token);
  if (context.store.changesSince('*', rv) === undefined)
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
  return { revision: rv, after: start };
}

function readToken(token: string): { readonly rv: number; readonly start: string } {
  const bad = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
  const decoded = Buffer.from(token, 'base64url').toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(decoded);
  } catch {
    throw bad(
      /^[A-Za-z0-9_-]*$/.test(token)
        ? `invalid character '${decoded.charAt(0)}' looking for beginning of value`
        : `illegal base64 data at input byte ${token.search(/[^A-Za-z0-9_-]/)}`,
    );
  }
  const { v, rv, start } = value as { v?: unknown; rv?: unknown; start?: unknown };
  if (v !== 'meta.k8s.io/v1') throw bad(`server does not recognize this encoded version ${JSON.stringify(v ?? '')}`);
  if (typeof rv !== 'number' || typeof start !== 'string') throw bad('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  return { rv, start: start.replace(/\0$/, '') };
}

/** resourceVersion of a get or list: any, at least this one, never a future one. */
function checkResourceVersion(context: ReadContext, query: Query): void {
  const text = first(query, 'resourceVersion');
  if (text === '' || text === '0') return;
  const revision = parseRevision(text);
  if (revision > context.store.revision) throw tooLarge(revision, context.store.revision);
}

export function parseRevision(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const why = invalid('resourceVersion', text, `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  throw badRequest(`invalid resource version: ${why.field}: ${why.detail}`);
}

const tooLarge = (wanted: number, current: number) =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
