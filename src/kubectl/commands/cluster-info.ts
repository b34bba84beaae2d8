/** kubectl cluster-info (pkg/cmd/clusterinfo/clusterinfo.go). */
import type { KubeObject } from '../../api/object.js';
import type { Command, Factory } from '../command.js';

interface Service extends KubeObject {
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] } };
}

const command: Command<undefined> = {
  use: 'cluster-info [flags]',
  short: 'Show where the cluster is',
  long: `Show the addresses of the control plane and of the services with the label kubernetes.io/cluster-service=true.

"kubectl cluster-info dump" says more.`,
  examples: '# Where is it?\nkubectl cluster-info',
  flags: [],
  complete: async () => undefined,
  async run(_, factory) {
    try {
      await showServices(factory);
    } finally {
      factory.streams.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
    }
  },
};
export default command;

async function showServices(factory: Factory): Promise<void> {
  const { streams } = factory;
  const list = await factory.client.list(
    { resource: { group: '', version: 'v1', resource: 'services', namespaced: true }, namespace: 'kube-system' },
    { query: { labelSelector: 'kubernetes.io/cluster-service=true' } },
  );
  const server = await factory.server();
  // In colour on a terminal, as kubectl has it: names green, addresses yellow
  const paint = (text: string, color: number) => (streams.outIsTTY ? `\x1b[0;${color}m${text}\x1b[0m` : text);
  const say = (name: string, link: string) => streams.out(`${paint(name, 32)} is running at ${paint(link, 33)}\n`);
  say('Kubernetes control plane', server);
  for (const service of list.items as readonly Service[])
    say(service.metadata.labels?.['kubernetes.io/name'] ?? service.metadata.name ?? '', linkOf(service, server));
}

function linkOf(service: Service, server: string): string {
  const ingress = service.status?.loadBalancer?.ingress?.[0];
  const ports = service.spec?.ports ?? [];
  if (ingress !== undefined) return ports.map((port) => `http://${ingress.ip ?? ingress.hostname}:${port.port} `).join('');
  const port = ports[0];
  const scheme = port?.name === 'https' || port?.port === 443 ? 'https:' : '';
  const suffix = scheme === '' && (port?.name ?? '') === '' ? '' : `:${port?.name ?? ''}`;
  return `${server}/api/v1/namespaces/${service.metadata.namespace}/services/${scheme}${service.metadata.name}${suffix}/proxy`;
}
