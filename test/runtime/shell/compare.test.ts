/** The same script in podsim's shell and in the real dash, bash and busybox of this machine: output and exit code are equal. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Flavour } from '../../../src/runtime/shell/state.js';
import { cases, programCases } from './cases.js';
import { runScript } from './host.js';

const real: Readonly<Record<Flavour, readonly string[]>> = { dash: ['dash'], bash: ['bash'], ash: ['busybox', 'sh'] };

for (const flavour of ['dash', 'bash', 'ash'] as const) {
  const command = real[flavour];
  const there = spawnSync(command[0] as string, [...command.slice(1), '-c', 'true']).status === 0;
  describe.skipIf(!there)(`${command.join(' ')}${there ? '' : ' (skipped: not installed)'}`, () => {
    for (const source of [...cases, ...programCases])
      test(source, () => {
        const home = mkdtempSync(join(tmpdir(), 'shell-'));
        // As `sh -c`, so that messages carry the same name.
        const name = flavour === 'bash' ? 'bash' : 'sh';
        const process = spawnSync('bash', ['-c', `exec -a ${name} ${command[0]} -c "$1" 2>&1`, '-', source], {
          cwd: home,
          env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
          encoding: 'latin1',
        });
        rmSync(home, { recursive: true, force: true });
        const mine = runScript(flavour, [name, '-c', source], { suspend: true });
        expect({ output: mine.output, code: mine.code }).toEqual({ output: process.stdout, code: process.status });
      });
  });
}
