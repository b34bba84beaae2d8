/** A redis server's data and commands: what clients and exercises use of it. */
import { patternRegExp } from '../shell/pattern.js';
import type { Reply } from './protocol.js';

/** JSON: the data set; times are milliseconds. */
export interface RedisData {
  readonly keys: Record<string, RedisValue>;
  readonly expires?: Record<string, number>;
}
interface Parts {
  readonly list: readonly string[];
  readonly set: readonly string[];
  readonly hash: Readonly<Record<string, string>>;
  readonly sorted: Readonly<Record<string, number>>;
}
/** A text, or one of the parts. */
type RedisValue = string | Partial<Parts>;

export interface RedisInfo {
  readonly version: string;
  readonly started: number;
  readonly now: number;
  readonly port: number;
  /** What its file and its command line have set. */
  readonly config: Readonly<Record<string, string>>;
  readonly memory: number;
}

const WRONG_TYPE: Reply = { error: 'WRONGTYPE Operation against a key holding the wrong kind of value' };
const NOT_INTEGER: Reply = { error: 'ERR value is not an integer or out of range' };
const OK: Reply = { ok: 'OK' };

/** How many words each command takes (at least, if negative), itself included; what is not here is unknown. */
const ARITY: Readonly<Record<string, number>> = {
  ping: -1,
  echo: 2,
  auth: -2,
  select: 2,
  quit: -1,
  hello: -1,
  command: -1,
  client: -2,
  config: -2,
  info: -1,
  time: 1,
  dbsize: 1,
  flushall: -1,
  flushdb: -1,
  save: 1,
  bgsave: -1,
  lastsave: 1,
  shutdown: -1,
  role: 1,
  replicaof: 3,
  slaveof: 3,
  set: -3,
  setnx: 3,
  setex: 4,
  get: 2,
  getset: 3,
  getdel: 2,
  append: 3,
  strlen: 2,
  mset: -3,
  mget: -2,
  incr: 2,
  decr: 2,
  incrby: 3,
  decrby: 3,
  del: -2,
  unlink: -2,
  exists: -2,
  keys: 2,
  scan: -2,
  type: 2,
  rename: 3,
  randomkey: 1,
  expire: -3,
  pexpire: -3,
  ttl: 2,
  pttl: 2,
  persist: 2,
  lpush: -3,
  rpush: -3,
  lpop: -2,
  rpop: -2,
  llen: 2,
  lrange: 4,
  lindex: 3,
  sadd: -3,
  srem: -3,
  smembers: 2,
  scard: 2,
  sismember: 3,
  hset: -4,
  hmset: -4,
  hget: 3,
  hmget: -3,
  hgetall: 2,
  hdel: -3,
  hkeys: 2,
  hvals: 2,
  hlen: 2,
  hexists: 3,
  hincrby: 4,
  zadd: -4,
  zrange: -4,
  zscore: 3,
  zcard: 2,
  zrem: -3,
  publish: 3,
};

/** Does one command; the data afterwards is the same object if nothing has changed. */
export function runCommand(data: RedisData, words: readonly string[], info: RedisInfo, isKnown: boolean): { readonly data: RedisData; readonly reply: Reply } {
  const [given = '', ...args] = words;
  const command = given.toLowerCase();
  const arity = ARITY[command];
  if (arity === undefined) {
    const named = args.map((arg) => `'${arg}' `).join('');
    return { data, reply: { error: `ERR unknown command '${given}', with args beginning with: ${named}` } };
  }
  if (arity > 0 ? words.length !== arity : words.length < -arity) return { data, reply: { error: `ERR wrong number of arguments for '${command}' command` } };
  if ((info.config['requirepass'] ?? '') !== '' && !isKnown && command !== 'auth' && command !== 'hello' && command !== 'quit')
    return { data, reply: { error: 'NOAUTH Authentication required.' } };
  const store = new Store(data, info);
  const reply = store.run(command, args);
  return { data: store.data(), reply };
}

class Store {
  /** Without prototypes: any name may be a key's. */
  private readonly keys: Record<string, RedisValue>;
  private readonly expires: Record<string, number>;
  private isChanged = false;

  constructor(
    private readonly given: RedisData,
    private readonly info: RedisInfo,
  ) {
    this.keys = Object.assign(Object.create(null), given.keys);
    this.expires = Object.assign(Object.create(null), given.expires);
    for (const [key, at] of Object.entries(this.expires)) if (at <= info.now) this.remove(key);
  }

  /** The very same if nothing has changed. */
  data(): RedisData {
    return this.isChanged ? { keys: this.keys, expires: this.expires } : this.given;
  }

  private put(key: string, value: RedisValue): void {
    this.isChanged = true;
    this.keys[key] = value;
  }
  /** With its time to live: a key of that name that comes later has none. */
  private remove(key: string): void {
    if (!(key in this.keys)) return;
    this.isChanged = true;
    delete this.keys[key];
    delete this.expires[key];
  }
  private expire(key: string, at: number | undefined): void {
    if (this.expires[key] === at) return;
    this.isChanged = true;
    if (at === undefined) delete this.expires[key];
    else this.expires[key] = at;
  }
  /** A collection that has become empty is gone. */
  private putPart(key: string, value: Partial<Parts>, isEmpty: boolean): void {
    if (isEmpty) this.remove(key);
    else this.put(key, value);
  }
  private text(key: string): string | null | undefined {
    const value = this.keys[key];
    return value === undefined ? null : typeof value === 'string' ? value : undefined;
  }
  private add(key: string, by: number): Reply {
    const old = this.text(key);
    if (old === undefined) return WRONG_TYPE;
    if (!/^-?\d+$/.test(old ?? '0') || !Number.isInteger(by)) return NOT_INTEGER;
    const sum = Number(old ?? 0) + by;
    this.put(key, String(sum));
    return sum;
  }
  /** Null: no such key; undefined: it is of another kind. */
  private part<K extends keyof Parts>(key: string, kind: K): Parts[K] | null | undefined {
    const value = this.keys[key];
    return value === undefined ? null : typeof value === 'string' ? undefined : value[kind];
  }

  run(command: string, args: readonly string[]): Reply {
    const [key = ''] = args;
    const { now } = this.info;
    switch (command) {
      case 'ping':
        return args.length > 0 ? key : { ok: 'PONG' };
      case 'echo':
        return key;
      case 'auth':
        if ((this.info.config['requirepass'] ?? '') === '')
          return { error: 'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?' };
        return args.at(-1) === this.info.config['requirepass'] ? OK : { error: 'WRONGPASS invalid username-password pair or user is disabled.' };
      case 'config':
        return key.toLowerCase() === 'get' ? settings(args.slice(1), this.info) : OK;
      case 'info':
        return this.about(key);
      case 'time':
        return [String(Math.floor(now / 1000)), '0'];
      case 'lastsave':
        return Math.floor(this.info.started / 1000);
      case 'bgsave':
        return { ok: 'Background saving started' };
      case 'role':
        return ['master', 0, []];
      case 'command':
      case 'client':
        return key.toLowerCase() === 'list'
          ? `id=3 addr=127.0.0.1:48214 laddr=127.0.0.1:${this.info.port} fd=8 name= age=0 idle=0 flags=N db=0\n`
          : key.toLowerCase() === 'id'
            ? 3
            : OK;
      case 'dbsize':
        return Object.keys(this.keys).length;
      case 'flushall':
      case 'flushdb':
        for (const name of Object.keys(this.keys)) this.remove(name);
        return OK;
      case 'publish':
        return 0;
      default:
        for (const kind of [this.strings, this.names, this.lists, this.sets]) {
          const reply = kind.call(this, command, args);
          if (reply !== undefined) return reply;
        }
        return OK;
    }
  }

  private strings(command: string, args: readonly string[]): Reply | undefined {
    const [key = '', one = '', two = ''] = args;
    const { now } = this.info;
    switch (command) {
      case 'set': {
        const flags = args.slice(2).map((word) => word.toLowerCase());
        if (flags.includes('nx') && key in this.keys) return null;
        if (flags.includes('xx') && !(key in this.keys)) return null;
        this.put(key, one);
        const at = flags.findIndex((word) => word === 'ex' || word === 'px');
        if (at >= 0) this.expire(key, now + Number(args[at + 3]) * (flags[at] === 'ex' ? 1000 : 1));
        else if (!flags.includes('keepttl')) this.expire(key, undefined);
        return OK;
      }
      case 'setnx':
        if (key in this.keys) return 0;
        this.put(key, one);
        return 1;
      case 'setex':
        this.put(key, two);
        this.expire(key, now + Number(one) * 1000);
        return OK;
      case 'get':
        return this.text(key) ?? (key in this.keys ? WRONG_TYPE : null);
      case 'getset':
      case 'getdel': {
        const old = this.text(key) ?? (key in this.keys ? WRONG_TYPE : null);
        if (command === 'getdel') this.remove(key);
        else {
          this.put(key, one);
          this.expire(key, undefined);
        }
        return old;
      }
      case 'append': {
        const old = this.text(key);
        if (old === undefined) return WRONG_TYPE;
        const text = `${old ?? ''}${one}`;
        this.put(key, text);
        return text.length;
      }
      case 'strlen':
        return this.text(key) === undefined ? WRONG_TYPE : (this.text(key) ?? '').length;
      case 'mset':
        for (let i = 0; i + 1 < args.length; i += 2) this.put(args[i] as string, args[i + 1] as string);
        return OK;
      case 'mget':
        return args.map((name) => this.text(name) ?? null);
      case 'incr':
        return this.add(key, 1);
      case 'decr':
        return this.add(key, -1);
      case 'incrby':
        return this.add(key, Number(one));
      case 'decrby':
        return this.add(key, -Number(one));
      default:
        return undefined;
    }
  }

  private names(command: string, args: readonly string[]): Reply | undefined {
    const [key = '', one = ''] = args;
    const { now } = this.info;
    const left = this.expires[key];
    switch (command) {
      case 'del':
      case 'unlink': {
        const found = args.filter((name) => name in this.keys);
        for (const name of found) this.remove(name);
        return found.length;
      }
      case 'exists':
        return args.filter((name) => name in this.keys).length;
      case 'keys':
        return Object.keys(this.keys).filter((name) => patternRegExp(key).test(name));
      case 'scan': {
        const at = args.findIndex((word) => word.toLowerCase() === 'match');
        return ['0', Object.keys(this.keys).filter((name) => at < 0 || patternRegExp(args[at + 1] ?? '*').test(name))];
      }
      case 'randomkey':
        return Object.keys(this.keys)[0] ?? null;
      case 'type': {
        const value = this.keys[key];
        return { ok: value === undefined ? 'none' : typeof value === 'string' ? 'string' : 'sorted' in value ? 'zset' : (Object.keys(value)[0] ?? 'none') };
      }
      case 'rename':
        if (!(key in this.keys)) return { error: 'ERR no such key' };
        this.put(one, this.keys[key] as RedisValue);
        this.expire(one, left);
        if (one !== key) this.remove(key);
        return OK;
      case 'expire':
      case 'pexpire':
        if (!(key in this.keys)) return 0;
        this.expire(key, now + Number(one) * (command === 'expire' ? 1000 : 1));
        return 1;
      case 'ttl':
      case 'pttl':
        if (!(key in this.keys)) return -2;
        return left === undefined ? -1 : command === 'ttl' ? Math.round((left - now) / 1000) : left - now;
      case 'persist':
        this.expire(key, undefined);
        return left === undefined ? 0 : 1;
      default:
        return undefined;
    }
  }

  private lists(command: string, args: readonly string[]): Reply | undefined {
    if (!/^([lr](push|pop)|llen|lrange|lindex)$/.test(command)) return undefined;
    const [key = '', one = '', two = ''] = args;
    const found = this.part(key, 'list');
    if (found === undefined) return WRONG_TYPE;
    const list = found ?? [];
    switch (command) {
      case 'lpush':
      case 'rpush': {
        const next = command === 'rpush' ? [...list, ...args.slice(1)] : [...args.slice(1).reverse(), ...list];
        this.put(key, { list: next });
        return next.length;
      }
      case 'lpop':
      case 'rpop': {
        const taken = command === 'lpop' ? list[0] : list.at(-1);
        this.putPart(key, { list: command === 'lpop' ? list.slice(1) : list.slice(0, -1) }, list.length <= 1);
        return taken ?? null;
      }
      case 'llen':
        return list.length;
      case 'lindex':
        return list.at(Number(one)) ?? null;
      default:
        return range(list, one, two);
    }
  }

  private sets(command: string, args: readonly string[]): Reply | undefined {
    const [key = '', one = '', two = ''] = args;
    if (command.startsWith('s') && /^s(add|rem|members|card|ismember)$/.test(command)) {
      const found = this.part(key, 'set');
      if (found === undefined) return WRONG_TYPE;
      const old = found ?? [];
      if (command === 'smembers') return old;
      if (command === 'scard') return old.length;
      if (command === 'sismember') return old.includes(one) ? 1 : 0;
      const next = command === 'sadd' ? [...new Set([...old, ...args.slice(1)])] : old.filter((member) => !args.slice(1).includes(member));
      this.putPart(key, { set: next }, next.length === 0);
      return Math.abs(next.length - old.length);
    }
    if (command.startsWith('z')) {
      const found = this.part(key, 'sorted');
      if (found === undefined) return WRONG_TYPE;
      const old = found ?? {};
      const sorted = Object.entries(old).sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
      if (command === 'zcard') return sorted.length;
      if (command === 'zscore') return old[one] === undefined ? null : String(old[one]);
      if (command === 'zrange') {
        return range(sorted, one, two).flatMap(([member, score]) => (args[3]?.toLowerCase() === 'withscores' ? [member, String(score)] : [member]));
      }
      const next: Record<string, number> = { ...old };
      if (command === 'zrem') for (const member of args.slice(1)) delete next[member];
      else for (let i = 1; i + 1 < args.length; i += 2) next[args[i + 1] as string] = Number(args[i]);
      this.putPart(key, { sorted: next }, Object.keys(next).length === 0);
      return Math.abs(Object.keys(next).length - sorted.length);
    }
    if (!command.startsWith('h')) return undefined;
    const found = this.part(key, 'hash');
    if (found === undefined) return WRONG_TYPE;
    const hash = { ...found };
    switch (command) {
      case 'hget':
        return hash[one] ?? null;
      case 'hmget':
        return args.slice(1).map((field) => hash[field] ?? null);
      case 'hgetall':
        return Object.entries(hash).flat();
      case 'hkeys':
        return Object.keys(hash);
      case 'hvals':
        return Object.values(hash);
      case 'hlen':
        return Object.keys(hash).length;
      case 'hexists':
        return one in hash ? 1 : 0;
      case 'hdel': {
        const gone = args.slice(1).filter((field) => field in hash);
        for (const field of gone) delete hash[field];
        this.putPart(key, { hash }, Object.keys(hash).length === 0);
        return gone.length;
      }
      case 'hincrby': {
        const sum = Number(hash[one] ?? 0) + Number(two);
        this.put(key, { hash: { ...hash, [one]: String(sum) } });
        return sum;
      }
      default: {
        const size = Object.keys(hash).length;
        for (let i = 1; i + 1 < args.length; i += 2) hash[args[i] as string] = args[i + 1] as string;
        this.put(key, { hash });
        return command === 'hset' ? Object.keys(hash).length - size : OK;
      }
    }
  }

  private about(section: string): string {
    const { version, started, now, port, memory } = this.info;
    const seconds = Math.floor((now - started) / 1000);
    const count = Object.keys(this.keys).length;
    const sections: Readonly<Record<string, readonly string[]>> = {
      Server: [
        `redis_version:${version}`,
        'redis_mode:standalone',
        'os:Linux 6.8.0-60-generic x86_64',
        'arch_bits:64',
        'process_id:1',
        `tcp_port:${port}`,
        `uptime_in_seconds:${seconds}`,
        `uptime_in_days:${Math.floor(seconds / 86_400)}`,
        'executable:/data/redis-server',
        'config_file:',
      ],
      Clients: ['connected_clients:1', 'maxclients:10000', 'blocked_clients:0'],
      Memory: [
        `used_memory:${Math.floor(memory / 8)}`,
        `used_memory_human:${(memory / 8 / 1024 / 1024).toFixed(2)}M`,
        'maxmemory:0',
        'maxmemory_human:0B',
        'maxmemory_policy:noeviction',
      ],
      Persistence: ['loading:0', 'rdb_changes_since_last_save:0', 'rdb_bgsave_in_progress:0', 'aof_enabled:0'],
      Replication: ['role:master', 'connected_slaves:0', 'master_failover_state:no-failover', 'master_repl_offset:0'],
      Keyspace: count === 0 ? [] : [`db0:keys=${count},expires=${Object.keys(this.expires).length},avg_ttl=0`],
    };
    return Object.entries(sections)
      .filter(([name]) => section === '' || section.toLowerCase() === name.toLowerCase() || /^(all|everything|default)$/i.test(section))
      .map(([name, lines]) => `# ${name}\r\n${lines.map((line) => `${line}\r\n`).join('')}`)
      .join('\r\n');
  }
}

/** From one index to another, both of them included; negative ones count from the end. */
const range = <T>(list: readonly T[], from: string, to: string): readonly T[] =>
  list.slice(Number(from), Number(to) < 0 ? Math.max(0, list.length + Number(to) + 1) : Number(to) + 1);

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1000, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3 };

/** What a configuration file (its text) and a command line say: `redis-server FILE --name value …`. */
export function readConfig(argv: readonly string[], read: (file: string) => string | undefined): Readonly<Record<string, string>> {
  const config: Record<string, string> = {};
  const set = (name: string, values: readonly string[]): void => {
    const text = values.join(' ').replace(/^"(.*)"$/, '$1');
    const amount = name === 'maxmemory' ? /^(\d+)([kmg]?b?)$/i.exec(text) : null;
    config[name.toLowerCase()] = amount === null ? text : String(Number(amount[1]) * (UNITS[(amount[2] ?? '').toLowerCase()] ?? 1));
  };
  const at = argv.findIndex((word) => word.endsWith('redis-server'));
  const words = argv.slice(at + 1);
  if (words[0] !== undefined && !words[0].startsWith('-'))
    for (const line of (read(words.shift() as string) ?? '').split('\n')) {
      const [name = '', ...values] = line.trim().split(/\s+/);
      if (name !== '' && !name.startsWith('#')) set(name, values);
    }
  for (let i = 0; i < words.length; i += 1) {
    if (!/^--/.test(words[i] as string)) continue;
    const values: string[] = [];
    const name = (words[i] as string).slice(2);
    while (words[i + 1] !== undefined && !(words[i + 1] as string).startsWith('--')) values.push(words[++i] as string);
    set(name, values);
  }
  return config;
}

/** `CONFIG GET`: what the configuration file has set comes with the rest. */
function settings(names: readonly string[], { port, config }: RedisInfo): Reply {
  const known: Readonly<Record<string, string>> = {
    maxmemory: '0',
    'maxmemory-policy': 'noeviction',
    appendonly: 'no',
    save: '3600 1 300 100 60 10000',
    dir: '/data',
    dbfilename: 'dump.rdb',
    databases: '16',
    maxclients: '10000',
    timeout: '0',
    'protected-mode': 'no',
    bind: '* -::*',
    loglevel: 'notice',
    port: String(port),
    requirepass: '',
    ...config,
  };
  return Object.entries(known).flatMap(([name, value]) => (names.some((glob) => patternRegExp(glob).test(name)) ? [name, value] : []));
}
