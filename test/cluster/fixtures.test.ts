/** Images that are held under several names have one file. */
import { expect, test } from 'vitest';
import { createFixtures } from '../../src/cluster/fixtures.js';

test.each([
  ['k8s.gcr.io/pause', 'registry.k8s.io/pause'],
  ['gcr.io/google_containers/pause', 'registry.k8s.io/pause'],
  ['gcr.io/kubernetes-e2e-test-images/dnsutils', 'registry.k8s.io/e2e-test-images/jessie-dnsutils'],
  ['gcr.io/kubernetes-e2e-test-images/agnhost', 'registry.k8s.io/e2e-test-images/agnhost'],
  ['mirror.gcr.io/library/nginx', 'nginx'],
  ['public.ecr.aws/docker/library/redis', 'redis'],
  ['gcr.io/distroless/static-debian12', 'gcr.io/distroless/static'],
  ['gcr.io/distroless/nodejs22-debian12', 'gcr.io/distroless/nodejs20-debian12'],
  ['containous/whoami', 'traefik/whoami'],
])('%s is %s', (name, held) => {
  const { image } = createFixtures();
  expect(image(name)).toMatchObject({ repository: held });
});

test.each(['k8s.gcr.io/nosuch', 'public.ecr.aws/library/nginx', 'gcr.io/distroless/java17-debian12', '../cluster/rbac'])('%s is nothing known', (name) => {
  expect(createFixtures().image(name)).toBeUndefined();
});
