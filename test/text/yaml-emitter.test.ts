/** Our YAML against the real kubectl's, where there is one; fixed cases everywhere. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys, emitYaml } from '../../src/text/yaml-emitter.js';

const kubectl = ['/usr/lib/google-cloud-sdk/bin/kubectl.1.33'].find((path) => existsSync(path));

const awkward = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      '~',
      'null',
      'y',
      'No',
      'on',
      'true',
      '.nan',
      '-.inf',
      '+.Inf',
      '1',
      '0x1F',
      '0x',
      '0b2',
      '0b11',
      '017',
      '08',
      '0o17',
      '1_000',
      '+1',
      '-',
      '--',
      '.5',
      '.',
      '1.',
      '1e3',
    ],
    ...[
      '1e999',
      'e1',
      '1a',
      '12:30',
      '60:60',
      '1:60',
      '190:20:30.15',
      '2026-01-01',
      '2026-1-1',
      '2026-13-01',
      '2026-02-29',
      '2026-01-01T00:00:00Z',
      '2026-01-01 10:11:12',
      '1.2.3',
    ],
    ...[
      '=',
      '<<',
      '---',
      '--- a',
      '...',
      '- a',
      '-a',
      '? a',
      '?a',
      ': a',
      ':a',
      'a: b',
      'a:',
      'a:b',
      'a #b',
      '#a',
      'a#b',
      "it's",
      '"q"',
      '@a',
      '`a',
      '%a',
      '!a',
      '&a',
      '*a',
      '|',
      '>',
      '[a]',
    ],
    ...[
      '{a: b}',
      ' a',
      'a ',
      'a\t',
      '\ta',
      'a\tb',
      'a\nb',
      'a\n',
      '\n',
      '\n\n',
      'a\n\n',
      ' a\nb',
      'a\n b',
      'a \nb',
      'a\nb ',
      '\na',
      'a\rb',
      'a\r\nb',
      'é',
      'a\u00a0b',
      'a\u2028b',
      '\ufeffa',
      '😀',
      'a\u0001b',
    ],
    ...[
      '99999999999999999999',
      '0xFFFFFFFFFFFFFFFFFF',
      '-9223372036854775809',
      'x'.repeat(200),
      `${'word '.repeat(40)}end`,
      `'${'word  two '.repeat(20)}`,
      `"\t${'word  two '.repeat(20)}`,
    ],
  ),
  fc.string({ unit: fc.constantFrom(...'ab01 -:#\'"\n,.\\/é_\t'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', ' ', 'word', "'", ': ', '#', '\t'), maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => !/[\u007f-\u0084\u0086-\u009f\ufffe\uffff\u{10000}-\u{10ffff}]/u.test(text)),
);
/** Upstream's order of keys has circles around zeros (`017` < `0o17` < `1.` < `017`), and then follows Go's random order of maps. */
const awkwardKey = awkward.filter((key) => !key.includes('0'));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    awkward,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('any'), { maxLength: 4 }),
  map: fc.dictionary(awkwardKey, tie('any'), { maxKeys: 4, noNullPrototype: true }),
})).any;

test.skipIf(kubectl === undefined)(
  'a thousand random values print as kubectl prints them',
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'yaml-'));
    const file = join(directory, 'in.json');
    fc.assert(
      fc.property(fc.array(value, { minLength: 40, maxLength: 40 }), (values) => {
        const object = {
          apiVersion: 'example.com/v1',
          kind: 'Thing',
          metadata: { labels: { l: 'v' }, name: 'x' },
          values: JSON.parse(JSON.stringify(values)) as unknown,
        };
        writeFileSync(file, JSON.stringify(object));
        const real = execFileSync(kubectl as string, ['label', '--local', '--overwrite', '-f', file, '-o', 'yaml', 'l=v'], {
          env: { HOME: directory },
          encoding: 'utf8',
        });
        expect(emitYaml(object)).toBe(real);
      }),
      { numRuns: 30 },
    );
  },
  60_000,
);

describe('emitted values', () => {
  const cases: readonly [string, unknown, string][] = [
    ['empty map', {}, '{}\n'],
    ['empty list', [], '[]\n'],
    ['scalar', 'a', 'a\n'],
    ['number', 3, '3\n'],
    ['list under a key stands at its column', { args: ['a', 'b'] }, 'args:\n- a\n- b\n'],
    ['list in a list', [['a', 'b'], []], '- - a\n  - b\n- []\n'],
    ['map in a list', { c: [{ name: 'a', image: 'b' }] }, 'c:\n- image: b\n  name: a\n'],
    ['deep', { a: { b: { c: [{ d: {} }] } } }, 'a:\n  b:\n    c:\n    - d: {}\n'],
    ['undefined is left out', { a: undefined, b: null }, 'b: null\n'],
    ['words', { y: 'yes', n: '1' }, '"n": "1"\n"y": "yes"\n'],
    ['literal', { a: 'x\ny\n', b: 'x\ny', c: 'x\n\n' }, 'a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |+\n  x\n\n'],
    ['literal with leading blank', { a: ' x\ny\n' }, 'a: |2\n   x\n  y\n'],
    ['long key', { ['k'.repeat(129)]: ['a'] }, `? ${'k'.repeat(129)}\n: - a\n`],
    ['folded', { a: `${'word '.repeat(20)}end` }, `a: ${'word '.repeat(15)}word\n  word word word word end\n`],
    ['emoji', { a: '😀' }, 'a: "\\U0001F600"\n'],
  ];
  for (const [name, input, output] of cases) test(name, () => expect(emitYaml(input)).toBe(output));

  test('control characters are refused as kubectl refuses them', () => {
    expect(() => emitYaml({ a: 'x\u0080' })).toThrow('yaml: control characters are not allowed');
  });
});

test('natural key order', () => {
  const sorted = ['1', '2', '10', 'A', 'a', 'a1', 'a2', 'a10', 'b', 'v1', 'v2', 'v10', 'v1beta1', 'z.b', 'za'];
  expect([...sorted].reverse().sort(compareKeys)).toEqual(sorted);
});
