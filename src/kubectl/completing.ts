/**
 * `kubectl __complete WORD… LAST`: what LAST may become, one candidate a line (with a tab and what it means), and then `:N`, which
 * tells the script what else to do (github.com/spf13/cobra completions.go).
 */
import { type Command, type Flag, type IOStreams, UsageError } from './command.js';
import { allEntries, findCommand, HELP, type Surroundings } from './command-line.js';
import type { Entry } from './commands/entry.js';
import { type Candidates, Directive, directiveNames, ofArguments, ofFlag } from './completions.js';
import { makeFactory } from './factory.js';
import { type FlagSet, flagSet, parseFlags, stripFlags, takesNext } from './flags.js';
import { globalFlags } from './global-flags.js';

export async function complete(words: readonly string[], withMeanings: boolean, surroundings: Surroundings): Promise<void> {
  const { streams } = surroundings;
  if (words.length === 0) throw new UsageError('requires at least 1 arg(s), only received 0');
  const { values, directive } = await candidates(words.slice(0, -1), words.at(-1) as string, surroundings);
  print(streams, values, withMeanings);
  streams.out(`:${directive}\n`);
  streams.err(`Completion ended with directive: ${directiveNames(directive)}\n`);
}

function print(streams: IOStreams, values: Candidates['values'], withMeanings: boolean): void {
  for (const { value, meaning } of values) {
    const text = meaning?.split('\n')[0] ?? '';
    streams.out(withMeanings && text !== '' ? `${value}\t${text}\n` : `${value}\n`);
  }
}

const NOTHING: Candidates = { values: [], directive: Directive.Default };

async function candidates(before: readonly string[], last: string, surroundings: Surroundings): Promise<Candidates> {
  const globals = globalFlags('');
  const persistent = flagSet(globals);
  const { path, rest } = findCommand(before, persistent);
  if (path.length === 0 && stripFlags(rest, persistent).length > 0) return NOTHING;
  const entry = path.at(-1);
  const command: Command | undefined = entry === undefined ? undefined : (await entry.load()).default;
  const flags = flagSet(command?.flags ?? [], HELP, globals);
  const given = flagBefore(rest, last, flags);
  let line: ReturnType<typeof parseFlags>;
  try {
    line = parseFlags(given === undefined ? rest : given.rest, flags);
  } catch (error) {
    if (error instanceof UsageError) return NOTHING;
    throw error;
  }
  const commandPath = path.map((one) => one.name).join(' ');
  const factory = await makeFactory(surroundings, line.values, `kubectl ${commandPath}`, () => '');
  if (given !== undefined) {
    const found = await ofFlag(commandPath, given.flag, line.args, factory);
    // Extensions of files are no values.
    return found.directive === Directive.FilterFileExt ? found : beginning(given.text, found);
  }
  if (last.startsWith('-') && line.dash < 0) return flagNames(path, command, globals, line, last);
  // A flag of its own says that it is this command that is meant, and none below it.
  const isItself = line.given.some(([flag]) => command?.flags.includes(flag) === true);
  const children = isItself ? [] : childrenOf(path, line.args);
  const required = children.length > 0 ? [] : (command?.flags ?? []).filter((flag) => flag.required === true && !line.values.changed(flag.name));
  const own = line.dash >= 0 ? NOTHING : await ofArguments(commandPath, line.args, last, factory);
  const found = beginning(last, {
    values: [
      ...children.map(({ name, short }) => ({ value: name, meaning: short })),
      ...required.map(({ name, usage }) => ({ value: `--${name}`, meaning: usage })),
    ],
    directive: children.length > 0 || path.length === 0 ? Directive.NoFileComp : own.directive,
  });
  return { values: [...found.values, ...own.values.filter(({ value }) => value.startsWith(last))], directive: found.directive };
}

const beginning = (text: string, { values, directive }: Candidates): Candidates => ({
  values: values.filter(({ value }) => value.startsWith(text)),
  directive,
});

/** Commands that may stand here. Only the first argument names one. */
function childrenOf(path: readonly Entry[], args: readonly string[]): readonly Entry[] {
  if (args.length > 0) return [];
  const entry = path.at(-1);
  const children = entry === undefined || (entry.name === 'help' && path.length === 1) ? sorted(allEntries) : (entry.subcommands ?? []);
  return children.filter(({ hidden }) => hidden !== true);
}

const sorted = (entries: readonly Entry[]): readonly Entry[] => [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));

/** The flag whose value is being typed: `--output=j`, `-o=j`, or the word behind `-o`. */
function flagBefore(
  rest: readonly string[],
  last: string,
  flags: FlagSet,
): { readonly flag: Flag; readonly text: string; readonly rest: readonly string[] } | undefined {
  if (rest.includes('--')) return undefined;
  const flagOf = (word: string): Flag | undefined => (word.startsWith('--') ? flags.byName.get(word.slice(2)) : flags.byShort.get(word.slice(-1)));
  const equals = last.indexOf('=');
  if (last.startsWith('-') && equals > 0) {
    const flag = flagOf(last.slice(0, equals));
    return flag === undefined ? undefined : { flag, text: last.slice(equals + 1), rest };
  }
  const previous = rest.at(-1);
  if (previous === undefined || !takesNext(previous, flags)) return undefined;
  const flag = flagOf(previous);
  return flag === undefined ? undefined : { flag, text: last, rest: rest.slice(0, -1) };
}

/** Flags of all commands first, then the command's own; the root's are one list. Those that are set are not offered again. */
function flagNames(
  path: readonly Entry[],
  command: Command | undefined,
  globals: readonly Flag[],
  line: ReturnType<typeof parseFlags>,
  last: string,
): Candidates {
  const help: Flag = { name: 'help', short: 'h', type: 'bool', usage: `help for ${path.at(-1)?.name ?? 'kubectl'}` };
  const byName = (list: readonly Flag[]): readonly Flag[] => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  const isNotOwn = ({ name }: Flag): boolean => command?.flags.some((own) => own.name === name) !== true;
  const all = command === undefined ? byName([...globals, help]) : [...byName(globals.filter(isNotOwn)), ...byName([...command.flags, help])];
  const isOffered = ({ name, type, hidden, deprecated }: Flag): boolean =>
    hidden !== true && deprecated === undefined && (type === 'stringSlice' || type === 'stringArray' || name === 'help' || !line.values.changed(name));
  const offered = all.filter(isOffered);
  // What must be given comes first; the others are for when it has been.
  const required = offered.filter((flag) => flag.required === true && !line.values.changed(flag.name) && `--${flag.name}`.startsWith(last));
  const names = (required.length > 0 ? required : offered).flatMap(({ name, short, usage }) => [
    { value: `--${name}`, meaning: usage },
    ...(short === undefined ? [] : [{ value: `-${short}`, meaning: usage }]),
  ]);
  return beginning(last, { values: names, directive: Directive.NoFileComp });
}
