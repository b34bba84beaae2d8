/** Requests and answers: writing, reading, selecting, paging, watching. */
import { beforeEach, expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import { type TestServer, testServer, withNamespaces } from './harness.js';

let s: TestServer;
beforeEach(async () => {
  s = withNamespaces(await testServer(), 'default', 'other');
});

const CM = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, extra: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...extra }, data: { a: '1' } });
const message = (answer: { body?: unknown }) => (answer.body as Status).message;

test('a created object has what the server gives it', () => {
  const created = s.ok('POST', `${CM}?fieldManager=kubectl-create`, configMap('one'));
  expect(created.metadata).toMatchObject({ name: 'one', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '5' });
  expect(created.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(s.ok('GET', `${CM}/one`)).toEqual(created);
  expect(s.request('POST', CM, configMap('one')).status).toBe(409);
});

test('generateName', () => {
  const { metadata } = s.ok('POST', CM, { metadata: { generateName: 'gen-' } });
  expect(metadata.name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('errors name what they are about', () => {
  expect(message(s.request('GET', `${CM}/no`))).toBe('configmaps "no" not found');
  expect(message(s.request('GET', '/apis/apps/v1/namespaces/default/deployments/no'))).toBe('deployments.apps "no" not found');
  expect(message(s.request('POST', '/api/v1/namespaces/zzz/configmaps', configMap('a')))).toBe('namespaces "zzz" not found');
  expect(message(s.request('GET', '/api/v1/namespaces/default/foos'))).toBe('the server could not find the requested resource');
  expect(s.request('GET', '/apis/nope/v1/foos')).toMatchObject({ status: 404, body: '404 page not found\n' });
  expect(message(s.request('POST', CM, configMap('a', { resourceVersion: '1' })))).toBe('resourceVersion should not be set on objects to be created');
  expect(message(s.request('PUT', `${CM}/a`, configMap('b')))).toBe('the name of the object (b) does not match the name on the URL (a)');
  expect(message(s.request('POST', CM, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }))).toBe(
    'Service in version "v1" cannot be handled as a ConfigMap: converting (v1.Service) to (core.ConfigMap): unknown conversion',
  );
  expect(message(s.request('POST', CM, { apiVersion: 'v1', kind: 'configmap', metadata: { name: 'a' } }))).toBe(
    'configmap in version "v1" cannot be handled as a ConfigMap: no kind "configmap" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  );
  expect(message(s.request('POST', CM, 'x'))).toBe(
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'x' looking for beginning of value (78)",
  );
  expect(message(s.request('POST', `${CM}?dryRun=foo`, configMap('a')))).toBe(
    'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"foo"}: supported values: "All"',
  );
  expect(message(s.request('POST', CM, configMap('a'), { 'content-type': 'text/plain' }))).toContain('the body of the request was in an unknown format');
  expect(s.request('PUT', CM, configMap('a')).status).toBe(405);
});

test('unknown fields by fieldValidation', () => {
  const body = { ...configMap('a'), foo: 1, metadata: { name: 'a', lables: {} } };
  expect(message(s.request('POST', `${CM}?fieldValidation=Strict`, body))).toBe(
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo", unknown field "metadata.lables"',
  );
  expect(s.request('POST', CM, body).headers['warning']).toBe('299 - "unknown field \\"foo\\"", 299 - "unknown field \\"metadata.lables\\""');
  const quiet = s.request('PUT', `${CM}/a?fieldValidation=Ignore`, body);
  expect(quiet.headers['warning']).toBeUndefined();
  expect(quiet.body).not.toHaveProperty('foo');
});

test('duplicate fields of a text body', () => {
  const answer = s.request('POST', `${CM}?fieldValidation=Strict`, '{"metadata":{"name":"a","name":"b"},"data":{"x":"1","x":"2"}}');
  expect(message(answer)).toBe(
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "metadata.name", duplicate field "data.x"',
  );
});

test('updates: conflict, unconditional, unchanged', () => {
  const created = s.ok('POST', CM, configMap('a'));
  const changed = s.ok('PUT', `${CM}/a`, { ...configMap('a'), data: { a: '2' } });
  expect(changed.metadata.uid).toBe(created.metadata.uid);
  expect(s.request('PUT', `${CM}/a`, { ...created, data: { a: '3' } })).toMatchObject({ status: 409 });
  const same = s.ok('PUT', `${CM}/a`, { ...configMap('a'), data: { a: '2' } });
  expect(same.metadata.resourceVersion).toBe(changed.metadata.resourceVersion);
  expect(message(s.request('PUT', `${CM}/a`, { ...configMap('a'), metadata: { name: 'a', uid: 'x' } }))).toContain('StorageError: invalid object, Code: 4');
  expect(message(s.request('PUT', `${CM}/missing`, configMap('missing')))).toBe('configmaps "missing" not found');
});

test('patches', () => {
  s.ok('POST', CM, configMap('a'));
  const patch = (type: string, body: unknown, query = '') => s.request('PATCH', `${CM}/a${query}`, body, { 'content-type': `application/${type}+json` });
  expect(patch('merge-patch', { data: { a: null, b: '2' } }).body).toMatchObject({ data: { b: '2' } });
  expect(patch('json-patch', [{ op: 'add', path: '/data/c', value: '3' }]).body).toMatchObject({ data: { b: '2', c: '3' } });
  expect(patch('strategic-merge-patch', { metadata: { labels: { x: 'y' } } }).body).toMatchObject({ metadata: { labels: { x: 'y' } } });
  expect(patch('json-patch', [{ op: 'test', path: '/data/c', value: '4' }])).toMatchObject({
    status: 422,
    body: { reason: 'Invalid', message: 'the server rejected our request due to an error in our request', details: {} },
  });
  expect(message(patch('strategic-merge-patch', { foo: 1 }, '?fieldValidation=Strict'))).toBe(
    ' "" is invalid: patch: Invalid value: "map[foo:1]": strict decoding error: unknown field "foo"',
  );
  expect(message(patch('merge-patch', 'x'))).toBe("error decoding patch: invalid character 'x' looking for beginning of value");
  expect(message(patch('merge-patch', '"x"'))).toBe('error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}');
  expect(message(patch('merge-patch', { metadata: { name: 'z' } }))).toBe('the name of the object (z) does not match the name on the URL (a)');
  expect(s.request('PATCH', `${CM}/a`, {}, { 'content-type': 'text/x' })).toMatchObject({
    status: 415,
    body: { message: '415: Unsupported Media Type\n\nAvailable representations: ' },
  });
});

test('deletion', () => {
  const { metadata } = s.ok('POST', CM, configMap('a'));
  expect(message(s.request('DELETE', `${CM}/a`, { preconditions: { uid: 'x' } }))).toBe(
    `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (x) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
  );
  expect(s.ok('DELETE', `${CM}/a`, { propagationPolicy: 'Background' })).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
  });
  s.ok('POST', CM, configMap('b', { finalizers: ['x.y/z'] }));
  const held = s.ok('DELETE', `${CM}/b`);
  expect(held.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });
  expect(message(s.request('POST', CM, configMap('b')))).toBe('object is being deleted: configmaps "b" already exists');
  s.ok('PATCH', `${CM}/b`, { metadata: { finalizers: null } }, { 'content-type': 'application/merge-patch+json' });
  expect(s.request('GET', `${CM}/b`).status).toBe(404);
  expect(message(s.request('DELETE', '/api/v1/namespaces/default'))).toBe('namespaces "default" is forbidden: this namespace may not be deleted');
});

test('propagation policies leave finalizers', () => {
  for (const [policy, finalizer] of [
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ] as const) {
    s.ok('POST', CM, configMap(finalizer.toLowerCase()));
    expect(s.ok('DELETE', `${CM}/${finalizer.toLowerCase()}?propagationPolicy=${policy}`).metadata.finalizers).toEqual([finalizer]);
  }
});

test('a terminating namespace takes nothing new', () => {
  const gone = s.ok<KubeObject & { status: object }>('DELETE', '/api/v1/namespaces/other');
  expect(gone.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
  expect(gone.metadata.deletionGracePeriodSeconds).toBeUndefined();
  expect(gone.status).toMatchObject({ phase: 'Terminating' });
  expect(message(s.request('POST', '/api/v1/namespaces/other/configmaps', configMap('a')))).toBe(
    'configmaps "a" is forbidden: unable to create new content in namespace other because it is being terminated',
  );
});

test('dry run stores nothing', () => {
  expect(s.ok('POST', `${CM}?dryRun=All`, configMap('a')).metadata.uid).toBeDefined();
  expect(s.request('GET', `${CM}/a`).status).toBe(404);
});

test('lists: selectors, limit and continue', () => {
  for (const name of ['a', 'b', 'c', 'd']) s.ok('POST', CM, configMap(name, { labels: { even: name === 'b' || name === 'd' ? 'yes' : 'no' } }));
  const names = (path: string) => s.ok<{ items: KubeObject[] }>('GET', path).items.map(({ metadata }) => metadata.name);
  expect(names(CM)).toEqual(['a', 'b', 'c', 'd']);
  expect(names(`${CM}?labelSelector=even%3Dyes`)).toEqual(['b', 'd']);
  expect(names(`${CM}?fieldSelector=metadata.name%3Dc`)).toEqual(['c']);
  expect(names('/api/v1/configmaps?fieldSelector=metadata.name!%3Da')).toEqual(['b', 'c', 'd']);
  const page = s.ok<{ metadata: { continue: string; remainingItemCount: number }; items: KubeObject[] }>('GET', `${CM}?limit=3`);
  expect(page.metadata.remainingItemCount).toBe(1);
  expect(names(`${CM}?limit=3&continue=${page.metadata.continue}`)).toEqual(['d']);
  const errors: readonly (readonly [string, string])[] = [
    ['labelSelector=a%3Db%3Dc', "found '=', expected: ',' or 'end of string'"],
    ['fieldSelector=foo%3Dbar', '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['fieldSelector=foo', "invalid selector: 'foo'; can't understand 'foo'"],
    ['resourceVersion=abc', 'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax'],
    ['resourceVersion=999', 'Timeout: Too large resource version: 999, current: 8'],
  ];
  for (const [query, text] of errors) expect(message(s.request('GET', `${CM}?${query}`))).toContain(text);
});

test('tables and partial objects', () => {
  s.ok('POST', CM, configMap('a'));
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
  const table = s.ok<{ kind: string; columnDefinitions: { name: string }[]; rows: { cells: unknown[]; object: KubeObject }[] }>('GET', CM, undefined, {
    accept,
  });
  expect(table.kind).toBe('Table');
  expect(table.columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Data', 'Age']);
  expect(table.rows[0]?.cells).toEqual(['a', 1, '0s']);
  expect(table.rows[0]?.object.kind).toBe('PartialObjectMetadata');
  const partial = s.ok('GET', `${CM}/a`, undefined, { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' });
  expect(Object.keys(partial)).toEqual(['kind', 'apiVersion', 'metadata']);
  expect(s.request('GET', CM, undefined, { accept: 'text/html' })).toMatchObject({ status: 406 });
  // e2e: Servers with support for Table transformation "should return a 406 for a backend which does not implement metadata"
  const review = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
  const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  expect(s.request('POST', reviews, review, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })).toMatchObject({ status: 406 });
  expect(s.request('POST', reviews, review, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' })).toMatchObject({ status: 201 });
});

test('watch: what is there, what comes, what leaves the selection', () => {
  s.ok('POST', CM, configMap('a', { labels: { app: 'x' } }));
  const start = s.request('GET', `${CM}?watch=true&labelSelector=app%3Dx`).longRunning;
  const first = s.server.poll(start!.cursor);
  const seen = (poll: { chunks: readonly unknown[] }) =>
    poll.chunks.map((chunk) => chunk as { type: string; object: KubeObject }).map(({ type, object }) => `${type} ${object.metadata.name}`);
  expect(seen(first)).toEqual(['ADDED a']);
  s.ok('POST', CM, configMap('b', { labels: { app: 'x' } }));
  s.ok('POST', CM, configMap('c'));
  s.ok('PATCH', `${CM}/a`, { metadata: { labels: { app: 'y' } } }, { 'content-type': 'application/merge-patch+json' });
  s.ok('DELETE', `${CM}/b`);
  const second = s.server.poll(JSON.parse(JSON.stringify(first.cursor)));
  expect(seen(second)).toEqual(['ADDED b', 'DELETED a', 'DELETED b']);
  expect(seen(s.server.poll(first.cursor!))).toEqual(seen(second));
  expect(s.server.poll(second.cursor!).chunks).toEqual([]);
  const timed = s.request('GET', `${CM}?watch=true&resourceVersion=8&timeoutSeconds=5`).longRunning;
  expect(timed?.until).toBe(s.now + 5000);
  s.now += 5000;
  expect(s.server.poll(timed!.cursor).cursor).toBeUndefined();
});

test('watch: bookmarks for who asks', () => {
  s.ok('POST', CM, configMap('a'));
  const cursor = s.request('GET', `${CM}?watch=true&resourceVersion=4&allowWatchBookmarks=true&timeoutSeconds=90`).longRunning!.cursor;
  const types = (poll: { chunks: readonly unknown[] }) => poll.chunks.map((chunk) => (chunk as { type: string }).type);
  const first = s.server.poll(cursor);
  expect([types(first), first.next]).toEqual([['ADDED'], s.now + 60_000]);
  s.now += 60_000;
  const second = s.server.poll(first.cursor!);
  expect(types(second)).toEqual(['BOOKMARK']);
  expect((second.chunks[0] as { object: KubeObject }).object.metadata.resourceVersion).toBe('5');
  s.now += 30_000;
  const last = s.server.poll(second.cursor!);
  expect([types(last), last.cursor]).toEqual([['BOOKMARK'], undefined]);
});

test('__proto__ and constructor are ordinary keys', () => {
  const body = JSON.parse('{"metadata":{"name":"p","labels":{"constructor":"x"}},"data":{"__proto__":"v","constructor":"w"}}') as object;
  const created = s.ok<KubeObject & { data: object }>('POST', CM, body);
  expect(JSON.stringify(created.data)).toBe('{"__proto__":"v","constructor":"w"}');
  expect(message(s.request('POST', `${CM}?fieldValidation=Strict`, JSON.parse('{"metadata":{"name":"q"},"__proto__":{"x":1}}')))).toContain(
    'unknown field "__proto__"',
  );
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('the paths there are', async () => {
  const { paths } = JSON.parse((await testServer()).ok('GET', '/') as unknown as string) as { readonly paths: readonly string[] };
  expect(paths.slice(0, 6)).toEqual(['/.well-known/openid-configuration', '/api', '/api/v1', '/apis', '/apis/', '/apis/admissionregistration.k8s.io']);
  expect(paths).toContain('/apis/batch/v1');
});
