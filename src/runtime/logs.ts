/**
 * A container's log as containerd's CRI plugin writes it: lines with time and stream, an unfinished line marked partial.
 * Kept in chunks in the state map, so that a line costs what it is long, and the oldest go when there are too many
 * (the kubelet's containerLogMaxSize, scaled down).
 */
import type { LogLine, LogOptions } from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import type { Time } from '../api/time.js';
import { type ContainerRecord, keys } from './state.js';

/** `[at, 0 stdout | 1 stderr, text]`; a fourth element marks a line whose break has not come. */
type StoredLine = [number, 0 | 1, string, 1?];
interface Chunk {
  size: number;
  lines: StoredLine[];
}

const CHUNK_BYTES = 32 * 1024;
const MAX_CHUNKS = 32;
/** What a line takes besides its text: its time stamp, stream and tag. */
const LINE_OVERHEAD = 40;
/** Longer lines are written in pieces, each but the last marked partial (containerd's max_container_log_line_size). */
const MAX_LINE = 16 * 1024;

/** Bytes that are kept of it. */
export function logSize(state: StateMap, node: string, { id, log }: ContainerRecord): number {
  let size = 0;
  for (let i = log?.first ?? 0; log !== undefined && i <= log.next; i++) size += state.get<Chunk>(keys.log(node, id, i))?.size ?? 0;
  return size;
}

/** The line of that stream whose break has not come. */
function openLine(chunk: Chunk, side: 0 | 1): StoredLine | undefined {
  const last = chunk.lines.findLast((line) => line[1] === side);
  return last?.[3] === 1 ? last : undefined;
}

/** Appends text as of `at`. A line break ends a line; text behind the last one waits for the next write. */
export function appendLog(state: StateMap, node: string, container: ContainerRecord, stream: 'stdout' | 'stderr', text: string, at: number): void {
  if (text === '') return;
  const side = stream === 'stdout' ? 0 : 1;
  container.log ??= { first: 0, next: 0 };
  const log = container.log;
  const key = keys.log(node, container.id, log.next);
  const chunk = state.get<Chunk>(key) ?? { size: 0, lines: [] };
  const parts = text.split('\n');
  for (const [i, part] of parts.entries()) {
    const ended = i < parts.length - 1;
    if (!ended && part === '') break;
    const last = openLine(chunk, side);
    let rest = part;
    if (last !== undefined) {
      const room = Math.max(0, MAX_LINE - last[2].length);
      last[2] += part.slice(0, room);
      rest = part.slice(room);
      if (ended && rest === '') last.pop();
    }
    for (; rest.length > MAX_LINE; rest = rest.slice(MAX_LINE)) chunk.lines.push([at, side, rest.slice(0, MAX_LINE), 1]);
    if (rest !== '' || last === undefined) chunk.lines.push(ended ? [at, side, rest] : [at, side, rest, 1]);
    chunk.size += part.length + LINE_OVERHEAD;
  }
  if (chunk.size <= CHUNK_BYTES) {
    state.set(key, chunk);
    return;
  }
  const open = ([0, 1] as const).map((stream) => openLine(chunk, stream)).filter((line) => line !== undefined);
  state.set(key, { size: chunk.size, lines: chunk.lines.filter((line) => !open.includes(line)) });
  log.next += 1;
  state.set(keys.log(node, container.id, log.next), { size: 0, lines: open });
  for (; log.next - log.first >= MAX_CHUNKS; log.first++) state.delete(keys.log(node, container.id, log.first));
}

/** Reads with the options of PodLogOptions, but for `limitBytes`, which counts what the server writes out. */
export function readLog(state: StateMap, node: string, container: ContainerRecord, options: LogOptions): readonly LogLine[] {
  const { sinceTime, tailLines } = options;
  if (container.log === undefined || tailLines === 0) return [];
  let lines: LogLine[] = [];
  for (let n = container.log.next; n >= container.log.first; n--) {
    const chunk = state.get<Chunk>(keys.log(node, container.id, n));
    const part = (chunk?.lines ?? []).map(
      ([at, side, text, partial]): LogLine => ({ at: at as Time, stream: side === 0 ? 'stdout' : 'stderr', text, ...(partial === 1 ? { partial: true } : {}) }),
    );
    lines = part.concat(lines);
    if (tailLines !== undefined && lines.length >= tailLines) break;
  }
  if (sinceTime !== undefined) lines = lines.filter((line) => line.at >= sinceTime);
  return tailLines === undefined ? lines : lines.slice(-tailLines);
}

export function removeLog(state: StateMap, node: string, container: ContainerRecord): void {
  if (container.log === undefined) return;
  for (let n = container.log.first; n <= container.log.next; n++) state.delete(keys.log(node, container.id, n));
}
