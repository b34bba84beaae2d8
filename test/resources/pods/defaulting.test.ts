/** Recorded pods, less what admission adds to them: the kind's own part of what the server stores. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/object.js';
import { formatQuantity, quantity } from '../../../src/api/quantity.js';
import { strategy } from '../../../src/resources/pods/strategy.js';
import type { Pod } from '../../../src/resources/pods/types.js';
import { fakeContext } from '../fake-cluster.js';

const folder = new URL('../../golden/defaulting/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
/** kubectl reads YAML 1.1, where 0400 is octal. */
const parse = (file: string): KubeObject => JSON.parse(JSON.stringify(load(read(file).replace(/ode: 0(\d)/g, 'ode: 0o$1')))) as KubeObject;
const names = readdirSync(folder).flatMap((file) => (/^pod-.*\.in\.yaml$/.test(file) ? [file.slice(0, -'.in.yaml'.length)] : []));

type Fields = Record<string, unknown>;

/** What decoding does: quantities become canonical, empty fields go. */
function decode(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => decode(entry));
  if (typeof value !== 'object' || value === null) return value;
  const isResources = key === 'limits' || key === 'requests' || key === 'overhead';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== '')
      .map(([name, entry]) => [name, isResources ? formatQuantity(quantity(entry as string)) : decode(entry, name)]),
  );
}

/** Less the token volume, the tolerations, the account and the priority that admission plugins add. */
function withoutAdmission(pod: Fields, sent: Fields): Fields {
  const { priority: _, preemptionPolicy: __, serviceAccount: ___, serviceAccountName: ____, tolerations, volumes, ...spec } = pod.spec as Fields;
  const wrote = sent.spec as Fields;
  const isToken = (entry: Fields): boolean => String(entry.name).startsWith('kube-api-access');
  const isAdded = (entry: Fields): boolean => String(entry.key).startsWith('node.kubernetes.io/') && entry.tolerationSeconds === 300;
  const kept = (list: unknown, drop: (entry: Fields) => boolean, name: string): Fields => {
    const rest = ((list ?? []) as Fields[]).filter((entry) => !drop(entry));
    return rest.length > 0 || wrote[name] !== undefined ? { [name]: rest } : {};
  };
  const containers = (list: unknown): unknown =>
    (list as Fields[] | undefined)?.map(({ volumeMounts, ...container }) => {
      const rest = ((volumeMounts ?? []) as Fields[]).filter((mount) => !isToken(mount));
      return rest.length === 0 ? container : { ...container, volumeMounts: rest };
    });
  return {
    ...pod,
    spec: {
      ...spec,
      ...(wrote.preemptionPolicy === undefined ? {} : { preemptionPolicy: wrote.preemptionPolicy }),
      ...(wrote.serviceAccount || wrote.serviceAccountName
        ? { serviceAccount: (pod.spec as Fields).serviceAccount, serviceAccountName: (pod.spec as Fields).serviceAccountName }
        : {}),
      ...kept(tolerations, isAdded, 'tolerations'),
      ...kept(volumes, isToken, 'volumes'),
      containers: containers(spec.containers),
      ...(spec.initContainers === undefined ? {} : { initContainers: containers(spec.initContainers) }),
    },
  };
}

/** Empty lists are not printed. */
const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, entry) => (Array.isArray(entry) && entry.length === 0 ? undefined : entry));

test.each(names)('%s', (name) => {
  const sent = parse(`${name}.in.yaml`) as unknown as Fields;
  const expected = parse(`${name}.out.yaml`) as unknown as Fields;
  const metadata = expected.metadata as KubeObject['metadata'];
  const defaulted = strategy.defaults(decode(sent) as Pod);
  const stamped = {
    ...defaulted,
    metadata: {
      uid: '<uid>',
      creationTimestamp: '<time>',
      resourceVersion: '<rv>',
      namespace: 'default',
      generation: 1,
      name: metadata.name as string,
      ...defaulted.metadata,
    },
  };
  const prepared = strategy.prepareForCreate?.(stamped, fakeContext([], 0)) as Pod;
  // A token volume without an account is what admission would have prevented.
  const account = { ...prepared, spec: { ...prepared.spec, serviceAccountName: 'default' } };
  expect(strategy.validate(account)).toEqual([]);
  const stderr = existsSync(new URL(`${name}.stderr.txt`, folder)) ? read(`${name}.stderr.txt`) : '';
  expect([...(strategy.earlyWarnings?.(prepared) ?? []), ...(strategy.warnings?.(prepared) ?? [])].map((text) => `Warning: ${text}\n`).join('')).toBe(stderr);
  const stored = strategy.allocate?.(prepared, undefined, fakeContext([], 0)) as unknown as Fields;
  const masked = JSON.parse(JSON.stringify(stored).replaceAll('"1970-01-01T00:00:00Z"', '"<time>"')) as Fields;
  expect(clean(masked)).toEqual(clean(withoutAdmission(expected, sent)));
});
