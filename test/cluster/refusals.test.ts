/** What the API server refuses a component: it tries again later, and our own mistakes among them end a test. */
import { expect, test } from 'vitest';
import { cluster } from '../harness/cluster.js';

test('an object that is not well-formed ends a test, with the name of who made it', () => {
  const labels = { app: 'web' };
  // A hash more, and it is longer than the name of a ControllerRevision may be.
  const name = 'a'.repeat(250);
  const create = () =>
    cluster().create({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
    } as never);
  expect(create).toThrow(new RegExp(`^daemonset-controller was refused default/${name}: ControllerRevision.apps "${name}-\\w+" is invalid: metadata.name: `));
});
