/** The real shells of this machine: many scripts in one go, each in an empty directory of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, textOf } from '../../../src/api/bytes.js';
import type { Flavour } from '../../../src/runtime/shell/state.js';

const commands: Readonly<Record<Flavour, string>> = { dash: 'dash', bash: 'bash', ash: 'busybox' };

export interface Outcome {
  /** Both streams, in order. */
  readonly output: string;
  readonly code: number | null;
}

export const isInstalled = (flavour: Flavour): boolean => spawnSync('bash', ['-c', `exec -a sh ${commands[flavour]} -c true`]).status === 0;

/** As `sh -c SOURCE` (or `bash -c`), so that messages carry that name. */
export function runReal(flavour: Flavour, sources: readonly string[]): readonly Outcome[] {
  const home = mkdtempSync(join(tmpdir(), 'shells-'));
  sources.forEach((source, i) => {
    writeFileSync(join(home, `${i}.sh`), bytesOf(source));
  });
  const name = flavour === 'bash' ? 'bash' : 'sh';
  const driver = `cd ${home}; i=0; while [ $i -lt ${sources.length} ]; do
    mkdir $i; ( cd $i; script=$(cat ../$i.sh; echo x); exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/usr bash -c 'exec -a ${name} ${commands[flavour]} -c "$1"' - "\${script%x}" ) > $i.out 2>&1 < /dev/null; echo $? > $i.code; i=$((i+1)); done`;
  spawnSync('bash', ['-c', driver]);
  const outcomes = sources.map((_, i) => ({
    output: textOf(readFileSync(join(home, `${i}.out`))),
    code: Number(readFileSync(join(home, `${i}.code`), 'latin1')),
  }));
  rmSync(home, { recursive: true, force: true });
  return outcomes;
}
