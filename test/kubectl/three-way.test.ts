/** Three-way patches as a table: what was applied, what is to be, what there is. The cases are those of apimachinery's strategicpatch. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/api/object.js';
import type { PatchType } from '../../src/kubectl/patch-schema.js';
import { threeWayStrategic } from '../../src/kubectl/three-way.js';

const type: PatchType = { items: { mergeKey: 'name', type: {} }, words: { mergeKey: '' } };

interface Case {
  readonly name: string;
  readonly original: JsonObject;
  readonly modified: JsonObject;
  readonly current: JsonObject;
  readonly patch: JsonObject;
}

const cases: readonly Case[] = [
  {
    name: 'a field leaves the first item and another changes: both in the order of the list',
    original: { items: [{ name: 'a', value: '1' }, { name: 'b' }] },
    modified: { items: [{ name: 'a' }, { name: 'b', value: '2' }] },
    current: {
      items: [
        { name: 'a', value: '1' },
        { name: 'b', other: 'x' },
      ],
    },
    patch: {
      '$setElementOrder/items': [{ name: 'a' }, { name: 'b' }],
      items: [
        { name: 'a', value: null },
        { name: 'b', value: '2' },
      ],
    },
  },
  {
    name: 'an item leaves and another comes: deletions last',
    original: { items: [{ name: 'a' }, { name: 'b' }] },
    modified: { items: [{ name: 'b' }, { name: 'c' }] },
    current: { items: [{ name: 'a' }, { name: 'b' }, { name: 'd' }] },
    patch: {
      '$setElementOrder/items': [{ name: 'b' }, { name: 'c' }],
      items: [{ name: 'c' }, { name: 'a', $patch: 'delete' }],
    },
  },
  {
    name: 'nothing is left to be ordered',
    original: { items: [{ name: 'a' }] },
    modified: { items: [] },
    current: { items: [{ name: 'a', other: 'x' }] },
    patch: { items: [{ name: 'a', $patch: 'delete' }] },
  },
  {
    name: 'words of a set',
    original: { words: ['a', 'b'] },
    modified: { words: ['b', 'c'] },
    current: { words: ['a', 'b', 'd'] },
    patch: { '$setElementOrder/words': ['b', 'c'], words: ['c'], '$deleteFromPrimitiveList/words': ['a'] },
  },
];

test.each(cases)('$name', ({ original, modified, current, patch }) => {
  expect(threeWayStrategic(original, modified, current, type)).toEqual(patch);
});
