/**
 * The text of a state file: one valid JSON document with one entry a line, so that `jq` reads it and `diff` shows it.
 *
 *     {"podsim":{"format":1,"version":"5f0c…"}
 *     ,"/header":{…}
 *     ,"/alarms/scheduler default/web":[1767225600000,12]
 *     ,"/registry/pods/default/web":{…}
 *     }
 *
 * The header comes first, the others in the order of their keys: an entry is found by bisection, and what is not asked for is
 * never looked at, nor written anew: saving copies the bytes between two changed lines as they are. The version is a digest
 * of all that follows the first line, so the same state is the same file. A file whose digest is another has been edited by
 * hand or by `jq`: it is read with care, line by line or as any JSON.
 */
import { crc32 } from 'node:zlib';
import { type Bytes, type Changes, DamagedState, type Entries, HEADER, NewerFormat, type Version } from './backend.js';
import { Texts } from './texts.js';

const FORMAT = 1;
const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
/** Above all keys that are plain. */
const LAST = '\uffff';
const END = Buffer.from('}\n');
/** Keys whose text in JSON is their own: their order is the order of bytes. Of others we keep no digest, and read with care. */
const PLAIN = /^[ !#-[\]-~]*$/;
/** Changed lines are put together in pieces of about this size. */
const PIECE = 1 << 20;
/** How far ahead of the last find the next one looks first, in bytes. */
const AHEAD = 1 << 14;

/** Entries as places in one buffer. */
class Lines implements Entries {
  /** Where the lines after the header begin, and where the last of them ends. */
  private readonly from: number;
  private readonly to: number;
  /** The places of values that have been asked for: where they begin and end. */
  private readonly places = new Map<string, readonly [number, number]>();
  /** Prefixes all of whose keys have been asked for: what is not in `places` is not there. */
  private readonly known: string[] = [];

  constructor(readonly body: Buffer) {
    const isHeaded = body.subarray(0, HEADER.length + 4).equals(Buffer.from(`,"${HEADER}":`));
    this.from = isHeaded ? this.endOf(0) : 0;
    this.to = body.length - END.length;
    if (isHeaded) this.note(HEADER, 0);
  }

  keys(prefix: string): readonly string[] {
    const keys: string[] = [];
    const start = Buffer.from(`,"${prefix}`);
    for (let at = this.find(prefix); at < this.to && startsWith(this.body, at, start); at = this.endOf(at)) {
      const key = this.keyAt(at);
      this.note(key, at);
      keys.push(key);
    }
    // Of whole directories only: what is asked for one by one would make a long list.
    if (prefix.endsWith('/') && !this.isKnown(prefix)) this.known.push(prefix);
    return HEADER.startsWith(prefix) && this.from > 0 ? [...keys, HEADER].sort() : keys;
  }

  get(key: string): string | undefined {
    let place = this.places.get(key);
    if (place === undefined) {
      if (this.isKnown(key)) return undefined;
      const at = this.find(key);
      if (!this.isAt(key, at)) return undefined;
      place = this.note(key, at);
    }
    return this.body.toString('utf8', place[0], place[1]);
  }

  /** Of the first line whose key is not below `key`; `from`: of a line that is known not to be behind it. */
  find(key: string, from = this.from): number {
    const wanted = Buffer.from(`,"${key}"`);
    let low = from;
    let high = this.to;
    // Keys that are looked for one after the other are near each other: look ahead in growing steps first.
    for (let step = AHEAD; low + step < high; step *= 4) {
      const at = this.startOf(low + step);
      if (at >= high) break;
      if (isBelow(this.body, at, wanted)) low = this.endOf(at);
      else high = at;
    }
    // Between `low` and `high` are whole lines.
    while (low < high) {
      const at = this.startOf((low + high) >> 1);
      if (isBelow(this.body, at, wanted)) low = this.endOf(at);
      else high = at;
    }
    return low;
  }

  /** The beginning of the key's own line; undefined: there is none. Told from memory if its value was asked for. */
  lineOf(key: string, from: number | undefined): number | undefined {
    const place = this.places.get(key);
    if (place !== undefined) return place[0] - key.length - 4;
    if (this.isKnown(key)) return undefined;
    const at = this.find(key, from);
    return this.isAt(key, at) ? at : undefined;
  }

  private isAt(key: string, at: number): boolean {
    return at < this.to && startsWith(this.body, at, Buffer.from(`,"${key}":`));
  }

  private startOf(position: number): number {
    return position === 0 ? 0 : this.body.lastIndexOf(NEWLINE, position - 1) + 1;
  }

  /** Where the next line begins. */
  endOf(at: number): number {
    return this.body.indexOf(NEWLINE, at) + 1;
  }

  /** The bytes from a line to another. */
  between(from: number | undefined, to: number | undefined): Buffer {
    return this.body.subarray(from ?? this.from, to ?? this.to);
  }

  private isKnown(key: string): boolean {
    return this.known.some((prefix) => key.startsWith(prefix));
  }

  /** Of the line that begins at `at`; behind the last one what is above all keys. */
  keyOfLine(at: number): string {
    return at < this.to ? this.keyAt(at) : LAST;
  }

  private keyAt(at: number): string {
    return this.body.toString('latin1', at + 2, this.body.indexOf(QUOTE, at + 2));
  }

  private note(key: string, at: number): readonly [number, number] {
    const place = [at + key.length + 4, this.endOf(at) - 1] as const;
    this.places.set(key, place);
    return place;
  }
}

const startsWith = (body: Buffer, at: number, start: Buffer): boolean =>
  body.compare(start, 0, start.length, at, Math.min(at + start.length, body.length)) === 0;

/** Whether the key of the line at `at` comes before the wanted one (`,"key"`): quotes sort below all that may follow in a key but space and `!`. */
function isBelow(body: Buffer, at: number, wanted: Buffer): boolean {
  const end = body.indexOf(QUOTE, at + 2);
  return body.compare(wanted, 2, wanted.length - 1, at + 2, end) < 0;
}

/**
 * Finds version and lines. Throws NewerFormat and DamagedState; `path` is for their messages. `isMarked` tells whether the file
 * carries the mark of what we wrote as that version: then it need not be read through to see that it is as we left it.
 */
export function readLines(content: Buffer, path: string, isMarked: (version: Version) => boolean): { readonly version: Version; readonly entries: Entries } {
  const end = content.indexOf(NEWLINE);
  const head = end < 0 ? undefined : /^\{"podsim":\{"format":(\d+),"version":"([0-9a-f]*)"\}$/.exec(content.toString('latin1', 0, end));
  if (!head) return readAnyJson(content, path);
  if (Number(head[1]) > FORMAT) throw newer(path, Number(head[1]));
  const body = content.subarray(end + 1);
  const isAsWritten = lengthIn(head[2] as Version) === body.length && isMarked(head[2] as Version);
  if (!isAsWritten && digest([body]) !== head[2]) return readAnyJson(content, path);
  return { version: head[2] as Version, entries: new Lines(body) };
}

/** The document after an editor or `jq` has had its way with it: still ours if it says so. */
function readAnyJson(content: Buffer, path: string): { readonly version: Version; readonly entries: Entries } {
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
  const texts = new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
  return { version: digest([content]), entries: new Texts(texts) };
}

const newer = (path: string, format: number): NewerFormat =>
  new NewerFormat(`the state file ${path} has format ${format}, written by a newer podsim; this one reads up to format ${FORMAT}`);

export interface Written {
  readonly version: Version;
  /** The first line. It tells the version, and so is known last. */
  readonly head: Buffer;
  /** The others, in pieces. */
  readonly body: readonly Buffer[];
  entries(): Entries;
}

/** How long the first line is, if any piece was given out early. */
export const HEAD_LENGTH = headOf('0'.repeat(18)).length;

/** Base and changes put together. `early` is given the pieces of the body in their order, when they are ready and others are to follow. */
export function writeLines(base: Entries | undefined, changes: Changes, early: (piece: Buffer) => void): Written {
  const changed = [...changes.keys()].sort();
  if (base instanceof Lines && changed.every((key) => PLAIN.test(key))) return finish(mergeLines(base, changed, changes, early));
  const texts = new Map((base?.keys('') ?? []).map((key) => [key, base?.get(key) as string]));
  for (const key of changed) {
    const text = changes.get(key);
    if (text === undefined) texts.delete(key);
    else texts.set(key, text);
  }
  const isPlain = [...texts.keys()].every((key) => PLAIN.test(key));
  const pieces = new Pieces(isPlain ? early : () => undefined);
  for (const key of inOrder(texts.keys())) pieces.addLine(JSON.stringify(key).slice(1, -1), texts.get(key) as string);
  return isPlain ? finish(pieces.end()) : finish(pieces.end(), new Texts(texts));
}

/** What lies between the changed lines is taken over as bytes. */
function mergeLines(base: Lines, changed: readonly string[], changes: Changes, early: (piece: Buffer) => void): readonly Buffer[] {
  const pieces = new Pieces(early);
  const header = changes.has(HEADER) ? changes.get(HEADER) : base.get(HEADER);
  if (header !== undefined) pieces.addLine(HEADER, header);
  let done: number | undefined;
  /** The key of the line at `done`: what comes before it is new, and needs no search. */
  let next: string | undefined;
  for (const key of changed) {
    if (key === HEADER) continue;
    if (next === undefined || key >= next) {
      const own = base.lineOf(key, done);
      const at: number = own ?? base.find(key, done);
      pieces.add(base.between(done, at));
      done = own === undefined ? at : base.endOf(at);
      next = base.keyOfLine(done);
    }
    const value = changes.bytes?.(key) ?? changes.get(key);
    if (value !== undefined) pieces.addLine(key, value);
  }
  pieces.add(base.between(done, undefined));
  return pieces.end();
}

function inOrder(keys: Iterable<string>): readonly string[] {
  const sorted = [...keys].sort();
  return sorted.includes(HEADER) ? [HEADER, ...sorted.filter((key) => key !== HEADER)] : sorted;
}

/** The body being written: long runs as they are, all that is short put together. */
class Pieces {
  private readonly pieces: Buffer[] = [];
  private piece = Buffer.allocUnsafe(PIECE);
  private length = 0;

  constructor(private readonly early: (piece: Buffer) => void) {}

  add(bytes: Buffer): void {
    if (bytes.length > PIECE / 8) {
      this.flush();
      this.give(bytes);
      return;
    }
    this.makeRoom(bytes.length);
    bytes.copy(this.piece, this.length);
    this.length += bytes.length;
  }
  /** `key`: as JSON has it between its quotes. */
  addLine(key: string, value: string | Bytes): void {
    // No character takes more than three bytes: measuring them costs more than some room at the end of a piece.
    this.makeRoom(3 * (key.length + value.length) + 5);
    // One after the other: put together first, 100,000 keys would be copied twice.
    this.addByte(COMMA);
    this.addByte(QUOTE);
    this.length += this.piece.write(key, this.length);
    this.addByte(QUOTE);
    this.addByte(COLON);
    this.length += typeof value === 'string' ? this.piece.write(value, this.length) : value.copy(this.piece, this.length);
    this.addByte(NEWLINE);
  }
  end(): readonly Buffer[] {
    return [...this.pieces, this.piece.subarray(0, this.length), END];
  }

  private addByte(byte: number): void {
    this.piece[this.length++] = byte;
  }
  private makeRoom(length: number): void {
    if (this.length + length <= this.piece.length) return;
    this.flush();
    this.piece = Buffer.allocUnsafe(Math.max(PIECE, length));
  }
  private flush(): void {
    if (this.length > 0) this.give(this.piece.subarray(0, this.length));
    this.piece = this.piece.subarray(this.length);
    this.length = 0;
  }
  private give(piece: Buffer): void {
    this.pieces.push(piece);
    this.early(piece);
  }
}

/** `others`: what the lines cannot tell by themselves. */
function finish(body: readonly Buffer[], others?: Entries): Written {
  const known = others === undefined ? digest(body) : '';
  const head = headOf(known);
  let entries = others;
  return {
    version: others === undefined ? known : digest([head, ...body]),
    head,
    body,
    entries: () => {
      entries ??= new Lines(Buffer.concat(body));
      return entries;
    },
  };
}

function headOf(version: Version): Buffer {
  return Buffer.from(`{"podsim":{"format":${FORMAT},"version":"${version}"}\n`);
}

/** The length of the body in the digest. */
const lengthIn = (version: Version): number => Number.parseInt(version.slice(8), 16);

/**
 * The microseconds that the file's time of change has as a mark: whoever else writes it leaves others, or (one in a million) another
 * length as well.
 */
export const markOf = (version: Version): number => Number.parseInt(version.slice(0, 8), 16) % 1_000_000;

/** CRC-32 and length: enough to notice an edit, at memory's speed. Who else holds which version is told by the file's stamp as well. */
function digest(pieces: readonly Buffer[]): Version {
  let sum = 0;
  let length = 0;
  for (const piece of pieces) {
    sum = crc32(piece, sum);
    length += piece.length;
  }
  return `${sum.toString(16).padStart(8, '0')}${length.toString(16).padStart(10, '0')}`;
}
