/** Whatever is sent, the server answers: valid manifests with random damage, odd paths, odd headers. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import { manifests } from '../harness/manifests.js';
import { type TestServer, testServer, withNamespaces } from './harness.js';

const seeds = manifests();

let s: TestServer;
beforeAll(async () => {
  s = withNamespaces(await testServer(), 'default');
});

const ODD: readonly unknown[] = [
  null,
  {},
  [],
  '',
  0,
  -1,
  1.5,
  2 ** 40,
  true,
  'x',
  'a/b',
  '100%',
  '-1',
  '1Gi',
  '2026-01-01T00:00:00Z',
  [null],
  [{}],
  { a: null },
  { name: 'x' },
  '__proto__',
  '\u0000',
  'ß'.repeat(300),
];

/** Where in a value: by keys and indexes taken modulo what is there. */
function damage(value: unknown, steps: readonly number[], odd: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== 'object' || value === null) return odd;
  if (Array.isArray(value)) {
    if (value.length === 0) return [odd];
    const at = step % value.length;
    return value.map((item: unknown, i) => (i === at ? damage(item, rest, odd) : item));
  }
  const keys = Object.keys(value);
  const key = keys[step % (keys.length + 1)];
  if (key === undefined) return { ...value, [['foo', 'name', 'spec', '__proto__', 'metadata'][step % 5] as string]: odd };
  return { ...value, [key]: damage((value as Record<string, unknown>)[key], rest, odd) };
}

const hurt = fc.array(fc.tuple(fc.array(fc.nat(30), { maxLength: 7 }), fc.constantFrom(...ODD)), { minLength: 1, maxLength: 3 });

for (const { name, object, names } of seeds) {
  const path = `${names.group === '' ? '/api' : `/apis/${names.group}`}/${names.version}${names.namespaced ? '/namespaces/default' : ''}/${names.plural}`;
  test(`damaged ${name}`, () => {
    fc.assert(
      fc.property(hurt, (damages) => {
        const body = damages.reduce((value: unknown, [steps, odd]) => damage(value, steps, odd), JSON.parse(JSON.stringify(object)) as unknown);
        const created = s.request('POST', `${path}?dryRun=All`, body);
        expect(created.status).toBeLessThan(500);
        const { name: given = 'x' } = object.metadata;
        const applied = s.request('PATCH', `${path}/${given}?fieldManager=f&force=true&dryRun=All`, body, { 'content-type': 'application/apply-patch+yaml' });
        // What is no value of its kind is upstream's one refusal without a reason.
        if (applied.status === 500) expect((applied.body as Status).message).toMatch(/^failed to create typed patch object/);
        else expect(applied.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });
}

test('damaged patches and updates of what is there', () => {
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: 'b' }] }] } };
  s.ok('POST', '/api/v1/namespaces/default/pods', pod);
  const types = ['application/strategic-merge-patch+json', 'application/merge-patch+json', 'application/json-patch+json', 'application/apply-patch+yaml'];
  const operations = [
    { op: 'replace', path: '/spec/containers/0/image', value: 'y' },
    { op: 'test', path: '/metadata/name', value: 'p' },
  ];
  fc.assert(
    fc.property(hurt, fc.constantFrom(...types), (damages, type) => {
      const start: unknown = type.startsWith('application/json-patch') ? operations : pod;
      const body = damages.reduce((value: unknown, [steps, odd]) => damage(value, steps, odd), JSON.parse(JSON.stringify(start)) as unknown);
      for (const at of ['', '/status', '/resize', '/ephemeralcontainers'])
        s.request('PATCH', `/api/v1/namespaces/default/pods/p${at}?fieldManager=f&dryRun=All`, body, { 'content-type': type });
      s.request('PUT', '/api/v1/namespaces/default/pods/p?dryRun=All', body);
    }),
    { numRuns: 400 },
  );
});

test('odd paths and headers', () => {
  const piece = fc.constantFrom(
    'api',
    'apis',
    'v1',
    'apps',
    'namespaces',
    'default',
    'pods',
    'p',
    'status',
    'log',
    'scale',
    'watch',
    '%00',
    '%zz',
    '..',
    '',
    'nodes',
    '*',
    'a'.repeat(300),
  );
  const query = fc.constantFrom(
    '',
    '?watch=true',
    '?limit=x',
    '?continue=abc',
    '?labelSelector=((',
    '?fieldSelector=a',
    '?resourceVersion=-1',
    '?dryRun=x',
    '?timeoutSeconds=x',
    '?a=%zz&&=',
  );
  const accept = fc.constantFrom('', '*/*', 'application/json;as=Table;v=v1;g=meta.k8s.io', ';;;,,=', 'text/html');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      query,
      accept,
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE' as const),
      (pieces, search, header, method) => {
        if (pieces.includes('log') || pieces.includes('default')) return;
        const { status } = s.request(method as 'GET', `/${pieces.join('/')}${search}`, method === 'GET' ? undefined : {}, { accept: header });
        expect(status).toBeGreaterThanOrEqual(200);
      },
    ),
    { numRuns: 3000 },
  );
});
