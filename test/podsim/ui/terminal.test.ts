/** `podsim ui` as it is built, at a terminal that script(1) makes; skipped where that is another one than util-linux has. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '../../../bin/podsim.js');
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;
const PATIENCE = { timeout: 30_000, interval: 50 };

let home: string;
const env = () => ({ PATH: process.env['PATH'], HOME: home, PODSIM_HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8' });
const podsim = (...argv: readonly string[]): string => execFileSync(process.execPath, [BIN, ...argv], { env: env(), encoding: 'utf8' });

/** What a terminal shows that gets this: the painter puts each line at its place. */
function shown(output: string): readonly string[] {
  const lines: string[] = [];
  const screen = output.slice(output.lastIndexOf('\u001b[2J') + 4);
  for (const [, row, text] of screen.matchAll(/\u001b\[(\d+);1H\u001b\[K([^\r\n]*?)(?=\u001b\[\d+;1H|\u001b\[\?|$)/g))
    lines[Number(row) - 1] = (text as string).replace(/\u001b\[[\d;]*m/g, '').trimEnd();
  return Array.from(lines, (line) => line ?? '');
}

let child: ChildProcessWithoutNullStreams | undefined;
afterEach(() => child?.kill());

function start(flags = '', size = 'rows 24 cols 100') {
  let output = '';
  const command = `stty ${size}; '${process.execPath}' '${BIN}' ui ${flags}`;
  child = spawn('script', ['-qec', command, '/dev/null'], { env: env() });
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString('utf8');
  });
  const ended = new Promise<number | null>((done) => child?.on('close', (code) => done(code)));
  return {
    press: (keys: string) => void child?.stdin.write(keys),
    lines: () => shown(output),
    output: () => output,
    ended,
    sees: (text: string | RegExp) => expect.poll(() => shown(output).join('\n'), PATIENCE).toMatch(text),
  };
}

describe.skipIf(!hasScript)('at a terminal (needs script(1) of util-linux)', () => {
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'podsim-ui-'));
    podsim('cluster', 'create', '--clock', 'paused', '--time', '2026-01-01T00:00:00Z', '--seed', '1');
    podsim('run', 'web', '--image=nginx:1.27');
    podsim('run', 'talk', '--image=busybox', '--', 'sh', '-c', 'echo hello from the container; sleep 1d');
    podsim('clock', 'advance', '20s', '-q');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('pods, tabs, time, deleting, and another terminal', async () => {
    const ui = start();
    await ui.sees(/> talk +1\/1 +Running +0 +20s/);
    await ui.sees(/^phase .*Running/m);
    ui.press('w');
    await ui.sees(/^pod\/talk +Running/m);
    ui.press('e');
    await ui.sees(/Started container talk/);
    expect(ui.lines()[0]).toMatch(/^podsim default · namespace default · 2 pods +2026-01-01T00:00:20Z {2}paused$/);
    ui.press('l');
    await ui.sees('hello from the container');
    ui.press('S');
    await ui.sees('2026-01-01T00:00:30Z  paused');
    ui.press('jd');
    await ui.sees(/^Name: +web$/m);
    ui.press('x1');
    await ui.sees('Delete pod default/web? Grace period: 1s');
    ui.press('y');
    await ui.sees('pod "web" deleted');
    await ui.sees(/> web +1\/1 +Terminating/);
    podsim('clock', 'advance', '2s', '-q');
    podsim('run', 'another', '--image=nginx:1.27');
    await ui.sees(/^ {2}another +0\/1 +ContainerCreating/m);
    await ui.sees('2026-01-01T00:00:32Z  paused');
    expect(ui.lines().join('\n')).not.toContain('Terminating');
    ui.press(' ');
    await ui.sees(/Z {2}real$/m);
    ui.press(' ');
    await ui.sees(/Z {2}paused$/m);
    ui.press('q');
    expect(await ui.ended).toBe(0);
    expect(ui.output()).toMatch(/\u001b\[\?25h\u001b\[\?1049l$/);
    expect(podsim('clock')).toMatch(/paused\n$/);
  });

  test('says that the state is damaged, and goes on when it is whole again', async () => {
    const file = join(home, 'clusters/default.json');
    const whole = readFileSync(file);
    const ui = start('-A', 'rows 15 cols 60');
    await ui.sees('kube-system');
    expect(ui.lines().length).toBeLessThanOrEqual(15);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    await ui.sees(/^error: the cluster cannot be read/);
    await ui.sees('damaged');
    rmSync(file);
    await ui.sees(/^error: the cluster is gone/m);
    writeFileSync(file, whole);
    await ui.sees(/^podsim default · all/);
    ui.press('\u0003');
    expect(await ui.ended).toBe(0);
  });
});
