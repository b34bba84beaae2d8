/** kubectl config set-context (pkg/cmd/config/set_context.go). */
import { type Command, UsageError } from '../../command.js';
import { put, saveKubeconfig } from '../../config-file.js';

interface Options {
  readonly name: string;
  readonly current: boolean;
  readonly changes: Readonly<Record<string, string>>;
}

const command: Command<Options> = {
  use: 'set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  short: 'Set a context entry of the kubeconfig',
  long: `Set a context entry of the kubeconfig.

What a context has and is not named here stays as it is.`,
  examples: '# Another user for the context gce\nkubectl config set-context gce --user=cluster-admin',
  flags: [
    { name: 'cluster', type: 'string', usage: "The context's cluster in the kubeconfig" },
    { name: 'current', type: 'bool', usage: 'Change the current context' },
    { name: 'namespace', type: 'string', usage: "The context's namespace in the kubeconfig" },
    { name: 'user', type: 'string', usage: "The context's user in the kubeconfig" },
  ],
  async complete(args, flags) {
    if (args.length > 1) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'page');
    const changes = Object.fromEntries(['cluster', 'user', 'namespace'].filter((name) => flags.changed(name)).map((name) => [name, flags.string(name)]));
    return { name: args[0] ?? '', current: flags.bool('current'), changes };
  },
  validate({ name, current }) {
    if (name === '' && !current) throw new UsageError('you must specify a non-empty context name or --current');
    if (name !== '' && current) throw new UsageError('you cannot specify both a context name and --current');
  },
  async run({ name: given, current, changes }, factory) {
    const { config } = await factory.kubeconfig();
    const name = current ? config['current-context'] : given;
    if (name === '') throw new UsageError('no current context is set');
    const old = config.contexts.find((one) => one.name === name);
    await saveKubeconfig(factory, { ...config, contexts: put(config.contexts, { name, context: { ...old?.context, ...changes } }) });
    factory.streams.out(`Context "${name}" ${old === undefined ? 'created' : 'modified'}.\n`);
  },
};
export default command;
