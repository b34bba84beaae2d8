/**
 * JSONPath in the dialect of k8s.io/client-go/util/jsonpath: text with `{expressions}` in it; fields, filters, ranges, unions,
 * slices, recursive descent. Reading is jsonpath-parser.ts; this is evaluation and printing.
 */
import { goValue, sortedKeys } from './go-format.js';
import { goJson } from './go-json-writer.js';
import { type Node, parseJsonPathNodes } from './jsonpath-parser.js';
import { TextError } from './text-error.js';

export interface JsonPathOptions {
  /** A missing field is an empty result instead of an error. */
  readonly allowMissingKeys?: boolean;
  /** Each block of results as an indented JSON list (`-o jsonpath-as-json`). */
  readonly outputJson?: boolean;
}

export interface JsonPath {
  /** One list of results for each expression or text. Throws TextError. */
  results(data: unknown): readonly (readonly unknown[])[];
  /** What `-o jsonpath` prints; no newline at the end. */
  execute(data: unknown): string;
}

/** Throws TextError: `unclosed action`. */
export function parseJsonPath(text: string, options: JsonPathOptions = {}): JsonPath {
  const nodes = parseJsonPathNodes(text);
  const results = (data: unknown) => new Evaluation(options.allowMissingKeys === true).run(nodes, data);
  return {
    results,
    execute: (data) =>
      results(data)
        .map((found) => (options.outputJson === true ? `${goJson(found, { indent: '    ' })}\n` : found.map(resultText).join(' ')))
        .join(''),
  };
}

/** Maps and lists as JSON, everything else as Go prints it. */
export function resultText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? goJson(value) : goValue(value);
}

/** One walk over one object; `range` and `end` make it a small machine. */
class Evaluation {
  private rangesToBegin = 0;
  private rangesToEnd = 0;
  private openRanges = 0;
  private lastEnd: Node | undefined;
  constructor(private readonly allowMissingKeys: boolean) {}

  run(nodes: readonly Node[], data: unknown): unknown[][] {
    const all: unknown[][] = [];
    for (let i = 0; i < nodes.length; i++) {
      const found = this.walk([data], nodes[i] as Node);
      if (this.rangesToEnd > 0 && this.rangesToEnd <= this.openRanges) {
        this.rangesToEnd--;
        this.lastEnd = nodes[i];
        break;
      }
      if (this.rangesToBegin === 0) {
        all.push(found);
        continue;
      }
      this.rangesToBegin--;
      this.openRanges++;
      const rest = nodes.slice(i + 1);
      if (found.length > 0) for (const value of found) all.push(...this.run(rest, value));
      // Nothing to range over: the body is walked once all the same, to find its end.
      else this.run(rest, undefined);
      this.openRanges--;
      const end = this.lastEnd === undefined ? -1 : nodes.indexOf(this.lastEnd, i + 1);
      if (end >= 0) i = end;
    }
    return all;
  }

  private walk(input: readonly unknown[], node: Node): unknown[] {
    switch (node.type) {
      case 'list':
        return this.walkAll(input, node.nodes);
      case 'text':
        return [node.text];
      case 'constant':
        return input.map(() => node.value);
      case 'field':
        return this.field(input, node.name);
      case 'array':
        return array(input, node.params);
      case 'filter':
        return this.filter(input, node);
      case 'wildcard':
        return input.flatMap(children);
      case 'recursive':
        return recursive(input);
      case 'union':
        return node.lists.flatMap((list) => this.walkAll(input, list));
      case 'identifier':
        return this.identifier(input, node.name);
    }
  }

  private walkAll(input: readonly unknown[], nodes: readonly Node[]): unknown[] {
    let values = [...input];
    for (const node of nodes) values = this.walk(values, node);
    return values;
  }

  private identifier(input: readonly unknown[], name: string): unknown[] {
    if (name === 'range') {
      this.rangesToBegin++;
      return [...input];
    }
    if (name !== 'end') throw new TextError(`unrecognized identifier ${name}`);
    if (this.openRanges === 0) throw new TextError('not in range, nothing to end');
    this.rangesToEnd++;
    return [];
  }

  private field(input: readonly unknown[], name: string): unknown[] {
    if (input.length === 0) return [];
    const found: unknown[] = [];
    for (const value of input) if (isMap(value) && Object.hasOwn(value, name) && value[name] !== undefined) found.push(value[name]);
    if (found.length === 0 && !this.allowMissingKeys) throw new TextError(`${name} is not found`);
    return found;
  }

  private filter(input: readonly unknown[], node: Extract<Node, { type: 'filter' }>): unknown[] {
    const found: unknown[] = [];
    for (const value of input) {
      if (!Array.isArray(value))
        throw new TextError(`${value === undefined ? '<invalid reflect.Value>' : goValue(value)} is not array or slice and cannot be filtered`);
      for (const item of value) {
        if (node.operator === 'exists') {
          if (this.existing([item], node.left).length > 0) found.push(item);
          continue;
        }
        const left = one(this.walkAll([item], node.left));
        if (left === undefined) continue;
        const right = one(this.walkAll([item], node.right));
        if (right !== undefined && compare(left.value, right.value, node.operator)) found.push(item);
      }
    }
    return found;
  }

  /** The exists filter looks at what there is and not at errors; a failing step other than a field leaves what it was given. */
  private existing(input: readonly unknown[], nodes: readonly Node[]): readonly unknown[] {
    let values = [...input];
    for (const node of nodes) {
      try {
        values = this.walk(values, node);
      } catch (error) {
        if (error instanceof TextError) return node.type === 'field' ? [] : values;
        throw error;
      }
    }
    return values;
  }
}

type Map = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Map => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values of a map in key order (Go's order is random), items of a list, bytes of a string. */
function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...new TextEncoder().encode(value)];
  return isMap(value) ? sortedKeys(value).map((key) => value[key]) : [];
}

/** Every value that holds others, itself before its own. */
function recursive(input: readonly unknown[]): unknown[] {
  return input.flatMap((value) => {
    const inner = children(value);
    return inner.length === 0 ? [] : [value, ...recursive(inner)];
  });
}

function one(values: readonly unknown[]): { readonly value: unknown } | undefined {
  if (values.length > 1) throw new TextError('can only compare one element at a time');
  return values.length === 0 ? undefined : { value: values[0] };
}

function array(input: readonly unknown[], params: Extract<Node, { type: 'array' }>['params']): unknown[] {
  const found: unknown[] = [];
  for (const value of input) {
    if (value === null || value === undefined) continue;
    if (!Array.isArray(value)) throw new TextError(`${goType(value)} is not array or slice`);
    const length = value.length;
    let from = params.from ?? 0;
    if (from < 0) from += length;
    let to = params.to ?? length;
    if (to < 0 || (to === 0 && params.isIndex)) to += length;
    if (from === to) return found;
    if (from >= length || from < 0) throw new TextError(`array index out of bounds: index ${from}, length ${length}`);
    if (to > length || to < 0) throw new TextError(`array index out of bounds: index ${to - 1}, length ${length}`);
    if (from > to) throw new TextError(`starting index ${from} is greater than ending index ${to}`);
    const step = params.step ?? 1;
    if (step <= 0) throw new TextError('step must be > 0');
    for (let i = from; i < to; i += step) found.push(value[i]);
  }
  return found;
}

const goType = (value: unknown): string =>
  typeof value === 'string'
    ? 'string'
    : typeof value === 'boolean'
      ? 'bool'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'int64'
          : 'float64'
        : 'map[string]interface {}';

type Kind = 'string' | 'bool' | 'int' | 'float';
function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  throw new TextError('invalid type for comparison');
}

/** eq, lt … of text/template: only like with like. */
function compare(left: unknown, right: unknown, operator: string): boolean {
  if (!['<', '>', '==', '!=', '<=', '>='].includes(operator)) throw new TextError(`unrecognized filter operator ${operator}`);
  const kind = kindOf(left);
  if (kind !== kindOf(right)) throw new TextError('incompatible types for comparison');
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (kind === 'bool') throw new TextError('invalid type for comparison');
  const a = left as number;
  const b = right as number;
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
}
