/** podsim's own commands about a pod of a cluster they have no state file of: any API server that a kubeconfig names. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin } from '../twin/podsim.js';
import { ServedCluster } from './served.js';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };

let cluster: ServedCluster;
let home: string;
beforeAll(async () => {
  cluster = new ServedCluster('--clock', 'paused');
  writeFileSync(join(cluster.directory, 'pod.json'), JSON.stringify(POD));
  cluster.podsim('apply', '-f', join(cluster.directory, 'pod.json'));
  cluster.podsim('clock', 'advance', '30s');
  await cluster.start();
  // Another machine's kubeconfig, which names its files by where it lies itself.
  home = join(cluster.directory, 'elsewhere');
  mkdirSync(home);
  const kubeconfig = readFileSync(cluster.kubeconfig, 'utf8');
  const asFile = (name: string) => (_: string, data: string) => {
    writeFileSync(join(home, `${name}.pem`), Buffer.from(data, 'base64'));
    return `${name}: ${name}.pem`;
  };
  const named = ['certificate-authority', 'client-certificate', 'client-key'].reduce(
    (text, name) => text.replace(new RegExp(`${name}-data: (\\S+)`), asFile(name)),
    kubeconfig,
  );
  writeFileSync(join(home, 'config'), named);
});
afterAll(() => cluster.close());

const podsim = (...args: readonly string[]) =>
  spawnSync(process.execPath, [bin, ...args], { cwd: '/', env: { HOME: home, PATH: '/usr/bin:/bin', PODSIM_HOME: home }, encoding: 'utf8' });

test.each(['timeline', 'trace', 'why'])('podsim %s asks the server with the certificates that the kubeconfig names', (command) => {
  const { stdout, stderr, status } = podsim(command, 'web');
  expect(stderr).toBe('');
  expect(stdout).toContain('web');
  expect(status).toBe(0);
});

test('what the server refuses is said as kubectl says it', () => {
  const { stderr, status } = podsim('timeline', 'web', '-n', 'a/b');
  expect(stderr).toBe('error: invalid namespace "a/b": [may not contain \'/\']\n');
  expect(status).toBe(1);
});

test('a pod that the server has not', () => {
  expect(podsim('trace', 'none').stderr).toBe('error: pods "none" not found in namespace "default", nor Events about one\n');
});
