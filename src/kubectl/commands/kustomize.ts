/** kubectl kustomize (sigs.k8s.io/kustomize/kustomize commands/build). */
import { parseYaml } from '../../text/yaml.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { buildKustomization } from '../kustomize/build.js';

const RESTRICTORS = ['LoadRestrictionsRootOnly', 'LoadRestrictionsNone'];

const REORDERS = ['legacy', 'none'];

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
    {
      name: 'reorder',
      type: 'string',
      default: 'unspecified',
      usage: "'legacy': kinds in a fixed order; 'none': objects as they are read.",
      hidden: true,
      deprecated: "use the new 'sortOptions' field in kustomization.yaml instead.",
    },
  ],
  async complete(args, flags) {
    if (args.length > 1) throw new UsageError('specify one path to kustomization.yaml');
    const restrictor = flags.string('load-restrictor');
    if (!RESTRICTORS.includes(restrictor)) throw new UsageError(`illegal flag value --load-restrictor ${restrictor}; legal values: [${RESTRICTORS.join(' ')}]`);
    const reorder = flags.string('reorder');
    if (flags.changed('reorder') && !REORDERS.includes(reorder))
      throw new UsageError(`illegal flag value --reorder ${reorder}; legal values: [${REORDERS.join(' ')}]`);
    return { directory: args[0] ?? '.', flags };
  },
  async run({ directory, flags }, factory) {
    const text = await buildKustomization(factory.files, directory, {
      warn: factory.streams.err,
      order: flags.string('reorder') === 'none' ? 'none' : 'legacy',
      isFree: flags.string('load-restrictor') === 'LoadRestrictionsNone',
      read: async (url) => (await import('../builder/sources.js')).remoteText(url, factory.fetch),
    });
    const output = flags.string('output');
    if (output === '') factory.streams.out(text);
    else if ((await factory.files.kind(output))?.kind !== 'directory') await factory.files.write(output, text, 0o644);
    else for (const one of text.split(/^---\n/m)) await factory.files.write(`${output}/${fileName(one)}`, one, 0o644);
  },
};
export default command;

/** `apps_v1_deployment_web.yaml` (kustomize commands/build/writer.go). */
function fileName(text: string): string {
  const parsed = parseYaml(text);
  const { apiVersion, kind, metadata } = ('error' in parsed ? {} : parsed.value) as { apiVersion: string; kind: string; metadata: { name: string } };
  return `${apiVersion.replace('/', '_')}_${kind}_${metadata.name}.yaml`.toLowerCase();
}
