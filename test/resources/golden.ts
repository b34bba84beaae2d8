/** Runs recordings of a real 1.33 control plane against a kind's functions: what it stored (defaulting) and what kubectl printed (printing). */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { formatQuantity, quantity } from '../../src/api/quantity.js';
import type { AnyResource } from '../../src/api/resource.js';
import { parseTime, type Time } from '../../src/api/time.js';
import { indentedWriter } from '../../src/text/indented-writer.js';
import { TabWriter } from '../../src/text/tabwriter.js';
import { parseYaml } from '../../src/text/yaml.js';
import { fakeContext, fakeReader } from './fake-cluster.js';

const read = (path: string): string => readFileSync(new URL(`../golden/${path}`, import.meta.url), 'utf8');
/** Values the recording masks, and what the verbs (not the kind) fill in. */
const SYSTEM = { uid: '00000000-0000-4000-8000-000000000001', creationTimestamp: '<time>', resourceVersion: '<rv>' };

/** YAML 1.1, as kubectl reads it. */
function parse(text: string): KubeObject {
  const parsed = parseYaml(text);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.value as KubeObject;
}

/** `<name>.in.yaml` through defaulting and preparing must come out as `<name>.out.yaml`, with the warnings of `<name>.stderr.txt`. */
export function runDefaulting(resource: AnyResource, ...names: readonly string[]): void {
  describe('golden defaulting', () => {
    test.each(names)('%s', (name) => {
      const sent = decode(parse(read(`defaulting/${name}.in.yaml`))) as KubeObject;
      const expected = parse(read(`defaulting/${name}.out.yaml`));
      const { strategy, names: kind } = resource;
      const defaulted = strategy.defaults({ ...sent, metadata: { ...sent.metadata, ...(kind.namespaced ? { namespace: 'default' } : {}) } });
      const generation = strategy.hasGeneration ? { generation: 1 } : {};
      const expectedFinalizers = expected.metadata.finalizers;
      // Admission puts the protection finalizers of volumes and claims on before this.
      const finalizers = expectedFinalizers?.[0]?.endsWith('-protection') ? { finalizers: expectedFinalizers } : {};
      const named = { ...defaulted, metadata: { ...defaulted.metadata, ...SYSTEM, ...generation, ...finalizers } };
      const stored = strategy.prepareForCreate?.(named, fakeContext([])) ?? named;
      expect(strategy.validate(stored)).toEqual([]);
      const final = strategy.allocate?.(stored, undefined, fakeContext([])) ?? stored;
      expect(mask(JSON.parse(JSON.stringify(final)), expected)).toEqual(expected);
      const stderr = existsSync(new URL(`../golden/defaulting/${name}.stderr.txt`, import.meta.url)) ? read(`defaulting/${name}.stderr.txt`) : '';
      const warnings = [...(kind.deprecation === undefined ? [] : [kind.deprecation]), ...(strategy.warnings?.(stored) ?? [])];
      expect(warnings.map((text) => `Warning: ${text}\n`).join('')).toBe(stderr);
    });
  });
}

/** Maps of quantities, as they are decoded: canonical texts. */
const QUANTITIES = new Set(['capacity', 'hard', 'requests', 'limits', 'max', 'min', 'default', 'defaultRequest']);
function decode(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => decode(item));
  if (typeof value !== 'object' || value === null) return value;
  const isQuantities = QUANTITIES.has(field) && Object.values(value).every((item) => typeof item !== 'object');
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, isQuantities ? formatQuantity(quantity(item as string)) : decode(item, key)]));
}

/** `actual` with `<…>` wherever `expected` has that mask. */
export function mask(actual: unknown, expected: unknown): unknown {
  if (typeof expected === 'string' && /^<\w+>$/.test(expected)) return actual === undefined ? undefined : expected;
  if (Array.isArray(actual) && Array.isArray(expected)) return actual.map((item, i) => mask(item, expected[i]));
  if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null)
    return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, mask(value, (expected as Record<string, unknown>)[key])]));
  return actual;
}

/** The first object of `<name>.json`, as `get`, `get -o wide` and `describe` print it at `now`. The others are its events. */
export function runPrinting(resource: AnyResource, ...names: readonly string[]): void {
  describe('golden printing', () => {
    for (const name of names) {
      const { now: at, items: objects } = JSON.parse(read(`printing/${name}.json`)) as { now: string; items: readonly KubeObject[] };
      const now = parseTime(at) as Time;
      const object = objects[0] as KubeObject;
      test(`get ${name}`, () => {
        expect(table(resource, object, now, false)).toBe(read(`printing/${name}.get.txt`));
        expect(table(resource, object, now, true)).toBe(read(`printing/${name}.wide.txt`));
      });
      if (resource.describe !== undefined)
        test(`describe ${name}`, async () => {
          const out = indentedWriter();
          await resource.describe?.(object, fakeReader(objects), out, { showEvents: true, now });
          expect(out.text()).toBe(read(`printing/${name}.describe.txt`));
        });
    }
  });
}

function table({ columns }: AnyResource, object: KubeObject, now: Time, wide: boolean): string {
  let out = '';
  const tabs = new TabWriter(
    (text) => {
      out += text;
    },
    { minWidth: 6, tabWidth: 4, padding: 3 },
  );
  const shown = columns.filter(({ priority }) => wide || !priority);
  tabs.write(`${shown.map(({ name }) => name.toUpperCase()).join('\t')}\n`);
  tabs.write(`${shown.map((column) => column.cell(object, now)).join('\t')}\n`);
  tabs.flush();
  return out;
}
