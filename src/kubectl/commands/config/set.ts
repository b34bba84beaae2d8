/** kubectl config set (pkg/cmd/config/set.go). */
import { type Command, UsageError } from '../../command.js';
import { saveKubeconfig } from '../../config-file.js';
import { setProperty } from '../../config-property.js';

interface Options {
  readonly name: string;
  readonly value: string;
  readonly rawBytes: boolean;
}

const command: Command<Options> = {
  use: 'set PROPERTY_NAME PROPERTY_VALUE',
  short: 'Set one value in a kubeconfig file',
  long: `Set one value in a kubeconfig file.

PROPERTY_NAME is a path of names joined by dots, such as clusters.my-cluster.server.

PROPERTY_VALUE is the new value. What is binary, such as certificate-authority-data, is given in base64 unless --set-raw-bytes is there.`,
  examples: `# The server of the cluster my-cluster
kubectl config set clusters.my-cluster.server https://1.2.3.4

# The cluster of the context my-context
kubectl config set contexts.my-context.cluster my-cluster`,
  flags: [{ name: 'set-raw-bytes', type: 'tristate', default: 'false', bare: 'true', usage: 'Take PROPERTY_VALUE as bytes and encode it in base64.' }],
  async complete(args, flags) {
    if (args.length !== 2) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'page');
    return { name: args[0] as string, value: args[1] as string, rawBytes: flags.bool('set-raw-bytes') };
  },
  validate({ name, value }) {
    if (value === '') throw new UsageError('you cannot use set to unset a property');
    if (name === '') throw new UsageError('you must specify a property');
  },
  async run({ name, value, rawBytes }, factory) {
    const { config } = await factory.kubeconfig();
    await saveKubeconfig(factory, setProperty(config, name, value, rawBytes));
    factory.streams.out(`Property "${name}" set.\n`);
  },
};
export default command;
