/**
 * What a kube-apiserver v1.33.13 answered, request by request: patches, server-side apply, lists and deletes, custom resources,
 * authorization and admission. A file holds sessions, each in a namespace of its own (NS); a line is a request with the code and
 * what distinguishes the answer: a Status, an object whole or as a change of what it was, the names in a list. Times, uids and
 * versions are left out, and null stands for nothing. A line without a code is sent for what it does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { acceptNames } from '../../src/resources/customresourcedefinitions/names.js';
import type { CustomResourceDefinition } from '../../src/resources/customresourcedefinitions/types.js';
import { type TestServer, testServer, withAccount, withNamespaces } from './harness.js';

interface Line {
  readonly m: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly p: string;
  /** Of a patch: `merge-patch`. */
  readonly type?: string;
  readonly h?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly code?: number;
  readonly warning?: string;
  readonly status?: Fields;
  readonly object?: Fields;
  readonly change?: Fields;
  readonly names?: readonly string[];
  readonly answer?: unknown;
}
type Fields = Readonly<Record<string, unknown>>;

const folder = new URL('recorded/', import.meta.url);
const files = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Readonly<Record<string, readonly Line[]>>] as const,
);
const sessions = files.flatMap(([file, all]) => Object.entries(all).map(([name, lines]) => ({ name: `${file}: ${name}`, lines })));

test.each(sessions)('$name', async ({ lines }) => {
  const s = withNamespaces(await testServer(), 'default');
  const ns = 'recorded';
  withClasses(s);
  s.ok('POST', '/api/v1/namespaces', { metadata: { name: ns } }, { 'user-agent': 'judge/1' });
  withAccount(s, ns);
  const known = new Map<string, Fields>();
  for (const [i, line] of lines.entries()) {
    const said = send(s, line, ns);
    if (line.code === undefined) continue;
    const at = `line ${i + 1}: ${line.m} ${line.p} ${JSON.stringify(line.body)?.slice(0, 200) ?? ''}`;
    expect({ at, code: said.code, warning: said.warning }).toEqual({ at, code: line.code, warning: line.warning });
    const { body } = said;
    if (line.status !== undefined) expect({ at, ...pick(body as Fields, line.status) }).toEqual({ at, ...line.status });
    if (line.names !== undefined) expect({ at, names: namesIn(body) }).toEqual({ at, names: line.names });
    if (line.answer !== undefined) expect({ at, body }).toEqual({ at, body: line.answer });
    if (line.object === undefined && line.change === undefined) continue;
    const { kind, metadata } = body as { readonly kind: string; readonly metadata: { readonly name?: string } };
    const key = `${kind} ${metadata.name ?? ''}`;
    const expected = line.object ?? changed(known.get(key) ?? {}, line.change ?? {});
    known.set(key, expected);
    expect({ at, body }).toEqual({ at, body: expected });
  }
});

function send(s: TestServer, { m, p, type, h, body }: Line, ns: string) {
  const here = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value).replaceAll('NS', ns)) as T));
  const content = type === undefined ? {} : { 'content-type': `application/${type}${type === 'apply-patch' ? '+yaml' : '+json'}` };
  const { status, headers, body: answer } = s.request(m, here(p), here(body), { 'user-agent': 'judge/1', ...content, ...here(h) });
  if (m === 'POST' && p.includes('customresourcedefinitions') && status === 201 && !p.includes('dryRun')) accept(s, (answer as KubeObject).metadata.name ?? '');
  const text = JSON.stringify(answer ?? '').replaceAll(ns, 'NS');
  return { code: status, warning: headers['warning']?.replaceAll(ns, 'NS'), body: clean(JSON.parse(text)) };
}

/** As the controller of definitions would. */
function accept(s: TestServer, name: string): void {
  const id = 'customresourcedefinitions.apiextensions.k8s.io';
  const stored = s.api.get<CustomResourceDefinition>(id, { namespace: '', name });
  if (stored !== undefined) s.api.updateStatus(id, { ...stored, status: acceptNames(stored, [], '2026-01-01T00:00:00Z') });
}

function withClasses(s: TestServer): void {
  const of = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', preemptionPolicy: 'PreemptLowerPriority' };
  const classes = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };
  for (const [name, value] of Object.entries(classes)) s.store.put('priorityclasses.scheduling.k8s.io', { ...of, metadata: { name }, value } as KubeObject);
}

const LEFT_OUT: ReadonlySet<string> = new Set([
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'selfLink',
  'time',
  'continue',
  'remainingItemCount',
  'storageVersionHash',
]);

/** As it was recorded. */
function clean(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
      .replace(/\(0xc[0-9a-f]{9}\)/g, '(PTR)')
      .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-X')
      .replace(/\b10\.\d+\.\d+\.\d+\b/g, 'IP');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => !LEFT_OUT.has(key) && item !== null);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      key === 'managedFields' ? owners(item as readonly Entry[]) : typeof item === 'string' && /(Time|Timestamp)$/.test(key) ? 'T' : clean(item),
    ]),
  );
}

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly apiVersion: string;
  readonly fieldsV1: Fields;
}
const owners = (entries: readonly Entry[]): Fields =>
  Object.fromEntries(
    entries.map(({ manager, operation, subresource, apiVersion, fieldsV1 }) => [
      `${manager} ${operation}${subresource === undefined ? '' : ` ${subresource}`}`,
      { apiVersion, ...(clean(fieldsV1) as Fields) },
    ]),
  );

/** A JSON merge patch. */
function changed(before: Fields, change: Fields): Fields {
  const next: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(change)) {
    const was = next[key];
    if (value === null) delete next[key];
    else next[key] = isFields(value) && isFields(was) ? changed(was, value) : value;
  }
  return next;
}
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const pick = (body: Fields, like: Fields): Fields => Object.fromEntries(Object.keys(like).map((key) => [key, body[key]]));
const namesIn = (body: unknown): readonly unknown[] =>
  (body as { readonly items: readonly { readonly metadata: KubeObject['metadata'] }[] }).items.map((item) => item.metadata.name);
