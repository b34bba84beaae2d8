/**
 * A container's log as containerd's CRI plugin writes it: lines with time and stream. A line is written when its break comes or
 * it has become too long, what is left of one when the process has ended (redirectLogs in containerd's internal/cri/io).
 * Kept in chunks in the state map, so that a line costs what it is long, and the oldest go when there are too many
 * (the kubelet's containerLogMaxSize, scaled down).
 */
import type { LogLine, LogOptions, Written } from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import type { Time } from '../api/time.js';
import { type ContainerRecord, keys } from './state.js';

type Stream = 'stdout' | 'stderr';
const STREAMS: readonly [Stream, Stream] = ['stdout', 'stderr'];

/** `[at, 0 stdout | 1 stderr, text]`, text being a line or several with breaks between them; a fourth element marks a piece of a line that goes on. */
type Block = [number, 0 | 1, string, 1?];
interface Chunk {
  size: number;
  /** Lines in its blocks. */
  count: number;
  blocks: Block[];
  /** What was written before: lines, and characters of each stream. */
  readonly before: number;
  readonly written: Written;
}

const CHUNK_BYTES = 32 * 1024;
const MAX_CHUNKS = 32;
/** What a line takes besides its text: its time stamp, stream and tag. */
const LINE_OVERHEAD = 40;
/** Longer lines are written in pieces, each but the last marked partial (containerd's max_container_log_line_size). */
const MAX_LINE = 16 * 1024;

const NOTHING: Written = [0, 0];

/** Bytes that are kept of it. */
export function logSize(state: StateMap, node: string, { id, log }: ContainerRecord): number {
  let size = 0;
  for (let i = log?.first ?? 0; log !== undefined && i <= log.next; i++) size += state.get<Chunk>(keys.log(node, id, i))?.size ?? 0;
  return size;
}

/** Characters of each stream up to the chunk's end. */
function writtenBy({ blocks, written }: Chunk): Written {
  const sum: [number, number] = [...written];
  for (const [, side, text, partial] of blocks) sum[side] += text.length + (partial === 1 ? 0 : 1);
  return sum;
}

/** Appends text as of `at`. A line break ends a line; text behind the last one waits for the next write. */
export function appendLog(state: StateMap, node: string, container: ContainerRecord, stream: Stream, text: string, at: number): void {
  if (text === '') return;
  const side = stream === 'stdout' ? 0 : 1;
  container.log ??= { first: 0, next: 0 };
  const log = container.log;
  const all = `${log.open?.[stream] ?? ''}${text}`;
  const blocks: Block[] = [];
  let from = 0;
  // What has come of a line that is longer than a line may be is written; all else waits for its end.
  for (;;) {
    const end = lastBreak(all, from);
    if (end > from) blocks.push([at, side, all.slice(from, end - 1)]);
    from = end;
    if (all.length - from <= MAX_LINE) break;
    blocks.push([at, side, all.slice(from, from + MAX_LINE), 1]);
    from += MAX_LINE;
  }
  setOpen(log, stream, all.slice(from));
  if (blocks.length === 0) return;
  const key = keys.log(node, container.id, log.next);
  const chunk = state.get<Chunk>(key) ?? { size: 0, count: 0, blocks: [], before: 0, written: NOTHING };
  for (const block of blocks) {
    const count = countLines(block[2]);
    chunk.blocks.push(block);
    chunk.count += count;
    chunk.size += block[2].length + count * LINE_OVERHEAD;
  }
  state.set(key, chunk);
  if (chunk.size <= CHUNK_BYTES) return;
  log.next += 1;
  state.set(keys.log(node, container.id, log.next), { size: 0, count: 0, blocks: [], before: chunk.before + chunk.count, written: writtenBy(chunk) });
  for (; log.next - log.first >= MAX_CHUNKS; log.first++) state.delete(keys.log(node, container.id, log.first));
}

/** Behind the last line break that can be reached from there by lines that are not too long. */
function lastBreak(text: string, from: number): number {
  let end = from;
  for (;;) {
    const next = text.lastIndexOf('\n', end + MAX_LINE) + 1;
    if (next <= end) return end;
    end = next;
  }
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function setOpen(log: NonNullable<ContainerRecord['log']>, stream: Stream, text: string): void {
  if (text === '' && log.open?.[stream] === undefined) return;
  const { [stream]: _, ...others } = log.open ?? {};
  const open = text === '' ? others : { ...others, [stream]: text };
  if (Object.keys(open).length > 0) log.open = open;
  else delete log.open;
}

/** The kept chunks from the one that `isIn` finds, going back, to the newest. */
function chunksFrom(state: StateMap, node: string, { id, log }: ContainerRecord, isIn: (chunk: Chunk) => boolean): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let n = log?.next ?? -1; log !== undefined && n >= log.first; n--) {
    const chunk = state.get<Chunk>(keys.log(node, id, n));
    if (chunk === undefined) continue;
    chunks.unshift(chunk);
    if (isIn(chunk)) break;
  }
  return chunks;
}

/** Reads with the options of PodLogOptions, but for `limitBytes`, which counts what the server writes out. */
export function readLog(state: StateMap, node: string, container: ContainerRecord, options: LogOptions): readonly LogLine[] {
  const { sinceTime, tailLines, from = 0 } = options;
  if (container.log === undefined || tailLines === 0) return [];
  let count = 0;
  const chunks = chunksFrom(state, node, container, (chunk) => {
    count += chunk.count;
    return chunk.before <= from || (tailLines !== undefined && count >= tailLines);
  });
  let lines: LogLine[] = [];
  for (const { blocks, before } of chunks) {
    let number = before;
    for (const [at, side, text, partial] of blocks)
      for (const line of text.split('\n'))
        lines.push({ at: at as Time, stream: STREAMS[side], number: number++, text: line, ...(partial === 1 ? { partial: true } : {}) });
  }
  // What had no end when the process ended.
  if (container.state === 'exited')
    for (const stream of STREAMS) {
      const text = container.log.open?.[stream];
      if (text !== undefined) lines.push({ at: (container.finishedAt ?? 0) as Time, stream, number: (lines.at(-1)?.number ?? -1) + 1, text, partial: true });
    }
  if (from > 0) lines = lines.filter((line) => line.number >= from);
  if (sinceTime !== undefined) lines = lines.filter((line) => line.at >= sinceTime);
  return tailLines === undefined ? lines : lines.slice(-tailLines);
}

/** What was written from there on, in the order of the lines; and up to where. */
export function readWritten(
  state: StateMap,
  node: string,
  container: ContainerRecord,
  from: Written,
): { readonly output: readonly { readonly stream: Stream; readonly text: string }[]; readonly to: Written } {
  const output: { readonly stream: Stream; readonly text: string }[] = [];
  const chunks = chunksFrom(state, node, container, ({ written }) => written[0] <= from[0] && written[1] <= from[1]);
  const to: [number, number] = [...(chunks[0]?.written ?? NOTHING)];
  const tell = (side: 0 | 1, text: string): void => {
    const rest = text.slice(Math.max(0, from[side] - to[side]));
    to[side] += text.length;
    if (rest !== '') output.push({ stream: STREAMS[side], text: rest });
  };
  for (const { blocks } of chunks) for (const [, side, text, partial] of blocks) tell(side, partial === 1 ? text : `${text}\n`);
  for (const side of [0, 1] as const) tell(side, container.log?.open?.[STREAMS[side]] ?? '');
  return { output, to };
}

export function removeLog(state: StateMap, node: string, container: ContainerRecord): void {
  if (container.log === undefined) return;
  for (let n = container.log.first; n <= container.log.next; n++) state.delete(keys.log(node, container.id, n));
}
