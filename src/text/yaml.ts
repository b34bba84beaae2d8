/**
 * YAML as kubectl reads it: YAML 1.1 words and numbers, its error texts and its limits (go.yaml.in/yaml/v2 decode.go by way of
 * sigs.k8s.io/yaml, which turns the result into JSON).
 */
import { goFloat, goSyntaxOf } from './go-format.js';
import { parseDocument, type YamlNode } from './yaml-parser.js';
import { FALSES, NULLS, TRUES, yamlFloat, yamlInt, yamlTime } from './yaml-scalar.js';
import { YamlError } from './yaml-scanner.js';

/**
 * One document's value, or why it cannot be read: what kubectl prints after `error converting YAML to JSON: yaml: `. `isJson`:
 * the YAML is well-formed but cannot be JSON, and the text stands without `yaml: `. `duplicates`: what a strict reader says of keys that
 * stand twice in a mapping.
 */
export type ParsedYaml = { readonly value: unknown; readonly duplicates?: string } | { readonly error: string; readonly isJson?: true };

const BOM = '\ufeff';

/**
 * Reads one document; what follows a `---` is not looked at. Empty text and comments are null.
 * In the `core` schema (goyaml.v3: kustomize) `yes`, `off` and the like are text, and dates are times.
 */
export function parseYaml(text: string, words: '1.1' | 'core' = '1.1'): ParsedYaml {
  if (/[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/.test(text)) return { error: 'control characters are not allowed' };
  try {
    const node = parseDocument(text.startsWith(BOM) ? text.slice(1) : text);
    if (node === undefined) return { value: null };
    const decoder = new Decoder(words === 'core');
    const value = decoder.decode(node);
    return {
      value,
      ...(decoder.repeated.length === 0 ? {} : { duplicates: `yaml: unmarshal errors:${decoder.repeated.map((one) => `\n  ${one}`).join('')}` }),
    };
  } catch (error) {
    if (error instanceof NotJson) return { error: error.message, isJson: true };
    if (error instanceof YamlError) return { error: describe(error) };
    // Nested deeper than we can follow, if not deeper than upstream allows.
    if (error instanceof RangeError) return { error: 'exceeded max depth of 10000' };
    throw error;
  }
}

/** The scanner's errors count lines from 1, the parser's from 0, and line 0 is not mentioned (decode.go: parser.fail). */
function describe({ message, line, contextLine, isScanner }: YamlError): string {
  const shown = line !== 0 ? (isScanner ? line + 1 : line) : contextLine;
  return shown === 0 ? message : `line ${shown}: ${message}`;
}

/** Fine as YAML, but JSON has no such thing. */
class NotJson extends Error {}

const bad = (message: string): YamlError => new YamlError(message, 0, 0, false);

/** Aliases may stand for nearly everything in a small document, and for a tenth of a large one. */
const SMALL = 400_000;
const LARGE = 4_000_000;
const allowedAliases = (count: number): number => (count <= SMALL ? 0.99 : count >= LARGE ? 0.1 : 0.99 - 0.89 * ((count - SMALL) / (LARGE - SMALL)));

class Decoder {
  /** `line 3: key "a" already set in map`. */
  readonly repeated: string[] = [];
  private decoded = 0;
  private aliased = 0;
  private aliasDepth = 0;
  private readonly open = new Set<YamlNode>();

  constructor(private readonly isCore: boolean) {}

  decode(node: YamlNode): unknown {
    this.decoded++;
    if (this.aliasDepth > 0) this.aliased++;
    if (this.aliased > 100 && this.decoded > 1000 && this.aliased / this.decoded > allowedAliases(this.decoded))
      throw bad('document contains excessive aliasing');
    switch (node.kind) {
      case 'scalar':
        return scalar(node, this.isCore);
      case 'sequence':
        return node.items.map((item) => this.decode(item));
      case 'mapping':
        return this.mapping(node, {});
      case 'alias':
        return this.alias(node, (to) => this.decode(to));
    }
  }

  private alias<T>({ name, to }: Extract<YamlNode, { kind: 'alias' }>, use: (to: YamlNode) => T): T {
    if (this.open.has(to)) throw bad(`anchor '${name}' value contains itself`);
    this.open.add(to);
    this.aliasDepth++;
    const value = use(to);
    this.aliasDepth--;
    this.open.delete(to);
    return value;
  }

  private mapping(node: Extract<YamlNode, { kind: 'mapping' }>, into: Record<string, unknown>): Record<string, unknown> {
    this.open.add(node);
    const seen = new Set<unknown>();
    for (const [key, value, line] of node.pairs) {
      if (isMerge(key)) this.merge(value, into);
      // Any key may be there, `__proto__` included; of several the last counts.
      else {
        const name = this.decode(key);
        const content = this.decode(value);
        const text = keyText(name, content);
        if (this.aliasDepth === 0 && seen.has(name)) this.repeated.push(`line ${line}: key ${goSyntaxOf(name)} already set in map`);
        seen.add(name);
        Object.defineProperty(into, text, { value: content, enumerable: true, configurable: true, writable: true });
      }
    }
    this.open.delete(node);
    return into;
  }

  /** `<<: *base`. Merged keys take effect where they stand: later ones win, merged or not. */
  private merge(node: YamlNode, into: Record<string, unknown>): void {
    const wrong = () => bad('map merge requires map or sequence of maps as the value');
    const one = (from: YamlNode) => {
      if (from.kind === 'alias' && from.to.kind !== 'mapping') throw wrong();
      if (from.kind === 'alias') this.alias(from, (to) => this.mapping(to as Extract<YamlNode, { kind: 'mapping' }>, into));
      else if (from.kind === 'mapping') this.mapping(from, into);
      else throw wrong();
    };
    if (node.kind === 'sequence') for (const item of [...node.items].reverse()) one(item);
    else one(node);
  }
}

const isMerge = (key: YamlNode): boolean =>
  key.kind === 'scalar' && key.value === '<<' && (key.tag === 'tag:yaml.org,2002:merge' || (key.tag === '' && key.isImplicit));

/** JSON's keys are strings: what else YAML allows is spelt out (sigs.k8s.io/yaml convertToJSONableObject). */
function keyText(key: unknown, value: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'boolean') return String(key);
  if (typeof key === 'number') return Number.isInteger(key) && Math.abs(key) < 2 ** 63 ? String(key) : goFloat(Math.fround(key));
  if (key === null) throw new NotJson(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${value === null ? '<nil>' : goSyntaxOf(value)}`);
  throw bad(`invalid map key: ${goSyntaxOf(key, 'map[interface {}]interface {}')}`);
}

const SHORT = 'tag:yaml.org,2002:';

function scalar({ value, tag, isImplicit, isFolded = false }: Extract<YamlNode, { kind: 'scalar' }>, isCore: boolean): unknown {
  if (isCore && isFolded) return refolded(value);
  if (tag === '') {
    if (!isImplicit || (isCore && /^([yn]|yes|no|on|off)$/i.test(value))) return value;
    return (isCore ? yamlTime(value) : undefined) ?? resolve(value).value;
  }
  const short = tag.startsWith(SHORT) ? `!!${tag.slice(SHORT.length)}` : tag;
  switch (short) {
    case '!!str':
      return value;
    case '!!binary':
      return binary(value);
    case '!!null':
    case '!!bool':
    case '!!int':
    case '!!float': {
      const found = resolve(value);
      if (`!!${found.type}` !== short && !(short === '!!float' && found.type === 'int')) throw bad(`cannot decode !!${found.type} \`${value}\` as a ${short}`);
      return found.value;
    }
    default:
      return value;
  }
}

/**
 * A folded text that goyaml.v3 has written and read again, as kustomize does: where a line that is indented (or nothing) follows one
 * that is not, there is a break more.
 */
const refolded = (text: string): string =>
  text.replace(/(^|\n)([^\s][^\n]*)(\n+)(?=[ \t]|$)/g, (all, _before, _line, breaks: string, at: number, whole: string) =>
    at + all.length === whole.length && breaks.length === 1 ? all : `${all}\n`,
  );

function binary(value: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(value), (char) => char.charCodeAt(0)));
  } catch {
    throw bad('!!binary value contains invalid base64 data');
  }
}

const WORDS: ReadonlyMap<string, { readonly type: string; readonly value: unknown }> = new Map<string, { readonly type: string; readonly value: unknown }>([
  ...NULLS.map((word) => [word, { type: 'null', value: null }] as const),
  ...TRUES.map((word) => [word, { type: 'bool', value: true }] as const),
  ...FALSES.map((word) => [word, { type: 'bool', value: false }] as const),
]);

/** What a plain scalar is by its looks. Dates and numbers of base 60 stay text. */
function resolve(text: string): { readonly type: string; readonly value: unknown } {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) {
    if (first !== 46) {
      const int = yamlInt(text);
      if (int !== undefined) return { type: 'int', value: int };
    }
    const float = yamlFloat(text);
    if (float !== undefined) return { type: 'float', value: float };
    if (/^[+-]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(text)) throw new NotJson(`json: unsupported value: ${goFloat(infinity(text))}`);
  }
  return { type: 'str', value: text };
}

const infinity = (text: string): number => (/nan/i.test(text) ? Number.NaN : text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
