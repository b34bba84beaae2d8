/** What runs in kube-system of a cluster made by kind: kubeadm's static pods, CoreDNS, kube-proxy, and the network's own. */
import type { ObjectMeta } from '../api/object.js';
import type { PodSpec } from '../resources/pods/types.js';
import { apiServerFlags, configMaps, controllerManagerFlags, etcdFlags, schedulerFlags } from './kubeadm.js';
import { storageImages } from './local-path-storage.js';
import type { Manifest } from './manifest.js';
import { type NodeProfile, type Profile, serviceAddress } from './profile.js';

/** The pods the control plane's kubelet runs, as kubeadm writes their manifests. */
export function staticPods(profile: Profile, node: NodeProfile): readonly Manifest[] {
  const image = (name: string) => `registry.k8s.io/${name}:${profile.kubernetes}`;
  const annotations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    etcd: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${node.ip}:2379` },
    'kube-apiserver': { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${node.ip}:6443` },
  };
  const pod = (component: string, imageName: string, resources: object, flags: readonly string[], probes: Probes, paths: readonly HostPath[]): Manifest => {
    const { port, host = '127.0.0.1', scheme = 'HTTPS', live, started = live, ready } = probes;
    const probe = (path: string, more: object) => ({ httpGet: { host, path, port, scheme }, timeoutSeconds: 15, ...more });
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: component,
        namespace: 'kube-system',
        ...(annotations[component] === undefined ? {} : { annotations: annotations[component] }),
        labels: { component, tier: 'control-plane' },
      },
      spec: {
        containers: [
          {
            name: component,
            image: imageName,
            command: [component, ...flags],
            imagePullPolicy: 'IfNotPresent',
            resources: { requests: resources },
            livenessProbe: probe(live, { failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10 }),
            ...(ready === undefined ? {} : { readinessProbe: probe(ready, { failureThreshold: 3, periodSeconds: 1 }) }),
            startupProbe: probe(started, { failureThreshold: 24, initialDelaySeconds: 10, periodSeconds: 10 }),
            volumeMounts: paths.map(({ name, path, readOnly = true }) => ({ mountPath: path, name, ...(readOnly ? { readOnly } : {}) })),
          },
        ],
        hostNetwork: true,
        priority: 2000001000,
        priorityClassName: 'system-node-critical',
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        volumes: paths.map(({ name, path, type = 'DirectoryOrCreate' }) => ({ hostPath: { path, type }, name })),
      } as PodSpec,
    };
  };
  return [
    pod('etcd', ETCD, { cpu: '100m', memory: '100Mi' }, etcdFlags(node), { port: 2381, scheme: 'HTTP', live: '/livez', started: '/readyz', ready: '/readyz' }, [
      { name: 'etcd-certs', path: '/etc/kubernetes/pki/etcd', readOnly: false },
      { name: 'etcd-data', path: '/var/lib/etcd', readOnly: false },
    ]),
    pod(
      'kube-apiserver',
      image('kube-apiserver'),
      { cpu: '250m' },
      apiServerFlags(profile, node),
      { port: 6443, host: node.ip, live: '/livez', ready: '/readyz' },
      CERTIFICATES,
    ),
    pod('kube-controller-manager', image('kube-controller-manager'), { cpu: '200m' }, controllerManagerFlags(profile), { port: 10257, live: '/healthz' }, [
      ...CERTIFICATES.slice(0, 2),
      { name: 'flexvolume-dir', path: '/usr/libexec/kubernetes/kubelet-plugins/volume/exec', readOnly: false },
      ...CERTIFICATES.slice(2, 3),
      { name: 'kubeconfig', path: '/etc/kubernetes/controller-manager.conf', type: 'FileOrCreate' },
      ...CERTIFICATES.slice(3),
    ]),
    pod('kube-scheduler', image('kube-scheduler'), { cpu: '100m' }, schedulerFlags, { port: 10259, live: '/livez', ready: '/readyz' }, [
      { name: 'kubeconfig', path: '/etc/kubernetes/scheduler.conf', type: 'FileOrCreate' },
    ]),
  ];
}

interface Probes {
  readonly port: number;
  readonly host?: string;
  readonly scheme?: string;
  readonly live: string;
  readonly started?: string;
  readonly ready?: string;
}

interface HostPath {
  readonly name: string;
  readonly path: string;
  readonly type?: string;
  readonly readOnly?: boolean;
}

/** Debian keeps certificates in several places that /etc/ssl/certs has links to. In the order of their names, as kubeadm has them. */
const CERTIFICATES: readonly HostPath[] = [
  { name: 'ca-certs', path: '/etc/ssl/certs' },
  { name: 'etc-ca-certificates', path: '/etc/ca-certificates' },
  { name: 'k8s-certs', path: '/etc/kubernetes/pki' },
  { name: 'usr-local-share-ca-certificates', path: '/usr/local/share/ca-certificates' },
  { name: 'usr-share-ca-certificates', path: '/usr/share/ca-certificates' },
];

const COREDNS = 'registry.k8s.io/coredns/coredns:v1.12.0';
const ETCD = 'registry.k8s.io/etcd:3.5.21-0';
const FLANNEL = 'ghcr.io/flannel-io/flannel:v0.26.7';
const CALICO_NODE = 'docker.io/calico/node:v3.29.3';
const CALICO_CONTROLLERS = 'docker.io/calico/kube-controllers:v3.29.3';

/** Every image a node has before anything runs on it. */
export const systemImages = ({ kubernetes, cni }: Profile): readonly string[] => [
  ...(cni === 'flannel' ? [FLANNEL] : [CALICO_NODE, CALICO_CONTROLLERS]),
  COREDNS,
  ETCD,
  ...storageImages,
  ...['kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler'].map((name) => `registry.k8s.io/${name}:${kubernetes}`),
  'registry.k8s.io/pause:3.10',
];

const CRITICAL_TOLERATIONS = [
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' },
];
const system = (name: string, more: Partial<ObjectMeta> = {}): ObjectMeta => ({ name, namespace: 'kube-system', ...more });

/** Their service accounts come first. */
export function systemAccounts(profile: Profile): readonly Manifest[] {
  const account = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: system(name) });
  return [
    account('coredns'),
    account('kube-proxy'),
    ...(profile.cni === 'flannel' ? [account('flannel')] : [account('calico-node'), account('calico-kube-controllers')]),
  ];
}

export function systemWorkloads(profile: Profile): readonly Manifest[] {
  return [
    ...configMaps(profile),
    corednsConfig,
    coredns(),
    kubeDns(profile),
    kubeProxy(profile),
    ...(profile.cni === 'flannel' ? [flannel()] : [calicoNode(), calicoControllers()]),
  ];
}

const corednsConfig: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: system('coredns'),
  data: {
    Corefile: `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`,
  },
};

function coredns(): Manifest {
  const labels = { 'k8s-app': 'kube-dns' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: system('coredns', { labels }),
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 1 }, type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'coredns',
              image: COREDNS,
              imagePullPolicy: 'IfNotPresent',
              args: ['-conf', '/etc/coredns/Corefile'],
              ports: [
                { containerPort: 53, name: 'dns', protocol: 'UDP' },
                { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
                { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
              ],
              resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
              livenessProbe: { failureThreshold: 5, httpGet: { path: '/health', port: 8080, scheme: 'HTTP' }, initialDelaySeconds: 60, timeoutSeconds: 5 },
              readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] }, readOnlyRootFilesystem: true },
              volumeMounts: [{ mountPath: '/etc/coredns', name: 'config-volume', readOnly: true }],
            },
          ],
          dnsPolicy: 'Default',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'coredns',
          tolerations: CRITICAL_TOLERATIONS,
          volumes: [{ configMap: { items: [{ key: 'Corefile', path: 'Corefile' }], name: 'coredns' }, name: 'config-volume' }],
        },
      },
    },
  };
}

function kubeDns(profile: Profile): Manifest {
  const clusterIP = serviceAddress(profile, 10);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: system('kube-dns', {
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
      labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
    }),
    spec: {
      clusterIP,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
      selector: { 'k8s-app': 'kube-dns' },
      type: 'ClusterIP',
    },
  };
}

/** Runs on every node, in its network. */
function everywhere(name: string, labels: Readonly<Record<string, string>>, spec: object): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: system(name, { labels }),
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { hostNetwork: true, priorityClassName: 'system-node-critical', tolerations: [{ operator: 'Exists' }], ...spec },
      },
    },
  };
}

/** What those that write rules for packets need of their node. */
const XTABLES_LOCK = {
  mount: { mountPath: '/run/xtables.lock', name: 'xtables-lock' },
  volume: { hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' }, name: 'xtables-lock' },
};
const LIB_MODULES = {
  mount: { mountPath: '/lib/modules', name: 'lib-modules', readOnly: true },
  volume: { hostPath: { path: '/lib/modules' }, name: 'lib-modules' },
};

const kubeProxy = (profile: Profile): Manifest =>
  everywhere(
    'kube-proxy',
    { 'k8s-app': 'kube-proxy' },
    {
      serviceAccountName: 'kube-proxy',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      containers: [
        {
          name: 'kube-proxy',
          image: `registry.k8s.io/kube-proxy:${profile.kubernetes}`,
          imagePullPolicy: 'IfNotPresent',
          command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
          env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
          securityContext: { privileged: true },
          volumeMounts: [{ mountPath: '/var/lib/kube-proxy', name: 'kube-proxy' }, XTABLES_LOCK.mount, LIB_MODULES.mount],
        },
      ],
      volumes: [{ configMap: { name: 'kube-proxy' }, name: 'kube-proxy' }, XTABLES_LOCK.volume, LIB_MODULES.volume],
    },
  );

const flannel = (): Manifest =>
  everywhere(
    'kube-flannel-ds',
    { app: 'flannel', 'k8s-app': 'flannel', tier: 'node' },
    {
      serviceAccountName: 'flannel',
      containers: [
        {
          name: 'kube-flannel',
          image: FLANNEL,
          imagePullPolicy: 'IfNotPresent',
          command: ['/opt/bin/flanneld'],
          args: ['--ip-masq', '--kube-subnet-mgr'],
          resources: { requests: { cpu: '100m', memory: '50Mi' } },
          securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] }, privileged: false },
          volumeMounts: [{ mountPath: '/run/flannel', name: 'run' }, XTABLES_LOCK.mount],
        },
      ],
      volumes: [{ hostPath: { path: '/run/flannel' }, name: 'run' }, XTABLES_LOCK.volume],
    },
  );

const calicoNode = (): Manifest =>
  everywhere(
    'calico-node',
    { 'k8s-app': 'calico-node' },
    {
      serviceAccountName: 'calico-node',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'calico-node',
          image: CALICO_NODE,
          imagePullPolicy: 'IfNotPresent',
          resources: { requests: { cpu: '250m' } },
          securityContext: { privileged: true },
          volumeMounts: [LIB_MODULES.mount, XTABLES_LOCK.mount],
        },
      ],
      volumes: [LIB_MODULES.volume, XTABLES_LOCK.volume],
    },
  );

function calicoControllers(): Manifest {
  const labels = { 'k8s-app': 'calico-kube-controllers' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: system('calico-kube-controllers', { labels }),
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'calico-kube-controllers', image: CALICO_CONTROLLERS, imagePullPolicy: 'IfNotPresent' }],
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'calico-kube-controllers',
          tolerations: CRITICAL_TOLERATIONS,
        },
      },
    },
  };
}
