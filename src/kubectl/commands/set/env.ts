/** kubectl set env (pkg/cmd/set/set_env.go, pkg/cmd/set/env/). */
import type { Json, JsonObject, KubeObject } from '../../../api/object.js';
import { fetchInfo, hasFiles, requestOf, resolveType } from '../../builder.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { isMap } from '../../manifests.js';
import { at, completeSet, infoName, patchEach, podTemplatePath, type SetOptions, updatePodSpec } from '../../pod-specs.js';
import * as shared from '../../shared-flags.js';
import { matchesPattern } from '../../wildcard.js';

interface Options extends SetOptions {
  readonly set: readonly EnvVar[];
  readonly remove: readonly string[];
}
interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Json;
}

const command: Command<Options> = {
  use: 'env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  short: 'Change environment variables of a pod template',
  long: `Change environment variables of pod templates.

KEY=VALUE sets one, KEY- removes one. --env also takes those of another object (--from). With "-" they are read from stdin.

Objects: pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)`,
  examples: `# Set one
kubectl set env deployment/registry STORAGE_DIR=/local

# Show those of a deployment
kubectl set env deployment/sample-build --list

# Of all pods
kubectl set env pods --all --list

# Take all from a secret
kubectl set env --from=secret/mysecret deployment/myapp

# From a config map, with a prefix
kubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp

# Remove one from one container of all deployments
kubectl set env deployments --all --containers="c1" ENV-

# From this shell
env | grep RAILS_ | kubectl set env -e - deployment/registry`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.PRINT,
    { name: 'containers', short: 'c', type: 'string', default: '*', usage: 'The containers to change, as a pattern' },
    shared.DRY_RUN,
    { name: 'env', short: 'e', type: 'stringArray', usage: 'A variable and its value for each container.' },
    shared.FIELD_MANAGER('kubectl-set'),
    ...shared.FILES('Files, directories or URLs that name the objects'),
    { name: 'from', type: 'string', usage: 'The object to take variables from' },
    { name: 'keys', type: 'stringSlice', usage: 'Take only these keys of it' },
    { name: 'list', type: 'bool', usage: 'Show the variables, with what would change.' },
    shared.LOCAL,
    { name: 'overwrite', type: 'bool', default: 'true', usage: 'Let variables be changed that are there; otherwise that is an error.' },
    { name: 'prefix', type: 'string', usage: 'Put this before the names' },
    { name: 'resolve', type: 'bool', usage: 'With --list: show the values of secrets and config maps' },
    shared.SELECTOR,
  ],
  complete,
  run,
};
export default command;

async function complete(args: readonly string[], flags: FlagValues, factory: Factory): Promise<Options> {
  if (flags.bool('all') && flags.string('selector') !== '') throw new UsageError('cannot set --all and --selector at the same time');
  const { resources, pairs } = split(args);
  if (resources.length === 0 && !hasFiles(requestOf(flags, [])))
    throw new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (flags.bool('list') && flags.string('output') !== '') throw new UsageError('--list and --output may not be specified together');
  if (flags.string('from') === '' && flags.strings('keys').length > 0)
    throw new UsageError('when specifying --keys, a configmap or secret must be provided with --from');
  const readers = [...(requestOf(flags, []).filenames ?? []), ...pairs, ...flags.strings('env')].filter((word) => word === '-');
  if (readers.length > 1) throw new UsageError('standard input cannot be used for multiple arguments');
  const stdin = pairs.includes('-') || flags.strings('env').includes('-') ? await linesOfStdin(factory) : [];
  const { set, remove } = parse([...pairs, ...flags.strings('env'), ...stdin].filter((pair) => pair !== '-'));
  const options = await completeSet(flags.bool('local') ? [] : resources, flags, factory);
  const from = flags.string('from') === '' ? [] : await importedFrom(flags, factory);
  return { ...options, set: [...set, ...from], remove };
}

async function linesOfStdin(factory: Factory): Promise<readonly string[]> {
  return new TextDecoder()
    .decode(await factory.streams.in.read())
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** env.SplitEnvironmentFromResources. */
function split(args: readonly string[]): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const isPair = (arg: string) => arg === '-' || /^[^=/]+=/.test(arg) || /^[-._a-zA-Z][-._a-zA-Z0-9]*-$/.test(arg);
  const first = args.findIndex(isPair);
  if (first < 0) return { resources: args, pairs: [] };
  const stray = args.slice(first).find((arg) => !isPair(arg));
  if (stray !== undefined) throw new UsageError(`all resources must be specified before environment changes: ${stray}`);
  return { resources: args.slice(0, first), pairs: args.slice(first) };
}

/** env.parseIntoEnvVar. */
function parse(pairs: readonly string[]): { readonly set: EnvVar[]; readonly remove: string[] } {
  const set: EnvVar[] = [];
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) set.push({ name: pair.slice(0, equals), ...(equals === pair.length - 1 ? {} : { value: pair.slice(equals + 1) }) });
    else if (pair.endsWith('-')) remove.push(pair.slice(0, -1));
    else throw new UsageError(`unknown environment variable: ${pair}`);
  }
  if (remove.some((name) => set.some((one) => one.name === name)))
    throw new UsageError('can not both modify and remove the same environment variable in the same command');
  return { set, remove };
}

/** --from: each key becomes a variable that refers to it. */
async function importedFrom(flags: FlagValues, factory: Factory): Promise<readonly EnvVar[]> {
  const [type = '', name = ''] = flags.string('from').split('/');
  const mapping = resolveType(await factory.mapper(), type);
  const { object } = await fetchInfo(factory, { mapping, namespace: factory.namespace, name, source: '' });
  if (object === undefined || !['ConfigMap', 'Secret'].includes(object.kind)) throw new UsageError(`unsupported resource specified in --from`);
  const ref = object.kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef';
  const wanted = flags.strings('keys');
  const prefix = flags.string('prefix');
  return Object.keys((object as unknown as { data?: Record<string, string> }).data ?? {})
    .filter((key) => wanted.length === 0 || wanted.includes(key))
    .sort()
    .map((key) => ({ name: `${prefix}${key.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`, valueFrom: { [ref]: { key, name } } }));
}

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags, set, remove } = options;
  const pattern = flags.string('containers');
  const change = (object: KubeObject): KubeObject =>
    updatePodSpec(object, (spec) => changedSpec(spec, pattern, set, remove, flags.bool('overwrite'), factory, object));
  if (flags.bool('list')) {
    for (const info of options.infos) await list(change(info.object as KubeObject), pattern, flags.bool('resolve'), factory);
    return;
  }
  await patchEach(
    factory,
    options,
    {
      done: 'env updated',
      failed: 'failed to patch env update to pod template',
      named: (info, message) => `${infoName(info)}${message.startsWith("'") ? '\n' : ''}`,
    },
    change,
  );
}

type Containers = readonly JsonObject[];
const containersOf = (spec: JsonObject, list: string): Containers => (Array.isArray(spec[list]) ? (spec[list] as Containers) : []);

function changedSpec(
  spec: JsonObject,
  pattern: string,
  set: readonly EnvVar[],
  remove: readonly string[],
  overwrite: boolean,
  factory: Factory,
  object: KubeObject,
): JsonObject {
  const isMeant = (container: JsonObject) => matchesPattern(pattern, String(container['name']));
  if (![...containersOf(spec, 'initContainers'), ...containersOf(spec, 'containers')].some(isMeant)) {
    factory.streams.err(`Warning: ${object.kind}/${object.metadata.name} does not have any containers matching "${pattern}"\n`);
    return spec;
  }
  const changed = (list: string) =>
    spec[list] === undefined
      ? {}
      : { [list]: containersOf(spec, list).map((container) => (isMeant(container) ? withEnv(container, set, remove, overwrite) : container)) };
  return { ...spec, ...changed('initContainers'), ...changed('containers') };
}

function withEnv(container: JsonObject, set: readonly EnvVar[], remove: readonly string[], overwrite: boolean): JsonObject {
  const old = (Array.isArray(container['env']) ? container['env'] : []) as readonly EnvVar[];
  const clash = set.find((one) => old.some((other) => other.name === one.name));
  if (!overwrite && clash !== undefined)
    throw new UsageError(`'${clash.name}' already has a value (${old.find((one) => one.name === clash.name)?.value ?? ''}), and --overwrite is false`);
  const env = old.filter((one) => !remove.includes(one.name)).map((one) => set.find((other) => other.name === one.name) ?? one);
  for (const one of set) if (!env.some((other) => other.name === one.name)) env.push(one);
  if (env.length === 0) {
    const { env: _, ...rest } = container;
    return rest;
  }
  return { ...container, env: env as unknown as Json };
}

/** `# Deployment web, container nginx` and a line for each variable; references are comments. */
async function list(object: KubeObject, pattern: string, resolve: boolean, factory: Factory): Promise<void> {
  const path = podTemplatePath(object);
  const spec = path === undefined ? undefined : at(object as unknown as Json, [...path, 'spec']);
  if (!isMap(spec)) throw new UsageError(`the object is not a pod or does not have a pod template: ${object.kind}`);
  for (const container of containersOf(spec, 'containers').filter((one) => matchesPattern(pattern, String(one['name'])))) {
    factory.streams.out(`# ${object.kind} ${object.metadata.name}, container ${container['name']}\n`);
    for (const one of (container['env'] ?? []) as unknown as readonly EnvVar[]) {
      if (one.valueFrom === undefined) {
        factory.streams.out(`${one.name}=${one.value ?? ''}\n`);
        continue;
      }
      const value = resolve ? await resolved(one.valueFrom as JsonObject, object, factory) : undefined;
      factory.streams.out(value === undefined ? `# ${one.name} from ${sourceText(one.valueFrom as JsonObject)}\n` : `${one.name}=${value}\n`);
    }
  }
}

const fieldOf = (map: Json | undefined, field: string): string => (isMap(map) ? String(map[field] ?? '') : '');

function sourceText(source: JsonObject): string {
  if (source['configMapKeyRef'] !== undefined)
    return `configmap ${fieldOf(source['configMapKeyRef'], 'name')}, key ${fieldOf(source['configMapKeyRef'], 'key')}`;
  if (source['secretKeyRef'] !== undefined) return `secret ${fieldOf(source['secretKeyRef'], 'name')}, key ${fieldOf(source['secretKeyRef'], 'key')}`;
  if (source['fieldRef'] !== undefined) return `field path ${fieldOf(source['fieldRef'], 'fieldPath')}`;
  const resource = source['resourceFieldRef'];
  const container = fieldOf(resource, 'containerName');
  return `resource field ${container === '' ? '' : `${container} `}${fieldOf(resource, 'resource')}`;
}

async function resolved(source: JsonObject, object: KubeObject, factory: Factory): Promise<string | undefined> {
  const isSecret = source['secretKeyRef'] !== undefined;
  const ref = source['secretKeyRef'] ?? source['configMapKeyRef'];
  if (ref === undefined) return undefined;
  const resource = { group: '', version: 'v1', resource: isSecret ? 'secrets' : 'configmaps', namespaced: true };
  const found = await factory.client.get<KubeObject>({ resource, namespace: object.metadata.namespace ?? factory.namespace, name: fieldOf(ref, 'name') });
  const value = (found as unknown as { data?: Record<string, string> }).data?.[fieldOf(ref, 'key')];
  if (value === undefined) throw new UsageError(`key ${fieldOf(ref, 'key')} not found in ${isSecret ? 'secret' : 'config map'} ${fieldOf(ref, 'name')}`);
  return isSecret ? Buffer.from(value, 'base64').toString('utf8') : value;
}
