/** What kubeadm has left in the files of the node it was run on, and how a kubelet reads the manifests there. */
import type { KubeObject } from '../api/object.js';
import type { Schemas } from '../api/resource.js';
import { publicKeyFile } from '../api/service-account-token.js';
import { decodeObject } from '../apiserver/decode.js';
import { STATIC_POD_PATH } from '../kubelet/index.js';
import { parseYaml } from '../text/yaml.js';
import { emitYaml } from '../text/yaml-emitter.js';
import { readSchemas } from './assets.js';
import { kubeletConfiguration } from './kubeadm.js';
import type { NodeProfile, Profile } from './profile.js';
import { staticPods } from './system-workloads.js';

/** The manifests of a control plane's static pods, by the names of their files. */
export const staticManifests = (profile: Profile, node: NodeProfile): Readonly<Record<string, string>> =>
  Object.fromEntries(
    staticPods(profile, node).map((pod) => [
      `${pod.metadata.name}.yaml`,
      emitYaml({ ...pod, metadata: { creationTimestamp: null, ...pod.metadata }, status: {} }),
    ]),
  );

const KUBELET_SERVICE = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=http://kubernetes.io/docs/
ConditionPathExists=/var/lib/kubelet/config.yaml

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
# NOTE: kind deviates from upstream here with a lower RestartSec
RestartSec=1s

[Install]
WantedBy=multi-user.target
`;
const KUBEADM_DROP_IN = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;
const CONTAINERD_SERVICE = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target

[Service]
ExecStart=/usr/local/bin/containerd
Type=notify
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;

/** A client's configuration: its certificate is in a file, or not shown. */
const kubeconfig = ({ nodes }: Profile, authority: string, user: string, certificate?: string): string => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${Buffer.from(authority).toString('base64')}
    server: https://${nodes[0]?.name ?? ''}:6443
  name: podsim
contexts:
- context:
    cluster: podsim
    user: ${user}
  name: ${user}@podsim
current-context: ${user}@podsim
kind: Config
users:
- name: ${user}
  user:
    client-certificate${certificate === undefined ? '-data: REDACTED' : `: ${certificate}`}
    client-key${certificate === undefined ? '-data: REDACTED' : `: ${certificate}`}
`;

function cniFiles({ cni, podCIDR }: Profile): Readonly<Record<string, string>> {
  const programs = [
    'bandwidth',
    'bridge',
    'host-local',
    'loopback',
    'portmap',
    cni === 'flannel' ? 'flannel' : 'calico',
    ...(cni === 'flannel' ? [] : ['calico-ipam']),
  ];
  const conf =
    cni === 'flannel'
      ? {
          name: 'cbr0',
          cniVersion: '0.3.1',
          plugins: [
            { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
            { type: 'portmap', capabilities: { portMappings: true } },
          ],
        }
      : {
          name: 'k8s-pod-network',
          cniVersion: '0.3.1',
          plugins: [
            { type: 'calico', ipam: { type: 'calico-ipam' }, policy: { type: 'k8s' } },
            { type: 'portmap', snat: true, capabilities: { portMappings: true } },
          ],
        };
  return {
    [`/etc/cni/net.d/10-${cni}.conflist`]: `${JSON.stringify(conf, null, 2)}\n`,
    ...(cni === 'flannel' ? { '/run/flannel/subnet.env': `FLANNEL_NETWORK=${podCIDR}\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n` } : {}),
    ...Object.fromEntries(programs.map((name) => [`/opt/cni/bin/${name}`, ''])),
  };
}

const PAIRS = 'apiserver apiserver-etcd-client apiserver-kubelet-client front-proxy-client etcd/healthcheck-client etcd/peer etcd/server'.split(' ');
const HIDDEN = '# podsim does not show private keys, nor the certificates that go with them\n';

/** The certificates and the clients' configurations that kubeadm init has made. */
function controlPlaneFiles(profile: Profile, name: string, authority: string): Readonly<Record<string, string>> {
  const pki = (file: string): string => `/etc/kubernetes/pki/${file}`;
  return {
    ...Object.fromEntries(PAIRS.flatMap((pair) => [`${pair}.crt`, `${pair}.key`].map((file) => [pki(file), HIDDEN]))),
    ...Object.fromEntries(['ca.key', 'etcd/ca.key', 'front-proxy-ca.key', 'sa.key'].map((file) => [pki(file), HIDDEN])),
    [pki('sa.pub')]: publicKeyFile(),
    ...Object.fromEntries(['etcd/ca.crt', 'front-proxy-ca.crt'].map((file) => [pki(file), HIDDEN])),
    ...Object.fromEntries(
      [
        ['admin', 'kubernetes-admin'],
        ['super-admin', 'kubernetes-super-admin'],
        ['controller-manager', 'system:kube-controller-manager'],
        ['scheduler', 'system:kube-scheduler'],
      ].map(([file, user]) => [`/etc/kubernetes/${file}.conf`, kubeconfig(profile, authority, user as string)]),
    ),
    '/var/lib/etcd/member/snap/db': '',
    '/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal': '',
    '/etc/hostname': `${name}\n`,
  };
}

/** Files of a node that differ from cluster to cluster and from node to node, by their paths. */
export const nodeFiles = (
  profile: Profile,
  { name, isControlPlane }: Pick<NodeProfile, 'name' | 'isControlPlane'>,
  manifests: Readonly<Record<string, string>>,
  authority: string,
): Readonly<Record<string, string>> => ({
  '/var/lib/kubelet/config.yaml': kubeletConfiguration(profile),
  '/var/lib/kubelet/kubeadm-flags.env': `KUBELET_KUBEADM_ARGS="--node-ip=${profile.nodes.find((node) => node.name === name)?.ip ?? ''} --node-labels= --pod-infra-container-image=registry.k8s.io/pause:3.10 --provider-id=kind://docker/podsim/${name}"\n`,
  '/etc/systemd/system/kubelet.service': KUBELET_SERVICE,
  '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf': KUBEADM_DROP_IN,
  '/etc/systemd/system/kubelet.service.d/11-kind.conf': '[Service]\nCPUAccounting=true\nMemoryAccounting=true\nSlice=kubelet.slice\nKillMode=process\n',
  '/etc/systemd/system/containerd.service': CONTAINERD_SERVICE,
  '/etc/crictl.yaml': 'runtime-endpoint: unix:///run/containerd/containerd.sock\n',
  '/etc/kubernetes/pki/ca.crt': authority,
  '/etc/kubernetes/kubelet.conf': kubeconfig(profile, authority, 'default-auth', '/var/lib/kubelet/pki/kubelet-client-current.pem'),
  ...cniFiles(profile),
  ...(isControlPlane && Object.keys(manifests).length > 0 ? controlPlaneFiles(profile, name, authority) : {}),
  ...Object.fromEntries(Object.entries(manifests).map(([name, text]) => [`${STATIC_POD_PATH}/${name}`, text])),
});

/** Reads the Pod a manifest describes; what the schema does not know is left out (tryDecodeSinglePod). undefined: there is none to be read. */
export function manifestReader(): (text: string) => KubeObject | undefined {
  let schemas: Schemas | undefined;
  return (text) => {
    const parsed = parseYaml(text);
    if ('error' in parsed || typeof parsed.value !== 'object' || parsed.value === null) return undefined;
    const { apiVersion, kind } = parsed.value as Partial<KubeObject>;
    if (apiVersion !== 'v1' || kind !== 'Pod') return undefined;
    schemas ??= readSchemas();
    const { value, error } = decodeObject(schemas, 'V1Pod', parsed.value);
    const pod = value as Partial<KubeObject>;
    return error === undefined && pod.metadata?.name && 'spec' in pod ? (pod as KubeObject) : undefined;
  };
}
