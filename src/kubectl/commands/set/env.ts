/** kubectl set env (pkg/cmd/set/set_env.go, pkg/cmd/set/env/). */
import type { Json, JsonObject, KubeObject } from '../../../api/object.js';
import { collect, requestOf } from '../../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { type EnvVarSource, envSource, envValue } from '../../env-sources.js';
import { messageOf } from '../../errors.js';
import { requireEnvName } from '../../keyed-data.js';
import { at, completeSet, patchEach, podTemplatePath, type SetOptions, updatePodSpec } from '../../pod-specs.js';
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
  if (flags.bool('local') && shared.dryRunOf(flags, factory) === 'server')
    throw new UsageError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  if (resources.length === 0 && flags.strings('filename').length === 0)
    throw new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (flags.bool('list') && flags.string('output') !== '') throw new UsageError('--list and --output may not be specified together');
  if (flags.string('from') === '' && flags.strings('keys').length > 0)
    throw new UsageError('when specifying --keys, a configmap or secret must be provided with --from');
  const readers = [...(requestOf(flags, []).filenames ?? []), ...pairs, ...flags.strings('env')].filter((word) => word === '-');
  if (readers.length > 1) throw new UsageError('standard input cannot be used for multiple arguments');
  const { set, remove } = await parse([...flags.strings('env'), ...pairs], factory);
  const from = flags.string('from') === '' ? [] : await importedFrom(flags, factory);
  const prefix = flags.string('prefix');
  return {
    ...(await completeSet(flags.bool('local') ? [] : resources, flags, factory)),
    set: [...set, ...from].map((one) => ({ ...one, name: `${prefix}${one.name}` })),
    remove,
  };
}

/** env.SplitEnvironmentFromResources. */
function split(args: readonly string[]): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const isPair = (arg: string) => /^.+=/s.test(arg) || arg.endsWith('-');
  const first = args.findIndex(isPair);
  if (first < 0) return { resources: args, pairs: [] };
  if (!args.slice(first).every(isPair)) throw new UsageError(`all resources must be specified before environment changes: ${args.join(' ')}`);
  return { resources: args.slice(0, first), pairs: args.slice(first) };
}

/** env.ParseEnv. */
async function parse(pairs: readonly string[], factory: Factory): Promise<{ readonly set: readonly EnvVar[]; readonly remove: readonly string[] }> {
  const set: EnvVar[] = [];
  const remove: string[] = [];
  const given = new Set<string>();
  const variable = (pair: string): EnvVar => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) });
  for (const pair of pairs) {
    if (pair === '-') set.push(...(await linesOfStdin(factory)).map(variable));
    else if (pair.includes('=')) {
      const one = variable(pair);
      requireEnvName(one.name);
      given.add(one.name);
      set.push(one);
    } else if (pair.endsWith('-')) remove.push(pair.slice(0, -1));
    else throw new UsageError(`unknown environment variable: ${pair}`);
  }
  if (remove.some((name) => given.has(name))) throw new UsageError('can not both modify and remove the same environment variable in the same command');
  return { set, remove };
}

/** A `#` ends a line wherever it is. */
async function linesOfStdin(factory: Factory): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await factory.streams.in.read());
  return text
    .split(/\r?\n/)
    .map((line) => line.split('#')[0] as string)
    .filter((line) => line.includes('='));
}

/** --from: each key becomes a variable that refers to it. */
async function importedFrom(flags: FlagValues, factory: Factory): Promise<readonly EnvVar[]> {
  const local = flags.bool('local');
  const infos = await collect(factory, { ...requestOf(flags, local ? [] : [flags.string('from')]), latest: !local, offline: local });
  const wanted = flags.strings('keys');
  return infos.flatMap(({ object }) => {
    if (object === undefined || !['ConfigMap', 'Secret'].includes(object.kind)) throw new UsageError('unsupported resource specified in --from');
    const ref = object.kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef';
    return Object.keys((object as unknown as { data?: Record<string, string> }).data ?? {})
      .filter((key) => wanted.length === 0 || wanted.includes(key))
      .sort()
      .map((key) => ({ name: envName(key, factory), valueFrom: { [ref]: { name: object.metadata.name ?? '', key } } }));
  });
}

function envName(key: string, factory: Factory): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
  if (name !== key) factory.streams.err(`Warning: key ${key} transferred to ${name}\n`);
  return name;
}

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags, set, remove } = options;
  const pattern = flags.string('containers');
  const edit: EnvEdit = { set, remove, overwrite: flags.bool('overwrite') };
  const change = (object: KubeObject): KubeObject =>
    updatePodSpec(object, (spec) => {
      const changed = changedSpec(spec, pattern, edit);
      if (changed === undefined) factory.streams.err(`Warning: ${object.kind}/${object.metadata.name} does not have any containers matching "${pattern}"\n`);
      return changed ?? spec;
    });
  if (flags.bool('list')) {
    for (const info of options.infos) await list(info.object as KubeObject, change, pattern, flags.bool('resolve'), factory);
    return;
  }
  await patchEach(factory, options, { done: 'env updated', failed: 'failed to patch env update to pod template' }, change);
}

type Containers = readonly JsonObject[];
const containersOf = (spec: JsonObject, list: string): Containers => (Array.isArray(spec[list]) ? (spec[list] as Containers) : []);

/** What is to become of the variables of a container. */
interface EnvEdit {
  readonly set: readonly EnvVar[];
  readonly remove: readonly string[];
  /** What is set may have been there before, with another value. */
  readonly overwrite: boolean;
}

/** undefined: no container matches the pattern. */
function changedSpec(spec: JsonObject, pattern: string, edit: EnvEdit): JsonObject | undefined {
  const isMeant = (container: JsonObject) => matchesPattern(pattern, String(container['name']));
  if (![...containersOf(spec, 'initContainers'), ...containersOf(spec, 'containers')].some(isMeant)) return undefined;
  const changed = (list: string) =>
    spec[list] === undefined ? {} : { [list]: containersOf(spec, list).map((container) => (isMeant(container) ? withEnv(container, edit) : container)) };
  return { ...spec, ...changed('initContainers'), ...changed('containers') };
}

function withEnv(container: JsonObject, { set, remove, overwrite }: EnvEdit): JsonObject {
  const old = (Array.isArray(container['env']) ? container['env'] : []) as readonly EnvVar[];
  const clash = set.find((one) => old.some((other) => other.name === one.name));
  if (!overwrite && clash !== undefined)
    throw new UsageError(`'${clash.name}' already has a value (${old.find((one) => one.name === clash.name)?.value ?? ''}), and --overwrite is false`);
  const env = updatedEnv(old, set, remove).map(({ name, value, valueFrom }) => ({
    name,
    ...(value === undefined || value === '' ? {} : { value }),
    ...(valueFrom === undefined ? {} : { valueFrom }),
  }));
  const { env: _, ...rest } = container;
  return env.length === 0 ? rest : { ...container, env: env as unknown as Json };
}

/** set/helper.go updateEnv: what is set replaces all of its name, and comes last if there is none; removal goes before. */
function updatedEnv(old: readonly EnvVar[], set: readonly EnvVar[], remove: readonly string[]): readonly EnvVar[] {
  const covered = new Set(remove);
  const result: EnvVar[] = [];
  for (const one of old) {
    if (covered.has(one.name)) continue;
    const newer = set.find((other) => other.name === one.name);
    if (newer !== undefined) covered.add(one.name);
    result.push(newer ?? one);
  }
  for (const one of set) {
    if (covered.has(one.name)) continue;
    covered.add(one.name);
    result.push(one);
  }
  return result;
}

/** `# Deployment web, container nginx` and a line for each variable; references are comments. Objects without a pod spec are passed over. */
async function list(object: KubeObject, change: (object: KubeObject) => KubeObject, pattern: string, resolve: boolean, factory: Factory): Promise<void> {
  let changed: KubeObject;
  try {
    changed = change(object);
  } catch (error) {
    if (error instanceof UsageError) return;
    throw error;
  }
  const spec = at(changed as unknown as Json, [...(podTemplatePath(changed) ?? []), 'spec']) as JsonObject;
  const containers = [...containersOf(spec, 'containers'), ...containersOf(spec, 'initContainers')];
  for (const container of containers.filter((one) => matchesPattern(pattern, String(one['name'])))) {
    factory.streams.out(`# ${object.kind} ${object.metadata.name}, container ${container['name']}\n`);
    const unresolved = new Map<string, string[]>();
    for (const one of (container['env'] ?? []) as unknown as readonly EnvVar[]) {
      if (one.valueFrom === undefined) {
        factory.streams.out(`${one.name}=${one.value ?? ''}\n`);
        continue;
      }
      const source = one.valueFrom as EnvVarSource;
      try {
        if (resolve) {
          factory.streams.out(`${one.name}=${await envValue(factory, source, object, container)}\n`);
          continue;
        }
      } catch (error) {
        const why = messageOf(error);
        unresolved.set(why, [...(unresolved.get(why) ?? []), one.name]);
      }
      factory.streams.out(`# ${one.name} from ${envSource(source)}\n`);
    }
    const lines = [...unresolved].map(([why, names]) => `error retrieving reference for ${names.sort().join(', ')}: ${why}\n`);
    factory.streams.err(lines.sort().join(''));
  }
}
