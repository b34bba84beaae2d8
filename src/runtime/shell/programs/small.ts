/** Programs that change or show a little: unlink, link, install, tree, hostid, who, users, w, last, flock, su, adduser, cal, arp, logger, stty, crond, crontab. */
import type { Time } from '../../../api/time.js';
import { errorText } from '../kernel.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { busyboxUsage, busyboxVersion } from './busybox.js';
import { formatDate } from './date.js';
import { uptimeLine } from './node.js';
import { parseOptions } from './options.js';
import { nameOf, prints } from './simple.js';

/** Runs work that may fail as a system call does, and says so in the program's name. */
function attempt(context: ProgramContext, what: string, work: () => void): number {
  try {
    work();
    return 0;
  } catch (error) {
    context.err(`${context.name}: ${what}: ${errorText(error)}\n`);
    return 1;
  }
}

const install: Program = {
  name: 'install',
  run(context) {
    const options = parseOptions(context, 'cdDpsm:o:g:t:vT', { directory: 'd', mode: 'm=', owner: 'o=', group: 'g=', 'target-directory': 't=' });
    if (typeof options === 'number') return options;
    const mode = Number.parseInt(options.value('m') ?? '755', 8);
    const { files } = context;
    const makeAll = (path: string): void => {
      if (path === '/' || files.stat(path)?.type === 'directory') return;
      makeAll(path.slice(0, path.lastIndexOf('/')) || '/');
      files.makeDirectory(path);
    };
    if (options.has('d'))
      return options.operands.reduce(
        (status, name) =>
          attempt(context, `cannot create directory '${name}'`, () => {
            makeAll(context.path(name));
            files.setMode(context.path(name), mode);
          }) || status,
        0,
      );
    const names = [...options.operands];
    const target = options.value('t') ?? names.pop();
    if (target === undefined || names.length === 0) {
      context.err(
        names.length === 0 && target !== undefined ? `install: missing destination file operand after '${target}'\n` : 'install: missing file operand\n',
      );
      return 1;
    }
    const to = context.path(target);
    let status = 0;
    for (const name of names) {
      const path = files.stat(to)?.type === 'directory' ? `${to}/${name.split('/').at(-1)}` : to;
      if (options.has('D')) makeAll(path.slice(0, path.lastIndexOf('/')) || '/');
      if (files.stat(context.path(name)) === undefined) {
        context.err(
          context.flavour === 'ash'
            ? `install: can't stat '${name}': No such file or directory\n`
            : `install: cannot stat '${name}': No such file or directory\n`,
        );
        status = 1;
        continue;
      }
      status =
        attempt(context, `cannot create regular file '${target}'`, () => {
          files.write(path, files.read(context.path(name)), { mode, at: context.now });
          files.setMode(path, mode);
        }) || status;
    }
    return status;
  },
};

const tree: Program = {
  name: 'tree',
  run(context) {
    const roots = context.args.filter((arg) => !arg.startsWith('-'));
    const count = { directories: 0, files: 0 };
    const walk = (path: string, title: string, indent: string): void => {
      let names: readonly string[];
      try {
        names = context.files.list(path).filter((name) => !name.startsWith('.'));
      } catch {
        context.out(`${title} [error opening dir]\n`);
        return;
      }
      context.out(`${title}\n`);
      names.forEach((name, i) => {
        const child = path === '/' ? `/${name}` : `${path}/${name}`;
        const stat = context.files.stat(child, false);
        const isLast = i === names.length - 1;
        const line = `${indent}${isLast ? '└── ' : '├── '}${name}`;
        if (stat?.type === 'directory') {
          count.directories += 1;
          walk(child, line, `${indent}${isLast ? '    ' : '│   '}`);
        } else {
          count.files += 1;
          context.out(`${line}${stat?.type === 'symlink' ? ` -> ${stat.target}` : ''}\n`);
        }
      });
    };
    for (const root of roots.length === 0 ? ['.'] : roots) walk(context.path(root), root, '');
    context.out(`\n${count.directories} directories, ${count.files} files\n`);
    return 0;
  },
};

/** `su USER -c COMMAND`: the machine has one user, so it is that one's or refused. */
const su: Program = {
  name: 'su',
  run(context) {
    const state = context.state as { pid: number } | undefined;
    if (state !== undefined) return context.child(state.pid) ?? { wait: 'children', pids: [state.pid] };
    const words = [...context.args];
    const at = words.indexOf('-c');
    const command = at < 0 ? [] : words.splice(at, 2).slice(1);
    const user = words.find((word) => !word.startsWith('-')) ?? 'root';
    const known = context.files.stat('/etc/passwd') === undefined ? [] : context.files.read('/etc/passwd').split('\n');
    if (!known.some((line) => line.startsWith(`${user}:`))) {
      context.err(
        context.flavour === 'ash'
          ? `su: unknown user ${user}\n`
          : `su: user ${user} does not exist or the user entry does not contain all the required fields\n`,
      );
      return 1;
    }
    if (context.uid !== 0) {
      context.err(context.flavour === 'ash' ? 'su: must be suid to work properly\n' : 'Password: su: Authentication failure\n');
      return 1;
    }
    const pid = context.spawn(['sh', ...(command.length === 0 ? [] : ['-c', ...command])], { env: { ...context.env, USER: user, LOGNAME: user } });
    context.state = { pid };
    return { wait: 'children', pids: [pid] };
  },
};

/** A line more in /etc/passwd or /etc/group, with the next number. */
function addAccount(context: ProgramContext, file: '/etc/passwd' | '/etc/group'): number {
  const words: string[] = [];
  const given = new Map<string, string>();
  for (let i = 0; i < context.args.length; i += 1) {
    const arg = context.args[i] as string;
    if (/^(-[uGghsk]|--uid|--gid|--home|--shell|--ingroup)$/.test(arg)) given.set(arg.replace(/^-+/, '')[0] ?? '', context.args[++i] ?? '');
    else if (!arg.startsWith('-')) words.push(arg);
  }
  const name = words[0] ?? '';
  const lines = (context.files.stat(file) === undefined ? '' : context.files.read(file)).split('\n').filter((line) => line !== '');
  if (name === '' || lines.some((line) => line.startsWith(`${name}:`))) {
    const kind = file === '/etc/group' ? 'group' : 'user';
    context.err(context.flavour === 'ash' ? `${context.name}: ${kind} '${name}' in use\n` : `${context.name}: ${kind} '${name}' already exists\n`);
    return context.flavour === 'ash' ? 1 : 9;
  }
  const next = Math.max(999, ...lines.map((line) => Number(line.split(':')[2])).filter((id) => id < 60_000)) + 1;
  const id = given.get('u') ?? (file === '/etc/group' ? given.get('g') : undefined) ?? String(next);
  const line =
    file === '/etc/group'
      ? `${name}:x:${id}:`
      : `${name}:x:${id}:${/^\d+$/.test(given.get('g') ?? '') ? given.get('g') : id}::/home/${name}:${given.get('s') ?? '/bin/sh'}`;
  return attempt(context, file, () => context.files.write(file, `${[...lines, line].join('\n')}\n`, { at: context.now }));
}

const cal: Program = {
  name: 'cal',
  run(context) {
    const numbers = context.args.filter((arg) => /^\d+$/.test(arg)).map(Number);
    const today = new Date(context.now);
    const [month, year] = numbers.length >= 2 ? [(numbers[0] as number) - 1, numbers[1] as number] : [today.getUTCMonth(), today.getUTCFullYear()];
    const title = `${new Date(Date.UTC(year, month, 1)).toLocaleString('en', { month: 'long', timeZone: 'UTC' })} ${year}`;
    const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
    const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const cells = [...Array.from({ length: first }, () => '  '), ...Array.from({ length: days }, (_, i) => String(i + 1).padStart(2))];
    context.out(`${' '.repeat(Math.floor((20 - title.length) / 2))}${title}\nSu Mo Tu We Th Fr Sa\n`);
    for (let i = 0; i < 42; i += 7) context.out(`${i < cells.length ? cells.slice(i, i + 7).join(' ') : ' '.repeat(21)}\n`);
    return 0;
  },
};

const TABS = '/var/spool/cron/crontabs';

const crontab: Program = {
  name: 'crontab',
  run(context) {
    const user = nameOf(context, '/etc/passwd', context.uid) ?? 'root';
    const path = `${TABS}/${user}`;
    if (context.args.includes('-l')) {
      if (context.files.stat(path) === undefined) {
        context.err(context.flavour === 'ash' ? `crontab: can't open '${user}': No such file or directory\n` : `no crontab for ${user}\n`);
        return 1;
      }
      context.out(context.files.read(path));
      return 0;
    }
    if (context.args.includes('-r')) return context.files.stat(path) === undefined ? 1 : attempt(context, user, () => context.files.remove(path));
    const name = context.args.find((arg) => arg === '-' || !arg.startsWith('-'));
    let text = '';
    if (name === undefined || name === '-') {
      const state = (context.state ?? { text: '' }) as { text: string };
      context.state = state;
      for (;;) {
        const piece = context.read();
        if (piece === '') return { wait: 'stdin' };
        if (piece === undefined) break;
        state.text += piece;
      }
      text = state.text;
    } else if (attempt(context, `can't open '${name}'`, () => (text = context.files.read(context.path(name)))) !== 0) return 1;
    return attempt(context, user, () => {
      let made = '';
      for (const part of TABS.split('/').slice(1)) {
        made += `/${part}`;
        if (context.files.stat(made) === undefined) context.files.makeDirectory(made);
      }
      context.files.write(path, text, { at: context.now, mode: 0o600 });
    });
  },
};

/** Whether a field of a crontab says yes to a number: `*`, `1,5`, `10-20/2`. */
const allows = (field: string, value: number): boolean =>
  field.split(',').some((part) => {
    const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined) return false;
    const low = from === '*' ? 0 : Number(from);
    const high = from === '*' ? 99 : to !== undefined ? Number(to) : step === undefined ? low : 99;
    return value >= low && value <= high && (value - low) % Number(step ?? 1) === 0;
  });

/** busybox's crond: looks every minute, and says what it starts if its level asks for it. */
const crond: Program = {
  name: 'crond',
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context): number | Wait {
    const options = parseOptions(context, 'fbSl:d:L:c:', {});
    if (typeof options === 'number') return options;
    const level = Number(options.value('d') ?? options.value('l') ?? 8);
    const file = options.value('L');
    const says = options.has('d') || options.has('f') || file !== undefined;
    const say = (text: string): void => {
      if (file !== undefined) context.files.write(context.path(file), text, { append: true, at: context.now });
      else if (says) context.err(text);
    };
    let state = context.state as { next: number } | undefined;
    if (state === undefined) {
      say(`crond: crond (busybox ${busyboxVersion(context.host)}) started, log level ${level}\n`);
      state = { next: (Math.floor(context.now / 60_000) + 1) * 60_000 };
      context.state = state;
    }
    const directory = context.path(options.value('c') ?? TABS);
    while (context.now >= state.next) {
      const at = new Date(state.next);
      state.next += 60_000;
      const tabs = context.files.stat(directory)?.type === 'directory' ? context.files.list(directory) : [];
      for (const user of tabs)
        for (const line of context.files.read(`${directory}/${user}`).split('\n')) {
          const fields = /^\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line.replace(/^@hourly/, '0 * * * *').replace(/^@daily/, '0 0 * * *'));
          if (fields === null || line.trimStart().startsWith('#')) continue;
          const [, minute = '', hour = '', day = '', month = '', week = '', command = ''] = fields;
          const isDay =
            day === '*' || week === '*'
              ? allows(day, at.getUTCDate()) && allows(week.replace('7', '0'), at.getUTCDay())
              : allows(day, at.getUTCDate()) || allows(week, at.getUTCDay());
          if (!allows(minute, at.getUTCMinutes()) || !allows(hour, at.getUTCHours()) || !isDay || !allows(month, at.getUTCMonth() + 1)) continue;
          const pid = context.spawn(['/bin/sh', '-c', command]);
          if (level <= 8) say(`crond: USER ${user} pid ${String(pid).padStart(3)} cmd ${command}\n`);
        }
    }
    return { wait: 'time', until: state.next as Time };
  },
};

const flock: Program = {
  name: 'flock',
  run(context) {
    const state = context.state as { pid: number } | undefined;
    if (state !== undefined) return context.child(state.pid) ?? { wait: 'children', pids: [state.pid] };
    const words = context.args.filter((arg, i) => !/^-/.test(arg) && !/^-[wE]$/.test(context.args[i - 1] ?? ''));
    const at = context.args.indexOf('-c');
    const command = at < 0 ? words.slice(1) : ['sh', '-c', context.args[at + 1] ?? ''];
    if (command.length === 0) return 0;
    const pid = context.spawn(command);
    context.state = { pid };
    return { wait: 'children', pids: [pid] };
  },
};

/** busybox's nmeter, as far as it shows the time: the rest of what it could show nobody has here. */
const nmeter: Program = {
  name: 'nmeter',
  handles: { SIGTERM: 143, SIGINT: 130 },
  run(context): number | Wait {
    const options = parseOptions(context, 'd:', {});
    if (typeof options === 'number') return options;
    const format = options.operands[0];
    if (format === undefined) {
      context.err(busyboxUsage(context, 'nmeter [-d MSEC] FORMAT_STRING'));
      return 1;
    }
    const state = (context.state as { next: number } | undefined) ?? { next: context.now };
    context.state = state;
    if (context.now < state.next) return { wait: 'time', until: state.next as Time };
    const time = (digits: number): string =>
      new Date(context.now).toISOString().slice(11, 19) + (digits === 0 ? '' : `.${String(context.now % 1000).padStart(3, '0')}000`.slice(0, digits + 1));
    const shown = format.replace(/%(\d?)t|%%|\\n/g, (word, digits: string) => (word === '%%' ? '%' : word === '\\n' ? '\n' : time(Number(digits))));
    context.out(`${shown}\n`);
    const delay = Number(options.value('d') ?? 1000);
    if (delay < 0) return 0;
    // Without a delay it writes as fast as somebody reads.
    state.next = context.now + Math.max(1, delay);
    return { wait: 'time', until: state.next as Time };
  },
};

export const smallPrograms: readonly Program[] = [
  install,
  tree,
  su,
  cal,
  crontab,
  crond,
  flock,
  nmeter,
  {
    name: 'unlink',
    run: (context) =>
      attempt(context, context.flavour === 'ash' ? `can't remove file '${context.args[0]}'` : `cannot unlink '${context.args[0]}'`, () =>
        context.files.remove(context.path(context.args[0] ?? '')),
      ),
  },
  {
    name: 'link',
    run: (context) =>
      attempt(context, `cannot create link '${context.args[1]}' to '${context.args[0]}'`, () =>
        context.files.hardLink(context.path(context.args[0] ?? ''), context.path(context.args[1] ?? '')),
      ),
  },
  { name: 'adduser', aliases: ['useradd'], run: (context) => addAccount(context, '/etc/passwd') },
  { name: 'addgroup', aliases: ['groupadd'], run: (context) => addAccount(context, '/etc/group') },
  prints('hostid', () => '007f0100\n'),
  prints('who', (context) => (context.flavour === 'ash' ? 'USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n' : '')),
  prints('users', () => ''),
  prints('last', (context) => `\nwtmp begins ${formatDate(context.now, '%a %b %e %H:%M:%S %Y')}\n`),
  prints(
    'w',
    (context) =>
      `${uptimeLine(context)}${context.flavour === 'ash' ? 'USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n' : 'USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n'}`,
  ),
  prints('logger', () => '', ['mesg', 'renice', 'reset']),
  prints('arp', (context) => `? (${context.host.ip.replace(/\d+$/, '1')}) at 0a:58:0a:f4:00:01 [ether]  on eth0\n`),
  {
    name: 'stty',
    run(context) {
      if (!context.tty) {
        context.err(context.flavour === 'ash' ? 'stty: standard input: Not a tty\n' : "stty: 'standard input': Inappropriate ioctl for device\n");
        return 1;
      }
      context.out(context.args[0] === 'size' ? '24 80\n' : context.args.length === 0 ? 'speed 38400 baud; line = 0;\n-brkint -imaxbel\n' : '');
      return 0;
    },
  },
];
