/** Debian's python3-kubernetes against `podsim serve`; skipped where it is not installed. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../twin/podsim.js';
import { ServedCluster } from './served.js';

/** Debian's interpreter sees Debian's packages; another may be first on PATH. */
const python = ['/usr/bin/python3', 'python3'].find((one) => spawnSync(one, ['-c', 'import kubernetes']).status === 0);

describe.skipIf(python === undefined)(`python${python === undefined ? ' (skipped: no Python has the module kubernetes)' : ''}`, () => {
  let cluster: ServedCluster;
  beforeAll(async () => {
    cluster = await new ServedCluster('--nodes', '2', '--clock', '20x').start();
  });
  afterAll(() => cluster?.close());

  test('list, create, patch, watch, exec, logs, port-forward', async () => {
    const child = spawn(python as string, [join(root, 'test/clients/story.py')], { env: cluster.env, timeout: 60_000 });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        text += data.toString('utf8');
      });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(text).toBe('list\ncreate\npatch\nwatch\nlogs\nexec\nport-forward\ndelete\n');
    expect(code).toBe(0);
  });
});
