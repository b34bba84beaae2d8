/** What can be said of an expression without its values: names that nothing declares, and operands that go together in no way. */
import { FUNCTIONS } from './functions.js';
import type { Node } from './syntax.js';
import { TypeValue, typeOf, Uint, type Value } from './values.js';

export const TYPES: ReadonlyMap<string, Value> = new Map(
  ['int', 'uint', 'double', 'string', 'bool', 'bytes', 'list', 'map', 'null_type', 'type'].map((name) => [name, new TypeValue(name)]),
);
/** Whose first argument is a variable of their own. */
export const COMPREHENSIONS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map', 'optMap', 'optFlatMap']);
const NAMESPACES: ReadonlySet<string> = new Set(['sets', 'optional']);
const OPERATORS: ReadonlySet<string> = new Set(['&&', '||', '?:', '!', '-_', '==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%', 'has']);

export interface Problem {
  readonly message: string;
  readonly at: number;
}

export function checkCel(node: Node, declared: readonly string[]): Problem | undefined {
  return check(node, new Set([...declared, ...TYPES.keys()]));
}

const undeclared = (name: string, at: number): Problem => ({ message: `undeclared reference to '${name}' (in container '')`, at });

function check(node: Node, known: ReadonlySet<string>): Problem | undefined {
  const first = (nodes: readonly Node[], names = known): Problem | undefined => {
    for (const one of nodes) {
      const found = check(one, names);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  switch (node.op) {
    case 'literal':
      return undefined;
    case 'name':
      return known.has(node.name) ? undefined : undeclared(node.name, node.at);
    case 'select':
      return check(node.of, known);
    case 'index':
      return first([node.of, node.key]);
    case 'list':
      return first(node.items.map(({ value }) => value));
    case 'map':
      return first(node.entries.flatMap(({ key, value }) => [key, value]));
  }
  const { name, target, args, at } = node;
  if (target === undefined) {
    if (!OPERATORS.has(name) && !Object.hasOwn(FUNCTIONS, name)) return undeclared(name, at);
    return first(args) ?? overload(node);
  }
  const qualified = qualifiedName(node);
  if (qualified !== undefined) return Object.hasOwn(FUNCTIONS, qualified) ? first(args) : undeclared(qualified, at);
  const names = args
    .slice(0, COMPREHENSIONS.has(name) ? (args.length === 3 && name !== 'map' ? 2 : 1) : 0)
    .flatMap((arg) => (arg.op === 'name' ? [arg.name] : []));
  if (names.length > 0) return check(target, known) ?? first(args.slice(names.length), new Set([...known, ...names]));
  return check(target, known) ?? (Object.hasOwn(FUNCTIONS, name) ? first(args) : undeclared(name, at));
}

type Call = Extract<Node, { op: 'call' }>;

/** `sets.contains`. */
export function qualifiedName({ name, target }: Call): string | undefined {
  return target?.op === 'name' && NAMESPACES.has(target.name) ? `${target.name}.${name}` : undefined;
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'uint', 'double']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Of literals and what is made of them: the types of other values are not known. */
function overload({ name, args, at }: Call): Problem | undefined {
  if (!ARITHMETIC.has(name) && !COMPARISONS.has(name)) return undefined;
  const types = args.map(staticType);
  const [left, right] = types;
  if (left === undefined || right === undefined || left === 'dyn' || right === 'dyn' || !isSimple(left) || !isSimple(right)) return undefined;
  const isFine = ARITHMETIC.has(name)
    ? left === right && (NUMBERS.has(left) || (name === '+' && left !== 'bool'))
    : left === right || (NUMBERS.has(left) && NUMBERS.has(right) && !['==', '!='].includes(name));
  return isFine ? undefined : { message: `found no matching overload for '_${name}_' applied to '(${types.join(', ')})'`, at };
}
const isSimple = (type: string): boolean => NUMBERS.has(type) || ['string', 'bool', 'bytes'].includes(type);

const RESULTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      '&&',
      '||',
      '!',
      'in',
      'has',
      'all',
      'exists',
      'exists_one',
      'existsOne',
      'contains',
      'startsWith',
      'endsWith',
      'matches',
      'bool',
      'isURL',
      'isQuantity',
      'isSorted',
      'hasValue',
    ].map((name) => [name, 'bool']),
  ),
  ...Object.fromEntries([...COMPARISONS].map((name) => [name, 'bool'])),
  size: 'int',
  int: 'int',
  uint: 'uint',
  double: 'double',
  string: 'string',
};
/** What these hold is of any type. */
const DYNAMIC: ReadonlySet<string> = new Set(['object', 'oldObject', 'params']);

/** undefined: not known here. */
export function staticType(node: Node): string | undefined {
  switch (node.op) {
    case 'literal': {
      const { value } = node;
      return typeof value === 'object' && value !== null && 'uint' in value ? typeOf(new Uint(value.uint)) : typeOf(value as Value);
    }
    case 'name':
      return DYNAMIC.has(node.name) ? 'dyn' : undefined;
    case 'select':
    case 'index':
      return !node.isOptional && staticType(node.of) === 'dyn' ? 'dyn' : undefined;
    case 'list':
    case 'map':
      return node.op;
  }
  const { name, args } = node;
  if (name === '?:') {
    const [then, other] = [args[1] as Node, args[2] as Node].map(staticType);
    return then === other ? then : then === 'dyn' || other === 'dyn' ? 'dyn' : undefined;
  }
  if (ARITHMETIC.has(name) && node.target === undefined) {
    const [left, right] = args.map(staticType);
    return left === right ? left : undefined;
  }
  return Object.hasOwn(RESULTS, name) ? RESULTS[name] : undefined;
}
