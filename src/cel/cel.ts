/**
 * The Common Expression Language: parsed, checked, and worked out on values (cel-spec; cel-go; k8s.io/apiserver/pkg/cel).
 * No package carries it, since users must read cel-go's words, where they point, and all of them: `@marcbachmann/cel-js` 8 stops at the
 * first mistake, says it otherwise (`no such overload: string == int`) and wants a newer Node; `@bufbuild/cel` 0.6 checks no types;
 * `cel-js` 0.8 cannot read a method of a literal. A parser, a checker and the libraries would remain ours.
 */
import { parseGoRegExp } from '../text/go-regexp.js';
import { COMPREHENSIONS, checkCel, type Declared, isTwofold, qualifiedName, TRANSFORMS, TYPES, type Type, typeText } from './checker.js';
import { costOf, type Extent } from './cost.js';
import { FUNCTIONS } from './functions.js';
import { type CelFunction, checked, checkedUint, type Library } from './library/function.js';
import { CelSyntaxError, type Node, parseCel } from './syntax.js';
import { CelError, Duration, equals, isList, isMap, type Key, KeyedList, numeric, Optional, order, Timestamp, typeOf, Uint, type Value } from './values.js';

export type { Declared, Type } from './checker.js';
export type { Extent } from './cost.js';
export { isCelIdentifier, isReservedInCel } from './syntax.js';
export { CelError, Duration, fromJson, KeyedList, LazyMap, Optional, Timestamp, type Value } from './values.js';

export interface Program {
  /** Where it is known before it is run: `bool`, `dyn`. */
  readonly type?: string;
  /** All that is known of it. */
  readonly result: Type;
  /** How much it can cost at most, given how large the value of `self` can be. */
  cost(self: Extent): number;
  run(variables: Variables): Value;
}
/** undefined: not declared. A function is asked when the name is first needed. */
export type Variables = Readonly<Record<string, Value | (() => Value) | undefined>>;

/** What these hold in policies is of any type. */
const DYNAMIC: ReadonlySet<string> = new Set(['object', 'oldObject', 'params']);
const named = (names: readonly string[]): Declared => Object.fromEntries(names.map((name): [string, Type] => [name, DYNAMIC.has(name) ? { kind: 'dyn' } : {}]));

/** The program, or what a compiler would say (without where it is used). Of names without types, nothing is known. */
export function compileCel(text: string, declared: readonly string[] | Declared): Program | { readonly problem: string } {
  try {
    const node = parseCel(text);
    const { type, problems, types, patterns: instantiated } = checkCel(node, isNames(declared) ? named(declared) : declared);
    if (problems.length > 0) return { problem: `compilation failed: ${problems.map(({ at, message }) => located(text, at, message)).join('\n')}` };
    const wrong = expressionProblem(instantiated);
    if (wrong !== undefined) return { problem: `program instantiation failed: ${wrong}` };
    return {
      ...(type.kind === undefined ? {} : { type: type.kind }),
      result: type,
      cost: (self) => costOf(node, types, self),
      run: (variables) => evaluate(node, new Scope(variables)),
    };
  } catch (error) {
    if (error instanceof CelSyntaxError)
      return { problem: `compilation failed: ${[...error.before, error].map(({ at, message }) => located(text, at, message)).join('\n')}` };
    throw error;
  }
}

/** What is wrong with the first of these regular expressions that cannot be read. */
function expressionProblem(patterns: readonly string[]): string | undefined {
  for (const pattern of patterns) {
    const parsed = parseGoRegExp(pattern);
    if ('problem' in parsed) return parsed.problem;
  }
  return undefined;
}

/** As an expression's type is written where it alone is told. */
export const resultText = ({ type = 'dyn', result }: Program): string => (type === 'null_type' ? type : typeText(result));

const isNames = (declared: readonly string[] | Declared): declared is readonly string[] => Array.isArray(declared);

/** As cel-go's error display has it. */
function located(text: string, at: number, message: string): string {
  const before = text.slice(0, at).split('\n');
  const line = (text.split('\n')[before.length - 1] ?? '').replaceAll('\t', ' ');
  const column = [...(before.at(-1) as string)].length;
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

class Scope {
  constructor(
    private readonly variables: Variables,
    private readonly outer?: Scope,
  ) {}

  get(name: string): Value {
    const value = this.variables[name];
    if (value === undefined) {
      const found = this.outer === undefined ? TYPES.get(name) : this.outer.get(name);
      if (found === undefined) throw new CelError(`no such attribute(s): ${name}`);
      return found;
    }
    return typeof value === 'function' ? value() : value;
  }

  with(name: string, value: Value): Scope {
    return new Scope({ [name]: value }, this);
  }
}

const noOverload = (of = ''): CelError => new CelError(`no such overload${of === '' ? '' : `: ${of}`}`);
const notAnIndex = (key: Value): CelError => new CelError(`unsupported index type '${typeOf(key)}' in list`);

/** They have members of their own, and are asked first. */
const RECEIVERS: ReadonlySet<string> = new Set(['string', 'google.protobuf.Timestamp', 'google.protobuf.Duration']);
const NUMBERS = ['int', 'uint', 'double'];
/** What the left operand must be to be asked about the right one. */
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  '+': [...NUMBERS, 'bytes', 'list'],
  '-': NUMBERS,
  '*': NUMBERS,
  '/': NUMBERS,
  '%': ['int', 'uint'],
  ...Object.fromEntries(['<', '<=', '>', '>='].map((name) => [name, [...NUMBERS, 'bool', 'bytes']])),
  '-_': ['int', 'double', 'bool'],
};
/** Of which it is not said what they were given. */
const PLAIN: ReadonlySet<string> = new Set(['in', '!', 'contains', 'startsWith', 'endsWith', 'matches']);

/** What cel-go says of what a function or operator was given; '': nothing. */
function mismatch(name: string, isOperator: boolean, values: readonly Value[]): string {
  const type = typeOf(values[0] as Value);
  if (PLAIN.has(name) || ((isOperator || name === 'size') && RECEIVERS.has(type))) return '';
  if (name === 'size') return name;
  if (!isOperator) return `${name}(${values.map(typeOf).join(', ')})`;
  const types = OPERANDS[name];
  if (types === undefined || types.includes(type)) return '';
  return name === '-_' ? name : `_${name}_`;
}

const GO_TYPES: Readonly<Record<string, string>> = {
  null_type: 'types.Null',
  type: '*types.Type',
  optional_type: '*types.Optional',
  'google.protobuf.Timestamp': 'types.Timestamp',
  'google.protobuf.Duration': 'types.Duration',
};

/** As Go calls the type of a value. */
function goTypeOf(value: Value): string {
  const type = typeOf(value);
  const last = type.split('.').at(-1) as string;
  return GO_TYPES[type] ?? (type.includes('.') ? `cel.${last}` : `types.${type[0]?.toUpperCase()}${type.slice(1)}`);
}

function evaluate(node: Node, scope: Scope): Value {
  switch (node.op) {
    case 'literal': {
      const { value } = node;
      return typeof value === 'object' && value !== null && 'uint' in value ? new Uint(value.uint) : value;
    }
    case 'name':
      return scope.get(node.name);
    case 'select': {
      const of = evaluate(node.of, scope);
      if (node.isOptional || of instanceof Optional) return within(of, node.field);
      return member(of, node.field);
    }
    case 'index': {
      const of = evaluate(node.of, scope);
      const key = evaluate(node.key, scope);
      return node.isOptional || of instanceof Optional ? within(of, key) : at(of, key);
    }
    case 'list':
      return node.items.flatMap(({ value, isOptional }) => {
        const item = evaluate(value, scope);
        return isOptional && item instanceof Optional ? (item.value === undefined ? [] : [item.value]) : [item];
      });
    case 'map': {
      const map = new Map<Key, Value>();
      for (const { key, value, isOptional } of node.entries) {
        const item = evaluate(value, scope);
        const kept = isOptional && item instanceof Optional ? item.value : item;
        if (kept !== undefined) map.set(keyOf(evaluate(key, scope)), kept);
      }
      return map;
    }
    case 'call':
      return call(node, scope);
  }
}

function keyOf(value: Value): Key {
  if (value instanceof Uint) return value.value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  throw new CelError('unsupported key type');
}

function member(of: Value, field: string): Value {
  if (isList(of)) throw notAnIndex(field);
  if (!isMap(of)) throw new CelError(`no such key: ${field}`);
  const value = of.get(field);
  if (value === undefined) throw new CelError(`no such key: ${field}`);
  return value;
}

function at(of: Value, key: Value): Value {
  if (isList(of)) {
    const i = numeric(key);
    if (i === undefined || !Number.isInteger(Number(i))) throw notAnIndex(key);
    const value = of[Number(i)];
    if (value === undefined) throw new CelError(`index out of bounds: ${i}`);
    return value;
  }
  const value = isMap(of) ? of.get(keyOf(key)) : undefined;
  if (value === undefined) throw new CelError(`no such key: ${String(keyOf(key))}`);
  return value;
}

/** `.?field`, `[?key]`. */
function within(of: Value, key: Value): Optional {
  const container = of instanceof Optional ? of.value : of;
  if (container === undefined || container === null) return new Optional(undefined);
  if (isList(container)) {
    if (numeric(key) === undefined) throw notAnIndex(key);
    return new Optional(container[Number(key)]);
  }
  return new Optional(isMap(container) ? container.get(keyOf(key)) : undefined);
}

type Call = Extract<Node, { op: 'call' }>;

function call(node: Call, scope: Scope): Value {
  const { name, target, args } = node;
  const [first, second, third] = args as readonly [Node, Node, Node];
  if (target === undefined) {
    if (name === '&&' || name === '||') return logical(name === '||', first, second, scope);
    if (name === '?:') {
      const condition = evaluate(first, scope);
      if (typeof condition !== 'boolean') throw noOverload();
      return evaluate(condition ? second : third, scope);
    }
    if (name === 'has') return has(first, scope);
  }
  if (target !== undefined && COMPREHENSIONS.has(name) && first?.op === 'name') return comprehension(node, first.name, scope);
  const qualified = qualifiedName(node);
  const values = [...(target === undefined || qualified !== undefined ? [] : [evaluate(target, scope)]), ...args.map((arg) => evaluate(arg, scope))];
  const operator = target === undefined ? OPERATORS[name] : undefined;
  const result = (operator ?? FUNCTIONS[qualified ?? name])?.(...values);
  if (result === undefined) throw noOverload(mismatch(qualified ?? name, operator !== undefined, values));
  return result;
}

/** Either side may decide, though the other is an error. */
function logical(decides: boolean, left: Node, right: Node, scope: Scope): boolean {
  let failure: unknown;
  for (const side of [left, right]) {
    try {
      const value = evaluate(side, scope);
      if (value === decides) return decides;
      if (typeof value !== 'boolean') failure ??= noOverload();
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decides;
}

function has(node: Node | undefined, scope: Scope): boolean {
  if (node?.op !== 'select') throw new CelError('invalid argument to has() macro');
  const of = evaluate(node.of, scope);
  const container = of instanceof Optional ? of.value : of;
  if (isList(container)) throw notAnIndex(node.field);
  return isMap(container) && container.has(node.field);
}

function comprehension({ name, target, args }: Call, variable: string, scope: Scope): Value {
  const over = evaluate(target as Node, scope);
  const body = args[1] as Node;
  if (name === 'optMap' || name === 'optFlatMap') {
    if (!(over instanceof Optional)) throw noOverload();
    if (over.value === undefined) return over;
    const mapped = evaluate(body, scope.with(variable, over.value));
    return name === 'optMap' ? new Optional(mapped) : mapped;
  }
  const hasTwo = isTwofold(name, args);
  const items: readonly (readonly [Value, Value])[] = isList(over)
    ? over.map((item, i) => [BigInt(i), item] as const)
    : isMap(over)
      ? [...over].map(([key, item]) => [key, item] as const)
      : raise(new CelError(`got '${goTypeOf(over)}', expected iterable type`));
  const inner = (item: readonly [Value, Value]): Scope => {
    const one = isList(over) ? item[1] : item[0];
    return hasTwo ? scope.with(variable, item[0]).with((args[1] as { name: string }).name, item[1]) : scope.with(variable, one);
  };
  const test = args[hasTwo ? 2 : 1] as Node;
  if (TRANSFORMS.has(name)) {
    const kept = args.length < 4 ? items : items.filter((item) => truth(evaluate(test, inner(item))));
    return transformed(
      name,
      kept.map((item) => [item[0], evaluate(args.at(-1) as Node, inner(item))]),
    );
  }
  switch (name) {
    case 'all':
    case 'exists':
      return quantified(name === 'exists', items.map(inner), test);
    case 'filter':
      return items.filter((item) => truth(evaluate(body, inner(item)))).map((item) => (isList(over) ? item[1] : item[0]));
    case 'map': {
      const [condition, result] = args.length === 3 ? [args[1] as Node, args[2] as Node] : [undefined, body];
      const kept = condition === undefined ? items : items.filter((item) => truth(evaluate(condition, inner(item))));
      return kept.map((item) => evaluate(result, inner(item)));
    }
    default:
      return items.filter((item) => truth(evaluate(test, inner(item)))).length === 1;
  }
}

/** A list of values, a map of them, or one of all their entries, which have keys of their own. */
function transformed(name: string, items: readonly (readonly [key: Value, value: Value])[]): Value {
  if (name === 'transformList') return items.map(([, value]) => value);
  if (name === 'transformMap') return new Map(items.map(([key, value]) => [keyOf(key), value]));
  const map = new Map<Key, Value>();
  for (const [, entry] of items) {
    if (!isMap(entry)) throw noOverload();
    for (const [key, value] of entry) {
      if (map.has(key)) throw new CelError(`insert failed: key ${String(key)} already exists`);
      map.set(key, value);
    }
  }
  return map;
}

/** An error counts only where no other item decides. */
function quantified(decides: boolean, scopes: readonly Scope[], test: Node): boolean {
  let failure: unknown;
  for (const scope of scopes) {
    try {
      if (truth(evaluate(test, scope)) === decides) return decides;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decides;
}

function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throw noOverload();
  return value;
}

function raise(error: Error): never {
  throw error;
}

const compared =
  (judge: (sign: number) => boolean): CelFunction =>
  (a, b) => {
    const sign = order(a as Value, b as Value);
    return sign === undefined ? undefined : judge(sign);
  };

/** The same of both integers, of both unsigned ones, or of both doubles. */
const arithmetic =
  (ofIntegers: (a: bigint, b: bigint) => bigint, ofDoubles?: (a: number, b: number) => number): CelFunction =>
  (a, b) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return checked(ofIntegers(a, b));
    if (typeof a === 'number' && typeof b === 'number') return ofDoubles?.(a, b);
    return a instanceof Uint && b instanceof Uint ? new Uint(checkedUint(ofIntegers(a.value, b.value))) : undefined;
  };

function nonzero(value: bigint, what: string): bigint {
  if (value === 0n) throw new CelError(what);
  return value;
}

const plus = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);
const minus = arithmetic(
  (a, b) => a - b,
  (a, b) => a - b,
);

const isIn = (item: Value | undefined, of: Value | undefined): boolean | undefined => {
  if (isList(of)) return of.some((one) => equals(one, item as Value));
  return isMap(of) ? of.has(keyOf(item as Value)) : undefined;
};

const OPERATORS: Library = {
  '==': (a, b) => equals(a as Value, b as Value),
  '!=': (a, b) => !equals(a as Value, b as Value),
  '<': compared((sign) => sign < 0),
  '<=': compared((sign) => sign <= 0),
  '>': compared((sign) => sign > 0),
  '>=': compared((sign) => sign >= 0),
  in: isIn,
  '!': (a) => (typeof a === 'boolean' ? !a : undefined),
  '-_': (a) => (typeof a === 'bigint' ? checked(-a) : typeof a === 'number' ? -a : a instanceof Duration ? new Duration(-a.ms) : undefined),
  '+': (a, b) => {
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (isList(a) && isList(b)) return a instanceof KeyedList ? a.joined(b) : [...a, ...b];
    if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.of(...a, ...b);
    if (a instanceof Timestamp && b instanceof Duration) return new Timestamp(a.ms + b.ms);
    if (a instanceof Duration && b instanceof Timestamp) return new Timestamp(a.ms + b.ms);
    if (a instanceof Duration && b instanceof Duration) return new Duration(a.ms + b.ms);
    return plus(a as Value, b as Value);
  },
  '-': (a, b) => {
    if (a instanceof Timestamp && b instanceof Timestamp) return new Duration(a.ms - b.ms);
    if (a instanceof Timestamp && b instanceof Duration) return new Timestamp(a.ms - b.ms);
    if (a instanceof Duration && b instanceof Duration) return new Duration(a.ms - b.ms);
    return minus(a as Value, b as Value);
  },
  '*': arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  '/': arithmetic(
    (a, b) => a / nonzero(b, 'division by zero'),
    (a, b) => a / b,
  ),
  '%': arithmetic((a, b) => a % nonzero(b, 'modulus by zero')),
};
