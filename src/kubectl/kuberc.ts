/** The kuberc file: aliases of commands and defaults of their flags (k8s.io/kubectl pkg/kuberc), where KUBECTL_KUBERC turns it on. */
import { isMap } from '../api/json-data.js';
import { parseYaml } from '../text/yaml.js';
import type { Flag } from './command.js';
import type { Entry } from './commands/entry.js';
import { type Files, pathErrorText } from './files.js';
import { type FlagSet, flagSet } from './flags.js';

interface Default {
  readonly name: string;
  readonly default: string;
}
interface Preference {
  readonly overrides: readonly { readonly command: string; readonly flags: readonly Default[] }[];
  readonly aliases: readonly {
    readonly name: string;
    readonly command: string;
    readonly prependArgs: readonly string[];
    readonly appendArgs: readonly string[];
    readonly flags: readonly Default[];
  }[];
}

/** What is wrong with the file, or with what it says. */
export class PreferenceError extends Error {}

export interface KubercOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** The flags of all commands. */
  readonly globals: readonly Flag[];
  /** The command that the words name, and what is left of them. */
  find(words: readonly string[]): { readonly path: readonly Entry[]; readonly rest: readonly string[] };
  err(text: string): void;
}

/** The command line with its alias resolved and its defaults given. */
export async function withPreferences(argv: readonly string[], options: KubercOptions): Promise<readonly string[]> {
  if (argv.length === 0) return argv;
  const preference = await load(explicitPath(argv), options);
  if (preference === undefined) return argv;
  validate(preference);
  return (await withAlias(argv, preference, options)) ?? withOverrides(argv, preference, options);
}

function explicitPath(argv: readonly string[]): string {
  for (const [i, arg] of argv.entries()) {
    if (arg === '--') break;
    const given = arg === '--kuberc' ? argv[i + 1] : arg.includes('--kuberc=') ? arg.split('=')[1] : undefined;
    if (given) return given;
    if (arg === '--kuberc' || arg.includes('--kuberc=')) throw new PreferenceError('kuberc file is not found');
  }
  return '';
}

async function load(given: string, { env, files, err }: KubercOptions): Promise<Preference | undefined> {
  if (env['KUBERC'] === 'off') {
    if (given !== '') throw new PreferenceError('kuberc error disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive');
    return undefined;
  }
  const path = given || `${env['HOME'] ?? ''}/.kube/kuberc`;
  const isExplicit = given !== '';
  if (!isExplicit && (await files.kind(path)) === undefined) return undefined;
  const failed = (text: string): undefined => {
    if (isExplicit) throw new PreferenceError(`kuberc error kuberc: ${text}`);
    err(`kuberc: no preferences loaded from ${path}: ${text}`);
    return undefined;
  };
  let text: string;
  try {
    text = await files.read(path);
  } catch (error) {
    return failed(`open ${path}: ${pathErrorText(error)}`);
  }
  const documents = text.split(/^---.*$/m).filter((part) => part.trim() !== '');
  for (const document of documents) {
    const parsed = parseYaml(document);
    if ('error' in parsed || !isMap(parsed.value)) continue;
    const { value } = parsed;
    if (value['kind'] !== 'Preference' || value['apiVersion'] !== 'kubectl.config.k8s.io/v1alpha1') continue;
    const unknown = Object.keys(value).filter((key) => !MEMBERS.includes(key));
    const strict = `strict decoding error: ${unknown.map((key) => `unknown field "${key}"`).join(', ')}`;
    if (unknown.length > 0 && !isExplicit) return failed(strict);
    if (unknown.length > 0) err(`kuberc: ignoring strict decoding error in ${path}: ${strict}`);
    return preferenceOf(value);
  }
  return documents.length === 0 ? undefined : failed(`no valid preferences found in ${path}, use --v=5 to see details`);
}

const MEMBERS = ['apiVersion', 'kind', 'overrides', 'aliases'];

function preferenceOf(value: Readonly<Record<string, unknown>>): Preference {
  const maps = (list: unknown): readonly Readonly<Record<string, unknown>>[] => (Array.isArray(list) ? list.filter(isMap) : []);
  const texts = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map(String) : []);
  const flags = (list: unknown): readonly Default[] => maps(list).map((one) => ({ name: String(one['name'] ?? ''), default: String(one['default'] ?? '') }));
  return {
    overrides: maps(value['overrides']).map((one) => ({ command: String(one['command'] ?? ''), flags: flags(one['flags']) })),
    aliases: maps(value['aliases']).map((one) => ({
      name: String(one['name'] ?? ''),
      command: String(one['command'] ?? ''),
      prependArgs: texts(one['prependArgs']),
      appendArgs: texts(one['appendArgs']),
      flags: flags(one['flags']),
    })),
  };
}

function validate({ aliases, overrides }: Preference): void {
  const dashed = [...aliases, ...overrides].flatMap(({ flags }) => flags).find(({ name }) => name.startsWith('-'));
  if (dashed !== undefined) throw new PreferenceError(`flag name ${dashed.name} should be in long form without dashes`);
  const seen = new Set<string>();
  for (const { name } of aliases) {
    if (!/^[a-zA-Z]+$/.test(name)) throw new PreferenceError('invalid alias name, can only include alphabetical characters');
    if (seen.has(name)) throw new PreferenceError(`duplicate alias name ${name}`);
    seen.add(name);
  }
}

/** Undefined: the command is none of the aliases. */
async function withAlias(argv: readonly string[], { aliases }: Preference, { globals, find }: KubercOptions): Promise<readonly string[] | undefined> {
  if (find(argv).path.length > 0) return undefined;
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const alias = aliases.find(({ name }) => name === argv[at]);
  if (alias === undefined) return undefined;
  const words = alias.command.split(/\s+/).filter((word) => word !== '');
  const { path, rest } = find(words);
  if (path.length === 0) throw new PreferenceError(`command "${alias.command}" not found to set alias "${alias.name}": [${rest.join(' ')}]`);
  const flags = await flagsOf(path, globals);
  const given = defaultsOf(alias.flags, flags, argv, (name) => `invalid alias flag ${name} in alias kubectl`);
  return [...argv.slice(0, at), ...words, ...given, ...alias.prependArgs, ...argv.slice(at + 1), ...alias.appendArgs];
}

async function withOverrides(argv: readonly string[], { overrides }: Preference, { globals, find, err }: KubercOptions): Promise<readonly string[]> {
  const { path } = find(argv);
  const command = path.at(-1);
  if (command === undefined) return argv;
  const given: string[] = [];
  for (const override of overrides) {
    const found = find(override.command.split(/\s+/).filter((word) => word !== '')).path.at(-1);
    if (found === undefined) err(`Warning: command "${override.command}" not found to set kuberc override\n`);
    if (found?.name !== command.name) continue;
    given.push(...defaultsOf(override.flags, await flagsOf(path, globals), argv, (name) => `invalid flag ${name} for command ${override.command}`));
  }
  if (given.length === 0) return argv;
  // Behind the command's last word, so that what the line itself says comes later.
  const at = argv.lastIndexOf(command.name) + 1;
  return [...argv.slice(0, at), ...given, ...argv.slice(at)];
}

async function flagsOf(path: readonly Entry[], globals: readonly Flag[]): Promise<FlagSet> {
  return flagSet((await path.at(-1)?.load())?.default.flags ?? [], globals);
}

/** Those that the command line does not give itself. */
function defaultsOf(defaults: readonly Default[], flags: FlagSet, argv: readonly string[], invalid: (name: string) => string): readonly string[] {
  return defaults.flatMap(({ name, default: value }) => {
    const flag = flags.byName.get(name);
    if (flag === undefined) throw new PreferenceError(invalid(name));
    const { short } = flag;
    const isGiven = argv.some(
      (arg) =>
        arg === `--${name}` ||
        arg.startsWith(`--${name}=`) ||
        (short !== undefined && (arg.startsWith(`-${short}`) || (/^-[a-zA-Z]+$/.test(arg) && arg.includes(short)))),
    );
    return isGiven ? [] : [`--${name}=${value}`];
  });
}
