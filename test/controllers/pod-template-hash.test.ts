/** Hashes that a real v1.33 controller manager gave (golden recordings of the controllers). */
import { expect, test } from 'vitest';
import { podTemplateHash } from '../../src/controllers/pod-template-hash.js';

const template = (labels: Record<string, string>, name: string, image: string, imagePullPolicy: string, resources = {}) => ({
  metadata: { creationTimestamp: null, labels },
  spec: {
    containers: [{ name, image, imagePullPolicy, resources, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  },
});

test.each([
  ['569696d9f6', template({ app: 'web' }, 'nginx', 'nginx:1.26', 'IfNotPresent')],
  ['796cf5c97c', template({ app: 'web' }, 'nginx', 'nginx:1.27', 'IfNotPresent')],
  ['6774d4bdfd', template({ app: 'web' }, 'nginx', 'nginx:1.28', 'IfNotPresent')],
  ['6df9fbc957', template({ a: 'b' }, 'c', 'nginx:1.26', 'IfNotPresent')],
  ['6dbc486b76', template({ a: 'b' }, 'c', 'nginx:1.27', 'IfNotPresent')],
  ['6c9f67b4cd', template({ app: 'd-background' }, 'nginx', 'nginx', 'Always')],
  ['67f789984f', template({ app: 'd-foreground' }, 'nginx', 'nginx', 'Always')],
  ['7d99b956d', template({ app: 'd-orphan' }, 'nginx', 'nginx', 'Always')],
  ['574d46cdf6', template({ app: 'w' }, 'nginx', 'nginx', 'Always')],
  // Of some quantities Go keeps the text.
  ['9c86b7b9f', template({ a: 'h0' }, 'c', 'nginx', 'Always', { requests: { memory: '64Mi' } })],
  ['557b5fbf7d', template({ a: 'h1' }, 'c', 'nginx', 'Always', { requests: { cpu: '100m', memory: '100Mi' } })],
  ['5c75687867', template({ a: 'h4' }, 'c', 'nginx', 'Always', { requests: { cpu: '500m', memory: '0' } })],
  ['85c84595f', template({ a: 'h6' }, 'c', 'nginx', 'Always', { requests: { cpu: '1k', memory: '1536Mi' } })],
])('hashes to %s', (hash, given) => {
  expect(podTemplateHash(given)).toBe(hash);
});

test('a collision count changes the hash', () => {
  const given = template({ app: 'web' }, 'nginx', 'nginx:1.26', 'IfNotPresent');
  expect(podTemplateHash(given, 1)).not.toBe(podTemplateHash(given));
});
