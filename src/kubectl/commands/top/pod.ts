/** kubectl top pod (pkg/cmd/top/top_pod.go). */
import type { KubeObject } from '../../../api/object.js';
import { alignTabs, TABLE_TABS } from '../../../text/tabwriter.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { checkSelectors, checkSort, cpuText, memoryText, order, requireMetrics, sum, type Usage } from '../../metrics.js';
import * as shared from '../../shared-flags.js';

interface PodMetrics extends KubeObject {
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}
interface Options {
  readonly name: string;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'pod [NAME | -l label]',
  short: 'Show the CPU and memory pods use',
  long: `Show the CPU and memory pods use.

Of a pod that has just started there may be nothing for a while.`,
  examples: `# Of the namespace
kubectl top pod

# Of another
kubectl top pod --namespace=NAMESPACE

# One pod and its containers
kubectl top pod POD_NAME --containers

# Pods with a label
kubectl top pod -l name=myLabel`,
  flags: [
    shared.ALL_NAMESPACES,
    { name: 'containers', type: 'bool', usage: 'Show the containers of the pods.' },
    shared.FIELD_SELECTOR,
    { name: 'no-headers', type: 'bool', usage: 'Leave the header out.' },
    shared.SELECTOR,
    { name: 'sort-by', type: 'string', usage: "Sort by 'cpu' or 'memory'." },
    { name: 'sum', type: 'bool', usage: 'Add it all up in a last line' },
    { name: 'use-protocol-buffers', type: 'bool', default: 'true', usage: 'Talk to the Metrics API in protocol buffers.' },
  ],
  async complete(args, flags) {
    if (args.length > 1) throw new UsageError('pod [NAME | -l label]', 'help');
    return { name: args[0] ?? '', flags };
  },
  validate({ name, flags }) {
    checkSort(flags.string('sort-by'));
    if (name !== '' && (flags.string('selector') !== '' || flags.string('field-selector') !== ''))
      throw new UsageError('only one of NAME or selector can be provided');
  },
  run,
};
export default command;

async function run({ name, flags }: Options, factory: Factory): Promise<void> {
  const resource = await requireMetrics(factory, 'pods');
  checkSelectors(flags);
  const all = flags.bool('all-namespaces');
  const namespace = all ? '' : factory.namespace;
  let metrics: readonly PodMetrics[];
  if (name !== '') metrics = [await factory.client.get<PodMetrics>({ resource, namespace: factory.namespace, name })];
  else {
    const query = { labelSelector: flags.string('selector'), fieldSelector: flags.string('field-selector') };
    metrics = (await factory.client.list({ resource, namespace }, { query })).items as readonly PodMetrics[];
  }
  if (metrics.length === 0) return nothing(factory, flags, namespace);
  factory.streams.out(table(metrics, flags, all));
}

/** No metrics may mean no pods, or pods too young. */
async function nothing(factory: Factory, flags: FlagValues, namespace: string): Promise<void> {
  const pods = await factory.client.list(
    { resource: { group: '', version: 'v1', resource: 'pods', namespaced: true }, namespace },
    { query: { labelSelector: flags.string('selector') } },
  );
  if (pods.items.length > 0) throw new UsageError('metrics not available yet');
  factory.streams.err(namespace === '' ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`);
}

function table(metrics: readonly PodMetrics[], flags: FlagValues, withNamespace: boolean): string {
  const containers = flags.bool('containers');
  const total = (pod: PodMetrics) => sum(pod.containers.map((one) => one.usage));
  const head = [...(withNamespace ? ['NAMESPACE'] : []), ...(containers ? ['POD'] : []), 'NAME', 'CPU(cores)', 'MEMORY(bytes)'];
  const lines: string[][] = flags.bool('no-headers') ? [] : [head];
  const sorted = order(metrics, flags.string('sort-by'), total, (pod) => `${pod.metadata.namespace}/${pod.metadata.name}`);
  for (const pod of sorted) {
    const place = withNamespace ? [pod.metadata.namespace ?? ''] : [];
    if (!containers) lines.push([...place, pod.metadata.name ?? '', cpuText(total(pod)), memoryText(total(pod))]);
    else
      for (const one of order(
        pod.containers,
        flags.string('sort-by'),
        (item) => item.usage,
        (item) => item.name,
      ))
        lines.push([...place, pod.metadata.name ?? '', one.name, cpuText(one.usage), memoryText(one.usage)]);
  }
  if (flags.bool('sum')) {
    const all = sum(metrics.map(total));
    // Without a header nothing counts the columns that come before (metrics_printer.go)
    const gap = flags.bool('no-headers') ? 0 : head.length - 3;
    const blanks = Array.from({ length: gap }, () => '');
    lines.push([...blanks, '', '________', '________']);
    lines.push([...blanks, '', cpuText(all), memoryText(all)]);
  }
  return alignTabs(lines.map((line) => `${line.join('\t')}\t\n`).join(''), TABLE_TABS);
}
