/** kubectl config unset (pkg/cmd/config/unset.go). */
import { type Command, UsageError } from '../../command.js';
import { saveKubeconfig } from '../../config-file.js';
import { unsetProperty } from '../../config-property.js';

const command: Command<{ readonly name: string }> = {
  use: 'unset PROPERTY_NAME',
  short: 'Remove one value from a kubeconfig file',
  long: `Remove one value from a kubeconfig file.

PROPERTY_NAME is a path of names joined by dots.`,
  examples: `# There is no current context any more
kubectl config unset current-context

# No namespace in the context foo
kubectl config unset contexts.foo.namespace`,
  flags: [],
  async complete(args) {
    if (args.length !== 1) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'page');
    return { name: args[0] as string };
  },
  validate({ name }) {
    if (name === '') throw new UsageError('you must specify a property');
  },
  async run({ name }, factory) {
    const { config } = await factory.kubeconfig();
    await saveKubeconfig(factory, unsetProperty(config, name));
    factory.streams.out(`Property "${name}" unset.\n`);
  },
};
export default command;
