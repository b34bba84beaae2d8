/** ps, top, kill, killall, pidof, pgrep, pkill, df, du, free, mount, uptime, ip, ifconfig, netstat, ss: looking at the machine. */
import { errorText, SIGNALS, signalName } from '../kernel.js';
import type { ProcessView, Program, ProgramContext } from '../program.js';
import { parseOptions } from './options.js';
import { nameOf } from './simple.js';

const allProcesses = (context: ProgramContext): readonly ProcessView[] => [...context.others(), ...context.processes()].sort((a, b) => a.pid - b.pid);
const baseOf = (view: ProcessView): string => (view.command.split(' ')[0] ?? '').replace(/:$/, '').split('/').at(-1) as string;
const clock = (seconds: number): string => `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds) % 60).padStart(2, '0')}`;

const ps: Program = {
  name: 'ps',
  run(context) {
    const words = context.args.join(' ');
    const userOf = (uid: number): string => nameOf(context, '/etc/passwd', uid) ?? String(uid);
    const views = allProcesses(context);
    const memory = (view: ProcessView): number =>
      700 + Math.round((view.memory ?? 0) / 1024) + (/nginx|java|node|python|redis|mysql/.test(view.command) ? 8000 : 0);
    if (context.flavour === 'ash') {
      const chosen = /-o\s*(\S+)/.exec(words)?.[1]?.split(',');
      if (chosen !== undefined) {
        const column = (view: ProcessView, name: string): string =>
          ({
            pid: String(view.pid),
            ppid: String(view.ppid),
            user: userOf(view.uid),
            comm: baseOf(view),
            args: view.command,
            etime: clock((context.now - view.since) / 1000),
            time: '0:00',
          })[name] ?? '';
        const widths: Readonly<Record<string, number>> = { pid: 5, ppid: 5, user: 8, comm: 16, args: 0, etime: 8, time: 6 };
        const titles: Readonly<Record<string, string>> = { args: 'COMMAND', comm: 'COMMAND', etime: 'ELAPSED' };
        const line = (cells: readonly string[]): string =>
          `${cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[chosen[i] as string] ?? 8))).join(' ')}\n`;
        context.out(line(chosen.map((name) => titles[name] ?? name.toUpperCase())));
        for (const view of views) context.out(line(chosen.map((name) => column(view, name))));
        return 0;
      }
      context.out('PID   USER     TIME  COMMAND\n');
      for (const view of views) context.out(`${String(view.pid).padStart(5)} ${userOf(view.uid).padEnd(8).slice(0, 8)}  0:00 ${view.command}\n`);
      return 0;
    }
    const started = (view: ProcessView): string => new Date(view.since).toISOString().slice(11, 16);
    if (/^-?\w*[ax]?u/.test(words) && !/^-?ef/.test(words) && words !== '') {
      context.out('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n');
      for (const view of views) {
        const cpu = ((view.cpu ?? 0) / 10_000_000).toFixed(1);
        context.out(
          `${userOf(view.uid).padEnd(8)} ${String(view.pid).padStart(7)} ${cpu.padStart(4)} ${'0.0'.padStart(4)} ${String(memory(view) * 4).padStart(6)} ${String(memory(view)).padStart(5)} ?        ${view.pid === 1 ? 'Ss' : baseOf(view) === 'ps' ? 'R' : 'S'}${view.pid === 1 ? '' : ' '}   ${started(view)}   0:00 ${view.command}\n`,
        );
      }
      return 0;
    }
    if (/^-?(ef|eF|ax|aux|A|e)/.test(words)) {
      if (/^-?ef/i.test(words)) {
        context.out('UID          PID    PPID  C STIME TTY          TIME CMD\n');
        for (const view of views)
          context.out(
            `${userOf(view.uid).padEnd(8)} ${String(view.pid).padStart(7)} ${String(view.ppid).padStart(7)}  0 ${started(view)} ?        00:00:00 ${view.command}\n`,
          );
        return 0;
      }
      context.out('    PID TTY          TIME CMD\n');
      for (const view of views) context.out(`${String(view.pid).padStart(7)} ?        00:00:00 ${baseOf(view)}\n`);
      return 0;
    }
    context.out('    PID TTY          TIME CMD\n');
    for (const view of context.processes()) context.out(`${String(view.pid).padStart(7)} ?        00:00:00 ${baseOf(view)}\n`);
    return 0;
  },
};

const top: Program = {
  name: 'top',
  handles: { SIGINT: 0, SIGTERM: 143 },
  run(context) {
    const options = parseOptions(context, 'bn:d:mHp:o:c', {});
    if (typeof options === 'number') return options;
    const state = (context.state ?? { shown: 0, next: context.now }) as { shown: number; next: number };
    context.state = state;
    const rounds = options.has('n') ? Number(options.value('n')) : Number.POSITIVE_INFINITY;
    while (context.now >= state.next && state.shown < rounds) {
      const views = allProcesses(context);
      const cpu = (view: ProcessView): number => Math.round((view.cpu ?? 0) / 40_000_000);
      context.out(
        `Mem: 7012340K used, 9234560K free, 2340K shrd, 345670K buff, 3456780K cached\nCPU:   3% usr   2% sys   0% nic  94% idle   0% io   0% irq   0% sirq\nLoad average: 0.45 0.52 0.48 1/1523 ${context.pid}\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n`,
      );
      for (const view of views)
        context.out(
          `${String(view.pid).padStart(5)} ${String(view.ppid).padStart(5)} ${(nameOf(context, '/etc/passwd', view.uid) ?? String(view.uid)).padEnd(8)} ${view.pid === context.pid || (view.cpu ?? 0) > 1e8 ? 'R' : 'S'}    ${String(1300 + Math.round((view.memory ?? 0) / 1024)).padStart(6)}   0%   0 ${String(cpu(view)).padStart(3)}% ${view.command}\n`,
        );
      state.shown += 1;
      state.next += Number(options.value('d') ?? 5) * 1000;
    }
    return state.shown >= rounds ? 0 : { wait: 'time', until: state.next as ProgramContext['now'] };
  },
};

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
      const victims = allProcesses(context).filter((view) => baseOf(view) === target && view.pid !== context.pid);
      if (victims.length === 0) {
        context.err(`killall: ${target}: no process killed\n`.replace('killed', context.flavour === 'ash' ? 'killed' : 'found'));
        status = 1;
      }
      for (const victim of victims) context.kill(victim.pid, found.signal);
    }
    return status;
  },
};

const byPattern = (name: string, work: (context: ProgramContext, victims: readonly ProcessView[], signal: string) => void): Program => ({
  name,
  run(context) {
    const found = whom(context);
    if (found === undefined) return 2;
    const full = context.args.includes('-f');
    let pattern: RegExp;
    try {
      pattern = new RegExp(found.targets[0] ?? '');
    } catch {
      return 2;
    }
    const victims = allProcesses(context).filter((view) => view.pid !== context.pid && pattern.test(full ? view.command : baseOf(view)));
    work(context, victims, found.signal);
    return victims.length > 0 ? 0 : 1;
  },
});

const pidof: Program = {
  name: 'pidof',
  run(context) {
    const found = allProcesses(context)
      .filter((view) => context.args.includes(baseOf(view)) && view.pid !== context.pid)
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
    const size = Math.ceil(stat.size / 4096) * 4;
    visit(path, size, false);
    return size;
  }
  let total = 4;
  if (!/^\/(proc|sys)(\/|$)/.test(path))
    for (const name of context.files.list(path)) total += sizeBelow(context, path === '/' ? `/${name}` : `${path}/${name}`, visit);
  visit(path, total, true);
  return total;
}

const human = (kilobytes: number): string => {
  if (kilobytes < 1024) return `${kilobytes}${kilobytes === 0 ? '' : 'K'}`;
  const units = ['M', 'G', 'T'];
  let value = kilobytes / 1024;
  let i = 0;
  while (value >= 1024 && i < 2) {
    value /= 1024;
    i += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${units[i]}`;
};

const du: Program = {
  name: 'du',
  run(context) {
    const options = parseOptions(context, 'aschkmbd:xHL', { bytes: 'b', all: 'a', total: 'c', 'max-depth': 'd=', summarize: 's', 'human-readable': 'h' });
    if (typeof options === 'number') return options;
    let status = 0;
    const shown = (size: number): string =>
      options.has('h') ? (human(size) === '0' ? '0' : human(size)) : options.has('m') ? String(Math.ceil(size / 1024)) : String(size);
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

const df: Program = {
  name: 'df',
  run(context) {
    const options = parseOptions(context, 'hkmPTiat:', { 'human-readable': 'h' });
    if (typeof options === 'number') return options;
    const rows: readonly (readonly [string, number, number, string])[] = [
      ['overlay', 101_430_960, 23_456_780, '/'],
      ['tmpfs', 65_536, 0, '/dev'],
      ['shm', 65_536, 0, '/dev/shm'],
      ['/dev/sda1', 101_430_960, 23_456_780, '/etc/hosts'],
      ['tmpfs', 16_320_000, 12, '/run/secrets/kubernetes.io/serviceaccount'],
    ];
    const wanted = options.operands.map((name) => context.path(name));
    const chosen = wanted.length === 0 ? rows : wanted.map((path) => rows.find((row) => row[3] === path) ?? (rows[0] as (typeof rows)[number]));
    const h = options.has('h');
    const size = (kilobytes: number): string => (h ? human(kilobytes) : String(kilobytes));
    const widths = h ? [20, 9, 9, 9] : [20, 10, 9, 9];
    const ash = context.flavour === 'ash';
    context.out(
      ash
        ? `Filesystem           ${h ? '     Size      Used Available' : '1K-blocks      Used Available'} Use% Mounted on\n`
        : `Filesystem      ${h ? ' Size  Used Avail' : '1K-blocks     Used Available'} Use% Mounted on\n`,
    );
    for (const [device, total, used, at] of chosen) {
      const percent = `${Math.ceil((used / total) * 100)}%`;
      context.out(
        ash
          ? `${device.padEnd(widths[0] as number)} ${size(total).padStart(9)} ${size(used).padStart(9)} ${size(total - used).padStart(9)} ${percent.padStart(4)} ${at}\n`
          : h
            ? `${device.padEnd(15)} ${size(total).padStart(5)} ${size(used).padStart(5)} ${size(total - used).padStart(5)} ${percent.padStart(4)} ${at}\n`
            : `${device.padEnd(15)} ${size(total).padStart(9)} ${size(used).padStart(8)} ${size(total - used).padStart(9)} ${percent.padStart(4)} ${at}\n`,
      );
    }
    return 0;
  },
};

const prints = (name: string, text: (context: ProgramContext) => string): Program => ({
  name,
  run(context) {
    context.out(text(context));
    return 0;
  },
});

const mounts = (context: ProgramContext): string =>
  `overlay on / type overlay (rw,relatime,lowerdir=/var/lib/containerd/snapshots)\nproc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\ntmpfs on /dev type tmpfs (rw,nosuid,size=65536k,mode=755)\nsysfs on /sys type sysfs (ro,nosuid,nodev,noexec,relatime)\ncgroup on /sys/fs/cgroup type cgroup2 (ro,nosuid,nodev,noexec,relatime)\n${[
    '/etc/hosts',
    '/dev/termination-log',
    '/etc/hostname',
    '/etc/resolv.conf',
  ]
    .filter((path) => context.files.stat(path) !== undefined)
    .map((path) => `/dev/sda1 on ${path} type ext4 (rw,relatime)\n`)
    .join('')}shm on /dev/shm type tmpfs (rw,nosuid,nodev,noexec,relatime,size=65536k)\n`;

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
  return `Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n${ports.map((port) => `tcp        0      0 ${`0.0.0.0:${port}`.padEnd(23)} 0.0.0.0:*               LISTEN      \n`).join('')}`;
};

export const systemPrograms: readonly Program[] = [
  ps,
  top,
  kill,
  killall,
  byPattern('pgrep', (context, victims) => context.out(victims.map((view) => `${view.pid}\n`).join(''))),
  byPattern('pkill', (context, victims, signal) => {
    for (const victim of victims) context.kill(victim.pid, signal);
  }),
  pidof,
  df,
  du,
  ip,
  prints('mount', mounts),
  prints('umount', () => ''),
  prints('free', (context) =>
    context.flavour === 'ash'
      ? '              total        used        free      shared  buff/cache   available\nMem:       16316412     3210340     9234560        2340     3871512    12847560\nSwap:             0           0           0\n'
      : '               total        used        free      shared  buff/cache   available\nMem:        16316412     3210340     9234560        2340     3871512    12847560\nSwap:              0           0           0\n',
  ),
  prints('uptime', (context) => ` ${new Date(context.now).toISOString().slice(11, 19)} up 3 days,  4:05,  0 users,  load average: 0.45, 0.52, 0.48\n`),
  prints(
    'ifconfig',
    (context) =>
      `eth0      Link encap:Ethernet  HWaddr ${macOf(context.host.ip).toUpperCase()}  \n          inet addr:${context.host.ip}  Bcast:${context.host.ip.replace(/\d+$/, '255')}  Mask:255.255.255.0\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\nlo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0\n          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n`,
  ),
  prints('netstat', listening),
  prints(
    'ss',
    (context) =>
      `State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n${(context.host.listening?.() ?? []).map((port) => `LISTEN 0      511          0.0.0.0:${String(port).padEnd(5)}      0.0.0.0:*    \n`).join('')}`,
  ),
  prints(
    'route',
    (context) =>
      `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\ndefault         ${context.host.ip.replace(/\d+$/, '1').padEnd(15)} 0.0.0.0         UG    0      0        0 eth0\n`,
  ),
  prints('clear', () => '\x1b[H\x1b[J'),
];
