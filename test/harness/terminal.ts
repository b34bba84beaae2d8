/**
 * kubectl at a terminal, over a cluster in memory. A session is written down as it looks:
 *
 *     await session(`
 *     $ kubectl get pod web
 *     Error from server (NotFound): pods "web" not found
 *     [1]
 *     $ advance 5s
 *     `, { files: { 'web.yaml': … } });
 *
 * Both streams are shown in the order in which they were written. A line `...` stands for any lines, `…` for any part of one.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { parseDuration } from '../../src/api/time.js';
import type { Turn } from '../../src/cluster/turn.js';
import { run } from '../../src/kubectl/command-line.js';
import { kubectlOn, listen } from '../../src/podsim/in-process.js';
import { type TestOptions, turns } from './cluster.js';

export interface TerminalOptions extends TestOptions {
  /** Text files by name, in the working directory. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Both, as they came. */
  readonly text: string;
}

export interface Terminal {
  readonly turn: Turn;
  readonly cwd: string;
  /** `kubectl get pods`; the first word may be left out. */
  run(line: string | readonly string[], stdin?: string | Uint8Array): Promise<Ran>;
  /** Starts one that does not end by itself; `text` is what it has said so far. */
  start(line: string, stdin?: string): { readonly ended: Promise<Ran>; readonly text: () => string };
  read(file: string): string;
  write(file: string, text: string): void;
  close(): void;
}

export function terminal({ files = {}, env = {}, ...options }: TerminalOptions = {}): Terminal {
  const cwd = mkdtempSync(join(tmpdir(), 'podsim-terminal-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  const turn = turns(options);
  const start: Terminal['start'] = (line, stdin = '') => begin(words(line), stdin);
  const begin = (argv: readonly string[], stdin: string | Uint8Array) => {
    const heard = listen(stdin);
    const ended = run(argv[0] === 'kubectl' ? argv.slice(1) : argv, {
      ...kubectlOn(turn, heard.streams),
      env: { HOME: cwd, PATH: '/nowhere', ...env },
      cwd,
    }).then((code) => ({ code, out: heard.out(), err: heard.err(), text: heard.text() }));
    return { ended, text: heard.text };
  };
  return {
    turn,
    cwd,
    run: (line, stdin = '') => begin(typeof line === 'string' ? words(line) : line, stdin).ended,
    start,
    read: (file) => readFileSync(join(cwd, file), 'utf8'),
    write,
    close: () => rmSync(cwd, { recursive: true, force: true }),
  };
}

/** Words as a shell splits them: blanks, quotes, `$'\\n'` not. */
export function words(line: string): readonly string[] {
  const found: string[] = [];
  for (const [piece] of line.trim().matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    found.push(piece.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''));
  }
  return found;
}

/** Plays what is written down; compares what comes with what is there. */
export async function session(text: string, options: TerminalOptions = {}, given?: Terminal): Promise<void> {
  const shell = given ?? terminal(options);
  const indent = /^( *)\$ /m.exec(text)?.[1] ?? '';
  const lines = text.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
  const blocks: { command: string; expected: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) blocks.push({ command: line.slice(2), expected: [] });
    else blocks.at(-1)?.expected.push(line);
  }
  if (blocks.length > 0 && blocks.at(-1)?.expected.at(-1)?.trim() === '') blocks.at(-1)?.expected.pop();
  try {
    for (const { command, expected } of blocks) {
      const actual = await played(shell, command);
      const wanted = expected.join('\n');
      if (!matches(wanted, actual)) expect(`$ ${command}\n${actual}`).toBe(`$ ${command}\n${wanted}`);
    }
  } finally {
    if (given === undefined) shell.close();
  }
}

async function played(shell: Terminal, command: string): Promise<string> {
  const advance = /^advance (\S+)$/.exec(command);
  if (advance !== null) {
    await shell.turn.sleep(parseDuration(advance[1] as string) as number);
    return '';
  }
  const cat = /^cat (\S+)$/.exec(command);
  if (cat !== null) return shell.read(cat[1] as string).replace(/\n$/, '');
  const [, line = command, input] = /^(.*) < (\S+)$/.exec(command) ?? [];
  const { text, code } = await shell.run(line, input === undefined ? '' : shell.read(input));
  const shown = text.replace(/\n$/, '');
  return code === 0 ? shown : `${shown}${shown === '' ? '' : '\n'}[${code}]`;
}

function matches(wanted: string, actual: string): boolean {
  if (wanted === actual) return true;
  if (!/^\.\.\.$/m.test(wanted) && !wanted.includes('…')) return false;
  const source = `\n${wanted}\n`
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\n\\\.\\\.\\\.(?=\n)/g, '(?:\\n[^\\n]*)*')
    .replaceAll('…', '[^\\n]*');
  return new RegExp(`^${source}$`).test(`\n${actual}\n`);
}
