/**
 * Transcripts (cram's form): a line of two spaces and `$ ` is a command, `> ` goes on with it, the indented lines below are its
 * output (stdout and stderr together). ` (re)` and ` (glob)` at a line's end make it a pattern; `[N]` is an exit status. Each
 * file gets an empty directory and a fresh one-node cluster, its clock paused at 2026-01-01T00:00:00Z. On PATH: `kubectl` and
 * `podsim` (the build), `tick DURATION`, `cluster N`.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = join(dirname(fileURLToPath(import.meta.url)), '../../bin/podsim.js');

export interface Step {
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
  readonly status: number;
}

export function parseTranscript(text: string): readonly Step[] {
  const steps: { line: number; command: string; expected: string[]; status: number }[] = [];
  let step: (typeof steps)[number] | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('  $ ')) {
      step = { line: i + 1, command: line.slice(4), expected: [], status: 0 };
      steps.push(step);
    } else if (/^ {2}>( |$)/.test(line) && step !== undefined && step.expected.length === 0) step.command += `\n${line.slice(4)}`;
    else if (line.startsWith('  ') && step !== undefined) step.expected.push(line.slice(2));
    else if (line.trim() !== '') step = undefined;
  }
  for (const one of steps) {
    const status = /^\[(\d+)\]$/.exec(one.expected.at(-1) ?? '');
    if (status === null) continue;
    one.status = Number(status[1]);
    one.expected.pop();
  }
  return steps;
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function lineMatches(expected: string, actual: string): boolean {
  const [, pattern, kind] = /^(.*) \((re|glob|no-eol)\)$/.exec(expected) ?? [];
  if (pattern === undefined) return expected.trimEnd() === actual.trimEnd();
  if (kind === 'no-eol') return pattern === actual;
  if (kind === 're') return new RegExp(`^(?:${pattern})$`).test(actual);
  return new RegExp(
    `^${pattern.replace(/\\[*?]|[*?]|[^*?\\]+|\\/g, (part) => (part === '*' ? '.*' : part === '?' ? '.' : escapeRegExp(part.replace(/^\\(?=[*?])/, ''))))}$`,
  ).test(actual);
}

export interface Outcome extends Step {
  readonly actual: readonly string[];
  readonly actualStatus: number | undefined;
  readonly passed: boolean;
}

/** Runs the file's commands in one bash. */
export async function runTranscript(file: string): Promise<readonly Outcome[]> {
  const steps = parseTranscript(readFileSync(file, 'utf8'));
  const home = mkdtempSync(join(tmpdir(), 'transcript-'));
  const bin = join(home, '.bin');
  const work = join(home, 'work');
  mkdirSync(bin);
  mkdirSync(work);
  const shim = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const podsim = `'${process.execPath}' '${BIN}'`;
  shim('kubectl', `exec ${podsim} "$@"`);
  shim('podsim', `exec ${podsim} "$@"`);
  shim('tick', `exec ${podsim} clock advance "$1" >/dev/null`);
  shim('cluster', `exec ${podsim} cluster create --force --nodes "$1" --clock paused --time 2026-01-01T00:00:00Z --seed 1 >/dev/null`);
  const mark = `@@${randomBytes(6).toString('hex')}@@`;
  const say = `printf '%s %d\\n' '${mark}' $?`;
  const script = join(home, 'script.sh');
  writeFileSync(script, ['exec 2>&1', 'cluster 1', say, ...steps.flatMap(({ command }) => [command, say]), ''].join('\n'));
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: home,
    PODSIM_HOME: join(home, 'podsim'),
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    COLUMNS: '200',
    NO_COLOR: '1',
  };
  const output = await new Promise<string>((resolve) => {
    const child = spawn('bash', [script], { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const collect = (data: Buffer): void => {
      text += data.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', () => resolve(text));
  });
  rmSync(home, { recursive: true, force: true });
  const chunks = output.split(mark);
  return steps.map((step, i) => {
    const chunk = chunks[i + 1]?.replace(/^ \d+\n/, '');
    const status = /^ (\d+)/.exec(chunks[i + 2] ?? '')?.[1];
    const actual = chunk === undefined || chunk === '' ? [] : chunk.replace(/\n$/, '').split('\n');
    const actualStatus = status === undefined ? undefined : Number(status);
    const passed =
      actualStatus === step.status && actual.length === step.expected.length && step.expected.every((line, k) => lineMatches(line, actual[k] as string));
    return { ...step, actual, actualStatus, passed };
  });
}
