/**
 * cmp.Diff of two values of a Go type: what ValidatePodUpdate and its like append to their errors. github.com/google/go-cmp does not
 * promise its form; this is that of v0.7.0, whose deliberate variations (spaces, the end a list is searched from) are chosen once.
 */
import { byteLength } from '../../../api/bytes.js';
import { goLabelSelector, type LabelSelector } from '../../../api/selectors.js';
import { type Compared, compareValues, MISSING, mapKey } from './comparison.js';
import { elementOf, FIELDS, type Fields, fieldOf, fieldsOf, isNil, isZero, kindOf, opened, typeName } from './layout.js';
import { canDiffSlices, diffSlices } from './slices.js';
import { isPrintable, quoted } from './strings.js';
import {
  addCounts,
  type Counts,
  differences,
  ELLIPSIS,
  elided,
  grouped,
  isSameText,
  type Line,
  type Mark,
  NONE,
  type Node,
  print,
  wrap,
} from './text-nodes.js';

/** '' when they are the same. */
export function goDiff(type: string, x: unknown, y: unknown): string {
  const root = compareValues(type, x, y);
  return root.different === 0 ? '' : print(formatDiff(root, { mark: '', types: 'emit', level: 0, avoidStringer: false }));
}

interface Options {
  readonly mark: Mark;
  /** Whether the type of the next value is printed: `auto`, of structs, lists and maps. */
  readonly types: 'emit' | 'elide' | 'auto';
  /** How much more is printed: what is at 0 is not. */
  readonly level: number;
  readonly avoidStringer: boolean;
}

const MAX_PRESET = 6;
/** Says more and more, until two values that differ look different. */
const preset = (options: Options, i: number): Options => ({
  ...options,
  level: Math.max(options.level, 0) + 2 * i,
  avoidStringer: options.avoidStringer || i > 0,
});
const shown = ({ level }: Options): number => 2 ** Math.min(Math.max(level, 0), 16);
/** Of values that are printed for themselves. */
const shownOfOne = (options: Options): number => Math.floor(shown(options) / 2) * 4;

function formatDiff(node: Compared, given: Options): Node {
  const options: Options = given.mark === ' ' ? { ...given, level: 1 } : { ...given, level: Math.max(given.level, 3) };
  if (options.mark === '' && canDiffSlices(node)) return formatSlices(node, options);
  if (node.depth === 0) return formatLeaf(node, options);
  if (node.pointee !== undefined) return wrap('&', formatDiff(node.pointee, options));
  return withType(node.type, formatParts(node, options), options);
}

/** Long strings, and lists of numbers. */
function formatSlices(node: Compared, options: Options): Node {
  const text = diffSlices(node, shown(options) * 4);
  return kindOf(node.type) === 'list' ? withType(node.type, text, options) : text;
}

function formatLeaf(node: Compared, options: Options): Node {
  const { x, y, type } = node;
  if (options.mark === '-') return formatValue(type, x, options);
  if (options.mark === '+') return formatValue(type, y, options);
  const [before, after] = [formatValue(type, x, options), formatValue(type, y, options)];
  return lengthOf(before) < lengthOf(after) ? before : after;
}

function lengthOf(node: Node): number {
  if (typeof node === 'string') return byteLength(node);
  if ('prefix' in node) return node.prefix.length + lengthOf(node.body) + node.suffix.length;
  return node.reduce((sum, { key, value }) => sum + (key ? key.length + 2 : 0) + lengthOf(value) + 2, node.length > 0 ? -2 : 0);
}

const NOUNS = { struct: 'field', list: 'element', map: 'entry' } as const;

function formatParts(node: Compared, given: Options): Node {
  const kind = kindOf(node.type) as keyof typeof NOUNS;
  const options: Options = { ...given, types: kind === 'struct' ? 'auto' : 'elide', level: given.level - 1 };
  const parts = node.parts ?? [];
  if (given.mark !== '') return wrap('{', oneSide(parts, kind, options, shownOfOne(given)), '}');
  return wrap('{', bothSides(parts, kind, options, shown(given) * 2), '}');
}

type Parts = NonNullable<Compared['parts']>;

function oneSide(parts: Parts, kind: keyof typeof NOUNS, options: Options, limit: number): readonly Line[] {
  const lines: Line[] = [];
  for (const { key, value } of parts) {
    if (lines.length === limit) return [...lines, { value: ELLIPSIS, noComma: true }];
    const [isZeroX, isZeroY] = kind === 'struct' ? [isZero(value.type, value.x), isZero(value.type, value.y)] : [false, false];
    if (options.mark === '-' ? isZeroX : options.mark === '+' ? isZeroY : isZeroX || isZeroY) continue;
    if ((options.mark === '-' ? value.x : options.mark === '+' ? value.y : undefined) === MISSING) continue;
    lines.push({ key, value: formatDiff(value, options) });
  }
  return lines;
}

const CONTEXT = 2;

/** What differs, between two of what does not. */
function bothSides(parts: Parts, kind: keyof typeof NOUNS, options: Options, limit: number): readonly Line[] {
  const groups = grouped(parts.map(changeOf));
  const lines: Line[] = [];
  let printed = 0;
  let rest = NONE;
  let at = 0;
  groups.forEach((counts, i) => {
    const changed = differences(counts);
    const group = parts.slice(at, at + counts.identical + changed);
    at += group.length;
    if (printed >= limit) {
      rest = addCounts(rest, counts);
      return;
    }
    if (changed > 0) {
      for (const part of group) lines.push(...changedLines(part.key, part.value, options));
      printed += changed;
      return;
    }
    const before = i === 0 ? 0 : Math.min(CONTEXT, group.length);
    let after = i === groups.length - 1 ? 0 : Math.min(CONTEXT, group.length - before);
    if (group.length - before - after === 1) after++;
    const same = (some: Parts): void => {
      for (const { key, value } of some) lines.push({ key, value: formatDiff(value, { ...options, mark: ' ' }) });
    };
    same(group.slice(0, before));
    const left = group.length - before - after;
    if (left > 0) lines.push(elided({ ...NONE, identical: left }, NOUNS[kind]));
    same(group.slice(group.length - after));
  });
  if (rest !== NONE) lines.push(elided(rest, NOUNS[kind]));
  return lines;
}

function changeOf({ value }: Parts[number]): keyof Counts {
  if (value.different === 0) return 'identical';
  return value.y === MISSING ? 'removed' : value.x === MISSING ? 'inserted' : 'modified';
}

function changedLines(key: string, value: Compared, options: Options): readonly Line[] {
  if (canDiffSlices(value)) return [{ key, value: formatSlices(value, options) }];
  // Only what is no chain of pointers to a leaf is gone into.
  if (value.descendants !== value.depth) return [{ key, value: formatDiff(value, options) }];
  const side = (mark: '-' | '+', with_: Options): Node | undefined =>
    (mark === '-' ? value.x : value.y) === MISSING ? undefined : formatDiff(value, { ...with_, mark });
  let before = side('-', options);
  let after = side('+', options);
  for (let i = 0; i <= MAX_PRESET && before !== undefined && after !== undefined && isSameText(before, after); i++) {
    before = side('-', preset(options, i));
    after = side('+', preset(options, i));
  }
  const lines: Line[] = [];
  if (before !== undefined) lines.push({ mark: '-', key, value: before });
  if (after !== undefined) lines.push({ mark: '+', key, value: after });
  return lines;
}

function withType(type: string, node: Node, { types, mark }: Options): Node {
  if (types === 'elide') return node;
  const kind = kindOf(type);
  if (types === 'auto' && ((kind !== 'struct' && kind !== 'list' && kind !== 'map') || node === 'nil' || mark === ' ')) return node;
  const name = kind === 'pointer' ? `(${typeName(type)})` : typeName(type);
  const isBraced =
    typeof node === 'object' &&
    'prefix' in node &&
    ((node.prefix.startsWith('(') && node.suffix.endsWith(')')) || (node.prefix.startsWith('{') && node.suffix.endsWith('}')));
  return wrap(name, isBraced ? node : wrap('(', node, ')'));
}

function formatValue(type: string, value: unknown, options: Options): Node {
  const kind = kindOf(type);
  const text = options.avoidStringer ? undefined : stringOf(type, value);
  if (text !== undefined) return formatString('s', text, options);
  const as = (node: Node): Node => withType(type, node, options);
  switch (kind) {
    case 'bool':
      return as(String(value === true));
    case 'integer':
      return as(String(value ?? 0));
    case 'string':
      return as(formatString('', (value as string | undefined) ?? '', options));
  }
  const limit = shownOfOne(options);
  if (kind === 'struct') {
    const lines: Line[] = [];
    const struct = opened(type, value);
    for (const field of fieldsOf(type)) {
      const item = fieldOf(struct, field);
      if (isZero(field.type, item)) continue;
      if (lines.length === limit) {
        lines.push({ value: ELLIPSIS, noComma: true });
        break;
      }
      lines.push({ key: field.name, value: formatValue(field.type, item, { ...options, types: 'auto', level: options.level - 1 }) });
    }
    return as(wrap('{', lines, '}'));
  }
  if (isNil(type, value)) return as('nil');
  if (kind === 'pointer') return wrap('&', formatValue(elementOf(type), value, options));
  const inner: Options = { ...options, types: 'elide', level: options.level - 1 };
  const lines: Line[] = [];
  const entries =
    kind === 'list' ? (value as readonly unknown[]).map((item) => ['', item] as const) : Object.entries(value as Fields).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, item] of entries) {
    if (lines.length === limit) {
      lines.push({ value: ELLIPSIS, noComma: true });
      break;
    }
    lines.push({ ...(kind === 'map' ? { key: mapKey(type, key) } : {}), value: formatValue(elementOf(type), item, inner) });
  }
  return as(wrap('{', lines, '}'));
}

/** What the type's String method says, where it has one. */
function stringOf(type: string, value: unknown): string | undefined {
  if (type === 'ResourceName') return String(value ?? '');
  if (value === undefined || value === null) return undefined;
  if (type === '*intstr.IntOrString' || type === '*resource.Quantity' || type === FIELDS) return String(value);
  if (type === '*LabelSelector') return goLabelSelector(value as LabelSelector);
  // It is promoted from what it embeds.
  if (type === '*PersistentVolumeClaimTemplate') return metadataText(((value as Fields)['metadata'] ?? {}) as Fields);
  return undefined;
}

const mapText = (map: Readonly<Record<string, string>>): string =>
  `map[string]string{${Object.keys(map)
    .sort()
    .map((key) => `${key}: ${map[key]},`)
    .join('')}}`;

/** That of metav1.ObjectMeta, of which a template has labels and annotations. */
function metadataText({ labels, annotations }: Fields): string {
  const maps = [labels, annotations].map((map) => mapText((map ?? {}) as Readonly<Record<string, string>>));
  return `&ObjectMeta{Name:,GenerateName:,Namespace:,SelfLink:,UID:,ResourceVersion:,Generation:0,CreationTimestamp:0001-01-01 00:00:00 +0000 UTC,DeletionTimestamp:<nil>,DeletionGracePeriodSeconds:nil,Labels:${maps[0]},Annotations:${maps[1]},OwnerReferences:[]OwnerReference{},Finalizers:[],ManagedFields:[]ManagedFieldsEntry{},}`;
}

/** Long ones are cut; lines that were removed or inserted stand one under the other. */
function formatString(prefix: string, text: string, options: Options): Node {
  const limit = shown(options) * 32;
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length >= 4 && (options.mark === '-' || options.mark === '+')) {
    const trimmed = lines.map((line) => line.replace(/\r$/, '').replace(/^\r/, ''));
    if (trimmed.every((line) => !line.replace(prefix, '').startsWith('"""') && !line.startsWith('...') && isPrintable(line) && line.length <= limit)) {
      const max = shown(options) * 4;
      const quotes: Line = { mark: options.mark, value: `${prefix}"""`, noComma: true };
      const kept = trimmed.length > max ? trimmed.slice(0, max - 1) : trimmed;
      const cut: readonly Line[] =
        kept.length < trimmed.length ? [{ mark: options.mark, value: ELLIPSIS, noComma: true, comment: `${trimmed.length - kept.length} elided lines` }] : [];
      return wrap('(', [quotes, ...kept.map((value): Line => ({ mark: options.mark, value, noComma: true })), ...cut, quotes], ')');
    }
  }
  const bytes = Buffer.from(text);
  if (bytes.length > limit + ELLIPSIS.length) return `${prefix}${quoted(bytes.subarray(0, limit).toString())}${ELLIPSIS}`;
  return `${prefix}${quoted(text)}`;
}
