/** The layout of github.com/google/go-cmp's reports: what fits on a line goes on one, what was changed never does. */
import { byteLength } from '../../../api/bytes.js';

/** Of values that are the same, removed, inserted; '': of both. */
export type Mark = '' | ' ' | '-' | '+';

export type Node = string | Wrap | readonly Line[];

export interface Wrap {
  readonly prefix: string;
  readonly body: Node;
  readonly suffix: string;
}

export interface Line {
  readonly mark?: Mark;
  readonly key?: string;
  readonly value: Node;
  readonly noComma?: true;
  readonly comment?: string;
}

export const ELLIPSIS = '...';
const MAX_COLUMNS = 80;

export const wrap = (prefix: string, body: Node, suffix = ''): Wrap => ({ prefix, body, suffix });
const isWrap = (node: Node): node is Wrap => typeof node === 'object' && 'prefix' in node;

export function print(node: Node): string {
  return `${indent(0, '')}${expand(compact(node, '').node, '', 0)}\n`;
}

/** Whether they would be printed the same. */
export const isSameText = (a: Node, b: Node): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The text as one line, and the node with all parts that can be lines made so. */
function compact(node: Node, mark: Mark): { readonly text: string; readonly node: Node } {
  if (typeof node === 'string') return { text: node, node };
  if (isWrap(node)) {
    const body = compact(node.body, mark);
    const text = `${node.prefix}${body.text}${node.suffix}`;
    return { text, node: typeof body.node === 'string' ? text : { ...node, body: body.node } };
  }
  let isLine = true;
  const texts: string[] = [];
  const lines = node.map((line) => {
    const value = compact(line.value, line.mark || mark);
    if (line.mark === '-' || line.mark === '+' || typeof value.node !== 'string' || line.comment !== undefined) isLine = false;
    texts.push(`${line.key ? `${line.key}: ` : ''}${value.text}`);
    return { ...line, value: value.node };
  });
  const text = texts.join(', ');
  if ((mark === '-' || mark === '+') && byteLength(text) > MAX_COLUMNS) isLine = false;
  return { text, node: isLine ? text : lines };
}

const indent = (depth: number, mark: Mark): string => `${mark === '' ? ' ' : mark} ${'\t'.repeat(depth)}`;

function expand(node: Node, mark: Mark, depth: number): string {
  if (typeof node === 'string') return node;
  if (isWrap(node)) return `${node.prefix}${expand(node.body, mark, depth)}${node.suffix}`;
  const end = `\n${indent(depth, mark)}`;
  const inner = depth + 1;
  if (node.length > 0 && node.every((line) => !line.mark && !line.key && typeof line.value === 'string' && line.comment === undefined)) {
    return (
      batches(node.map((line) => line.value as string))
        .map((batch) => `\n${indent(inner, mark)}${batch}`)
        .join('') + end
    );
  }
  const keyPads = pads(node, ({ key, value }) => (key && typeof value === 'string' ? [...key].length : undefined));
  const valuePads = pads(node, ({ value, comment }) =>
    typeof value === 'string' && value !== ELLIPSIS && comment !== undefined ? [...value].length : undefined,
  );
  let out = '';
  node.forEach((line, i) => {
    const own = line.mark || mark;
    out += `\n${indent(inner, own)}${line.key ? `${line.key}: ` : ''}${keyPads[i]}${expand(line.value, own, inner)}${line.noComma ? '' : ','}${valuePads[i]}`;
    if (line.comment !== undefined) out += ` // ${line.comment}`;
  });
  return out + end;
}

/** Several short values to a line. */
function batches(values: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const value of values) {
    if (byteLength(line) + byteLength(value) + 2 > MAX_COLUMNS && line !== '') {
      lines.push(line.trimEnd());
      line = '';
    }
    line += `${value}, `;
  }
  if (line !== '') lines.push(line.trimEnd());
  return lines;
}

/** What brings each of neighbours that have a width to that of the widest. */
function pads(lines: readonly Line[], widthOf: (line: Line) => number | undefined): readonly string[] {
  const widths = lines.map(widthOf);
  return widths.map((width, i) => {
    if (width === undefined) return '';
    let widest = width;
    for (let k = i - 1; k >= 0 && widths[k] !== undefined; k--) widest = Math.max(widest, widths[k] as number);
    for (let k = i + 1; k < widths.length && widths[k] !== undefined; k++) widest = Math.max(widest, widths[k] as number);
    return ' '.repeat(widest - width);
  });
}

/** How many records there were, by what became of them. */
export interface Counts {
  readonly identical: number;
  readonly removed: number;
  readonly inserted: number;
  readonly modified: number;
}

export const differences = ({ removed, inserted, modified }: Counts): number => removed + inserted + modified;
export const addCounts = (a: Counts, b: Counts): Counts => ({
  identical: a.identical + b.identical,
  removed: a.removed + b.removed,
  inserted: a.inserted + b.inserted,
  modified: a.modified + b.modified,
});
export const NONE: Counts = { identical: 0, removed: 0, inserted: 0, modified: 0 };

/** Runs of records that are the same, and of records that are not. */
export function grouped(records: readonly (keyof Counts)[]): readonly Counts[] {
  const groups: Counts[] = [];
  for (const record of records) {
    const last = groups.at(-1);
    const one = { ...NONE, [record]: 1 };
    if (last !== undefined && (record === 'identical') === last.identical > 0) groups[groups.length - 1] = addCounts(last, one);
    else groups.push(one);
  }
  return groups;
}

/** `... // 5 identical fields`. */
export function elided(counts: Counts, noun: string): Line {
  const parts = (['identical', 'removed', 'inserted', 'modified'] as const).filter((of) => counts[of] > 0).map((of) => `${counts[of]} ${of}`);
  const total = counts.identical + differences(counts);
  const name = total === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  const list = parts.length < 3 ? parts.join(' and ') : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
  return { value: ELLIPSIS, noComma: true, comment: `${list} ${name}` };
}
