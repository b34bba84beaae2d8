/** A container's file system: layers, links, mounts, permissions. */
import { describe, expect, test } from 'vitest';
import type { Time } from '../../src/api/time.js';
import { createFiles, type FilesOptions } from '../../src/runtime/files.js';
import { normalizePath } from '../../src/runtime/paths.js';
import { FileError } from '../../src/runtime/process.js';
import type { FileNode, FileTree } from '../../src/runtime/state.js';

const BASE: Readonly<Record<string, FileNode>> = {
  '/etc': { type: 'd' },
  '/etc/motd': { data: 'hello\n' },
  '/run': { type: 'd' },
  '/tmp': { type: 'd', mode: 0o1777 },
  '/usr': { type: 'd' },
  '/usr/bin': { type: 'd' },
  '/usr/bin/sh': { data: '', mode: 0o755 },
  '/bin': { type: 'l', data: 'usr/bin' },
  '/var': { type: 'd' },
  '/var/run': { type: 'l', data: '/run' },
};

function make(options: Partial<FilesOptions> = {}, layer: FileTree = {}, volumes: Record<string, FileTree> = {}) {
  let version = 0;
  return createFiles({
    base: (path) => BASE[path],
    basePaths: () => Object.keys(BASE),
    mounts: [],
    layer: () => layer,
    volume: (name) => {
      volumes[name] ??= {};
      return volumes[name];
    },
    changed: () => version++,
    version: () => version,
    readOnlyRoot: false,
    uid: 0,
    gid: 0,
    now: 0 as Time,
    ...options,
  });
}
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
  return 'ok';
};

test.each([
  ['/a/./b/../c', '/a/c'],
  ['/../..', '/'],
  ['a//b/', '/a/b'],
])('%s is %s', (path, expected) => expect(normalizePath(path)).toBe(expected));

describe('layers', () => {
  test('what is written lies over the image and leaves it alone', () => {
    const layer: FileTree = {};
    const files = make({}, layer);
    files.write('/etc/motd', 'mine\n');
    expect(files.read('/etc/motd')).toBe('mine\n');
    expect(BASE['/etc/motd']?.data).toBe('hello\n');
    files.write('/etc/motd', 'more\n', { append: true });
    expect(layer['/etc/motd']?.data).toBe('mine\nmore\n');
  });
  test('an image file that is removed stays removed, and can be made again', () => {
    const files = make();
    files.remove('/etc/motd');
    expect(files.stat('/etc/motd')).toBeUndefined();
    expect(files.list('/etc')).toEqual([]);
    files.write('/etc/motd', 'new');
    expect(files.list('/etc')).toEqual(['motd']);
  });
  test('links are followed in every part', () => {
    const files = make();
    expect(files.stat('/bin/sh')?.mode).toBe(0o755);
    expect(files.stat('/bin', false)?.type).toBe('symlink');
    files.link('b', '/tmp/a');
    files.link('a', '/tmp/b');
    expect(code(() => files.read('/tmp/a'))).toBe('ELOOP');
  });
  test('directories move with all that is in them', () => {
    const files = make();
    files.makeDirectory('/tmp/a');
    files.write('/tmp/a/x', '1');
    files.rename('/tmp/a', '/tmp/b');
    expect(files.read('/tmp/b/x')).toBe('1');
    expect(files.stat('/tmp/a')).toBeUndefined();
  });
});

test.each<[string, (files: ReturnType<typeof make>) => unknown, string]>([
  ['reading what is not there', (files) => files.read('/no'), 'ENOENT'],
  ['reading a directory', (files) => files.read('/etc'), 'EISDIR'],
  ['writing below what is not there', (files) => files.write('/no/file', ''), 'ENOENT'],
  ['writing below a file', (files) => files.write('/etc/motd/x', ''), 'ENOTDIR'],
  ['listing a file', (files) => files.list('/etc/motd'), 'ENOTDIR'],
  ['making a directory twice', (files) => files.makeDirectory('/etc'), 'EEXIST'],
  ['removing a directory with something in it', (files) => files.remove('/etc'), 'ENOTEMPTY'],
  ['moving a directory into itself', (files) => files.rename('/usr', '/usr/bin/usr'), 'EINVAL'],
])('%s', (_, work, expected) => expect(code(() => work(make()))).toBe(expected));

describe('volumes', () => {
  const mounts = [
    { path: '/var/run/secrets', volume: 'token', prefix: '', readOnly: true },
    { path: '/data', volume: 'shared', prefix: '/sub', readOnly: false },
  ];
  test('lie where they are mounted, through the image’s links', () => {
    const files = make({ mounts }, {}, { token: { '/token': { data: 'secret' } } });
    expect(files.read('/var/run/secrets/token')).toBe('secret');
    expect(files.read('/run/secrets/token')).toBe('secret');
    expect(files.list('/run')).toEqual(['secrets']);
    expect(code(() => files.write('/var/run/secrets/x', ''))).toBe('EROFS');
  });
  test('a subPath mounts part of it', () => {
    const volumes: Record<string, FileTree> = { shared: { '/sub': { type: 'd' } } };
    const files = make({ mounts }, {}, volumes);
    files.write('/data/x', '1');
    expect(volumes['shared']?.['/sub/x']?.data).toBe('1');
  });
  test('a read-only root refuses, a mount in it does not', () => {
    const files = make({ mounts, readOnlyRoot: true }, {}, { shared: { '/sub': { type: 'd' } } });
    expect(code(() => files.write('/tmp/x', ''))).toBe('EROFS');
    expect(code(() => files.write('/data/x', ''))).toBe('ok');
  });
});

test('a user may write only where it may', () => {
  const files = make({ uid: 1000, gid: 1000 });
  expect(code(() => files.write('/etc/motd', 'x'))).toBe('EACCES');
  expect(code(() => files.write('/etc/new', 'x'))).toBe('EACCES');
  expect(code(() => files.write('/tmp/new', 'x'))).toBe('ok');
  expect(files.stat('/tmp/new')).toMatchObject({ uid: 1000, gid: 1000 });
});
