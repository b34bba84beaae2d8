/** `.build/compiled.cjs`: a Node that the build was not made with keeps what it compiles. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'podsim-compiled-'));
  for (const part of ['package.json', 'bin', 'dist', 'fixtures']) cpSync(join(root, part), join(home, part), { recursive: true });
  rmSync(join(home, 'dist/compiled'), { recursive: true, force: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** As if another Node had made the build: its caches are no use. */
function builtElsewhere(): void {
  const start = join(home, 'dist/start.cjs');
  const text = readFileSync(start, 'utf8');
  const made = `engine === '${process.versions.v8} ${process.arch}'`;
  expect(text).toContain(made);
  writeFileSync(start, text.replace(made, "engine === '1.2.3 z80'"));
  for (const name of readdirSync(join(home, 'dist'))) if (name.endsWith('.pack.cjs.cache')) rmSync(join(home, 'dist', name));
}
function podsim(...argv: string[]): string {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(home, 'bin/podsim.js'), ...argv], {
    env: { ...env, PODSIM_STATE: join(home, 'state.json') },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}
const compiled = (): string => join(home, 'dist/compiled', readdirSync(join(home, 'dist/compiled'))[0] as string);
const written = (): Record<string, number> => Object.fromEntries(readdirSync(compiled()).map((name) => [name, statSync(join(compiled(), name)).ino]));

describe('what is compiled', () => {
  test('is there already for the Node of the build', () => {
    podsim('cluster', 'create', '--clock', 'paused');
    expect(existsSync(join(home, 'dist/compiled'))).toBe(false);
  });

  test('is kept by another Node after each new kind of command', () => {
    builtElsewhere();
    podsim('cluster', 'create', '--clock', 'paused');
    podsim('get', 'pods', '-A');
    const first = written();
    expect(Object.keys(first)).toEqual(['change.cache', 'commands.txt', 'more.cache', 'read.cache', 'write.cache']);
    podsim('get', 'nodes');
    expect(written()).toEqual(first);
    podsim('run', 'web', '--image=nginx:1.27');
    expect(written()['change.cache']).not.toBe(first['change.cache']);
    expect(
      readFileSync(join(compiled(), 'commands.txt'), 'utf8')
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['cluster', 'get', 'run']);
  });

  test('is made anew when V8 refuses it', () => {
    builtElsewhere();
    podsim('cluster', 'create', '--clock', 'paused');
    const cache = join(compiled(), 'read.cache');
    writeFileSync(cache, 'of another version');
    expect(podsim('get', 'pods', '-A')).toContain('kube-system');
    expect(readFileSync(cache, 'latin1')).not.toBe('of another version');
  });

  test('is not kept where there is no place for it', () => {
    builtElsewhere();
    writeFileSync(join(home, 'dist/compiled'), '');
    podsim('cluster', 'create', '--clock', 'paused');
    expect(podsim('get', 'pods', '-A')).toContain('kube-system');
  });
});
