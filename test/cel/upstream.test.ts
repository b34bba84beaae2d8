/** Expressions as Kubernetes 1.33 compiles and runs them, over variables that may be of any type (test/cel/upstream.json). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CelError, compileCel, Duration, fromJson, Optional, Timestamp, type Value } from '../../src/cel/cel.js';
import { durationText, isList, isMap, timestampText, Uint } from '../../src/cel/values.js';

interface Table {
  readonly variables: readonly Readonly<Record<string, unknown>>[];
  readonly cases: readonly {
    readonly expression: string;
    readonly variables: number;
    readonly is?: unknown;
    readonly error?: string;
    readonly compile?: string;
  }[];
}

const { variables, cases } = JSON.parse(readFileSync(new URL('upstream.json', import.meta.url), 'utf8')) as Table;
const DYN = { kind: 'dyn' };
const DECLARED = { object: DYN, oldObject: DYN, params: DYN };

/** As structpb.Value has it. */
function toJson(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Optional) return value.value === undefined ? '<nil>' : toJson(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Timestamp) return timestampText(value);
  if (isList(value)) return value.map(toJson);
  return isMap(value) ? Object.fromEntries([...value].map(([key, item]) => [String(key), toJson(item)])) : value;
}

function outcome(expression: string, given: Readonly<Record<string, unknown>>): object {
  const program = compileCel(expression, DECLARED);
  if ('problem' in program) return { compile: program.problem.replace('compilation failed: ', '') };
  try {
    return { is: toJson(program.run(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, fromJson(value)])))) };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { error: error.message };
  }
}

test.each(cases)('$expression', ({ expression, variables: which, ...expected }) => {
  expect(outcome(expression, variables[which] ?? {})).toEqual(expected);
});
