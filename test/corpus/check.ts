/** What a line of a case says, looked up in a cluster as a client sees it: tables, logs, events. */
import type { KubeObject } from '../../src/api/object.js';
import type { Event } from '../../src/resources/events/types.js';
import { views } from '../../src/resources/views.js';
import { parseJsonPath } from '../../src/text/jsonpath.js';
import { collectionPath, type TestCluster } from '../harness/cluster.js';
import { isOneOf, likeGlob } from './case.js';

const AS_TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

interface TableAnswer {
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}

/** Undefined: it is so (or done); else what is there instead. */
export function check(c: TestCluster, line: string): string | undefined {
  const [, no, what = '', rest = ''] = /^(no )?(\w+) ?(.*)$/s.exec(line) ?? [];
  const isThere = no === undefined;
  if (what === 'pod') return checkPods(c, rest.split(/\s+/), isThere);
  if (what === 'row') return checkRow(c, rest.split(/\s+/), isThere);
  if (what === 'event') return checkEvents(c, rest, isThere);
  const [head, text] = cut(rest);
  if (what === 'logs') return checkText(text, logs(c, head.split(' ')));
  if (what === 'field') {
    const [, resource = '', name = '', path = ''] = /^([^/]+)\/(\S+) (.*)$/.exec(head) ?? [];
    return checkText(text, fieldOf(c, resource, name, path));
  }
  if (what === 'do') return act(c, rest);
  return `unknown: ${line}`;
}

/** `head: text`; an empty text is one. */
const cut = (rest: string): readonly [string, string] => {
  const at = rest.search(/:( |$)/);
  return [rest.slice(0, at), rest.slice(at + 2).replaceAll('\\n', '\n')];
};

const checkText = (expected: string, text: string): string | undefined => (likeGlob(expected, text) ? undefined : JSON.stringify(text));

function checkPods(c: TestCluster, words: readonly string[], isThere: boolean): string | undefined {
  const [name = '', ...rest] = words;
  const times = /^x\d+$/.test(rest[0] ?? '') ? Number(rest.shift()?.slice(1)) : 1;
  const rows = table(c, 'pods', name).map((cells) => cells.slice(0, 4).map((cell, i) => (i === 3 ? cell.replace(/ .*/, '') : cell)));
  const shown = rows.map((cells) => cells.join(' ')).join('; ') || 'no such pod';
  if (!isThere) return rows.length === 0 ? undefined : shown;
  const isSo = ([, ...cells]: readonly string[]) => cells.every((cell, i) => isOneOf(rest[i] ?? '', cell));
  return rows.length === times && rows.every(isSo) && rest.length === 3 ? undefined : shown;
}

function checkRow(c: TestCluster, words: readonly string[], isThere: boolean): string | undefined {
  const [resource = '', name = '', ...cells] = words;
  const rows = table(c, resource, name);
  const shown = rows.map((row) => row.join(' | ')).join('; ') || 'no such row';
  if (!isThere) return rows.length === 0 ? undefined : shown;
  return rows.length === 1 && cells.every((cell, i) => likeGlob(cell.replaceAll('_', ' '), rows[0]?.[i + 1] ?? '')) ? undefined : shown;
}

/** The rows of `get`, of those called so. */
function table(c: TestCluster, resource: string, name: string): readonly (readonly string[])[] {
  const [namespace, glob] = name.includes('/') ? (name.split('/') as [string, string]) : ['default', name];
  const { body } = c.request('GET', collectionPath({ ...typeOf(resource), metadata: { namespace } }), undefined, AS_TABLE);
  return (body as TableAnswer).rows.map(({ cells }) => cells.map(String)).filter(([first = '']) => likeGlob(glob, first));
}

function typeOf(resource: string) {
  const names = views.find((view) => resource === (view.names.group === '' ? view.names.plural : `${view.names.plural}.${view.names.group}`))?.names;
  if (names === undefined) throw new Error(`no resource ${resource}`);
  return { apiVersion: names.group === '' ? names.version : `${names.group}/${names.version}`, kind: names.kind };
}

/** The object called so, which may be a pattern that one fits. */
function named(c: TestCluster, resource: string, name: string): KubeObject {
  const [namespace, glob] = name.includes('/') ? (name.split('/') as [string, string]) : [undefined, name];
  const found = c
    .list<KubeObject>(resource)
    .find(({ metadata }) => likeGlob(glob, metadata.name ?? '') && (metadata.namespace === undefined || metadata.namespace === (namespace ?? 'default')));
  if (found === undefined) throw new Error(`no ${resource} ${name}`);
  return found;
}

const pathOf = (c: TestCluster, resource: string, name: string): string => {
  const { metadata } = named(c, resource, name);
  return `${collectionPath({ ...typeOf(resource), metadata })}/${metadata.name}`;
};

function fieldOf(c: TestCluster, resource: string, name: string, path: string): string {
  return parseJsonPath(path, { allowMissingKeys: true }).execute(named(c, resource, name));
}

function logs(c: TestCluster, words: readonly string[]): string {
  const [name = '', ...rest] = words;
  const container = rest.find((word) => word !== 'previous');
  const query = [...(container === undefined ? [] : [`container=${container}`]), ...(rest.includes('previous') ? ['previous=true'] : [])];
  const { body } = c.request('GET', `${pathOf(c, 'pods', name)}/log?${query.join('&')}`);
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return (body as { readonly message?: string } | undefined)?.message ?? '';
}

function checkEvents(c: TestCluster, rest: string, isThere: boolean): string | undefined {
  const [head, text] = isThere ? cut(rest) : [rest, '*'];
  const [name = '', reason = '', times] = head.split(' ');
  const about = c.list<Event>('events').filter((event) => likeGlob(name, event.involvedObject?.name ?? ''));
  const found = about.filter((event) => event.reason === reason && likeGlob(text, event.message ?? ''));
  const count = (event: Event) => event.count ?? event.series?.count ?? 1;
  const isSo = found.some((event) => times === undefined || isOneOf(times.slice(1), String(count(event))));
  if (isThere ? isSo : found.length === 0) return undefined;
  return about.map((event) => `${event.reason} x${count(event)}: ${event.message}`).join('; ') || 'no events';
}

function act(c: TestCluster, rest: string): undefined {
  const [, verb, target = '', body] = /^(\w+) (\{.*|\S+) ?(.*)$/.exec(rest) ?? [];
  if (verb === 'create') {
    c.create(JSON.parse(target) as KubeObject);
    return;
  }
  const [resource = '', name = ''] = target.split('/');
  const path = pathOf(c, resource, name);
  const headers = { 'content-type': 'application/strategic-merge-patch+json' };
  const given = body === undefined || body === '' ? undefined : (JSON.parse(body) as unknown);
  const { status, body: answer } = verb === 'delete' ? c.request('DELETE', path, given) : c.request('PATCH', path, given, headers);
  if (status >= 300) throw new Error(JSON.stringify(answer));
}
