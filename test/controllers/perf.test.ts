import { test } from 'vitest';
import { cluster } from '../harness/cluster.js';
test('10k', () => {
  const c = cluster({ nodes: 100 } as never);
  const n = Number(process.env.N ?? 2000);
  const t0 = performance.now();
  c.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: n, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.26' }] } } } } as never);
  console.log('created', performance.now() - t0);
  for (let i = 0; i < 12; i++) {
    c.advance('5s');
    const s = (c.get('deployments.apps', 'web') as any).status;
    console.log(i, Math.round(performance.now() - t0), s.replicas, s.readyReplicas);
    if (s.readyReplicas === n) break;
  }
}, 200000);
