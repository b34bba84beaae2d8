/** What the tests of Kubernetes' test/e2e/common ask of their own image, by the names of those tests. */
import { expect, test } from 'vitest';
import type { Pod } from '../../src/resources/pods/types.js';
import { pods } from './shell/pods.js';

const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

/** A pod of one container that is not started again. */
function ran(container: Readonly<Record<string, unknown>>, spec: Readonly<Record<string, unknown>> = {}) {
  const c = pods();
  c.run('pod', AGNHOST, undefined, { container, restartPolicy: 'Never', terminationGracePeriodSeconds: 1, ...spec });
  c.advance('20s');
  return { c, log: c.logs('pod'), phase: c.get<Pod>('pods', 'pod').status?.phase };
}

test.each([
  ['should use the image defaults if command and args are blank', {}, 'Running', 'Paused\n'],
  [
    "should be able to override the image's default arguments (container cmd)",
    { args: ['entrypoint-tester', 'override', 'arguments'] },
    'Succeeded',
    '[/agnhost entrypoint-tester override arguments]\n',
  ],
  [
    "should be able to override the image's default command (container entrypoint)",
    { command: ['/agnhost-2'], args: ['entrypoint-tester'] },
    'Succeeded',
    '[/agnhost-2 entrypoint-tester]\n',
  ],
  [
    "should be able to override the image's default command and arguments",
    { command: ['/agnhost-2'], args: ['entrypoint-tester', 'override', 'arguments'] },
    'Succeeded',
    '[/agnhost-2 entrypoint-tester override arguments]\n',
  ],
])('Containers %s', (_name, container, phase, log) => {
  const pod = ran(container);
  expect([pod.phase, pod.log]).toEqual([phase, log]);
});

test('Kubelet when scheduling an agnhost Pod with hostAliases should write entries to /etc/hosts', () => {
  const { log, phase } = ran({ args: ['etc-hosts'] }, { hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }] });
  expect(phase).toBe('Succeeded');
  expect(log).toContain('\n# Entries added by HostAliases.\n123.45.67.89\tfoo\tbar\n');
});

test('DNS should support configurable pod DNS nameservers', () => {
  const dns = { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['resolv.conf.local', 'other.local'] } };
  expect(ran({ args: ['dns-server-list'] }, dns).log).toBe('1.1.1.1\n');
  expect(ran({ args: ['dns-suffix'] }, dns).log).toBe('resolv.conf.local,other.local\n');
});

test.each([
  ['root', {}, '-rw-rw-rw-', 0],
  ['non-root', { runAsUser: 1001 }, '-rw-rw-rw-', 1001],
])('EmptyDir volumes should support (%s,0666,tmpfs)', (_name, securityContext, mode, _uid) => {
  const { log, phase } = ran(
    {
      args: ['mounttest', '--fs_type=/test-volume', '--new_file_0666=/test-volume/test-file', '--file_perm=/test-volume/test-file'],
      volumeMounts: [{ name: 'v', mountPath: '/test-volume' }],
    },
    { volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }], securityContext },
  );
  expect([phase, log]).toEqual([
    'Succeeded',
    `mount type of "/test-volume": tmpfs\ncontent of file "/test-volume/test-file": mount-tester new file\n\nperms of file "/test-volume/test-file": ${mode}\n`,
  ]);
});

test('ConfigMap updates should be reflected in volume: a content that is not the expected one is read again', () => {
  const c = pods();
  c.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { 'data-1': 'value-1' } } as never);
  c.run('pod', AGNHOST, undefined, {
    container: {
      args: ['mounttest', '--break_on_expected_content=false', '--retry_time=120', '--file_content_in_loop=/etc/m/data-1'],
      volumeMounts: [{ name: 'v', mountPath: '/etc/m' }],
    },
    restartPolicy: 'Never',
    volumes: [{ name: 'v', configMap: { name: 'm' } }],
  });
  c.advance('10s');
  expect(c.logs('pod')).toContain('content of file "/etc/m/data-1": value-1\n');
  c.request('PATCH', '/api/v1/namespaces/default/configmaps/m', { data: { 'data-1': 'value-2' } }, { 'content-type': 'application/merge-patch+json' });
  c.advance('150s');
  expect(c.logs('pod')).toContain('content of file "/etc/m/data-1": value-2\n');
  expect(c.get<Pod>('pods', 'pod').status?.phase).toBe('Succeeded');
});

test('logs-generator writes its lines evenly', () => {
  const { c, log, phase } = ran({ args: ['logs-generator', '--log-lines-total', '100', '--run-duration', '20s'] });
  expect(phase).toBe('Running');
  expect(log).toMatch(
    /^I0101 00:00:\d\d\.\d{6} {7}1 logs_generator\.go:76\] 0 (GET|POST|PUT) \/api\/v1\/namespaces\/(kube-system|default|ns)\/pods\/\w{3,4} \d{3}\n/,
  );
  c.advance('10s');
  expect(c.logs('pod').trimEnd().split('\n')).toHaveLength(100);
  expect(c.get<Pod>('pods', 'pod').status?.phase).toBe('Succeeded');
});

test('a command that the image has not is an error of cobra', () => {
  const { log, phase } = ran({ args: ['nonsense'] });
  expect([phase, log]).toEqual(['Failed', 'Error: unknown command "nonsense" for "app"\nRun \'app --help\' for usage.\n']);
});

test('Kubelet when scheduling a read only busybox container should not write to root filesystem', () => {
  const c = pods();
  c.run('pod', 'registry.k8s.io/e2e-test-images/busybox:1.36.1-1', ['/bin/sh', '-c', 'echo test > /file; sleep 240'], {
    container: { securityContext: { readOnlyRootFilesystem: true } },
  });
  c.advance('10s');
  expect(c.logs('pod')).toBe("/bin/sh: can't create /file: Read-only file system\n");
});

test.each([
  [true, 'Effective uid: 0\n'],
  [false, 'Effective uid: 1000\n'],
])('Security Context when creating containers with AllowPrivilegeEscalation: %s', (allowPrivilegeEscalation, log) => {
  const c = pods();
  c.run('pod', 'registry.k8s.io/e2e-test-images/nonewprivs:1.3', undefined, {
    container: { securityContext: { allowPrivilegeEscalation, runAsUser: 1000 } },
    restartPolicy: 'Never',
  });
  c.advance('10s');
  expect([c.get<Pod>('pods', 'pod').status?.phase, c.logs('pod')]).toEqual(['Succeeded', log]);
});

test('Container Runtime blackbox test should not be able to pull from private registry without secret', () => {
  const c = pods();
  c.run('pod', 'gcr.io/authenticated-image-pulling/alpine:3.7', ['sleep', '1d']);
  c.advance('10s');
  const { status } = c.get<Pod>('pods', 'pod');
  expect(status?.phase).toBe('Pending');
  expect(status?.containerStatuses?.[0]?.state?.waiting?.reason).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
});
