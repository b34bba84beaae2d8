import { describe, expect, test } from 'vitest';
import { formatLabelSelector, formatSelector, matchesSelector, parseFieldSelector, parseSelector, type Selector, selectorOf } from '../../src/api/selectors.js';

const NAME_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('label selectors print canonically', () => {
  const cases: readonly [string, string][] = [
    ['', ''],
    ['a=b', 'a=b'],
    ['a==b', 'a=b'],
    ['b!=c,a=b', 'a=b,b!=c'],
    ['a in (y,x)', 'a in (x,y)'],
    ['a in (x)', 'a in (x)'],
    ['a in ()', 'a in ()'],
    ['a notin (x,y)', 'a notin (x,y)'],
    ['a', 'a'],
    ['!a', '!a'],
    [' a , ! b ', 'a,!b'],
    ['a=', 'a='],
    ['a=,b', 'a=,b'],
    ['a in (,x)', 'a in (,x)'],
    ['a in (x,,y)', 'a in (,x,y)'],
    ['a>1', 'a>1'],
    ['a < 10', 'a<10'],
    ['in=notin', 'in=notin'],
    ['app.kubernetes.io/name=web', 'app.kubernetes.io/name=web'],
    ['a!=', 'a!='],
  ];
  for (const [text, printed] of cases) test(text, () => expect(formatSelector(parseSelector(text) as Selector)).toBe(printed));
});

describe('label selectors that cannot be read', () => {
  const cases: readonly [string, string][] = [
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a in (x', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a,', "found '', expected: identifier after ','"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a in x', "unable to parse requirement: found 'x' expected: '('"],
    ['a in (=)', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ['a>x', "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"],
    ['-a=b', `unable to parse requirement: <nil>: Invalid value: "-a": ${NAME_RULE}`],
    ['a=-b', `unable to parse requirement: values[0][a]: Invalid value: "-b": ${VALUE_RULE}`],
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['a(b)', "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"],
  ];
  for (const [text, error] of cases) test(text, () => expect(parseSelector(text)).toEqual({ error }));
});

describe('matching', () => {
  const labels = { app: 'web', tier: 'front', n: '5' };
  const cases: readonly [string, boolean][] = [
    ['', true],
    ['app=web', true],
    ['app=db', false],
    ['app!=db', true],
    ['none!=db', true],
    ['app in (web,db)', true],
    ['app notin (web,db)', false],
    ['none notin (x)', true],
    ['none in (x)', false],
    ['app', true],
    ['!app', false],
    ['!none', true],
    ['n>4', true],
    ['n>5', false],
    ['n<6,app=web', true],
    ['app>1', false],
    ['toString', false],
    ['__proto__', false],
  ];
  for (const [text, answer] of cases)
    test(text, () => {
      const selector = parseSelector(text);
      if ('error' in selector) expect(text).toBe('__proto__');
      else expect(matchesSelector(selector, labels)).toBe(answer);
    });
  test('no labels at all', () => {
    expect(matchesSelector(parseSelector('a') as Selector, undefined)).toBe(false);
    expect(matchesSelector(parseSelector('!a') as Selector, undefined)).toBe(true);
  });
});

test('LabelSelector objects', () => {
  const selector = {
    matchLabels: { b: '1', a: '2' },
    matchExpressions: [
      { key: 'c', operator: 'In', values: ['y', 'x'] },
      { key: 'd', operator: 'Exists' },
      { key: 'e', operator: 'DoesNotExist' },
    ],
  };
  expect(formatLabelSelector(selector)).toBe('a=2,b=1,c in (x,y),d,!e');
  expect(formatLabelSelector({})).toBe('<none>');
  expect(formatLabelSelector(undefined)).toBe('<none>');
  expect(selectorOf(undefined)).toBeUndefined();
  expect(selectorOf({})).toEqual([]);
  expect(matchesSelector(selectorOf(selector) as Selector, { a: '2', b: '1', c: 'x', d: '' })).toBe(true);
});

describe('field selectors', () => {
  const cases: readonly [string, unknown][] = [
    ['', []],
    ['metadata.name=web', [{ field: 'metadata.name', operator: '=', value: 'web' }]],
    [
      'b!=1,a==2',
      [
        { field: 'a', operator: '=', value: '2' },
        { field: 'b', operator: '!=', value: '1' },
      ],
    ],
    ['a=x\\,y\\=z', [{ field: 'a', operator: '=', value: 'x,y=z' }]],
    ['a=,', [{ field: 'a', operator: '=', value: '' }]],
    ['spec.nodeName', { error: "invalid selector: 'spec.nodeName'; can't understand 'spec.nodeName'" }],
    ['a=1,b', { error: "invalid selector: 'a=1,b'; can't understand 'b'" }],
    ['a=b=c', { error: 'invalid field selector: unescaped character in value: 61' }],
    ['a=\\x', { error: 'invalid field selector: invalid escape sequence: \\x' }],
    ['a=x\\', { error: 'invalid field selector: invalid escape sequence: \\' }],
  ];
  for (const [text, parsed] of cases) test(JSON.stringify(text), () => expect(parseFieldSelector(text)).toEqual(parsed));
});
