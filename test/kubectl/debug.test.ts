import { describe, expect, test } from 'vitest';
import type { Pod } from '../../src/resources/pods/types.js';
import { session, type Terminal, terminal } from '../harness/terminal.js';

const WEB = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}, annotations: {note: v}}
spec:
  initContainers:
  - {name: i, image: busybox, command: ['true']}
  containers:
  - {name: c, image: nginx, readinessProbe: {tcpSocket: {port: 80}}}
  - {name: d, image: busybox, command: [sleep, infinity]}
`;

async function running(): Promise<Terminal> {
  const shell = terminal({ files: { 'web.yaml': WEB } });
  await shell.run('kubectl apply -f web.yaml');
  await shell.run('kubectl wait --for=condition=Ready pod/web --timeout=60s');
  return shell;
}
const podOf = async (shell: Terminal, name: string): Promise<Pod> => JSON.parse((await shell.run(`kubectl get pod ${name} -o json`)).out) as Pod;

test('an ephemeral container', async () => {
  const shell = await running();
  await session(
    `
    $ kubectl debug web --image=busybox --profile=general --target=c --env=A=b -c dbg -- sleep 1000
    Targeting container "c". If you don't see processes from this container it may be because the container runtime doesn't support this feature.
    $ kubectl debug web --image=busybox --profile=general
    Defaulting debug container name to debugger-….
    $ kubectl debug web --image=busybox -c old -q
    --profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".
    $ advance 10s
    $ kubectl exec web -c dbg -- sh -c 'echo $A'
    b
    `,
    {},
    shell,
  );
  const pod = await podOf(shell, 'web');
  expect(pod.spec.ephemeralContainers).toHaveLength(3);
  expect(pod.spec.ephemeralContainers?.[0]).toMatchObject({
    name: 'dbg',
    image: 'busybox',
    command: ['sleep', '1000'],
    env: [{ name: 'A', value: 'b' }],
    targetContainerName: 'c',
    securityContext: { capabilities: { add: ['SYS_PTRACE'] } },
  });
  expect(pod.metadata.labels).toEqual({ app: 'web' });
  shell.close();
});

test('a session in one', async () => {
  const shell = await running();
  await shell.run('kubectl debug web --image=busybox --profile=general -c dbg -- sleep 1000');
  const { out, err, code } = await shell.run('kubectl debug web -i --image=busybox --profile=general -c sh -- sh', 'echo hello\nexit\n');
  expect({ out, err, code }).toEqual({ out: 'hello\n', err: "If you don't see a command prompt, try pressing enter.\n", code: 0 });
  shell.close();
});

test('one that has ended shows its log', async () => {
  const shell = await running();
  const { out, code } = await shell.run('kubectl debug web --attach --image=busybox --profile=general -c e -- echo hi');
  expect({ out, code }).toEqual({ out: 'hi\n', code: 0 });
  shell.close();
});

/** As kubectl 1.33.1 sends them (recorded with a server that notes what it gets). */
describe('copies', () => {
  const cases: readonly { readonly flags: string; readonly out: string; readonly has: object; readonly lacks: readonly string[] }[] = [
    {
      flags: '--image=busybox -q',
      out: '',
      has: {
        metadata: { annotations: { note: 'v' } },
        spec: {
          initContainers: [{ name: 'i' }],
          containers: [{ name: 'c', readinessProbe: { tcpSocket: { port: 80 } } }, { name: 'd' }, { image: 'busybox', terminationMessagePolicy: 'File' }],
        },
      },
      lacks: ['metadata.labels', 'spec.shareProcessNamespace', 'spec.containers.2.securityContext'],
    },
    {
      flags: '--image=busybox --profile=general --same-node',
      out: 'Defaulting debug container name to debugger-',
      has: {
        spec: { shareProcessNamespace: true, containers: [{ name: 'c' }, { name: 'd' }, { securityContext: { capabilities: { add: ['SYS_PTRACE'] } } }] },
      },
      lacks: ['metadata.labels', 'metadata.annotations', 'spec.containers.0.readinessProbe'],
    },
    {
      flags: '--profile=general --set-image=*=busybox --share-processes=false',
      out: '',
      has: {
        metadata: { labels: { app: 'web' }, annotations: { note: 'v' } },
        spec: {
          shareProcessNamespace: false,
          containers: [
            { image: 'busybox', readinessProbe: { tcpSocket: { port: 80 } } },
            { name: 'd', image: 'busybox' },
          ],
        },
      },
      lacks: [],
    },
    {
      flags: '--profile=general -c d -- sh',
      out: '',
      has: {
        spec: { containers: [{ name: 'c' }, { name: 'd', image: 'busybox', command: ['sh'], securityContext: { capabilities: { add: ['SYS_PTRACE'] } } }] },
      },
      lacks: ['spec.containers.0.securityContext', 'metadata.labels'],
    },
    {
      flags: '--profile=sysadmin --image=nginx -c dbg --keep-labels --keep-readiness --keep-init-containers=false',
      out: '',
      has: {
        metadata: { labels: { app: 'web' } },
        spec: {
          shareProcessNamespace: true,
          containers: [{ readinessProbe: { tcpSocket: { port: 80 } } }, { name: 'd' }, { name: 'dbg', securityContext: { privileged: true } }],
        },
      },
      lacks: ['metadata.annotations', 'spec.initContainers'],
    },
  ];
  test.each(cases)('$flags', async ({ flags, out, has, lacks }) => {
    const shell = await running();
    const ran = await shell.run(`kubectl debug web --copy-to=copy ${flags}`);
    expect(ran.code).toBe(0);
    expect(ran.out.slice(0, out.length || undefined)).toBe(out);
    const pod = await podOf(shell, 'copy');
    const trimmed = { ...pod, spec: { ...pod.spec, containers: pod.spec.containers } };
    expect(trimmed).toMatchObject(has);
    for (const path of lacks) {
      const found = path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], pod);
      expect([path, found]).toEqual([path, undefined]);
    }
    shell.close();
  });

  test('in place of the pod', async () => {
    const shell = await running();
    await session(
      `
      $ kubectl debug web --copy-to=copy --replace --profile=general --image=busybox -c x -- sleep 100
      $ kubectl get pod web
      Error from server (NotFound): pods "web" not found
      [1]
      $ kubectl debug copy --copy-to=again -c zz --profile=general -- sh
      error: you must specify image when creating new container
      [1]
      `,
      {},
      shell,
    );
    shell.close();
  });
});

test('a node', async () => {
  const shell = terminal();
  const node = (await shell.run('kubectl get nodes -o name')).out.split('\n')[0]?.slice('node/'.length) as string;
  for (const [profile, sees] of [
    ['general', true],
    ['sysadmin', true],
    ['restricted', false],
  ] as const) {
    const { out, code } = await shell.run(`kubectl debug node/${node} --image=busybox --profile=${profile}`);
    expect(code).toBe(0);
    const name = /^Creating debugging pod (\S+) with container debugger on node (\S+)\.\n$/.exec(out)?.[1] as string;
    expect(name).toMatch(new RegExp(`^node-debugger-${node}-[a-z0-9]{5}$`));
    const { spec, metadata } = await podOf(shell, name);
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'kubectl-debug' });
    expect(spec).toMatchObject({ nodeName: node, restartPolicy: 'Never' });
    expect(spec.hostPID === true).toBe(sees);
    expect(spec.containers[0]?.volumeMounts?.some(({ mountPath }) => mountPath === '/host')).toBe(sees);
    await shell.turn.sleep(1000);
  }
  shell.close();
});

test('what cannot be debugged', () =>
  session(`
    $ kubectl create configmap x
    configmap/x created
    $ kubectl debug cm/x --image=busybox --profile=baseline
    error: "/v1, Kind=ConfigMap" not supported by debug
    [1]
  `));

test('--custom', async () => {
  const shell = await running();
  shell.write('custom.yaml', 'env: [{name: X, value: "1"}]\nsecurityContext: {runAsUser: 0}\n');
  shell.write('bad.json', '{"image": "x"}');
  await session(
    `
    $ kubectl debug web --image=busybox -c dbg --profile=general --custom=custom.yaml
    $ kubectl debug web --image=busybox -c dbg --profile=general --custom=bad.json
    error: name, command, image, lifecycle and volume devices are not modifiable via custom profile
    [1]
    `,
    {},
    shell,
  );
  expect((await podOf(shell, 'web')).spec.ephemeralContainers?.[0]).toMatchObject({
    env: [{ name: 'X', value: '1' }],
    securityContext: { runAsUser: 0, capabilities: { add: ['SYS_PTRACE'] } },
  });
  shell.close();
});
