/** ps(1): busybox's, and procps', which Debian's images with a ps have (src/ps of procps-ng, for a kernel whose pid_max is 4194304). */
import type { Time } from '../../../api/time.js';
import { comm } from '../proc.js';
import type { ProcessView, Program, ProgramContext } from '../program.js';
import { systemOf } from './node.js';
import { groupOf, userOf } from './simple.js';

/** All of the process namespace. */
export const allProcesses = (context: ProgramContext): readonly ProcessView[] => [...context.others(), ...context.processes()].sort((a, b) => a.pid - b.pid);

export const stateOf = (context: ProgramContext, view: ProcessView): string => (view.pid === context.pid || (view.cpu ?? 0) > 1e8 ? 'R' : 'S');

/** Kilobytes. */
const residentOf = (view: ProcessView): number =>
  700 + Math.round((view.memory ?? 0) / 1024) + (/nginx|java|node|python|redis|mysql/.test(view.command) ? 8000 : 0);
const secondsOf = (context: ProgramContext, view: ProcessView): number => Math.max(0, Math.floor((context.now - view.since) / 1000));
const two = (n: number): string => String(n).padStart(2, '0');

type Value = (view: ProcessView, context: ProgramContext) => string | number;
/** Title, width, to the right, what stands there. The last column is as wide as it is. */
type Column = readonly [title: string, width: number, right: boolean, value: Value];

const tty: Value = (_, context) => (context.tty ? 'pts/0' : '?');
const user: Value = ({ uid }, context) => userOf(context, uid);
const group: Value = ({ gid = 0 }, context) => groupOf(context, gid);
const cpu: Value = (view) => ((view.cpu ?? 0) / 10_000_000).toFixed(1);
const memory: Value = (view, context) => ((residentOf(view) / (systemOf(context).memory / 1024)) * 100).toFixed(1);
const command: Value = (view) => view.command;
const elapsed: Value = (view, context) => {
  const seconds = secondsOf(context, view);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return `${days > 0 ? `${days}-` : ''}${days > 0 || hours > 0 ? `${two(hours)}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
};
/** `Thu Jan  1 00:00:00 2026`. */
const started: Value = ({ since }) => {
  const [week = '', day = '', month = '', year = '', time = ''] = new Date(since).toUTCString().split(/,? /);
  return `${week} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
};
const startTime: Value = (view, context) => {
  const [, day = '', month = ''] = new Date(view.since).toUTCString().split(/,? /);
  return secondsOf(context, view) < 86_400 ? new Date(view.since).toISOString().slice(11, 16) : `${month}${day}`;
};
const state: Value = (view, context) => stateOf(context, view);
const status: Value = (view, context) => `${stateOf(context, view)}${view.pid === 1 ? 's' : ''}${context.tty && view.pid === context.pid ? '+' : ''}`;

const COLUMNS: Readonly<Record<string, Column>> = {
  pid: ['PID', 7, true, ({ pid }) => pid],
  ppid: ['PPID', 7, true, ({ ppid }) => ppid],
  tid: ['TID', 7, true, ({ pid }) => pid],
  lwp: ['LWP', 7, true, ({ pid }) => pid],
  user: ['USER', 8, false, user],
  uname: ['USER', 8, false, user],
  euser: ['EUSER', 8, false, user],
  ruser: ['RUSER', 8, false, user],
  uid: ['UID', 5, true, ({ uid }) => uid],
  gid: ['GID', 5, true, ({ gid = 0 }) => gid],
  group: ['GROUP', 8, false, group],
  tty: ['TT', 8, false, tty],
  tname: ['TTY', 8, false, tty],
  stat: ['STAT', 4, false, status],
  s: ['S', 1, false, state],
  state: ['S', 1, false, state],
  time: ['TIME', 8, true, () => '00:00:00'],
  etime: ['ELAPSED', 11, true, elapsed],
  etimes: ['ELAPSED', 7, true, (view, context) => secondsOf(context, view)],
  start: ['STARTED', 8, true, ({ since }) => new Date(since).toISOString().slice(11, 19)],
  lstart: ['STARTED', 24, true, started],
  stime: ['STIME', 5, false, startTime],
  '%cpu': ['%CPU', 4, true, cpu],
  pcpu: ['%CPU', 4, true, cpu],
  '%mem': ['%MEM', 4, true, memory],
  pmem: ['%MEM', 4, true, memory],
  rss: ['RSS', 5, true, residentOf],
  vsz: ['VSZ', 6, true, (view) => residentOf(view) * 4],
  ni: ['NI', 3, true, () => 0],
  nice: ['NI', 3, true, () => 0],
  nlwp: ['NLWP', 4, true, () => 1],
  c: ['C', 2, true, (view) => Math.floor((view.cpu ?? 0) / 10_000_000)],
  comm: ['COMMAND', 15, false, comm],
  ucmd: ['CMD', 15, false, comm],
  cmd: ['CMD', 27, false, command],
  args: ['COMMAND', 27, false, command],
  command: ['COMMAND', 27, false, command],
};

/** What busybox's -o knows (out_spec of procps/ps.c). */
const SMALL: Readonly<Record<string, Column>> = {
  user: ['USER', 8, false, user],
  group: ['GROUP', 8, false, group],
  comm: ['COMMAND', 16, false, comm],
  args: ['COMMAND', 0, false, command],
  pid: ['PID', 5, true, ({ pid }) => pid],
  ppid: ['PPID', 5, true, ({ ppid }) => ppid],
  pgid: ['PGID', 5, true, ({ pid }) => pid],
  etime: ['ELAPSED', 7, true, elapsed],
  nice: ['NI', 5, true, () => 0],
  rgroup: ['RGROUP', 8, false, group],
  ruser: ['RUSER', 8, false, user],
  time: ['TIME', 6, true, () => '0:00'],
  tty: ['TT', 6, false, (_, context) => (context.tty ? '136,0' : '?')],
  vsz: ['VSZ', 4, true, (view) => residentOf(view) * 4],
  sid: ['SID', 5, true, () => 1],
  stat: ['STAT', 4, false, state],
  rss: ['RSS', 4, true, residentOf],
};

const line = (columns: readonly Column[], cells: readonly string[]): string =>
  `${columns
    .map(([, width, right], i) => {
      const cell = cells[i] as string;
      return right ? cell.padStart(width) : i === columns.length - 1 ? cell : cell.padEnd(width);
    })
    .join(' ')}\n`;
const rows = (context: ProgramContext, columns: readonly Column[], views: readonly ProcessView[]): string =>
  views
    .map((view) =>
      line(
        columns,
        columns.map(([, , , value]) => String(value(view, context))),
      ),
    )
    .join('');

function smallPs(context: ProgramContext): number {
  const all = allProcesses(context);
  const chosen = /(?:^| )-o\s*(\S+)/.exec(context.args.join(' '))?.[1]?.split(',');
  if (chosen === undefined) {
    const short = all.map((view) => `${String(view.pid).padStart(5)} ${userOf(context, view.uid).padEnd(8).slice(0, 8)}  0:00 ${view.command}\n`);
    context.out(`PID   USER     TIME  COMMAND\n${short.join('')}`);
    return 0;
  }
  const columns: Column[] = [];
  for (const name of chosen) {
    const column = SMALL[name];
    if (column === undefined) {
      context.err(`ps: bad -o argument '${name}', supported arguments: ${Object.keys(SMALL).join(',')}\n`);
      return 1;
    }
    columns.push(column);
  }
  const titles = columns.map(([title, width], i) => (i === columns.length - 1 ? title : title.padEnd(width)));
  context.out(`${titles.join(' ')}\n${rows(context, columns, all)}`);
  return 0;
}

/** Without -o: as -f, `u`, another BSD form and none of them have it. */
const FULL = ['uid=UID', 'pid', 'ppid', 'c', 'stime', 'tname', 'time', 'cmd'];
const USERS = ['user', 'pid', '%cpu', '%mem', 'vsz', 'rss', 'tname', 'stat', 'stime=START', 'time', 'command'];
const BSD = ['pid', 'tname', 'stat', 'time', 'command'];
const PLAIN = ['pid', 'tname', 'time', 'ucmd'];
/** Columns that are others in those forms: users by name, a shorter time. */
const FULL_UID: Column = ['UID', 8, false, user];
const BSD_TIME: Column = ['TIME', 6, true, () => '0:00'];

interface Selection {
  /** Letters of the options with a dash, and of the first word without. */
  readonly flags: string;
  readonly bsd: string;
  /** What follows an option of that letter, at once or as the next word. */
  values(letter: string): readonly string[];
}

function selectionOf({ args }: ProgramContext): Selection {
  return {
    flags: args.flatMap((arg) => /^-([a-zA-Z].*)$/.exec(arg)?.[1] ?? []).join(''),
    bsd: /^[a-z]+$/.exec(args[0] ?? '')?.[0] ?? '',
    values: (letter) =>
      args.flatMap((arg, i) => {
        const found = new RegExp(`^-[eAfaxl]*${letter}(.*)$`).exec(arg)?.[1];
        return found === undefined ? [] : [found === '' ? (args[i + 1] ?? '') : found];
      }),
  };
}

function chosenBy(context: ProgramContext, { flags, bsd, values }: Selection): readonly ProcessView[] {
  const all = allProcesses(context);
  const [pids, names, users] = [values('p'), values('C'), values('[uU]')].map((lists) => lists.flatMap((list) => list.split(/[ ,]/))) as [
    string[],
    string[],
    string[],
  ];
  if (pids.length > 0) return all.filter(({ pid }) => pids.includes(String(pid)));
  if (names.length > 0) return all.filter((view) => names.includes(comm(view)));
  if (users.length > 0) return all.filter(({ uid }) => users.includes(userOf(context, uid)) || users.includes(String(uid)));
  if (/[aeA]/.test(flags) || /[ax]/.test(bsd)) return all;
  return context.tty ? context.processes() : all.filter(({ uid }) => uid === context.uid);
}

function longPs(context: ProgramContext): number {
  const { args } = context;
  const selection = selectionOf(context);
  const { flags, bsd, values } = selection;
  const format = [...values('o'), ...(bsd.endsWith('o') ? [args[1] ?? ''] : [])];
  const usual = bsd.includes('u') ? USERS : flags.includes('f') ? FULL : bsd !== '' ? BSD : PLAIN;
  const wanted = format.length > 0 ? format.flatMap((list) => list.split(/[ ,](?=[\w%])/)) : usual;
  const columns: Column[] = [];
  for (const word of wanted) {
    const [name = '', title] = word.split('=', 2);
    const known =
      wanted === FULL && name === 'uid' ? FULL_UID : name === 'time' && (wanted === BSD || wanted === USERS) ? BSD_TIME : COLUMNS[name.toLowerCase()];
    if (known === undefined) {
      context.err(
        `error: unknown user-defined format specifier "${name}"\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
      );
      return 1;
    }
    columns.push([title ?? known[0], known[1], known[2], known[3]]);
  }
  const chosen = [...chosenBy(context, selection)];
  const [, sign, key = ''] = /^--sort[= ]([-+]?)(\S+)/.exec(args.find((arg) => arg.startsWith('--sort')) ?? '') ?? [];
  const by = COLUMNS[key.toLowerCase()]?.[3];
  if (by !== undefined) chosen.sort((a, b) => String(by(a, context)).localeCompare(String(by(b, context)), 'en', { numeric: true }) * (sign === '-' ? -1 : 1));
  const titles = columns.map(([title]) => title);
  const hasHead = titles.some((title) => title !== '') && !args.includes('--no-headers') && !args.includes('--no-heading') && !bsd.includes('h');
  context.out(`${hasHead ? line(columns, titles) : ''}${rows(context, columns, chosen)}`);
  return chosen.length === 0 ? 1 : 0;
}

/** Milliseconds until it has read /proc: what its pipeline runs besides has started by then. */
const LOADING = 2;

export const ps: Program = {
  name: 'ps',
  run(context) {
    const all = context.processes();
    const parent = all.find(({ pid }) => pid === context.pid)?.ppid;
    if (context.state === undefined && all.some(({ pid, ppid }) => ppid === parent && pid !== context.pid)) context.state = { until: context.now + LOADING };
    const { until } = (context.state ?? { until: context.now }) as { readonly until: Time };
    if (context.now < until) return { wait: 'time', until };
    return context.flavour === 'ash' ? smallPs(context) : longPs(context);
  },
};
