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
])('%s', (expression) => {
  expect(run(expression)).toBe(true);
});

/** As a kube-apiserver has it. */
test.each([
  ['1 / (object.spec.replicas - 3)', 'division by zero'],
  ['object.spec.containers[3].name', 'index out of bounds: 3'],
  ['object.metadata.labels.team', 'no such key: team'],
  ['9223372036854775807 + object.spec.replicas', 'integer overflow'],
  ['(1', "compilation failed: ERROR: <input>:1:3: Syntax error: missing ')' at '<EOF>'\n | (1\n | ..^"],
  ['nothing.x', "compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')\n | nothing.x\n | ^"],
])('%s: %s', (expression, said) => {
  expect(run(expression)).toBe(said);
});
