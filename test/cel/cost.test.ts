/** What rules are estimated to cost, as apiextensions-apiserver's own table has it: of unlimited values, and of limited ones. */
import { expect, test } from 'vitest';
import { compileCel } from '../../src/cel/cel.js';
import { extentOf } from '../../src/resources/customresourcedefinitions/cel-sizes.js';
import { typeBySchema } from '../../src/resources/customresourcedefinitions/cel-values.js';
import type { CustomSchema } from '../../src/resources/customresourcedefinitions/custom-schema.js';

type Limited = (most: number | undefined) => CustomSchema;
type Limits = 'maxItems' | 'maxLength' | 'maxProperties';

const limit = (name: Limits, most: number | undefined): CustomSchema => (most === undefined ? {} : { [name]: most });
function simple(type: string): CustomSchema {
  if (type === 'int-or-string') return { 'x-kubernetes-int-or-string': true };
  return ['duration', 'date', 'date-time', 'byte'].includes(type) ? { type: 'string', format: type } : { type };
}
const text = (most?: number): CustomSchema => ({ type: 'string', ...limit('maxLength', most) });
const listOf =
  (item: CustomSchema | string): Limited =>
  (most) => ({ type: 'array', items: typeof item === 'string' ? simple(item) : item, ...limit('maxItems', most) });
const mapOf =
  (value: CustomSchema | string): Limited =>
  (most) => ({ type: 'object', additionalProperties: typeof value === 'string' ? simple(value) : value, ...limit('maxProperties', most) });
const objectOf = (properties: Readonly<Record<string, CustomSchema>>, required: readonly string[] = []): CustomSchema => ({
  type: 'object',
  properties,
  required,
});
const PAIR = objectOf({ required: text(), optional: text() }, ['required']);
const MAPS = mapOf('number')(undefined);
const LISTS = listOf('number')(undefined);
const texts: Limited = (most) => ({ type: 'array', items: text(most), ...limit('maxItems', most) });
const OVER = 'over';

const CASES: readonly (readonly [schema: Limited, rule: string, unlimited: number | typeof OVER, most: number, limited: number])[] = [
  [listOf('number'), 'self.all(x, true)', 4718591, 10, 32],
  [listOf('string'), 'self.all(x, true)', 3145727, 20, 62],
  [listOf('boolean'), 'self.all(x, true)', 1887437, 5, 17],
  [listOf(LISTS), 'self.all(x, true)', 3145727, 100, 302],
  [listOf(PAIR), 'self.all(x, true)', 555128, 50, 152],
  [mapOf('number'), 'self.all(x, true)', 1348169, 10, 32],
  [mapOf('string'), 'self.all(x, true)', 1179647, 3, 11],
  [mapOf('boolean'), 'self.all(x, true)', 943718, 100, 302],
  [text, "self.contains('test')", 314574, 10, 5],
  [text, "self.startsWith('test')", 2, 15, 2],
  [text, "self.endsWith('test')", 2, 30, 2],
  [text, 'size(self + "hello") > size("hello")', 314578, 4, 7],
  [listOf('number'), 'self[1] == 0.0', 2, 5000, 2],
  [listOf('string'), 'self[1] == self[1]', 314577, 8, 314577],
  [listOf('number'), 'self.all(x, self.all(y, true))', OVER, 10, 352],
  [listOf('number'), 'self.all(x, self.all(y, self.all(z, true)))', OVER, 10, 3552],
  [text, 'self.matches("x")', 314574, 50, 22],
  [text, '"".matches("(((((((((())))))))))[0-9]")', 7, 10, 7],
  [text, 'self.matches("")', 1, 100, 1],
  [(most) => mapOf(text(most))(most), 'self.all(x, x.contains(self[x]))', 2752507, 10, 72],
  [listOf('number'), 'self[3] == 0.0', 2, 0, 2],
  [mapOf('number'), 'self["x"] == 0.0', 2, 0, 2],
  [text, 'self == "x"', 2, 0, 1],
  [(most) => ({ ...simple('byte'), ...limit('maxLength', most) }), 'self == b"x"', 2, 0, 1],
  [listOf('number'), 'self.all(x, x == 0.0)', 6291454, 3 * 1024 * 2048, 25165826],
  [(most) => listOf(mapOf(PAIR)(most))(most), 'self.all(x, x["y"].required == "z")', 7340027, 10, 72],
  [(most) => listOf(mapOf(PAIR)(most))(undefined), 'self.all(x, x["y"].required == "z")', 7340027, 10, 7340027],
  [listOf('int-or-string'), 'self.all(x, true)', 4718591, 10, 32],
  [listOf('int-or-string'), 'self[0] == 5', 3, 10, 3],
  [listOf('boolean'), 'self[0] == false', 2, 25, 2],
  [listOf(PAIR), 'self[0] == null', 2, 422, 2],
  [listOf(LISTS), 'self[0][0] == -1.0', 3, 51, 3],
  [listOf(MAPS), 'self.all(x, x.y == 25.2)', 6291452, 12, 74],
  [listOf(MAPS), 'self[0].x > 2.0', 4, 3000, 4],
  [listOf('duration'), 'self.all(x, true)', 2359295, 5, 17],
  [listOf('duration'), 'self[0].getHours() == 2', 4, 525, 4],
  [listOf('date'), 'self.all(x, true)', 725936, 15, 47],
  [listOf('date'), 'self[2].getDayOfMonth() == 13', 4, 42, 4],
  [listOf('date-time'), 'self.all(x, true)', 428963, 25, 77],
  [listOf('date-time'), 'self[2].getMinutes() == 45', 4, 99, 4],
  [mapOf('int-or-string'), 'self.all(x, true)', 1348169, 15, 47],
  [mapOf(PAIR), 'self.all(x, true)', 428963, 20, 62],
  [mapOf(MAPS), 'self.all(x, true)', 1179647, 10, 32],
  [mapOf(LISTS), 'self.all(x, true)', 1179647, 25, 77],
  [mapOf('duration'), 'self.all(x, true)', 1048577, 5, 17],
  [mapOf('date'), 'self.all(x, true)', 524288, 10, 32],
  [mapOf('date-time'), 'self.all(x, true)', 349526, 25, 77],
  [text, "self.find('[0-9]+') == ''", 629147, 10, 11],
  [texts, "self.join(' ') == 'aa bb'", 329853068905, 10, 43],
  [texts, 'self.isSorted() == true', 329854432052, 10, 52],
  [(most) => objectOf({ str: text(most), before: text(2), after: text(4) }), "self.str.replace(self.before, self.after) == 'does not matter'", 629154, 4, 12],
  [(most) => objectOf({ str: text(most), separator: text(most) }), 'self.str.split(self.separator) == []', 629160, 10, 22],
  [text, "self.lowerAscii() == 'lower!'", 314575, 10, 6],
  [mapOf('integer'), 'oldSelf.size() == self.size()', 5, 10, 5],
  [mapOf('date-time'), 'self["a"] == self["b"]', 8, 7, 8],
  [mapOf('duration'), 'self["c"] == self["d"]', 8, 42, 8],
  [(most) => ({ ...text(most), enum: ['A', 'B', 'C', 'LongValue'] }), "self.contains('A')", 2, 1000, 401],
  [(most) => ({ ...simple('int-or-string'), ...limit('maxLength', most) }), 'isQuantity(self)', 314574, 20, 9],
];

test.each(CASES.map((one, i) => [`${i} ${one[1]}`, one] as const))('%s', (_, [schema, rule, unlimited, most, limited]) => {
  const cost = (of: CustomSchema): number => {
    const self = typeBySchema(of);
    const program = compileCel(rule, { self, oldSelf: self });
    const extent = extentOf(of);
    if ('problem' in program || extent === undefined) throw new Error(rule);
    return program.cost(extent);
  };
  if (unlimited === OVER) expect(cost(schema(undefined))).toBeGreaterThan(10_000_000);
  else expect(cost(schema(undefined))).toBe(unlimited);
  expect(cost(schema(most))).toBe(limited);
});
