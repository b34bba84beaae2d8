/** How github.com/google/go-cmp shows what changed within a long string or a list of numbers: by lines, or in pieces of one size. */
import { goQuote } from '../../../api/field.js';
import { type Compared, MISSING } from './comparison.js';
import { bySameness, type Edit, editScript } from './edit-script.js';
import { elementOf, kindOf } from './layout.js';
import { isPrintable, quoted } from './strings.js';
import { addCounts, type Counts, differences, ELLIPSIS, elided, grouped, type Line, type Mark, NONE, type Node, wrap } from './text-nodes.js';

const MIN_LENGTH = 32;

export function canDiffSlices({ type, x, y, same, different }: Compared): boolean {
  if (different === 0 || x === MISSING || y === MISSING) return false;
  if (kindOf(type) === 'string') return lengthOf(x) >= MIN_LENGTH && lengthOf(y) >= MIN_LENGTH;
  if (kindOf(type) !== 'list' || kindOf(elementOf(type)) !== 'integer') return false;
  const [before, after] = [(x ?? []) as readonly number[], (y ?? []) as readonly number[]];
  if (before.length === 0 || after.length === 0) return false;
  return different > same || (before.length >= MIN_LENGTH && after.length >= MIN_LENGTH);
}

const lengthOf = (text: unknown): number => Buffer.byteLength((text as string | undefined) ?? '');

/** `limit`: how many lines of differences are shown. */
export function diffSlices({ type, x, y }: Compared, limit: number): Node {
  if (kindOf(type) === 'list') {
    const numbers = (some: readonly number[]): string => some.join(', ');
    return wrap('{', diffPieces(x as readonly number[], y as readonly number[], 8, elementOf(type), numbers, limit), '}');
  }
  const [before, after] = [x as string, y as string];
  if (isByLines(before, after)) {
    const lines = diffPieces(before.split('\n'), after.split('\n'), 1, 'line', ([line]) => quoted(line as string), limit);
    return tripleQuoted(lines) ?? joined(lines, '\n');
  }
  const bytes = (text: string): readonly number[] => [...Buffer.from(text)];
  return joined(
    diffPieces(bytes(before), bytes(after), 64, 'byte', (some) => quoted(Buffer.from(some).toString()), limit),
    '',
  );
}

const joined = (lines: readonly Line[], delimiter: string): Node => wrap('strings.Join(', wrap('{', lines, '}'), `, ${goQuote(delimiter)})`);

/** Texts of some lines, unless single characters tell the difference far better. */
function isByLines(before: string, after: string): boolean {
  const text = before + after;
  const lines = text.split('\n');
  if (lines.length <= 4 || lines.slice(0, -1).some((line) => lengthOf(line) > 1024) || !isPrintable(text.replace(/\s/g, ''))) return false;
  const [linesX, linesY] = [before.split('\n'), after.split('\n')];
  const [bytesX, bytesY] = [Buffer.from(before), Buffer.from(after)];
  const byLines = editScript(linesX.length, linesY.length, (i, k) => bySameness(linesX[i] === linesY[k]));
  const byBytes = editScript(bytesX.length, bytesY.length, (i, k) => bySameness(bytesX[i] === bytesY[k]));
  return shareOf(byLines) < 4 * shareOf(byBytes) || Buffer.byteLength(goQuote(text)) / Buffer.byteLength(text) > 1.1;
}

const shareOf = (edits: readonly Edit[]): number => edits.filter((edit) => edit !== 'same').length / edits.length;

/** The lines as they are between `"""`, where that cannot be misread. */
function tripleQuoted(lines: readonly Line[]): Node | undefined {
  const quotes: Line = { value: '"""', noComma: true };
  const out: Line[] = [quotes];
  let removed = new Set<string>();
  let inserted = new Set<string>();
  for (const line of lines) {
    if (line.value === ELLIPSIS) {
      out.push(line);
    } else {
      const text = unquoted(line.value as string)
        .replace(/\r$/, '')
        .replace(/^\r/, '');
      const bare = text.replace(/\s/g, '');
      if (text.startsWith('"""') || text.startsWith(ELLIPSIS) || !isPrintable(text)) return undefined;
      if (line.mark === '-' && inserted.has(bare)) return undefined;
      if (line.mark === '+' && removed.has(bare)) return undefined;
      if (line.mark === '-') removed.add(bare);
      if (line.mark === '+') inserted.add(bare);
      out.push({ ...line, value: text, noComma: true });
    }
    if (line.mark !== '-' && line.mark !== '+') {
      removed = new Set();
      inserted = new Set();
    }
  }
  const last = out.at(-1) as Line;
  if (last.mark === ' ' && last.value === '') out.pop();
  return wrap('(', [...out, quotes], ')');
}

const unquoted = (text: string): string => (text.startsWith('`') ? text.slice(1, -1) : (JSON.parse(text.replace(/\\([avx])/g, '\\\\$1')) as string));

type Show<T> = (some: readonly T[]) => string;

function diffPieces<T>(x: readonly T[], y: readonly T[], size: number, noun: string, show: Show<T>, limit: number): readonly Line[] {
  const isSame = (i: number, k: number): boolean => x[i] === y[k];
  const edits = editScript(x.length, y.length, (i, k) => bySameness(isSame(i, k)));
  const groups = withoutOuterIdentical(mergeNear(grouped(edits.map((edit) => COUNTED[edit])), Math.floor(size / 4)), isSame);
  const lines: Line[] = [];
  const add = (some: readonly T[], mark: Mark): void => {
    for (let i = 0; i < some.length; i += size) lines.push({ mark, value: show(some.slice(i, i + size)) });
  };
  let [i, k] = [0, 0];
  let printed = 0;
  let rest = NONE;
  groups.forEach((counts, at) => {
    if (printed >= limit) {
      rest = addCounts(rest, counts);
      return;
    }
    if (differences(counts) > 0) {
      const before = lines.length;
      const [nextX, nextY] = [i + counts.identical + counts.removed + counts.modified, k + counts.identical + counts.inserted + counts.modified];
      add(x.slice(i, nextX), '-');
      add(y.slice(k, nextY), '+');
      [i, k] = [nextX, nextY];
      printed += lines.length - before;
      return;
    }
    const { identical } = counts;
    const context = 2 * size;
    const low = at === 0 ? 0 : Math.min(context, identical);
    let high = at === groups.length - 1 ? 0 : Math.min(context, identical - low);
    if (identical - low - high <= size) high = identical - low;
    add(x.slice(i, i + low), ' ');
    if (identical > low + high) lines.push(elided({ ...NONE, identical: identical - low - high }, noun));
    add(x.slice(i + identical - high, i + identical), ' ');
    i += identical;
    k += identical;
  });
  if (rest !== NONE) lines.push(elided(rest, noun));
  return lines;
}

const COUNTED = { same: 'identical', removed: 'removed', inserted: 'inserted', modified: 'modified' } as const;

/** Differences with little that is the same between them are one, where it is a matter of removing and inserting. */
function mergeNear(groups: readonly Counts[], window: number): readonly Counts[] {
  const out: Counts[] = [];
  for (const next of groups) {
    const [previous, same] = [out.at(-2), out.at(-1)];
    if (previous !== undefined && same !== undefined && differences(next) > 0) {
      const isBoth = (previous.removed > 0 || next.removed > 0) && (previous.inserted > 0 || next.inserted > 0);
      if (isBoth && same.identical <= window) {
        out.splice(-2, 2, addCounts(addCounts(previous, same), next));
        continue;
      }
    }
    out.push(next);
  }
  return out;
}

/** What is the same at either end of a difference belongs to its neighbours. */
function withoutOuterIdentical(groups: readonly Counts[], isSame: (i: number, k: number) => boolean): readonly Counts[] {
  const out = [...groups];
  let [i, k] = [0, 0];
  let [first, last] = [0, 0];
  const give = (at: number, count: number): void => {
    out[at] = addCounts(out[at] as Counts, { ...NONE, identical: count });
  };
  groups.forEach((_, at) => {
    const counts = out[at] as Counts;
    if (differences(counts) === 0) {
      i += counts.identical;
      k += counts.identical;
      return;
    }
    let lengthX = counts.identical + counts.removed + counts.modified;
    let lengthY = counts.identical + counts.inserted + counts.modified;
    const length = Math.min(lengthX, lengthY);
    let leading = 0;
    while (leading < length && isSame(i + leading, k + leading)) leading++;
    let trailing = 0;
    while (trailing < length && isSame(i + lengthX - 1 - trailing, k + lengthY - 1 - trailing)) trailing++;
    if (leading + trailing > 0) {
      if (leading > 0 && at > 0) give(at - 1, leading);
      else if (leading > 0) first = leading;
      if (trailing > 0 && at + 1 < out.length) give(at + 1, trailing);
      else if (trailing > 0) last = trailing;
      i += leading;
      k += leading;
      lengthX -= leading + trailing;
      lengthY -= leading + trailing;
      out[at] = { ...NONE, removed: lengthX, inserted: lengthY };
    }
    i += lengthX;
    k += lengthY;
  });
  const identical = (count: number): readonly Counts[] => (count > 0 ? [{ ...NONE, identical: count }] : []);
  return [...identical(first), ...out, ...identical(last)];
}
