/** podsim as a user has it, in this process: command lines over a home of its own, with a cluster whose clock is paused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { main } from '../../src/main.js';
import { words } from './terminal.js';

export interface Shell {
  readonly home: string;
  run(line: string | readonly string[], stdin?: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** The saved cluster, as bytes. */
  state(): string;
  write(file: string, text: string): void;
  close(): void;
}

export function shell(env: Readonly<Record<string, string>> = {}, columns?: number): Shell {
  const home = mkdtempSync(join(tmpdir(), 'podsim-shell-'));
  return {
    home,
    async run(line, stdin = '') {
      const argv = typeof line === 'string' ? words(line) : line;
      let out = '';
      let err = '';
      const decoder = new TextDecoder();
      const code = await main({
        argv: ['node', 'podsim', ...(argv[0] === 'kubectl' || argv[0] === 'podsim' ? argv.slice(1) : argv)],
        env: { PODSIM_HOME: home, HOME: home, PATH: '/nowhere', TZ: 'UTC', PODSIM_DEBUG: '1', ...env },
        stdin: Readable.from([Buffer.from(stdin)]),
        stdout: {
          write: (data) => {
            out += typeof data === 'string' ? data : decoder.decode(data);
          },
          ...(columns === undefined ? {} : { isTTY: true, columns }),
        },
        stderr: {
          write: (data) => {
            err += typeof data === 'string' ? data : decoder.decode(data);
          },
        },
        cwd: () => home,
      });
      return { code, out, err };
    },
    state: () => readFileSync(join(home, 'clusters/default.json'), 'utf8'),
    write: (file, text) => writeFileSync(join(home, file), text),
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
