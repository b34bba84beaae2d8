/** free, uptime, df, mount, umount, mountpoint, nproc, lscpu, sysctl, dmesg: what the node and its kernel say of themselves (proc.ts). */
import type { SystemView } from '../../process.js';
import { errorText } from '../kernel.js';
import { LOAD, memoryOf, mountLines, parametersOf } from '../proc.js';
import type { Program, ProgramContext } from '../program.js';
import { humanSize } from './ls.js';
import { type Options, parseOptions } from './options.js';
import { prints } from './simple.js';

/** Where there is no kernel to ask: a node of kind's size. */
export const systemOf = ({ host }: ProgramContext): SystemView =>
  host.system ?? {
    cpus: 4,
    memory: 8 * 1024 ** 3,
    booted: host.now,
    started: host.now,
    oomScoreAdjust: 0,
    capabilities: [],
    privileged: false,
    noNewPrivileges: false,
    seccomp: false,
    readOnlyRoot: false,
    namespaces: {},
    sysctls: {},
    mounts: [],
    usage: () => ({ memory: 0, cpu: 0 }),
  };

/** Whether the process has that capability. */
export const isCapable = (context: ProgramContext, capability: string): boolean => {
  const { capabilities } = systemOf(context);
  return context.uid === 0 && (context.host.system === undefined || capabilities.includes('ALL') || capabilities.includes(capability));
};

/** ` 23:07:44 up  9:53,  0 users,  load average: …`, as uptime, w and top begin. */
export function uptimeLine(context: ProgramContext): string {
  const minutes = Math.floor((context.now - systemOf(context).booted) / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const day = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `;
  const time = hours === 0 ? `${rest} min` : `${String(hours).padStart(2)}:${String(rest).padStart(2, '0')}`;
  const users = context.flavour === 'ash' ? '0 users' : '0 user';
  return ` ${new Date(context.now).toISOString().slice(11, 19)} up ${day}${time},  ${users},  load average: ${LOAD.replaceAll(' ', ', ')}\n`;
}

/** `1.3Gi`, `18Gi`, as procps' free has it. */
function humanMemory(kilobytes: number): string {
  if (kilobytes === 0) return '0B';
  let value = kilobytes;
  let i = 0;
  for (; value >= 1024 && i < 3; i += 1) value /= 1024;
  return `${value < 9.95 ? value.toFixed(1) : Math.floor(value)}${'KMGT'[i]}i`;
}

const free: Program = {
  name: 'free',
  run(context) {
    const ash = context.flavour === 'ash';
    const options = parseOptions(context, ash ? 'bkmgh' : 'bkmghtlwvs:c:', {
      human: 'h',
      mega: 'm',
      giga: 'g',
      kilo: 'k',
      bytes: 'b',
      mebi: 'm',
      gibi: 'g',
      total: 't',
    });
    if (typeof options === 'number') return options;
    const { total, used, free: unused, shared, buffers, cached, reclaimable, available } = memoryOf(systemOf(context));
    const shift = options.has('b') ? 1024 : options.has('m') ? 1 / 1024 : options.has('g') ? 1 / 1024 / 1024 : 1;
    const shown = (kilobytes: number): string =>
      options.has('h') ? (ash ? humanSize(kilobytes * 1024, 'ash') : humanMemory(kilobytes)) : String(Math.floor(kilobytes * shift));
    const row = (name: string, cells: readonly string[]): string => `${name.padEnd(ash ? 7 : 8)}${cells.map((cell) => cell.padStart(12)).join('')}\n`;
    context.out(row('', ['total', 'used', 'free', 'shared', 'buff/cache', 'available']));
    context.out(row('Mem:', [total, used, unused, shared, buffers + cached + reclaimable, available].map(shown)));
    context.out(row('Swap:', [0, 0, 0].map(shown)));
    return 0;
  },
};

interface Disk {
  readonly source: string;
  readonly type: string;
  readonly path: string;
  /** Kilobytes. */
  readonly size: number;
  readonly used: number;
}

const NODE_DISK = { size: 101_430_960, used: 23_456_780 };
/** File systems that have no blocks. */
const BLOCKLESS: ReadonlySet<string> = new Set(['proc', 'sysfs', 'cgroup2', 'devpts', 'mqueue']);

function disks(context: ProgramContext): readonly Disk[] {
  const system = systemOf(context);
  return mountLines({ system }).flatMap(([source, path, type, options]): Disk[] => {
    if (BLOCKLESS.has(type)) return [];
    if (type !== 'tmpfs') return [{ source, type, path, ...NODE_DISK }];
    const given = /size=(\d+)k/.exec(options)?.[1];
    const used = system.mounts.find((mount) => mount.path === path)?.used ?? 0;
    return [{ source, type, path, size: given === undefined ? Math.floor(system.memory / 2048) : Number(given), used: Math.ceil(used / 4096) * 4 }];
  });
}

/** GNU df shows a device once, by its shortest path; what lies over /dev is /dev's own file system. */
function distinct(all: readonly Disk[]): readonly Disk[] {
  const seen = new Set<string>();
  return [...all]
    .sort((a, b) => a.path.length - b.path.length)
    .filter(({ source, path, type }) => {
      const device = type === 'tmpfs' ? (/^\/proc\/(kcore|keys|timer_list)$/.test(path) ? '/dev' : path) : source;
      if (seen.has(device)) return false;
      seen.add(device);
      return true;
    })
    .sort((a, b) => all.indexOf(a) - all.indexOf(b));
}

const df: Program = {
  name: 'df',
  run(context) {
    const ash = context.flavour === 'ash';
    const options = parseOptions(context, ash ? 'hkmPTiat:' : 'hHkmPTialt:x:B:', {
      'human-readable': 'h',
      'print-type': 'T',
      inodes: 'i',
      all: 'a',
      portability: 'P',
    });
    if (typeof options === 'number') return options;
    const all = disks(context);
    let chosen = ash ? all : distinct(all);
    let status = 0;
    if (options.operands.length > 0)
      chosen = options.operands.flatMap((name) => {
        const path = context.path(name);
        if (context.files.stat(path) === undefined) {
          context.err(ash ? `df: ${name}: can't find mount point\n` : `df: ${name}: No such file or directory\n`);
          status = 1;
          return [];
        }
        const below = all.filter((disk) => path === disk.path || disk.path === '/' || path.startsWith(`${disk.path}/`));
        return below.sort((a, b) => b.path.length - a.path.length).slice(0, 1);
      });
    if (chosen.length > 0) context.out(ash ? smallTable(chosen, options) : wideTable(chosen, options));
    return status;
  },
};

const unitOf = (options: Options): number => (options.has('m') ? 1024 : 1);
const percentOf = ({ size, used }: Disk): string => `${Math.ceil((used / size) * 100)}%`;

function smallTable(chosen: readonly Disk[], options: Options): string {
  const h = options.has('h');
  const shown = (kilobytes: number): string => (h ? humanSize(kilobytes * 1024, 'ash') : String(Math.floor(kilobytes / unitOf(options))));
  const size = h ? 'Size' : options.has('m') ? '1M-blocks' : '1K-blocks';
  const type = (text: string): string => (options.has('T') ? `${text.padEnd(10)} ` : '');
  const lines = chosen.map(
    (disk) =>
      `${disk.source.padEnd(20)} ${type(disk.type)}${shown(disk.size).padStart(9)} ${shown(disk.used).padStart(9)} ${shown(disk.size - disk.used).padStart(9)} ${percentOf(disk).padStart(4)} ${disk.path}\n`,
  );
  return `Filesystem           ${type('Type')}${size.padEnd(options.has('P') ? 9 : 0).padStart(9)}      Used Available Use% Mounted on\n${lines.join('')}`;
}

function wideTable(chosen: readonly Disk[], options: Options): string {
  const h = options.has('h') || options.has('H');
  const shown = (kilobytes: number): string => (h ? humanSize(kilobytes * 1024) : String(Math.ceil(kilobytes / unitOf(options))));
  const inodes = options.has('i');
  const heads = inodes
    ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
    : [h ? 'Size' : options.has('m') ? '1M-blocks' : '1K-blocks', 'Used', h ? 'Avail' : 'Available', 'Use%'];
  const rows = chosen.map((disk): readonly string[] => {
    if (!inodes) return [shown(disk.size), shown(disk.used), shown(disk.size - disk.used), percentOf(disk)];
    const all = disk.type === 'tmpfs' ? 1_024_000 : 6_451_200;
    const used = disk.type === 'tmpfs' ? 17 : 412_345;
    return [String(all), String(used), String(all - used), `${Math.ceil((used / all) * 100)}%`];
  });
  const widths = heads.map((head, i) => Math.max(head.length, i < 3 ? 5 : 0, ...rows.map((row) => (row[i] as string).length)));
  const source = Math.max(14, ...chosen.map((disk) => disk.source.length));
  const type = Math.max(4, ...chosen.map((disk) => disk.type.length));
  const line = (first: string, kind: string, cells: readonly string[], path: string): string =>
    `${first.padEnd(source)} ${options.has('T') ? `${kind.padEnd(type)} ` : ''}${cells.map((cell, i) => cell.padStart(widths[i] as number)).join(' ')} ${path}\n`;
  return (
    line('Filesystem', 'Type', heads, 'Mounted on') + chosen.map((disk, i) => line(disk.source, disk.type, rows[i] as readonly string[], disk.path)).join('')
  );
}

const mount: Program = {
  name: 'mount',
  run(context) {
    const options = parseOptions(context, 'at:o:rwvfnl', { types: 't=', options: 'o=', bind: 'B' });
    if (typeof options === 'number') return options;
    const ash = context.flavour === 'ash';
    if (options.operands.length === 0) {
      const kind = options.value('t');
      for (const [source, path, type, how] of mountLines({ system: systemOf(context) }))
        if (kind === undefined || kind === type) context.out(`${source} on ${path} type ${type} (${how})\n`);
      return 0;
    }
    const [source = '', target = ''] = options.operands.length === 1 ? ['none', options.operands[0]] : options.operands;
    if (isCapable(context, 'SYS_ADMIN') && context.files.stat(context.path(target))?.type === 'directory') return 0;
    const isThere = context.files.stat(context.path(target)) !== undefined;
    if (ash) context.err(isThere ? `mount: permission denied (are you root?)\n` : `mount: mounting ${source} on ${target} failed: No such file or directory\n`);
    else if (!isThere)
      context.err(`mount: ${target}: mount point does not exist.\n       dmesg(1) may have more information after failed mount system call.\n`);
    else context.err(`mount: ${target}: permission denied.\n       dmesg(1) may have more information after failed mount system call.\n`);
    return ash ? 1 : 32;
  },
};

const umount: Program = {
  name: 'umount',
  run(context) {
    if (isCapable(context, 'SYS_ADMIN')) return 0;
    for (const target of context.args.filter((arg) => !arg.startsWith('-')))
      context.err(
        context.flavour === 'ash' ? `umount: can't unmount ${target}: Operation not permitted\n` : `umount: ${target}: must be superuser to unmount.\n`,
      );
    return context.flavour === 'ash' ? 1 : 32;
  },
};

const mountpoint: Program = {
  name: 'mountpoint',
  run(context) {
    const quiet = context.args.includes('-q');
    const name = context.args.find((arg) => !arg.startsWith('-')) ?? '';
    const path = context.path(name);
    if (context.files.stat(path) === undefined) {
      if (!quiet) context.err(`mountpoint: ${name}: No such file or directory\n`);
      return 1;
    }
    const isMount = mountLines({ system: systemOf(context) }).some((line) => line[1] === path);
    if (!quiet) context.out(`${name} is ${isMount ? '' : 'not '}a mountpoint\n`);
    return isMount ? 0 : context.flavour === 'ash' ? 1 : 32;
  },
};

const sysctl: Program = {
  name: 'sysctl',
  run(context) {
    const options = parseOptions(context, 'aAnNeqwp', { values: 'n', all: 'a', write: 'w', ignore: 'e' });
    if (typeof options === 'number') return options;
    const { host } = context;
    const known = parametersOf({ host, system: systemOf(context), self: context.pid, processes: () => [] });
    const show = (name: string): void => context.out(options.has('n') ? `${known[name]}\n` : options.has('N') ? `${name}\n` : `${name} = ${known[name]}\n`);
    if (options.has('a') || options.has('A')) {
      for (const name of Object.keys(known).sort()) show(name);
      return 0;
    }
    let status = 0;
    for (const operand of options.operands) {
      const [name = '', value] = operand.replace(/^([^=]*)\//, (text) => text.replaceAll('/', '.')).split(/=(.*)/s);
      const path = `/proc/sys/${name.replaceAll('.', '/')}`;
      const ash = context.flavour === 'ash';
      if (known[name] === undefined) {
        if (!options.has('e')) context.err(ash ? `sysctl: error: '${name}' is an unknown key\n` : `sysctl: cannot stat ${path}: No such file or directory\n`);
        status = ash ? 1 : 255;
      } else if (value === undefined) show(name);
      else {
        try {
          context.files.write(path, value);
          if (!options.has('q')) context.out(options.has('n') ? `${value}\n` : `${name} = ${value}\n`);
        } catch (error) {
          const why = errorText(error);
          context.err(
            ash
              ? `sysctl: error setting key '${name}': ${why}\n`
              : `sysctl: ${context.uid === 0 ? 'setting' : 'permission denied on'} key "${name}"${context.uid === 0 ? `: ${why}` : ''}\n`,
          );
          status = ash ? 1 : 255;
        }
      }
    }
    return status;
  },
};

const lscpu = (context: ProgramContext): string => {
  const { cpus } = systemOf(context);
  const rows: readonly (readonly [string, string])[] = [
    ['Architecture:', 'x86_64'],
    ['CPU op-mode(s):', '32-bit, 64-bit'],
    ['Byte Order:', 'Little Endian'],
    ['CPU(s):', String(cpus)],
    ['On-line CPU(s) list:', `0-${cpus - 1}`],
    ['Vendor ID:', 'GenuineIntel'],
    ['Model name:', 'Intel(R) Xeon(R) CPU @ 2.80GHz'],
  ];
  return rows.map(([name, value]) => `${name.padEnd(24)}${value}\n`).join('');
};

export const nodePrograms: readonly Program[] = [
  free,
  df,
  mount,
  umount,
  mountpoint,
  sysctl,
  prints('uptime', uptimeLine),
  prints('lscpu', lscpu),
  prints('nproc', (context) => `${systemOf(context).cpus}\n`),
  {
    name: 'dmesg',
    run(context) {
      context.err(context.flavour === 'ash' ? 'dmesg: klogctl: Operation not permitted\n' : 'dmesg: read kernel buffer failed: Operation not permitted\n');
      return 1;
    },
  },
];
