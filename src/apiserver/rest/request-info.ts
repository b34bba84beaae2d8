/** Reads a request's path and query: k8s.io/apiserver/pkg/endpoints/request requestinfo.go. */
import type { ApiRequest } from '../../api/transport.js';

export type Query = ReadonlyMap<string, readonly string[]>;

/** A request for objects. */
export interface ResourceRequest {
  readonly group: string;
  readonly version: string;
  /** '' outside a namespace. */
  readonly namespace: string;
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource: `/proxy/a/b`. */
  readonly rest: string;
}

export interface Parsed {
  readonly method: ApiRequest['method'];
  readonly path: string;
  readonly query: Query;
  /** Absent: discovery, health, version and the like. */
  readonly resource?: ResourceRequest;
}

export function parseRequest(request: ApiRequest): Parsed {
  const mark = request.path.indexOf('?');
  const path = mark < 0 ? request.path : request.path.slice(0, mark);
  const query = mark < 0 ? new Map<string, string[]>() : parseQuery(request.path.slice(mark + 1));
  const resource = parseResource(path);
  return { method: request.method, path, query, ...(resource === undefined ? {} : { resource }) };
}

function parseQuery(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(text)) query.set(key, [...(query.get(key) ?? []), value]);
  return query;
}

export const first = (query: Query, key: string): string => query.get(key)?.[0] ?? '';
/** A flag: anything but its absence, `0` and `false` in any case (apimachinery Convert_Slice_string_To_bool). */
export const isOn = (query: Query, key: string): boolean => query.has(key) && !['false', '0'].includes(first(query, key).toLowerCase());

/** Subresources of namespaces themselves; anything else after `namespaces/x/` is a resource in it. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['finalize', 'status']);

function parseResource(path: string): ResourceRequest | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  let at: number;
  let group = '';
  if (parts[0] === 'api') at = 1;
  else if (parts[0] === 'apis') {
    group = parts[1] ?? '';
    at = 2;
  } else return undefined;
  const version = parts[at];
  const segments = parts.slice(at + 1).map(decode);
  if (version === undefined || segments.length === 0) return undefined;
  const [one = '', two = '', three = ''] = segments;
  const common = { group, version };
  if (one === 'namespaces' && three !== '' && !OF_NAMESPACES.has(three))
    return { ...common, namespace: two, plural: three, name: segments[3] ?? '', subresource: segments[4] ?? '', rest: segments.slice(5).join('/') };
  return { ...common, namespace: '', plural: one, name: two, subresource: three, rest: segments.slice(3).join('/') };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
