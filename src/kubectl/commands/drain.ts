/** kubectl drain (pkg/cmd/drain/drain.go, pkg/drain/drain.go, filters.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
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

interface Judgement {
  readonly pods: readonly Pod[];
  readonly warnings: string;
  readonly errors: readonly string[];
}

/** What may go, what is passed over with a warning, and what forbids it (pkg/drain/filters.go). */
function judge(pods: readonly Pod[], flags: FlagValues, hasOwner: (pod: Pod) => boolean): Judgement {
  const chosen: Pod[] = [];
  const warned = new Map<string, string[]>();
  const refused = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, why: string, pod: Pod): void =>
    void to.set(why, [...(to.get(why) ?? []), `${pod.metadata.namespace}/${pod.metadata.name}`]);
  for (const pod of pods) {
    const controller = pod.metadata.ownerReferences?.find((reference) => reference.controller === true);
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    let take = true;
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) continue;
    if (controller?.kind === 'DaemonSet' && !ended) {
      if (!hasOwner(pod)) {
        if (flags.bool('force')) add(warned, 'ignoring DaemonSet-managed Pods', pod);
        else add(refused, 'cannot delete Pods declare no controller (use --force to override)', pod);
      } else if (flags.bool('ignore-daemonsets')) add(warned, 'ignoring DaemonSet-managed Pods', pod);
      else add(refused, 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)', pod);
      continue;
    }
    if (pod.spec?.volumes?.some((volume) => volume.emptyDir !== undefined) === true && !ended) {
      if (flags.bool('delete-emptydir-data')) add(warned, 'deleting Pods with local storage', pod);
      else {
        add(refused, 'Pods with local storage (use --delete-emptydir-data to override)', pod);
        take = false;
      }
    }
    if (controller === undefined && !ended) {
      if (flags.bool('force')) add(warned, 'deleting Pods that declare no controller', pod);
      else {
        add(refused, 'cannot delete Pods that declare no controller (use --force to override)', pod);
        take = false;
      }
    }
    if (take) chosen.push(pod);
  }
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
  const daemonSets = new Set<string>();
  for (const pod of all) {
    const controller = pod.metadata.ownerReferences?.find((reference) => reference.controller === true);
    if (controller?.kind !== 'DaemonSet') continue;
    try {
      await factory.client.get({
        resource: { group: 'apps', version: 'v1', resource: 'daemonsets', namespaced: true },
        namespace: pod.metadata.namespace ?? '',
        name: controller.name,
      });
      daemonSets.add(pod.metadata.uid ?? '');
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    }
  }
  const { pods, warnings, errors } = judge(all, flags, (pod) => daemonSets.has(pod.metadata.uid ?? ''));
  if (errors.length > 0) throw aggregate(errors.map((error) => new UsageError(`cannot delete ${error}`)));
  if (warnings !== '') factory.streams.err(`Warning: ${warnings}\n`);
  const skip = flags.int('skip-wait-for-delete-timeout');
  const begun = pods.filter((pod) => !(skip > 0 && pod.metadata.deletionTimestamp !== undefined));
  const timeout = flags.duration('timeout');
  const end = timeout === 0 ? Number.POSITIVE_INFINITY : factory.now() + timeout;
  for (const pod of begun) {
    const { namespace = '', name = '' } = pod.metadata;
    factory.streams.err(`${flags.bool('disable-eviction') ? 'deleting' : 'evicting'} pod ${namespace}/${name}${dryRunSuffix(dryRun)}\n`);
    if (dryRun !== 'client') await remove(factory, pod, flags, dryRun, end);
  }
  if (dryRun !== 'none') return;
  for (const pod of begun) {
    await gone(factory, pod, end, timeout);
    factory.streams.out(`pod/${pod.metadata.name} ${flags.bool('disable-eviction') ? 'deleted' : 'evicted'}\n`);
  }
}

/** Asks for the eviction until no disruption budget objects (every 5 s). */
async function remove(factory: Factory, pod: Pod, flags: FlagValues, dryRun: shared.DryRun, end: number): Promise<void> {
  const { namespace = '', name = '' } = pod.metadata;
  const grace = flags.int('grace-period');
  const deleteOptions = grace >= 0 ? { gracePeriodSeconds: grace } : {};
  const target = { resource: PODS, namespace, name };
  for (;;) {
    try {
      if (flags.bool('disable-eviction'))
        await factory.client.delete(target, { apiVersion: 'v1', kind: 'DeleteOptions', ...deleteOptions }, shared.dryRunQuery(dryRun));
      else
        await factory.client.create(
          { ...target, subresource: 'eviction' },
          { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions } as KubeObject,
          shared.dryRunQuery(dryRun),
        );
      return;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.reason === 'NotFound') return;
      if (error.reason !== 'TooManyRequests') throw new UsageError(`error when evicting pods/"${name}" -n "${namespace}": ${error.message}`);
      factory.streams.err(`error when evicting pods/"${name}" -n "${namespace}" (will retry after 5s): ${error.message}\n`);
      if (factory.now() >= end)
        throw new UsageError(`error when evicting pods/"${name}" -n "${namespace}": global timeout reached: ${flags.string('timeout')}`);
      await factory.sleep(5000);
      factory.streams.err(`evicting pod ${namespace}/${name}\n`);
    }
  }
}

async function gone(factory: Factory, pod: Pod, end: number, timeout: number): Promise<void> {
  const { namespace = '', name = '' } = pod.metadata;
  for (;;) {
    try {
      const found = await factory.client.get<Pod>({ resource: PODS, namespace, name });
      if (found.metadata.uid !== pod.metadata.uid) return;
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'NotFound') return;
      throw error;
    }
    if (factory.now() >= end)
      throw new UsageError(`error when waiting for pod "${name}" in namespace "${namespace}" to terminate: global timeout reached: ${timeout / 1000}s`);
    await factory.sleep(1000);
  }
}
