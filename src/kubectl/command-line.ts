/** From argv to a command: finding it, parsing its flags, running it (github.com/spf13/cobra command.go; pkg/cmd/cmd.go). */
import type { Time } from '../api/time.js';
import type { Transport } from '../api/transport.js';
import { type Command, ExitError, type Factory, type Flag, type FlagValues, type IOStreams, UsageError } from './command.js';
import type { Entry } from './commands/entry.js';
import { groups, others } from './commands/index.js';
import { report } from './errors.js';
import { makeFactory } from './factory.js';
import type { Files } from './files.js';
import { type FlagSet, flagSet, type ParsedLine, parseFlags, stripFlags, takesNext } from './flags.js';
import { globalFlags } from './global-flags.js';
import type { Target } from './kubeconfig.js';
import { PrintError } from './printers/printer.js';

/** What a host lends to kubectl. */
export interface Surroundings {
  /** Called once, at the first request. `state` is --state, or ''. */
  readonly transport: (target: Target & { readonly state: string }) => Promise<Transport>;
  readonly streams: IOStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Instead of the host's below `cwd`. */
  readonly files?: Files;
  /** Without --kubeconfig; absent: podsim's own. */
  readonly configPath?: string;
  /** What the machine it runs on says of itself, where it runs in a cluster (client-go rest.InClusterConfig). */
  readonly inCluster?: () => Promise<InCluster>;
  /** Gets what is at a URL; absent: the host's network does. */
  readonly fetch?: Factory['fetch'];
  readonly now: () => Time;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly endOnSignal?: Factory['endOnSignal'];
  /** The table of the API's types that `Structs` reads. */
  readonly structs: () => Promise<string>;
  readonly more?: MoreCommands;
}

export interface InCluster {
  readonly namespace: string;
  /** `https://10.96.0.1:443`. */
  readonly server: string;
}

/** Commands that the host has besides kubectl's; help lists them last. */
export interface MoreCommands {
  readonly title: string;
  readonly commands: readonly { readonly name: string; readonly short: string }[];
}

/** A command found: the way to it, and what of argv is left for it. */
interface Found {
  readonly path: readonly Entry[];
  readonly rest: readonly string[];
}

export const allEntries: readonly Entry[] = [...groups.flatMap((group) => group.commands), ...others];

const named = (entries: readonly Entry[], word: string): Entry | undefined =>
  entries.find((entry) => entry.name === word || entry.aliases?.includes(word) === true);

/** Cobra's Find: follows words that are no flags (nor, it thinks, values of flags) down the tree. */
export function findCommand(argv: readonly string[], persistent: FlagSet): Found {
  const path: Entry[] = [];
  let rest = [...argv];
  let entries = allEntries;
  for (;;) {
    const word = stripFlags(rest, persistent)[0];
    const next = word === undefined ? undefined : named(entries, word);
    if (next === undefined || word === undefined) return { path, rest };
    rest = without(rest, word, persistent);
    path.push(next);
    entries = next.subcommands ?? [];
  }
}

/** Cobra's argsMinusFirstX: removes the word, but not where it is a flag's value. */
function without(argv: readonly string[], word: string, flags: FlagSet): string[] {
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--') break;
    if (takesNext(argv[i] as string, flags)) i++;
    else if (argv[i] === word) return [...argv.slice(0, i), ...argv.slice(i + 1)];
  }
  return [...argv];
}

/** Runs one kubectl command line (without the program's name); resolves to the exit code. */
export async function run(given: readonly string[], surroundings: Surroundings): Promise<number> {
  const { streams, env, cwd, files } = surroundings;
  const hasPreferences = env['KUBECTL_KUBERC']?.toLowerCase() === 'true';
  const globals = [...globalFlags(`${env['HOME'] ?? ''}/.kube/cache`), ...(hasPreferences ? [KUBERC] : [])];
  let argv = given;
  if (hasPreferences) {
    const { withPreferences, PreferenceError } = await import('./kuberc.js');
    try {
      argv = await withPreferences(given, {
        env,
        globals,
        files: files ?? (await import('./files.js')).hostFiles(cwd),
        find: (words) => findCommand(words, flagSet(globals)),
        err: streams.err,
      });
    } catch (error) {
      if (!(error instanceof PreferenceError)) throw error;
      streams.err(`error occurred while applying preferences ${error.message}\n`);
      return 1;
    }
  }
  const persistent = flagSet(globals);
  const { path, rest } = findCommand(argv, persistent);
  const commandPath = ['kubectl', ...path.map((entry) => entry.name)].join(' ');
  let failureCode: number | undefined;
  try {
    if (path.length === 0) return await runRoot(argv, rest, persistent, surroundings);
    const entry = path.at(-1) as Entry;
    if (entry.name === 'help') {
      await (await import('./help.js')).helpFor(rest, streams, surroundings.more);
      return 0;
    }
    if (entry.name === '__complete' || entry.name === '__completeNoDesc') {
      const { complete } = await import('./completing.js');
      await complete(rest, entry.name === '__complete', surroundings);
      return 0;
    }
    if (entry.name === 'create' && rest[0]?.startsWith('-') === false) {
      // kubectl-create-NAME is a subcommand that kubectl has not (cmd.go: IsSubcommandPluginAllowed)
      const code = await plugin(argv, argv.length - rest.length + 1, surroundings);
      if (code !== undefined) return code;
    }
    const command = (await entry.load()).default;
    failureCode = command.failureCode;
    const flags = flagSet(command.flags, HELP, globals);
    const line = parseFlags(command.rawArguments === true ? ['--', ...rest] : rest, flags);
    for (const [flag] of line.given) if (flag.deprecated !== undefined) streams.err(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`);
    if (line.help || line.values.bool('help')) {
      const { commandHelp } = await import('./help.js');
      streams.out(commandHelp(path, command));
      return 0;
    }
    checkRequired(command.flags, line.values);
    if (command.group !== undefined) return await runGroup(path, command, line.args, streams);
    const own = new Set(command.flags.map((flag) => flag.name));
    const profile = line.values.string('profile');
    if (!own.has('profile') && !PROFILES.includes(profile)) throw new UsageError(`unknown profile '${profile}'`);
    const factory = await makeFactory(surroundings, line.values, commandPath, () => changeCause(argv, line, flags), own);
    const options = await command.complete(line.args, line.values, factory, line.dash);
    command.validate?.(options);
    await command.run(options, factory);
    if (line.values.bool('warnings-as-errors') && factory.warnings() > 0) {
      const count = factory.warnings();
      throw new UsageError(`${count} warning${count === 1 ? '' : 's'} received`);
    }
    return 0;
  } catch (error) {
    if (error instanceof UsageError && (error.hint === 'page' || error.hint === 'pageOnly')) {
      const { commandHelp } = await import('./help.js');
      streams.out(commandHelp(path, (await (path.at(-1) as Entry).load()).default));
      if (error.hint === 'pageOnly') return 0;
    }
    if (error instanceof PrintError) streams.out(error.printed);
    // Such a command words errors of its flags as its own (pkg/cmd/diff/diff.go: SetFlagErrorFunc)
    const shown = failureCode !== undefined && error instanceof UsageError && error.hint === 'usage' ? new UsageError(error.message, 'help') : error;
    const { text, code } = report(shown, commandPath);
    if (text !== '') streams.err(text);
    return failureCode === undefined || error instanceof ExitError ? code : failureCode;
  }
}

const KUBERC: Flag = {
  name: 'kuberc',
  type: 'string',
  usage: 'The kuberc file with preferences. KUBECTL_KUBERC=false turns it off.',
};

/** pkg/cmd/profiling.go. */
const PROFILES = ['none', 'cpu', 'heap', 'goroutine', 'threadcreate', 'block', 'mutex'];

/** What --record notes: all arguments first, then the flags by their names (record_flags.go parseCommandArguments). */
function changeCause(argv: readonly string[], { given }: ParsedLine, flags: FlagSet): string {
  return ['kubectl', ...parseFlags(argv, flags).args, ...given.map(([{ name }, value]) => `--${name}=${value}`)].join(' ');
}

export const HELP: readonly Flag[] = [{ name: 'help', short: 'h', type: 'bool', usage: 'Say how to use the command', hidden: true }];

async function plugin(argv: readonly string[], fewest: number, { env, cwd, files }: Surroundings): Promise<number | undefined> {
  const [{ runPlugin }, { hostFiles }] = [await import('./plugins.js'), await import('./files.js')];
  return runPlugin(files ?? hostFiles(cwd), env, argv, fewest);
}

async function runRoot(argv: readonly string[], rest: readonly string[], persistent: FlagSet, surroundings: Surroundings): Promise<number> {
  const { streams, more } = surroundings;
  const words = stripFlags(rest, persistent);
  if (words.length > 0) {
    // kubectl first looks for a plugin, and a plugin's name must come first (pkg/cmd/cmd.go: HandlePluginCommand)
    if (argv[0]?.startsWith('-') === true) {
      streams.err(`Error: flags cannot be placed before plugin name: ${argv[0]}\n`);
      return 1;
    }
    const code = await plugin(argv, 1, surroundings);
    if (code !== undefined) return code;
    const near = suggestions(words[0] as string);
    const hint = near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`;
    throw new UsageError(`unknown command "${words[0]}" for "kubectl"${hint}`);
  }
  parseFlags(rest, flagSet([...persistent.byName.values()], HELP));
  const { rootHelp } = await import('./help.js');
  streams.out(rootHelp(more));
  return 0;
}

async function runGroup(path: readonly Entry[], command: Command, args: readonly string[], streams: IOStreams): Promise<number> {
  if (args.length > 0 && command.group?.exit !== 0) throw new UsageError(`unknown command ${JSON.stringify(args.join(' '))}`, 'help');
  const { commandHelp } = await import('./help.js');
  const text = commandHelp(path, command);
  if (command.group?.stream === 'out') streams.out(text);
  else streams.err(text);
  if (command.group?.exit !== 0) throw new ExitError(command.group?.exit ?? 1);
  return 0;
}

/** Cobra's ValidateRequiredFlags. */
function checkRequired(flags: readonly Flag[], values: FlagValues): void {
  const missing = flags.filter((flag) => flag.required === true && !values.changed(flag.name)).map((flag) => flag.name);
  if (missing.length > 0)
    throw new UsageError(
      `required flag(s) ${missing
        .sort()
        .map((name) => `"${name}"`)
        .join(', ')} not set`,
    );
}

/** Cobra's SuggestionsFor: two edits away, or beginning with it, or a known other word. */
function suggestions(typed: string): readonly string[] {
  const word = typed.toLowerCase();
  return allEntries
    .filter((entry) => entry.hidden !== true)
    .filter(
      (entry) => distance(word, entry.name) <= 2 || entry.name.startsWith(word) || entry.suggestFor?.some((other) => other.toLowerCase() === word) === true,
    )
    .map((entry) => entry.name);
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, substitute));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** Whether kubectl has such a command: `get`, but not `cluster`. */
export const isKubectlCommand = (name: string): boolean => named(allEntries, name) !== undefined;
