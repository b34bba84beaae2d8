/** kubectl kustomize (sigs.k8s.io/kustomize/kustomize commands/build). */
import { type Command, type FlagValues, UsageError } from '../command.js';
import { buildKustomization } from '../kustomization.js';

const RESTRICTORS = ['LoadRestrictionsRootOnly', 'LoadRestrictionsNone'];

const command: Command<{ readonly directory: string; readonly flags: FlagValues }> = {
  use: 'kustomize DIR [flags]',
  short: 'Build a kustomization from a directory',
  long: 'Print what a directory with a kustomization.yaml comes to. Without a directory, of the current one.',
  examples: `# The current directory
kubectl kustomize

# Another
kubectl kustomize /home/config/production`,
  flags: [
    { name: 'as-current-user', type: 'bool', usage: 'Run functions with the uid and gid of this user' },
    { name: 'enable-alpha-plugins', type: 'bool', usage: 'Allow plugins' },
    { name: 'enable-helm', type: 'bool', usage: 'Allow charts' },
    { name: 'env', short: 'e', type: 'stringArray', usage: 'Environment of functions' },
    { name: 'helm-api-versions', type: 'stringArray', usage: 'API versions for charts' },
    { name: 'helm-command', type: 'string', default: 'helm', usage: 'The helm program' },
    { name: 'helm-debug', type: 'bool', usage: 'Let helm say more' },
    { name: 'helm-kube-version', type: 'string', usage: 'Kubernetes version for charts' },
    {
      name: 'load-restrictor',
      type: 'string',
      default: 'LoadRestrictionsRootOnly',
      usage: "'LoadRestrictionsNone': files may be loaded from outside the directory. Such a kustomization cannot be moved.",
    },
    { name: 'mount', type: 'stringArray', usage: 'Storage of functions' },
    { name: 'network', type: 'bool', usage: 'Let functions use the network' },
    { name: 'network-name', type: 'string', default: 'bridge', usage: 'The docker network of functions' },
    { name: 'output', short: 'o', type: 'string', usage: 'Write to this file instead of stdout.' },
  ],
  async complete(args, flags) {
    if (args.length > 1) throw new UsageError('specify one path to kustomization.yaml');
    const restrictor = flags.string('load-restrictor');
    if (!RESTRICTORS.includes(restrictor)) throw new UsageError(`illegal flag value --load-restrictor ${restrictor}; legal values: [${RESTRICTORS.join(' ')}]`);
    return { directory: args[0] ?? '.', flags };
  },
  async run({ directory, flags }, factory) {
    const text = await buildKustomization(factory.files, directory, factory.streams.err);
    if (flags.string('output') === '') factory.streams.out(text);
    else await factory.files.write(flags.string('output'), text, 0o644);
  },
};
export default command;
