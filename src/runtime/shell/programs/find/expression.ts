/** find's expressions: `-name '*.log' -mtime +7 -delete`. */
import type { Time } from '../../../../api/time.js';
import { FileError } from '../../../process.js';
import { unescapeEcho } from '../../escapes.js';
import { patternRegExp } from '../../pattern.js';
import { busyboxUsage } from '../busybox.js';
import { formatDate } from '../date.js';
import { modeText } from '../ls.js';
import { groupOf, numberOf, userOf } from '../simple.js';
import { type Entry, Quit, type Search, type Test, Wrong } from './search.js';

/** undefined: it is none; what is wrong has been said. */
export function parseExpression(words: readonly string[], search: Search): Test | undefined {
  if (words.length === 0) return always;
  try {
    return new Parser(words, search).or();
  } catch (error) {
    if (error instanceof Wrong) return undefined;
    throw error;
  }
}

class Parser {
  private at = 0;
  constructor(
    private readonly words: readonly string[],
    private readonly search: Search,
  ) {}

  next(): string {
    return this.words[this.at++] ?? '';
  }
  /** The words of a command, and whether they end in `{} +`. */
  command(): { readonly argv: readonly string[]; readonly takesAll: boolean } {
    const { words } = this;
    const from = this.at;
    while (this.at < words.length && words[this.at] !== ';' && !(words[this.at] === '+' && words[this.at - 1] === '{}')) this.at += 1;
    const argv = words.slice(from, this.at);
    const takesAll = this.next() === '+';
    return { argv: takesAll ? argv.slice(0, -1) : argv, takesAll };
  }

  or(): Test {
    let left = this.and();
    while (this.accept('-o') || this.accept('-or')) {
      const [a, b] = [left, this.and()];
      left = (entry) => a(entry) || b(entry);
    }
    return left;
  }
  private and(): Test {
    let left = this.primary();
    while (this.at < this.words.length && ![')', '-o', '-or'].includes(this.words[this.at] as string)) {
      if (!this.accept('-a')) this.accept('-and');
      const [a, b] = [left, this.primary()];
      left = (entry) => a(entry) && b(entry);
    }
    return left;
  }
  private accept(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at += 1;
    return true;
  }
  private primary(): Test {
    const word = this.next();
    if (word === '!' || word === '-not') {
      const inner = this.primary();
      return (entry) => !inner(entry);
    }
    if (word === '(') {
      const inner = this.or();
      this.at += 1;
      return inner;
    }
    const test = PRIMARIES.get(word)?.(this, this.search, word);
    if (test !== undefined) return test;
    const { context } = this.search;
    throw this.search.wrong(context.flavour === 'ash' ? `unrecognized: ${word}\n${busyboxUsage(context).replace(/\n$/, '')}` : `unknown predicate '${word}'`);
  }
}

/** Reads its arguments; undefined: this find has it not. */
type Primary = (words: Parser, search: Search, word: string) => Test | undefined;

const always: Test = () => true;
const baseOf = ({ shown }: Entry): string => shown.replace(/(.)\/+$/, '$1').replace(/^.*\/(?=.)/, '');

/** `+7`: more, `-7`: less, `7`: just so. */
const isAmount = (text: string, value: number): boolean =>
  text.startsWith('+') ? value > Number(text.slice(1)) : text.startsWith('-') ? value < Number(text.slice(1)) : value === Number(text);

const name: Primary = (words, _, word) => {
  const pattern = words.next();
  if (word === '-name') {
    const test = patternRegExp(pattern);
    return (entry) => test.test(baseOf(entry));
  }
  const test = patternRegExp(pattern.toLowerCase());
  return (entry) => test.test(baseOf(entry).toLowerCase());
};

const path: Primary = (words) => {
  const test = patternRegExp(words.next());
  return ({ shown }) => test.test(shown);
};

const TYPES: Readonly<Record<string, string>> = { f: 'file', d: 'directory', l: 'symlink', c: 'device', b: 'device', p: 'fifo' };
const type: Primary = (words, search) => {
  const types = words
    .next()
    .split(',')
    .map((letter) => TYPES[letter]);
  return (entry) => types.includes(search.stat(entry)?.type);
};

const empty: Primary = (_, search) => (entry) => {
  const found = search.stat(entry);
  return found?.type === 'directory' ? search.context.files.list(entry.path).length === 0 : found?.size === 0;
};

const UNITS: Readonly<Record<string, number>> = { c: 1, w: 2, '': 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 };
const size: Primary = (words, search) => {
  const [, sign = '', amount = 0, unit = ''] = /^([+-]?)(\d+)([ckMGw]?)$/.exec(words.next()) ?? [];
  return (entry) => isAmount(`${sign}${amount}`, Math.ceil((search.stat(entry)?.size ?? 0) / (UNITS[unit] ?? 512)));
};

const age: Primary = (words, search, word) => {
  const text = words.next();
  const unit = word === '-mmin' ? 60_000 : 86_400_000;
  return (entry) => isAmount(text, Math.floor((search.context.now - (search.stat(entry)?.mtime ?? 0)) / unit));
};

const newer: Primary = (words, search) => {
  const { context } = search;
  const than = context.files.stat(context.path(words.next()))?.mtime ?? 0;
  return (entry) => (search.stat(entry)?.mtime ?? 0) > than;
};

const permissions: Primary = (words, search) => {
  const text = words.next();
  const mode = Number.parseInt(text.replace(/^[-/+]/, ''), 8);
  return (entry) => {
    const own = (search.stat(entry)?.mode ?? 0) & 0o7777;
    return text.startsWith('-') ? (own & mode) === mode : text.startsWith('/') || text.startsWith('+') ? (own & mode) !== 0 : own === mode;
  };
};

const user: Primary = (words, search) => {
  const { context } = search;
  const text = words.next();
  const uid = numberOf(context, '/etc/passwd', text);
  if (uid === undefined) throw search.wrong(context.flavour === 'ash' ? `unknown user ${text}` : `'${text}' is not the name of a known user`);
  return (entry) => search.stat(entry)?.uid === uid;
};
const group: Primary = (words, search) => {
  const { context } = search;
  const text = words.next();
  const gid = numberOf(context, '/etc/group', text);
  if (gid === undefined) throw search.wrong(context.flavour === 'ash' ? `unknown group ${text}` : `'${text}' is not the name of an existing group`);
  return (entry) => search.stat(entry)?.gid === gid;
};

const maxDepth: Primary = (words, search) => {
  search.maxDepth = Number(words.next());
  return always;
};
const minDepth: Primary = (words, search) => {
  search.minDepth = Number(words.next());
  return always;
};
const depth: Primary = (_, search) => {
  search.deepFirst = true;
  return always;
};
const prune: Primary =
  (_, { pruned }) =>
  (entry) => {
    pruned.add(entry.path);
    return true;
  };
const quit: Primary = (_, search) => {
  search.acts = true;
  return () => {
    throw new Quit();
  };
};

const print =
  (end: string): Primary =>
  (_, search) => {
    search.acts = true;
    return ({ shown }) => {
      search.context.out(`${shown}${end}`);
      return true;
    };
  };

const LETTERS: Readonly<Record<string, string>> = { directory: 'd', symlink: 'l', file: 'f', device: 'c', fifo: 'p' };
/** By the letters of -printf. */
function fieldsOf(search: Search, entry: Entry): Readonly<Record<string, string>> {
  const { context } = search;
  const found = search.stat(entry);
  return {
    p: entry.shown,
    f: baseOf(entry),
    h: entry.shown.includes('/') ? entry.shown.replace(/\/[^/]*$/, '') : '.',
    P: entry.shown.split('/').slice(1).join('/'),
    d: String(entry.depth),
    s: String(found?.size ?? 0),
    m: ((found?.mode ?? 0) & 0o7777).toString(8),
    M: found === undefined ? '' : modeText(found),
    U: String(found?.uid ?? 0),
    G: String(found?.gid ?? 0),
    u: userOf(context, found?.uid ?? 0),
    g: groupOf(context, found?.gid ?? 0),
    y: LETTERS[found?.type ?? 'file'] as string,
    l: found?.target ?? '',
    t: formatDate((found?.mtime ?? 0) as Time, '%a %b %e %H:%M:%S.%N0 %Y'),
    '%': '%',
  };
}
const printFormatted: Primary = (words, search) => {
  if (search.context.flavour === 'ash') return undefined;
  search.acts = true;
  const format = unescapeEcho(words.next()).text;
  return (entry) => {
    const fields = fieldsOf(search, entry);
    search.context.out(format.replace(/%(-?\d*)([a-zA-Z%])/g, (all, width: string, letter: string) => pad(fields[letter] ?? all, width)));
    return true;
  };
};

const remove: Primary = (_, search) => {
  search.acts = true;
  search.deepFirst = true;
  return ({ shown, path: at }) => {
    if (shown === '.') return true;
    try {
      search.context.files.remove(at);
      return true;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const what = search.context.flavour === 'ash' ? shown : `cannot delete '${shown}'`;
      search.complain(`${what}: ${error.code === 'ENOTEMPTY' ? 'Directory not empty' : 'Permission denied'}`);
      return false;
    }
  };
};

const execute: Primary = (words, search) => {
  search.acts = true;
  const { argv, takesAll } = words.command();
  if (!takesAll)
    return ({ shown }) => {
      search.commands.push(argv.map((one) => one.replaceAll('{}', shown)));
      return true;
    };
  const names: string[] = [];
  search.batches.push({ argv, names });
  return ({ shown }) => {
    names.push(shown);
    return true;
  };
};

const PRIMARIES: ReadonlyMap<string, Primary> = new Map<string, Primary>([
  ['-name', name],
  ['-iname', name],
  ['-path', path],
  ['-wholename', path],
  ['-type', type],
  ['-empty', empty],
  ['-size', size],
  ['-mtime', age],
  ['-mmin', age],
  ['-ctime', age],
  ['-atime', age],
  ['-newer', newer],
  ['-perm', permissions],
  ['-user', user],
  ['-group', group],
  ['-true', () => always],
  // Where to go
  ['-maxdepth', maxDepth],
  ['-mindepth', minDepth],
  ['-depth', depth],
  ['-prune', prune],
  ['-quit', quit],
  ['-xdev', () => always],
  ['-mount', () => always],
  ['-follow', () => always],
  // What to do
  ['-print', print('\n')],
  ['-print0', print('\0')],
  ['-printf', printFormatted],
  ['-delete', remove],
  ['-exec', execute],
  ['-execdir', execute],
]);

const pad = (text: string, width: string): string => (width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width)));
