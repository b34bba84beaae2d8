/**
 * The text of a state file: one valid JSON document with one entry a line, so that `jq` reads it and `diff` shows it, and a
 * loader that finds the lines without parsing them.
 *
 *     {"podsim":{"format":1,"version":"5f0c…"},
 *     "/header":{…},
 *     "/alarms/scheduler default/web":[1767225600000,12],
 *     "/registry/pods/default/web":{…}
 *     }
 *
 * The version is a digest of all that follows the first line: the same state is the same file, to the byte.
 */
import { createHash } from 'node:crypto';
import { type Changes, DamagedState, type Entries, HEADER, NewerFormat, type Version } from './backend.js';

export const FORMAT = 1;

const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const NEXT = Buffer.from(',\n');
const LAST = Buffer.from('\n');
const END = '}\n';

/** Entries as places in one buffer. */
export class Lines implements Entries {
  readonly keys: readonly string[];

  constructor(
    readonly body: Buffer,
    /** Key → the number of its line. */
    private readonly places: ReadonlyMap<string, number>,
    /** Three a line: where it begins, where its value begins, where it ends (before comma and line break). */
    private readonly bounds: Uint32Array,
  ) {
    this.keys = [...places.keys()].sort();
  }

  get(key: string): string | undefined {
    const at = this.places.get(key);
    return at === undefined ? undefined : this.body.toString('utf8', this.bounds[3 * at + 1], this.bounds[3 * at + 2]);
  }

  /** From where to where its line goes. */
  range(key: string): readonly [number, number] | undefined {
    const at = this.places.get(key);
    return at === undefined ? undefined : [this.bounds[3 * at] as number, this.bounds[3 * at + 2] as number];
  }
}

/** Finds version and lines. Throws NewerFormat and DamagedState; `path` is for their messages. */
export function readLines(content: Buffer, path: string): { readonly version: Version; readonly entries: Lines } {
  const end = content.indexOf(NEWLINE);
  const head = end < 0 ? undefined : headOf(content.toString('utf8', 0, end));
  if (head === undefined) return readAnyJson(content, path);
  if (head.format > FORMAT) throw newer(path, head.format);
  return { version: head.version, entries: index(content.subarray(end + 1)) ?? readAnyJson(content, path).entries };
}

const headOf = (line: string): { readonly format: number; readonly version: string } | undefined => {
  const match = /^\{"podsim":\{"format":(\d+),"version":"([0-9a-f]*)"\},?$/.exec(line);
  return match === null ? undefined : { format: Number(match[1]), version: match[2] as string };
};

/** undefined: not the lines {@link writeLines} writes. */
function index(body: Buffer): Lines | undefined {
  const places = new Map<string, number>();
  const bounds: number[] = [];
  let at = 0;
  while (body[at] === QUOTE) {
    const end = body.indexOf(NEWLINE, at);
    let quote = body.indexOf(QUOTE, at + 1);
    while (quote > 0 && body[quote - 1] === BACKSLASH) quote = body.indexOf(QUOTE, quote + 1);
    if (end < 0 || quote < 0 || quote > end || body[quote + 1] !== COLON) return undefined;
    places.set(keyOf(body.toString('utf8', at + 1, quote)), places.size);
    bounds.push(at, quote + 2, body[end - 1] === COMMA ? end - 1 : end);
    at = end + 1;
  }
  const isWhole = body.toString('latin1', at, at + 2) === END && body.length === at + END.length && bounds.length === 3 * places.size;
  return isWhole ? new Lines(body, places, Uint32Array.from(bounds)) : undefined;
}

const keyOf = (text: string): string => (text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text);

/** The document after somebody's editor or `jq` has laid it out anew: still ours if it says so. */
function readAnyJson(content: Buffer, path: string): { readonly version: Version; readonly entries: Lines } {
  const broken = (why: string) => new DamagedState(`the state file ${path} is damaged (${why}); it has been left as it is`);
  let document: unknown;
  try {
    document = JSON.parse(content.toString('utf8'));
  } catch {
    throw broken(content.length === 0 ? 'it is empty' : 'not valid JSON');
  }
  const { podsim, ...values } = (typeof document === 'object' && document !== null ? document : {}) as Record<string, unknown>;
  const format = (podsim as { readonly format?: unknown } | undefined)?.format;
  if (typeof format !== 'number') throw broken('not a cluster of podsim');
  if (format > FORMAT) throw newer(path, format);
  return writeLines(undefined, new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)])));
}

const newer = (path: string, format: number): NewerFormat =>
  new NewerFormat(`the state file ${path} has format ${format}, written by a newer podsim; this one reads up to format ${FORMAT}`);

/** Base and changes put together, with the first line to be written before the body. What has not changed is copied as bytes. */
export function writeLines(base: Lines | undefined, changes: Changes): { readonly version: Version; readonly entries: Lines; readonly head: Buffer } {
  const keys = mergedKeys(base, changes);
  const places = new Map<string, number>();
  const bounds = new Uint32Array(3 * keys.length);
  const pieces: Buffer[] = [];
  let length = 0;
  const append = (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const [i, key] of keys.entries()) {
    const name = JSON.stringify(key);
    const text = changes.get(key);
    bounds[3 * i] = length;
    bounds[3 * i + 1] = length + Buffer.byteLength(name) + 1;
    if (text === undefined) append((base as Lines).body.subarray(...((base as Lines).range(key) as [number, number])));
    else append(Buffer.from(`${name}:${text}`));
    bounds[3 * i + 2] = length;
    places.set(key, i);
    append(i === keys.length - 1 ? LAST : NEXT);
  }
  append(Buffer.from(END));
  const body = Buffer.concat(pieces, length);
  const version = createHash('sha1').update(body).digest('hex');
  const head = Buffer.from(`{"podsim":{"format":${FORMAT},"version":"${version}"}${keys.length === 0 ? '' : ','}\n`);
  return { version, entries: new Lines(body, places, bounds), head };
}

/** All keys in the order of the file: the header, then the others in byte order. */
function mergedKeys(base: Lines | undefined, changes: Changes): readonly string[] {
  const keys = new Set(base?.keys);
  for (const [key, text] of changes) {
    if (text === undefined) keys.delete(key);
    else keys.add(key);
  }
  const hasHeader = keys.delete(HEADER);
  const sorted = [...keys].sort();
  return hasHeader ? [HEADER, ...sorted] : sorted;
}
