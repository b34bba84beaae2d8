/** top, kill, killall, pidof, du, ip, ifconfig, netstat, ss: looking at the machine. */
import { errorText, SIGNALS, signalName } from '../kernel.js';
import { comm, LOAD, memoryOf, programOf } from '../proc.js';
import type { ProcessView, Program, ProgramContext } from '../program.js';
import { humanSize } from './ls.js';
import { isCapable, systemOf, uptimeLine } from './node.js';
import { parseOptions } from './options.js';
import { patternPrograms } from './pgrep.js';
import { allProcesses, ps, stateOf } from './ps.js';
import { prints, userOf } from './simple.js';

const top: Program = {
  name: 'top',
  handles: { SIGINT: 0, SIGTERM: 143 },
  run(context) {
    const options = parseOptions(context, 'bn:d:mHp:o:cu:w:iS1', {});
    if (typeof options === 'number') return options;
    const state = (context.state ?? { shown: 0, next: context.now }) as { shown: number; next: number };
    context.state = state;
    const rounds = options.has('n') ? Number(options.value('n')) : Number.POSITIVE_INFINITY;
    while (context.now >= state.next && state.shown < rounds) {
      const views = allProcesses(context);
      context.out(context.flavour === 'ash' ? smallTop(context, views) : `${state.shown > 0 ? '\n' : ''}${wideTop(context, views, options.has('c'))}`);
      state.shown += 1;
      state.next += Number(options.value('d') ?? (context.flavour === 'ash' ? 5 : 3)) * 1000;
    }
    return state.shown >= rounds ? 0 : { wait: 'time', until: state.next as ProgramContext['now'] };
  },
};

function smallTop(context: ProgramContext, views: readonly ProcessView[]): string {
  const system = systemOf(context);
  const { total, used, free, shared, buffers, cached } = memoryOf(system);
  const cpu = (view: ProcessView): number => Math.round((view.cpu ?? 0) / 10_000_000 / system.cpus);
  const rows = views.map((view) => {
    const size = 1300 + Math.round((view.memory ?? 0) / 1024);
    return `${String(view.pid).padStart(5)} ${String(view.ppid).padStart(5)} ${userOf(context, view.uid).padEnd(8)} ${stateOf(context, view)}    ${String(size).padStart(6)} ${String(Math.round((size / total) * 100)).padStart(3)}%   0 ${String(cpu(view)).padStart(3)}% ${view.command}\n`;
  });
  return `Mem: ${used + buffers + cached}K used, ${free}K free, ${shared}K shrd, ${buffers}K buff, ${cached}K cached\nCPU:   3% usr   2% sys   0% nic  94% idle   0% io   0% irq   0% sirq\nLoad average: ${LOAD} 1/1523 ${context.pid}\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n${rows.join('')}`;
}

function wideTop(context: ProgramContext, views: readonly ProcessView[], isFull: boolean): string {
  const system = systemOf(context);
  const { total, used, free, buffers, cached, reclaimable, available } = memoryOf(system);
  const mebi = (kilobytes: number): string => (kilobytes / 1024).toFixed(1).padStart(8);
  const running = views.filter((view) => stateOf(context, view) === 'R').length;
  const count = (n: number): string => String(n).padStart(3);
  const rows = views.map((view) => {
    const resident = 1300 + Math.round((view.memory ?? 0) / 1024);
    const user = userOf(context, view.uid).padEnd(8);
    const percent = ((view.cpu ?? 0) / 10_000_000).toFixed(1).padStart(5);
    const seconds = ((view.cpu ?? 0) / 1e9) * ((context.now - view.since) / 1000);
    const time = `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(2).padStart(5, '0')}`;
    return `${String(view.pid).padStart(7)} ${user}  20   0 ${String(resident * 4).padStart(7)} ${String(resident).padStart(6)} ${String(Math.floor(resident * 0.7)).padStart(6)} ${stateOf(context, view)} ${percent} ${((resident / total) * 100).toFixed(1).padStart(5)} ${time.padStart(9)} ${isFull ? view.command : comm(view)}\n`;
  });
  return `top -${uptimeLine(context)}Tasks: ${count(views.length)} total, ${count(running)} running, ${count(views.length - running)} sleeping,   0 stopped,   0 zombie\n%Cpu(s):  3.0 us,  2.0 sy,  0.0 ni, 95.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st \nMiB Mem :${mebi(total)} total,${mebi(free)} free,${mebi(used)} used,${mebi(buffers + cached + reclaimable)} buff/cache     \nMiB Swap:${mebi(0)} total,${mebi(0)} free,${mebi(0)} used.${mebi(available)} avail Mem \n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n${rows.join('')}`;
}

/** Options of kill and its like: which signal, and whom. */
function whom(context: ProgramContext): { readonly signal: string; readonly targets: readonly string[] } | undefined {
  let signal = 'TERM';
  const targets: string[] = [];
  for (let i = 0; i < context.args.length; i += 1) {
    const arg = context.args[i] as string;
    const given = arg === '-s' || arg === '-n' ? (context.args[++i] ?? '') : /^-\w+$/.test(arg) && !/^-[qfxe]$/.test(arg) ? arg.slice(1) : undefined;
    if (given === undefined) {
      if (!/^-[qfxe]$/.test(arg) && arg !== '--') targets.push(arg);
      continue;
    }
    const name = given === '0' ? '0' : signalName(given);
    if (name === undefined) {
      context.err(context.flavour === 'ash' ? `${context.name}: bad signal name '${given}'\n` : `${context.name}: ${given}: invalid signal specification\n`);
      return undefined;
    }
    signal = name;
  }
  return { signal, targets };
}

const kill: Program = {
  name: 'kill',
  run(context) {
    if (context.args[0] === '-l') {
      context.out(`${Object.keys(SIGNALS).join(' ')}\n`);
      return 0;
    }
    const found = whom(context);
    if (found === undefined || found.targets.length === 0) return 1;
    let status = 0;
    for (const target of found.targets) {
      if (/^-?\d+$/.test(target) && context.kill(Math.abs(Number(target)), found.signal)) continue;
      context.err(context.flavour === 'ash' ? `kill: can't kill pid ${target}: No such process\n` : `kill: (${target}): No such process\n`);
      status = 1;
    }
    return status;
  },
};

const killall: Program = {
  name: 'killall',
  run(context) {
    const found = whom(context);
    if (found === undefined) return 1;
    let status = 0;
    for (const target of found.targets) {
      const victims = allProcesses(context).filter((view) => programOf(view) === target && view.pid !== context.pid);
      if (victims.length === 0) {
        context.err(`killall: ${target}: no process killed\n`.replace('killed', context.flavour === 'ash' ? 'killed' : 'found'));
        status = 1;
      }
      for (const victim of victims) context.kill(victim.pid, found.signal);
    }
    return status;
  },
};

const pidof: Program = {
  name: 'pidof',
  run(context) {
    const found = allProcesses(context)
      .filter((view) => context.args.includes(programOf(view)) && view.pid !== context.pid)
      .reverse();
    if (found.length === 0) return 1;
    context.out(`${found.map((view) => view.pid).join(' ')}\n`);
    return 0;
  },
};

/** All bytes below a path. */
function sizeBelow(context: ProgramContext, path: string, visit: (path: string, size: number, isDirectory: boolean) => void): number {
  const stat = context.files.stat(path, false);
  if (stat === undefined) return 0;
  if (stat.type !== 'directory') {
    // A short link's target stands in its inode.
    const size = stat.type === 'symlink' ? 0 : Math.ceil(stat.size / 4096) * 4;
    visit(path, size, false);
    return size;
  }
  let total = 4;
  if (!/^\/(proc|sys)(\/|$)/.test(path))
    for (const name of context.files.list(path)) total += sizeBelow(context, path === '/' ? `/${name}` : `${path}/${name}`, visit);
  visit(path, total, true);
  return total;
}

const du: Program = {
  name: 'du',
  run(context) {
    const options = parseOptions(context, 'aschkmbd:xHL', { bytes: 'b', all: 'a', total: 'c', 'max-depth': 'd=', summarize: 's', 'human-readable': 'h' });
    if (typeof options === 'number') return options;
    let status = 0;
    const shown = (size: number): string =>
      options.has('h') ? humanSize(size * 1024, context.flavour) : options.has('m') ? String(Math.ceil(size / 1024)) : String(size);
    for (const name of options.operands.length === 0 ? ['.'] : options.operands) {
      const root = context.path(name);
      if (context.files.stat(root, false) === undefined) {
        context.err(context.flavour === 'ash' ? `du: ${name}: No such file or directory\n` : `du: cannot access '${name}': No such file or directory\n`);
        status = 1;
        continue;
      }
      const depth = options.has('s') ? 0 : Number(options.value('d') ?? Number.POSITIVE_INFINITY);
      try {
        sizeBelow(context, root, (path, size, isDirectory) => {
          const below = path === root ? '' : path.slice(root === '/' ? 0 : root.length);
          if (below.split('/').length - 1 > depth || (!isDirectory && !options.has('a') && below !== '')) return;
          context.out(`${shown(size)}\t${name.replace(/(.)\/$/, '$1')}${below}\n`);
        });
      } catch (error) {
        context.err(`du: ${name}: ${errorText(error)}\n`);
        status = 1;
      }
    }
    return status;
  },
};

const addresses = (context: ProgramContext): string =>
  `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: eth0@if${Number(context.host.ip.split('.').at(-1)) + 5}: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue state UP\n    link/ether ${macOf(context.host.ip)} brd ff:ff:ff:ff:ff:ff\n    inet ${context.host.ip}/24 brd ${context.host.ip.replace(/\d+$/, '255')} scope global eth0\n       valid_lft forever preferred_lft forever\n`;
const macOf = (ip: string): string =>
  `0a:58:${ip
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(':')}`;

const ip: Program = {
  name: 'ip',
  run(context) {
    const word = context.args.filter((arg) => !arg.startsWith('-'))[0] ?? '';
    const gateway = context.host.ip.replace(/\d+$/, '1');
    if (context.args.some((arg) => /^(add|del|delete|set|flush|replace|change)$/.test(arg))) {
      if (isCapable(context, 'NET_ADMIN')) return 0;
      context.err(`${context.flavour === 'ash' ? 'ip: ' : ''}RTNETLINK answers: Operation not permitted\n`);
      return 2;
    }
    if (/^r/.test(word))
      context.out(
        `default via ${gateway} dev eth0 \n${context.host.ip.replace(/\d+$/, '0')}/24 via ${gateway} dev eth0  src ${context.host.ip} \n${gateway} dev eth0 scope link  src ${context.host.ip} \n`,
      );
    else if (/^(a|l)/.test(word)) context.out(addresses(context));
    else {
      context.err('Usage: ip [OPTIONS] address|route|link|neigh|rule [ARGS]\n');
      return 1;
    }
    return 0;
  },
};

const listening = (context: ProgramContext): string => {
  const ports = context.host.listening?.() ?? [];
  const udp = context.host.listening?.('UDP') ?? [];
  return `Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n${ports.map((port) => `tcp        0      0 ${`0.0.0.0:${port}`.padEnd(23)} 0.0.0.0:*               LISTEN      \n`).join('')}${udp.map((port) => `udp        0      0 ${`0.0.0.0:${port}`.padEnd(23)} 0.0.0.0:*                           \n`).join('')}`;
};

interface Listener {
  readonly protocol: 'TCP' | 'UDP';
  /** `0.0.0.0:80`, `*:10250`. */
  readonly local: string;
  readonly users?: string | undefined;
}

/** On the node's network: its daemons, and whoever listens there; else the pod's own. */
function listeners(context: ProgramContext): readonly Listener[] {
  const { host } = context;
  const own = (protocol: 'TCP' | 'UDP') => (host.listening?.(protocol) ?? []).map((port): Listener => ({ protocol, local: `0.0.0.0:${port}` }));
  const { node } = host;
  if (node === undefined || node.ip !== host.ip) return [...own('TCP'), ...own('UDP')];
  const pidOf = new Map(context.others().map(({ pid, command }) => [command.split(' ')[0]?.split('/').at(-1) ?? '', pid]));
  return node.listening().map(({ protocol, address, port, program }) => {
    const pid = pidOf.get(program);
    return { protocol, local: `${address}:${port}`, users: pid === undefined ? undefined : `users:(("${program}",pid=${pid},fd=${3 + (port % 13)}))` };
  });
}

/** ss(8) of iproute2: columns as wide as what is in them. */
const ss: Program = {
  name: 'ss',
  run(context) {
    const options = parseOptions(context, 'lntuapesHo46xi', { listening: 'l', numeric: 'n', tcp: 't', udp: 'u', all: 'a', processes: 'p', 'no-header': 'H' });
    if (typeof options === 'number') return options;
    const both = options.has('t') === options.has('u');
    const shown = listeners(context).filter(({ protocol }) => both || (protocol === 'TCP') === options.has('t'));
    const wantsUsers = options.has('p');
    const rows = [
      ...(options.has('H')
        ? []
        : [[...(both ? ['Netid'] : []), 'State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', ...(wantsUsers ? ['Process'] : [])]]),
      ...shown.map(({ protocol, local, users }) => [
        ...(both ? [protocol.toLowerCase()] : []),
        protocol === 'TCP' ? 'LISTEN' : 'UNCONN',
        '0',
        protocol === 'TCP' ? '4096' : '0',
        local,
        local.startsWith('*') ? '*:*' : '0.0.0.0:*',
        ...(wantsUsers ? [users ?? ''] : []),
      ]),
    ];
    const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
    const isRight = (i: number): boolean => /:/.test(rows[0]?.[i] ?? '') && i !== (rows[0]?.length ?? 0) - 1;
    context.out(
      rows
        .map(
          (row) =>
            `${row
              .map((cell, i) => (isRight(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
              .join(' ')
              .trimEnd()}\n`,
        )
        .join(''),
    );
    return 0;
  },
};

export const systemPrograms: readonly Program[] = [
  ps,
  top,
  kill,
  killall,
  ...patternPrograms,
  pidof,
  du,
  ip,
  prints(
    'ifconfig',
    (context) =>
      `eth0      Link encap:Ethernet  HWaddr ${macOf(context.host.ip).toUpperCase()}  \n          inet addr:${context.host.ip}  Bcast:${context.host.ip.replace(/\d+$/, '255')}  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\nlo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n`,
  ),
  prints('netstat', listening),
  ss,
  prints(
    'route',
    (context) =>
      `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\ndefault         ${context.host.ip.replace(/\d+$/, '1').padEnd(15)} 0.0.0.0         UG    0      0        0 eth0\n`,
  ),
  prints('clear', () => '\x1b[H\x1b[J'),
];
