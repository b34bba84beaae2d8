/**
 * What an expression can cost at most, judged by how large its values can be: cel-go checker/cost.go, with the functions of
 * k8s.io/apiserver/pkg/cel/library/cost.go. Macros cost what they are expanded to.
 */
import { COMPREHENSIONS, isTwofold, qualifiedName, type Type } from './checker.js';
import type { Node } from './syntax.js';

/** How large a value can be: characters of a text, items of a list, entries of a map; a number has none. */
export interface Extent {
  readonly max: number;
  /** Of a list or a map. */
  readonly item?: Extent;
  readonly key?: Extent;
  readonly fields?: ReadonlyMap<string, Extent>;
}

interface Size {
  readonly min: number;
  readonly max: number;
}
/** Of what a list or map holds that was made by the expression. */
interface Entry {
  readonly isList: boolean;
  readonly key: Size;
  readonly value: Size;
}
interface Local {
  readonly path: readonly string[];
  readonly size: Size | undefined;
}
interface Estimate {
  readonly cost: number;
  readonly size?: Size;
}
type Call = Extract<Node, { op: 'call' }>;

/** Nothing costs more than an unsigned number of 64 bits can say. */
const MOST = 2 ** 64;
const plus = (...costs: readonly number[]): number =>
  Math.min(
    costs.reduce((sum, cost) => sum + cost, 0),
    MOST,
  );
const times = (a: number, b: number): number => Math.min(a * b, MOST);
const scaled = (cost: number, factor: number): number => Math.min(Math.ceil(cost * factor), MOST);

const UNKNOWN: Size = { min: 0, max: MOST };
const ONE: Size = { min: 1, max: 1 };
const union = (a: Size, b: Size): Size => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) });
const sum = (a: Size, b: Size): Size => ({ min: plus(a.min, b.min), max: plus(a.max, b.max) });
const product = (a: Size, b: Size): Size => ({ min: times(a.min, b.min), max: times(a.max, b.max) });

const TRAVERSAL = 0.1;
const REGEX = 0.25;
/** As long as a format's expression is taken to be. */
const FORMAT_SIZE = 128;
const LIST = 10;
const MAP = 30;
const SCALARS: ReadonlySet<string> = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);
const TEXTS: ReadonlySet<string> = new Set(['string', 'bytes']);
/** Compared at once. */
const SIMPLE_OBJECTS: ReadonlySet<string> = new Set(['ip', 'cidr', 'quantity', 'semver']);

/** What the checker does not follow. */
const kinds = (kind: string, names: string): readonly (readonly [string, Type])[] => names.split(' ').map((name) => [name, { kind }] as const);
const RESULTS: ReadonlyMap<string, Type> = new Map([
  ...kinds(
    'int',
    'size indexOf lastIndexOf getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds getMilliseconds',
  ),
  ...kinds('int', 'asInteger sign compareTo prefixLength family major minor patch'),
  ...kinds(
    'bool',
    'isSorted isInteger isGreaterThan isLessThan containsIP containsCIDR isUnspecified isLoopback sets.contains sets.intersects sets.equivalent',
  ),
  ...kinds('bool', 'isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast ip.isCanonical hasValue'),
  ...kinds('string', 'lowerAscii upperAscii substring trim replace join find charAt format string'),
  ...kinds('string', 'getScheme getHost getHostname getPort getEscapedPath jsonpatch.escapeKey'),
  ...kinds('double', 'asApproximateFloat'),
  ...['url', 'ip', 'cidr', 'quantity', 'semver'].map((name) => [name, { kind: name }] as const),
  ...['masked'].map((name) => [name, { kind: 'cidr' }] as const),
  ...['add', 'sub'].map((name) => [name, { kind: 'quantity' }] as const),
  ...['split', 'findAll'].map((name) => [name, { kind: 'list', item: { kind: 'string' } }] as const),
]);

/** `types`: what the checker found each part to be; `root`: what `self` can hold. */
export const costOf = (node: Node, types: ReadonlyMap<Node, Type>, root: Extent): number => new Coster(types, root).cost(node);

class Coster {
  /** Where in the values' declarations something comes from. */
  private readonly paths = new Map<Node, readonly string[]>();
  private readonly sizes = new Map<Node, Size>();
  private readonly entries = new Map<Node, Entry>();
  private readonly locals = new Map<string, Local[]>();

  constructor(
    private readonly types: ReadonlyMap<Node, Type>,
    private readonly root: Extent,
  ) {}

  cost(node: Node): number {
    switch (node.op) {
      case 'literal':
        return 0;
      case 'name':
        this.paths.set(node, this.local(node.name)?.path ?? [node.name]);
        return 1;
      case 'select': {
        const of = this.cost(node.of);
        if (node.isOptional) return plus(of, 1);
        const { kind } = this.type(node.of);
        this.paths.set(node, [...this.path(node.of), node.field]);
        return kind === 'map' || kind === 'object' ? plus(of, 1) : of;
      }
      case 'index': {
        const cost = plus(this.cost(node.of), this.cost(node.key), 1);
        if (node.isOptional) return cost;
        this.paths.set(node, [...this.path(node.of), this.type(node.of).kind === 'list' ? '@items' : '@values']);
        this.keepSize(node, this.entries.get(node.of)?.value);
        return cost;
      }
      case 'list': {
        const values = node.items.map(({ value }) => value);
        const cost = plus(LIST, ...values.map((value) => this.cost(value)));
        this.entries.set(node, { isList: true, key: ONE, value: this.largest(values) });
        return cost;
      }
      case 'map': {
        const [keys, values] = [node.entries.map(({ key }) => key), node.entries.map(({ value }) => value)];
        const cost = plus(MAP, ...[...keys, ...values].map((part) => this.cost(part)));
        this.entries.set(node, { isList: false, key: this.largest(keys), value: this.largest(values) });
        return cost;
      }
      case 'call':
        return this.call(node);
    }
  }

  private local(name: string): Local | undefined {
    return this.locals.get(name)?.at(-1);
  }

  private path(node: Node): readonly string[] {
    return (node.op === 'name' ? this.local(node.name)?.path : undefined) ?? this.paths.get(node) ?? [];
  }

  private type(node: Node): Type {
    const type = this.types.get(node);
    if (type?.kind !== undefined || node.op !== 'call') return type ?? {};
    if (['min', 'max', 'sum'].includes(node.name) && node.target !== undefined) return this.type(node.target).item ?? {};
    return RESULTS.get(qualifiedName(node) ?? node.name) ?? {};
  }

  private keepSize(node: Node, known: Size | undefined): void {
    const size = known ?? this.size(node);
    if (size !== undefined) this.sizes.set(node, size);
  }

  private sizeOrUnknown(node: Node | undefined): Size {
    return (node === undefined ? undefined : this.size(node)) ?? UNKNOWN;
  }

  private size(node: Node): Size | undefined {
    const known = this.sizes.get(node) ?? written(node) ?? this.declared(this.path(node));
    if (known !== undefined) return known;
    if (SCALARS.has(this.type(node).kind ?? '')) return ONE;
    return node.op === 'name' ? this.local(node.name)?.size : undefined;
  }

  /** By the declaration; whatever a path begins with, it leads on from the root. */
  private declared(path: readonly string[]): Size | undefined {
    if (path.length === 0) return undefined;
    let at: Extent | undefined = this.root;
    for (const step of path.slice(1)) {
      if (step === '@items' || step === '@values') at = at.item;
      else at = step === '@keys' ? at.key : at.fields?.get(step);
      if (at === undefined) return undefined;
    }
    return { min: 0, max: at.max };
  }

  private largest(nodes: readonly Node[]): Size {
    return nodes.length === 0 ? { min: 0, max: 0 } : nodes.map((node) => this.sizeOrUnknown(node)).reduce(union);
  }

  private call(node: Call): number {
    const { name, target, args } = node;
    const [first, second] = args;
    // A presence test costs nothing (PresenceTestHasCost(false)).
    if (target === undefined && name === 'has' && first?.op === 'select') return this.cost(first.of);
    if (name === '-_' && first?.op === 'literal') return 0;
    const qualified = qualifiedName(node);
    if (target !== undefined && qualified === undefined && COMPREHENSIONS.has(name) && first?.op === 'name') return this.comprehension(node, target);
    const of = qualified === undefined ? target : undefined;
    const costs = args.map((arg) => this.cost(arg));
    const ofTarget = of === undefined ? 0 : this.cost(of);
    if (name === 'dyn' && first !== undefined) {
      this.copySizes(node, first);
      return plus(1, ...costs);
    }
    if (name === '?:') {
      const [condition = 0, yes = 0, no = 0] = costs;
      const [a, b] = [this.entries.get(args[1] as Node), this.entries.get(args[2] as Node)];
      if (a !== undefined && b !== undefined) this.entries.set(node, joined(a, b));
      this.sizes.set(node, union(this.sizeOrUnknown(second), this.sizeOrUnknown(args[2])));
      return plus(condition, Math.max(yes, no));
    }
    const { cost, size } = this.operator(node) ?? this.func(qualified ?? name, of, args) ?? { cost: 1 };
    this.keepSize(node, size);
    return plus(cost, ofTarget, ...costs);
  }

  private copySizes(to: Node, from: Node): void {
    const [size, entry] = [this.size(from), this.entries.get(from)];
    if (size !== undefined) this.sizes.set(to, size);
    if (entry !== undefined) this.entries.set(to, entry);
  }

  private operator(node: Call): Estimate | undefined {
    const { name, args, target } = node;
    const [left, right] = args;
    if (target !== undefined || left === undefined || right === undefined) return undefined;
    const [a, b] = [this.sizeOrUnknown(left), this.sizeOrUnknown(right)];
    const of = [this.type(left).kind, this.type(right).kind];
    const isUnknown = of.every((kind) => kind === undefined || kind === 'dyn');
    const isAny = (wanted: ReadonlySet<string>): boolean => isUnknown || of.some((kind) => kind !== undefined && wanted.has(kind));
    const compared = (): Estimate => ({ cost: scaled(Math.min(a.max, b.max), TRAVERSAL) });
    switch (name) {
      case '&&':
      case '||':
        return { cost: 0 };
      case '==':
        if (of[0] === of[1] && SIMPLE_OBJECTS.has(of[0] ?? '')) return { cost: 1 };
        return of[0] === 'url' && of[1] === 'url' ? { cost: scaled(this.size(right)?.max ?? 1, TRAVERSAL) } : compared();
      case '!=':
        return compared();
      case '<':
      case '<=':
      case '>':
      case '>=':
        return isAny(TEXTS) ? { cost: Math.max(compared().cost, isUnknown ? 1 : 0) } : { cost: 1 };
      case 'in':
        return of[1] === 'map' ? { cost: 1 } : { cost: b.max };
      case '+': {
        if (!isAny(TEXTS) && !of.includes('list')) return { cost: 1 };
        const [one, other] = [this.entries.get(left), this.entries.get(right)];
        if (one !== undefined && other !== undefined) this.entries.set(node, joined(one, other));
        const size = sum(a, b);
        return { cost: isAny(TEXTS) ? Math.max(scaled(size.max, TRAVERSAL), isUnknown ? 1 : 0) : 1, size };
      }
      default:
        return undefined;
    }
  }

  /** Beyond what its operands cost. */
  private func(name: string, target: Node | undefined, args: readonly Node[]): Estimate | undefined {
    const of = target === undefined ? UNKNOWN : this.sizeOrUnknown(target);
    const arg = (i: number): Size => this.sizeOrUnknown(args[i]);
    const read = (size: Size, factor = TRAVERSAL): number => scaled(size.max, factor);
    if (target === undefined)
      switch (name) {
        case 'url':
        case 'jsonpatch.escapeKey':
          return { cost: read(arg(0)), size: arg(0) };
        case 'ip':
        case 'cidr':
        case 'isIP':
        case 'isCIDR':
        case 'quantity':
        case 'isQuantity':
        case 'semver':
        case 'isSemver':
          return { cost: read(arg(0)) };
        case 'ip.isCanonical':
          return { cost: read(arg(0), 2 * TRAVERSAL) };
        case 'bytes':
          return this.type(args[0] as Node).kind === 'string' ? { cost: read(arg(0)), size: { min: arg(0).min, max: arg(0).max * 4 } } : undefined;
        case 'string':
          return this.type(args[0] as Node).kind === 'bytes' ? { cost: read(arg(0)), size: { min: Math.floor(arg(0).min / 4), max: arg(0).max } } : undefined;
        case 'sets.contains':
        case 'sets.intersects':
          return { cost: plus(product(arg(0), arg(1)).max, 1) };
        case 'sets.equivalent':
          return { cost: plus(scaled(product(arg(0), arg(1)).max, 2), 1) };
        default:
          return undefined;
      }
    switch (name) {
      case 'startsWith':
      case 'endsWith':
        return { cost: read(arg(0)) };
      case 'contains':
        return { cost: times(read(of), read(arg(0))) };
      case 'validate':
        return { cost: scaled(read(arg(0)), FORMAT_SIZE * REGEX) };
      case 'matches':
        return { cost: times(read(sum(of, ONE)), read(arg(0), REGEX)) };
      case 'find':
      case 'findAll':
        return { cost: times(read(sum(of, ONE)), read(arg(0), REGEX)), size: { min: 0, max: of.max } };
      case 'isSorted':
      case 'sum':
      case 'max':
      case 'min':
      case 'indexOf':
      case 'lastIndexOf': {
        if (this.type(target).kind !== 'list') return { cost: read(of) };
        const isText = TEXTS.has(this.type(target).item?.kind ?? '');
        return { cost: times(of.max, isText ? plus(1, read(this.itemOf(target))) : 1) };
      }
      case 'lowerAscii':
      case 'upperAscii':
      case 'substring':
      case 'trim':
        return { cost: read(of), size: of };
      case 'replace':
        return args.length < 2 ? undefined : { cost: read(of, 2 * TRAVERSAL), size: replaced(of, arg(0), arg(1)) };
      case 'split': {
        const most = args[1]?.op === 'literal' && typeof args[1].value === 'bigint' ? Number(args[1].value) : of.max;
        return { cost: read(of, 2 * TRAVERSAL), size: { min: 0, max: most } };
      }
      case 'join': {
        const items = product(of, this.itemOf(target));
        const between: Size = { min: Math.max(of.min - 1, 0), max: Math.max(of.max - 1, 0) };
        const size = args.length > 0 ? sum(items, product(arg(0), between)) : items;
        return { cost: read(size), size };
      }
      case 'containsIP':
        return { cost: plus(scaled(32, TRAVERSAL), this.type(args[0] as Node).kind === 'string' ? read(arg(0)) : 0) };
      case 'containsCIDR':
        return { cost: plus(scaled(32, TRAVERSAL), scaled(16, TRAVERSAL), 1, this.type(args[0] as Node).kind === 'string' ? read(arg(0)) : 0) };
      default:
        return undefined;
    }
  }

  private itemOf(list: Node): Size {
    const path = this.path(list);
    return (path.length === 0 ? undefined : this.declared([...path, '@items'])) ?? UNKNOWN;
  }

  private comprehension(node: Call, target: Node): number {
    const { name, args } = node;
    const variable = (args[0] as { readonly name: string }).name;
    const ofRange = this.cost(target);
    if (name === 'optMap' || name === 'optFlatMap') {
      const inner = this.within([[variable, { path: [], size: undefined }]], () => this.cost(args[1] as Node));
      // Asked whether there is a value; if so, it is taken, bound and wrapped again.
      return plus(1, ofRange, Math.max(1, plus(LIST, 1, ofRange, inner, name === 'optMap' ? 1 : 0)));
    }
    const entry = this.entries.get(target);
    const isList = entry?.isList ?? this.type(target).kind === 'list';
    const of = (part: 'key' | 'value'): Local => ({
      path: [...this.path(target), part === 'key' ? (isList ? '@indices' : '@keys') : isList ? '@items' : '@values'],
      size: entry?.[part],
    });
    const isDouble = isTwofold(name, args);
    const names: readonly (readonly [string, Local])[] = isDouble
      ? [
          [variable, of('key')],
          [(args[1] as { readonly name: string }).name, of('value')],
        ]
      : [[variable, of(isList ? 'value' : 'key')]];
    const bodies = args.slice(isDouble ? 2 : 1);
    const made = this.within(names, () => {
      const costs = bodies.map((body) => this.cost(body));
      return { costs, last: name === 'filter' ? (this.size(args[0] as Node) ?? names[0]?.[1].size ?? UNKNOWN) : this.sizeOrUnknown(bodies.at(-1)) };
    });
    const { init, step, result } = steps(name, made.costs);
    const count = this.sizeOrUnknown(target);
    if (init === 0) this.sizes.set(node, ONE);
    else {
      this.sizes.set(node, count);
      this.entries.set(node, { isList: init === LIST, key: ONE, value: { min: 0, max: made.last.max } });
    }
    return plus(ofRange, init, result, times(count.max, step));
  }

  private within<T>(names: readonly (readonly [string, Local])[], run: () => T): T {
    for (const [name, local] of names) this.locals.set(name, [...(this.locals.get(name) ?? []), local]);
    const result = run();
    for (const [name] of names) this.locals.get(name)?.pop();
    return result;
  }
}

/** What the loop that a macro stands for costs: before, each time round, and at the end. */
function steps(name: string, costs: readonly number[]): { readonly init: number; readonly step: number; readonly result: number } {
  const [body = 0, more = 0] = costs;
  const all = plus(...costs);
  switch (name) {
    case 'all':
      return { init: 0, step: plus(3, body), result: 1 };
    case 'exists':
      return { init: 0, step: plus(4, body), result: 1 };
    case 'exists_one':
    case 'existsOne':
      return { init: 0, step: plus(2, body), result: 2 };
    case 'filter':
      return { init: LIST, step: plus(13, body), result: 1 };
    case 'transformMap':
    case 'transformMapEntry':
      return { init: MAP, step: plus(3, all), result: 1 };
    default:
      // map and transformList, of some or of all.
      return { init: LIST, step: costs.length > 1 ? plus(body, 12, more) : plus(12, body), result: 1 };
  }
}

function written(node: Node): Size | undefined {
  if (node.op === 'list') return { min: node.items.length, max: node.items.length };
  if (node.op === 'map') return { min: node.entries.length, max: node.entries.length };
  const literal = node.op === 'call' && node.name === '-_' && node.target === undefined ? node.args[0] : node;
  if (literal?.op !== 'literal') return undefined;
  const { value } = literal;
  const length = typeof value === 'string' ? [...value].length : value instanceof Uint8Array ? value.length : 1;
  return { min: length, max: length };
}

const joined = (a: Entry, b: Entry): Entry => ({ isList: a.isList, key: union(a.key, b.key), value: union(a.value, b.value) });

/** How long a text can be in which one part is replaced by another, wherever it is. */
function replaced(text: Size, part: Size, by: Size): Size {
  const count = (length: number, of: number): number => Math.min(Math.ceil(length / of), MOST);
  let [most, kept] = [count(text.max, part.min || 1), 0];
  if (part.min === 0) [most, kept] = [plus(text.max, 1), text.max];
  else if (by.max <= part.min) [most, kept] = [0, text.max];
  let [least, rest] = [count(text.min, part.max || 1), 0];
  if (part.max === 0) [least, rest] = [plus(text.min, 1), text.min];
  else if (part.max <= by.min) [least, rest] = [0, text.min];
  return { min: plus(times(least, by.min), rest), max: plus(times(most, by.max), kept) };
}
