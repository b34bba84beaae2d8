/** kubectl __complete: what may come next on a command line, one word a line; completion scripts ask it. */
import type { Command, Factory } from '../command.js';
import { allEntries } from '../command-line.js';
import { flagSet } from '../flags.js';
import { globalFlags } from '../global-flags.js';
import type { Entry } from './entry.js';

const command: Command<{ readonly words: readonly string[] }> = {
  use: '__complete',
  short: 'What may come next',
  flags: [],
  rawArguments: true,
  complete: async (words) => ({ words }),
  async run({ words }, factory) {
    const found = await candidates(words, factory);
    factory.streams.out(found.map((word) => `${word}\n`).join(''));
  },
};
export default command;

async function candidates(words: readonly string[], factory: Factory): Promise<readonly string[]> {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1).filter((word) => !word.startsWith('-'));
  const path: Entry[] = [];
  let entries: readonly Entry[] = allEntries;
  let rest = [...before];
  for (const word of before) {
    const next = entries.find((entry) => entry.name === word || entry.aliases?.includes(word) === true);
    if (next === undefined) break;
    path.push(next);
    entries = next.subcommands ?? [];
    rest = rest.slice(1);
  }
  const begins = (list: readonly string[]) => list.filter((word) => word.startsWith(last)).sort();
  const entry = path.at(-1);
  if (last.startsWith('-')) {
    const flags = flagSet(entry === undefined ? [] : (await entry.load()).default.flags, globalFlags(''));
    return begins([...flags.byName.values()].filter((flag) => flag.hidden !== true).map((flag) => `--${flag.name}`));
  }
  if (entry === undefined || (entries.length > 0 && rest.length === 0)) return begins(entries.filter((one) => one.hidden !== true).map((one) => one.name));
  return begins(await objects(entry.name, rest, last, factory));
}

const PODS_FIRST = ['logs', 'exec', 'attach', 'port-forward', 'debug'];
const NODES_FIRST = ['cordon', 'uncordon', 'drain'];

/** Types, then names of the type. */
async function objects(verb: string, rest: readonly string[], last: string, factory: Factory): Promise<readonly string[]> {
  const mapper = await factory.mapper();
  const namesOf = async (type: string): Promise<readonly string[]> => {
    const mapping = mapper.find(type);
    if (mapping === undefined) return [];
    const list = await factory.client.list({ resource: mapping, namespace: mapping.namespaced ? factory.namespace : '' });
    return list.items.map((item) => item.metadata.name ?? '');
  };
  if (last.includes('/')) {
    const [type = ''] = last.split('/');
    return (await namesOf(type)).map((name) => `${type}/${name}`);
  }
  if (PODS_FIRST.includes(verb)) return rest.length === 0 ? namesOf('pods') : [];
  if (NODES_FIRST.includes(verb)) return namesOf('nodes');
  if (rest.length === 0) return [...new Set(mapper.mappings.filter((mapping) => mapping.verbs.includes('get')).map((mapping) => mapping.resource))];
  return namesOf(rest[0] as string);
}
