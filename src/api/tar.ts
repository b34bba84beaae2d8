/** tar archives (POSIX ustar, with GNU and pax long names): what `kubectl cp` and a container's tar(1) say to each other. */

export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'link' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly data: Uint8Array;
  /** Of a link. */
  readonly target: string;
}

/** The archive is cut off or is none. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const BLOCK = 512;
/** GNU tar pads archives to records of 20 blocks. */
const RECORD = 20 * BLOCK;
const TYPES: Readonly<Record<string, TarEntry['type']>> = { '0': 'file', '\0': 'file', '7': 'file', '1': 'link', '2': 'symlink', '5': 'directory' };
const FLAGS: Readonly<Record<TarEntry['type'], string>> = { file: '0', link: '1', symlink: '2', directory: '5', other: '0' };

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const cString = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return decode(end < 0 ? bytes : bytes.subarray(0, end));
};

/** Octal, or (GNU) base 256 when the first bit is set. */
function number(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] as number) & 0x7f);
  const text = cString(field).trim();
  if (text !== '' && !/^[0-7]+$/.test(text)) throw new TarError('archive/tar: invalid tar header');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] as number);
  return sum;
}

export function readTar(bytes: Uint8Array): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  let longTarget: string | undefined;
  let pax: ReadonlyMap<string, string> = new Map();
  for (let at = 0; at < bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (header.length < BLOCK) throw new TarError('unexpected EOF');
    if (number(header.subarray(148, 156)) !== checksum(header)) throw new TarError('archive/tar: invalid tar header');
    const flag = String.fromCharCode(header[156] as number);
    const size = pax.has('size') && TYPES[flag] !== undefined ? Number(pax.get('size')) : number(header.subarray(124, 136));
    const data = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (data.length < size) throw new TarError('unexpected EOF');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (flag === 'L') longName = cString(data);
    else if (flag === 'K') longTarget = cString(data);
    else if (flag === 'x') pax = paxRecords(data);
    else if (flag !== 'g') {
      const prefix = decode(header.subarray(257, 262)) === 'ustar' && header[262] === 0 ? cString(header.subarray(345, 500)) : '';
      const short = cString(header.subarray(0, 100));
      const name = pax.get('path') ?? longName ?? (prefix === '' ? short : `${prefix}/${short}`);
      entries.push({
        name,
        type: (flag === '0' || flag === '\0') && name.endsWith('/') ? 'directory' : (TYPES[flag] ?? 'other'),
        mode: number(header.subarray(100, 108)) & 0o7777,
        uid: number(header.subarray(108, 116)),
        gid: number(header.subarray(116, 124)),
        mtime: pax.has('mtime') ? Number(pax.get('mtime')) : number(header.subarray(136, 148)),
        data,
        target: pax.get('linkpath') ?? longTarget ?? cString(header.subarray(157, 257)),
      });
      longName = undefined;
      longTarget = undefined;
      pax = new Map();
    }
  }
  return entries;
}

/** `30 path=some/name\n`: the length counts itself. */
function paxRecords(data: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const length = space < 0 ? Number.NaN : Number(decode(data.subarray(at, space)));
    if (!(length > space - at)) throw new TarError('archive/tar: invalid tar header');
    const record = decode(data.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    found.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return found;
}

export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const entry of entries) {
    const name = new TextEncoder().encode(entry.name);
    const target = new TextEncoder().encode(entry.target);
    if (name.length > 100) blocks.push(...longField('L', name));
    if (target.length > 100) blocks.push(...longField('K', target));
    const data = entry.type === 'file' ? entry.data : new Uint8Array();
    blocks.push(headerOf(entry, name, target, data.length, FLAGS[entry.type]), ...padded(data));
  }
  const size = blocks.reduce((sum, block) => sum + block.length, 0) + 2 * BLOCK;
  const archive = new Uint8Array(Math.ceil(size / RECORD) * RECORD);
  let at = 0;
  for (const block of blocks) {
    archive.set(block, at);
    at += block.length;
  }
  return archive;
}

const NONE = { mode: 0o644, uid: 0, gid: 0, mtime: 0 };

/** GNU's way with a name that does not fit: an entry of its own before. */
function longField(flag: 'L' | 'K', value: Uint8Array): readonly Uint8Array[] {
  const data = new Uint8Array(value.length + 1);
  data.set(value);
  return [headerOf(NONE, new TextEncoder().encode('././@LongLink'), new Uint8Array(), data.length, flag), ...padded(data)];
}

function padded(data: Uint8Array): readonly Uint8Array[] {
  const rest = data.length % BLOCK;
  return rest === 0 ? [data] : [data, new Uint8Array(BLOCK - rest)];
}

function headerOf(entry: Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'mtime'>, name: Uint8Array, target: Uint8Array, size: number, flag: string): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const text = (at: number, value: string): void => header.set(new TextEncoder().encode(value), at);
  const octal = (at: number, width: number, value: number): void =>
    text(
      at,
      Math.max(0, Math.floor(value))
        .toString(8)
        .padStart(width - 1, '0'),
    );
  header.set(name.subarray(0, 100), 0);
  octal(100, 8, entry.mode);
  octal(108, 8, entry.uid);
  octal(116, 8, entry.gid);
  octal(124, 12, size);
  octal(136, 12, entry.mtime);
  text(156, flag);
  header.set(target.subarray(0, 100), 157);
  text(257, 'ustar  ');
  text(148, `${checksum(header).toString(8).padStart(6, '0')}\0 `);
  return header;
}
