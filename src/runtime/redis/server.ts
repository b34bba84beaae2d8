/** A redis server as a process: what it answers over the network, and what it saves when it is stopped. */
import { normalizePath } from '../paths.js';
import { FileError, type ProcessHost } from '../process.js';
import { type RedisData, type RedisInfo, readConfig, runCommand } from './commands.js';
import { encodeReply, parseCommands } from './protocol.js';

/** JSON. */
export interface RedisState {
  readonly data: RedisData;
  readonly config: Readonly<Record<string, string>>;
}

const DUMP = '/data/dump.rdb';
const MAGIC = 'REDIS0012';

/** Undefined: not there, or not for it to read. */
function textOf({ files }: ProcessHost, file: string): string | undefined {
  try {
    return files.read(file);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return undefined;
  }
}

/** With what it saved when it was stopped, where a volume has kept it. */
export function startRedis(host: ProcessHost, argv: readonly string[], cwd: string): RedisState {
  const dump = host.hasVolumes === true ? textOf(host, DUMP) : undefined;
  return {
    data: dump?.startsWith(MAGIC) === true ? (JSON.parse(dump.slice(MAGIC.length)) as RedisData) : { keys: {} },
    config: readConfig(argv, (file) => textOf(host, normalizePath(file.startsWith('/') ? file : `${cwd}/${file}`))),
  };
}

export function saveRedis({ data, config }: RedisState, host: ProcessHost): void {
  if (config['save'] === '' || Object.keys(data.keys).length === 0 || host.files.stat('/data') === undefined) return;
  try {
    host.files.write(DUMP, `${MAGIC}${JSON.stringify(data)}`, { at: host.now });
  } catch (error) {
    // Where it may not write nothing is kept.
    if (!(error instanceof FileError)) throw error;
  }
}

/** What it says to commands sent at once, and what it keeps then: the same object if nothing has changed. */
export function serveRedis(redis: RedisState, text: string, info: Omit<RedisInfo, 'config'>): { readonly body: string; readonly redis: RedisState } {
  let { data } = redis;
  let isKnown = false;
  let body = '';
  for (const words of parseCommands(text)) {
    const done = runCommand(data, words, { ...info, config: redis.config }, isKnown);
    if (words[0]?.toLowerCase() === 'auth' && typeof done.reply === 'object' && done.reply !== null && 'ok' in done.reply) isKnown = true;
    data = done.data;
    body += encodeReply(done.reply);
  }
  return { body, redis: data === redis.data ? redis : { ...redis, data } };
}
