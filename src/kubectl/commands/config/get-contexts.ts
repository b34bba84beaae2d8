/** kubectl config get-contexts (pkg/cmd/config/get_contexts.go). */
import { alignTabs, TABLE_TABS } from '../../../text/tabwriter.js';
import { type Command, UsageError } from '../../command.js';
import { sortedNames } from '../../config-file.js';
import { aggregate } from '../../errors.js';

interface Options {
  readonly names: readonly string[];
  readonly nameOnly: boolean;
  readonly noHeaders: boolean;
}

const command: Command<Options> = {
  use: 'get-contexts [(-o|--output=)name)]',
  short: 'Show one or several contexts',
  long: 'Show one or several contexts of the kubeconfig.',
  examples: '# All of them\nkubectl config get-contexts\n\n# One\nkubectl config get-contexts my-context',
  flags: [
    { name: 'no-headers', type: 'bool', usage: 'Leave the header out.' },
    { name: 'output', short: 'o', type: 'string', usage: 'Output format. One of: (name).' },
  ],
  async complete(args, flags) {
    const output = flags.string('output');
    if (output !== '' && output !== 'name')
      throw new UsageError(`--output ${output} is not available in kubectl config get-contexts; resetting to default output format`);
    return { names: args, nameOnly: output === 'name', noHeaders: flags.bool('no-headers') || output === 'name' };
  },
  async run({ names, nameOnly, noHeaders }, factory) {
    const { config } = await factory.kubeconfig();
    const missing = names.filter((name) => !config.contexts.some((one) => one.name === name));
    const shown = names.length === 0 ? sortedNames(config.contexts) : names.filter((name) => !missing.includes(name)).sort();
    const lines = shown.map((name) => {
      if (nameOnly) return `${name}\n`;
      const context = config.contexts.find((one) => one.name === name)?.context;
      const mark = config['current-context'] === name ? '*' : '';
      return `${mark}\t${name}\t${context?.cluster ?? ''}\t${context?.user ?? ''}\t${context?.namespace ?? ''}\n`;
    });
    const header = noHeaders ? '' : 'CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n';
    factory.streams.out(alignTabs(header + lines.join(''), TABLE_TABS));
    const error = aggregate(missing.map((name) => new UsageError(`context ${name} not found`)));
    if (error !== undefined) throw error;
  },
};
export default command;
