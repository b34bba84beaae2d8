/** What a request wants to do, as authorizers are asked (k8s.io/apiserver/pkg/authorization/authorizer). */
import { forbidden, type StatusError } from '../../api/errors.js';
import { goQuote } from '../../api/field.js';
import type { ApiRequest, UserInfo } from '../../api/transport.js';
import { isOn, type Parsed, type Query } from '../rest/request-info.js';

export interface Attributes {
  readonly user: UserInfo;
  readonly verb: string;
  /** Absent: `path` is asked for. */
  readonly resource?: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly subresource: string;
    readonly namespace: string;
    readonly name: string;
  };
  readonly path: string;
}

const VERBS: Readonly<Record<ApiRequest['method'], string>> = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

export function attributesOf(user: UserInfo, { method, path, query, resource }: Parsed): Attributes {
  if (resource === undefined) return { user, verb: method.toLowerCase(), path };
  const { group, version, plural, subresource, namespace, name } = resource;
  // A namespace itself is in itself (requestinfo.go).
  const within = group === '' && plural === 'namespaces' ? name : namespace;
  return { user, verb: verbOf(method, name, query), path, resource: { group, version, resource: plural, subresource, namespace: within, name } };
}

function verbOf(method: ApiRequest['method'], name: string, query: Query): string {
  if (method === 'GET' && isOn(query, 'watch')) return 'watch';
  if (name === '' && method === 'GET') return 'list';
  return name === '' && method === 'DELETE' ? 'deletecollection' : VERBS[method];
}

/** responsewriters.Forbidden. */
export function refusal(attributes: Attributes, why: string): StatusError {
  const { user, verb, resource, path } = attributes;
  const reason = why === '' ? '' : `: ${why}`;
  const who = `User ${goQuote(user.name)}`;
  if (resource === undefined) {
    const error = forbidden('', '', '');
    const message = `forbidden: ${who} cannot ${verb} path ${goQuote(path)}${reason}`;
    return Object.assign(error, { message, status: { ...error.status, message, details: {} } });
  }
  const { group, resource: plural, subresource, namespace, name } = resource;
  const what = subresource === '' ? plural : `${plural}/${subresource}`;
  const where =
    namespace === '' || (group === '' && plural === 'namespaces' && name === '') ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
  return forbidden(
    group === '' ? plural : `${plural}.${group}`,
    name,
    `${who} cannot ${verb} resource ${goQuote(what)} in API group ${goQuote(group)} ${where}${reason}`,
  );
}
