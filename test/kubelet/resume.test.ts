/** A kubelet remembers nothing but what is saved: cut anywhere, its pods live the same life. */
import { expect, test } from 'vitest';
import { TestNode } from './node.js';

const nginx = { name: 'web', image: 'nginx:1.27' };
const sh = (script: string, more: object = {}) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script], ...more });
const probe = { periodSeconds: 3, failureThreshold: 2 };

function story(cut: number): { state: string; histories: string } {
  const node = new TestNode();
  const names = ['plain', 'crash', 'init', 'image', 'sick', 'hooked', 'side', 'loop'];
  node.run({
    name: 'plain',
    spec: { containers: [{ ...nginx, readinessProbe: { ...probe, httpGet: { port: 80 } }, livenessProbe: { ...probe, tcpSocket: { port: 80 } } }] },
  });
  node.run({ name: 'crash', spec: { containers: [sh('echo start; sleep 1; exit 1')] } });
  node.run({ name: 'init', spec: { initContainers: [sh('sleep 7', { name: 'i' })], containers: [nginx] } });
  node.run({ name: 'image', spec: { containers: [{ name: 'c', image: 'nginx:lates' }] } });
  node.run({
    name: 'sick',
    spec: { terminationGracePeriodSeconds: 4, containers: [sh('sleep 3600', { livenessProbe: { ...probe, exec: { command: ['sleep', '2'] } } })] },
  });
  const lifecycle = { postStart: { exec: { command: ['sleep', '3'] } }, preStop: { exec: { command: ['sleep', '5'] } } };
  node.run({ name: 'hooked', spec: { containers: [{ ...nginx, lifecycle }] } });
  node.run({
    name: 'side',
    spec: { restartPolicy: 'Never', initContainers: [{ ...nginx, name: 's', restartPolicy: 'Always' }], containers: [sh('sleep 20')] },
  });
  node.run({ name: 'loop', spec: { containers: [sh('while true; do echo tick; sleep 2; done')] } });
  for (let second = 0; second < 60; second += cut) {
    node.advance(Math.min(cut, 30 - (second % 30)));
    if (node.elapsed === 30) {
      node.delete('hooked');
      node.delete('loop');
    }
    node.log('crash', 'c');
    if (cut < 60) node.reload();
  }
  return {
    state: node.saved(),
    histories: JSON.stringify(
      names.map((name) => [name, node.history.get(name)]),
      null,
      1,
    ),
  };
}

test('one process, two, and sixty see the same', () => {
  const whole = story(30);
  for (const cut of [1, 3, 5]) {
    const parts = story(cut);
    expect(parts.histories).toBe(whole.histories);
  }
});

test('and save the same bytes', () => {
  expect(story(1).state).toBe(story(1).state);
  const [fine, coarse] = [story(1).state, story(0.5).state];
  expect(fine.length).toBeGreaterThan(10_000);
  expect(coarse).toBe(fine);
});
