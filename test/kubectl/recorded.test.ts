/**
 * Command lines and what kubectl v1.33.1 said of them, recorded from the real one talking to podsim's own API server on a cluster
 * like the one here (seed 1, one node, a paused clock, a pod `web`). Each file of recorded/ is a session: its lines follow each other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { terminal } from '../harness/terminal.js';

interface Recorded {
  readonly argv: readonly string[];
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

const root = join(dirname(fileURLToPath(import.meta.url)), 'recorded');
const sessions = readdirSync(root).filter((name) => name.endsWith('.json'));

describe.each(sessions)('%s', (name) => {
  const cases = JSON.parse(readFileSync(join(root, name), 'utf8')) as readonly Recorded[];
  test(`${cases.length} command lines`, async () => {
    const shell = terminal();
    await writeFiles(shell.cwd);
    const config = join(shell.cwd, '.podsim/config');
    const clean = (text: string) =>
      text
        .replace(/^[EWI]\d{4} .*\n/gm, '')
        .replaceAll(config, 'CONFIG')
        .replaceAll(`${shell.cwd}/`, 'DIR/');
    await shell.run(['create', '-f', 'pod.yaml']);
    const wrong: Recorded[] = [];
    const right: Recorded[] = [];
    for (const { argv, out, err, code } of cases) {
      const ran = await shell.run(argv);
      const ours = { argv, out: clean(ran.out), err: clean(ran.err), code: ran.code };
      if (ours.out === out && ours.err === err && ours.code === code) continue;
      wrong.push(ours);
      right.push({ argv, out, err, code });
    }
    shell.close();
    expect(wrong).toEqual(right);
  });
});

/** What the recorded lines read: manifests, good and bad, by name. */
async function writeFiles(directory: string): Promise<void> {
  const files = JSON.parse(readFileSync(join(root, '../recorded-files/files.json'), 'utf8')) as Readonly<Record<string, string | { readonly base64: string }>>;
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'));
  }
}
