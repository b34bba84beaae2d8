/** kubectl drain (pkg/cmd/drain/drain.go, pkg/drain/drain.go, filters.go). */
import { StatusError } from '../../api/errors.js';
import { mirroredUid } from '../../api/mirror-pods.js';
import type { KubeObject } from '../../api/object.js';
import { parseSelector } from '../../api/selectors.js';
import { type Duration, formatDuration, parseTime } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Info } from '../builder/index.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { cordon, nodesOf } from '../cordoning.js';
import { aggregate, isNotFound, messageOf } from '../errors.js';
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
  const infos = await nodesOf(factory, args, flags, 'drain NODE');
  for (const info of infos) await cordon(factory, info, true, dryRun);
  const failed: { readonly name: string; readonly error: unknown }[] = [];
  for (const info of infos) {
    try {
      await drain(factory, info, flags, dryRun);
      factory.streams.out(`node/${info.name} drained${dryRunSuffix(dryRun)}\n`);
    } catch (error) {
      factory.streams.err(`error: unable to drain node "${info.name}" due to error: ${messageOf(error)}, continuing command...\n`);
      failed.push({ name: info.name, error });
    }
  }
  if (failed.length === 0) return;
  factory.streams.err('There are pending nodes to be drained:\n');
  for (const { name } of failed) factory.streams.err(` ${name}\n`);
  for (const { error } of failed) factory.streams.err((error instanceof AggregateError ? error.errors : [error]).map(lineOf).join(''));
  throw new ExitError(1);
}

/** Of several errors each stands bare; only what Go's context says gets the prefix (cmd/util/helpers.go MultipleErrors). */
const lineOf = (error: unknown): string => `${messageOf(error) === OVERDUE ? 'error: ' : ''}${messageOf(error)}\n`;

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
function filtersOf(factory: Factory, flags: FlagValues, owner: ReadonlyMap<Pod, StatusError | undefined>): readonly Filter[] {
  const isEnded = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return [
    (pod) => (isLongGone(factory, pod, flags) ? { goes: false } : OKAY),
    (pod) => {
      if (!owner.has(pod) || isEnded(pod)) return OKAY;
      const missing = owner.get(pod);
      if (missing !== undefined)
        return missing.reason === 'NotFound' && flags.bool('force') ? { goes: true, warning: missing.message } : { goes: false, error: missing.message };
      return flags.bool('ignore-daemonsets')
        ? { goes: false, warning: 'ignoring DaemonSet-managed Pods' }
        : { goes: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
    },
    (pod) => (mirroredUid(pod) === undefined ? OKAY : { goes: false }),
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
  const { pods, warnings, errors } = await podsToGo(factory, info, flags);
  if (errors.length > 0) throw aggregate(errors.map((error) => new UsageError(`cannot delete ${error}`)));
  if (warnings !== '') factory.streams.err(`Warning: ${warnings}\n`);
  if (dryRun === 'client') {
    for (const { metadata } of pods) factory.streams.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`);
    return;
  }
  const failures = flags.bool('disable-eviction') ? await deletePods(factory, pods, flags, dryRun) : await evictPods(factory, pods, flags, dryRun);
  const error = aggregate(failures);
  if (error === undefined) return;
  const left = (await podsToGo(factory, info, flags)).pods;
  if (left.length > 0) {
    factory.streams.err(`There are pending pods in node "${info.name}" when an error occurred: ${messageOf(error)}\n`);
    for (const { metadata } of left) factory.streams.err(`pod/${metadata.name}\n`);
  }
  throw error;
}

/** GetPodsForDeletion. */
async function podsToGo(factory: Factory, info: Info, flags: FlagValues): Promise<Judgement> {
  const selector = flags.string('pod-selector');
  const query = { fieldSelector: `spec.nodeName=${info.name}`, limit: flags.int('chunk-size'), ...(selector === '' ? {} : { labelSelector: selector }) };
  const all = (await factory.client.list({ resource: PODS }, { query })).items as readonly Pod[];
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
  return judge(all, filtersOf(factory, flags, owner));
}

/** --skip-wait-for-delete-timeout: its deletion began too long ago to be waited for. */
function isLongGone(factory: Factory, { metadata }: Pod, flags: FlagValues): boolean {
  const skip = flags.int('skip-wait-for-delete-timeout');
  const at = parseTime(metadata.deletionTimestamp ?? '');
  return skip > 0 && at !== undefined && Math.trunc((factory.now() - at) / 1000) > skip;
}

/** In ms: between two tries of an eviction, and between two looks at whether a pod is gone. */
const RETRY = 5000;
const POLL = 1000;
/** What Go's context says after its time. */
const OVERDUE = 'context deadline exceeded';

/** All at once: each is evicted (again every 5 s while a disruption budget objects), then waited for (evictPods). */
async function evictPods(factory: Factory, pods: readonly Pod[], flags: FlagValues, dryRun: shared.DryRun): Promise<readonly Error[]> {
  const failures: Error[] = [];
  const { end, text } = timeoutOf(factory, flags);
  let tasks = pods.map((pod) => ({ pod, isEvicted: false, next: factory.now() as number }));
  while (tasks.length > 0) {
    const later: typeof tasks = [];
    for (const task of tasks) {
      const { metadata } = task.pod;
      const place = `pods/"${metadata.name}" -n "${metadata.namespace}"`;
      if (task.next > factory.now()) later.push(task);
      else if (task.isEvicted) {
        const where = `error when waiting for pod "${metadata.name}" in namespace "${metadata.namespace}" to terminate: `;
        if (factory.now() >= end) failures.push(new UsageError(`${where}${OVERDUE}`));
        else if (!(await isGone(factory, task.pod, flags, 'evicted'))) later.push({ ...task, next: factory.now() + POLL });
      } else {
        factory.streams.out(`evicting pod ${metadata.namespace}/${metadata.name}${dryRunSuffix(dryRun)}\n`);
        if (factory.now() >= end) {
          failures.push(new UsageError(`error when evicting ${place}: global timeout reached: ${text}`));
          continue;
        }
        try {
          await evict(factory, task.pod, flags, dryRun);
          if (dryRun === 'none') later.push({ ...task, isEvicted: true, next: factory.now() });
        } catch (error) {
          if (isNotFound(error)) continue;
          if (!(error instanceof StatusError) || error.reason !== 'TooManyRequests') {
            failures.push(new UsageError(`error when evicting ${place}: ${messageOf(error)}`));
            continue;
          }
          factory.streams.err(`error when evicting ${place} (will retry after 5s): ${error.message}\n`);
          later.push({ ...task, next: factory.now() + RETRY });
        }
      }
    }
    tasks = later;
    const next = Math.min(...tasks.map((task) => task.next));
    if (tasks.length > 0 && next > factory.now()) await factory.sleep(next - factory.now());
  }
  return failures;
}

async function evict(factory: Factory, { metadata }: Pod, flags: FlagValues, dryRun: shared.DryRun): Promise<void> {
  const { namespace = '', name = '' } = metadata;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: graceOf(flags) };
  await factory.client.create({ resource: PODS, namespace, name, subresource: 'eviction' }, eviction as KubeObject, shared.dryRunQuery(dryRun));
}

/** --disable-eviction (deletePods). */
async function deletePods(factory: Factory, pods: readonly Pod[], flags: FlagValues, dryRun: shared.DryRun): Promise<readonly Error[]> {
  const { end } = timeoutOf(factory, flags);
  for (const { metadata } of pods) {
    const target = { resource: PODS, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    try {
      await factory.client.delete(target, { apiVersion: 'v1', kind: 'DeleteOptions', ...graceOf(flags) }, shared.dryRunQuery(dryRun));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  for (let left = dryRun === 'none' ? pods : []; ; await factory.sleep(POLL)) {
    if (factory.now() >= end) return [new UsageError(OVERDUE)];
    const pending: Pod[] = [];
    for (const pod of left) if (!(await isGone(factory, pod, flags, 'deleted'))) pending.push(pod);
    if (pending.length === 0) return [];
    left = pending;
  }
}

const graceOf = (flags: FlagValues): object => (flags.int('grace-period') >= 0 ? { gracePeriodSeconds: flags.int('grace-period') } : {});

function timeoutOf(factory: Factory, flags: FlagValues): { readonly end: number; readonly text: string } {
  const timeout = flags.duration('timeout');
  return { end: timeout === 0 ? Number.POSITIVE_INFINITY : factory.now() + timeout, text: formatDuration(timeout as Duration) };
}

/** Says so when it is (waitForDelete). */
async function isGone(factory: Factory, pod: Pod, flags: FlagValues, word: string): Promise<boolean> {
  const { namespace = '', name = '', uid } = pod.metadata;
  try {
    const found = await factory.client.get<Pod>({ resource: PODS, namespace, name });
    if (found.metadata.uid === uid) {
      if (!isLongGone(factory, found, flags)) return false;
      factory.streams.out(`pod "${name}" has DeletionTimestamp older than ${flags.int('skip-wait-for-delete-timeout')} seconds, skipping\n`);
      return true;
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  factory.streams.out(`pod/${name} ${word}\n`);
  return true;
}
