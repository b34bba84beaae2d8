/** For each rule of `podsim why` the commands that bring a cluster to where it holds. */

type Json = Readonly<Record<string, unknown>>;
/** A command line, a time to pass (`20s`), or objects to apply. */
export type Step = string | Json | readonly Json[];

export interface Scene {
  /** The rule that is to hold. */
  readonly rule: string;
  /** What is asked about: `web`, `deploy/web -n shop`. */
  readonly ask: string;
  readonly steps: readonly Step[];
  /** Nodes of the cluster; 1. */
  readonly nodes?: number;
  /** `calico` enforces NetworkPolicies; `flannel` if not given. */
  readonly cni?: 'flannel' | 'calico';
  /** Part of the text, in English. */
  readonly says?: string;
}

export const pod = (name: string, spec: Json, metadata: Json = {}): Json => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec });
const busybox = (command: string, more: Json = {}): Json => ({ name: 'app', image: 'busybox', command: ['sh', '-c', command], ...more });
/** A pod of one container that runs a shell line. */
const shellPod = (command: string, more: Json = {}, spec: Json = {}): Json => pod('web', { containers: [busybox(command, more)], ...spec });
const nginx = (more: Json = {}): Json => ({ name: 'app', image: 'nginx:1.27', ...more });
const nginxPod = (more: Json = {}, spec: Json = {}): Json => pod('web', { containers: [nginx(more)], ...spec });
const configMap = (name: string, data: Json): Json => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const secret = (name: string, stringData: Json): Json => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });

const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1' } },
  status: {
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
    nodeInfo: { architecture: 'arm64' },
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
  },
};

/** A dump of another cluster: a pod on node n1 with this status, and Events of it. Kept as it is. */
function dump(status: Json, events: readonly Json[] = [], spec: Json = {}, more: readonly Json[] = []): readonly Json[] {
  return [
    NODE,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default', uid: 'u1', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'acme/app:1' }], ...spec },
      status: { startTime: '2026-01-01T00:00:00Z', ...status },
    },
    ...events.map((event, i) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `web.${i}`, namespace: 'default' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'default', uid: 'u1' },
      firstTimestamp: '2026-01-01T00:00:05Z',
      lastTimestamp: '2026-01-01T00:00:05Z',
      count: 1,
      ...event,
    })),
    ...more,
  ];
}
const load = (objects: readonly Json[]): Step => `FROZEN ${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })}`;
const container = (state: Json, more: Json = {}): Json => ({ name: 'app', image: 'acme/app:1', imageID: '', ready: false, restartCount: 0, state, ...more });
const waiting = (reason: string, message: string): Json => ({ phase: 'Pending', containerStatuses: [container({ waiting: { reason, message } })] });
const pullFails = (text: string): Step =>
  load(dump(waiting('ErrImagePull', text), [{ type: 'Warning', reason: 'Failed', message: `Failed to pull image "acme/app:1": ${text}` }]));
const rejected = (reason: string, message: string): Step => load(dump({ phase: 'Failed', reason, message }));
const terminated = (exitCode: number, reason = 'Error'): Json => ({
  terminated: { exitCode, reason, startedAt: '2026-01-01T00:00:01Z', finishedAt: '2026-01-01T00:00:09Z' },
});
const crashed = (exitCode: number, reason = 'Error', events: readonly Json[] = [], spec: Json = {}): Step =>
  load(
    dump(
      {
        phase: 'Running',
        containerStatuses: [
          container(
            { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' } },
            { restartCount: 3, lastState: terminated(exitCode, reason) },
          ),
        ],
      },
      events,
      spec,
    ),
  );
const unschedulable = (message: string, spec: Json = {}, more: readonly Json[] = []): Step =>
  load(
    dump(
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] },
      [],
      { nodeName: undefined, ...spec },
      more,
    ),
  );

const PROBE_FAILURES: readonly (readonly [string, string, Json])[] = [
  ['connection-refused', 'Get "http://10.244.0.5:81/": dial tcp 10.244.0.5:81: connect: connection refused', { httpGet: { path: '/', port: 81 } }],
  ['http-status', 'HTTP probe failed with statuscode: 404', { httpGet: { path: '/nope', port: 80 } }],
  ['timeout', 'Get "http://10.244.0.5:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)', { httpGet: { path: '/', port: 80 } }],
  ['command-failed', "cat: can't open '/tmp/x': No such file or directory", { exec: { command: ['cat', '/tmp/x'] } }],
  ['failed', 'service unhealthy (responded with "NOT_SERVING")', { grpc: { port: 9090 } }],
];

/** Each probe with each way to fail: dumps, for the probes of a cluster that runs are slow, and some are played out below. */
const probeScenes: readonly Scene[] = (['liveness', 'startup', 'readiness'] as const).flatMap((which) =>
  PROBE_FAILURES.map(([kind, message, probe]): Scene => {
    const word = `${which[0]?.toUpperCase()}${which.slice(1)}`;
    const spec = { containers: [{ name: 'app', image: 'acme/app:1', [`${which}Probe`]: probe }] };
    const unhealthy = { type: 'Warning', reason: 'Unhealthy', message: `${word} probe failed: ${message}` };
    const killing = { type: 'Normal', reason: 'Killing', message: `Container app failed ${which} probe, will be restarted` };
    const running = load(
      dump(
        {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [app]' }],
          containerStatuses: [container({ running: { startedAt: '2026-01-01T00:00:01Z' } }, { started: true })],
        },
        [unhealthy],
        spec,
      ),
    );
    return { rule: `${which}-probe-${kind}`, ask: 'web', steps: [which === 'readiness' ? running : crashed(137, 'Error', [unhealthy, killing], spec)] };
  }),
);

const deployment = (name: string, spec: Json, more: Json = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec }, ...more },
});
const job = (name: string, command: string, more: Json = {}): Json => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [busybox(command)] } }, ...more },
});
const cronJob = (name: string, command: string, more: Json = {}): Json => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: {
    schedule: '* * * * *',
    jobTemplate: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [busybox(command)] } } } },
    ...more,
  },
});
const claim = (name: string, spec: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (name: string, spec: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' }, ...spec },
});
const storageClass = (name: string, more: Json = {}): Json => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'kubernetes.io/no-provisioner',
  ...more,
});
const withVolume = (source: Json, more: Json = {}): Json =>
  nginxPod({ volumeMounts: [{ name: 'v', mountPath: '/v' }], ...more }, { volumes: [{ name: 'v', ...source }] });
const withClaim = (name: string): Json => withVolume({ persistentVolumeClaim: { claimName: name } });
const affinityTo = (which: string): Json => ({
  affinity: {
    [which]: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'kubernetes.io/hostname' }] },
  },
});
const quota = (hard: Json): Json => ({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small' }, spec: { hard } });

const images: readonly Scene[] = [
  { rule: 'image-tag-not-found', ask: 'web', says: 'Did you mean nginx:latest?', steps: ['run web --image=nginx:lates', '20s'] },
  { rule: 'image-name-misspelt', ask: 'web', says: 'Did you mean nginx?', steps: ['run web --image=ngnix', '20s'] },
  { rule: 'image-digest-not-found', ask: 'web', steps: [`run web --image=nginx@sha256:${'deadbeef'.repeat(8)}`, '20s'] },
  { rule: 'image-repository-denied', ask: 'web', steps: ['run web --image=acme/nonexistent', '5s'] },
  { rule: 'image-credentials-missing', ask: 'web', steps: ['run web --image=123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1', '5s'] },
  {
    rule: 'image-pull-secret-missing',
    ask: 'web',
    says: 'regcred',
    steps: [pod('web', { imagePullSecrets: [{ name: 'regcred' }], containers: [{ name: 'app', image: 'registry.gitlab.com/acme/app:1' }] }), '5s'],
  },
  {
    rule: 'image-credentials-rejected',
    ask: 'web',
    steps: [
      'image fail acme/app --reason auth',
      'create secret docker-registry regcred --docker-username=a --docker-password=b',
      pod('web', { imagePullSecrets: [{ name: 'regcred' }], containers: [{ name: 'app', image: 'acme/app' }] }),
      '5s',
    ],
  },
  { rule: 'image-registry-unresolvable', ask: 'web', steps: ['run web --image=registry.example/app:1', '20s'] },
  { rule: 'image-registry-timeout', ask: 'web', steps: ['fault registry-down', 'run web --image=nginx', '40s'] },
  { rule: 'image-registry-refused', ask: 'web', steps: ['run web --image=localhost:5000/app', '20s'] },
  { rule: 'image-rate-limited', ask: 'web', steps: [pullFails('failed to pull and unpack image: toomanyrequests: You have reached your pull rate limit')] },
  { rule: 'image-registry-certificate', ask: 'web', steps: [pullFails('tls: failed to verify certificate: x509: certificate signed by unknown authority')] },
  { rule: 'image-platform-missing', ask: 'web', says: 'arm64', steps: [pullFails('no match for platform in manifest: not found here')] },
  { rule: 'image-pull-failed', ask: 'web', steps: [pullFails('failed to extract layer: no space left on device')] },
  { rule: 'image-never-pulled', ask: 'web', steps: ['run web --image=nginx --image-pull-policy=Never', '5s'] },
  { rule: 'image-name-upper-case', ask: 'web', says: 'Write nginx', steps: [pod('web', { containers: [{ name: 'app', image: 'Nginx' }] }), '5s'] },
  { rule: 'image-name-invalid', ask: 'web', steps: [pod('web', { containers: [{ name: 'app', image: 'https://nginx' }] }), '5s'] },
  { rule: 'image-being-pulled', ask: 'web', steps: ['image add slow/app --pull-time 60s', 'run web --image=slow/app', '10s'] },
];

const env = (valueFrom: Json): Json => ({ env: [{ name: 'URL', valueFrom }] });
const starts: readonly Scene[] = [
  {
    rule: 'config-map-missing',
    ask: 'web',
    says: 'did you mean app-config',
    steps: [configMap('app-config', { url: 'x' }), nginxPod(env({ configMapKeyRef: { name: 'app-confg', key: 'url' } })), '10s'],
  },
  {
    rule: 'config-map-key-missing',
    ask: 'web',
    says: 'Its keys: url',
    steps: [configMap('conf', { url: 'x' }), nginxPod(env({ configMapKeyRef: { name: 'conf', key: 'ulr' } })), '10s'],
  },
  { rule: 'secret-missing', ask: 'web', steps: [nginxPod({ envFrom: [{ secretRef: { name: 'db' } }] }), '10s'] },
  { rule: 'secret-key-missing', ask: 'web', steps: [secret('db', { password: 'x' }), nginxPod(env({ secretKeyRef: { name: 'db', key: 'pasword' } })), '10s'] },
  { rule: 'root-image-must-not-be-root', ask: 'web', steps: [nginxPod({ securityContext: { runAsNonRoot: true } }), '10s'] },
  {
    rule: 'run-as-user-root',
    ask: 'web',
    steps: [load(dump(waiting('CreateContainerConfigError', `container's runAsUser breaks non-root policy (pod: "web_default(u1)", container: app)`)))],
  },
  {
    rule: 'image-user-not-numeric',
    ask: 'web',
    says: '(node)',
    steps: [
      load(
        dump(
          waiting(
            'CreateContainerConfigError',
            'container has runAsNonRoot and image has non-numeric user (node), cannot verify user is non-root (pod: "web_default(u1)", container: app)',
          ),
        ),
      ),
    ],
  },
  {
    rule: 'container-config-error',
    ask: 'web',
    steps: [load(dump(waiting('CreateContainerConfigError', 'failed to prepare subPath for volumeMount "v" of container "app"')))],
  },
  {
    rule: 'command-in-one-word',
    ask: 'web',
    says: '["sleep","3600"]',
    steps: [pod('web', { containers: [{ name: 'app', image: 'busybox', command: ['sleep 3600'] }] }), '5s'],
  },
  {
    rule: 'command-not-found',
    ask: 'web',
    says: 'bash',
    steps: [pod('web', { containers: [{ name: 'app', image: 'busybox', command: ['bash', '-c', 'ls'] }] }), '5s'],
  },
  { rule: 'command-not-executable', ask: 'web', steps: [pod('web', { containers: [{ name: 'app', image: 'busybox', command: ['/etc/passwd'] }] }), '5s'] },
  {
    rule: 'mount-over-file',
    ask: 'web',
    steps: [
      load(
        dump(
          waiting(
            'RunContainerError',
            'failed to create shim task: OCI runtime create failed: error mounting "/x" to rootfs at "/etc/app.conf": not a directory: Are you trying to mount a directory onto a file (or vice-versa)?',
          ),
        ),
      ),
    ],
  },
  {
    rule: 'no-command',
    ask: 'web',
    steps: [load(dump(waiting('CreateContainerError', 'failed to generate container "x" spec: failed to generate spec: no command specified')))],
  },
  { rule: 'start-failed', ask: 'web', steps: [load(dump(waiting('CreateContainerError', 'context deadline exceeded')))] },
  { rule: 'post-start-hook-failed', ask: 'web', steps: [nginxPod({ lifecycle: { postStart: { exec: { command: ['sh', '-c', 'exit 1'] } } } }), '5s'] },
];

const crashes: readonly Scene[] = [
  { rule: 'oom-killed-at-limit', ask: 'web', says: '50Mi', steps: [nginxPod({ resources: { limits: { memory: '50Mi' } } }), '5s', 'fault oom web', '3s'] },
  { rule: 'oom-killed-by-node', ask: 'web', steps: [nginxPod(), '5s', 'fault oom web', '3s'] },
  { rule: 'shell-without-work', ask: 'web', steps: ['run web --image=busybox', '30s'] },
  { rule: 'exit-0-always-restarted', ask: 'web', steps: [shellPod('echo done'), '30s'] },
  { rule: 'exit-127-command-not-found', ask: 'web', steps: [shellPod('pyhton app.py'), '30s'] },
  { rule: 'exit-126-not-executable', ask: 'web', steps: [shellPod('/etc/passwd'), '30s'] },
  {
    rule: 'port-in-use',
    ask: 'web',
    says: 'first',
    steps: [
      pod('web', {
        containers: [
          { name: 'first', image: 'nginx:1.27' },
          { name: 'second', image: 'nginx:1.27' },
        ],
      }),
      '30s',
    ],
  },
  { rule: 'read-only-file-system', ask: 'web', steps: [shellPod('echo x > /out || exit 1', { securityContext: { readOnlyRootFilesystem: true } }), '30s'] },
  { rule: 'process-permission-denied', ask: 'web', steps: [shellPod('echo x > /etc/out || exit 1', { securityContext: { runAsUser: 1000 } }), '30s'] },
  { rule: 'environment-variable-missing', ask: 'web', steps: ['run web --image=mysql:8.0', '60s'] },
  { rule: 'host-not-reached', ask: 'web', says: 'no Service db', steps: [shellPod('wget -qO- http://db:5432 || exit 1'), '40s'] },
  { rule: 'file-missing', ask: 'web', steps: [shellPod('cat /config/app.yaml'), '30s'] },
  {
    rule: 'container-lost',
    ask: 'web',
    steps: [load(dump({ phase: 'Failed', containerStatuses: [container(terminated(137, 'ContainerStatusUnknown'))] }, [], { restartPolicy: 'Never' }))],
  },
  { rule: 'killed-for-change', ask: 'web', steps: [nginxPod(), '5s', 'set image pod/web app=nginx:1.26', '10s'] },
  { rule: 'exit-137-sigkill', ask: 'web', steps: [nginxPod(), '5s', 'fault kill web', '3s'] },
  { rule: 'exit-143-sigterm', ask: 'web', steps: [shellPod('exit 143'), '30s'] },
  { rule: 'exit-139-segmentation-fault', ask: 'web', steps: [shellPod('exit 139'), '30s'] },
  { rule: 'exit-by-signal', ask: 'web', says: 'SIGINT', steps: [shellPod('exit 130'), '30s'] },
  { rule: 'exit-2-misuse', ask: 'web', steps: [shellPod('exit 2'), '30s'] },
  { rule: 'exit-1-application-error', ask: 'web', says: 'boom', steps: [shellPod('echo boom; exit 1'), '30s'] },
  { rule: 'exit-with-error', ask: 'web', steps: [shellPod('exit 3', {}, { restartPolicy: 'Never' }), '30s'] },
  // Played out in full, besides the dumps of probes.
  {
    rule: 'liveness-probe-connection-refused',
    ask: 'web',
    steps: [nginxPod({ ports: [{ containerPort: 80 }], livenessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 2 } }), '60s'],
  },
  { rule: 'startup-probe-command-failed', ask: 'web', steps: [nginxPod({ startupProbe: { exec: { command: ['cat', '/tmp/x'] }, periodSeconds: 2 } }), '60s'] },
  { rule: 'readiness-probe-http-status', ask: 'web', says: '404', steps: [nginxPod({ readinessProbe: { httpGet: { path: '/ready', port: 80 } } }), '30s'] },
  { rule: 'readiness-probe-pending', ask: 'web', steps: [nginxPod({ readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 60 } }), '15s'] },
  { rule: 'startup-probe-pending', ask: 'web', steps: [nginxPod({ startupProbe: { exec: { command: ['cat', '/tmp/x'] }, failureThreshold: 30 } }), '15s'] },
];

const inits: readonly Scene[] = [
  {
    rule: 'init-waits-for-service',
    ask: 'web',
    says: 'waits for db',
    steps: [nginxPod({}, { initContainers: [{ ...busybox('until nslookup db; do echo waiting for db; sleep 2; done'), name: 'wait' }] }), '20s'],
  },
  {
    rule: 'init-waits-for-endpoints',
    ask: 'web',
    says: 'the Service db',
    steps: [
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' }, spec: { selector: { app: 'db' }, ports: [{ port: 80 }] } },
      nginxPod(
        {},
        {
          initContainers: [{ ...busybox('until wget -qO- http://$DB_ADDR; do sleep 2; done'), name: 'wait', env: [{ name: 'DB_ADDR', value: 'db:80' }] }],
        },
      ),
      '20s',
    ],
  },
  { rule: 'init-still-running', ask: 'web', steps: [nginxPod({}, { initContainers: [{ ...busybox('sleep 300'), name: 'wait' }] }), '20s'] },
  {
    rule: 'exit-1-application-error',
    ask: 'web',
    says: 'broken',
    steps: [nginxPod({}, { initContainers: [{ ...busybox('echo broken; exit 1'), name: 'setup' }] }), '20s'],
  },
  {
    rule: 'sidecar-not-started',
    ask: 'web',
    steps: [
      nginxPod(
        {},
        {
          initContainers: [
            { ...busybox('sleep 999'), name: 'proxy', restartPolicy: 'Always', startupProbe: { exec: { command: ['cat', '/tmp/x'] }, failureThreshold: 30 } },
          ],
        },
      ),
      '20s',
    ],
  },
];

const scheduling: readonly Scene[] = [
  { rule: 'scheduling-gated', ask: 'web', steps: [nginxPod({}, { schedulingGates: [{ name: 'acme.io/budget' }] })] },
  { rule: 'request-exceeds-every-node', ask: 'web', says: 'requests 64 of cpu', steps: [nginxPod({ resources: { requests: { cpu: '64' } } }), '1s'] },
  {
    rule: 'nodes-full',
    ask: 'web',
    steps: [
      pod('big', { containers: [nginx({ resources: { requests: { memory: '6Gi' } } })] }),
      '5s',
      nginxPod({ resources: { requests: { memory: '4Gi' } } }),
      '1s',
    ],
  },
  {
    rule: 'too-many-pods',
    ask: 'web',
    steps: ['cluster create --force --clock paused --max-pods 3', 'create deploy many --image=nginx --replicas=4', '5s', nginxPod(), '1s'],
  },
  { rule: 'taint-not-tolerated', ask: 'web', says: 'gpu=yes:NoSchedule', steps: ['taint node podsim-control-plane gpu=yes:NoSchedule', nginxPod(), '1s'] },
  { rule: 'node-unhealthy-taint', ask: 'web', steps: ['fault node-down podsim-control-plane', '60s', nginxPod(), '1s'] },
  { rule: 'control-plane-kept-free', ask: 'web', nodes: 2, steps: ['cordon podsim-worker', nginxPod(), '1s'] },
  { rule: 'nodes-cordoned', ask: 'web', steps: ['cordon podsim-control-plane', nginxPod(), '1s'] },
  {
    rule: 'node-selector-unmatched',
    ask: 'web',
    says: 'disk=sdd',
    steps: ['label node podsim-control-plane disk=ssd', nginxPod({}, { nodeSelector: { disk: 'sdd' } }), '1s'],
  },
  {
    rule: 'node-affinity-unmatched',
    ask: 'web',
    steps: [
      nginxPod(
        {},
        {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }] },
            },
          },
        },
      ),
      '1s',
    ],
  },
  { rule: 'pod-affinity-unmatched', ask: 'web', steps: [nginxPod({}, affinityTo('podAffinity')), '1s'] },
  {
    rule: 'pod-anti-affinity',
    ask: 'web',
    steps: [pod('db', { containers: [nginx()] }, { labels: { app: 'db' } }), '2s', nginxPod({}, affinityTo('podAntiAffinity')), '1s'],
  },
  {
    rule: 'anti-affinity-of-others',
    ask: 'web',
    steps: [
      pod('lonely', { containers: [nginx()], ...affinityTo('podAntiAffinity') }),
      '2s',
      pod('web', { containers: [nginx()] }, { labels: { app: 'db' } }),
      '1s',
    ],
  },
  {
    rule: 'topology-label-missing',
    ask: 'web',
    says: 'zone',
    steps: [
      nginxPod(
        {},
        {
          topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } }],
        },
      ),
      '1s',
    ],
  },
  {
    rule: 'topology-spread',
    ask: 'web',
    nodes: 2,
    steps: [
      pod('first', { containers: [nginx()] }, { labels: { app: 'web' } }),
      '2s',
      pod(
        'web',
        {
          containers: [nginx()],
          topologySpreadConstraints: [
            { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } },
          ],
        },
        { labels: { app: 'web' } },
      ),
      '1s',
    ],
  },
  {
    rule: 'host-port-taken',
    ask: 'web',
    says: 'Pod first',
    steps: [
      pod('first', { containers: [nginx({ ports: [{ containerPort: 80, hostPort: 80 }] })] }),
      '2s',
      nginxPod({ ports: [{ containerPort: 80, hostPort: 80 }] }),
      '1s',
    ],
  },
  { rule: 'claim-not-found', ask: 'web', says: 'did you mean data', steps: [claim('data'), withClaim('dat'), '1s'] },
  { rule: 'claim-unbound', ask: 'web', steps: [claim('data', { storageClassName: '' }), withClaim('data'), '1s'] },
  {
    rule: 'claim-being-deleted',
    ask: 'web',
    steps: [
      claim('data'),
      pod('first', { containers: [nginx()], volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }),
      '10s',
      'delete pvc data --wait=false',
      withClaim('data'),
      '1s',
    ],
  },
  {
    rule: 'volume-lost',
    ask: 'web',
    steps: [unschedulable('0/1 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "pv1".')],
  },
  {
    rule: 'volume-on-another-node',
    ask: 'web',
    steps: [
      unschedulable(
        "0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity.",
        { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
        [claim('data')],
      ),
    ],
  },
  {
    rule: 'no-volume-for-claim',
    ask: 'web',
    steps: [storageClass('local', { volumeBindingMode: 'WaitForFirstConsumer' }), claim('data', { storageClassName: 'local' }), withClaim('data'), '1s'],
  },
  {
    rule: 'claim-used-elsewhere',
    ask: 'web',
    steps: [
      unschedulable(
        '0/1 nodes are available: 1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.',
        { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
        [claim('data')],
      ),
    ],
  },
  { rule: 'no-nodes', ask: 'web', steps: ['delete node podsim-control-plane', nginxPod(), '1s'] },
  {
    rule: 'preemption-under-way',
    ask: 'web',
    steps: [
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
      pod('low', { containers: [busybox('sleep 999', { resources: { requests: { cpu: '3' } } })] }),
      '5s',
      nginxPod({ resources: { requests: { cpu: '3' } } }, { priorityClassName: 'high' }),
      '3s',
    ],
  },
  {
    rule: 'terminating-preempted',
    ask: 'low',
    steps: [
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
      pod('low', { containers: [busybox('sleep 999', { resources: { requests: { cpu: '3' } } })] }),
      '5s',
      nginxPod({ resources: { requests: { cpu: '3' } } }, { priorityClassName: 'high' }),
      '3s',
    ],
  },
  { rule: 'unschedulable', ask: 'web', steps: [unschedulable('0/1 nodes are available: 1 node(s) exceed max volume count.')] },
  { rule: 'scheduler-unknown', ask: 'web', steps: [nginxPod({}, { schedulerName: 'my-scheduler' }), '5s'] },
  { rule: 'not-scheduled-yet', ask: 'web', steps: [load(dump({ phase: 'Pending' }, [], { nodeName: undefined }))] },
];

const volumes: readonly Scene[] = [
  { rule: 'volume-config-map-missing', ask: 'web', steps: [withVolume({ configMap: { name: 'site' } }), '20s'] },
  { rule: 'volume-secret-missing', ask: 'web', steps: [withVolume({ secret: { secretName: 'tls' } }), '20s'] },
  {
    rule: 'volume-config-map-key-missing',
    ask: 'web',
    says: 'Its keys: index.html',
    steps: [configMap('site', { 'index.html': 'x' }), withVolume({ configMap: { name: 'site', items: [{ key: 'index.htm', path: 'i' }] } }), '20s'],
  },
  {
    rule: 'volume-secret-key-missing',
    ask: 'web',
    steps: [secret('tls', { crt: 'x' }), withVolume({ secret: { secretName: 'tls', items: [{ key: 'key', path: 'k' }] } }), '20s'],
  },
  { rule: 'host-path-type', ask: 'web', steps: [withVolume({ hostPath: { path: '/no/such', type: 'Directory' } }), '20s'] },
  {
    rule: 'volume-attached-elsewhere',
    ask: 'web',
    steps: [
      load(
        dump(waiting('ContainerCreating', ''), [
          {
            type: 'Warning',
            reason: 'FailedAttachVolume',
            message: 'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can\'t be attached to another',
          },
        ]),
      ),
    ],
  },
  {
    rule: 'volume-mount-failed',
    ask: 'web',
    steps: [
      load(
        dump(waiting('ContainerCreating', ''), [
          { type: 'Warning', reason: 'FailedMount', message: 'MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32' },
        ]),
      ),
    ],
  },
  {
    rule: 'sandbox-failed',
    ask: 'web',
    steps: [
      load(
        dump(waiting('ContainerCreating', ''), [
          {
            type: 'Warning',
            reason: 'FailedCreatePodSandBox',
            message: 'Failed to create pod sandbox: rpc error: plugin type="calico" failed (add): no more IPs',
          },
        ]),
      ),
    ],
  },
  { rule: 'being-created', ask: 'web', steps: [nginxPod()] },
];

const pods: readonly Scene[] = [
  {
    rule: 'terminating-finalizer',
    ask: 'web',
    steps: [pod('web', { containers: [nginx()] }, { finalizers: ['acme.io/keep'] }), '5s', 'delete pod web --wait=false', '40s'],
  },
  {
    rule: 'terminating-node-gone',
    ask: 'web',
    nodes: 2,
    steps: [nginxPod(), '5s', 'fault node-down podsim-worker', '60s', 'delete pod web --wait=false', '5s'],
  },
  { rule: 'terminating-taint-eviction', ask: 'web', nodes: 2, steps: [shellPod('sleep 999'), '5s', 'taint node podsim-worker x=y:NoExecute', '3s'] },
  {
    rule: 'terminating-pre-stop',
    ask: 'web',
    steps: [nginxPod({ lifecycle: { preStop: { exec: { command: ['sleep', '20'] } } } }), '5s', 'delete pod web --wait=false', '3s'],
  },
  { rule: 'terminating-grace-period', ask: 'web', steps: [shellPod('sleep 999'), '5s', 'delete pod web --wait=false', '3s'] },
  { rule: 'evicted-volume-limit', ask: 'web', steps: [rejected('Evicted', 'Usage of EmptyDir volume "v" exceeds the limit "10Mi". ')] },
  { rule: 'evicted-node-pressure', ask: 'web', says: 'memory', steps: [nginxPod(), '5s', 'fault memory-pressure podsim-control-plane', '60s'] },
  { rule: 'deadline-exceeded', ask: 'web', steps: [shellPod('sleep 999', {}, { activeDeadlineSeconds: 10 }), '60s'] },
  { rule: 'preempted', ask: 'web', steps: [rejected('Preempting', 'Preempted in order to admit critical pod')] },
  { rule: 'node-shut-down', ask: 'web', steps: [rejected('Terminated', 'Pod was terminated in response to imminent node shutdown.')] },
  { rule: 'rejected-for-resources', ask: 'web', steps: [nginxPod({ resources: { requests: { cpu: '64' } } }, { nodeName: 'podsim-control-plane' }), '5s'] },
  { rule: 'rejected-for-node', ask: 'web', steps: [nginxPod({}, { nodeName: 'podsim-control-plane', nodeSelector: { disk: 'ssd' } }), '5s'] },
  { rule: 'rejected-by-kubelet', ask: 'web', steps: [rejected('UnexpectedAdmissionError', 'Allocate failed due to no healthy devices present')] },
  { rule: 'pod-node-missing', ask: 'web', steps: [nginxPod({}, { nodeName: 'nowhere' })] },
  { rule: 'pod-node-not-ready', ask: 'web', steps: [nginxPod(), '5s', 'fault node-down podsim-control-plane', '70s'] },
  { rule: 'pod-unknown', ask: 'web', steps: [load(dump({ phase: 'Unknown' }))] },
  { rule: 'readiness-gate', ask: 'web', steps: [nginxPod({}, { readinessGates: [{ conditionType: 'acme.io/lb' }] }), '15s'] },
  {
    rule: 'liveness-probe-failing',
    ask: 'web',
    says: 'container app',
    steps: [shellPod('touch /tmp/h; sleep 30; rm /tmp/h; sleep 600', { livenessProbe: { exec: { command: ['cat', '/tmp/h'] }, periodSeconds: 5 } }), '39s'],
  },
  { rule: 'pod-completed', ask: 'web', steps: [shellPod('echo done', {}, { restartPolicy: 'Never' }), '15s'] },
  { rule: 'pod-restarted', ask: 'web', says: '1 in all', steps: [nginxPod(), '5s', 'fault oom web', '30s'] },
  { rule: 'pod-well', ask: 'web', steps: [nginxPod(), '15s'] },
  { rule: 'pod-state-unclear', ask: 'web', steps: [load(dump({ phase: 'Failed' }))] },
];

const workloads: readonly Scene[] = [
  { rule: 'workload-well', ask: 'deploy/web', steps: ['create deploy web --image=nginx --replicas=2', '15s'] },
  {
    rule: 'workload-well',
    ask: 'rs/web',
    steps: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [nginx()] } } },
      },
      '15s',
    ],
  },
  { rule: 'replicas-zero', ask: 'deploy/web', steps: ['create deploy web --image=nginx --replicas=0', '5s'] },
  { rule: 'quota-exceeded', ask: 'deploy/web', says: 'small', steps: [quota({ pods: '1' }), 'create deploy web --image=nginx --replicas=3', '15s'] },
  { rule: 'quota-needs-requests', ask: 'deploy/web', steps: [quota({ 'requests.cpu': '1' }), 'create deploy web --image=nginx', '5s'] },
  {
    rule: 'limit-range-refuses',
    ask: 'deploy/web',
    steps: [
      { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'lr' }, spec: { limits: [{ type: 'Container', max: { memory: '100Mi' } }] } },
      deployment('web', { containers: [nginx({ resources: { limits: { memory: '1Gi' } } })] }),
      '5s',
    ],
  },
  {
    rule: 'pod-security-refuses',
    ask: 'deploy/web',
    steps: ['label ns default pod-security.kubernetes.io/enforce=restricted', 'create deploy web --image=nginx', '5s'],
  },
  { rule: 'service-account-missing', ask: 'deploy/web', steps: [deployment('web', { serviceAccountName: 'robot', containers: [nginx()] }), '5s'] },
  {
    rule: 'webhook-fails',
    ask: 'deploy/web',
    steps: [
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'guard' },
        webhooks: [
          {
            name: 'guard.example.com',
            clientConfig: { service: { name: 'guard', namespace: 'default' } },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      },
      'create deploy web --image=nginx',
      '5s',
    ],
  },
  {
    rule: 'webhook-denies',
    ask: 'deploy/web',
    says: 'no tag',
    steps: [
      load([
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web', namespace: 'default', uid: 'd1' },
          spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [nginx()] } } },
          status: {
            unavailableReplicas: 1,
            conditions: [
              {
                type: 'ReplicaFailure',
                status: 'True',
                reason: 'FailedCreate',
                message: 'admission webhook "guard.example.com" denied the request: no tag',
              },
            ],
          },
        },
      ]),
    ],
  },
  {
    rule: 'admission-policy-denies',
    ask: 'deploy/web',
    steps: [
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'no-latest' },
        spec: {
          matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] },
          validations: [{ expression: "object.spec.containers.all(c, c.image.contains(':'))", message: 'name a tag' }],
        },
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: 'no-latest' },
        spec: { policyName: 'no-latest', validationActions: ['Deny'] },
      },
      '2s',
      'create deploy web --image=nginx',
      '5s',
    ],
  },
  { rule: 'pods-refused', ask: 'deploy/web', steps: [deployment('web', { priorityClassName: 'nope', containers: [nginx()] }), '5s'] },
  {
    rule: 'rollout-paused',
    ask: 'deploy/web',
    steps: ['create deploy web --image=nginx', '10s', 'rollout pause deploy/web', 'set image deploy/web nginx=nginx:1.26'],
  },
  {
    rule: 'progress-deadline-exceeded',
    ask: 'deploy/web',
    steps: [deployment('web', { containers: [nginx()] }, { progressDeadlineSeconds: 30 }), '10s', 'set image deploy/web app=nginx:nope', '90s'],
  },
  {
    rule: 'image-tag-not-found',
    ask: 'deploy/web',
    steps: [deployment('web', { containers: [nginx()] }, { progressDeadlineSeconds: 30 }), '10s', 'set image deploy/web app=nginx:nope', '90s'],
  },
  {
    rule: 'daemonset-matches-no-node',
    ask: 'ds/agent',
    steps: [
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent' },
        spec: {
          selector: { matchLabels: { app: 'a' } },
          template: { metadata: { labels: { app: 'a' } }, spec: { nodeSelector: { disk: 'ssd' }, containers: [nginx()] } },
        },
      },
      '5s',
    ],
  },
  {
    rule: 'statefulset-waits-in-order',
    ask: 'sts/db',
    says: 'db-0',
    steps: [
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: {
          serviceName: 'db',
          replicas: 3,
          selector: { matchLabels: { app: 'db' } },
          template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'app', image: 'ngnix' }] } },
        },
      },
      '20s',
    ],
  },
  { rule: 'pods-unavailable', ask: 'deploy/web', steps: ['create deploy web --image=ngnix --replicas=2', '20s'] },
  { rule: 'min-ready-seconds', ask: 'deploy/web', steps: [deployment('web', { containers: [nginx()] }, { minReadySeconds: 60 }), '20s'] },
  {
    rule: 'pods-being-made',
    ask: 'deploy/web',
    steps: [load([NODE, { ...deployment('web', { containers: [nginx()] }), metadata: { name: 'web', namespace: 'default', uid: 'd1' } }])],
  },
];

const jobs: readonly Scene[] = [
  { rule: 'job-complete', ask: 'job/pi', steps: [job('pi', 'echo 3.14'), '15s'] },
  { rule: 'job-backoff-limit-exceeded', ask: 'job/pi', steps: [job('pi', 'exit 1', { backoffLimit: 0 }), '30s'] },
  { rule: 'exit-1-application-error', ask: 'job/pi', steps: [job('pi', 'exit 1', { backoffLimit: 0 }), '30s'] },
  { rule: 'job-deadline-exceeded', ask: 'job/pi', steps: [job('pi', 'sleep 999', { activeDeadlineSeconds: 10 }), '90s'] },
  {
    rule: 'job-failed',
    ask: 'job/pi',
    steps: [job('pi', 'exit 3', { podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }] } }), '30s'],
  },
  { rule: 'job-suspended', ask: 'job/pi', steps: [job('pi', 'echo', { suspend: true }), '5s'] },
  { rule: 'job-retrying', ask: 'job/pi', steps: [job('pi', 'exit 1'), '15s'] },
  { rule: 'job-running', ask: 'job/pi', steps: [job('pi', 'sleep 100'), '15s'] },
  { rule: 'quota-exceeded', ask: 'job/pi', steps: [quota({ pods: '0' }), job('pi', 'sleep 100'), '15s'] },
  { rule: 'cronjob-suspended', ask: 'cronjob/tick', steps: [cronJob('tick', 'date', { suspend: true }), '5s'] },
  { rule: 'cronjob-not-yet-due', ask: 'cronjob/tick', steps: [cronJob('tick', 'date', { schedule: '0 0 1 1 *' }), '5s'] },
  { rule: 'cronjob-well', ask: 'cronjob/tick', steps: [cronJob('tick', 'date'), '130s'] },
  { rule: 'cronjob-last-job-failed', ask: 'cronjob/tick', steps: [cronJob('tick', 'exit 1'), '95s'] },
  { rule: 'cronjob-overlap-forbidden', ask: 'cronjob/tick', steps: [cronJob('tick', 'sleep 600', { concurrencyPolicy: 'Forbid' }), '150s'] },
  {
    rule: 'cronjob-missed',
    ask: 'cronjob/tick',
    steps: [
      load([
        NODE,
        { ...cronJob('tick', 'date'), metadata: { name: 'tick', namespace: 'default', uid: 'c1' } },
        {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: 'tick.1', namespace: 'default' },
          lastTimestamp: '2026-01-01T00:00:30Z',
          type: 'Warning',
          reason: 'TooManyMissedTimes',
          message: 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
          involvedObject: { kind: 'CronJob', name: 'tick', namespace: 'default', uid: 'c1' },
        },
      ]),
    ],
  },
];

const service = (spec: Json): Json => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec });
const app = (more: Json = {}): Json =>
  pod('web-1', { containers: [nginx({ ports: [{ name: 'http', containerPort: 80 }], ...more })] }, { labels: { app: 'web' } });
const services: readonly Scene[] = [
  { rule: 'service-well', ask: 'svc/web', steps: [app(), service({ selector: { app: 'web' }, ports: [{ port: 80 }] }), '15s'] },
  {
    rule: 'service-matches-no-pod',
    ask: 'svc/web',
    says: 'app=web where the selector says wbe',
    steps: [app(), service({ selector: { app: 'wbe' }, ports: [{ port: 80 }] }), '15s'],
  },
  {
    rule: 'service-pods-not-ready',
    ask: 'svc/web',
    steps: [app({ readinessProbe: { httpGet: { path: '/no', port: 80 } } }), service({ selector: { app: 'web' }, ports: [{ port: 80 }] }), '25s'],
  },
  {
    rule: 'readiness-probe-http-status',
    ask: 'svc/web',
    steps: [app({ readinessProbe: { httpGet: { path: '/no', port: 80 } } }), service({ selector: { app: 'web' }, ports: [{ port: 80 }] }), '25s'],
  },
  {
    rule: 'service-port-name-unknown',
    ask: 'svc/web',
    says: 'Did you mean http?',
    steps: [app(), service({ selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'htpp' }] }), '15s'],
  },
  {
    rule: 'service-target-port-undeclared',
    ask: 'svc/web',
    steps: [app(), service({ selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }), '15s'],
  },
  {
    rule: 'service-load-balancer-pending',
    ask: 'svc/web',
    says: '30080',
    steps: [
      load([
        NODE,
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web', namespace: 'default' },
          spec: { type: 'LoadBalancer', selector: { app: 'web' }, clusterIP: '10.96.0.9', ports: [{ port: 80, nodePort: 30080 }] },
          status: { loadBalancer: {} },
        },
        {
          ...pod('web', { nodeName: 'n1', containers: [nginx()] }, { namespace: 'default', labels: { app: 'web' } }),
          status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
        },
      ]),
    ],
  },
  { rule: 'service-without-selector', ask: 'svc/web', steps: [service({ ports: [{ port: 80 }] }), '5s'] },
  { rule: 'service-external-name', ask: 'svc/web', steps: [service({ type: 'ExternalName', externalName: 'db.acme.io' })] },
  {
    rule: 'service-endpoints-pending',
    ask: 'svc/web',
    steps: [
      load(
        [
          ...dump({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [container({ running: {} }, { ready: true })] }),
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'web', namespace: 'default' },
            spec: { selector: { run: 'web' }, ports: [{ port: 80 }], clusterIP: '10.96.0.9' },
          },
        ].map((one) =>
          (one as { kind?: string }).kind === 'Pod' ? { ...one, metadata: { name: 'web', namespace: 'default', labels: { run: 'web' } } } : one,
        ) as readonly Json[],
      ),
    ],
  },
];

const claims: readonly Scene[] = [
  { rule: 'claim-bound', ask: 'pvc/data', steps: [volume('pv1'), claim('data', { storageClassName: '' }), '20s'] },
  {
    rule: 'claim-no-class',
    ask: 'pvc/data',
    says: 'at least 1Gi',
    steps: [volume('pv1', { capacity: { storage: '100Mi' } }), claim('data', { storageClassName: '' }), '20s'],
  },
  { rule: 'claim-class-missing', ask: 'pvc/data', says: 'Did you mean fast', steps: [storageClass('fast'), claim('data', { storageClassName: 'fats' }), '5s'] },
  { rule: 'claim-waits-for-consumer', ask: 'pvc/data', steps: [claim('data'), '5s'] },
  { rule: 'claim-waits-for-pod', ask: 'pvc/data', steps: [claim('data'), 'cordon podsim-control-plane', withClaim('data'), '5s'] },
  {
    rule: 'claim-no-matching-volume',
    ask: 'pvc/data',
    steps: [
      storageClass('local'),
      volume('pv1', { storageClassName: 'local', accessModes: ['ReadOnlyMany'] }),
      claim('data', { storageClassName: 'local' }),
      '5s',
    ],
  },
  { rule: 'claim-volume-unusable', ask: 'pvc/data', steps: [claim('data', { storageClassName: '', volumeName: 'pv9' }), '5s'] },
  {
    rule: 'claim-lost',
    ask: 'pvc/data',
    says: 'pv1',
    steps: [load([NODE, { ...claim('data', { volumeName: 'pv1' }), metadata: { name: 'data', namespace: 'default' }, status: { phase: 'Lost' } }])],
  },
  { rule: 'claim-in-use', ask: 'pvc/data', says: 'web', steps: [claim('data'), withClaim('data'), '20s', 'delete pvc data --wait=false'] },
  {
    rule: 'claim-provisioning',
    ask: 'pvc/data',
    steps: [storageClass('cloud', { provisioner: 'ebs.csi.aws.com' }), claim('data', { storageClassName: 'cloud' }), '5s'],
  },
  { rule: 'claim-provisioning-failed', ask: 'pvc/data', steps: [claim('data', { accessModes: ['ReadWriteMany'] }), withClaim('data'), '20s'] },
];

const nodes: readonly Scene[] = [
  { rule: 'node-well', ask: 'node/podsim-control-plane', steps: ['5s'] },
  { rule: 'node-unreachable', ask: 'node/podsim-worker', nodes: 2, steps: ['fault node-down podsim-worker', '70s'] },
  {
    rule: 'node-kubelet-not-ready',
    ask: 'node/n1',
    steps: [
      load([
        {
          ...NODE,
          status: {
            conditions: [
              { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'container runtime network not ready: cni plugin not initialized' },
            ],
          },
        },
      ]),
    ],
  },
  { rule: 'node-memory-pressure', ask: 'node/podsim-control-plane', steps: ['fault memory-pressure podsim-control-plane', '20s'] },
  { rule: 'node-disk-pressure', ask: 'node/podsim-control-plane', steps: ['fault disk-pressure podsim-control-plane', '20s'] },
  {
    rule: 'node-pid-pressure',
    ask: 'node/n1',
    steps: [
      load([
        {
          ...NODE,
          status: {
            conditions: [
              { type: 'PIDPressure', status: 'True', reason: 'KubeletHasInsufficientPID' },
              { type: 'Ready', status: 'True' },
            ],
          },
        },
      ]),
    ],
  },
  { rule: 'node-cordoned', ask: 'node/podsim-control-plane', steps: ['cordon podsim-control-plane'] },
  { rule: 'node-tainted', ask: 'node/podsim-control-plane', nodes: 2, steps: ['5s'] },
  { rule: 'node-never-reported', ask: 'node/n1', steps: [load([{ ...NODE, status: {} }])] },
];

const route = (name: string, port: number, more: Json = {}): Json => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'site', namespace: 'default' },
  spec: {
    ingressClassName: 'nginx',
    rules: [{ host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: port } } } }] } }],
    ...more,
  },
});
const ingressClass: Json = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'nginx' },
  spec: { controller: 'k8s.io/ingress-nginx' },
};
const webService = service({ selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }] });
const ingresses: readonly Scene[] = [
  { rule: 'ingress-service-missing', ask: 'ingress/site', says: 'Did you mean web?', steps: [ingressClass, app(), webService, route('wbe', 8080), '15s'] },
  { rule: 'ingress-port-unknown', ask: 'ingress/site', says: 'it has 8080', steps: [ingressClass, app(), webService, route('web', 80), '15s'] },
  { rule: 'ingress-class-missing', ask: 'ingress/site', steps: [ingressClass, app(), webService, route('web', 8080, { ingressClassName: 'ngnix' }), '15s'] },
  {
    rule: 'ingress-no-class',
    ask: 'ing/site',
    says: 'There is nginx',
    steps: [ingressClass, app(), webService, route('web', 8080, { ingressClassName: null }), '15s'],
  },
  {
    rule: 'ingress-tls-secret-missing',
    ask: 'ingress/site',
    steps: [ingressClass, app(), webService, route('web', 8080, { tls: [{ hosts: ['a.example'], secretName: 'site-tls' }] }), '15s'],
  },
  { rule: 'ingress-no-endpoints', ask: 'ingress/site', steps: [ingressClass, webService, route('web', 8080), '15s'] },
  { rule: 'ingress-no-address', ask: 'ingress/site', says: 'k8s.io/ingress-nginx', steps: [ingressClass, app(), webService, route('web', 8080), '15s'] },
  {
    rule: 'ingress-well',
    ask: 'ingress/site',
    says: '203.0.113.7',
    steps: [load([NODE, ingressClass, { ...route('web', 8080, { rules: [] }), status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }])],
  },
];

const scaler = (target: string, more: Json = {}): Json => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
    maxReplicas: 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    ...more,
  },
});
const measured = (resources: Json, command = 'sleep 1000'): Json => deployment('web', { containers: [busybox(command, { resources })] });
const conditions = (...list: readonly Json[]): Step =>
  load([NODE, { ...scaler('web'), status: { currentReplicas: 3, desiredReplicas: 1, currentMetrics: null, conditions: list } }]);
const requests = (cpu: string): Json => ({ requests: { cpu } });
const autoscalers: readonly Scene[] = [
  { rule: 'hpa-target-missing', ask: 'hpa/web', says: 'Did you mean web?', steps: [measured({}), scaler('wbe'), '40s'] },
  { rule: 'hpa-target-at-zero', ask: 'hpa/web', steps: [measured(requests('100m')), scaler('web'), '30s', 'scale deployment web --replicas=0', '40s'] },
  { rule: 'hpa-request-missing', ask: 'hpa/web', says: 'container app of the pod web-', steps: [measured({}), scaler('web'), '120s'] },
  { rule: 'hpa-pods-without-metrics', ask: 'hpa/web', steps: [measured(requests('100m')), scaler('web'), '17s'] },
  {
    rule: 'hpa-metric-unavailable',
    ask: 'hpa/web',
    says: 'no custom metrics API',
    steps: [
      conditions({
        type: 'ScalingActive',
        status: 'False',
        reason: 'FailedGetPodsMetric',
        message: 'the HPA was unable to compute the replica count: unable to get metric requests: no custom metrics API registered',
      }),
    ],
  },
  { rule: 'hpa-at-maximum', ask: 'hpa/web', steps: [measured(requests('10m'), 'while true; do :; done'), scaler('web'), '240s'] },
  { rule: 'hpa-not-looked-yet', ask: 'hpa/web', steps: [load([NODE, scaler('web')])] },
  {
    rule: 'hpa-waits-to-scale-down',
    ask: 'hpa/web',
    steps: [
      conditions(
        {
          type: 'AbleToScale',
          status: 'True',
          reason: 'ScaleDownStabilized',
          message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
        },
        { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: 'the HPA was able to successfully calculate a replica count' },
      ),
    ],
  },
  { rule: 'hpa-well', ask: 'hpa/web', steps: [measured(requests('100m')), scaler('web', { minReplicas: 2 }), '180s'] },
];

const kept = (status: Json, more: Json = {}, metadata: Json = {}): Json => {
  const made = volume('pv1', { persistentVolumeReclaimPolicy: 'Retain', ...more });
  return { ...made, metadata: { ...(made['metadata'] as Json), ...metadata }, status };
};
const persistentVolumes: readonly Scene[] = [
  {
    rule: 'volume-in-use',
    ask: 'pv/pv1',
    says: 'default/data',
    steps: [volume('pv1'), claim('data', { storageClassName: '' }), '20s', 'delete pv pv1 --wait=false'],
  },
  {
    rule: 'volume-released',
    ask: 'pv/pv1',
    says: 'default/data',
    steps: [volume('pv1', { persistentVolumeReclaimPolicy: 'Retain' }), claim('data', { storageClassName: '' }), '20s', 'delete pvc data', '20s'],
  },
  {
    rule: 'volume-failed',
    ask: 'pv/pv1',
    says: 'host_path deleter only supports /tmp',
    steps: [load([NODE, kept({ phase: 'Failed', message: 'host_path deleter only supports /tmp/.+ but received provided /mnt/x' })])],
  },
  { rule: 'volume-bound', ask: 'pv/pv1', steps: [volume('pv1'), claim('data', { storageClassName: '' }), '20s'] },
  {
    rule: 'volume-suits-no-claim',
    ask: 'pv/pv1',
    says: 'it has no access mode ReadWriteMany',
    steps: [volume('pv1'), claim('data', { storageClassName: '', accessModes: ['ReadWriteMany'] }), '20s'],
  },
  { rule: 'volume-available', ask: 'pv/pv1', steps: [volume('pv1'), '20s'] },
];

const going = (...list: readonly Json[]): Step =>
  load([
    NODE,
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', deletionTimestamp: '2026-01-01T00:00:10Z' },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Terminating', conditions: list },
    },
  ]);
const namespaces: readonly Scene[] = [
  { rule: 'namespace-well', ask: 'ns/default', steps: ['1s'] },
  {
    rule: 'namespace-api-unavailable',
    ask: 'ns/shop',
    says: 'metrics.k8s.io/v1beta1',
    steps: [
      going({
        type: 'NamespaceDeletionDiscoveryFailure',
        status: 'True',
        reason: 'DiscoveryFailed',
        message:
          'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1',
      }),
    ],
  },
  {
    rule: 'namespace-held-by-finalizers',
    ask: 'ns/shop',
    says: 'configmap/x',
    steps: [
      'create namespace shop',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'shop', finalizers: ['example.com/wait'] } },
      'delete namespace shop --wait=false',
      '20s',
    ],
  },
  {
    rule: 'namespace-still-has-content',
    ask: 'ns/shop',
    says: 'pod/web',
    steps: ['create namespace shop', 'run web -n shop --image=busybox -- sleep 1000', '10s', 'delete namespace shop --wait=false', '10s'],
  },
  { rule: 'namespace-terminating', ask: 'ns/shop', steps: [going()] },
];

const quotas: readonly Scene[] = [
  {
    rule: 'quota-misses-values',
    ask: 'quota/small',
    says: 'limits.memory',
    steps: [quota({ 'limits.memory': '1Gi' }), deployment('web', { containers: [nginx()] }), '20s'],
  },
  {
    rule: 'quota-refuses',
    ask: 'quota/small',
    says: 'pods=1 more',
    steps: [quota({ pods: '1' }), deployment('web', { containers: [nginx()] }, { replicas: 2 }), '20s'],
  },
  { rule: 'quota-full', ask: 'quota/small', says: 'pods (1)', steps: [quota({ pods: '1' }), deployment('web', { containers: [nginx()] }), '20s'] },
  { rule: 'quota-well', ask: 'quota/small', steps: [quota({ pods: '5' }), '20s'] },
];

const budget = (spec: Json, name = 'web'): Json => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});
const two = deployment('web', { containers: [nginx()] }, { replicas: 2 });
const budgets: readonly Scene[] = [
  { rule: 'budget-well', ask: 'pdb/web', says: '1 may be evicted', steps: [two, budget({ minAvailable: 1 }), '30s'] },
  { rule: 'budget-never-allows', ask: 'pdb/web', says: 'minAvailable: 2', steps: [two, budget({ minAvailable: 2 }), '30s'] },
  { rule: 'budget-matches-no-pod', ask: 'pdb/web', steps: [budget({ minAvailable: 1 }), '10s'] },
  { rule: 'budget-overlaps', ask: 'pdb/web', says: 'other', steps: [two, budget({ minAvailable: 1 }), budget({ minAvailable: 1 }, 'other'), '30s'] },
  { rule: 'budget-unmanaged-pods', ask: 'pdb/web', steps: [app(), budget({ maxUnavailable: 1 }), '30s'] },
  {
    rule: 'budget-cannot-count',
    ask: 'pdb/web',
    says: 'does not implement the scale subresource',
    steps: [
      load([
        NODE,
        {
          ...budget({ maxUnavailable: 1 }),
          metadata: { name: 'web', namespace: 'default' },
          status: {
            disruptionsAllowed: 0,
            currentHealthy: 0,
            desiredHealthy: 0,
            expectedPods: 0,
            conditions: [
              {
                type: 'DisruptionAllowed',
                status: 'False',
                reason: 'SyncFailed',
                message: 'widgets.acme.io does not implement the scale subresource',
                lastTransitionTime: '2026-01-01T00:00:10Z',
              },
            ],
          },
        },
      ]),
    ],
  },
  {
    rule: 'budget-pods-not-healthy',
    ask: 'pdb/web',
    steps: [deployment('web', { containers: [nginx({ readinessProbe: { httpGet: { path: '/no', port: 80 } } })] }), budget({ minAvailable: 1 }), '30s'],
  },
];

const policy = (spec: Json): Json => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'guard' }, spec });
const web = { matchLabels: { app: 'web' } };
const policies: readonly Scene[] = [
  { rule: 'policy-well', ask: 'netpol/guard', cni: 'calico', steps: [app(), policy({ podSelector: web, policyTypes: ['Ingress'] }), '15s'] },
  {
    rule: 'policy-selects-no-pod',
    ask: 'netpol/guard',
    says: 'Did you mean app=web?',
    cni: 'calico',
    steps: [app(), policy({ podSelector: { matchLabels: { app: 'wbe' } } }), '15s'],
  },
  { rule: 'policy-not-enforced', ask: 'netpol/guard', says: 'kube-flannel', steps: [app(), policy({ podSelector: web }), '15s'] },
  {
    rule: 'policy-peer-matches-nobody',
    ask: 'netpol/guard',
    says: 'There is a namespace named default',
    cni: 'calico',
    steps: [app(), policy({ podSelector: web, ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'default' } } }] }] }), '15s'],
  },
  {
    rule: 'policy-blocks-dns',
    ask: 'netpol/guard',
    cni: 'calico',
    steps: [app(), policy({ podSelector: web, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: web }] }] }), '15s'],
  },
  {
    rule: 'policy-names-service-port',
    ask: 'netpol/guard',
    says: 'Allow port 80.',
    cni: 'calico',
    steps: [app(), webService, policy({ podSelector: web, ingress: [{ ports: [{ port: 8080 }] }] }), '15s'],
  },
  { rule: 'service-behind-policies', ask: 'svc/web', cni: 'calico', says: 'guard', steps: [app(), webService, policy({ podSelector: web }), '15s'] },
];

export const scenes: readonly Scene[] = [
  ...images,
  ...starts,
  ...crashes,
  ...probeScenes,
  ...inits,
  ...scheduling,
  ...volumes,
  ...pods,
  ...workloads,
  ...jobs,
  ...services,
  ...claims,
  ...nodes,
  ...ingresses,
  ...autoscalers,
  ...persistentVolumes,
  ...namespaces,
  ...quotas,
  ...budgets,
  ...policies,
];
