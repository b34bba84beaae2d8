/**
 * YAML as kubectl reads it: YAML 1.1 words and numbers (go.yaml.in/yaml/v2 by way of sigs.k8s.io/yaml), its error texts, and
 * its limits. The only file that knows js-yaml; printing YAML (yaml-emitter.ts) does not load it.
 */
import { defineMappingTag, defineScalarTag, FAILSAFE_SCHEMA, load, mergeTag, NOT_RESOLVED, YAMLException } from 'js-yaml';
import { FALSES, NULLS, TRUES, yamlFloat, yamlInt } from './yaml-scalar.js';

/** One document's value, or why it cannot be read: what kubectl prints after `error converting YAML to JSON: yaml: `. */
export type ParsedYaml = { readonly value: unknown } | { readonly error: string };

/** As many aliases may stand for anything as yaml.v2 lets them: nearly all of a small document, a tenth of a large one. */
const MOST_NODES = 4_000_000;
/** Deeper nesting is refused (yaml.v2: max_flow_level, max_indents). */
const MAX_DEPTH = 10_000;

/** Reads one document. Empty text and comments are null. */
export function parseYaml(text: string): ParsedYaml {
  const control = firstControlCharacter(text);
  if (control) return { error: 'control characters are not allowed' };
  if (/^\s*$/.test(text)) return { value: null };
  let value: unknown;
  try {
    value = load(text, { schema: SCHEMA, json: true, maxDepth: MAX_DEPTH, maxTotalMergeKeys: 1_000_000 });
  } catch (error) {
    if (error instanceof RangeError) return { error: 'document contains excessive aliasing' };
    if (!(error instanceof YAMLException)) throw error;
    if (error.reason.startsWith('expected a document, but')) return { value: null };
    return { error: kubectlReason(error, text) };
  }
  return countNodes(value, MOST_NODES) > MOST_NODES ? { error: 'document contains excessive aliasing' } : { value };
}

/** Every scalar's text with its meaning is decided by yaml-scalar.ts. */
const word = (tag: string, words: readonly string[], value: unknown) =>
  defineScalarTag(tag, {
    implicit: true,
    resolve: (source) => (words.includes(source) ? value : NOT_RESOLVED),
    identify: () => false,
  });
const NULL = word('tag:yaml.org,2002:null', NULLS, null);
const BOOL = defineScalarTag('tag:yaml.org,2002:bool', {
  implicit: true,
  resolve: (source) => (TRUES.includes(source) ? true : FALSES.includes(source) ? false : NOT_RESOLVED),
  identify: () => false,
});
const INT = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: [...'+-0123456789'],
  resolve: (source) => yamlInt(source) ?? NOT_RESOLVED,
  identify: () => false,
});
const FLOAT = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: [...'+-.0123456789'],
  resolve: (source) => yamlFloat(source) ?? NOT_RESOLVED,
  identify: () => false,
});

/** Keys become strings, as in JSON; `__proto__` is a key like any other. */
const MAP = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair(map, key, value) {
    const name = keyText(key);
    if (name === undefined) return 'invalid map key';
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
    return '';
  },
  has: (map, key) => Object.hasOwn(map, keyText(key) ?? ''),
  keys: (map) => Object.keys(map),
  get: (map, key) => map[keyText(key) ?? ''],
  identify: () => false,
});

const keyText = (key: unknown): string | undefined => (typeof key === 'object' && key !== null ? undefined : String(key));

const SCHEMA = FAILSAFE_SCHEMA.withTags(MAP, NULL, BOOL, INT, FLOAT, mergeTag);

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^tab characters must not be used in indentation/, 'found character that cannot start any token'],
  [/^unexpected end of the stream within a (double|single) quoted scalar/, 'found unexpected end of stream'],
  [/^unexpected end of the document within a (double|single) quoted scalar/, 'found unexpected document indicator'],
  [/^can not read a block mapping entry|^expected ':' after a mapping key|^can not read an implicit mapping pair/, "could not find expected ':'"],
  [/^unknown escape sequence/, 'found unknown escape character'],
  [/^expected hexadecimal character/, 'did not find expected hexdecimal number'],
  [/^undeclared tag handle/, 'found undefined tag handle'],
  [/^nesting exceeded/, 'exceeded max depth of 10000'],
  [/^bad indentation of a sequence entry/, "did not find expected '-' indicator"],
  [/^merge keys exceeded/, 'document contains excessive aliasing'],
  [/^cannot merge mappings/, 'map merge requires map or sequence of maps as the value'],
  [/^name of an (anchor|alias) node/, 'did not find expected alphabetic or numeric character'],
  [/^end of the stream or a document separator is expected/, 'did not find expected <document start>'],
];

/** js-yaml's complaint in libyaml's words, with libyaml's idea of the line. */
function kubectlReason(error: YAMLException, text: string): string {
  const { reason, mark } = error;
  const line = mark?.line ?? 0;
  const column = mark?.column ?? 0;
  const alias = /^unidentified alias "(.*)"/s.exec(reason);
  if (alias !== null) return `unknown anchor '${alias[1]}' referenced`;
  const lines = text.split(/\r\n|\r|\n/);
  const current = lines[line] ?? '';
  const at = (index: number, problem: string): string => (index <= 0 ? problem : `line ${index}: ${problem}`);

  if (reason.includes('within a flow collection') || reason.startsWith('missed comma between flow')) {
    const open = lastOpenBracket(text.slice(0, mark?.position ?? text.length));
    return at(open.line > 0 ? open.line : line, `did not find expected ',' or '${open.bracket === '[' ? ']' : '}'}'`);
  }
  if (/^[%@`]/.test(current.slice(column).trimStart()) || /(^|[:-]\s+)[%@`]/.test(current)) return at(line + 1, 'found character that cannot start any token');
  if (reason.startsWith('bad indentation of a mapping entry')) {
    // A `: ` where a scalar was already under way is the scanner's error; a key at an odd column is the parser's.
    return /:\s|:$/.test(current.slice(0, Math.max(column, 0)).replace(/^\s*[^:]*$/, '')) || lines[line]?.slice(column).startsWith(':') === true
      ? at(line + 1, 'mapping values are not allowed in this context')
      : at(line, 'did not find expected key');
  }
  for (const [pattern, problem] of REASONS) if (pattern.test(reason)) return at(line + 1, problem);
  return at(line + 1, reason);
}

function lastOpenBracket(text: string): { readonly bracket: string; readonly line: number } {
  const open: { bracket: string; line: number }[] = [];
  let line = 0;
  for (const char of text) {
    if (char === '\n') line++;
    else if (char === '[' || char === '{') open.push({ bracket: char, line });
    else if (char === ']' || char === '}') open.pop();
  }
  return open.at(-1) ?? { bracket: '{', line: 0 };
}

/** yaml.v2's reader refuses all but tab, line breaks and printable characters. */
const firstControlCharacter = (text: string): boolean => /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/.test(text);

/** Nodes of the tree that aliases make, counted no further than `limit`. */
function countNodes(value: unknown, limit: number): number {
  const known = new Map<object, number>();
  const count = (node: unknown): number => {
    if (typeof node !== 'object' || node === null) return 1;
    const before = known.get(node);
    if (before !== undefined) return before;
    known.set(node, Number.POSITIVE_INFINITY);
    let total = 1;
    for (const child of Object.values(node)) {
      total += count(child);
      if (total > limit) break;
    }
    known.set(node, total);
    return total;
  };
  return count(value);
}
