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

test.each([
  ['postStart', 'poststart', 'HTTP'],
  ['preStop', 'prestop', 'HTTP'],
  ['preStop', 'prestop', 'HTTPS'],
])('Container Lifecycle Hook should execute %s (%s) %s hook properly', (hook, message, scheme) => {
  const c = pods();
  c.run('handler', AGNHOST, undefined, {
    container: { args: ['netexec', '--http-port', '9090', ...(scheme === 'HTTPS' ? ['--tls-cert-file', '/localhost.crt'] : [])] },
  });
  c.advance('10s');
  const host = c.get<Pod>('pods', 'handler').status?.podIP;
  c.run('pod', 'registry.k8s.io/pause:3.10', undefined, {
    container: { lifecycle: { [hook]: { httpGet: { path: `/echo?msg=${message}`, host, port: 9090, scheme } } } },
  });
  c.advance('10s');
  c.request('DELETE', '/api/v1/namespaces/default/pods/pod');
  c.advance('10s');
  expect(c.has('pods', 'pod')).toBe(false);
  expect(c.logs('handler')).toMatch(new RegExp(`GET /echo\\?msg=${message}&code=\\n`));
});

test.each([
  ['restarted with a local redirect', '/healthz', 1],
  ['*not* restarted with a non-local redirect', 'http://0.0.0.0/', 0],
])('Probing container should be %s http liveness probe', (_name, location, restarts) => {
  const c = pods();
  c.run('pod', AGNHOST, undefined, {
    container: {
      args: ['liveness'],
      livenessProbe: { httpGet: { path: `/redirect?loc=${encodeURIComponent(location)}`, port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 },
    },
  });
  c.advance('45s');
  const { status } = c.get<Pod>('pods', 'pod');
  expect(Math.min(1, status?.containerStatuses?.[0]?.restartCount ?? 0)).toBe(restarts);
  const warned = c.list<{ reason: string; message: string } & Pod>('events').filter(({ reason }) => reason === 'ProbeWarning');
  expect(warned.map(({ message }) => message).slice(0, 1)).toEqual(
    restarts === 1 ? [] : ['Liveness probe warning: Probe terminated redirects, Response body: <a href="http://0.0.0.0/">Found</a>.\n\n'],
  );
});

test('EmptyDir volumes when FSGroup is specified nonexistent volume subPath should have the correct mode and owner using FSGroup', () => {
  const { log } = ran(
    {
      args: ['mounttest', '--file_perm=/test-volume', '--file_owner=/test-volume', '--file_mode=/test-volume'],
      volumeMounts: [{ name: 'v', mountPath: '/test-volume', subPath: 'test-sub' }],
    },
    { volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }], securityContext: { fsGroup: 123 } },
  );
  expect(log).toContain('mode of file "/test-volume": dgtrwxrwxrwx\nperms of file "/test-volume": -rwxrwxrwx\n');
  expect(log).toContain('owner UID of "/test-volume": 0\nowner GID of "/test-volume": 123\n');
});

test('Container Runtime should report termination message if TerminationMessagePath is set as non-root user and at a non-default path', () => {
  const c = pods();
  c.run('pod', 'registry.k8s.io/e2e-test-images/busybox:1.36.1-1', ['/bin/sh', '-c', '/bin/echo -n DONE > /dev/termination-custom-log'], {
    container: { terminationMessagePath: '/dev/termination-custom-log', securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true } },
    restartPolicy: 'Never',
  });
  c.advance('10s');
  const { status } = c.get<Pod>('pods', 'pod');
  expect(status?.phase).toBe('Succeeded');
  expect(status?.containerStatuses?.[0]?.state?.terminated?.message).toBe('DONE');
});

test('KubeletManagedEtcHosts should test kubelet managed /etc/hosts file', () => {
  const c = pods();
  const mounts = (...paths: string[]) => ({ volumeMounts: paths.map((mountPath) => ({ name: 'h', mountPath })) });
  const volumes = [{ name: 'h', hostPath: { path: '/etc/hosts', type: 'FileOrCreate' } }];
  c.run('managed', AGNHOST, undefined, { container: mounts('/etc/hosts-original'), volumes });
  c.run('mounted', AGNHOST, undefined, { container: mounts('/etc/hosts-original', '/etc/hosts'), volumes });
  c.run('host', AGNHOST, undefined, { container: mounts('/etc/hosts-original'), volumes, hostNetwork: true });
  c.advance('10s');
  const hosts = (pod: string, path = '/etc/hosts') => c.exec(pod, ['cat', path]);
  const own = hosts('host', '/etc/hosts-original');
  expect(own).toMatch(/^127\.0\.0\.1\tlocalhost\n[\s\S]*172\.18\.0\.2\tpodsim-control-plane\n$/);
  expect(hosts('managed')).toMatch(/^# Kubernetes-managed hosts file\.\n/);
  expect(hosts('mounted')).toBe(own);
  expect(hosts('host')).toBe(`# Kubernetes-managed hosts file (host network).\n${own}`);
});
