/**
 * What the kernel shows as files: /proc, and the container's cgroup (version 2) at /sys/fs/cgroup. Worked out when somebody looks.
 */
import type { ProcessEntry, ProcessHost, SystemView } from '../process.js';

/** What /proc is made of, as one process sees it. */
export interface KernelView {
  readonly host: ProcessHost;
  readonly system: SystemView;
  /** Who looks: /proc/self. */
  readonly self: number;
  /** All of the process namespace. */
  processes(): readonly ProcessEntry[];
}

export type KernelNode =
  | { readonly type: 'directory' }
  | { readonly type: 'file'; readonly mode: number; text(): string }
  | { readonly type: 'symlink'; readonly target: string };

const DIRECTORY: KernelNode = { type: 'directory' };
const file = (text: () => string, mode = 0o444): KernelNode => ({ type: 'file', mode, text });
const link = (target: string): KernelNode => ({ type: 'symlink', target });

const KERNEL = '6.8.0-60-generic';
const BUILD = '#63-Ubuntu SMP PREEMPT_DYNAMIC Tue Apr 15 19:04:15 UTC 2025';

/** Kilobytes of a node's memory: what is free, in buffers and so on. */
export function memoryOf({ memory }: SystemView) {
  const total = Math.floor(memory / 1024);
  const part = (share: number): number => Math.floor(total * share);
  const [free, buffers, cached, shared, reclaimable] = [part(0.566), part(0.021), part(0.188), part(0.00014), part(0.028)];
  return { total, free, buffers, cached, shared, reclaimable, available: part(0.787), used: total - free - buffers - cached - reclaimable };
}

export const LOAD = '0.45 0.52 0.48';

function meminfo(system: SystemView): string {
  const { total, free, buffers, cached, shared, reclaimable, available } = memoryOf(system);
  const rows: readonly (readonly [string, number])[] = [
    ['MemTotal', total],
    ['MemFree', free],
    ['MemAvailable', available],
    ['Buffers', buffers],
    ['Cached', cached],
    ['SwapCached', 0],
    ['Active', Math.floor(total * 0.19)],
    ['Inactive', Math.floor(total * 0.17)],
    ['SwapTotal', 0],
    ['SwapFree', 0],
    ['Dirty', 212],
    ['Writeback', 0],
    ['AnonPages', Math.floor(total * 0.11)],
    ['Mapped', Math.floor(total * 0.04)],
    ['Shmem', shared],
    ['KReclaimable', reclaimable],
    ['Slab', Math.floor(reclaimable * 1.3)],
    ['SReclaimable', reclaimable],
    ['SUnreclaim', Math.floor(reclaimable * 0.3)],
    ['KernelStack', 14_832],
    ['PageTables', 28_140],
    ['CommitLimit', Math.floor(total / 2)],
    ['Committed_AS', Math.floor(total * 0.34)],
    ['VmallocTotal', 34_359_738_367],
    ['VmallocUsed', 61_204],
    ['Hugepagesize', 2048],
  ];
  return rows.map(([name, value]) => `${`${name}:`.padEnd(15)} ${String(value).padStart(9)} kB\n`).join('');
}

const cpuinfo = ({ cpus }: SystemView): string =>
  Array.from(
    { length: cpus },
    (_, i) =>
      `processor\t: ${i}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R) CPU @ 2.80GHz\nstepping\t: 7\ncpu MHz\t\t: 2800.218\ncache size\t: 33792 KB\nphysical id\t: 0\nsiblings\t: ${cpus}\ncore id\t\t: ${i}\ncpu cores\t: ${cpus}\nfpu\t\t: yes\nflags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ss ht syscall nx pdpe1gb rdtscp lm\nbogomips\t: 5600.43\naddress sizes\t: 46 bits physical, 48 bits virtual\n\n`,
  ).join('');

/** Bits of capability(7), by number. */
const CAPABILITIES =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  );

function capabilityMask(capabilities: readonly string[]): string {
  let mask = 0n;
  for (const [bit, name] of CAPABILITIES.entries()) if (capabilities.includes(name) || capabilities.includes('ALL')) mask |= 1n << BigInt(bit);
  return mask.toString(16).padStart(16, '0');
}

/** What a process was started as, without its directory. */
export const programOf = ({ command }: ProcessEntry): string => (command.split(' ')[0] ?? '').replace(/:$/, '').split('/').at(-1) as string;
/** The kernel's name of it: TASK_COMM_LEN. */
export const comm = (entry: ProcessEntry): string => programOf(entry).slice(0, 15);
const kilobytes = ({ memory = 0 }: ProcessEntry): number => 700 + Math.round(memory / 1024);

function status(entry: ProcessEntry, { host, system, self }: KernelView): string {
  const { pid, ppid, uid } = entry;
  const gid = entry.gid ?? 0;
  const bounding = capabilityMask(system.capabilities);
  const own = uid === 0 ? bounding : capabilityMask([]);
  const rss = kilobytes(entry);
  const isRunning = pid === self;
  const kb = (name: string, value: number): string => `${name}:\t${String(value).padStart(8)} kB\n`;
  const cpus = (2n ** BigInt(system.cpus) - 1n).toString(16);
  return `Name:\t${comm(entry)}\nUmask:\t0022\nState:\t${isRunning ? 'R (running)' : 'S (sleeping)'}\nTgid:\t${pid}\nNgid:\t0\nPid:\t${pid}\nPPid:\t${ppid}\nTracerPid:\t0\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${gid}\t${gid}\t${gid}\t${gid}\nFDSize:\t64\nGroups:\t${(host.groups ?? []).map((group) => `${group} `).join('')}\nNStgid:\t${pid}\nNSpid:\t${pid}\nNSpgid:\t${pid}\nNSsid:\t1\nKthread:\t0\n${kb('VmPeak', rss * 4)}${kb('VmSize', rss * 4)}${kb('VmLck', 0)}${kb('VmPin', 0)}${kb('VmHWM', rss)}${kb('VmRSS', rss)}${kb('RssAnon', Math.floor(rss / 4))}${kb('RssFile', rss - Math.floor(rss / 4))}${kb('RssShmem', 0)}${kb('VmSwap', 0)}Threads:\t1\nSigQ:\t0/63469\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\nCapInh:\t0000000000000000\nCapPrm:\t${own}\nCapEff:\t${own}\nCapBnd:\t${bounding}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t${system.noNewPrivileges ? 1 : 0}\nSeccomp:\t${system.seccomp ? 2 : 0}\nSeccomp_filters:\t${system.seccomp ? 1 : 0}\nCpus_allowed:\t${cpus}\nCpus_allowed_list:\t0-${system.cpus - 1}\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t25\nnonvoluntary_ctxt_switches:\t3\n`;
}

/** Ticks (a hundredth of a second) from the machine's start. */
const ticks = (entry: ProcessEntry, { system }: KernelView): number => Math.max(0, Math.floor((entry.since - system.booted) / 10));

const stat = (entry: ProcessEntry, view: KernelView): string =>
  `${entry.pid} (${comm(entry)}) ${entry.pid === view.self ? 'R' : 'S'} ${entry.ppid} ${entry.pid} 1 0 -1 4194560 120 0 0 0 0 0 0 0 20 0 1 0 ${ticks(entry, view)} ${kilobytes(entry) * 4096} ${Math.floor(kilobytes(entry) / 4)} 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n`;

const LIMITS: readonly (readonly [string, string, string, string])[] = [
  ['Max cpu time', 'unlimited', 'unlimited', 'seconds'],
  ['Max file size', 'unlimited', 'unlimited', 'bytes'],
  ['Max data size', 'unlimited', 'unlimited', 'bytes'],
  ['Max stack size', '8388608', 'unlimited', 'bytes'],
  ['Max core file size', 'unlimited', 'unlimited', 'bytes'],
  ['Max resident set', 'unlimited', 'unlimited', 'bytes'],
  ['Max processes', 'unlimited', 'unlimited', 'processes'],
  ['Max open files', '1048576', '1048576', 'files'],
  ['Max locked memory', '8388608', '8388608', 'bytes'],
  ['Max address space', 'unlimited', 'unlimited', 'bytes'],
  ['Max file locks', 'unlimited', 'unlimited', 'locks'],
  ['Max pending signals', '63469', '63469', 'signals'],
  ['Max msgqueue size', '819200', '819200', 'bytes'],
  ['Max nice priority', '0', '0', ''],
  ['Max realtime priority', '0', '0', ''],
  ['Max realtime timeout', 'unlimited', 'unlimited', 'us'],
];
const limits = (): string =>
  `Limit                     Soft Limit           Hard Limit           Units     \n${LIMITS.map(([name, soft, hard, unit]) => `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(unit === '' ? 0 : 10)}\n`).join('')}`;

/** What is mounted in a container, as /proc/mounts has it. */
export function mountLines({ system }: Pick<KernelView, 'system'>): readonly (readonly [source: string, path: string, type: string, options: string])[] {
  const { memory, mounts } = system;
  const sys = system.privileged ? 'rw' : 'ro';
  return [
    [
      'overlay',
      '/',
      'overlay',
      `${system.readOnlyRoot ? 'ro' : 'rw'},relatime,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/21/fs,upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/64/fs,workdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/64/work`,
    ],
    ['proc', '/proc', 'proc', 'rw,nosuid,nodev,noexec,relatime'],
    ['tmpfs', '/dev', 'tmpfs', 'rw,nosuid,size=65536k,mode=755,inode64'],
    ['devpts', '/dev/pts', 'devpts', 'rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666'],
    ['mqueue', '/dev/mqueue', 'mqueue', 'rw,nosuid,nodev,noexec,relatime'],
    ['sysfs', '/sys', 'sysfs', `${sys},nosuid,nodev,noexec,relatime`],
    ['cgroup', '/sys/fs/cgroup', 'cgroup2', `${sys},nosuid,nodev,noexec,relatime`],
    ...[
      ['/dev/sda1', '/etc/hosts', 'ext4', 'rw,relatime'] as const,
      ['/dev/sda1', '/dev/termination-log', 'ext4', 'rw,relatime'] as const,
      ['/dev/sda1', '/etc/hostname', 'ext4', 'rw,relatime'] as const,
      ['/dev/sda1', '/etc/resolv.conf', 'ext4', 'rw,relatime'] as const,
      ['shm', '/dev/shm', 'tmpfs', 'rw,nosuid,nodev,noexec,relatime,size=65536k,inode64'] as const,
      ...mounts.map(({ path, isMemory, size = memory, readOnly }) =>
        isMemory
          ? (['tmpfs', path, 'tmpfs', `${readOnly ? 'ro' : 'rw'},relatime,size=${Math.floor(Math.min(size, memory) / 1024)}k,inode64,noswap`] as const)
          : (['/dev/sda1', path, 'ext4', `${readOnly ? 'ro' : 'rw'},relatime`] as const),
      ),
      // What lies deeper is mounted later.
    ].sort(([, a], [, b]) => a.split('/').length - b.split('/').length),
    ...(system.privileged
      ? []
      : ([
          ['proc', '/proc/bus', 'proc', 'ro,nosuid,nodev,noexec,relatime'],
          ['proc', '/proc/fs', 'proc', 'ro,nosuid,nodev,noexec,relatime'],
          ['proc', '/proc/irq', 'proc', 'ro,nosuid,nodev,noexec,relatime'],
          ['proc', '/proc/sys', 'proc', 'ro,nosuid,nodev,noexec,relatime'],
          ['proc', '/proc/sysrq-trigger', 'proc', 'ro,nosuid,nodev,noexec,relatime'],
          ['tmpfs', '/proc/acpi', 'tmpfs', 'ro,relatime,inode64'],
          ['tmpfs', '/proc/kcore', 'tmpfs', 'rw,nosuid,size=65536k,mode=755,inode64'],
          ['tmpfs', '/proc/keys', 'tmpfs', 'rw,nosuid,size=65536k,mode=755,inode64'],
          ['tmpfs', '/proc/timer_list', 'tmpfs', 'rw,nosuid,size=65536k,mode=755,inode64'],
          ['tmpfs', '/sys/firmware', 'tmpfs', 'ro,relatime,inode64'],
        ] as const)),
  ];
}

const mountsText = (view: Pick<KernelView, 'system'>): string =>
  mountLines(view)
    .map((row) => `${row.join(' ')} 0 0\n`)
    .join('');

/** Parameters of sysctl(8) that can be seen in a container; the pod's own are its namespace's. */
const PARAMETERS: Readonly<Record<string, string>> = {
  'fs.file-max': '9223372036854775807',
  'fs.inotify.max_user_instances': '128',
  'fs.inotify.max_user_watches': '122412',
  'fs.nr_open': '1048576',
  'kernel.cap_last_cap': '40',
  'kernel.core_pattern': 'core',
  'kernel.domainname': '(none)',
  'kernel.msgmax': '8192',
  'kernel.msgmnb': '16384',
  'kernel.msgmni': '32000',
  'kernel.osrelease': KERNEL,
  'kernel.ostype': 'Linux',
  'kernel.panic': '10',
  'kernel.pid_max': '4194304',
  'kernel.sem': '32000\t1024000000\t500\t32000',
  'kernel.shm_rmid_forced': '0',
  'kernel.shmall': '18446744073692774399',
  'kernel.shmmax': '18446744073692774399',
  'kernel.shmmni': '4096',
  'kernel.threads-max': '126939',
  'kernel.version': BUILD,
  'net.core.somaxconn': '4096',
  'net.ipv4.conf.all.forwarding': '1',
  'net.ipv4.icmp_echo_ignore_all': '0',
  'net.ipv4.ip_forward': '1',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.ping_group_range': '0\t2147483647',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.tcp_keepalive_intvl': '75',
  'net.ipv4.tcp_keepalive_probes': '9',
  'net.ipv4.tcp_keepalive_time': '7200',
  'net.ipv4.tcp_max_syn_backlog': '1024',
  'net.ipv4.tcp_rmem': '4096\t131072\t6291456',
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.tcp_tw_reuse': '2',
  'net.ipv4.tcp_wmem': '4096\t16384\t4194304',
  'net.ipv6.conf.all.disable_ipv6': '0',
  'vm.max_map_count': '1048576',
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
  'vm.swappiness': '60',
};

export function parametersOf({ host, system }: KernelView): Readonly<Record<string, string>> {
  const own = Object.entries(system.sysctls).map(([name, value]) => [name.replaceAll('/', '.'), value.replace(/ +/g, '\t')] as const);
  return { ...PARAMETERS, 'kernel.hostname': host.hostname, ...Object.fromEntries(own) };
}

/** Shares of cgroup v1 as the kubelet reckons them (cm/helpers_linux.go MilliCPUToShares), and the weight runc makes of them (ConvertCPUSharesToCgroupV2Value). */
const weight = (millicores: number | undefined): number => {
  const shares = millicores === undefined ? 2 : Math.max(2, Math.floor((millicores * 1024) / 1000));
  return 1 + Math.floor(((shares - 2) * 9999) / 262_142);
};

function cgroup(view: KernelView): Readonly<Record<string, KernelNode>> {
  const { system } = view;
  const max = (value: number | undefined): string => `${value ?? 'max'}\n`;
  const quota = system.cpuLimit === undefined ? 'max' : String(Math.max(1000, system.cpuLimit * 100));
  const used = (): { readonly memory: number; readonly cpu: number } => system.usage();
  return {
    'cgroup.controllers': file(() => 'cpuset cpu io memory hugetlb pids rdma misc\n'),
    'cgroup.events': file(() => 'populated 1\nfrozen 0\n'),
    'cgroup.procs': file(
      () =>
        view
          .processes()
          .map(({ pid }) => `${pid}\n`)
          .join(''),
      0o644,
    ),
    'cgroup.type': file(() => 'domain\n', 0o644),
    'cpu.max': file(() => `${quota} 100000\n`, 0o644),
    'cpu.stat': file(() => {
      const microseconds = Math.floor((used().cpu / 1_000_000_000) * (view.host.now - system.started) * 1000);
      return `usage_usec ${microseconds}\nuser_usec ${Math.floor(microseconds * 0.6)}\nsystem_usec ${microseconds - Math.floor(microseconds * 0.6)}\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\nnr_bursts 0\nburst_usec 0\n`;
    }),
    'cpu.weight': file(() => `${weight(system.cpuRequest)}\n`, 0o644),
    'cpuset.cpus.effective': file(() => `0-${system.cpus - 1}\n`),
    'io.stat': file(() => ''),
    'memory.current': file(() => `${used().memory}\n`),
    'memory.events': file(() => 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n'),
    'memory.high': file(() => 'max\n', 0o644),
    'memory.low': file(() => '0\n', 0o644),
    'memory.max': file(() => max(system.memoryLimit), 0o644),
    'memory.min': file(() => '0\n', 0o644),
    'memory.oom.group': file(() => '1\n', 0o644),
    'memory.peak': file(() => `${used().memory}\n`),
    'memory.stat': file(() => `anon ${Math.floor(used().memory * 0.8)}\nfile ${Math.floor(used().memory * 0.2)}\nkernel 0\nsock 0\nshmem 0\n`),
    'memory.swap.current': file(() => '0\n'),
    'memory.swap.max': file(() => '0\n', 0o644),
    'pids.current': file(() => `${view.processes().length}\n`),
    'pids.max': file(() => '38081\n', 0o644),
  };
}

const idMap = ({ rootIs }: SystemView): string =>
  `${[0, rootIs ?? 0, rootIs === undefined ? 4_294_967_295 : 65_536].map((id) => String(id).padStart(10)).join(' ')}\n`;

/** Of one process. */
function processFiles(entry: ProcessEntry, view: KernelView): Readonly<Record<string, KernelNode>> {
  const words = entry.argv ?? entry.command.split(' ');
  const executable = words[0] ?? '';
  const environment = (): string =>
    Object.entries(entry.env?.() ?? {})
      .map(([name, value]) => `${name}=${value}\0`)
      .join('');
  return {
    cgroup: file(() => '0::/\n'),
    cmdline: file(() => words.map((word) => `${word}\0`).join('')),
    comm: file(() => `${comm(entry)}\n`, 0o644),
    cwd: link(entry.cwd ?? '/'),
    environ: file(environment, 0o400),
    gid_map: file(() => idMap(view.system), 0o644),
    ns: DIRECTORY,
    uid_map: file(() => idMap(view.system), 0o644),
    exe: link(executable.startsWith('/') ? executable : `/bin/${comm(entry)}`),
    fd: DIRECTORY,
    limits: file(limits),
    mountinfo: file(() =>
      mountLines(view)
        .map(([source, path, type, options], i) => `${700 + i} 699 0:${50 + i} / ${path} ${options} - ${type} ${source} ${options.slice(0, 2)}\n`)
        .join(''),
    ),
    mounts: file(() => mountsText(view)),
    net: DIRECTORY,
    oom_score: file(() => '666\n'),
    oom_score_adj: file(() => `${view.system.oomScoreAdjust}\n`, 0o644),
    root: link('/'),
    stat: file(() => stat(entry, view)),
    statm: file(() => `${kilobytes(entry)} ${Math.floor(kilobytes(entry) / 4)} 0 1 0 0 0\n`),
    status: file(() => status(entry, view)),
  };
}

const NET: Readonly<Record<string, (view: KernelView) => string>> = {
  dev: () =>
    'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n  eth0:    4512      38    0    0    0     0          0         0     2210      27    0    0    0     0       0          0\n',
  route: ({ host }) => {
    const bytes = host.ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase());
    const gateway = `01${bytes[2]}${bytes[1]}${bytes[0]}`;
    return `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT${' '.repeat(55)}\neth0\t00000000\t${gateway}\t0003\t0\t0\t0\t00000000\t0\t0\t0${' '.repeat(63)}\n`;
  },
  tcp: ({ host }) =>
    `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode${' '.repeat(53)}\n${(host.listening?.() ?? []).map((port, i) => `${String(i).padStart(4)}: 00000000:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${52_000 + port} 1 0000000000000000 100 0 0 10 0${' '.repeat(19)}\n`).join('')}`,
};

function procRoot(view: KernelView): Readonly<Record<string, KernelNode>> {
  const { host, system } = view;
  const uptime = (host.now - system.booted) / 1000;
  return {
    cmdline: file(() => `BOOT_IMAGE=/boot/vmlinuz-${KERNEL} root=/dev/sda1 ro quiet\n`),
    cpuinfo: file(() => cpuinfo(system)),
    filesystems: file(() => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tdevpts\nnodev\tmqueue\nnodev\toverlay\n\text4\n'),
    loadavg: file(() => `${LOAD} 1/1523 ${view.self}\n`),
    meminfo: file(() => meminfo(system)),
    mounts: link('self/mounts'),
    net: link('self/net'),
    self: link(String(view.self)),
    stat: file(
      () =>
        `cpu  102341 412 51230 ${Math.floor(uptime * 100 * system.cpus)} 2210 0 1820 0 0 0\nctxt 91823411\nbtime ${Math.floor(system.booted / 1000)}\nprocesses 182341\nprocs_running 1\nprocs_blocked 0\n`,
    ),
    swaps: file(() => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'),
    sys: DIRECTORY,
    uptime: file(() => `${uptime.toFixed(2)} ${(uptime * system.cpus * 0.94).toFixed(2)}\n`),
    version: file(
      () =>
        `Linux version ${KERNEL} (buildd@lcy02-amd64-054) (x86_64-linux-gnu-gcc-13 (Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0, GNU ld (GNU Binutils for Ubuntu) 2.42) ${BUILD}\n`,
    ),
  };
}

/** The names below a directory, and what they are; undefined: not the kernel's, or no directory. */
function directory(path: string, view: KernelView): Readonly<Record<string, KernelNode>> | undefined {
  if (path === '/sys') return { block: DIRECTORY, class: DIRECTORY, devices: DIRECTORY, fs: DIRECTORY, kernel: DIRECTORY };
  if (path === '/sys/fs') return { cgroup: DIRECTORY };
  if (path === '/sys/fs/cgroup') return cgroup(view);
  if (path === '/sys/class') return { net: DIRECTORY };
  if (path === '/sys/class/net') return { eth0: DIRECTORY, lo: DIRECTORY };
  if (/^\/sys\/(block|devices|kernel|class\/net\/\w+)$/.test(path)) return {};
  if (path === '/proc') return { ...Object.fromEntries(view.processes().map(({ pid }) => [String(pid), DIRECTORY])), ...procRoot(view) };
  const inner = /^\/proc\/(\d+)(?:\/(fd|net|ns))?$/.exec(path);
  if (inner !== null) {
    const entry = view.processes().find(({ pid }) => pid === Number(inner[1]));
    if (entry === undefined) return undefined;
    if (inner[2] === undefined) return processFiles(entry, view);
    if (inner[2] === 'ns') return Object.fromEntries(Object.entries(view.system.namespaces).map(([kind, number]) => [kind, link(`${kind}:[${number}]`)]));
    if (inner[2] === 'fd') return { 0: link('/dev/null'), 1: link(`pipe:[${48_000 + entry.pid * 2}]`), 2: link(`pipe:[${48_001 + entry.pid * 2}]`) };
    return Object.fromEntries(Object.entries(NET).map(([name, text]) => [name, file(() => text(view))]));
  }
  if (path !== '/proc/sys' && !path.startsWith('/proc/sys/')) return undefined;
  const names: Record<string, KernelNode> = {};
  const prefix = path === '/proc/sys' ? '' : `${path.slice('/proc/sys/'.length).replaceAll('/', '.')}.`;
  for (const [name, value] of Object.entries(parametersOf(view))) {
    if (!name.startsWith(prefix)) continue;
    const [first = '', ...more] = name.slice(prefix.length).split('.');
    names[first] = more.length > 0 ? DIRECTORY : file(() => `${value}\n`, 0o644);
  }
  return Object.keys(names).length === 0 ? undefined : names;
}

/** Through the links at the top: /proc/mounts and /proc/net are the looking process's own. */
const realPath = (path: string, { self }: KernelView): string =>
  path.replace(/^\/proc\/(mounts|net)(?=\/|$)/, '/proc/self/$1').replace(/^\/proc\/(self|thread-self)(?=\/|$)/, `/proc/${self}`);

/** Names below a kernel's directory. */
export function kernelNames(path: string, view: KernelView): readonly string[] | undefined {
  const names = directory(realPath(path, view), view);
  return names === undefined ? undefined : Object.keys(names).sort();
}

/** What the kernel has at a path, its links followed (the last one only if asked). */
export function kernelNode(path: string, view: KernelView, follow: boolean): KernelNode | undefined {
  const last = path.lastIndexOf('/');
  const real = follow ? realPath(path, view) : realPath(path.slice(0, last), view) + path.slice(last);
  if (real === '/proc' || real === '/sys') return DIRECTORY;
  const at = real.lastIndexOf('/');
  return directory(real.slice(0, at), view)?.[real.slice(at + 1)];
}
