/** Records what the real kubectl prints for templates: `node test/text/cases/record.mjs KUBECTL`; rewrites the `out` and `error` of each case. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const home = mkdtempSync(join(tmpdir(), 'record-'));
for (const name of ['jsonpath', 'go-template']) {
  const file = join(here, `${name}.json`);
  const cases = JSON.parse(readFileSync(file, 'utf8'));
  for (const one of cases) {
    const format = one.json ? 'jsonpath-as-json' : name;
    const flags = ['annotate', '--local', '--overwrite', '-f', join(here, 'object.json'), 'k-', `-o=${format}=${one.template}`];
    if (one.strict) flags.push('--allow-missing-template-keys=false');
    const { status, stdout, stderr } = spawnSync(process.argv[2], flags, { encoding: 'utf8', env: { HOME: home } });
    delete one.out;
    delete one.error;
    if (stdout !== '' || status === 0) one.out = stdout;
    if (status !== 0) one.error = stderr;
  }
  writeFileSync(file, `[\n${cases.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
}
