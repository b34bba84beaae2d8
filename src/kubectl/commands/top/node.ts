/** kubectl top node (pkg/cmd/top/top_node.go). */
import type { KubeObject } from '../../../api/object.js';
import type { Node } from '../../../resources/nodes/types.js';
import { alignTabs, TABLE_TABS } from '../../../text/tabwriter.js';
import { type Command, type FlagValues, UsageError } from '../../command.js';
import { checkSelectors, checkSort, cpuText, cpuValue, memoryText, memoryValue, order, requireMetrics, type Usage } from '../../metrics.js';
import * as shared from '../../shared-flags.js';

interface NodeMetrics extends KubeObject {
  readonly usage: Usage;
}

const command: Command<{ readonly name: string; readonly flags: FlagValues }> = {
  use: 'node [NAME | -l label]',
  short: 'Show the CPU and memory nodes use',
  long: 'Show the CPU and memory nodes use.',
  examples: `# All nodes
kubectl top node

# One
kubectl top node NODE_NAME`,
  flags: [
    { name: 'no-headers', type: 'bool', usage: 'Leave the header out' },
    shared.SELECTOR,
    { name: 'show-capacity', type: 'bool', usage: 'Compare with what nodes have, not with what pods may use of it.' },
    { name: 'sort-by', type: 'string', usage: "Sort by 'cpu' or 'memory'." },
    { name: 'use-protocol-buffers', type: 'bool', default: 'true', usage: 'Talk to the Metrics API in protocol buffers.' },
  ],
  async complete(args, flags) {
    if (args.length > 1) throw new UsageError('node [NAME | -l label]', 'help');
    return { name: args[0] ?? '', flags };
  },
  validate({ name, flags }) {
    checkSort(flags.string('sort-by'));
    if (name !== '' && flags.string('selector') !== '') throw new UsageError('only one of NAME or --selector can be provided');
  },
  async run({ name, flags }, factory) {
    const resource = await requireMetrics(factory, 'nodes');
    checkSelectors(flags);
    const nodesResource = { group: '', version: 'v1', resource: 'nodes', namespaced: false };
    const query = { labelSelector: flags.string('selector') };
    const metrics =
      name === ''
        ? ((await factory.client.list({ resource }, { query })).items as readonly NodeMetrics[])
        : [await factory.client.get<NodeMetrics>({ resource, name })];
    if (metrics.length === 0) throw new UsageError('metrics not available yet');
    const nodes = (
      name === ''
        ? (await factory.client.list({ resource: nodesResource }, { query })).items
        : [await factory.client.get<Node>({ resource: nodesResource, name })]
    ) as readonly Node[];
    const lines: string[][] = flags.bool('no-headers') ? [] : [['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']];
    for (const one of order(
      metrics,
      flags.string('sort-by'),
      (item) => item.usage,
      (item) => item.metadata.name ?? '',
    )) {
      const status = nodes.find((node) => node.metadata.name === one.metadata.name)?.status;
      const available = ((flags.bool('show-capacity') ? status?.capacity : status?.allocatable) ?? {}) as Usage;
      const percent = (value: (usage: Usage) => number) =>
        value(available) === 0 ? '<unknown>' : `${Math.trunc((value(one.usage) / value(available)) * 100)}%`;
      lines.push([one.metadata.name ?? '', cpuText(one.usage), percent(cpuValue), memoryText(one.usage), percent(memoryValue)]);
    }
    for (const node of nodes.filter((item) => !metrics.some((one) => one.metadata.name === item.metadata.name))) {
      lines.push([node.metadata.name ?? '', '<unknown>', '<unknown>', '<unknown>', '<unknown>']);
    }
    factory.streams.out(alignTabs(lines.map((line) => `${line.join('\t')}\t\n`).join(''), TABLE_TABS));
  },
};
export default command;
