/** A timeline as a picture of its own: SVG with text that can be selected, light and dark, nothing loaded from anywhere. */
import { type Duration, formatDuration, formatTime } from '../../api/time.js';
import { type Axis, axisOf, type Scale } from './axis.js';
import { listingOf, stamp } from './listing.js';
import { LETTERS, LOOKS, letterOf } from './look.js';
import type { Mark, PodTimeline, Row, Span, Tone } from './model.js';

export interface SvgOptions {
  readonly scale: Scale;
  readonly isWhole: boolean;
  /** The part of the life that is shown; absent: all of it. */
  readonly from?: PodTimeline['from'];
  readonly to?: PodTimeline['to'];
}

/** In pixels. */
const WIDTH = 1100;
const LEFT = 230;
const RIGHT = 30;
const TOP = 96;
const ROW = 31;
const BAR = 20;
const LINE = 18;
/** A letter of the bars' text, about. */
const LETTER = 6.7;
/** Of the list: more would be no picture. */
const MOST_LINES = 60;
const LONGEST_LINE = 122;

export function timelineSvg(timeline: PodTimeline, options: SvgOptions): string {
  const from = options.from ?? timeline.from;
  const to = options.to ?? timeline.to;
  const axis = axisOf(timeline, { from, to, length: WIDTH - LEFT - RIGHT, gap: 70, scale: options.scale });
  const marks = timeline.marks.filter(({ at, last }) => (last ?? at) >= from && at <= to);
  const bottom = TOP + timeline.rows.length * ROW;
  const signs = legendOf(timeline, marks);
  const lines = listingOf(timeline, marks, options.isWhole);
  const legend = legendSvg(signs, bottom + 30);
  const list = listSvg(timeline, lines, legend.bottom + 40);
  const height = list.bottom + 20;
  const title = `Timeline of pod ${timeline.namespace}/${timeline.name}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${xml(title)}">`,
    `<title>${xml(title)}</title>`,
    STYLE,
    `<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>`,
    headSvg(timeline, axis),
    ...axisSvg(axis, bottom),
    ...timeline.rows.map((row, i) => rowSvg(row, axis, TOP + i * ROW, marks)),
    legend.text,
    ...list.lines,
    '</svg>\n',
  ].join('\n');
}

const STYLE = `<style>
text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px; fill: #1f2328; white-space: pre }
.page { fill: #ffffff; stroke: #d1d9e0 } .head { font-size: 17px; font-weight: 600 } .dim { fill: #59636e } .grid { stroke: #d1d9e0 } .bar { font-size: 11px }
.track { fill: #f6f8fa } .warn { fill: #9a6700 } .sign { font-weight: 700 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .page { fill: #0d1117; stroke: #3d444d } .dim { fill: #9198a1 } .grid { stroke: #3d444d } .track { fill: #151b23 } .warn { fill: #d29922 }
}
</style>`;

function headSvg({ namespace, name, node, phase, from, to, isGone, isTerminating }: PodTimeline, axis: Axis): string {
  const facts = [
    ...(phase === undefined ? [] : [`phase ${phase}`]),
    ...(isGone ? ['removed'] : isTerminating ? ['terminating'] : []),
    node === undefined ? 'no node' : `node ${node}`,
    `${formatTime(from)} + ${formatDuration((Math.round((to - from) / 100) * 100) as Duration)}`,
    ...(axis.isLinear ? [] : ['axis stretched where much happens']),
  ];
  return `<text class="head" x="20" y="32">pod ${xml(`${namespace}/${name}`)}</text>\n<text class="dim" x="20" y="54">${xml(facts.join(' · '))}</text>`;
}

function axisSvg(axis: Axis, bottom: number): readonly string[] {
  return axis.ticks.flatMap(({ at, label }) => {
    const x = round(LEFT + at);
    const anchor = at > axis.length - 20 ? 'end' : at < 10 ? 'start' : 'middle';
    return [
      `<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 8}" y2="${bottom}"/>`,
      `<text class="dim" x="${x}" y="${TOP - 14}" text-anchor="${anchor}">${xml(label)}</text>`,
    ];
  });
}

function rowSvg(row: Row, axis: Axis, y: number, marks: readonly Mark[]): string {
  const { kind, name, restartCount = 0 } = row;
  const front = kind === 'initContainer' ? 'init ' : kind === 'sidecar' ? 'sidecar ' : '';
  const restarts = restartCount > 0 ? ` ×${restartCount}` : '';
  const isContainer = !['phase', 'condition', 'deletion'].includes(kind);
  const label = `${front}${name}${restarts}`;
  const signs = isContainer
    ? signsOf(
        marks.filter(({ container }) => container === name),
        axis,
      )
    : [];
  return [
    '<g>',
    `<text x="${LEFT - 12}" y="${y + 15}" text-anchor="end"${isContainer ? ' class="sign"' : ''}>${xml(label.length > 29 ? `${label.slice(0, 28)}…` : label)}</text>`,
    `<rect class="track" x="${LEFT}" y="${y}" width="${axis.length}" height="${BAR}" rx="3"/>`,
    ...row.spans.map((span) => spanSvg(span, axis, y)),
    ...signs.map(({ letter, x, hint }) => signSvg(letter, x, y + BAR + 2, hint)),
    '</g>',
  ].join('\n');
}

function spanSvg(span: Span, axis: Axis, y: number): string {
  const { from, to, state, tone, exitCode, message, isApproximate } = span;
  const x = LEFT + axis.place(from);
  const width = Math.max(1, axis.place(to) - axis.place(from));
  const { fill, on } = LOOKS[tone];
  const name = exitCode !== undefined && tone === 'failed' ? `${state} ${exitCode}` : state;
  const shown = width > name.length * LETTER + 10 ? `<text class="bar" x="${round(x + 6)}" y="${y + 14}" style="fill:${on}">${xml(name)}</text>` : '';
  const about = isApproximate === true ? ' (about)' : '';
  const hint = `${name}${about}${message === undefined ? '' : `: ${message}`}`;
  const dashed = tone === 'unknown' ? ' stroke="#8c959f" stroke-dasharray="3 2"' : '';
  return `<rect x="${round(x)}" y="${y}" width="${round(width)}" height="${BAR}" rx="3" fill="${fill}"${dashed}><title>${xml(hint)}</title></rect>${shown}`;
}

const COLOURS: Readonly<Record<string, string>> = { h: '#8250df', '!': '#bc4c00', x: '#cf222e', T: '#bc4c00', K: '#82071e' };

interface Placed {
  readonly letter: string;
  readonly x: number;
  readonly hint: string;
}

/** Of those at one place the most important one. */
function signsOf(marks: readonly Mark[], axis: Axis): readonly Placed[] {
  const letters = Object.keys(LETTERS);
  const all = marks.flatMap((mark): readonly Placed[] => {
    const letter = letterOf(mark);
    if (letter === undefined) return [];
    const places = mark.last === undefined || mark.last === mark.at ? [mark.at] : [mark.at, mark.last];
    return places.map((at) => ({ letter, x: LEFT + axis.place(at), hint: `${mark.reason}: ${mark.message}` }));
  });
  const rank = ({ letter }: Placed): number => letters.indexOf(letter);
  return all.filter(
    (one) =>
      !all.some((other) => other !== one && Math.abs(other.x - one.x) < 9 && (rank(other) > rank(one) || (rank(other) === rank(one) && other.x < one.x))),
  );
}

const signSvg = (letter: string, x: number, y: number, hint: string): string =>
  `<g><circle cx="${round(x)}" cy="${y}" r="7" fill="${COLOURS[letter] ?? '#57606a'}" stroke="#ffffff"/><text class="bar sign" x="${round(x)}" y="${y + 4}" text-anchor="middle" style="fill:#ffffff">${xml(letter)}</text><title>${xml(hint)}</title></g>`;

interface Sign {
  readonly words: string;
  readonly tone?: Tone;
  readonly letter?: string;
}

function legendOf({ rows }: PodTimeline, marks: readonly Mark[]): readonly Sign[] {
  const tones = new Set(rows.flatMap(({ spans }) => spans.map(({ tone }) => tone)));
  const letters = new Set(marks.filter(({ container }) => container !== undefined).map(letterOf));
  return [
    ...(Object.keys(LOOKS) as Tone[]).filter((tone) => tones.has(tone)).map((tone) => ({ tone, words: LOOKS[tone].words })),
    ...Object.entries(LETTERS)
      .filter(([letter]) => letters.has(letter))
      .map(([letter, words]) => ({ letter, words })),
  ];
}

/** In as many lines as it takes. */
function legendSvg(signs: readonly Sign[], top: number): { readonly text: string; readonly bottom: number } {
  let x = 20;
  let y = top;
  const items = signs.map(({ words, tone, letter }) => {
    const width = 20 + words.length * 7.3 + 22;
    if (x > 20 && x + width > WIDTH) [x, y] = [20, y + 22];
    const sign =
      letter !== undefined
        ? signSvg(letter, x + 7, y - 4, words)
        : `<rect x="${round(x)}" y="${y - 11}" width="14" height="14" rx="3" fill="${LOOKS[tone ?? 'off'].fill}"/>`;
    const item = `${sign}<text class="dim" x="${round(x + 20)}" y="${y}">${xml(words)}</text>`;
    x += width;
    return item;
  });
  return { text: items.join('\n'), bottom: y };
}

function listSvg(timeline: PodTimeline, listed: ReturnType<typeof listingOf>, top: number): { readonly lines: readonly string[]; readonly bottom: number } {
  const shown = listed.length <= MOST_LINES ? listed : [...listed.slice(0, MOST_LINES / 2), ...listed.slice(-MOST_LINES / 2)];
  const lines: string[] = [];
  let y = top;
  for (const [i, { mark, text }] of shown.entries()) {
    if (shown.length < listed.length && i === MOST_LINES / 2) {
      lines.push(`<text class="dim" x="20" y="${y}">… ${listed.length - shown.length} more (podsim timeline lists them)</text>`);
      y += LINE;
    }
    const tone = mark.type === 'Warning' ? ' class="warn"' : '';
    const cut = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE - 1)}…` : text;
    lines.push(
      `<text class="dim" x="80" y="${y}" text-anchor="end">${stamp(timeline, mark.at, mark.isApproximate)}</text><text class="dim" x="92" y="${y}">${xml(mark.component)}</text><text${tone} x="${LEFT}" y="${y}">${xml(cut)}</text>`,
    );
    y += LINE;
  }
  for (const note of timeline.notes) {
    lines.push(`<text class="dim" x="20" y="${y + 6}">Note: ${xml(note)}</text>`);
    y += LINE;
  }
  return { lines, bottom: y };
}

const round = (n: number): number => Math.round(n * 10) / 10;
/** Text of others into XML; what XML has no place for is left out. */
const xml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
