/** Reading YAML: what the real kubectl made of documents sound and broken (recorded), and what nobody should be able to break. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/text/yaml.js';

const cases = JSON.parse(readFileSync(new URL('./cases/yaml.json', import.meta.url), 'utf8')) as readonly { yaml: string; error?: string; value?: unknown }[];

describe('as kubectl reads it', () => {
  cases.forEach(({ yaml, error, value }, i) => {
    test(`${i}: ${error ?? 'well-formed'}`, () => {
      const parsed = parseYaml(yaml);
      const got = 'error' in parsed ? { error: `${parsed.isJson === true ? '' : 'yaml: '}${parsed.error}` } : { value: parsed.value };
      expect(got).toEqual(error === undefined ? { value } : { error });
    });
  });
});

describe('words and numbers of YAML 1.1', () => {
  const values: readonly [string, unknown][] = [
    ['y', true],
    ['No', false],
    ['on', true],
    ['~', null],
    ['', null],
    ['010', 8],
    ['0o10', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['+1', 1],
    ['08', 8],
    ['1.', 1],
    ['.5', 0.5],
    ['1e3', 1000],
    ['12:30', '12:30'],
    ['2026-01-01', '2026-01-01'],
    ['"yes"', 'yes'],
    ["'010'", '010'],
    ['!!str 1', '1'],
    ['!!int "1"', 1],
    ['!!binary aGk=', 'hi'],
    ['=', '='],
    ['0x', '0x'],
    ['1a', '1a'],
  ];
  for (const [text, value] of values) test(text || 'nothing', () => expect(parseYaml(`a: ${text}`)).toEqual({ value: { a: value } }));
  test('keys become text', () => {
    expect(parseYaml('1: a\ntrue: b\n1.5: c\nx: d\nx: e')).toEqual({
      value: { '1': 'a', true: 'b', '1.5': 'c', x: 'e' },
      duplicates: 'yaml: unmarshal errors:\n  line 5: key "x" already set in map',
    });
  });
  test('documents without anything', () => {
    for (const text of ['', '\n', '# only a comment\n', '---\n', '--- # x\n']) expect(parseYaml(text)).toEqual({ value: null });
  });
});

describe('nothing breaks it', () => {
  test('__proto__ is a key like any other', () => {
    const parsed = parseYaml('__proto__: {polluted: 1}\nconstructor: 2') as { value: Record<string, unknown> };
    expect(Object.keys(parsed.value)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(parsed.value)).toBe(Object.prototype);
  });
  test('aliases upon aliases', () => {
    let text = 'a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n';
    for (let i = 1; i < 12; i++)
      text += `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(',')}]\n`;
    expect(parseYaml(text)).toEqual({ error: 'document contains excessive aliasing' });
    expect('value' in parseYaml(`a: &a [1,2]\nb:\n${'- *a\n'.repeat(10_000)}`)).toBe(true);
  });
  test('an anchor within itself', () => {
    expect(parseYaml('a: &x\n  b: *x')).toEqual({ error: "anchor 'x' value contains itself" });
  });
  test('depth', () => {
    expect(parseYaml('['.repeat(100_000))).toEqual({ error: 'exceeded max depth of 10000' });
    expect(parseYaml('{a: '.repeat(20_000))).toEqual({ error: 'exceeded max depth of 10000' });
  });
  test('control characters', () => {
    expect(parseYaml('a: \u0001')).toEqual({ error: 'control characters are not allowed' });
  });
  test('ten megabytes in a few seconds', () => {
    const text = `data:\n${Array.from({ length: 200_000 }, (_, i) => `  key${i}: "value ${i} with some more text"`).join('\n')}`;
    expect('value' in parseYaml(text)).toBe(true);
  });
});
