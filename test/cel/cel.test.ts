import { expect, test } from 'vitest';
import { compileCel, fromJson, type Value } from '../../src/cel/cel.js';

const object = fromJson({
  metadata: { name: 'd', labels: { a: 'b' } },
  spec: { replicas: 3, containers: [{ name: 'c', image: 'nginx:1', resources: { limits: { memory: '512Mi' } } }] },
});

function run(expression: string): Value | string {
  const program = compileCel(expression, ['object']);
  if ('problem' in program) return program.problem;
  try {
    return program.run({ object });
  } catch (error) {
    return (error as Error).message;
  }
}

/** All of them allowed by a kube-apiserver. */
test.each([
  "object.spec.containers.exists_one(c, c.name == 'c')",
  '[1,2,3].exists(x, x > 2) && [1,2].map(x, x * 2) == [2,4] && [1,2,3].filter(x, x > 1).size() == 2',
  "{'a': 1}.a == 1 && 'a' in {'a': 1} && !('b' in {'a': 1}) && has(object.spec) && !has(object.spec.paused)",
  "size('héé') == 3 && dyn(1) == 1.0 && 7 / 2 == 3 && -7 % 3 == -1 && 0x10 == 16 && type(1) == int",
  "timestamp('2024-01-01T00:00:00Z').getFullYear() == 2024 && duration('1h') > duration('59m')",
  "'A-B'.lowerAscii().split('-') == ['a','b'] && 'x'.replace('x','y') == 'y' && '%d of %s'.format([1,'a']) == '1 of a'",
  "[3,1].min() == 1 && [1,2,3].sum() == 6 && sets.contains([1,2],[2]) && [1,2].isSorted() && ['a'].indexOf('a') == 0",
  "url('https://a.b:1/c?d=e').getHost() == 'a.b:1' && isURL('https://a.b') && 'abc'.find('b.') == 'bc'",
  "r'\\d' == '\\\\d' && b'a' == b'a' && (1 > 2 ? 'x' : 'y') == 'y'",
  "quantity(object.spec.containers[0].resources.limits['memory']).isLessThan(quantity('1Gi')) && isQuantity('1Ki')",
  "object.metadata.?labels.?team.orValue('none') == 'none' && object.?nope.hasValue() == false",
  "object.nope == 'x' || true",
  "int('-5') == -5 && uint('5') == 5u && double('.5e1') == 5.0 && bool('T') && int(duration('1us')) == 1000 && string(1e6) == '1e+06'",
  "timestamp('2024-01-01T02:00:00Z').getHours('America/New_York') == 21 && timestamp('2024-01-01T02:00:00Z').getDate('-05:30') == 31",
  "duration('90m').getHours() == 1 && string(duration('90m')) == '5400s'",
  "'a-b_c@d'.matches('^a\\\\-b\\\\_c@d$') && 'ABC'.matches('(?i)b') && 'ab12'.findAll('[[:digit:]]') == ['1', '2']",
  "'%s %s'.format([['a', 1], {'b': 2.0}]) == '[\"a\", 1] {\"b\":2.000000}' && '%.1f %X %x'.format([12345.67, 255, 'hi']) == '12,345.7 FF 6869'",
  "'héllo'.indexOf('l') == 2 && 'héllo'.lastIndexOf('l', 2) == 2 && 'ab'.replace('', '-') == '-a-b-' && strings.quote('a\"b') == '\"a\\\\\"b\"'",
  "url('https://A.b:443').getHost() == 'A.b:443' && url('https://a').getEscapedPath() == '' && url('/x?y=1&y=2').getQuery()['y'] == ['1', '2']",
  "!isURL('a/b') && isURL('mailto:a') && url('https://[::1]:80/%20ü').getHostname() == '::1' && url('https://a/%20ü').getEscapedPath() == '/%20%C3%BC'",
  "isIP('::1') && !isIP('01.2.3.4') && !isIP('::ffff:1.2.3.4') && ip('fe80::1').family() == 6 && ip('10.0.0.1').isGlobalUnicast() && ip.isCanonical('::1')",
  "['::1'].all(ip, isIP(ip)) && string(ip('1:0:0::1')) == '1::1' && ip('::1') == ip('0::1')",
  "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1')) && cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
  "string(cidr('10.1.2.3/12').masked()) == '10.0.0.0/12' && cidr('10.1.2.3/12').prefixLength() == 12 && !isCIDR('10.0.0.0/33')",
  "quantity('1Gi').add(1).isGreaterThan(quantity('1Gi')) && !quantity('1m').isInteger() && optional.ofNonZeroValue({}).orValue({'a': 1}) == {'a': 1}",
  "[1, 2].transformList(i, v, i * v) == [0, 2] && {'a': 1}.transformMap(k, v, k == 'a', v + 1) == {'a': 2}",
  "{'a': 'b'}.transformMapEntry(k, v, {v: k}) == {'b': 'a'} && [1, 2].exists(i, v, i == 1 && v == 2)",
  "semver('1.10.0').isGreaterThan(semver('1.9.9')) && semver('1.0.0-rc.2').isLessThan(semver('1.0.0')) && semver('1.0.0-a.2').compareTo(semver('1.0.0-a.10')) == -1",
  "!isSemver('v1.2') && isSemver('v1.02', true) && semver('v01.02', true) == semver('1.2.0+x') && semver('1.2.3').minor() == 2 && !isSemver('01.0.0')",
])('%s', (expression) => {
  expect(run(expression)).toBe(true);
});

/** As a kube-apiserver has it. */
test.each([
  ['1 / (object.spec.replicas - 3)', 'division by zero'],
  ['object.spec.containers[3].name', 'index out of bounds: 3'],
  ['object.metadata.labels.team', 'no such key: team'],
  ['9223372036854775807 + object.spec.replicas', 'integer overflow'],
  ['int(object.metadata.name)', "type conversion error from 'string' to 'int'"],
  ['duration(object.metadata.name)', "type conversion error from 'string' to 'google.protobuf.Duration'"],
  ["timestamp('2024-01-01T00:00:00Z').getHours(object.metadata.name)", 'unknown time zone d'],
  ["'a'.matches(object.metadata.name + '(')", 'error parsing regexp: missing closing ): `d(`'],
  ["'a'.find(object.metadata.name + '(')", 'Illegal regex: error parsing regexp: missing closing ): `d(`'],
  ["quantity(object.metadata.name + 'Q')", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['url(object.metadata.name)', 'URL parse error during conversion from string: parse "d": invalid URI for request'],
  ["ip('1.2.3')", 'IP Address "1.2.3" parse error during conversion from string: ParseAddr("1.2.3"): IPv4 address too short'],
  ["ip('1::2::3')", 'IP Address "1::2::3" parse error during conversion from string: ParseAddr("1::2::3"): multiple :: in address (at ":3")'],
  ["'%d'.format([object.metadata.name])", 'error during formatting: decimal clause can only be used on integers, was given string'],
  ["'abc'.substring(2, 1)", 'invalid substring range. start: 2, end: 1'],
  [
    "duration('1 hour') == duration('1h')",
    "compilation failed: ERROR: <input>:1:10: invalid duration argument\n | duration('1 hour') == duration('1h')\n | .........^",
  ],
  [
    '5.0 % 2.0 == 1.0',
    "compilation failed: ERROR: <input>:1:5: found no matching overload for '_%_' applied to '(double, double)'\n | 5.0 % 2.0 == 1.0\n | ....^",
  ],
  ["'a'.matches('(')", "compilation failed: ERROR: <input>:1:13: invalid matches argument\n | 'a'.matches('(')\n | ............^"],
  ["[1, 'a'].size() == 2", "compilation failed: ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a'].size() == 2\n | ....^"],
  [
    "'a'.reverse() == 'a'",
    "compilation failed: ERROR: <input>:1:12: undeclared reference to 'reverse' (in container '')\n | 'a'.reverse() == 'a'\n | ...........^",
  ],
  ["['a', 'b'].transformMapEntry(i, v, {'x': v})", 'insert failed: key x already exists'],
  ["semver('1.02.3')", 'Minor number must not contain leading zeroes "02"'],
  ['(1', "compilation failed: ERROR: <input>:1:3: Syntax error: missing ')' at '<EOF>'\n | (1\n | ..^"],
  ['nothing.x', "compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')\n | nothing.x\n | ^"],
])('%s: %s', (expression, said) => {
  expect(run(expression)).toBe(said);
});
