import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../src/api/bytes.js';
import { readTar, type TarEntry, writeTar } from '../../src/api/tar.js';

describe('bytes as text', () => {
  test('any bytes come back', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => Buffer.compare(bytesOf(textOf(bytes)), bytes) === 0));
  });
  test('any text does', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => textOf(bytesOf(text)) === text));
  });
  test('pieces cut anywhere make the same bytes', () => {
    const bytes = new TextEncoder().encode('aß€😀');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const text = textOf(bytes.subarray(0, cut)) + textOf(bytes.subarray(cut));
      expect(Buffer.compare(bytesOf(JSON.parse(JSON.stringify(text)) as string), bytes)).toBe(0);
    }
  });
  test('what is UTF-8 is plain text', () => expect(textOf(new TextEncoder().encode('\ufeffhällo 😀'))).toBe('\ufeffhällo 😀'));
});

describe('archives and the tar of this machine', () => {
  const directory = mkdtempSync(join(tmpdir(), 'podsim-tar-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const long = `${'d'.repeat(90)}/${'f'.repeat(90)}`;
  const entry = (name: string, more: Partial<TarEntry> = {}): TarEntry => ({
    name,
    type: 'file',
    mode: 0o640,
    uid: 0,
    gid: 0,
    mtime: 1_700_000_000,
    data: new Uint8Array(),
    target: '',
    ...more,
  });

  test('it reads ours', () => {
    const archive = writeTar([
      entry('a', { data: Buffer.from('hello') }),
      entry('d/', { type: 'directory', mode: 0o755 }),
      entry('l', { type: 'symlink', target: 'a' }),
      entry(long, { data: Buffer.alloc(513, 120) }),
    ]);
    writeFileSync(join(directory, 'ours.tar'), archive);
    mkdirSync(join(directory, 'out'));
    execFileSync('tar', ['xf', 'ours.tar', '-C', 'out', '--no-same-owner'], { cwd: directory });
    expect(readFileSync(join(directory, 'out/l'), 'utf8')).toBe('hello');
    expect(readFileSync(join(directory, 'out', long)).length).toBe(513);
  });
  test.each(['gnu', 'posix', 'ustar'])('we read its %s', (format) => {
    const from = join(directory, format);
    mkdirSync(join(from, 'x', 'd'.repeat(90)), { recursive: true });
    writeFileSync(join(from, 'x/a'), 'hello');
    writeFileSync(join(from, 'x', long), 'long');
    symlinkSync('a', join(from, 'x/l'));
    const entries = readTar(execFileSync('tar', ['cf', '-', `--format=${format}`, '--sort=name', 'x'], { cwd: from }));
    expect(entries.map(({ name, type, target }) => [name, type, target])).toEqual([
      ['x/', 'directory', ''],
      ['x/a', 'file', ''],
      [`x/${'d'.repeat(90)}/`, 'directory', ''],
      [`x/${long}`, 'file', ''],
      ['x/l', 'symlink', 'a'],
    ]);
    expect(new TextDecoder().decode(entries[3]?.data)).toBe('long');
  });
  test('what is no archive', () => {
    expect(() => readTar(Buffer.alloc(600, 65))).toThrow('archive/tar: invalid tar header');
    expect(() => readTar(Buffer.alloc(100, 65))).toThrow('unexpected EOF');
    expect(() => readTar(writeTar([entry('a', { data: Buffer.alloc(2000) })]).subarray(0, 1024))).toThrow('unexpected EOF');
    expect(readTar(new Uint8Array())).toEqual([]);
  });
});
