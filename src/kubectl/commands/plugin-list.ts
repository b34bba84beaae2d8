/** kubectl plugin list (pkg/cmd/plugin/plugin.go). */
import { type Command, UsageError } from '../command.js';
import { isKubectlCommand } from '../command-line.js';

const command: Command<{ readonly nameOnly: boolean }> = {
  use: 'list [flags]',
  short: 'List the plugin programs in the PATH',
  long: 'List the plugin programs in the PATH: those that can be run and whose names begin with "kubectl-".',
  examples: '# All\nkubectl plugin list\n\n# Only their names\nkubectl plugin list --name-only',
  flags: [{ name: 'name-only', type: 'bool', usage: 'Show the names of the programs, not where they are' }],
  complete: async (_, flags) => ({ nameOnly: flags.bool('name-only') }),
  async run({ nameOnly }, factory) {
    const { files, streams, env } = factory;
    const found: string[] = [];
    const warnings: string[] = [];
    for (const directory of [...new Set((env['PATH'] ?? '').split(':'))]) {
      if (directory === '') continue;
      if ((await files.kind(directory))?.kind !== 'directory') {
        streams.err(`Unable to read directory "${directory}" from your PATH: open ${directory}: no such file or directory. Skipping...\n`);
        continue;
      }
      for (const name of (await files.list(directory)).filter((one) => one.startsWith('kubectl-'))) {
        const path = `${directory}/${name}`;
        const kind = await files.kind(path);
        if (kind?.kind !== 'file') continue;
        const shadow = found.find((other) => other.split('/').at(-1) === name);
        if ((kind.mode & 0o111) === 0) warnings.push(`warning: ${path} identified as a kubectl plugin, but it is not executable`);
        else if (isKubectlCommand(name.slice('kubectl-'.length)))
          warnings.push(`warning: ${name} overwrites existing command: "kubectl ${name.slice('kubectl-'.length)}"`);
        else if (shadow !== undefined) warnings.push(`warning: ${path} is overshadowed by a similarly named plugin: ${shadow}`);
        found.push(path);
      }
    }
    if (found.length === 0) throw new UsageError('unable to find any kubectl plugins in your PATH');
    streams.out(`The following compatible plugins are available:\n\n${found.map((path) => `${nameOnly ? path.split('/').at(-1) : path}\n`).join('')}`);
    for (const warning of warnings) streams.err(`  - ${warning}\n`);
    if (warnings.length > 0) throw new UsageError(`${warnings.length === 1 ? 'one plugin warning was' : `${warnings.length} plugin warnings were`} found`);
  },
};
export default command;
