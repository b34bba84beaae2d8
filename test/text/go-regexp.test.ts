import { describe, expect, test } from 'vitest';
import { parseGoRegExp } from '../../src/text/go-regexp.js';

describe('what matches in Go matches', () => {
  test.each([
    ['^[a-z0-9]+\\-\\_\\@$', 'a1-_@', 'a1'],
    ['^[\\w-.]+$', 'a-b.c', 'a/b'],
    ['^{a}]$', '{a}]', 'a'],
    ['^[]a]+$', 'a]', '^'],
    ['^[[:alpha:][:digit:]]+$', 'a1', 'a:'],
    ['^[[:^space:]]+$', 'a-1', 'a 1'],
    ['^\\pL\\p{Nd}\\P{Greek}$', 'é1a', 'é1λ'],
    ['\\A(?P<year>\\d{4})(?<rest>.*)\\z', '2024-01', '202'],
    ['(?i)^kube(?-i:Let)$', 'KUBELet', 'kubelet'],
    ['^(?i:[a-c]x)y$', 'BXy', 'BXY'],
    ['a.b', 'a\rb', 'a\nb'],
    ['(?s)a.b', 'a\nb', 'ab'],
    ['(?m)^b$', 'a\nb\nc', 'abc'],
    ['\\Qa.b\\E+$', 'a.bb', 'axb'],
    ['^\\x{41}\\x42\\103$', 'ABC', 'abc'],
    ['^\\s$', '\n', '\v'],
    ['^a{,2}$', 'a{,2}', 'aa'],
  ])('%s', (pattern, fits, fitsNot) => {
    const parsed = parseGoRegExp(pattern) as RegExp;
    expect([parsed.test(fits), parsed.test(fitsNot)]).toEqual([true, false]);
  });
});

test('the less greedy the more is asked for', () => {
  expect((parseGoRegExp('(?U)a+') as RegExp).exec('aaa')?.[0]).toBe('a');
  expect((parseGoRegExp('(?U)a+?') as RegExp).exec('aaa')?.[0]).toBe('aaa');
});

/** As regexp.Compile says it. */
test.each([
  ['*a', 'missing argument to repetition operator: `*`'],
  ['(?:+?)', 'missing argument to repetition operator: `+?`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['a+{2}?', 'invalid nested repetition operator: `+{2}?`'],
  ['a{2000}?', 'invalid repeat count: `{2000}`'],
  ['a{3,2}', 'invalid repeat count: `{3,2}`'],
  ['(a', 'missing closing ): `(a`'],
  ['a)b', 'unexpected ): `a)b`'],
  ['x[a-', 'missing closing ]: `[a-`'],
  ['[z-a]', 'invalid character class range: `z-a`'],
  ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
  ['\\p{Nope}x', 'invalid character class range: `\\p{Nope}`'],
  ['a\\', 'trailing backslash at end of expression: ``'],
  ['\\8', 'invalid escape sequence: `\\8`'],
  ['[\\y]', 'invalid escape sequence: `\\y`'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['(?!a)', 'invalid or unsupported Perl syntax: `(?!`'],
  ['(?<=a)b', 'invalid named capture: `(?<=a)b`'],
  ['(?P<a b>c)', 'invalid named capture: `(?P<a b>`'],
])('%s is none', (pattern, problem) => {
  expect(parseGoRegExp(pattern)).toEqual({ problem: `error parsing regexp: ${problem}` });
});
