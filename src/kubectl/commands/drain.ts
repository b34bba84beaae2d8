/** kubectl drain (pkg/cmd/drain/drain.go, pkg/drain/drain.go, filters.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { parseSelector } from '../../api/selectors.js';
import { type Duration, formatDuration } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Info } from '../builder.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { cordon, nodesOf } from '../cordoning.js';
import { aggregate, messageOf } from '../errors.js';
import { PODS } from '../pods.js';
import { dryRunSuffix } from '../printing.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'drain NODE',
  short: 'Drain a node in preparation for maintenance',
  long: `Empty a node: mark it as unschedulable, then evict its pods (or delete them, where the server knows no evictions).

Mirror pods are left alone. DaemonSet-managed pods stop the drain unless --ignore-daemonsets is given, as their controller would bring them
back at once. Pods without a controller need --force: nobody brings them back.`,
  examples: `# Drain "foo", also of pods that no controller manages
kubectl drain foo --force

# The same, giving each pod 15 minutes to end
kubectl drain foo --grace-period=900`,
  flags: [
    shared.CHUNK_SIZE,
    { name: 'delete-emptydir-data', type: 'bool', usage: 'Go on even where pods use emptyDir (what is in it is lost).' },
    { name: 'disable-eviction', type: 'bool', usage: 'Delete pods even where evictions are known; disruption budgets are passed over.' },
    shared.DRY_RUN,
    { name: 'force', type: 'bool', usage: 'Go on even where pods declare no controller.' },
    { name: 'grace-period', type: 'int', default: '-1', usage: 'Seconds each pod has to end; negative: what the pod says.' },
    { name: 'ignore-daemonsets', type: 'bool', usage: 'Pass over DaemonSet-managed pods.' },
    { name: 'pod-selector', type: 'string', usage: 'Only pods with these labels.' },
    shared.SELECTOR,
    {
      name: 'skip-wait-for-delete-timeout',
      type: 'int',
      default: '0',
      usage: 'Do not wait for pods whose deletion began longer ago than so many seconds; 0: wait for all.',
    },
    { name: 'timeout', type: 'duration', default: '0s', usage: 'How long to wait; zero: for ever' },
  ],
  complete: async (args, flags, factory) => ({ args, flags, dryRun: shared.dryRunOf(flags, factory) }),
  run,
};
export default command;

async function run({ args, flags, dryRun }: Options, factory: Factory): Promise<void> {
  if (args.length > 0 && flags.string('selector') !== '') throw new UsageError('error: cannot specify both a node name and a --selector option', 'help');
  if ('error' in parseSelector(flags.string('pod-selector'))) throw new UsageError('--pod-selector=<pod_selector> must be a valid label selector');
  const { infos, missing } = await nodesOf(factory, args, flags, 'drain NODE');
  if (missing !== undefined) throw missing;
  const failed: { readonly name: string; readonly error: unknown }[] = [];
  for (const info of infos) {
    await cordon(factory, info, true, dryRun);
    try {
      await drain(factory, info, flags, dryRun);
      factory.streams.out(`node/${info.name} drained${dryRunSuffix(dryRun)}\n`);
    } catch (error) {
      if (error instanceof ExitError) throw error;
      factory.streams.err(`error: unable to drain node "${info.name}" due to error: ${messageOf(error)}, continuing command...\n`);
      failed.push({ name: info.name, error });
    }
  }
  if (failed.length === 0) return;
  factory.streams.err('There are pending nodes to be drained:\n');
  for (const { name, error } of failed) {
    const lines = error instanceof AggregateError ? error.errors.map(messageOf) : [messageOf(error)];
    factory.streams.err(` ${name}\n${lines.map((line) => `${line}\n`).join('')}`);
  }
  throw new ExitError(1);
}

const DAEMON_SETS = { group: 'apps', version: 'v1', resource: 'daemonsets', namespaced: true };

interface Judgement {
  readonly pods: readonly Pod[];
  readonly warnings: string;
  readonly errors: readonly string[];
}

/** What a filter says of a pod: whether it goes, and what is said about it as a warning or, if it stays, as an error. */
interface Verdict {
  readonly goes: boolean;
  readonly warning?: string;
  readonly error?: string;
}
type Filter = (pod: Pod) => Verdict;
const OKAY: Verdict = { goes: true };

/** The filters of pkg/drain/filters.go, in their order. `owner`: the error of asking for a pod's daemon set. */
function filtersOf(flags: FlagValues, owner: ReadonlyMap<Pod, StatusError | undefined>, now: number): readonly Filter[] {
  const isEnded = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return [
    (pod) => (isGoingFor(pod, flags, now) ? { goes: false } : OKAY),
    (pod) => {
      if (!owner.has(pod) || isEnded(pod)) return OKAY;
      const missing = owner.get(pod);
      if (missing !== undefined)
        return missing.reason === 'NotFound' && flags.bool('force') ? { goes: true, warning: missing.message } : { goes: false, error: missing.message };
      return flags.bool('ignore-daemonsets')
        ? { goes: false, warning: 'ignoring DaemonSet-managed Pods' }
        : { goes: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
    },
    (pod) => (pod.metadata.annotations?.['kubernetes.io/config.mirror'] === undefined ? OKAY : { goes: false }),
    (pod) => {
      if (isEnded(pod) || pod.spec?.volumes?.some((volume) => volume.emptyDir !== undefined) !== true) return OKAY;
      return flags.bool('delete-emptydir-data')
        ? { goes: true, warning: 'deleting Pods with local storage' }
        : { goes: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
    },
    (pod) => {
      if (isEnded(pod) || controllerOf(pod) !== undefined) return OKAY;
      return flags.bool('force')
        ? { goes: true, warning: 'deleting Pods that declare no controller' }
        : { goes: false, error: 'cannot delete Pods that declare no controller (use --force to override)' };
    },
  ];
}

const controllerOf = (pod: Pod) => pod.metadata.ownerReferences?.find((reference) => reference.controller === true);

/** --skip-wait-for-delete-timeout: its deletion began longer ago than that. */
function isGoingFor({ metadata }: Pod, flags: FlagValues, now: number): boolean {
  const limit = flags.int('skip-wait-for-delete-timeout');
  return limit > 0 && metadata.deletionTimestamp !== undefined && Math.trunc((now - Date.parse(metadata.deletionTimestamp)) / 1000) > limit;
}

/** What may go, what is passed over with a warning, and what forbids it: the last filter a pod comes to has the say (filterPods). */
function judge(pods: readonly Pod[], filters: readonly Filter[]): Judgement {
  const warned = new Map<string, string[]>();
  const refused = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, why: string, { metadata }: Pod): void =>
    void to.set(why, [...(to.get(why) ?? []), `${metadata.namespace}/${metadata.name}`]);
  const chosen = pods.filter((pod) => {
    let verdict = OKAY;
    for (const filter of filters) {
      verdict = filter(pod);
      if (!verdict.goes) break;
    }
    if (verdict.warning !== undefined) add(warned, verdict.warning, pod);
    if (verdict.error !== undefined) add(refused, verdict.error, pod);
    return verdict.goes;
  });
  // Upstream goes through maps: any order is as good.
  const text = (map: Map<string, string[]>): string[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([why, names]) => `${why}: ${names.join(', ')}`);
  return { pods: chosen, warnings: text(warned).join('; '), errors: text(refused) };
}

async function drain(factory: Factory, info: Info, flags: FlagValues, dryRun: shared.DryRun): Promise<void> {
  const list = await factory.client.list(
    { resource: PODS },
    {
      query: {
        fieldSelector: `spec.nodeName=${info.name}`,
        limit: flags.int('chunk-size'),
        ...(flags.string('pod-selector') === '' ? {} : { labelSelector: flags.string('pod-selector') }),
      },
    },
  );
  const all = list.items as readonly Pod[];
  const owner = new Map<Pod, StatusError | undefined>();
  for (const pod of all) {
    const controller = controllerOf(pod);
    if (controller?.kind !== 'DaemonSet' || controller.apiVersion !== 'apps/v1') continue;
    try {
      await factory.client.get({ resource: DAEMON_SETS, namespace: pod.metadata.namespace ?? '', name: controller.name });
      owner.set(pod, undefined);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      owner.set(pod, error);
    }
  }
  const { pods, warnings, errors } = judge(all, filtersOf(flags, owner, factory.now()));
  if (errors.length > 0) throw aggregate(errors.map((error) => new UsageError(`cannot delete ${error}`)));
  if (warnings !== '') factory.streams.err(`Warning: ${warnings}\n`);
  if (dryRun === 'client') {
    // What would be deleted is called evicted, too (deleteOrEvictPodsSimple).
    for (const { metadata } of pods) factory.streams.out(`evicting pod ${metadata.namespace}/${metadata.name}${dryRunSuffix(dryRun)}\n`);
    return;
  }
  if (flags.bool('disable-eviction')) await deletePods(factory, pods, flags, dryRun);
  else await evictPods(factory, pods, flags, dryRun);
}

const isGone = async (factory: Factory, { metadata }: Pod): Promise<boolean> => {
  try {
    const found = await factory.client.get<Pod>({ resource: PODS, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
    return found.metadata.uid !== metadata.uid;
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return true;
    throw error;
  }
};

const graceOf = (flags: FlagValues): { readonly gracePeriodSeconds?: number } =>
  flags.int('grace-period') >= 0 ? { gracePeriodSeconds: flags.int('grace-period') } : {};

/** Deletes all, then waits for all. */
async function deletePods(factory: Factory, pods: readonly Pod[], flags: FlagValues, dryRun: shared.DryRun): Promise<void> {
  for (const { metadata } of pods) {
    const target = { resource: PODS, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    try {
      await factory.client.delete(target, { apiVersion: 'v1', kind: 'DeleteOptions', ...graceOf(flags) }, shared.dryRunQuery(dryRun));
    } catch (error) {
      if (!(error instanceof StatusError && error.reason === 'NotFound')) throw error;
    }
  }
  if (dryRun === 'server') return;
  const end = endOf(factory, flags);
  for (let left = pods; left.length > 0; ) {
    const still: Pod[] = [];
    for (const pod of left) {
      if (!(await isGone(factory, pod))) still.push(pod);
      else factory.streams.out(`pod/${pod.metadata.name} deleted\n`);
    }
    left = still;
    if (left.length === 0) return;
    if (factory.now() >= end) throw new UsageError('context deadline exceeded');
    await factory.sleep(POLL);
  }
}

const POLL = 1000;
/** drain.Helper.EvictErrorRetryDelay. */
const RETRY = 5000;

const endOf = (factory: Factory, flags: FlagValues): number =>
  flags.duration('timeout') === 0 ? Number.POSITIVE_INFINITY : factory.now() + flags.duration('timeout');

/** Each pod is evicted, tried again while a disruption budget forbids it, and waited for; all of them at the same time. */
async function evictPods(factory: Factory, pods: readonly Pod[], flags: FlagValues, dryRun: shared.DryRun): Promise<void> {
  const end = endOf(factory, flags);
  const timedOut = `global timeout reached: ${formatDuration(flags.duration('timeout') as Duration)}`;
  const failures: UsageError[] = [];
  let toEvict = pods.map((pod) => ({ pod, at: factory.now() as number }));
  let toWaitFor: readonly Pod[] = [];
  while (toEvict.length + toWaitFor.length > 0) {
    const now: number = factory.now();
    const later: typeof toEvict = [];
    const evicted: Pod[] = [];
    for (const one of toEvict) {
      if (one.at > now) {
        later.push(one);
        continue;
      }
      const { name = '', namespace = '' } = one.pod.metadata;
      factory.streams.out(`evicting pod ${namespace}/${name}${dryRunSuffix(dryRun)}\n`);
      const failed = `error when evicting pods/"${name}" -n "${namespace}"`;
      if (now >= end) {
        failures.push(new UsageError(`${failed}: ${timedOut}`));
        continue;
      }
      const refusal = await evict(factory, one.pod, flags, dryRun);
      if (refusal === undefined) evicted.push(one.pod);
      else if (refusal.reason === 'TooManyRequests') {
        factory.streams.err(`${failed} (will retry after 5s): ${refusal.message}\n`);
        later.push({ pod: one.pod, at: now + RETRY });
      } else if (refusal.reason !== 'NotFound') failures.push(new UsageError(`${failed}: ${refusal.message}`));
    }
    toEvict = later;
    const still: Pod[] = [];
    for (const pod of dryRun === 'server' ? [] : [...toWaitFor, ...evicted]) {
      if (now >= end) {
        const { name, namespace } = pod.metadata;
        failures.push(new UsageError(`error when waiting for pod "${name}" in namespace "${namespace}" to terminate: context deadline exceeded`));
      } else if (await isGone(factory, pod)) factory.streams.out(`pod/${pod.metadata.name} evicted\n`);
      else still.push(pod);
    }
    toWaitFor = still;
    if (toWaitFor.length > 0) await factory.sleep(POLL);
    else if (toEvict.length > 0) await factory.sleep((Math.min(...toEvict.map(({ at }) => at)) - factory.now()) as Duration);
  }
  const error = aggregate(failures);
  if (error !== undefined) throw error;
}

/** The server's objection, if it has one. */
async function evict(factory: Factory, { metadata }: Pod, flags: FlagValues, dryRun: shared.DryRun): Promise<StatusError | undefined> {
  const { name = '', namespace = '' } = metadata;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: graceOf(flags) };
  try {
    await factory.client.create({ resource: PODS, namespace, name, subresource: 'eviction' }, eviction as KubeObject, shared.dryRunQuery(dryRun));
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
}
