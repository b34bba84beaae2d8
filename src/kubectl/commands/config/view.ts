/** kubectl config view (pkg/cmd/config/view.go). */
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { encodable, redacted } from '../../config-file.js';
import { readErrorText } from '../../files.js';
import { type Kubeconfig, located, type NamedCluster, type NamedUser } from '../../kubeconfig.js';
import { makePrinter, type Printable } from '../../printers/index.js';
import { printFlags } from '../../printing.js';
import * as shared from '../../shared-flags.js';

const command: Command<FlagValues> = {
  use: 'view [flags]',
  short: 'Show the kubeconfig',
  long: `Show the kubeconfig.

-o jsonpath={...} takes single values out of it.`,
  examples: `# All of it
kubectl config view

# With certificates and secrets
kubectl config view --raw

# The password of the user e2e
kubectl config view -o jsonpath='{.users[?(@.name == "e2e")].user.password}'`,
  flags: [
    ...shared.PRINT.filter((flag) => flag.name !== 'output'),
    { name: 'flatten', type: 'bool', usage: 'Make the result stand on its own, with the contents of the files it names' },
    { name: 'merge', type: 'tristate', default: 'true', bare: 'true', usage: 'Merge the kubeconfig files there are' },
    { name: 'minify', type: 'bool', usage: 'Leave out all that the current context does not use' },
    { ...shared.OUTPUT, default: 'yaml' },
    { name: 'raw', type: 'bool', usage: 'Show certificates and secrets' },
  ],
  async complete(args, flags) {
    if (args.length !== 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, 'help');
    if (!flags.bool('merge') && flags.string('kubeconfig') === '') throw new UsageError('if merge==false a precise file must be specified');
    return flags;
  },
  async run(flags, factory) {
    let { config } = await factory.kubeconfig();
    if (flags.bool('minify')) config = minified(config, flags.string('context'));
    if (flags.bool('flatten')) config = await flattened(factory, config);
    if (!flags.bool('raw') && !flags.bool('flatten')) config = redacted(config);
    const printer = await makePrinter(printFlags(factory, flags), { keepOrder: true });
    factory.streams.out(printer.print(encodable(config) as unknown as Printable));
  },
};
export default command;

function minified(config: Kubeconfig, override: string): Kubeconfig {
  const name = override || config['current-context'];
  if (name === '') throw new UsageError('current-context must exist in order to minify');
  const context = config.contexts.find((one) => one.name === name);
  if (context === undefined) throw new UsageError(`cannot locate context ${name}`);
  const { cluster = '', user = '' } = context.context;
  if (cluster !== '' && !config.clusters.some((one) => one.name === cluster)) throw new UsageError(`cannot locate cluster ${cluster}`);
  if (user !== '' && !config.users.some((one) => one.name === user)) throw new UsageError(`cannot locate user ${user}`);
  return {
    ...config,
    'current-context': name,
    contexts: [context],
    clusters: config.clusters.filter((one) => one.name === cluster),
    users: config.users.filter((one) => one.name === user),
  };
}

/** Certificates and keys move from their files into the config. */
async function flattened(factory: Factory, config: Kubeconfig): Promise<Kubeconfig> {
  const { path } = await factory.kubeconfig();
  const inline = async (entry: Readonly<Record<string, unknown>>, keys: readonly string[]): Promise<Record<string, unknown>> => {
    const map = located(entry, path);
    const result: Record<string, unknown> = { ...map };
    for (const key of keys) {
      if (typeof map[key] !== 'string' || map[key] === '') continue;
      try {
        result[`${key}-data`] = Buffer.from(await factory.files.readBytes(map[key] as string)).toString('base64');
      } catch (error) {
        throw new UsageError(readErrorText(factory.files.path(map[key] as string), error));
      }
      delete result[key];
    }
    return result;
  };
  const users: NamedUser[] = [];
  for (const one of config.users) users.push({ ...one, user: await inline(one.user, ['client-certificate', 'client-key']) });
  const clusters: NamedCluster[] = [];
  for (const one of config.clusters) clusters.push({ ...one, cluster: await inline(one.cluster, ['certificate-authority']) });
  return { ...config, clusters, users };
}
