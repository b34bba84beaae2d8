/** JSON patch, merge patch and strategic merge patch as tables. */
import { beforeAll, describe, expect, test } from 'vitest';
import { goValue } from '../../src/api/json-data.js';
import { applyJsonPatch } from '../../src/api/json-patch.js';
import type { Json } from '../../src/api/object.js';
import type { Schemas } from '../../src/api/resource.js';
import { mergePatch } from '../../src/apiserver/patch/merge-patch.js';
import { strategicMergePatch } from '../../src/apiserver/patch/strategic-merge.js';
import { loadSchemas } from './harness.js';

let schemas: Schemas;
beforeAll(async () => {
  schemas = await loadSchemas();
});

interface Case {
  readonly name: string;
  readonly of: unknown;
  readonly patch: unknown;
  /** A string: the error's text. */
  readonly gives: unknown;
}

/** The texts are what `kubectl patch --local --type json` of 1.33 says. */
const json: readonly Case[] = [
  { name: 'add to a map', of: { a: 1 }, patch: [{ op: 'add', path: '/b', value: 2 }], gives: { a: 1, b: 2 } },
  { name: 'add replaces', of: { a: 1 }, patch: [{ op: 'add', path: '/a', value: 2 }], gives: { a: 2 } },
  { name: 'add to the end of a list', of: { a: [1] }, patch: [{ op: 'add', path: '/a/-', value: 2 }], gives: { a: [1, 2] } },
  { name: 'insert into a list', of: { a: [1, 3] }, patch: [{ op: 'add', path: '/a/1', value: 2 }], gives: { a: [1, 2, 3] } },
  {
    name: 'beyond the end',
    of: { a: [1] },
    patch: [{ op: 'add', path: '/a/2', value: 2 }],
    gives: "error in add for path: '/a/2': Unable to access invalid index: 2: invalid index referenced",
  },
  { name: 'remove', of: { a: [1, 2] }, patch: [{ op: 'remove', path: '/a/0' }], gives: { a: [2] } },
  {
    name: 'remove what is not there',
    of: {},
    patch: [{ op: 'remove', path: '/a' }],
    gives: "error in remove for path: '/a': Unable to remove nonexistent key: a: missing value",
  },
  { name: 'replace sets what is not there', of: {}, patch: [{ op: 'replace', path: '/a', value: 1 }], gives: { a: 1 } },
  {
    name: 'add below what is not there',
    of: {},
    patch: [{ op: 'add', path: '/a/b', value: 1 }],
    gives: 'add operation does not apply: doc is missing path: "/a/b": missing value',
  },
  { name: 'move', of: { a: 1, b: [2] }, patch: [{ op: 'move', from: '/a', path: '/b/0' }], gives: { b: [1, 2] } },
  { name: 'copy', of: { a: { x: 1 } }, patch: [{ op: 'copy', from: '/a', path: '/b' }], gives: { a: { x: 1 }, b: { x: 1 } } },
  { name: 'test passes', of: { a: { x: [1] } }, patch: [{ op: 'test', path: '/a', value: { x: [1] } }], gives: { a: { x: [1] } } },
  { name: 'test fails', of: { a: 1 }, patch: [{ op: 'test', path: '/a', value: 2 }], gives: 'testing value /a failed: test failed' },
  { name: 'escapes', of: { 'a/b': { 'c~d': 1 } }, patch: [{ op: 'replace', path: '/a~1b/c~0d', value: 2 }], gives: { 'a/b': { 'c~d': 2 } } },
  { name: 'an unknown operation', of: {}, patch: [{ op: 'foo', path: '/a' }], gives: 'Unexpected kind: foo' },
  { name: 'no path', of: {}, patch: [{ op: 'add' }], gives: 'add operation failed to decode path: missing value' },
  { name: 'the empty path', of: {}, patch: [{ op: 'add', path: '', value: 1 }], gives: 'add operation does not apply: doc is missing path: "": missing value' },
  {
    name: 'a path without a slash',
    of: {},
    patch: [{ op: 'add', path: 'zz', value: 1 }],
    gives: 'add operation does not apply: doc is missing path: "zz": missing value',
  },
  { name: 'no operation', of: {}, patch: [5], gives: 'json: cannot unmarshal number into Go value of type jsonpatch.Operation' },
  { name: 'no from', of: {}, patch: [{ op: 'copy', path: '/a' }], gives: 'copy operation failed to decode from: operation, missing from field: missing value' },
  {
    name: 'move what is not there',
    of: {},
    patch: [{ op: 'move', from: '/k', path: '/a' }],
    gives: "error in move for path: 'k': Unable to remove nonexistent key: k: missing value",
  },
  { name: 'no list', of: {}, patch: { a: 1 }, gives: 'json: cannot unmarshal object into Go value of type jsonpatch.Patch' },
];

const merge: readonly Case[] = [
  { name: 'sets and deletes', of: { a: 1, b: 2 }, patch: { a: null, c: { d: null, e: 1 } }, gives: { b: 2, c: { e: 1 } } },
  { name: 'replaces lists', of: { a: [1, 2] }, patch: { a: [3] }, gives: { a: [3] } },
  { name: 'members of items are not null either', of: { a: 1 }, patch: { a: [{ b: null, c: 1 }, null] }, gives: { a: [{ c: 1 }, null] } },
  { name: 'puts a map over a scalar', of: { a: 1 }, patch: { a: { b: 1 } }, gives: { a: { b: 1 } } },
  { name: 'no map', of: {}, patch: [], gives: 'json: cannot unmarshal array into Go value of type map[string]interface {}' },
];

const containers = (...items: readonly object[]) => ({ spec: { containers: items } });

const strategic: readonly Case[] = [
  {
    name: 'containers by name',
    of: containers({ name: 'a', image: '1' }, { name: 'b', image: '1' }),
    patch: containers({ name: 'b', image: '2' }),
    gives: containers({ name: 'a', image: '1' }, { name: 'b', image: '2' }),
  },
  {
    name: 'a new container goes to the front of what is not in the patch',
    of: containers({ name: 'a' }),
    patch: containers({ name: 'b', image: '2' }),
    gives: containers({ name: 'b', image: '2' }, { name: 'a' }),
  },
  {
    name: 'in the order given',
    of: containers({ name: 'a' }, { name: 'b' }),
    patch: { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }, { name: 'a' }], containers: [{ name: 'c', image: 'x' }] } },
    gives: containers({ name: 'b' }, { name: 'c', image: 'x' }, { name: 'a' }),
  },
  {
    name: 'an item in the place of a deleted one has its place among those that only the server has',
    of: containers({ name: 'a' }, { name: 'b' }, { name: 'd' }),
    patch: {
      spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }], containers: [{ name: 'c' }, { name: 'a', $patch: 'delete' }] },
    },
    gives: containers({ name: 'b' }, { name: 'd' }, { name: 'c' }),
  },
  {
    name: 'of two new items only one has the place of a deleted one',
    of: containers({ name: 'a' }, { name: 'd' }),
    patch: {
      spec: {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }],
        containers: [{ name: 'b' }, { name: 'c' }, { name: 'a', $patch: 'delete' }],
      },
    },
    gives: containers({ name: 'd' }, { name: 'b' }, { name: 'c' }),
  },
  {
    name: 'an item deleted',
    of: containers({ name: 'a' }, { name: 'b' }),
    patch: containers({ name: 'a', $patch: 'delete' }),
    gives: containers({ name: 'b' }),
  },
  {
    name: 'a list replaced',
    of: containers({ name: 'a' }, { name: 'b' }),
    patch: containers({ name: 'c' }, { $patch: 'replace' }),
    gives: containers({ name: 'c' }),
  },
  {
    name: 'a map replaced',
    of: { spec: { nodeSelector: { a: '1' } } },
    patch: { spec: { nodeSelector: { $patch: 'replace', b: '2' } } },
    gives: { spec: { nodeSelector: { b: '2' } } },
  },
  {
    name: 'args are replaced whole',
    of: containers({ name: 'a', args: ['x', 'y'] }),
    patch: containers({ name: 'a', args: ['z'] }),
    gives: containers({ name: 'a', args: ['z'] }),
  },
  {
    name: 'finalizers are a set',
    of: { metadata: { finalizers: ['a', 'b'] } },
    patch: { metadata: { finalizers: ['b', 'c'] } },
    gives: { metadata: { finalizers: ['a', 'b', 'c'] } },
  },
  {
    name: 'taken out of a set',
    of: { metadata: { finalizers: ['a', 'b'] } },
    patch: { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
    gives: { metadata: { finalizers: ['b'] } },
  },
  {
    name: 'keys retained',
    of: { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
    patch: { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] } },
    gives: { spec: { volumes: [{ name: 'v', configMap: { name: 'c' } }] } },
  },
  {
    name: 'null deletes, and is dropped from what is new',
    of: { spec: { a: 1 } },
    patch: { spec: { a: null, affinity: { nodeAffinity: null } } },
    gives: { spec: { affinity: {} } },
  },
  {
    name: 'ports by containerPort',
    of: containers({ name: 'a', ports: [{ containerPort: 80, name: 'http' }] }),
    patch: containers({ name: 'a', ports: [{ containerPort: 80, protocol: 'UDP' }, { containerPort: 81 }] }),
    gives: containers({ name: 'a', ports: [{ containerPort: 80, name: 'http', protocol: 'UDP' }, { containerPort: 81 }] }),
  },
  {
    name: 'without the merge key',
    of: containers({ name: 'a' }),
    patch: containers({ image: 'x' }),
    gives: 'map: map[image:x] does not contain declared merge key: name',
  },
  {
    name: 'an order that does not fit',
    of: containers({ name: 'a' }),
    patch: { spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'b' }] } },
    gives: "The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
  },
];

function check(cases: readonly Case[], apply: (of: unknown, patch: unknown) => unknown): void {
  for (const { name, of, patch, gives } of cases)
    test(name, () => {
      const before = JSON.stringify(of);
      if (typeof gives === 'string') expect(() => apply(of, patch)).toThrow(gives);
      else expect(apply(of, patch)).toEqual(gives);
      expect(JSON.stringify(of)).toBe(before);
    });
}

describe('json patch', () => check(json, (of, patch) => applyJsonPatch(of as Json, patch as Json)));
describe('merge patch', () => check(merge, mergePatch));
describe('strategic merge patch', () => check(strategic, (of, patch) => strategicMergePatch(of, patch, schemas, 'V1Pod')));

test("Go's maps", () => {
  expect(goValue({ b: [1, 'x', null], a: { c: true }, d: 1e21, e: 0.5 })).toBe('map[a:map[c:true] b:[1 x <nil>] d:1e+21 e:0.5]');
});
