/** `podsim fault`: break things on purpose. Faults are saved state that the kubelets and the runtime look at; they play out by themselves. */
import type { Command } from 'commander';
import type { ObjectKey } from '../api/object.js';
import type { Cluster } from '../cluster/cluster.js';
import { type NodeFault, nodeFaultKey, pressureKey } from '../kubelet/index.js';
import type { Pod } from '../resources/pods/types.js';
import { type PodsimContext, PodsimError } from './context.js';

const REGISTRIES = 'faults/registries/';

const FAULTS: Readonly<Record<NodeFault['kind'], string>> = { down: 'down', partition: 'cut off', kubelet: 'its kubelet has been stopped' };

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
          .map((key) => `node ${key.slice('faults/nodes/'.length)}: ${FAULTS[cluster.state.get<NodeFault>(key)?.kind ?? 'down']}`),
        ...cluster.state
          .keys('faults/pressure/')
          .map((key) => `node ${key.slice('faults/pressure/'.length)}: short of ${(cluster.state.get<readonly string[]>(key) ?? []).join(', ')}`),
        ...cluster.state.keys('faults/images/').map((key) => `image ${key.slice('faults/images/'.length)}: ${cluster.state.get<string>(key)}`),
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
  const onContainer = (name: string, description: string, signalOf: (flag: string) => string, said: string): void => {
    const sub = command
      .command(`${name} <pod>`)
      .description(description)
      .option('-c, --container <name>', 'which container; the first if not given')
      .option('-n, --namespace <name>', "the pod's namespace", 'default');
    if (name === 'kill') sub.option('--signal <signal>', 'KILL, TERM, INT …', 'KILL');
    sub.action((pod: string, options: { container?: string; namespace: string; signal?: string }) =>
      change((cluster) => {
        const container = strike(
          cluster,
          { namespace: options.namespace, name: pod.replace(/^pods?\//, '') },
          options.container,
          signalOf(options.signal ?? 'KILL'),
        );
        return `pod/${pod.replace(/^pods?\//, '')} container ${container} ${said}`;
      }),
    );
  };
  onContainer(
    'kill',
    'Send a signal to the main process of a container, from outside',
    (flag) => `SIG${flag.toUpperCase().replace(/^SIG/, '')}`,
    'was signalled',
  );
  onContainer('oom', 'Let a container run out of memory', () => 'OOM', 'ran out of memory');
  const pressure = (kind: 'memory' | 'disk'): void => {
    command
      .command(`${kind}-pressure <node>`)
      .description(`Let a node run short of ${kind}; again: end it`)
      .action((node: string) =>
        change((cluster) => {
          if (cluster.store.get('nodes', { namespace: '', name: node }) === undefined) throw new PodsimError(`nodes ${JSON.stringify(node)} not found`);
          const now = cluster.state.get<readonly string[]>(pressureKey(node)) ?? [];
          const next = now.includes(kind) ? now.filter((one) => one !== kind) : [...now, kind];
          if (next.length === 0) cluster.state.delete(pressureKey(node));
          else cluster.state.set(pressureKey(node), next);
          wakeNode(cluster, node);
          return `node/${node} ${now.includes(kind) ? `has enough ${kind} again` : `is short of ${kind}`}`;
        }),
      );
  };
  pressure('memory');
  pressure('disk');
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

/** Signals the running container, and has the kubelet look; answers its name. */
function strike(cluster: Cluster, key: ObjectKey, container: string | undefined, signal: string): string {
  const pod = cluster.store.get<Pod>('pods', key);
  if (pod === undefined) throw new PodsimError(`pods ${JSON.stringify(key.name)} not found`);
  const node = pod.spec.nodeName;
  if (node === undefined || node === '') throw new PodsimError(`pod ${key.name} does not have a host assigned`);
  const name = container ?? (pod.spec.containers[0]?.name as string);
  const { runtime, server } = cluster.node(node);
  const status = server.containerStatus(key, name, false);
  if (status?.state !== 'running') throw new PodsimError(`container ${JSON.stringify(name)} of pod ${JSON.stringify(key.name)} is not running`);
  runtime.killContainer(status.id, signal);
  cluster.sim.wake(`kubelet/${node}`, key);
  return name;
}

/** Everybody who has to do with a node looks again. */
function wakeNode(cluster: Cluster, node: string): void {
  const key = { namespace: '', name: node };
  cluster.sim.wake(`kubelet/${node}`, key);
  cluster.sim.wake('node-controller', key);
  for (const pod of cluster.api.list('pods', { index: { name: 'node', value: node } }))
    cluster.sim.wake(`kubelet/${node}`, { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' });
}
