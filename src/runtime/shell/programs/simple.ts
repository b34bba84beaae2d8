/** Programs of a line or two each: true, false, yes, pwd, whoami, id, hostname, uname, env, printenv, basename, dirname, sync, nproc, arch, tty. */
import { errorText, normalize } from '../kernel.js';
import type { Program, ProgramContext } from '../program.js';
import { busyboxUsage } from './busybox.js';
import { KEPT_STEPS } from './input.js';
import { parseOptions, withArgs } from './options.js';

/** A program that only says something. */
export const prints = (name: string, text: (context: ProgramContext) => string, aliases: readonly string[] = []): Program => ({
  name,
  aliases,
  run(context) {
    context.out(text(context));
    return 0;
  },
});

/** Whoever wants only a part of it has it by now; the others will never have enough, and are to take their time. */
const ENOUGH = 25_165_824;

const yes: Program = {
  name: 'yes',
  run(context) {
    const line = `${context.args.length === 0 ? 'y' : context.args.join(' ')}\n`;
    const text = line.repeat(Math.max(1, Math.floor(8192 / line.length)));
    context.out(text);
    const written = ((context.state as number | undefined) ?? 0) + text.length;
    context.state = written;
    return { wait: 'time', until: context.now, worked: context.keeps || written > ENOUGH ? KEPT_STEPS / 2 : 0 };
  },
};

const env: Program = {
  name: 'env',
  run(context) {
    const started = context.state as { pid: number } | undefined;
    if (started !== undefined) return context.child(started.pid) ?? { wait: 'children', pids: [started.pid] };
    const variables: Record<string, string> = { ...context.env };
    let i = 0;
    for (; i < context.args.length; i += 1) {
      const arg = context.args[i] as string;
      if (arg === '-i' || arg === '-') for (const name of Object.keys(variables)) delete variables[name];
      else if (arg === '-u') delete variables[context.args[++i] ?? ''];
      else if (/^[A-Za-z_]\w*=/.test(arg)) variables[arg.slice(0, arg.indexOf('='))] = arg.slice(arg.indexOf('=') + 1);
      else break;
    }
    const command = context.args.slice(i);
    if (command.length === 0) {
      context.out(
        Object.entries(variables)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      return 0;
    }
    const pid = context.spawn(command, { env: variables });
    const code = context.child(pid);
    if (code === 127 || code === 126) {
      context.err(
        context.flavour === 'ash' ? `env: can't execute '${command[0]}': No such file or directory\n` : `env: '${command[0]}': No such file or directory\n`,
      );
      return code;
    }
    context.state = { pid };
    return { wait: 'children', pids: [pid] };
  },
};

const printenv: Program = {
  name: 'printenv',
  run(context) {
    if (context.args.length === 0) {
      context.out(
        Object.entries(context.env)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      return 0;
    }
    let status = 0;
    for (const name of context.args) {
      const value = context.env[name];
      if (value === undefined) status = 1;
      else context.out(`${value}\n`);
    }
    return status;
  },
};

const basename: Program = {
  name: 'basename',
  run(context) {
    const options = parseOptions(context, 'as:z', context.flavour === 'ash' ? {} : { multiple: 'a', suffix: 's=', zero: 'z' }, { stopAtOperand: true });
    if (typeof options === 'number') return options;
    const { operands } = options;
    const many = options.has('a') || options.has('s');
    if (operands.length === 0 || (!many && operands.length > 2)) {
      const problem = operands.length === 0 ? 'missing operand' : `extra operand '${operands[2]}'`;
      context.err(context.flavour === 'ash' ? busyboxUsage(context) : `basename: ${problem}\nTry 'basename --help' for more information.\n`);
      return 1;
    }
    const suffix = many ? options.value('s') : operands[1];
    for (const name of many ? operands : operands.slice(0, 1)) {
      const base = name.replace(/(.)\/+$/, '$1').replace(/^.*\/(?=.)/, '');
      context.out(`${suffix !== undefined && base.endsWith(suffix) && base !== suffix ? base.slice(0, base.length - suffix.length) : base}\n`);
    }
    return 0;
  },
};

const dirname: Program = {
  name: 'dirname',
  run(context) {
    for (const name of context.args) {
      const trimmed = name.replace(/(.)\/+$/, '$1');
      const cut = trimmed.lastIndexOf('/');
      context.out(`${cut < 0 ? '.' : trimmed.slice(0, cut).replace(/\/+$/, '') || '/'}\n`);
    }
    return context.args.length === 0 ? 1 : 0;
  },
};

const uname: Program = {
  name: 'uname',
  run(context) {
    const options = parseOptions(context, 'asnrvmpio', { all: 'a' });
    if (typeof options === 'number') return options;
    const parts: readonly (readonly [string, string])[] = [
      ['s', 'Linux'],
      ['n', context.host.hostname],
      ['r', '6.8.0-60-generic'],
      ['v', '#63-Ubuntu SMP PREEMPT_DYNAMIC'],
      ['m', 'x86_64'],
      ['o', context.flavour === 'ash' ? 'Linux' : 'GNU/Linux'],
    ];
    const chosen = options.has('a') ? parts : options.flags.size === 0 ? parts.slice(0, 1) : parts.filter(([letter]) => options.has(letter));
    context.out(`${chosen.map(([, text]) => text).join(' ')}\n`);
    return 0;
  },
};

const id: Program = {
  name: 'id',
  aliases: ['groups'],
  run(context) {
    const options = parseOptions(context, 'ugnGrz', { user: 'u', group: 'g', groups: 'G', name: 'n', real: 'r' });
    if (typeof options === 'number') return options;
    const named = options.operands[0] === undefined ? undefined : accountOf(context, options.operands[0]);
    if (named === undefined && options.operands[0] !== undefined) {
      const name = options.operands[0];
      context.err(context.flavour === 'ash' ? `${context.name}: unknown user ${name}\n` : `${context.name}: '${name}': no such user\n`);
      return 1;
    }
    const { uid, gid } = named ?? context;
    const user = nameOf(context, '/etc/passwd', uid);
    // getgroups(2) answers in numerical order; GNU puts the process's own first.
    const supplementary = [...(named?.groups ?? context.host.groups ?? [gid])].sort((a, b) => a - b);
    const all = [...new Set(context.flavour === 'ash' ? (supplementary.includes(gid) ? supplementary : [gid, ...supplementary]) : [gid, ...supplementary])];
    const groupName = (n: number): string | undefined => nameOf(context, '/etc/group', n);
    const show = (n: number, name: string | undefined): string => (name === undefined ? String(n) : `${n}(${name})`);
    const bare = (n: number, name: string | undefined): string => (options.has('n') || context.name === 'groups' ? (name ?? String(n)) : String(n));
    if (context.name === 'groups' || options.has('G')) context.out(`${all.map((n) => bare(n, groupName(n))).join(' ')}\n`);
    else if (options.has('u')) context.out(`${bare(uid, user)}\n`);
    else if (options.has('g')) context.out(`${bare(gid, groupName(gid))}\n`);
    else context.out(`uid=${show(uid, user)} gid=${show(gid, groupName(gid))} groups=${all.map((n) => show(n, groupName(n))).join(',')}\n`);
    return 0;
  },
};

/** A user by name or number, and the groups that name it. */
function accountOf(context: ProgramContext, name: string): { readonly uid: number; readonly gid: number; readonly groups: readonly number[] } | undefined {
  const linesOf = (file: string): readonly (readonly string[])[] =>
    (context.files.stat(file) === undefined ? '' : context.files.read(file)).split('\n').map((line) => line.split(':'));
  const entry = linesOf('/etc/passwd').find((fields) => fields[0] === name) ?? linesOf('/etc/passwd').find((fields) => fields[2] === name);
  if (entry === undefined) return undefined;
  const gid = Number(entry[3]);
  const member = linesOf('/etc/group').flatMap((fields) => ((fields[3] ?? '').split(',').includes(entry[0] as string) ? [Number(fields[2])] : []));
  return { uid: Number(entry[2]), gid, groups: [...new Set([gid, ...member])] };
}

/** The name of a uid or gid by the container's passwd or group file. */
export function nameOf(context: Pick<ProgramContext, 'files'>, file: string, number: number): string | undefined {
  try {
    return (
      context.files
        .read(file)
        .split('\n')
        .find((line) => line.split(':')[2] === String(number))
        ?.split(':')[0] ?? (number === 0 ? 'root' : undefined)
    );
  } catch {
    return number === 0 ? 'root' : undefined;
  }
}
/** The uid or gid that a name or a number means, by the container's passwd or group file; undefined: nobody's. */
export function numberOf(context: Pick<ProgramContext, 'files'>, file: '/etc/passwd' | '/etc/group', text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  try {
    const line = context.files
      .read(file)
      .split('\n')
      .find((one) => one.startsWith(`${text}:`));
    return line === undefined ? undefined : Number(line.split(':')[2]);
  } catch {
    return text === 'root' ? 0 : undefined;
  }
}
/** A user as programs show it: its number if it has no name. */
export const userOf = (context: Pick<ProgramContext, 'files'>, uid: number): string => nameOf(context, '/etc/passwd', uid) ?? String(uid);
export const groupOf = (context: Pick<ProgramContext, 'files'>, gid: number): string => nameOf(context, '/etc/group', gid) ?? String(gid);

const whoami: Program = {
  name: 'whoami',
  run(context) {
    const name = nameOf(context, '/etc/passwd', context.uid);
    if (name === undefined) {
      context.err(context.flavour === 'ash' ? `whoami: unknown uid ${context.uid}\n` : `whoami: cannot find name for user ID ${context.uid}\n`);
      return 1;
    }
    context.out(`${name}\n`);
    return 0;
  },
};

const which: Program = {
  name: 'which',
  run(context) {
    let status = 0;
    for (const name of context.args.filter((arg) => arg !== '-a')) {
      const directory = (context.env['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
        .split(':')
        .find((candidate) => context.files.stat(normalize('/', `${candidate}/${name}`))?.type === 'file');
      if (directory !== undefined) context.out(`${normalize('/', `${directory}/${name}`)}\n`);
      else if (context.host.hasProgram(name)) context.out(`${context.flavour === 'ash' ? '/bin' : '/usr/bin'}/${name}\n`);
      else status = 1;
    }
    return status;
  },
};

/** The first name /etc/hosts has for the host, or a part of it. */
function hostnamePart({ args, host }: ProgramContext): string {
  if (args.some((arg) => arg === '-s' || arg === '--short')) return host.hostname.replace(/\..*$/, '');
  const found = host.network.resolve(host.hostname);
  const full = 'error' in found ? host.hostname : (found.canonical ?? host.hostname);
  return args.some((arg) => arg === '-d' || arg === '--domain') ? full.replace(/^[^.]*\.?/, '') : full;
}

const hostname: Program = {
  name: 'hostname',
  run(context) {
    if (context.args.some((arg) => /^-[iI]$/.test(arg))) context.out(`${context.host.ip}${context.args.includes('-I') ? ' ' : ''}\n`);
    else if (context.args.length === 0) context.out(`${context.host.hostname}\n`);
    else if (context.args.some((arg) => /^-[fds]$|^--(fqdn|domain|short|long)$/.test(arg))) context.out(`${hostnamePart(context)}\n`);
    else {
      context.err('hostname: sethostname: Operation not permitted\n');
      return 1;
    }
    return 0;
  },
};

const readlink: Program = {
  name: 'readlink',
  run(context) {
    const options = parseOptions(context, 'fnem');
    if (typeof options === 'number') return options;
    let status = 0;
    for (const name of options.operands) {
      const path = context.path(name);
      const stat = context.files.stat(path, false);
      try {
        if (['f', 'e', 'm'].some((letter) => options.has(letter))) {
          const real = options.has('m') && stat === undefined ? path : context.files.realPath(path);
          if (options.has('e')) context.files.look(real);
          context.out(`${real}\n`);
        } else if (stat?.type === 'symlink') context.out(`${stat.target ?? ''}\n`);
        else status = 1;
      } catch (error) {
        if (context.name === 'realpath') context.err(`realpath: ${name}: ${errorText(error)}\n`);
        status = 1;
      }
    }
    return status;
  },
};

export const simple: readonly Program[] = [
  { name: 'true', run: () => 0 },
  { name: 'false', run: () => 1 },
  { name: 'sync', run: () => 0 },
  yes,
  env,
  printenv,
  basename,
  dirname,
  uname,
  id,
  whoami,
  which,
  hostname,
  readlink,
  { ...readlink, name: 'realpath', run: (context) => readlink.run(withArgs(context, ['-f', ...context.args])) },
  prints('pwd', (context) => `${context.files.realPath(context.cwd)}\n`),
  prints('arch', () => 'x86_64\n'),
  {
    name: 'tty',
    run(context) {
      context.out(context.tty ? '/dev/pts/0\n' : 'not a tty\n');
      return context.tty ? 0 : 1;
    },
  },
  {
    name: 'logname',
    run(context) {
      context.err(context.flavour === 'ash' ? 'logname: getlogin: No such device or address\n' : 'logname: no login name\n');
      return 1;
    },
  },
];
