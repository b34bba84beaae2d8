/** kubectl cluster-info dump (pkg/cmd/clusterinfo/clusterinfo_dump.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import type { Pod } from '../../resources/pods/types.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { PODS } from '../pods.js';
import { makePrinter, type Printable } from '../printers/index.js';
import { printFlags } from '../printing.js';
import * as shared from '../shared-flags.js';

const command: Command<FlagValues> = {
  use: 'dump [flags]',
  short: 'Dump what helps to find out what is wrong',
  long: `Dump what helps to find out what is wrong with a cluster: its nodes, and of some namespaces the events, workloads, pods and logs.

By default to stdout, with --output-directory into files, and of the current namespace and kube-system.`,
  examples: `# To stdout
kubectl cluster-info dump

# Into files
kubectl cluster-info dump --output-directory=/path/to/cluster-state

# All namespaces
kubectl cluster-info dump --all-namespaces

# Some namespaces
kubectl cluster-info dump --namespaces default,kube-system --output-directory=/path/to/cluster-state`,
  flags: [
    { ...shared.ALL_NAMESPACES, usage: 'All namespaces; --namespaces then means nothing.' },
    ...shared.PRINT.filter((flag) => flag.name !== 'output'),
    { name: 'namespaces', type: 'stringSlice', usage: 'Namespaces to dump, joined by commas.' },
    { ...shared.OUTPUT, default: 'json' },
    { name: 'output-directory', type: 'string', usage: "Where the files go; '-' or nothing: to stdout" },
    { name: 'pod-running-timeout', type: 'duration', default: '20s', usage: 'How long to wait until a pod runs (5s, 2m, 3h; more than zero)' },
  ],
  complete: async (_, flags) => flags,
  run,
};
export default command;

const core = (resource: string) => ({ group: '', version: 'v1', resource, namespaced: true });
const apps = (resource: string) => ({ group: 'apps', version: 'v1', resource, namespaced: true });

async function run(flags: FlagValues, factory: Factory): Promise<void> {
  const directory = flags.string('output-directory');
  const toFiles = directory !== '' && directory !== '-';
  const write = async (name: string, text: string): Promise<void> => {
    if (toFiles) await factory.files.write(`${directory}/${name}`, text, 0o644);
    else factory.streams.out(text);
  };
  const extension = flags.string('output') === 'yaml' ? 'yaml' : 'json';
  const printer = await makePrinter(printFlags(factory, flags), { keepOrder: true });
  const dump = async (name: string, resource: ReturnType<typeof core>, namespace: string): Promise<readonly KubeObject[]> => {
    const list = await factory.client.list({ resource, namespace });
    // A name is refused to a list that has Go's own type
    if (flags.string('output') === 'name') throw new UsageError(`list types are not supported by name printing: *v1.${list.kind}`);
    await write(
      `${name}.${extension}`,
      printer.print(
        (await factory.structs()).inOrder({
          ...list,
          items: list.items.map(({ kind: _kind, apiVersion: _apiVersion, ...item }) => item),
        } as unknown as Printable),
      ),
    );
    return list.items;
  };
  await dump('nodes', { ...core('nodes'), namespaced: false }, '');
  for (const namespace of await namespacesOf(flags, factory)) {
    await dump(`${namespace}/events`, core('events'), namespace);
    await dump(`${namespace}/replication-controllers`, core('replicationcontrollers'), namespace);
    await dump(`${namespace}/services`, core('services'), namespace);
    await dump(`${namespace}/daemonsets`, apps('daemonsets'), namespace);
    await dump(`${namespace}/deployments`, apps('deployments'), namespace);
    await dump(`${namespace}/replicasets`, apps('replicasets'), namespace);
    const pods = (await dump(`${namespace}/pods`, core('pods'), namespace)) as unknown as readonly Pod[];
    for (const pod of pods) await write(`${namespace}/${pod.metadata.name}/logs.txt`, await logsOf(factory, pod));
  }
  if (toFiles) factory.streams.out(`Cluster info dumped to ${directory}\n`);
}

async function namespacesOf(flags: FlagValues, factory: Factory): Promise<readonly string[]> {
  if (flags.bool('all-namespaces'))
    return (await factory.client.list({ resource: { ...core('namespaces'), namespaced: false } })).items.map((item) => item.metadata.name ?? '');
  const named = flags.strings('namespaces');
  return named.length > 0 ? named : ['kube-system', factory.namespace];
}

/** Of a raw request only the code counts (errors.NewGenericServerResponse). */
const rawMessage = (code: number): string =>
  code === 400
    ? 'the server rejected our request for an unknown reason'
    : code === 404
      ? 'the server could not find the requested resource'
      : 'an error on the server ("unknown") has prevented the request from succeeding';

async function logsOf(factory: Factory, pod: Pod): Promise<string> {
  let text = '';
  for (const { name } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    text += `==== START logs for container ${name} of pod ${pod.metadata.namespace}/${pod.metadata.name} ====\n`;
    try {
      const stream = await factory.client.text(
        { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', subresource: 'log' },
        { query: { container: name } },
      );
      for await (const chunk of stream) text += chunk;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      text += `Request log error: ${rawMessage(error.status.code ?? 500)} (get pods ${pod.metadata.name})\n`;
    }
    text += `==== END logs for container ${name} of pod ${pod.metadata.namespace}/${pod.metadata.name} ====\n`;
  }
  return text;
}
