/** What runs in kube-system of a cluster made by kind: kubeadm's static pods, CoreDNS, kube-proxy, and the network's own. */
import type { ObjectMeta } from '../api/object.js';
import type { PodSpec } from '../resources/pods/types.js';
import { apiServerFlags, configMaps, controllerManagerFlags, etcdFlags, schedulerFlags } from './kubeadm.js';
import { storageImages } from './local-path-storage.js';
import type { Manifest } from './manifest.js';
import { type NodeProfile, type Profile, serviceAddress } from './profile.js';

interface HostMount {
  readonly name: string;
  readonly path: string;
  readonly type: 'DirectoryOrCreate' | 'FileOrCreate';
  readonly readOnly: boolean;
}
const mount = (name: string, path: string, readOnly = true, type: HostMount['type'] = 'DirectoryOrCreate'): HostMount => ({ name, path, type, readOnly });
const CA_CERTS = mount('ca-certs', '/etc/ssl/certs');
const OTHER_CA_CERTS = [
  mount('usr-local-share-ca-certificates', '/usr/local/share/ca-certificates'),
  mount('usr-share-ca-certificates', '/usr/share/ca-certificates'),
];
const ETC_CA = mount('etc-ca-certificates', '/etc/ca-certificates');
const K8S_CERTS = mount('k8s-certs', '/etc/kubernetes/pki');
const kubeconfig = (name: string): HostMount => mount('kubeconfig', `/etc/kubernetes/${name}.conf`, true, 'FileOrCreate');

/** What of the node's files each of them sees at the same place (phases/controlplane/volumes.go, phases/etcd/local.go). */
const HOST_MOUNTS: Readonly<Record<string, readonly HostMount[]>> = {
  etcd: [mount('etcd-data', '/var/lib/etcd', false), mount('etcd-certs', '/etc/kubernetes/pki/etcd', false)],
  'kube-apiserver': [CA_CERTS, ETC_CA, K8S_CERTS, ...OTHER_CA_CERTS],
  'kube-controller-manager': [
    CA_CERTS,
    ETC_CA,
    mount('flexvolume-dir', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec', false),
    K8S_CERTS,
    kubeconfig('controller-manager'),
    ...OTHER_CA_CERTS,
  ],
  'kube-scheduler': [kubeconfig('scheduler')],
};

/** The pods the control plane's kubelet runs, as kubeadm writes their manifests. */
export function staticPods(profile: Profile, node: NodeProfile): readonly Manifest[] {
  const image = (name: string) => `registry.k8s.io/${name}:${profile.kubernetes}`;
  const annotations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    etcd: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${node.ip}:2379` },
    'kube-apiserver': { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${node.ip}:6443` },
  };
  const pod = (component: string, imageName: string, cpu: string, memory: string | undefined, flags: readonly string[], port: number): Manifest => {
    const probe = (path: string, more: object) => ({
      httpGet: { host: '127.0.0.1', path, port, scheme: component === 'etcd' ? 'HTTP' : 'HTTPS' },
      timeoutSeconds: 15,
      ...more,
    });
    const hostMounts = HOST_MOUNTS[component] ?? [];
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
            resources: { requests: { cpu, ...(memory === undefined ? {} : { memory }) } },
            livenessProbe: probe(component === 'kube-apiserver' ? '/livez' : '/healthz', { failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10 }),
            startupProbe: probe(component === 'kube-apiserver' ? '/livez' : '/healthz', { failureThreshold: 24, initialDelaySeconds: 10, periodSeconds: 10 }),
            volumeMounts: hostMounts.map(({ name, path, readOnly }) => ({ mountPath: path, name, ...(readOnly ? { readOnly } : {}) })),
          },
        ],
        hostNetwork: true,
        priorityClassName: 'system-node-critical',
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        volumes: hostMounts.map(({ name, path, type }) => ({ hostPath: { path, type }, name })),
      } as PodSpec,
    };
  };
  return [
    pod('etcd', ETCD, '100m', '100Mi', etcdFlags(node), 2381),
    pod('kube-apiserver', image('kube-apiserver'), '250m', undefined, apiServerFlags(profile, node), 6443),
    pod('kube-controller-manager', image('kube-controller-manager'), '200m', undefined, controllerManagerFlags(profile), 10257),
    pod('kube-scheduler', image('kube-scheduler'), '100m', undefined, schedulerFlags, 10259),
  ];
}

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
        },
      ],
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
        },
      ],
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
        },
      ],
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
