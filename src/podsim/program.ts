/** Runs podsim's own commands: commander holds the tree and the help; errors are told in kubectl's form. */
import { Command, CommanderError } from 'commander';
import { report } from '../kubectl/errors.js';
import { type PodsimContext, PodsimError } from './context.js';
import { podsimCommands } from './index.js';

/** Resolves to the exit code. `argv` begins with the command's name. */
export async function runPodsim(argv: readonly string[], context: PodsimContext): Promise<number> {
  const { streams } = context;
  const program = new Command('podsim');
  const settings = (command: Command): Command =>
    command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => streams.out(text),
        writeErr: () => {},
        outputError: () => {},
        getOutHelpWidth: () => streams.columns ?? 100,
      })
      .helpCommand(false)
      .showSuggestionAfterError();
  // So that a command may leave what follows its first argument to another program
  settings(program).enablePositionalOptions();
  const entry = podsimCommands.find((command) => command.name === argv[0]);
  if (entry === undefined) throw new PodsimError(`unknown command "${argv[0]}" for "podsim"`);
  const command = settings(program.command(entry.name).description(entry.short)).copyInheritedSettings(program);
  (await entry.load()).define(command, context);
  for (const sub of command.commands) settings(sub);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (error.code === 'commander.help') {
        streams.err(command.helpInformation());
        return 1;
      }
      streams.err(`${kubectlForm(error)}\nSee 'podsim ${entry.name} --help' for usage.\n`);
      return 1;
    }
    if (error instanceof PodsimError) {
      streams.err(`error: ${error.message}\n`);
      return 1;
    }
    const { text, code } = report(error, `podsim ${entry.name}`);
    streams.err(text);
    return code;
  }
}

/** commander's messages in the words that kubectl's users know. */
function kubectlForm(error: CommanderError): string {
  const text = error.message.replace(/^error: /, '');
  const unknown = /^unknown option '(--?[^']*)'/.exec(text);
  if (unknown)
    return /^--/.test(unknown[1] as string)
      ? `error: unknown flag: ${unknown[1]}`
      : `error: unknown shorthand flag: '${(unknown[1] as string)[1]}' in ${unknown[1]}`;
  const command = /^unknown command '([^']*)'/.exec(text);
  if (command) return `error: unknown command "${command[1]}"${text.slice(command[0].length)}`;
  return `error: ${text}`;
}
