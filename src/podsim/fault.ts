/** `podsim fault`: break things on purpose. Faults are saved state that the kubelets and the runtime look at; they play out by themselves. */
import type { Command } from 'commander';
import type { Cluster } from '../cluster/cluster.js';
import { type NodeFault, nodeFaultKey } from '../kubelet/index.js';
import { type PodsimContext, PodsimError } from './context.js';

const REGISTRIES = 'faults/registries/';

export function define(command: Command, context: PodsimContext): void {
  const { streams } = context;
  const change = async (work: (cluster: Cluster) => string): Promise<void> => {
    const turn = await context.open();
    streams.out(`${await turn.write(work)}\n`);
  };
  command
    .command('list')
    .description('List the faults in force')
    .action(async () => {
      const turn = await context.open();
      const lines = await turn.read((cluster) => [
        ...cluster.state
          .keys('faults/nodes/')
          .map((key) => `node ${key.slice('faults/nodes/'.length)}: ${cluster.state.get<NodeFault>(key)?.kind === 'down' ? 'down' : 'cut off'}`),
        ...cluster.state.keys(REGISTRIES).map((key) => `registry ${key.slice(REGISTRIES.length)}: down`),
      ]);
      if (lines.length === 0) streams.err('No faults.\n');
      else streams.out(`${lines.join('\n')}\n`);
    });
  const onNode = (name: string, description: string, fault: NodeFault['kind'] | undefined, said: string): void => {
    command
      .command(`${name} <node>`)
      .description(description)
      .action((node: string) =>
        change((cluster) => {
          if (cluster.store.get('nodes', { namespace: '', name: node }) === undefined) throw new PodsimError(`nodes ${JSON.stringify(node)} not found`);
          if (fault === undefined) cluster.state.delete(nodeFaultKey(node));
          else cluster.state.set(nodeFaultKey(node), { kind: fault, since: cluster.now } satisfies NodeFault);
          wakeNode(cluster, node);
          return `node/${node} ${said}`;
        }),
      );
  };
  onNode('node-down', 'Switch a node off: its containers die and nobody hears of it', 'down', 'is down');
  onNode('node-up', 'Switch a node on again', undefined, 'is up');
  onNode('partition', 'Cut a node off: its containers run on, but it cannot be heard', 'partition', 'is cut off');
  onNode('heal', 'End a partition', undefined, 'can be heard again');
  command
    .command('registry-down [host]')
    .description('Let image pulls time out, from one registry or from all')
    .action((host: string | undefined) =>
      change((cluster) => {
        cluster.state.set(`${REGISTRIES}${host ?? '*'}`, 'down');
        return host === undefined ? 'all registries are down' : `registry ${host} is down`;
      }),
    );
  command
    .command('registry-up [host]')
    .description('Let image pulls work again')
    .action((host: string | undefined) =>
      change((cluster) => {
        for (const key of cluster.state.keys(REGISTRIES)) if (host === undefined || key === `${REGISTRIES}${host}`) cluster.state.delete(key);
        return host === undefined ? 'all registries are up' : `registry ${host} is up`;
      }),
    );
}

/** Everybody who has to do with a node looks again. */
function wakeNode(cluster: Cluster, node: string): void {
  const key = { namespace: '', name: node };
  cluster.sim.wake(`kubelet/${node}`, key);
  cluster.sim.wake('node-controller', key);
  for (const pod of cluster.api.list('pods', { index: { name: 'node', value: node } }))
    cluster.sim.wake(`kubelet/${node}`, { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' });
}
