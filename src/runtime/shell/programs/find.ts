/** find(1): names, types, sizes, times, -exec, -delete, -printf. */
import type { Time } from '../../../api/time.js';
import { FileError } from '../../process.js';
import { unescapeEcho } from '../escapes.js';
import { errorText } from '../kernel.js';
import { patternRegExp } from '../pattern.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { formatDate } from './date.js';
import { lookThrough, modeText } from './ls.js';
import { groupOf, userOf } from './simple.js';

type Test = (entry: Entry) => boolean;
interface Entry {
  readonly shown: string;
  readonly path: string;
  readonly depth: number;
}
interface FindState {
  /** Commands still to run. */
  queue: string[][];
  pid?: number;
  status: number;
}

export const find: Program = {
  name: 'find',
  run(context): number | Wait {
    let state = context.state as FindState | undefined;
    if (state === undefined) {
      state = { queue: [], status: 0 };
      context.state = state;
      walk(context, state);
    }
    for (;;) {
      if (state.pid !== undefined) {
        if (context.child(state.pid) === undefined) return { wait: 'children', pids: [state.pid] };
        delete state.pid;
      }
      const argv = state.queue.shift();
      if (argv === undefined) return state.status;
      const pid = context.spawn(argv);
      const code = context.child(pid);
      if (code === 127 || code === 126) {
        context.err(context.flavour === 'ash' ? `find: ${argv[0]}: No such file or directory\n` : `find: '${argv[0]}': No such file or directory\n`);
        state.status = 1;
      } else state.pid = pid;
    }
  },
};

function walk(context: ProgramContext, state: FindState): void {
  const args = [...context.args];
  const roots: string[] = [];
  const links = args[0] !== undefined && /^-[HLP]$/.test(args[0]) ? args.shift() : undefined;
  while (args[0] !== undefined && !/^[-(!]/.test(args[0])) roots.push(args.shift() as string);
  const follows = links === '-L' || args.includes('-follow');
  if (roots.length === 0) roots.push('.');
  const { files, now } = context;
  let maxDepth = Number.POSITIVE_INFINITY;
  let minDepth = 0;
  let acts = false;
  let deepFirst = false;
  const batches: { readonly argv: readonly string[]; readonly names: string[] }[] = [];
  const number = (text: string, value: number): boolean =>
    text.startsWith('+') ? value > Number(text.slice(1)) : text.startsWith('-') ? value < Number(text.slice(1)) : value === Number(text);
  let at = 0;
  const next = (): string => args[at++] ?? '';

  const parseOr = (): Test => {
    let left = parseAnd();
    while (args[at] === '-o' || args[at] === '-or') {
      at += 1;
      const [a, b] = [left, parseAnd()];
      left = (entry) => a(entry) || b(entry);
    }
    return left;
  };
  const parseAnd = (): Test => {
    let left = primary();
    while (at < args.length && args[at] !== ')' && args[at] !== '-o' && args[at] !== '-or') {
      if (args[at] === '-a' || args[at] === '-and') at += 1;
      const [a, b] = [left, primary()];
      left = (entry) => a(entry) && b(entry);
    }
    return left;
  };
  const baseOf = (entry: Entry): string => entry.shown.replace(/(.)\/+$/, '$1').replace(/^.*\/(?=.)/, '');
  const stat = (entry: Entry) => (follows ? files.stat(entry.path) : undefined) ?? files.stat(entry.path, false);
  const primary = (): Test => {
    const word = next();
    switch (word) {
      case '!':
      case '-not': {
        const inner = primary();
        return (entry) => !inner(entry);
      }
      case '(': {
        const inner = parseOr();
        at += 1;
        return inner;
      }
      case '-name':
      case '-iname': {
        const pattern = next();
        const test = patternRegExp(word === '-iname' ? pattern.toLowerCase() : pattern);
        return (entry) => test.test(word === '-iname' ? baseOf(entry).toLowerCase() : baseOf(entry));
      }
      case '-path':
      case '-wholename': {
        const test = patternRegExp(next());
        return (entry) => test.test(entry.shown);
      }
      case '-type': {
        const types = next()
          .split(',')
          .map((letter) => ({ f: 'file', d: 'directory', l: 'symlink', c: 'device', b: 'device', p: 'fifo' })[letter]);
        return (entry) => types.includes(stat(entry)?.type);
      }
      case '-maxdepth':
        maxDepth = Number(next());
        return () => true;
      case '-mindepth':
        minDepth = Number(next());
        return () => true;
      case '-depth':
        deepFirst = true;
        return () => true;
      case '-xdev':
      case '-mount':
      case '-follow':
        return () => true;
      case '-empty':
        return (entry) => (stat(entry)?.type === 'directory' ? files.list(entry.path).length === 0 : stat(entry)?.size === 0);
      case '-size': {
        const text = next();
        const match = /^([+-]?)(\d+)([ckMGw]?)$/.exec(text);
        const unit = { c: 1, w: 2, '': 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match?.[3] ?? ''] ?? 512;
        return (entry) => number(`${match?.[1] ?? ''}${match?.[2] ?? 0}`, Math.ceil((stat(entry)?.size ?? 0) / unit));
      }
      case '-mtime':
      case '-mmin':
      case '-ctime':
      case '-atime': {
        const text = next();
        const unit = word === '-mmin' ? 60_000 : 86_400_000;
        return (entry) => number(text, Math.floor((now - (stat(entry)?.mtime ?? 0)) / unit));
      }
      case '-newer': {
        const than = files.stat(context.path(next()))?.mtime ?? 0;
        return (entry) => (stat(entry)?.mtime ?? 0) > than;
      }
      case '-perm': {
        const text = next();
        const mode = Number.parseInt(text.replace(/^[-/+]/, ''), 8);
        return (entry) => {
          const own = (stat(entry)?.mode ?? 0) & 0o7777;
          return text.startsWith('-') ? (own & mode) === mode : text.startsWith('/') || text.startsWith('+') ? (own & mode) !== 0 : own === mode;
        };
      }
      case '-user':
      case '-group': {
        next();
        return () => true;
      }
      case '-quit':
        acts = true;
        return () => {
          throw new Quit();
        };
      case '-printf': {
        if (context.flavour === 'ash') break;
        acts = true;
        const format = unescapeEcho(next()).text;
        return (entry) => {
          const found = stat(entry);
          const fields: Readonly<Record<string, string>> = {
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
            y: { directory: 'd', symlink: 'l', file: 'f', device: 'c', fifo: 'p' }[found?.type ?? 'file'],
            l: found?.target ?? '',
            t: formatDate((found?.mtime ?? 0) as Time, '%a %b %e %H:%M:%S.%N0 %Y'),
            '%': '%',
          };
          context.out(format.replace(/%(-?\d*)([a-zA-Z%])/g, (all, width: string, letter: string) => pad(fields[letter] ?? all, width)));
          return true;
        };
      }
      case '-true':
        return () => true;
      case '-prune':
        return (entry) => {
          pruned.add(entry.path);
          return true;
        };
      case '-print':
        acts = true;
        return (entry) => {
          context.out(`${entry.shown}\n`);
          return true;
        };
      case '-print0':
        acts = true;
        return (entry) => {
          context.out(`${entry.shown}\0`);
          return true;
        };
      case '-delete':
        acts = true;
        deepFirst = true;
        return (entry) => {
          if (entry.shown === '.') return true;
          try {
            files.remove(entry.path);
            return true;
          } catch (error) {
            if (!(error instanceof FileError)) throw error;
            context.err(
              `find: ${context.flavour === 'ash' ? entry.shown : `cannot delete '${entry.shown}'`}: ${error.code === 'ENOTEMPTY' ? 'Directory not empty' : 'Permission denied'}\n`,
            );
            state.status = 1;
            return false;
          }
        };
      case '-exec':
      case '-execdir': {
        acts = true;
        const argv: string[] = [];
        while (at < args.length && args[at] !== ';' && !(args[at] === '+' && args[at - 1] === '{}')) argv.push(next());
        if (next() === '+') {
          const batch = { argv: argv.slice(0, -1), names: [] as string[] };
          batches.push(batch);
          return (entry) => {
            batch.names.push(entry.shown);
            return true;
          };
        }
        return (entry) => {
          state.queue.push(argv.map((one) => one.replaceAll('{}', entry.shown)));
          return true;
        };
      }
      default:
        break;
    }
    context.err(context.flavour === 'ash' ? `find: unrecognized: ${word}\n${busyboxUsage(context)}` : `find: unknown predicate '${word}'\n`);
    state.status = 1;
    throw new Unknown();
  };
  const pruned = new Set<string>();
  let test: Test;
  try {
    test = args.length === 0 ? () => true : parseOr();
  } catch (error) {
    if (error instanceof Unknown) return;
    throw error;
  }
  const visit = (entry: Entry): void => {
    const met = (): void => {
      if (entry.depth >= minDepth && test(entry) && !acts) context.out(`${entry.shown}\n`);
    };
    if (!deepFirst) met();
    if (entry.depth < maxDepth && !pruned.has(entry.path) && stat(entry)?.type === 'directory') {
      try {
        for (const name of files.list(entry.path))
          visit({
            shown: entry.shown.endsWith('/') ? `${entry.shown}${name}` : `${entry.shown}/${name}`,
            path: entry.path === '/' ? `/${name}` : `${entry.path}/${name}`,
            depth: entry.depth + 1,
          });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        context.err(context.flavour === 'ash' ? `find: ${entry.shown}: Permission denied\n` : `find: '${entry.shown}': Permission denied\n`);
        state.status = 1;
      }
    }
    if (deepFirst) met();
  };
  try {
    for (const root of roots) {
      const path = context.path(root);
      try {
        if (follows) lookThrough(context, path, false);
        else files.look(path, false);
      } catch (error) {
        context.err(`find: ${context.flavour === 'ash' ? root : `'${root}'`}: ${errorText(error)}\n`);
        state.status = 1;
        continue;
      }
      visit({ shown: root, path, depth: 0 });
    }
  } catch (error) {
    if (!(error instanceof Quit)) throw error;
  }
  for (const { argv, names } of batches) if (names.length > 0) state.queue.push([...argv, ...names]);
}

class Unknown extends Error {}
class Quit extends Error {}

const pad = (text: string, width: string): string => (width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width)));
