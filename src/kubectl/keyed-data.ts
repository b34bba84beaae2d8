/** --from-file, --from-literal and --from-env-file of config maps and secrets (pkg/cmd/create/create_configmap.go, pkg/cmd/util/env_file.go, pkg/generate). */
import { createHash } from 'node:crypto';
import { goJson } from '../text/go-json-writer.js';
import { type Factory, type Flag, type FlagValues, UsageError } from './command.js';
import { readErrorText } from './files.js';

export const DATA_FLAGS = (what: string): readonly Flag[] => [
  { name: 'append-hash', type: 'bool', usage: `Put a hash of the ${what} behind its name.` },
  { name: 'from-env-file', type: 'stringSlice', usage: 'A file of lines key=value, each of which becomes an entry.' },
  { name: 'from-file', type: 'stringSlice', usage: 'A file, under its own name or under key=file; or a directory: each of its files whose name can be a key.' },
  { name: 'from-literal', type: 'stringArray', usage: 'A key and its value (mykey=somevalue)' },
];

export interface KeyedData {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** What a key that is there already or is none is answered with. */
export interface KeyWords {
  readonly taken: (key: string) => string;
  readonly invalid: (key: string, rule: string) => string;
  /** An env file that is a directory. */
  readonly directory: string;
}

const VALID_KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** validation.IsConfigMapKey. */
function keyRule(key: string): string {
  const rules = [
    ...(key.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(VALID_KEY.test(key) ? [] : [KEY_RULE]),
    ...(key === '.' ? ["must not be '.'"] : key === '..' ? ["must not be '..'"] : key.startsWith('..') ? ["must not start with '..'"] : []),
  ];
  return rules.join(',');
}

export function checkSources(flags: FlagValues): void {
  const others = (flags.has('from-literal') && flags.strings('from-literal').length > 0) || flags.strings('from-file').length > 0;
  if (flags.strings('from-env-file').length > 0 && others) throw new UsageError('from-env-file cannot be combined with from-file or from-literal');
}

/** All entries, files first, then literals, then env files. Throws UsageError. */
export async function keyedData(flags: FlagValues, factory: Factory, words: KeyWords): Promise<readonly KeyedData[]> {
  const found: KeyedData[] = [];
  const add = (key: string, bytes: Uint8Array): void => {
    if (keyRule(key) !== '') throw new UsageError(words.invalid(key, keyRule(key)));
    if (found.some((one) => one.key === key)) throw new UsageError(words.taken(key));
    found.push({ key, bytes });
  };
  for (const source of flags.strings('from-file')) await addFile(source, factory, add);
  for (const source of flags.has('from-literal') ? flags.strings('from-literal') : []) {
    const equals = source.indexOf('=');
    if (equals <= 0) throw new UsageError(`invalid literal source ${source}, expected key=value`);
    add(source.slice(0, equals), Buffer.from(source.slice(equals + 1)));
  }
  for (const source of flags.has('from-env-file') ? flags.strings('from-env-file') : []) await addEnvFile(source, factory, add, words);
  return found;
}

async function addFile(source: string, factory: Factory, add: (key: string, bytes: Uint8Array) => void): Promise<void> {
  const parts = source.split('=');
  if (parts.length > 2) throw new UsageError("key names or file paths cannot contain '='");
  if (source.startsWith('=')) throw new UsageError(`key name for file path ${source.slice(1)} missing`);
  if (source.endsWith('=')) throw new UsageError(`file path for key name ${source.slice(0, -1)} missing`);
  const path = (parts.length === 2 ? parts[1] : parts[0]) as string;
  const key = parts.length === 2 ? (parts[0] as string) : (path.replace(/\/+$/, '').split('/').at(-1) as string);
  const { files } = factory;
  const found = await files.kind(path);
  if (found === undefined) throw new UsageError(`error reading ${path}: no such file or directory`);
  if (found.kind === 'file') {
    add(key, await read(factory, path));
    return;
  }
  if (parts.length === 2) throw new UsageError('cannot give a key name for a directory path');
  for (const name of await files.list(path)) if ((await files.kind(`${path}/${name}`))?.kind === 'file') add(name, await read(factory, `${path}/${name}`));
}

async function read(factory: Factory, path: string): Promise<Uint8Array> {
  try {
    return await factory.files.readBytes(path);
  } catch (error) {
    throw new UsageError(readErrorText(path, error));
  }
}

/** validation.IsEnvVarName. */
export function requireEnvName(key: string): void {
  if (/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key)) return;
  throw new UsageError(
    `"${key}" is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
  );
}

/** Lines `key=value`; a key alone takes its value from the environment, empty if there is none; `#` begins a comment. */
async function addEnvFile(path: string, factory: Factory, add: (key: string, bytes: Uint8Array) => void, words: KeyWords): Promise<void> {
  const found = await factory.files.kind(path);
  if (found === undefined) throw new UsageError(`error reading ${path}: no such file or directory`);
  if (found.kind === 'directory') throw new UsageError(words.directory);
  const lines = Buffer.from(await read(factory, path))
    .toString('latin1')
    .split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const bytes = Buffer.from(raw, 'latin1');
    if (!isText(bytes)) throw new UsageError(`env file ${path} contains invalid utf8 bytes at line ${index + 1}: [${bytes.join(' ')}]`);
    const text = bytes.toString('utf8');
    const line = (index === 0 ? text.replace(/^\ufeff/, '') : text).trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    requireEnvName(key);
    add(key, Buffer.from(equals < 0 ? (factory.env[key] ?? '') : line.slice(equals + 1)));
  }
}

/** Whether Go's utf8.Valid holds, and so the value is text. */
export function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** --append-hash: ten characters that are no word (pkg/util/hash/hash.go). */
export function hashSuffix(encoded: object): string {
  const replaced: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
  const hex = createHash('sha256').update(goJson(encoded)).digest('hex');
  return [...hex.slice(0, 10)].map((char) => replaced[char] ?? char).join('');
}
