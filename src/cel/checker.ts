/** What can be said of an expression without its values: names and fields that nothing declares, operands that go together in no way. */
import { FUNCTIONS } from './functions.js';
import { DOTTED_TYPES, type Node } from './syntax.js';
import { CelError, TypeValue, typeOf, Uint, type Value } from './values.js';

export const TYPES: ReadonlyMap<string, Value> = new Map(
  ['int', 'uint', 'double', 'string', 'bool', 'bytes', 'list', 'map', 'null_type', 'type', ...DOTTED_TYPES].map((name) => [name, new TypeValue(name)]),
);
/** Of two variables (cel-go ext/comprehensions.go): what they make of each item, and where. */
export const TRANSFORMS: ReadonlySet<string> = new Set(['transformList', 'transformMap', 'transformMapEntry']);
/** Whose first argument is a variable of their own. */
export const COMPREHENSIONS: ReadonlySet<string> = new Set([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'filter',
  'map',
  'optMap',
  'optFlatMap',
  ...TRANSFORMS,
]);
const OPERATORS: ReadonlySet<string> = new Set(['-_', '-', '*', '/', '%']);

export interface Problem {
  readonly message: string;
  readonly at: number;
}

/** `dyn`: it may be anything, as a compiler has it; no kind: what it is is not followed here. */
export interface Type {
  readonly kind?: string;
  /** What an object is called. */
  readonly name?: string;
  /** Of a list or a map. */
  readonly item?: Type;
  readonly key?: Type;
  readonly fields?: ReadonlyMap<string, Type>;
}

export type Declared = Readonly<Record<string, Type>>;

type Call = Extract<Node, { op: 'call' }>;

/** `sets.contains`; undefined: it is a method, or a plain name. */
export function qualifiedName({ name, target }: Call): string | undefined {
  const qualified = target?.op === 'name' ? `${target.name}.${name}` : '';
  return Object.hasOwn(FUNCTIONS, qualified) ? qualified : undefined;
}

/** Whether a comprehension has a variable for the index or key, and one for the value. */
export const isTwofold = (name: string, args: readonly Node[]): boolean =>
  args[1]?.op === 'name' && (TRANSFORMS.has(name) ? args.length === 3 || args.length === 4 : args.length === 3 && name !== 'map');

const UNKNOWN: Type = {};
const BOOL: Type = { kind: 'bool' };
const STRING: Type = { kind: 'string' };
const INT: Type = { kind: 'int' };
const NUMBERS: ReadonlySet<string> = new Set(['int', 'uint', 'double']);
const INTEGERS: ReadonlySet<string> = new Set(['int', 'uint']);
const SIMPLE: ReadonlySet<string> = new Set([...NUMBERS, 'string', 'bool', 'bytes']);
const PLAIN: ReadonlySet<string> = new Set([...SIMPLE, 'timestamp', 'duration']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const EQUALITIES: ReadonlySet<string> = new Set(['==', '!=']);
const COMPARISONS: ReadonlySet<string> = new Set([...EQUALITIES, '<', '<=', '>', '>=']);
const RESULTS: Readonly<Record<string, Type>> = {
  ...Object.fromEntries(
    ['contains', 'startsWith', 'endsWith', 'matches', 'bool', 'isURL', 'isQuantity', 'isIP', 'isCIDR', 'isSemver', 'isSorted', 'hasValue'].map((name) => [
      name,
      BOOL,
    ]),
  ),
  size: INT,
  int: INT,
  uint: { kind: 'uint' },
  double: { kind: 'double' },
  string: STRING,
  timestamp: { kind: 'timestamp' },
  duration: { kind: 'duration' },
};

/** The type of all of it, and what is wrong with it. */
export function checkCel(
  node: Node,
  declared: Declared,
): {
  readonly type: Type;
  readonly problems: readonly Problem[] /** Of each part. */;
  readonly types: ReadonlyMap<Node, Type> /** Literals that are searched for. */;
  readonly patterns: readonly string[];
} {
  const checker = new Checker();
  const type = checker.typeOf(node, new Map([...[...TYPES.keys()].map((name): [string, Type] => [name, { kind: 'type' }]), ...Object.entries(declared)]));
  const problems = checker.problems.length > 0 ? checker.problems : checker.literals;
  return { type, problems: problems.toSorted((a, b) => a.at - b.at), types: checker.types, patterns: checker.patterns };
}

type Names = ReadonlyMap<string, Type>;

/** Whose literal argument is looked at before (cel-go cel/validator.go). */
const VALIDATED: Readonly<Record<string, (text: string) => Value | undefined>> = {
  duration: (text) => FUNCTIONS['duration']?.(text),
  timestamp: (text) => FUNCTIONS['timestamp']?.(text),
  matches: (text) => FUNCTIONS['matches']?.('', text),
};

/** What has no size. */
const SIZELESS: ReadonlySet<string> = new Set([...NUMBERS, 'bool', 'duration', 'object', 'timestamp']);
const TEXT: Type = { kind: 'string' };
/** Members of strings alone; those that take nothing but strings. */
const TAKE_TEXTS: ReadonlySet<string> = new Set(['contains', 'endsWith', 'find', 'matches', 'startsWith']);
const OF_TEXTS: ReadonlySet<string> = new Set([...TAKE_TEXTS, 'charAt', 'findAll', 'lowerAscii', 'replace', 'split', 'substring', 'trim', 'upperAscii']);

const FINDERS: ReadonlySet<string> = new Set(['find', 'findAll']);
const COMPARABLE: ReadonlySet<string> = new Set([...PLAIN]);
/** Of lists, what they must hold. */
const SUMMABLE: Readonly<Record<string, ReadonlySet<string>>> = {
  sum: new Set([...NUMBERS, 'duration']),
  min: COMPARABLE,
  max: COMPARABLE,
  isSorted: COMPARABLE,
};

class Checker {
  readonly types = new Map<Node, Type>();
  readonly problems: Problem[] = [];
  /** Of literals: said where there are no other problems. */
  readonly literals: Problem[] = [];
  readonly patterns: string[] = [];
  /** Within a call of `format`, which takes values of all types. */
  private isFormatted = false;

  private wrong(at: number, message: string): Type {
    this.problems.push({ at, message });
    return UNKNOWN;
  }

  private noOverload(name: string, args: readonly Type[], at: number): Type {
    return this.wrong(at, `found no matching overload for '${name}' applied to '(${args.map(typeText).join(', ')})'`);
  }

  typeOf(node: Node, names: Names): Type {
    const type = this.infer(node, names);
    this.types.set(node, type);
    return type;
  }

  private infer(node: Node, names: Names): Type {
    switch (node.op) {
      case 'literal': {
        const { value } = node;
        return { kind: typeof value === 'object' && value !== null && 'uint' in value ? typeOf(new Uint(value.uint)) : typeOf(value as Value) };
      }
      case 'name':
        return names.get(node.name) ?? this.undeclared(node.name, node.at);
      case 'select':
        return this.select(node, names, node.at);
      case 'index': {
        const of = this.typeOf(node.of, names);
        const key = this.typeOf(node.key, names);
        if (of.kind === 'object' && !node.isOptional) return this.noOverload('_[_]', [of, key], node.at);
        return node.isOptional ? UNKNOWN : of.kind === 'dyn' ? of : (of.item ?? UNKNOWN);
      }
      case 'list':
        return { kind: 'list', item: this.alike(valuesOf(node.items), names) };
      case 'map': {
        const keys = node.entries.map(({ key }) => key);
        return { kind: 'map', key: this.alike(keys, names, true), item: this.alike(valuesOf(node.entries), names, true) };
      }
    }
    const wasFormatted = this.isFormatted;
    this.isFormatted ||= node.name === 'format';
    const type = this.call(node, names);
    this.isFormatted = wasFormatted;
    return type;
  }

  /** What a list or a map holds: all of one type, but in what is formatted (ValidateHomogeneousAggregateLiterals). Of a list only the first other one is named. */
  private alike(values: readonly Node[], names: Names, isMap = false): Type {
    const types = values.map((value) => this.typeOf(value, names));
    const first = types[0] ?? UNKNOWN;
    const others = this.isFormatted ? [] : types.flatMap((type, i) => (areAlike(first, type) ? [] : [i]));
    for (const i of isMap ? others : others.slice(0, 1))
      this.literals.push({ at: (values[i] as Node).at, message: `expected type '${typeText(first)}' but found '${typeText(types[i] as Type)}'` });
    return common(types);
  }

  private undeclared(name: string, at: number): Type {
    return this.wrong(at, `undeclared reference to '${name}' (in container '')`);
  }

  private select(node: Extract<Node, { op: 'select' }>, names: Names, at: number): Type {
    const of = this.typeOf(node.of, names);
    if (node.isOptional || of.kind === undefined) return UNKNOWN;
    if (of.kind === 'dyn') return of;
    if (of.kind === 'object') return of.fields?.get(node.field) ?? this.wrong(at, `undefined field '${node.field}'`);
    if (of.kind === 'map') return of.item ?? UNKNOWN;
    return PLAIN.has(of.kind) || of.kind === 'list' ? this.wrong(at, `type '${typeText(of)}' does not support field selection`) : UNKNOWN;
  }

  private call(node: Call, names: Names): Type {
    const { name, target, args, at } = node;
    if (target === undefined && name === 'has' && args[0]?.op === 'select') {
      this.select(args[0], names, at);
      return BOOL;
    }
    const qualified = qualifiedName(node);
    if (target !== undefined && qualified === undefined && COMPREHENSIONS.has(name) && args[0]?.op === 'name') return this.comprehension(node, target, names);
    const of = target === undefined || qualified !== undefined ? undefined : this.typeOf(target, names);
    const types = args.map((arg) => this.typeOf(arg, names));
    if (target === undefined) {
      const result = this.operator(name, types, node);
      if (result !== undefined) return result;
    }
    if (!Object.hasOwn(FUNCTIONS, qualified ?? name)) return this.undeclared(qualified ?? name, at);
    this.validateLiteral(name, args[0]);
    const [pattern] = args;
    if (FINDERS.has(name) && pattern?.op === 'literal' && typeof pattern.value === 'string') this.patterns.push(pattern.value);
    const noMember = (type: Type) =>
      this.wrong(at, `found no matching overload for '${name}' applied to '${typeText(type)}.(${types.map(typeText).join(', ')})'`);
    const sized = name === 'size' ? (of ?? types[0]) : undefined;
    if (sized?.kind !== undefined && SIZELESS.has(sized.kind)) return of === undefined ? this.noOverload(name, types, at) : noMember(of);
    if (of !== undefined && OF_TEXTS.has(name) && [of, ...(TAKE_TEXTS.has(name) ? types : [])].some((type) => areApart(type, TEXT))) return noMember(of);
    const held = of?.kind === 'list' ? of.item : undefined;
    const summable = Object.hasOwn(SUMMABLE, name) ? SUMMABLE[name] : undefined;
    if (of !== undefined && held !== undefined && isKnown(held) && summable?.has(held.kind as string) === false) return noMember(of);
    return (Object.hasOwn(RESULTS, name) ? RESULTS[name] : undefined) ?? UNKNOWN;
  }

  private validateLiteral(name: string, arg: Node | undefined): void {
    if (!Object.hasOwn(VALIDATED, name) || arg?.op !== 'literal' || typeof arg.value !== 'string') return;
    try {
      VALIDATED[name]?.(arg.value);
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      this.literals.push({ at: arg.at, message: `invalid ${name} argument` });
    }
  }

  /** undefined: it is none. */
  private operator(name: string, types: readonly Type[], { args, at }: Call): Type | undefined {
    const [left = UNKNOWN, right = UNKNOWN, other = UNKNOWN] = types;
    if (name === '&&' || name === '||') {
      types.forEach((type, i) => {
        if (isKnown(type) && type.kind !== 'bool') this.wrong((args[i] as Node).at, `expected type 'bool' but found '${typeText(type)}'`);
      });
      return BOOL;
    }
    if (name === '!') return isKnown(left) && left.kind !== 'bool' ? this.noOverload('!_', types, at) : BOOL;
    if (name === '?:') {
      if (areApart(right, other)) return this.noOverload('_?_:_', types, at);
      return right.kind === 'dyn' || other.kind === 'dyn' ? { kind: 'dyn' } : common([right, other]);
    }
    if (COMPARISONS.has(name)) {
      const isFine = !areApart(left, right) || (!EQUALITIES.has(name) && areNumbers(left, right));
      return isFine ? BOOL : this.noOverload(`_${name}_`, types, at);
    }
    if (name === 'in') {
      const wanted = right.kind === 'map' ? right.key : right.item;
      return wanted !== undefined && areApart(left, wanted) ? this.noOverload('@in', types, at) : BOOL;
    }
    if (ARITHMETIC.has(name)) {
      if (isSimple(left) && isSimple(right)) {
        const isFine = left.kind === right.kind && ((name === '%' ? INTEGERS : NUMBERS).has(left.kind as string) || (name === '+' && left.kind !== 'bool'));
        return isFine ? left : this.noOverload(`_${name}_`, types, at);
      }
      return left.kind === 'dyn' && right.kind === 'dyn' ? left : UNKNOWN;
    }
    if (name === '-_') return left;
    return OPERATORS.has(name) ? UNKNOWN : undefined;
  }

  private comprehension({ name, args }: Call, target: Node, names: Names): Type {
    const over = this.typeOf(target, names);
    const variable = (args[0] as { readonly name: string }).name;
    const second = isTwofold(name, args) ? (args[1] as { readonly name: string }).name : undefined;
    const item = over.kind === 'dyn' ? over : (over.item ?? UNKNOWN);
    const one = over.kind === 'map' ? (over.key ?? UNKNOWN) : item;
    const isOptional = name === 'optMap' || name === 'optFlatMap';
    const inner = new Map(names).set(variable, isOptional ? UNKNOWN : second === undefined ? one : over.kind === 'list' ? INT : one);
    if (second !== undefined) inner.set(second, item);
    const results = args.slice(second === undefined ? 1 : 2).map((arg) => this.typeOf(arg, inner));
    if (isOptional) return UNKNOWN;
    if (name === 'transformList') return { kind: 'list', item: results.at(-1) ?? UNKNOWN };
    if (TRANSFORMS.has(name)) return { kind: 'map' };
    if (name === 'filter') return { kind: 'list', item: one };
    return name === 'map' ? { kind: 'list', item: results.at(-1) ?? UNKNOWN } : BOOL;
  }
}

const valuesOf = (entries: readonly { readonly value: Node }[]): readonly Node[] => entries.map(({ value }) => value);
const isKnown = ({ kind }: Type): boolean => kind !== undefined && kind !== 'dyn' && kind !== 'null_type';
const isSimple = ({ kind }: Type): boolean => kind !== undefined && SIMPLE.has(kind);
const areNumbers = (a: Type, b: Type): boolean => NUMBERS.has(a.kind ?? '') && NUMBERS.has(b.kind ?? '');

/** As far as is known. */
function areAlike(a: Type, b: Type): boolean {
  if (a.kind === undefined || b.kind === undefined) return true;
  return a.kind === b.kind && areAlike(a.item ?? UNKNOWN, b.item ?? UNKNOWN) && areAlike(a.key ?? UNKNOWN, b.key ?? UNKNOWN);
}

/** Known to be of different types. */
function areApart(a: Type, b: Type): boolean {
  if (a.kind === 'null_type') return isNeverNull(b);
  if (b.kind === 'null_type') return isNeverNull(a);
  if (!isKnown(a) || !isKnown(b)) return false;
  if (a.kind !== b.kind) return (PLAIN.has(a.kind as string) || hasParts(a)) && (PLAIN.has(b.kind as string) || hasParts(b));
  return areApart(a.item ?? UNKNOWN, b.item ?? UNKNOWN) || areApart(a.key ?? UNKNOWN, b.key ?? UNKNOWN);
}
/** Objects, times and spans may be null (isLegacyNullable). */
const isNeverNull = ({ kind = '' }: Type): boolean => SIMPLE.has(kind) || kind === 'list' || kind === 'map' || kind === 'type';
const hasParts = ({ kind }: Type): boolean => kind === 'list' || kind === 'map' || kind === 'object';

function common(types: readonly Type[]): Type {
  const [first, ...rest] = types;
  if (first === undefined || types.some(({ kind }) => kind === undefined)) return UNKNOWN;
  return rest.every((one) => typeText(one) === typeText(first)) ? first : { kind: 'dyn' };
}

export function typeText({ kind = 'dyn', name = kind, item = UNKNOWN, key = UNKNOWN }: Type): string {
  if (kind === 'list') return `list(${typeText(item)})`;
  if (kind === 'map') return `map(${typeText(key)}, ${typeText(item)})`;
  return kind === 'null_type' ? 'null' : name;
}
