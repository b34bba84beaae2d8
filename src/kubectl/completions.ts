/** What may stand where on a command line, by command (k8s.io/kubectl pkg/util/completion completion.go). */
import { groupResourceOf } from '../client/rest-mapper.js';
import type { Pod } from '../resources/pods/types.js';
import type { Factory, Flag } from './command.js';
import { PODS } from './pods.js';

/** What the shell does besides: cobra's ShellCompDirective. They add up. */
export const Directive = { Default: 0, NoSpace: 2, NoFileComp: 4, FilterFileExt: 8 } as const;

/** `ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp`. */
export function directiveNames(directive: number): string {
  const names = Object.entries(Directive).filter(([, bit]) => bit !== 0 && (directive & bit) !== 0);
  return names.length === 0 ? 'ShellCompDirectiveDefault' : names.map(([name]) => `ShellCompDirective${name}`).join(', ');
}

export interface Candidates {
  readonly values: readonly { readonly value: string; readonly meaning?: string }[];
  readonly directive: number;
}

type Completer = (args: readonly string[], last: string, factory: Factory) => Promise<Candidates>;

const only = (values: readonly string[], directive: number = Directive.NoFileComp): Candidates => ({ values: values.map((value) => ({ value })), directive });

/** Whatever fails on the way, a shell must not show. */
async function quietly(find: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await find();
  } catch {
    return [];
  }
}

const namesOf = (factory: Factory, type: string): Promise<readonly string[]> =>
  quietly(async () => {
    const mapping = (await factory.mapper()).find(type);
    if (mapping === undefined) return [];
    const list = await factory.client.list({ resource: mapping, namespace: mapping.namespaced ? factory.namespace : '' });
    return list.items.map((item) => item.metadata.name ?? '');
  });

/** Types that can be read, as `api-resources -o name` lists them. */
const types = (factory: Factory): Promise<readonly string[]> =>
  quietly(async () => {
    const readable = (await factory.mapper()).mappings.filter(({ verbs }) => verbs.includes('get'));
    const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    return [...new Set([...readable].sort((a, b) => compare(a.group, b.group) || compare(a.resource, b.resource)).map(groupResourceOf))];
  });

/** TYPE NAME…, TYPE/NAME …; of a comma list the last is meant. */
const typed =
  (allowed?: readonly string[], repeats = true): Completer =>
  async (args, last, factory) => {
    const slash = last.indexOf('/');
    if (slash >= 0) {
      const type = last.slice(0, slash);
      return only((await namesOf(factory, type)).map((name) => `${type}/${name}`).filter((name) => !args.includes(name)));
    }
    if (args.length === 0) {
      const before = last.slice(0, last.lastIndexOf(',') + 1);
      return only((allowed ?? (await types(factory))).map((type) => before + type));
    }
    if ((args[0] as string).includes('/') || (!repeats && args.length > 1)) return only([]);
    return only((await namesOf(factory, args[0] as string)).filter((name) => !args.slice(1).includes(name)));
  };

/** Names of one type alone. */
const named =
  (type: string, repeats = false): Completer =>
  async (args, _, factory) =>
    only(args.length > 0 && !repeats ? [] : (await namesOf(factory, type)).filter((name) => !args.includes(name)));

const WITH_PODS = ['daemonsets/', 'deployments/', 'pods/', 'jobs/', 'replicasets/', 'replicationcontrollers/', 'services/', 'statefulsets/'];

/** A pod, or something that has pods; for logs then one of its containers. */
const podLike =
  (withContainers: boolean): Completer =>
  async (args, last, factory) => {
    if (args.length > 0) return only(withContainers && args.length === 1 ? await containersOf(factory, args[0] as string) : []);
    if (last.includes('/')) return typed()(args, last, factory);
    const pods = (await namesOf(factory, 'pods')).filter((name) => name.startsWith(last));
    // With nothing but types there is a name still to come.
    return only([...pods, ...WITH_PODS], pods.length === 0 ? Directive.NoSpace | Directive.NoFileComp : Directive.NoFileComp);
  };

const containersOf = (factory: Factory, argument: string): Promise<readonly string[]> =>
  quietly(async () => {
    const { spec } = await factory.client.get<Pod>({ resource: PODS, namespace: factory.namespace, name: argument.replace(/^(pods?|po)\//, '') });
    return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(({ name }) => name);
  });

/** `pod:`, `namespace/`, and files of this machine. */
const copied: Completer = async (args, last, factory) => {
  if (args.length > 1) return only([], Directive.Default);
  if (last.includes(':') || /^[./]/.test(last)) return only([], last.includes(':') ? Directive.NoSpace : Directive.Default);
  const slash = last.indexOf('/');
  if (slash >= 0) {
    const namespace = last.slice(0, slash);
    const pods = await namesOf({ ...factory, namespace }, 'pods');
    return only(
      pods.map((name) => `${namespace}/${name}:`),
      Directive.NoSpace,
    );
  }
  const files = await quietly(async () => (last === '' ? [] : await factory.files.list('.')));
  const [namespaces, pods] = [await namesOf(factory, 'namespaces'), await namesOf(factory, 'pods')];
  return only([...namespaces.map((name) => `${name}/`), ...pods.map((name) => `${name}:`), ...files, ...(last === '' ? ['./', '/'] : [])], Directive.NoSpace);
};

const ofKubeconfig =
  (part: 'contexts' | 'clusters' | 'users', repeats = false): Completer =>
  async (args, _, factory) =>
    only(args.length > 0 && !repeats ? [] : await quietly(async () => (await factory.kubeconfig()).config[part].map(({ name }) => name)));

const ROLLED_OUT = ['deployment', 'daemonset', 'statefulset'];
const SCALED = ['deployment', 'replicaset', 'replicationcontroller', 'statefulset'];

/** By the way to the command. Others leave it to the shell. */
const ARGUMENTS: Readonly<Record<string, Completer>> = {
  annotate: typed(),
  'apply edit-last-applied': typed(),
  'apply view-last-applied': typed(),
  attach: podLike(false),
  autoscale: typed(SCALED, false),
  completion: async (args) => only(args.length > 0 ? [] : ['bash', 'zsh', 'fish', 'powershell']),
  'config delete-cluster': ofKubeconfig('clusters'),
  'config delete-context': ofKubeconfig('contexts'),
  'config delete-user': ofKubeconfig('users'),
  'config rename-context': ofKubeconfig('contexts'),
  'config set-context': ofKubeconfig('contexts'),
  'config use-context': ofKubeconfig('contexts'),
  cordon: named('nodes'),
  cp: copied,
  'create token': named('serviceaccounts'),
  debug: typed(),
  delete: typed(),
  describe: typed(),
  drain: named('nodes'),
  edit: typed(),
  exec: podLike(false),
  expose: typed(['pod', 'service', 'replicationcontroller', 'deployment', 'replicaset'], false),
  get: typed(),
  label: typed(),
  logs: podLike(true),
  patch: typed(),
  'port-forward': podLike(false),
  'rollout history': typed(ROLLED_OUT),
  'rollout pause': typed(['deployment']),
  'rollout restart': typed(ROLLED_OUT),
  'rollout resume': typed(['deployment']),
  'rollout status': typed(ROLLED_OUT),
  'rollout undo': typed(ROLLED_OUT),
  scale: typed(SCALED),
  'set image': typed(['daemonsets', 'deployments', 'pods', 'cronjobs', 'replicasets', 'replicationcontrollers', 'statefulsets']),
  taint: typed(['node']),
  'top node': named('nodes'),
  'top pod': named('pods'),
  uncordon: named('nodes'),
};

export const ofArguments: (commandPath: string, ...rest: Parameters<Completer>) => Promise<Candidates> = async (commandPath, ...rest) =>
  (await ARGUMENTS[commandPath]?.(...rest)) ?? only([], Directive.Default);

const GET_FORMATS =
  'json yaml name go-template go-template-file template templatefile jsonpath jsonpath-as-json jsonpath-file custom-columns custom-columns-file wide';

/** What a flag may be set to. */
export async function ofFlag(commandPath: string, { name }: Flag, args: readonly string[], factory: Factory): Promise<Candidates> {
  switch (name) {
    case 'namespace':
      return only(await namesOf(factory, 'namespaces'));
    case 'context':
    case 'cluster':
    case 'user':
      return ofKubeconfig(`${name}s`)([], '', factory);
    case 'filename':
      return { values: ['json', 'yaml', 'yml'].map((value) => ({ value })), directive: Directive.FilterFileExt };
    case 'output':
      return commandPath === 'get' ? only(GET_FORMATS.split(' ')) : only([], Directive.Default);
    case 'container':
      return commandPath === 'exec' && args[0] !== undefined ? only(await containersOf(factory, args[0])) : only([], Directive.Default);
    default:
      return only([], Directive.Default);
  }
}
