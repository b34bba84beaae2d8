/** As much of tar as `cp` needs: ustar files and directories (POSIX pax; names up to 255 bytes). */

export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly data: Uint8Array;
  readonly link?: string;
}

const BLOCK = 512;

export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    parts.push(header(entry), Buffer.from(entry.data), Buffer.alloc((BLOCK - (entry.data.length % BLOCK)) % BLOCK));
  }
  parts.push(Buffer.alloc(BLOCK * 2));
  return Buffer.concat(parts);
}

function header(entry: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK);
  const name = entry.type === 'directory' ? `${entry.name.replace(/\/$/, '')}/` : entry.name;
  const cut = Buffer.byteLength(name) <= 100 ? -1 : name.lastIndexOf('/', 154);
  block.write(cut < 0 ? name : name.slice(cut + 1), 0, 100);
  block.write(cut < 0 ? '' : name.slice(0, cut), 345, 155);
  const octal = (value: number, at: number, width: number) => block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, width);
  octal(entry.mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(entry.data.length, 124, 12);
  octal(0, 136, 12);
  block.write('        ', 148, 8);
  block.write(entry.type === 'directory' ? '5' : entry.type === 'symlink' ? '2' : '0', 156, 1);
  if (entry.link !== undefined) block.write(entry.link, 157, 100);
  block.write('ustar\x0000', 257, 8, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
  return block;
}

/** Stops at the end mark or where the bytes end. */
export function readTar(bytes: Uint8Array): readonly TarEntry[] {
  const data = Buffer.from(bytes);
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= data.length; ) {
    const block = data.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) break;
    const text = (start: number, length: number) =>
      block
        .subarray(start, start + length)
        .toString('utf8')
        .replace(/\0.*$/s, '');
    const number = (start: number, length: number) => Number.parseInt(text(start, length).trim() || '0', 8);
    const size = number(124, 12);
    const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
    const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
    const flag = text(156, 1);
    const type = flag === '5' || name.endsWith('/') ? 'directory' : flag === '2' ? 'symlink' : 'file';
    const body = data.subarray(at + BLOCK, at + BLOCK + size);
    entries.push({ name, type, mode: number(100, 8), data: body, ...(type === 'symlink' ? { link: text(157, 100) } : {}) });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}
