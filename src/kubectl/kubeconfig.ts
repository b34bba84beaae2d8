/** The kubeconfig: clusters, users, contexts (k8s.io/client-go tools/clientcmd). One file: --kubeconfig, or PODSIM_HOME/config. */
import { jsonKind } from '../api/json-patch.js';
import type { Json } from '../api/object.js';
import { UsageError } from './command.js';
import { type Files, pathErrorText } from './files.js';

export interface NamedCluster {
  readonly name: string;
  readonly cluster: Readonly<Record<string, unknown>> & { readonly server?: string };
}
export interface NamedContext {
  readonly name: string;
  readonly context: Readonly<Record<string, unknown>> & { readonly cluster?: string; readonly user?: string; readonly namespace?: string };
}
export interface NamedUser {
  readonly name: string;
  readonly user: Readonly<Record<string, unknown>>;
}
/** v1 Config, as in the file. */
export interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly clusters: readonly NamedCluster[];
  readonly contexts: readonly NamedContext[];
  readonly 'current-context': string;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly users: readonly NamedUser[];
}

const EMPTY_KUBECONFIG: Kubeconfig = { apiVersion: 'v1', kind: 'Config', clusters: [], contexts: [], 'current-context': '', preferences: {}, users: [] };

/** Where podsim keeps its own things: PODSIM_HOME, or ~/.podsim. */
export function podsimHome(env: Readonly<Record<string, string | undefined>>): string {
  return env['PODSIM_HOME'] || `${env['HOME'] || env['USERPROFILE'] || '.'}/.podsim`;
}

/** Reads the file; a missing one is an empty config. */
export async function loadKubeconfig(files: Files, path: string): Promise<Kubeconfig> {
  if ((await files.kind(path)) === undefined) return EMPTY_KUBECONFIG;
  let text: string;
  try {
    text = await files.read(path);
  } catch (error) {
    throw new UsageError(`error loading config file "${path}": read ${path}: ${pathErrorText(error)}`);
  }
  return decodeKubeconfig(text, path);
}

/** Replaces the file whole, as clientcmd writes it. */
export async function saveKubeconfig(files: Files, path: string, config: Kubeconfig): Promise<void> {
  const { emitYaml } = await import('../text/yaml-emitter.js');
  await files.write(path, emitYaml(config), 0o600);
}

async function decodeKubeconfig(text: string, path: string): Promise<Kubeconfig> {
  let value: unknown = plainYaml(text);
  if (value === undefined) {
    const { parseYaml } = await import('../text/yaml.js');
    const parsed = parseYaml(text);
    if ('error' in parsed) throw new UsageError(`error loading config file "${path}": yaml: ${parsed.error}`);
    value = parsed.value;
  }
  if (value === null || value === undefined) return EMPTY_KUBECONFIG;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new UsageError(
      `error loading config file "${path}": couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const found = value as Partial<Record<keyof Kubeconfig, Json>>;
  const problem = problemOf(found);
  if (problem !== undefined) throw new UsageError(`error loading config file "${path}": ${problem}`);
  const list = <T>(of: unknown): readonly T[] => (Array.isArray(of) ? (of as T[]) : []);
  return {
    ...EMPTY_KUBECONFIG,
    clusters: list<NamedCluster>(found.clusters),
    contexts: list<NamedContext>(found.contexts),
    users: list<NamedUser>(found.users),
    'current-context': typeof found['current-context'] === 'string' ? found['current-context'] : '',
    preferences: (found.preferences ?? {}) as Readonly<Record<string, unknown>>,
  };
}

const LISTS = { clusters: 'NamedCluster', contexts: 'NamedContext', users: 'NamedAuthInfo' } as const;

/** What the decoder of clientcmd's scheme says of another version or kind, or of members of another type. */
function problemOf(config: Partial<Record<keyof Kubeconfig, Json>>): string | undefined {
  const { apiVersion = 'v1', kind = 'Config' } = config;
  if (apiVersion !== 'v1' || kind !== 'Config')
    return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"`;
  for (const name of ['clusters', 'contexts', 'users'] as const) {
    const list = config[name] ?? [];
    if (!Array.isArray(list)) return `json: cannot unmarshal ${jsonKind(list)} into Go struct field Config.${name} of type []v1.${LISTS[name]}`;
  }
  return undefined;
}

/**
 * Reads the plain kind of YAML that we write ourselves (two-space block maps, lists of maps, unquoted words), so that an everyday
 * command need not load the parser; undefined: anything else.
 */
function plainYaml(text: string): unknown {
  interface Frame {
    readonly indent: number;
    readonly value: Record<string, unknown> | unknown[];
  }
  const root: Record<string, unknown> = {};
  const stack: Frame[] = [{ indent: 0, value: root }];
  let open: { readonly parent: Record<string, unknown>; readonly key: string; readonly indent: number } | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const match = /^( *)(- )?([A-Za-z][\w-]*):(?: (\{\}|\[\]|""|[A-Za-z0-9/][\w./:@-]*))?$/.exec(line);
    if (match === null) return undefined;
    const spaces = (match[1] as string).length;
    const dash = match[2] !== undefined;
    const key = match[3] as string;
    if (key === '__proto__') return undefined;
    if (open !== undefined) {
      const value = dash && spaces === open.indent ? [] : !dash && spaces > open.indent ? {} : undefined;
      if (value !== undefined) stack.push({ indent: spaces, value });
      open.parent[open.key] = value ?? null;
      open = undefined;
    }
    if (dash) {
      while (stack.length > 0 && !(Array.isArray(stack.at(-1)?.value) && stack.at(-1)?.indent === spaces)) stack.pop();
      const list = stack.at(-1);
      if (list === undefined) return undefined;
      const item: Record<string, unknown> = {};
      (list.value as unknown[]).push(item);
      stack.push({ indent: spaces + 2, value: item });
    } else {
      while (stack.length > 0 && (Array.isArray(stack.at(-1)?.value) || (stack.at(-1) as Frame).indent > spaces)) stack.pop();
      if (stack.length === 0 || stack.at(-1)?.indent !== spaces) return undefined;
    }
    const map = (stack.at(-1) as Frame).value as Record<string, unknown>;
    const scalar = match[4];
    if (scalar === undefined) open = { parent: map, key, indent: dash ? spaces + 2 : spaces };
    else if (scalar === '{}') map[key] = {};
    else if (scalar === '[]') map[key] = [];
    else if (scalar === '""') map[key] = '';
    else if (/^(true|false)$/.test(scalar)) map[key] = scalar === 'true';
    else if (/^([\d.]|(y|n|yes|no|on|off|null|true|false)$)/i.test(scalar)) return undefined;
    else map[key] = scalar;
  }
  if (open !== undefined) open.parent[open.key] = null;
  return root;
}

/** What of the kubeconfig one command uses. */
export interface Target {
  readonly context: string;
  readonly cluster: string;
  /** An address, or `podsim://NAME` (a state file of this machine), or '' when the config says nothing. */
  readonly server: string;
  /** --server: that one and no other. */
  readonly isServerGiven: boolean;
  readonly namespace: string;
  readonly user: string;
  /** The user's or the command line's bearer token. */
  readonly token: string;
  /** The user to act as (--as). */
  readonly impersonate: string;
  /** --as-group, --as-uid. */
  readonly impersonateGroups: readonly string[];
  readonly impersonateUid: string;
  /** --insecure-skip-tls-verify. */
  readonly isInsecure: boolean;
  /** The cluster's and the user's own entries, for what an HTTP transport needs (certificates). */
  readonly clusterEntry: Readonly<Record<string, unknown>>;
  readonly userEntry: Readonly<Record<string, unknown>>;
}

const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** An entry whose files are found from where the kubeconfig lies (clientcmd.ResolvePaths). */
export function located(entry: Readonly<Record<string, unknown>>, configPath: string): Readonly<Record<string, unknown>> {
  const directory = configPath.slice(0, configPath.lastIndexOf('/') + 1);
  const isRelative = (path: unknown): boolean => typeof path === 'string' && path !== '' && !path.startsWith('/');
  if (!PATHS.some((key) => isRelative(entry[key]))) return entry;
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, PATHS.includes(key) && isRelative(value) ? `${directory}${value}` : value]));
}

/** What the command line says of it. */
export interface Overrides extends Readonly<Record<'context' | 'cluster' | 'user' | 'server' | 'token' | 'as', string>> {
  readonly asGroups?: readonly string[];
  readonly asUid?: string;
  readonly isInsecure?: boolean;
  /** --username or --password. */
  readonly isBasic?: boolean;
}

/** `--server=127.0.0.1:8080` means plain HTTP (client-go rest DefaultServerUrlFor). */
const withScheme = (server: string): string => (server.includes('://') ? server : `http://${server}`);

/** clientcmd's resolution of context, cluster and user with the overrides of the command line. Throws its errors. */
export function resolveTarget(config: Kubeconfig, overrides: Overrides): Target {
  const name = overrides.context || config['current-context'];
  const context = config.contexts.find((one) => one.name === name)?.context;
  if (context === undefined && name !== '') throw new UsageError(`Error in configuration: context was not found for specified context: ${name}`, 'bare');
  const clusterName = overrides.cluster || context?.cluster || '';
  const cluster = config.clusters.find((one) => one.name === clusterName)?.cluster;
  if (cluster === undefined && overrides.cluster !== '') throw new UsageError(`no server found for cluster "${clusterName}"`);
  const userName = overrides.user || context?.user || '';
  const user = config.users.find((one) => one.name === userName)?.user;
  if (user === undefined && overrides.user !== '') throw new UsageError(`auth info "${userName}" does not exist`);
  if (overrides.as === '' && ((overrides.asGroups ?? []).length > 0 || (overrides.asUid ?? '') !== ''))
    throw new UsageError(`requesting uid, groups or user-extra for ${userName} without impersonating a user`);
  if (overrides.token !== '' && overrides.isBasic === true)
    throw new UsageError(`more than one authentication method found for ${userName}; found [token basicAuth], only one is allowed`);
  return {
    context: name,
    cluster: clusterName,
    server: overrides.server === '' ? (cluster?.server ?? '') : withScheme(overrides.server),
    isServerGiven: overrides.server !== '',
    namespace: context?.namespace ?? '',
    user: userName,
    token: overrides.token || (typeof user?.['token'] === 'string' ? user['token'] : ''),
    impersonate: overrides.as,
    impersonateGroups: overrides.asGroups ?? [],
    impersonateUid: overrides.asUid ?? '',
    isInsecure: overrides.isInsecure ?? false,
    clusterEntry: cluster ?? {},
    userEntry: user ?? {},
  };
}
