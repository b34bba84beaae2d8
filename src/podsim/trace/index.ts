/** `podsim trace`: the way of a pod's object through the components. */
import type { Command } from 'commander';
import type { ObjectKey } from '../../api/object.js';
import type { Api, ResourceId } from '../../api/verbs.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { Pod } from '../../resources/pods/types.js';
import { explain } from '../../scheduler/explain.js';
import { type PodsimContext, PodsimError } from '../context.js';
import { known, podTarget } from '../pod-target.js';
import { type Evidence, evidenceOf } from '../timeline/evidence.js';
import { traceJson } from './json.js';
import { type PodTrace, podTrace, type Scheduling } from './model.js';
import { isScheduled } from './scheduling.js';
import { traceText } from './text.js';

const HELP = `
Examples:
  # From kubectl's request to the running process, with what each component did
  podsim trace web
  # Why that node: filters and scores, plugin by plugin
  podsim trace web -o json | jq .scheduling

Times are since the pod's creation; those marked ~ are worked out from something else, or known to the second only. What the scheduler
thought then is not kept: its plugins are run again, on the cluster as it is now, and the step says so.`;

export function define(command: Command, context: PodsimContext): void {
  command
    .argument('<pod...>', 'POD or pod/POD')
    .option('-n, --namespace <name>', "the pod's namespace")
    .option('-o, --output <format>', 'json; text if not given')
    .addHelpText('after', HELP)
    .action(async (words: string[], flags: { namespace?: string; output?: string }) => {
      const { streams, env } = context;
      if (flags.output !== undefined && flags.output !== 'json')
        throw new PodsimError(`unable to match a printer suitable for the output format ${JSON.stringify(flags.output)}, allowed formats are: json`);
      const key = await podTarget(context, words, flags.namespace, 'trace');
      const trace = known(await find(context, key), key);
      if (flags.output === 'json') {
        streams.out(`${JSON.stringify(traceJson(trace), null, 4)}\n`);
        return;
      }
      const { Chalk } = await import('chalk');
      const colour = new Chalk({ level: streams.outIsTTY === true && (env['NO_COLOR'] ?? '') === '' ? 1 : 0 });
      streams.out(traceText(trace, { width: streams.columns ?? 80, isWrapped: streams.outIsTTY === true, colour }));
    });
}

async function find(context: PodsimContext, key: ObjectKey): Promise<PodTrace | undefined> {
  if (!(await context.isRemote())) return (await context.open()).read((cluster) => traceOf(cluster, key));
  const { remotePod } = await import('../remote-pod.js');
  const { client } = await context.factory([]);
  const evidence = await remotePod(client, key, context.machine());
  return evidence === undefined ? undefined : podTrace(evidence, { isRemote: true });
}

/** undefined: nothing is known of a pod of that name. Changes nothing. */
export function traceOf(cluster: Cluster, key: ObjectKey): PodTrace | undefined {
  const evidence = evidenceOf(cluster, key);
  if (evidence === undefined) return undefined;
  const template = templateOf(cluster, evidence.pod);
  const scheduling = schedulingOf(cluster, evidence);
  return podTrace(evidence, { ...(template === undefined ? {} : { template }), ...(scheduling === undefined ? {} : { scheduling }) });
}

const OWNERS: Readonly<Record<string, ResourceId>> = {
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  Job: 'jobs.batch',
};

/** The spec of its owner's pod template. A later change of the template may have come since, but of ReplicaSets and Jobs, which keep theirs. */
function templateOf({ store }: Cluster, { metadata }: Pod): unknown {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const resource = OWNERS[owner?.kind ?? ''];
  if (owner === undefined || resource === undefined || (owner.kind !== 'ReplicaSet' && owner.kind !== 'Job')) return undefined;
  const found = store.get(resource, { namespace: metadata.namespace ?? '', name: owner.name });
  return found?.metadata.uid === owner.uid
    ? (found as { readonly spec?: { readonly template?: { readonly spec?: unknown } } } | undefined)?.spec?.template?.spec
    : undefined;
}

/** What the scheduler's plugins say now. Only of pods that are there and that a scheduler chose the node of, or is to. */
function schedulingOf({ store, now }: Cluster, evidence: Evidence): Scheduling | undefined {
  const { pod, removedAt } = evidence;
  const { phase } = pod.status ?? {};
  if (removedAt !== undefined || evidence.isFromEvents === true || phase === 'Succeeded' || phase === 'Failed' || !isScheduled(evidence)) return undefined;
  const api: Pick<Api, 'get' | 'list' | 'watch'> = {
    get: (resource, key) => store.get(resource, key),
    list: (resource, options) => store.list(resource, options).filter((object) => resource !== 'pods' || object.metadata.uid !== pod.metadata.uid) as never,
    watch: () => {},
  };
  return { at: now, nodes: explain(pod, api) };
}
