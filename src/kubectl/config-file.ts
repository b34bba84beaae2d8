/** Changing the kubeconfig: what the commands of `config` share (client-go tools/clientcmd, pkg/cmd/config). */
import { compareKeys, emitYaml } from '../text/yaml-emitter.js';
import type { Factory } from './command.js';
import type { Kubeconfig, NamedCluster, NamedContext, NamedUser } from './kubeconfig.js';
import { isMap } from './manifests.js';

/** Saves it as clientcmd writes it: lists by name, nothing that is empty. */
export async function saveKubeconfig(factory: Factory, config: Kubeconfig): Promise<void> {
  const { path } = await factory.kubeconfig();
  await factory.files.write(path, emitYaml(encodable(config)));
}

/** How a certificate's path stands in the config: from where the config lies, if it lies below (clientcmd.RelativizePathWithNoBacksteps). */
export async function storedPath(factory: Factory, path: string): Promise<string> {
  const config = factory.files.path((await factory.kubeconfig()).path);
  const directory = config.slice(0, config.lastIndexOf('/') + 1);
  const file = factory.files.path(path);
  return `${file}/` === directory ? '.' : file.startsWith(directory) ? file.slice(directory.length) : file;
}

/** The form that is written and shown: empty lists are null, a context always names its cluster and user. */
export function encodable(config: Kubeconfig): Record<string, unknown> {
  const byName = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] | null =>
    list.length === 0 ? null : [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    kind: 'Config',
    apiVersion: 'v1',
    preferences: config.preferences,
    clusters: byName(config.clusters.map((one) => ({ name: one.name, cluster: withServer(one.cluster) }))),
    users: byName(config.users.map((one) => ({ name: one.name, user: inOrder(compact(withExec(one.user)), USER_KEYS) }))),
    contexts: byName(config.contexts.map((one) => ({ name: one.name, context: contextOf(one.context) }))),
    'current-context': config['current-context'],
  };
}

const inOrder = (map: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries([...keys.filter((key) => key in map), ...Object.keys(map).filter((key) => !keys.includes(key))].map((key) => [key, map[key]]));

const CLUSTER_KEYS = ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data', 'proxy-url'];
const USER_KEYS = [
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
  'tokenFile',
  'as',
  'username',
  'password',
  'auth-provider',
  'exec',
];

const withServer = (cluster: NamedCluster['cluster']) => inOrder({ ...compact(cluster), server: cluster.server ?? '' }, CLUSTER_KEYS);

/** Of a plugin some fields are there even when nothing was said of them (clientcmd/api/v1 ExecConfig). */
function withExec(user: NamedUser['user']): NamedUser['user'] {
  const { exec } = user;
  return isMap(exec) ? { ...user, exec: { args: null, env: null, provideClusterInfo: false, ...exec } } : user;
}

function contextOf(context: NamedContext['context']): Record<string, unknown> {
  const { cluster = '', user = '', namespace, ...rest } = context;
  return { cluster, user, ...compact({ namespace, ...rest }) };
}

/** Without what is empty, as `omitempty` has it. */
function compact(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined && value !== '' && value !== false && value !== null));
}

/** The list with an entry put in its place, or added. */
export const put = <T extends { readonly name: string }>(list: readonly T[], entry: T): readonly T[] =>
  list.some((one) => one.name === entry.name) ? list.map((one) => (one.name === entry.name ? entry : one)) : [...list, entry];

export const without = <T extends { readonly name: string }>(list: readonly T[], name: string): readonly T[] => list.filter((one) => one.name !== name);

const SECRETS: Readonly<Record<string, string>> = {
  'client-key-data': 'DATA+OMITTED',
  'client-certificate-data': 'DATA+OMITTED',
  token: 'REDACTED',
  password: 'REDACTED',
};

/** What `config view` shows without --raw. */
export function redacted(config: Kubeconfig): Kubeconfig {
  const hide = (map: Readonly<Record<string, unknown>>, secrets: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, secrets[key] !== undefined && value !== '' ? secrets[key] : value]));
  return {
    ...config,
    clusters: config.clusters.map((one) => ({ ...one, cluster: hide(one.cluster, { 'certificate-authority-data': 'DATA+OMITTED' }) })),
    users: config.users.map((one): NamedUser => ({ ...one, user: hide(one.user, SECRETS) })),
  };
}

export const sortedNames = (list: readonly { readonly name: string }[]): readonly string[] => list.map((one) => one.name).sort(compareKeys);
