/** `--help` in kubectl's layout (k8s.io/kubectl pkg/util/templates templater.go, templates.go). */
import type { Command, Flag, IOStreams } from './command.js';
import { allEntries, type MoreCommands } from './command-line.js';
import type { Entry } from './commands/entry.js';
import { groups, others } from './commands/index.js';
import { defaultShown } from './flags.js';

const OPTIONS_HINT = 'Use "kubectl options" for a list of global command-line options (applies to all commands).';

/** Paragraphs after the first begin with a blank, as kubectl's markdown renderer leaves them. */
const paragraphs = (text: string): string =>
  text
    .trim()
    .split('\n\n')
    .map((paragraph, i) => (i === 0 ? paragraph : ` ${paragraph}`))
    .join('\n\n');

const indented = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/** Names padded to the longest of their list, and at least eleven wide. */
function commandList(entries: readonly Entry[]): string {
  const shown = entries.filter((entry) => entry.hidden !== true);
  const width = Math.max(11, ...shown.map((entry) => entry.name.length));
  return shown.map((entry) => `  ${entry.name.padEnd(width)}   ${entry.short}`).join('\n');
}

/** One flag: `    -n, --name='':` and its meaning behind a tab. */
const flagText = (flag: Flag): string => `    ${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}=${defaultShown(flag)}:\n\t${flag.usage}\n`;

const flagList = (flags: readonly Flag[]): string =>
  flags
    .filter((flag) => flag.hidden !== true && flag.deprecated === undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(flagText)
    .join('\n');

export function commandHelp(path: readonly Entry[], command: Command): string {
  const entry = path.at(-1) as Entry;
  // A list of flags is all that it is, and kubectl leaves its help empty.
  if (entry.name === 'options') return '';
  const commandPath = ['kubectl', ...path.map((one) => one.name)].join(' ');
  const sections = [paragraphs(command.long ?? `${entry.short}.`)];
  if (entry.aliases !== undefined) sections.push(`Aliases:\n${[entry.name, ...entry.aliases].join(', ')}`);
  if (command.examples !== undefined) sections.push(`Examples:\n${indented(command.examples)}`);
  const subcommands = entry.subcommands ?? [];
  if (subcommands.length > 0) sections.push(`Available Commands:\n${commandList(subcommands)}`);
  const flags = flagList(command.flags);
  if (flags !== '') sections.push(`Options:\n${flags.trimEnd()}`);
  // `port-forward TYPE/NAME [options] …` has its place for the word; elsewhere it comes last
  const use = `${['kubectl', ...path.slice(0, -1).map((one) => one.name)].join(' ')} ${command.use}`;
  sections.push(`Usage:\n  ${use.includes('[options]') ? use : `${use} [options]`}`);
  const hints = subcommands.length > 0 ? `Use "${commandPath} <command> --help" for more information about a given command.\n${OPTIONS_HINT}` : OPTIONS_HINT;
  return `${sections.join('\n\n')}\n\n${hints}\n`;
}

const GROUPS_TEXT = (): string =>
  [
    ...groups,
    { title: 'Subcommands provided by plugins', commands: [] },
    { title: 'Other Commands', commands: [...others].sort((a, b) => (a.name < b.name ? -1 : 1)) },
  ]
    .map((group) => {
      const width = Math.max(13, ...allEntries.map((entry) => entry.name.length));
      const lines = group.commands.filter((entry) => entry.hidden !== true).map((entry) => `  ${entry.name.padEnd(width)}   ${entry.short}\n`);
      return `${group.title}:\n${lines.join('')}`;
    })
    .join('\n');

const ROOT_USAGE = 'Usage:\n  kubectl [flags] [options]\n\nUse "kubectl <command> --help" for more information about a given command.\n';

/** What `kubectl` alone says. */
export const rootHelp = (more: MoreCommands | undefined): string => {
  const width = Math.max(15, ...(more?.commands ?? []).map(({ name }) => name.length));
  const added = more === undefined ? '' : `${more.title}:\n${more.commands.map(({ name, short }) => `  ${name.padEnd(width)} ${short}\n`).join('')}\n`;
  return `kubectl works the Kubernetes cluster; here, a simulated one.\n\n Read more at: https://kubernetes.io/docs/reference/kubectl/\n\n${GROUPS_TEXT()}\n${added}${ROOT_USAGE}${OPTIONS_HINT}\n`;
};

/** `kubectl options`. */
export const optionsText = (globals: readonly Flag[]): string => `Every command takes these options:\n\n${flagList(globals)}`;

/** `kubectl help WORD…`. */
export async function helpFor(words: readonly string[], streams: IOStreams, more?: MoreCommands): Promise<void> {
  const args = words.filter((word) => !word.startsWith('-'));
  const path: Entry[] = [];
  let entries: readonly Entry[] = allEntries;
  for (const word of args) {
    const next = entries.find((entry) => entry.name === word || entry.aliases?.includes(word) === true);
    if (next === undefined) break;
    path.push(next);
    entries = next.subcommands ?? [];
  }
  if (args.length > 0 && path.length === 0) {
    streams.err(`Unknown help topic [${args.map((word) => `\`${word}\``).join(' ')}]\n\n\n${GROUPS_TEXT()}\n${ROOT_USAGE}${OPTIONS_HINT}\n`);
    return;
  }
  if (path.length === 0) streams.out(rootHelp(more));
  else streams.out(commandHelp(path, (await (path.at(-1) as Entry).load()).default));
}
