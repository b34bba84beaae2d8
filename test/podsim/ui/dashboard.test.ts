/** The cluster's side of `podsim ui`. */
import { expect, test } from 'vitest';
import { openCluster } from '../../../src/cluster/open.js';
import type { Turn } from '../../../src/cluster/turn.js';
import type { PodsimContext } from '../../../src/podsim/context.js';
import { openDashboard } from '../../../src/podsim/dashboard/dashboard.js';
import { MemoryBackend } from '../../../src/store/backend/memory.js';

const machine = () => Date.UTC(2026, 0, 1);
const PODS = { method: 'POST', path: '/api/v1/namespaces/default/pods', headers: { 'content-type': 'application/json' } } as const;
const add = (turn: Turn, name: string) => {
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name, image: 'nginx:1.27' }] } };
  return turn.transport({ ...PODS, body: new TextEncoder().encode(JSON.stringify(body)) });
};

test('what somebody saves between the list and its details is no less new', async () => {
  const backend = new MemoryBackend();
  const turn = openCluster({ backend, create: {}, machine });
  const other = openCluster({ backend, machine });
  const context = { open: async () => turn, file: async () => '', backend: () => backend, state: 'cluster.json', machine } as unknown as PodsimContext;
  const dashboard = await openDashboard(context, 'default');
  await dashboard.setRate(0);
  await add(other, 'web');
  expect((await dashboard.look('default')).rows.map(({ name }) => name)).toEqual(['web']);
  await add(other, 'another');
  await dashboard.namespaces();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), 5000);
  await dashboard.change(late.signal);
  clearTimeout(timer);
  expect(late.signal.aborted).toBe(false);
  expect((await dashboard.look('default')).rows.map(({ name }) => name)).toEqual(['another', 'web']);
  // Nothing has changed since
  const soon = AbortSignal.timeout(300);
  await dashboard.change(soon);
  expect(soon.aborted).toBe(true);
});
