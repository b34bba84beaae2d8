/** The daemons of a node as programs on it find them: its init, the kubelet, and on the control plane etcd behind the API server. */
import { bytesOf } from '../api/bytes.js';
import { fnv1a } from '../api/fnv.js';
import type { KubeObject } from '../api/object.js';
import type { ResourceNames } from '../api/resource.js';
import { formatTime, parseTime, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import { kubeletJournal, manifestsKey, type NodeFault, nodeFaultKey, rememberStopped, type UnitChange } from '../kubelet/index.js';
import type { NodeDaemons } from '../runtime/index.js';
import type { Parts } from './cluster.js';

/** Starts and stops of a node's kubelet since it was made (StateMap); nothing while it has only ever run. */
const changesKey = (node: string): string => `nodes/${node}/kubelet`;
/** What the kubelet is on a node that kind has made. */
const FIRST_PID = 223;
/** Older ones are forgotten. */
const MOST_CHANGES = 40;

export interface DaemonOptions {
  readonly parts: Parts;
  readonly api: Api;
  readonly node: string;
  readonly isControlPlane: boolean;
  readonly kubelet: () => string;
  names(): readonly ResourceNames[];
}

export function nodeDaemons({ parts, api, node, isControlPlane, kubelet, names }: DaemonOptions): NodeDaemons {
  const { state, profile, now, wake } = parts;
  const born = (): Time => parseTime(api.get('nodes', { namespace: '', name: node })?.metadata.creationTimestamp ?? '') ?? now();
  const changes = (): readonly UnitChange[] => state.get<UnitChange[]>(changesKey(node)) ?? [{ at: born(), pid: FIRST_PID, isStart: true }];
  const isStopped = (): boolean => state.get<NodeFault>(nodeFaultKey(node))?.kind === 'kubelet';
  const look = (): void => {
    const key = { namespace: '', name: node };
    wake(kubelet(), key);
    wake(kubelet(), manifestsKey);
    wake('node-controller', key);
    for (const { metadata } of api.list('pods', { index: { name: 'node', value: node } }))
      wake(kubelet(), { namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
  };
  return {
    kubernetes: profile.kubernetes,
    get made() {
      return parseTime(api.get('namespaces', { namespace: '', name: 'kube-system' })?.metadata.creationTimestamp ?? '') ?? born();
    },
    unit(name) {
      if (name === 'containerd') return { isActive: true, since: born(), pid: 105 };
      if (name !== 'kubelet') return undefined;
      const last = changes().at(-1) as UnitChange;
      return { isActive: !isStopped(), since: last.at, pid: last.pid };
    },
    setUnit(name, isActive) {
      if (name !== 'kubelet') return;
      const before = changes();
      const at = now();
      const last = before.at(-1) as UnitChange;
      const more: UnitChange[] = [];
      if (last.isStart) more.push({ at, pid: last.pid, isStart: false });
      if (isActive) more.push({ at, pid: last.pid + 1000 + (((at / 1000) % 97) | 0), isStart: true });
      state.set(changesKey(node), [...before, ...more].slice(-MOST_CHANGES));
      rememberStopped(state, node);
      if (isActive) {
        if (isStopped()) state.delete(nodeFaultKey(node));
      } else if (state.get(nodeFaultKey(node)) === undefined) state.set(nodeFaultKey(node), { kind: 'kubelet', since: at } satisfies NodeFault);
      look();
    },
    journal: (unit) => (unit === 'kubelet' ? kubeletJournal({ node, api, state, changes: changes() }) : []),
    podChanged(podKey) {
      const [namespace = '', name = ''] = podKey.split('/');
      wake(kubelet(), { namespace, name });
    },
    ...(isControlPlane
      ? {
          etcd: {
            get revision() {
              return parts.store.revision;
            },
            keys: (prefix: string) => [...stored(parts, names(), prefix).keys()].sort(),
            value: (key: string) => {
              const object = stored(parts, names(), key).get(key);
              return object === undefined ? undefined : JSON.stringify(object);
            },
          },
          tokens: () =>
            api
              .list<KubeObject & { data?: Record<string, string>; type?: string }>('secrets', { namespace: 'kube-system' })
              .filter(({ type }) => type === 'bootstrap.kubernetes.io/token')
              .map(({ metadata, data = {} }) => ({ id: metadata.name ?? '', data })),
          createToken: (id: string, secret: string, expires: number | undefined, description: string | undefined) => {
            const data = {
              'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
              ...(description === undefined ? {} : { description }),
              ...(expires === undefined ? {} : { expiration: formatTime(expires as Time) }),
              'token-id': id,
              'token-secret': secret,
              'usage-bootstrap-authentication': 'true',
              'usage-bootstrap-signing': 'true',
            };
            const secretOf = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
              Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Buffer.from(bytesOf(text)).toString('base64')]));
            const metadata = { name: `bootstrap-token-${id}`, namespace: 'kube-system' };
            const token = { apiVersion: 'v1', kind: 'Secret', metadata, data: secretOf(data), type: 'bootstrap.kubernetes.io/token' };
            api.create('secrets', token as KubeObject, { fieldManager: 'kubeadm' });
          },
          deleteToken: (id: string) => {
            const key = { namespace: 'kube-system', name: `bootstrap-token-${id}` };
            if (api.get('secrets', key) === undefined) return false;
            api.delete('secrets', key, {});
            return true;
          },
          joinCommand: (token: string) => {
            const [{ name = node } = {}] = profile.nodes;
            const digits = ['0', '1', '2', '3', '4', '5', '6', '7'].map((salt) => fnv1a(`${salt}/${name}/ca`).toString(16).padStart(8, '0')).join('');
            return `kubeadm join ${name}:6443 --token ${token} --discovery-token-ca-cert-hash sha256:${digits}`;
          },
        }
      : {}),
  };
}

/** Where the API server keeps what is not kept under its own name (default_storage_factory_builder.go). */
const PREFIXES: Readonly<Record<string, string>> = {
  replicationcontrollers: 'controllers',
  endpoints: 'services/endpoints',
  services: 'services/specs',
  nodes: 'minions',
  ingresses: 'ingress',
};
/** Servers of their own, and custom kinds, keep their objects below their group. */
const BELOW_GROUP: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

function stored({ store }: Parts, names: readonly ResourceNames[], prefix: string): Map<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  const done = new Set<string>();
  for (const { plural, group } of names) {
    const id = group === '' ? plural : `${plural}.${group}`;
    if (done.has(id)) continue;
    done.add(id);
    const isBelow = BELOW_GROUP.has(group) || (group.includes('.') && !group.endsWith('.k8s.io'));
    const at = `/registry/${isBelow ? `${group}/${plural}` : (PREFIXES[plural] ?? plural)}/`;
    if (!at.startsWith(prefix) && !prefix.startsWith(at)) continue;
    for (const object of store.list(id)) {
      const { namespace, name } = object.metadata;
      const key = `${at}${namespace ? `${namespace}/` : ''}${name}`;
      if (key.startsWith(prefix)) found.set(key, object);
    }
  }
  return found;
}
