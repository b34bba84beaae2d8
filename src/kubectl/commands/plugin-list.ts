/** kubectl plugin list (pkg/cmd/plugin/plugin.go). */
import { type Command, UsageError } from '../command.js';
import { findCommand } from '../command-line.js';
import { flagSet } from '../flags.js';

const command: Command<{ readonly nameOnly: boolean }> = {
  use: 'list [flags]',
  short: 'List the plugin programs in the PATH',
  long: 'List the plugin programs in the PATH: those that can be run and whose names begin with "kubectl-".',
  examples: '# All\nkubectl plugin list\n\n# Only their names\nkubectl plugin list --name-only',
  flags: [{ name: 'name-only', type: 'bool', usage: 'Show the names of the programs, not where they are' }],
  complete: async (_, flags) => ({ nameOnly: flags.bool('name-only') }),
  async run({ nameOnly }, factory) {
    const { files, streams, env } = factory;
    const found: { readonly path: string; readonly name: string; readonly warnings: readonly string[] }[] = [];
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
        const command = findCommand(name.split('-').slice(1), flagSet([])).path.map((entry) => entry.name);
        const other = found.find((one) => one.name === name);
        const warnings = [
          ...(command.length > 0 ? [`${name} overwrites existing command: "kubectl ${command.join(' ')}"`] : []),
          ...((kind.mode & 0o111) === 0 ? [`${path} identified as a kubectl plugin, but it is not executable`] : []),
          ...(other === undefined ? [] : [`${path} is overshadowed by a similarly named plugin: ${other.path}`]),
        ];
        found.push({ path, name, warnings });
      }
    }
    if (found.length === 0) throw new UsageError('unable to find any kubectl plugins in your PATH');
    streams.out('The following compatible plugins are available:\n\n');
    for (const { path, name, warnings } of found) {
      streams.out(`${nameOnly ? name : path}\n`);
      for (const warning of warnings) streams.err(`  - warning: ${warning}\n`);
    }
    const count = found.reduce((sum, { warnings }) => sum + warnings.length, 0);
    if (count > 0) throw new UsageError(`${count === 1 ? 'one plugin warning was' : `${count} plugin warnings were`} found`);
  },
};
export default command;
