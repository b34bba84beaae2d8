/**
 * kubectl as pods have it: with their service account, towards their own API server. The server lays out its tables; what is here is enough to see
 * what a role allows and to do what jobs do with it. The kubectl that podsim itself is has all of it (src/kubectl).
 */
import type { NetworkResult } from '../../process.js';
import type { Program, ProgramContext } from '../program.js';
import { later } from './later.js';

interface Kind {
  readonly plural: string;
  readonly single: string;
  readonly group: string;
  readonly version: string;
  readonly isNamespaced: boolean;
}

/** plural, singular, group/version, short names; `!`: of the cluster. */
const KINDS = `pods pod v1 po
services service v1 svc
configmaps configmap v1 cm
secrets secret v1
serviceaccounts serviceaccount v1 sa
endpoints endpoints v1 ep
events event v1 ev
limitranges limitrange v1 limits
resourcequotas resourcequota v1 quota
replicationcontrollers replicationcontroller v1 rc
persistentvolumeclaims persistentvolumeclaim v1 pvc
!nodes node v1 no
!namespaces namespace v1 ns
!persistentvolumes persistentvolume v1 pv
deployments deployment apps/v1 deploy
replicasets replicaset apps/v1 rs
statefulsets statefulset apps/v1 sts
daemonsets daemonset apps/v1 ds
jobs job batch/v1
cronjobs cronjob batch/v1 cj
horizontalpodautoscalers horizontalpodautoscaler autoscaling/v2 hpa
ingresses ingress networking.k8s.io/v1 ing
networkpolicies networkpolicy networking.k8s.io/v1 netpol
poddisruptionbudgets poddisruptionbudget policy/v1 pdb
roles role rbac.authorization.k8s.io/v1
rolebindings rolebinding rbac.authorization.k8s.io/v1
!clusterroles clusterrole rbac.authorization.k8s.io/v1
!clusterrolebindings clusterrolebinding rbac.authorization.k8s.io/v1
!storageclasses storageclass storage.k8s.io/v1 sc
!customresourcedefinitions customresourcedefinition apiextensions.k8s.io/v1 crd crds`
  .split('\n')
  .map((line): readonly [readonly string[], Kind] => {
    const [first = '', single = '', version = '', ...short] = line.split(' ');
    const plural = first.replace('!', '');
    const [group, bare] = version.includes('/') ? version.split('/') : ['', version];
    return [
      [plural, single, ...short, ...(group === '' ? [] : [`${plural}.${group}`, `${single}.${group}`])],
      kindOf(plural, single, group ?? '', bare ?? '', first),
    ];
  });

function kindOf(plural: string, single: string, group: string, version: string, first: string): Kind {
  return { plural, single, group, version, isNamespaced: !first.startsWith('!') };
}

const findKind = (word: string): Kind | undefined => KINDS.find(([names]) => names.includes(word.toLowerCase()))?.[1];

interface Call {
  readonly context: ProgramContext;
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  readonly namespace: string;
  ask(method: string, path: string, options?: { readonly accept?: string; readonly type?: string; readonly body?: unknown }): string;
}

interface Said {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
}

/** What kubectl ends with. */
class Refused extends Error {}

const VALUED =
  'namespace output selector container tail replicas patch type template field-selector sort-by since timeout grace-period kubeconfig context server token user as'.split(
    ' ',
  );
const SHORT: Readonly<Record<string, string>> = { n: 'namespace', o: 'output', l: 'selector', c: 'container', A: 'all-namespaces', p: 'patch', w: 'watch' };

function parse(args: readonly string[]): Pick<Call, 'words' | 'flags'> {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    const [, long, given] = /^--([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const [, letter = '', rest = ''] = /^-([a-zA-Z])(.*)$/s.exec(arg) ?? [];
    const name = long ?? SHORT[letter];
    if (name === undefined || arg === '--') words.push(arg);
    else if (!VALUED.includes(name)) flags.set(name, given ?? 'true');
    else flags.set(name, given ?? (rest === '' ? (args[++i] ?? '') : rest.replace(/^=/, '')));
  }
  return { words, flags };
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

function callOf(context: ProgramContext): Call {
  const { host, env } = context;
  const read = (name: string): string | undefined =>
    host.files.stat(`${ACCOUNT}/${name}`) === undefined ? undefined : host.files.read(`${ACCOUNT}/${name}`).trim();
  const { words, flags } = parse(context.args);
  const token = flags.get('token') ?? read('token');
  const address = env['KUBERNETES_SERVICE_HOST'];
  return {
    context,
    words,
    flags,
    namespace: flags.get('namespace') ?? read('namespace') ?? 'default',
    ask(method, path, { accept = 'application/json', type = 'application/json', body } = {}) {
      if (token === undefined || address === undefined)
        throw new Refused('The connection to the server localhost:8080 was refused - did you specify the right host or port?');
      const headers = { Authorization: `Bearer ${token}`, Accept: accept, 'Content-Type': type, 'User-Agent': 'kubectl' };
      const port = Number(env['KUBERNETES_SERVICE_PORT'] ?? 443);
      return textOf(
        host.network.http({ method, scheme: 'https', host: address, port, path, headers, body: body === undefined ? '' : JSON.stringify(body) }),
        address,
        port,
      );
    },
  };
}

function textOf(answer: NetworkResult, address: string, port: number): string {
  if ('failure' in answer)
    throw new Refused(
      answer.failure === 'refused'
        ? `The connection to the server ${address}:${port} was refused - did you specify the right host or port?`
        : `Unable to connect to the server: dial tcp ${address}:${port}: i/o timeout`,
    );
  if ((answer.status ?? 200) < 400) return answer.body;
  let status: { readonly reason?: string; readonly message?: string } = {};
  try {
    status = JSON.parse(answer.body) as typeof status;
  } catch {
    // Not the API server's own words.
  }
  if (status.reason === 'Unauthorized') throw new Refused('error: You must be logged in to the server (Unauthorized)');
  throw new Refused(`Error from server${status.reason ? ` (${status.reason})` : ''}: ${status.message ?? answer.body}`);
}

/** `pods`, `pod/web`, `pods web db`. */
function targets({ words }: Call): { readonly kind: Kind; readonly names: readonly string[] } {
  const [first, ...rest] = words;
  if (first === undefined) throw new Refused('error: You must specify the type of resource to get.');
  const [type = '', name] = first.split('/');
  const kind = findKind(type);
  if (kind === undefined) throw new Refused(`error: the server doesn't have a resource type ${JSON.stringify(type)}`);
  return { kind, names: name === undefined ? rest : [name, ...rest.map((one) => one.replace(/^.*\//, ''))] };
}

function pathOf({ namespace, flags }: Call, { group, version, plural, isNamespaced }: Kind, name?: string, sub?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = isNamespaced && flags.get('all-namespaces') !== 'true' ? `/namespaces/${namespace}` : '';
  return `${root}${within}/${plural}${name === undefined ? '' : `/${name}`}${sub === undefined ? '' : `/${sub}`}`;
}

const typed = ({ single, group }: Kind): string => (group === '' ? single : `${single}.${group}`);

interface Table {
  readonly columnDefinitions?: readonly { readonly name: string; readonly priority?: number }[];
  readonly rows?: readonly {
    readonly cells: readonly unknown[];
    readonly object?: { readonly metadata?: { readonly name?: string; readonly namespace?: string } };
  }[];
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

function get(call: Call): Said {
  const { kind, names } = targets(call);
  const { flags } = call;
  const output = flags.get('output') ?? '';
  const query = new URLSearchParams();
  for (const [flag, key] of [
    ['selector', 'labelSelector'],
    ['field-selector', 'fieldSelector'],
  ] as const)
    if (flags.has(flag)) query.set(key, flags.get(flag) as string);
  const asked = names.length === 0 ? `?${query.size === 0 ? 'limit=500' : `${query}&limit=500`}` : '';
  const paths = names.length === 0 ? [pathOf(call, kind) + asked] : names.map((name) => pathOf(call, kind, name));
  if (output !== '' && output !== 'wide') {
    const objects = paths.map((path) => JSON.parse(call.ask('GET', path)) as { readonly items?: readonly unknown[] });
    return { out: written(output, objects, kind) };
  }
  const tables = paths.map((path) => JSON.parse(call.ask('GET', path, { accept: TABLE })) as Table);
  const rows = tables.flatMap((table) => table.rows ?? []);
  if (rows.length === 0)
    return {
      err: kind.isNamespaced && flags.get('all-namespaces') !== 'true' ? `No resources found in ${call.namespace} namespace.\n` : 'No resources found\n',
    };
  const shown = (tables[0]?.columnDefinitions ?? []).map(({ priority = 0 }) => priority === 0 || output === 'wide');
  const across = flags.get('all-namespaces') === 'true' && kind.isNamespaced;
  const line = (cells: readonly unknown[], namespace: string): string[] => [...(across ? [namespace] : []), ...cells.filter((_, at) => shown[at]).map(String)];
  const head = line(
    (tables[0]?.columnDefinitions ?? []).map(({ name }) => name.toUpperCase()),
    'NAMESPACE',
  );
  const body = rows.map(({ cells, object }) => line(cells, object?.metadata?.namespace ?? ''));
  return { out: aligned(flags.get('no-headers') === 'true' ? body : [head, ...body]) };
}

/** Three blanks between columns, as kubectl's tab writer has them. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(6, ...lines.map((line) => (line[at] ?? '').length + 3)));
  return lines.map((line) => `${line.map((cell, at) => (at === line.length - 1 ? cell : cell.padEnd(widths[at] as number))).join('')}\n`).join('');
}

function written(output: string, objects: readonly { readonly items?: readonly unknown[] }[], kind: Kind): string {
  const whole: unknown = objects.length === 1 ? objects[0] : { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: objects };
  if (output === 'name')
    return objects
      .flatMap((one) => one.items ?? [one])
      .map((one) => `${typed(kind)}/${(one as { readonly metadata?: { readonly name?: string } }).metadata?.name}\n`)
      .join('');
  if (output === 'json') return `${JSON.stringify(whole, null, 4)}\n`;
  const template = /^jsonpath=(.*)$/s.exec(output)?.[1];
  if (template !== undefined)
    return template.replace(/\{([^{}]*)\}/g, (_, inner: string) => (/^"(.*)"$/s.test(inner) ? unquoted(inner) : found(whole, inner).map(shownAs).join(' ')));
  throw new Refused(`podsim: kubectl get -o ${output} is not simulated in a container`);
}

const unquoted = (text: string): string => text.slice(1, -1).replaceAll('\\n', '\n').replaceAll('\\t', '\t');
const shownAs = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** `.items[*].metadata.name`: fields, indices and `*`. */
function found(root: unknown, path: string): readonly unknown[] {
  let all: readonly unknown[] = [root];
  for (const [, name, index] of path.matchAll(/\.((?:[\w/-]|\\\.)+)|\[['"]?([^\]'"]*)['"]?\]/g)) {
    const key = (name ?? index ?? '').replaceAll('\\.', '.');
    all = all.flatMap((one): readonly unknown[] => {
      if (typeof one !== 'object' || one === null) return [];
      if (key === '*') return Object.values(one);
      const value = (Array.isArray(one) ? one.at(Number(key)) : (one as Readonly<Record<string, unknown>>)[key]) as unknown;
      return value === undefined ? [] : [value];
    });
  }
  return all;
}

function remove(call: Call): Said {
  const { kind, names } = targets(call);
  const list = (): readonly string[] => {
    const query = call.flags.has('selector') ? `?labelSelector=${encodeURIComponent(call.flags.get('selector') ?? '')}` : '';
    const { items = [] } = JSON.parse(call.ask('GET', pathOf(call, kind) + query)) as {
      readonly items?: readonly { readonly metadata: { readonly name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name);
  };
  const all = names.length > 0 ? names : call.flags.has('selector') || call.flags.has('all') ? list() : [];
  if (all.length === 0) throw new Refused('error: resource(s) were provided, but no name was specified');
  for (const name of all) call.ask('DELETE', pathOf(call, kind, name));
  return { out: all.map((name) => `${typed(kind)} ${JSON.stringify(name)} deleted\n`).join('') };
}

const MERGE = 'application/merge-patch+json';

function scale(call: Call): Said {
  const { kind, names } = targets(call);
  const replicas = Number(call.flags.get('replicas') ?? Number.NaN);
  if (!Number.isInteger(replicas)) throw new Refused('error: required flag(s) "replicas" not set');
  for (const name of names) call.ask('PATCH', pathOf(call, kind, name, 'scale'), { type: MERGE, body: { spec: { replicas } } });
  return { out: names.map((name) => `${typed(kind)}/${name} scaled\n`).join('') };
}

function rollout(call: Call): Said {
  const [verb = '', ...words] = call.words;
  const { kind, names } = targets({ ...call, words });
  if (verb !== 'restart') throw new Refused(`podsim: kubectl rollout ${verb} is not simulated in a container`);
  const at = new Date(call.context.now).toISOString().replace(/\.\d+Z$/, 'Z');
  const body = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } } };
  for (const name of names) call.ask('PATCH', pathOf(call, kind, name), { type: 'application/strategic-merge-patch+json', body });
  return { out: names.map((name) => `${typed(kind)}/${name} restarted\n`).join('') };
}

const PATCHES: Readonly<Record<string, string>> = { strategic: 'application/strategic-merge-patch+json', merge: MERGE, json: 'application/json-patch+json' };

function patch(call: Call): Said {
  const { kind, names } = targets(call);
  const type = PATCHES[call.flags.get('type') ?? 'strategic'] as string;
  let body: unknown;
  try {
    body = JSON.parse(call.flags.get('patch') ?? '');
  } catch {
    throw new Refused('error: unable to parse the patch');
  }
  for (const name of names) call.ask('PATCH', pathOf(call, kind, name), { type, body });
  return { out: names.map((name) => `${typed(kind)}/${name} patched\n`).join('') };
}

function logs(call: Call): Said {
  const [first = ''] = call.words;
  const query = new URLSearchParams();
  if (call.flags.has('container')) query.set('container', call.flags.get('container') as string);
  if (call.flags.has('tail')) query.set('tailLines', call.flags.get('tail') as string);
  return { out: call.ask('GET', `${pathOf(call, findKind('pods') as Kind, first.replace(/^pods?\//, ''), 'log')}${query.size === 0 ? '' : `?${query}`}`) };
}

function auth(call: Call): Said {
  const [verb, action = '', resource = '', name = ''] = call.words;
  if (verb === 'whoami') {
    const review = call.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    const { userInfo = {} } = (
      JSON.parse(review) as { readonly status: { readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] } } }
    ).status;
    return { out: `ATTRIBUTE   VALUE\nUsername    ${userInfo.username}\nGroups      [${(userInfo.groups ?? []).join(' ')}]\n` };
  }
  if (verb !== 'can-i' || action === '' || resource === '') throw new Refused(`podsim: kubectl auth ${call.words.join(' ')} is not simulated in a container`);
  const [type = '', named = name] = resource.split('/');
  const [bare = '', sub = ''] = [type, call.flags.get('subresource') ?? ''];
  const kind = findKind(bare);
  const namespace = kind?.isNamespaced === false || call.flags.get('all-namespaces') === 'true' ? '' : call.namespace;
  const resourceAttributes = { verb: action, group: kind?.group ?? '', resource: kind?.plural ?? bare, subresource: sub, name: named, namespace };
  const nonResource = { nonResourceAttributes: { verb: action, path: resource } };
  const spec = resource.startsWith('/') ? nonResource : { resourceAttributes };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
  const review = JSON.parse(call.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body })) as {
    readonly status: { readonly allowed?: boolean };
  };
  const isAllowed = review.status.allowed === true;
  return { out: isAllowed ? 'yes\n' : 'no\n', code: isAllowed ? 0 : 1 };
}

function version(call: Call): Said {
  const client = 'Client Version: v1.33.1\nKustomize Version: v5.6.0\n';
  if (call.flags.has('client')) return { out: client };
  const { gitVersion } = JSON.parse(call.ask('GET', '/version')) as { readonly gitVersion: string };
  return { out: `${client}Server Version: ${gitVersion}\n` };
}

const COMMANDS: Readonly<Record<string, (call: Call) => Said>> = { get, delete: remove, scale, rollout, patch, logs, auth, version };

export const kubectl: Program = {
  name: 'kubectl',
  run(context) {
    return later(context, () => {
      const call = callOf(context);
      const [name = '', ...words] = call.words;
      const command = COMMANDS[name];
      if (command === undefined) return { code: 1, takes: 0, err: `podsim: kubectl ${name} is not simulated in a container\n` };
      try {
        const { code = 0, ...said } = command({ ...call, words });
        return { code, takes: 30, ...said };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { code: 1, takes: 30, err: `${error.message}\n` };
      }
    });
  },
};
