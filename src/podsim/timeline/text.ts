/** A timeline as text: bars over an axis, a legend, and the list of what happened. */
import type { ChalkInstance } from 'chalk';
import { type Duration, formatDuration, formatTime, type Time } from '../../api/time.js';
import { type Axis, axisOf, type Scale } from './axis.js';
import { listingOf, stamp } from './listing.js';
import { LETTERS, LOOKS, letterOf } from './look.js';
import type { Mark, PodTimeline, Row, Span, Tone } from './model.js';

export interface TextOptions {
  /** Columns there are. */
  readonly width: number;
  readonly scale: Scale;
  /** No characters beyond ASCII. */
  readonly isAscii: boolean;
  /** Repeated events are listed one by one. */
  readonly isWhole: boolean;
  /** Long lines are broken at the width. */
  readonly isWrapped: boolean;
  /** Lines there are: of a longer list the end is shown. Absent: as many as it takes. */
  readonly height?: number;
  readonly colour: ChalkInstance;
  /** The part of the life that is shown; absent: all of it. */
  readonly from?: Time;
  readonly to?: Time;
}

/** Narrower than this nothing can be drawn. */
const LEAST_BARS = 20;
const LONGEST_LABEL = 25;
/** Below this a line of the list leaves out whose doing it was. */
const NARROW = 70;

export function timelineText(timeline: PodTimeline, options: TextOptions): string {
  const rows = timeline.rows;
  const label = Math.min(LONGEST_LABEL, Math.max(...rows.map((row) => labelOf(row).length)), Math.max(8, Math.floor(options.width * 0.4))) + 1;
  const length = Math.max(LEAST_BARS, options.width - label - 1);
  const from = options.from ?? timeline.from;
  const to = options.to ?? timeline.to;
  const axis = axisOf(timeline, { from, to, length, gap: 9, scale: options.scale });
  const marks = timeline.marks.filter(({ at, last }) => (last ?? at) >= from && at <= to);
  const lines = [
    ...head(timeline, options, axis).flatMap((line) => wrapped(options, line, 2)),
    '',
    ...ruler(axis, label, options).map((line) => options.colour.dim(line)),
    ...rows.flatMap((row) => rowLines(row, axis, label, marks, options)),
    '',
    ...legend(rows, marks, axis, options),
    '',
  ];
  const notes = timeline.notes.flatMap((note, i) => [...(i === 0 ? [''] : []), ...wrapped(options, `Note: ${note}`, 6)]);
  const listed = latest(list(timeline, marks, options), (options.height ?? Number.POSITIVE_INFINITY) - lines.length - notes.length);
  return `${[...lines, ...listed, ...notes].map((line) => line.trimEnd()).join('\n')}\n`;
}

/** The last of them, and a word on how many are not shown. */
function latest(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  const shown = lines.slice(lines.length - Math.max(1, room - 1));
  return [`... ${lines.length - shown.length} lines before`, ...shown];
}

function head(timeline: PodTimeline, { colour, isAscii }: TextOptions, axis: Axis): readonly string[] {
  const { namespace, name, node, phase, from, to, isGone, isTerminating } = timeline;
  const dot = isAscii ? ' | ' : ' · ';
  const facts = [
    ...(phase === undefined ? [] : [`phase ${phase}`]),
    ...(isGone ? ['removed'] : isTerminating ? ['terminating'] : []),
    node === undefined ? 'no node' : `node ${node}`,
  ];
  const span = formatDuration((Math.round((to - from) / 100) * 100) as Duration);
  const scale = axis.isLinear ? '' : `${dot}axis stretched where much happens`;
  return [`${colour.bold(`pod ${namespace}/${name}`)}${dot}${facts.join(dot)}`, `${formatTime(from)} + ${span}${scale}`];
}

function ruler(axis: Axis, label: number, { isAscii }: TextOptions): readonly string[] {
  const labels: string[] = Array.from({ length: axis.length + 1 }, () => ' ');
  const line: string[] = Array.from({ length: axis.length + 1 }, () => (isAscii ? '-' : '─'));
  let free = 0;
  for (const { at, label: text } of axis.ticks) {
    const column = Math.round(at);
    const start = Math.max(0, Math.min(axis.length + 1 - text.length, column - (column === 0 ? 0 : Math.floor(text.length / 2))));
    if (start < free) continue;
    for (const [i, char] of [...text].entries()) labels[start + i] = char;
    line[column] = isAscii ? '+' : '┬';
    free = start + text.length + 1;
  }
  return [' '.repeat(label) + labels.join(''), ' '.repeat(label) + line.join('')];
}

const labelOf = ({ kind, name, restartCount = 0 }: Row): string => {
  const restarts = restartCount > 0 ? ` x${restartCount}` : '';
  return kind === 'initContainer' ? `init ${name}${restarts}` : kind === 'sidecar' ? `sidecar ${name}${restarts}` : `${name}${restarts}`;
};

const fitted = (text: string, width: number): string => (text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 2)}~ `);

/** The bar, and under a container's what cannot be seen in it. */
function rowLines(row: Row, axis: Axis, label: number, marks: readonly Mark[], options: TextOptions): readonly string[] {
  const isContainer = !['phase', 'condition', 'deletion'].includes(row.kind);
  const cells = cellsOf(row.spans, axis);
  const bar = `${fitted(labelOf(row), label)}${barOf(cells, options)}`;
  const own = isContainer ? marks.filter(({ container }) => container === row.name) : [];
  const letters = lettersOf(own, axis);
  return letters === '' ? [bar] : [bar, ' '.repeat(label) + letters];
}

/** For each column the span that has most of it. */
function cellsOf(spans: readonly Span[], axis: Axis): readonly (Span | undefined)[] {
  const cells: (Span | undefined)[] = [];
  for (let column = 0; column < axis.length; column++) {
    let best: Span | undefined;
    let most = 0;
    for (const span of spans) {
      const share = Math.min(column + 1, axis.place(span.to)) - Math.max(column, axis.place(span.from));
      if (share > most + 1e-9) [best, most] = [span, share];
    }
    cells.push(best);
  }
  return cells;
}

/** With the state's name where there is room for it. */
function barOf(cells: readonly (Span | undefined)[], { isAscii, colour }: TextOptions): string {
  let bar = '';
  for (let i = 0; i < cells.length; ) {
    const span = cells[i];
    let end = i;
    while (end < cells.length && cells[end] === span) end++;
    const width = end - i;
    if (span === undefined) bar += ' '.repeat(width);
    else {
      const { block, ascii, ink } = LOOKS[span.tone];
      const fill = isAscii ? ascii : block;
      const name = nameOf(span);
      const room = width - name.length - 2;
      const text = room < 0 ? fill.repeat(width) : room < 2 ? `${fill}${name}${fill.repeat(room + 1)}` : `${fill} ${name} ${fill.repeat(room - 1)}`;
      bar += colour[ink](text);
    }
    i = end;
  }
  return bar;
}

const nameOf = ({ state, exitCode, tone }: Span): string => (exitCode !== undefined && tone === 'failed' ? `${state} ${exitCode}` : state);

const IMPORTANCE = Object.keys(LETTERS);

function lettersOf(marks: readonly Mark[], axis: Axis): string {
  const line: string[] = [];
  for (const mark of marks) {
    const letter = letterOf(mark);
    if (letter === undefined) continue;
    for (const at of mark.last === undefined || mark.last === mark.at ? [mark.at] : [mark.at, mark.last]) {
      const column = Math.min(axis.length - 1, Math.floor(axis.place(at)));
      const known = line[column];
      if (known === undefined || IMPORTANCE.indexOf(letter) > IMPORTANCE.indexOf(known)) line[column] = letter;
    }
  }
  return Array.from(line, (letter) => letter ?? ' ').join('');
}

function legend(rows: readonly Row[], marks: readonly Mark[], axis: Axis, options: TextOptions): readonly string[] {
  const tones = new Set(rows.flatMap(({ spans }) => spans.filter(({ from, to }) => axis.place(to) > axis.place(from)).map(({ tone }) => tone)));
  const used = (Object.keys(LOOKS) as Tone[]).filter((tone) => tones.has(tone));
  const letters = new Set(marks.filter(({ container }) => container !== undefined).map(letterOf));
  const items = [
    ...used.map((tone) => ({ sign: options.isAscii ? LOOKS[tone].ascii : LOOKS[tone].block, words: LOOKS[tone].words, ink: LOOKS[tone].ink })),
    ...IMPORTANCE.filter((letter) => letters.has(letter)).map((letter) => ({ sign: letter, words: LETTERS[letter] as string, ink: undefined })),
  ];
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const { sign, words, ink } of items) {
    const size = sign.length + 1 + words.length;
    if (width > 0 && width + 3 + size > options.width) {
      lines.push(line);
      line = '';
      width = 0;
    }
    line += `${width === 0 ? '' : '   '}${ink === undefined ? sign : options.colour[ink](sign)} ${words}`;
    width += (width === 0 ? 0 : 3) + size;
  }
  return [...lines, line];
}

function list(timeline: PodTimeline, marks: readonly Mark[], options: TextOptions): readonly string[] {
  const isNarrow = options.width < NARROW;
  const rows = listingOf(timeline, marks, options.isWhole).map(({ mark, text }) => ({
    // Where there is little room the message says enough.
    cells: [stamp(timeline, mark.at, mark.isApproximate), ...(isNarrow ? [] : [mark.component]), mark.reason],
    text,
    mark,
  }));
  const widths = (isNarrow ? [0, 1] : [0, 1, 2]).map((i) => Math.max(0, ...rows.map(({ cells }) => (cells[i] as string).length)));
  const indent = widths.reduce((sum, width) => sum + width + 2, 0);
  return rows.flatMap(({ cells, text, mark }) => {
    const front = cells.map((cell, i) => (i === 0 ? cell.padStart(widths[0] as number) : cell.padEnd(widths[i] as number))).join('  ');
    const lines = wrapped(options, `${front}  ${text}`, Math.min(indent, Math.max(4, options.width - 30)));
    return mark.type === 'Warning' ? lines.map((line) => options.colour.yellow(line)) : lines;
  });
}

/** Broken between words, the rest under `indent`. */
function wrapped({ isWrapped, width }: TextOptions, text: string, indent: number): readonly string[] {
  if (!isWrapped || text.length <= width) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const cut = space > indent ? space : width;
    lines.push(rest.slice(0, cut));
    rest = ' '.repeat(indent) + rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
