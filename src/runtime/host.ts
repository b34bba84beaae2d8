/** All a process can reach: its files, its network, its log. Made anew for every step. */

import { TERMINATION_LOG } from '../api/cri.js';
import type { Time } from '../api/time.js';
import { createFiles } from './files.js';
import { HOST } from './host-files.js';
import { showsLogs, withLogs, withoutLogs } from './host-logs.js';
import { spreadOf } from './identity.js';
import type { ImageData } from './image.js';
import { fullName, POD_FILES, podFile } from './image-files.js';
import { appendLog } from './logs.js';
import type { Caller, Failure, Peer } from './network.js';
import type { NodeView } from './node-view.js';
import type { MountPoint } from './overlay.js';
import { normalizePath } from './paths.js';
import type { Behaviour, Files, Network, ProcessEntry, ProcessHost, Protocol, SystemView } from './process.js';
import { argvOf, endOf, pidsOf, type Running, type RuntimeContext, runningIn, specOf, step } from './processes.js';
import { type ContainerRecord, type ExecRecord, keys, portKey, type SandboxRecord, treeSize } from './state.js';
import { BINARIES, hasProgram, INSTALLED } from './userland.js';
import { loadVolume, shmOf, type VolumeRecord } from './volumes.js';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Three files of a page each. */
const TOKEN_SIZE = 12_288;
/** Whether something is mounted besides what every container has. */
export const hasVolumes = ({ config }: ContainerRecord): boolean => (config.mounts ?? []).some((mount) => mount.containerPath !== TOKEN_PATH);

export const imageDataOf = ({ catalogue }: RuntimeContext, { repository, tag }: ContainerRecord): ImageData | undefined => catalogue.image(repository, tag);

/** The container's files, as its processes and `kubectl cp` see them. */
function filesOf(context: RuntimeContext, sandbox: SandboxRecord, container: ContainerRecord, now: Time): Files {
  const tree = context.catalogue.tree(container.repository, container.tag);
  // The pod's shared memory is one for all its containers.
  const mounts = [...(container.config.mounts ?? []), { containerPath: '/dev/shm', volume: shmOf(sandbox), readOnly: false, subPath: undefined }];
  // Looking changes nothing: a layer is kept only when something is written to it.
  const layer = container.layer ?? {};
  const loaded = new Map<string, VolumeRecord>();
  const seesLogs = mounts.some(({ volume, subPath = '/' }) => volume === HOST && showsLogs(subPath));
  const load = (name: string): VolumeRecord => {
    const known = loaded.get(name) ?? loadVolume(context, sandbox, name);
    const shown = name === HOST && seesLogs && !loaded.has(name) ? { ...known, tree: withLogs(context, known.tree, sandbox.id) } : known;
    loaded.set(name, shown);
    return shown;
  };
  const message = normalizePath(container.config.terminationMessagePath ?? TERMINATION_LOG);
  return createFiles({
    base: (path) => (path === message ? { data: '', mode: 0o666 } : (podFile(sandbox.config, sandbox.ip, path) ?? tree.get(path))),
    basePaths: () => [message, ...POD_FILES, ...tree.keys()],
    // The kubelet mounts them one by one.
    own: [message, ...POD_FILES],
    mounts: mounts.map(
      (mount): MountPoint => ({
        path: normalizePath(mount.containerPath),
        volume: mount.volume,
        prefix: mount.subPath === undefined ? '' : normalizePath(mount.subPath),
        readOnly: mount.readOnly,
      }),
    ),
    layer: () => container.layer ?? layer,
    volume: (name) => load(name).tree,
    capacity: (name) => load(name).size,
    changed: (volume) => {
      if (volume === undefined) {
        container.layer ??= layer;
        container.version = (container.version ?? 0) + 1;
        return;
      }
      const record = load(volume);
      record.version += 1;
      context.state.set(keys.volume(context.node, volume), volume === HOST && seesLogs ? { ...record, tree: withoutLogs(record.tree) } : record);
      if (volume === HOST) context.hostChanged?.();
    },
    version: () => mounts.reduce((sum, mount) => sum + load(mount.volume).version, container.version ?? 0),
    readOnlyRoot: container.config.readOnlyRootFilesystem === true,
    uid: container.uid,
    gid: container.gid,
    groups: container.groups,
    ...(container.config.capabilities === undefined ? {} : { isCapable: (name) => isCapable(container, name) }),
    now,
  });
}

/** The node's own files, as root sees them there. */
function nodeRoot(context: RuntimeContext, sandbox: SandboxRecord): Files {
  let loaded: VolumeRecord | undefined;
  const load = (): VolumeRecord => {
    const found = loaded ?? loadVolume(context, sandbox, HOST);
    loaded ??= { ...found, tree: withLogs(context, found.tree, sandbox.id) };
    return loaded;
  };
  const nothing = {};
  return createFiles({
    base: () => undefined,
    basePaths: () => [],
    mounts: [{ path: '/', volume: HOST, prefix: '', readOnly: false }],
    layer: () => nothing,
    volume: () => load().tree,
    changed: () => {
      const record = load();
      record.version += 1;
      context.state.set(keys.volume(context.node, HOST), { ...record, tree: withoutLogs(record.tree) });
      context.hostChanged?.();
    },
    version: () => load().version,
    readOnlyRoot: false,
    uid: 0,
    gid: 0,
    now: context.now(),
  });
}

/** Two tries of five seconds each (resolv.conf's timeout and attempts). */
const RESOLVE_TIMEOUT = 10_000;
/** A SYN nobody answers: six retries (net.ipv4.tcp_syn_retries). */
const CONNECT_TIMEOUT = 127_000;

function withFullName({ config }: SandboxRecord): { readonly fullName?: string } {
  const full = fullName(config);
  return full === undefined ? {} : { fullName: full };
}

const callerOf = (sandbox: SandboxRecord): Caller => ({
  ip: sandbox.ip,
  podKey: sandbox.config.podKey,
  sandbox: sandbox.id,
  hostname: sandbox.config.hostname,
  ...withFullName(sandbox),
  ...(sandbox.config.dns === undefined ? {} : { dns: sandbox.config.dns }),
  ...(sandbox.config.hostAliases === undefined ? {} : { hostAliases: sandbox.config.hostAliases }),
});

const takesOf = ({ failure, takes }: { readonly failure: string; readonly takes?: number }): number => takes ?? (failure === 'timeout' ? CONNECT_TIMEOUT : 1);

/** Name or address to whoever answers there; localhost is the pod itself. */
function reach(
  context: RuntimeContext,
  sandbox: SandboxRecord,
  host: string,
  port: number,
  protocol: Protocol = 'TCP',
): Peer | { failure: 'refused' | 'timeout' | 'no-route' | 'no-host'; takes?: number } {
  const view = context.network();
  const found =
    view?.resolve(host, callerOf(sandbox)) ??
    (/^\d+(\.\d+){3}$/.test(host) || host === 'localhost' ? { addresses: [host === 'localhost' ? '127.0.0.1' : host] } : { error: 'NXDOMAIN' as const });
  if ('error' in found) return { failure: 'no-host', ...(found.error === 'TIMEOUT' ? { takes: RESOLVE_TIMEOUT } : {}) };
  const ip = found.addresses[0] ?? '';
  if (ip.startsWith('127.') || ip === sandbox.ip) {
    // On the node's own network others listen too, and what the node hands on to pods.
    const beside = (): Peer | { failure: Failure } | undefined =>
      sandbox.config.hostNetwork === true ? view?.dial(ip, port, callerOf(sandbox), protocol) : undefined;
    return {
      ip,
      port,
      serve(request) {
        const own = context.serve(sandbox.id, port, request);
        const other = own === undefined ? beside() : undefined;
        return own ?? (other === undefined || 'failure' in other ? undefined : other.serve(request));
      },
    };
  }
  return view?.dial(ip, port, callerOf(sandbox), protocol) ?? { failure: 'no-route' };
}

/** The port that a client's socket gets which asks for none. */
const EPHEMERAL = 40_000;

/** What containerd gives a container's root. */
const CAPABILITIES = 'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'.split(' ');

/** Added ones win over dropped ones, `ALL` over names (containerd's WithCapabilities as the CRI plugin uses it). */
function capabilitiesOf({ config }: ContainerRecord): readonly string[] {
  const names = (list: readonly string[] = []): readonly string[] => list.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  const [add, drop] = [names(config.capabilities?.add), names(config.capabilities?.drop)];
  if (config.privileged === true || add.includes('ALL')) return ['ALL'];
  return [...(drop.includes('ALL') ? [] : CAPABILITIES.filter((name) => !drop.includes(name))), ...add];
}

const isCapable = (container: ContainerRecord, name: string): boolean => {
  const all = capabilitiesOf(container);
  return all.includes('ALL') || all.includes(name);
};

/** Those of the node's init, by the numbers that kernels give them. */
const INIT_NAMESPACES = {
  cgroup: 4_026_531_835,
  ipc: 4_026_531_839,
  mnt: 4_026_531_841,
  net: 4_026_531_840,
  pid: 4_026_531_836,
  time: 4_026_531_834,
  user: 4_026_531_837,
  uts: 4_026_531_838,
};

/** What the pod shares among its containers, what each has alone, and what is the node's. */
function namespacesOf({ id, config }: SandboxRecord, container: ContainerRecord): Readonly<Record<string, number>> {
  const made = (kind: string, owner: string): number => 4_026_532_200 + Math.floor(spreadOf(`namespace/${kind}/${owner}`) * 100_000);
  return {
    ...INIT_NAMESPACES,
    cgroup: made('cgroup', container.id),
    mnt: made('mnt', container.id),
    ...(config.hostIPC === true ? {} : { ipc: made('ipc', id) }),
    ...(config.hostNetwork === true ? {} : { net: made('net', id), uts: made('uts', id) }),
    ...(config.hostPID === true ? {} : { pid: made('pid', config.shareProcessNamespace === true ? id : `${id}/${pidsOf(container)}`) }),
    ...(config.ownUsers === true ? { user: made('user', id) } : {}),
  };
}

function systemOf(context: RuntimeContext, sandbox: SandboxRecord, container: ContainerRecord, now: Time): SystemView | undefined {
  const machine = context.machine?.();
  if (machine === undefined) return undefined;
  const { config } = container;
  const { cpuLimit, cpuRequest, memoryLimit, memoryRequest } = config.resources ?? {};
  // kubelet/qos/policy.go GetContainerOOMScoreAdjust, the container taken for its pod.
  const isGuaranteed = cpuLimit !== undefined && memoryLimit !== undefined && cpuRequest === cpuLimit && memoryRequest === memoryLimit;
  const isBestEffort = cpuLimit === undefined && cpuRequest === undefined && memoryLimit === undefined && memoryRequest === undefined;
  const burstable = Math.min(999, Math.max(3, 1000 - Math.floor((1000 * (memoryRequest ?? 0)) / machine.memory)));
  return {
    ...machine,
    started: container.startedAt ?? now,
    cpuLimit,
    cpuRequest,
    memoryLimit,
    oomScoreAdjust: isGuaranteed ? -997 : isBestEffort ? 1000 : burstable,
    capabilities: capabilitiesOf(container),
    privileged: config.privileged === true,
    noNewPrivileges: config.noNewPrivileges === true,
    seccomp: config.seccomp !== undefined,
    readOnlyRoot: config.readOnlyRootFilesystem === true,
    ...(sandbox.config.ownUsers === true ? { rootIs: 65_536 * (1 + Math.floor(spreadOf(`users/${sandbox.id}`) * 1024)) } : {}),
    namespaces: namespacesOf(sandbox, container),
    sysctls: sandbox.config.sysctls ?? {},
    mounts: (config.mounts ?? []).map(({ containerPath, readOnly, volume }) => {
      const path = normalizePath(containerPath).replace(/^\/var\/run\//, '/run/');
      if (containerPath === TOKEN_PATH) return { path, readOnly, isMemory: true, size: memoryLimit, used: TOKEN_SIZE };
      const { medium, size, tree } = loadVolume(context, sandbox, volume);
      return medium === 'memory' ? { path, readOnly, isMemory: true, size, used: treeSize(tree) } : { path, readOnly, isMemory: false };
    }),
    usage: () => {
      const its = context.behaviours.find((one) => one.name === container.process?.behaviour);
      const used = container.process === undefined ? undefined : its?.usage?.(container.process, hostOf(context, sandbox, container, now));
      return used ?? { memory: 2 * 1024 * 1024, cpu: 1_000_000 };
    },
  };
}

interface Neighbour {
  readonly entry: ProcessEntry;
  /** Undefined: the pause container. */
  readonly running?: Running;
}

/** Other processes of the namespace: the container's own, its execs', its target's, with shareProcessNamespace the pod's, with hostPID the node's. */
function neighbours(context: RuntimeContext, sandbox: SandboxRecord, container: ContainerRecord, exec: ExecRecord | undefined): readonly Neighbour[] {
  const { shareProcessNamespace, hostPID } = sandbox.config;
  const shared = shareProcessNamespace === true || hostPID === true;
  const pause = { pid: 1, ppid: 0, command: '/pause', since: sandbox.createdAt, uid: 65_535 };
  const out: Neighbour[] = hostPID === true ? nodeProcesses(context, sandbox).map((entry) => ({ entry })) : shared ? [{ entry: pause }] : [];
  for (const running of runningIn(sandbox)) {
    if ((!shared && pidsOf(running.container) !== pidsOf(container)) || running.record === (exec ?? container)) continue;
    for (const entry of entriesOf(context, sandbox, running, running.container === container)) out.push({ entry, running });
  }
  return out;
}

/** The processes of one container or exec. */
function entriesOf(context: RuntimeContext, sandbox: SandboxRecord, running: Running, isOwn: boolean): readonly ProcessEntry[] {
  const { process } = running.record;
  const its = process === undefined ? undefined : context.behaviours.find((one) => one.name === process.behaviour);
  const entries = process === undefined ? undefined : its?.processes?.(process);
  const root = isOwn ? {} : { root: () => filesOf(context, sandbox, running.container, context.now()) };
  if (entries !== undefined) return entries.map((entry) => ({ ...entry, ...root }));
  const image = imageDataOf(context, running.container);
  const given = running.exec?.argv ?? argvOf(running.container, image);
  const words = isHandedOver(given, image) ? given.slice(1) : given;
  const since = running.exec?.startedAt ?? running.container.startedAt ?? 0;
  const pid = running.record.pid ?? 1;
  const isNginx = baseName(words[0] ?? '') === 'nginx';
  const isServer = image?.started !== undefined && baseName(words[0] ?? '') === baseName(image.cmd?.[0] ?? '');
  const written = isNginx ? `nginx: master process ${words.join(' ')}` : isServer ? titleOf(image, words) : undefined;
  const env = () => specOf(context, sandbox, running.container, given, { tty: false, stdin: false }).env;
  const account = isServer && words !== given && (running.container.uid ?? 0) === 0 ? image.started?.account : undefined;
  const { uid, gid } = account === undefined ? running.container : { uid: account.uid, gid: account.gid ?? account.uid };
  const argv = written === undefined ? { argv: words } : {};
  const main: ProcessEntry = { pid, ppid: 0, command: written ?? words.join(' '), since, uid, gid, ...root, ...argv, env };
  if (!isNginx) return [main];
  const renewed = process === undefined ? undefined : its?.workers?.(process);
  const worker = { pid: pid + 28 + 8 * (renewed?.times ?? 0), ppid: pid, command: 'nginx: worker process', since: renewed?.at ?? since, uid: 101, ...root };
  return [main, worker];
}

const titleOf = ({ started, ports }: ImageData, words: readonly string[]): string | undefined => {
  const asked = words.indexOf('--port');
  return started?.title?.replace('{{port}}', (asked < 0 ? undefined : words[asked + 1]) ?? String(ports?.[0] ?? ''));
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** Whether they are an official image's entrypoint, which is replaced by the program it is given once it has made everything ready. */
const isHandedOver = (words: readonly string[], image: ImageData | undefined): boolean =>
  words.length > 1 && words[0] === image?.entrypoint?.[0] && baseName(words[0] ?? '') === 'docker-entrypoint.sh';

/** What runs on a node as kind makes them, besides pods. */
const DAEMONS: readonly (readonly [pid: number, command: string])[] = [
  [1, '/sbin/init'],
  [92, '/lib/systemd/systemd-journald'],
  [105, '/usr/local/bin/containerd'],
  [
    223,
    '/usr/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///run/containerd/containerd.sock --runtime-cgroups=/system.slice/containerd.service',
  ],
];

/** The node's own processes and those of the pods on it; their numbers are given out as one looks, but for those that see them themselves. */
function nodeProcesses(context: RuntimeContext, own: SandboxRecord): readonly ProcessEntry[] {
  const booted = context.machine?.()?.booted ?? 0;
  const isStopped = context.nodeView?.()?.daemons.unit('kubelet')?.isActive === false;
  const root = (): Files => nodeRoot(context, own);
  const out: ProcessEntry[] = DAEMONS.filter(([, command]) => !isStopped || !command.startsWith('/usr/bin/kubelet')).map(([pid, command]) => ({
    pid,
    ppid: pid === 1 ? 0 : 1,
    command,
    since: booted,
    uid: 0,
    root,
  }));
  const sandboxes = context.state.keys(keys.sandboxes(context.node)).flatMap((key) => context.state.get<SandboxRecord>(key) ?? []);
  let last = 480;
  for (const sandbox of sandboxes.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))) {
    if (sandbox.state !== 'ready') continue;
    const { createdAt: since, id, config } = sandbox;
    const shim = last + 3;
    const command = `/usr/local/bin/containerd-shim-runc-v2 -namespace k8s.io -id ${id} -address /run/containerd/containerd.sock`;
    out.push({ pid: shim, ppid: 1, command, since, uid: 0 }, { pid: shim + 1, ppid: shim, command: '/pause', since, uid: 65_535 });
    last = shim + 1;
    if (id === own.id) continue;
    for (const running of runningIn(sandbox)) {
      const numbers = new Map<number, number>();
      for (const entry of entriesOf(context, sandbox, running, false)) {
        last += 1;
        const pid = config.hostPID === true ? entry.pid : last;
        numbers.set(entry.pid, pid);
        out.push({ ...entry, pid, ppid: numbers.get(entry.ppid) ?? shim });
      }
    }
  }
  return out;
}

export const hostOf = (
  context: RuntimeContext,
  sandbox: SandboxRecord,
  container: ContainerRecord,
  now: Time,
  exec?: ExecRecord,
  until?: number,
): ProcessHost => new ContainerHost(context, sandbox, container, now, exec, until as Time | undefined);

/** One is made for every step of every process: nothing is worked out before it is asked for. */
class ContainerHost implements ProcessHost {
  readonly hostname: string;
  readonly ip: string;
  readonly image: string;
  readonly tag: string;
  readonly isInit: boolean;
  readonly pid: number;
  readonly groups: readonly number[];
  private files_: Files | undefined;
  private network_: Network | undefined;

  constructor(
    private readonly context: RuntimeContext,
    private readonly sandbox: SandboxRecord,
    private readonly container: ContainerRecord,
    readonly now: Time,
    private readonly exec: ExecRecord | undefined,
    readonly until: Time | undefined,
  ) {
    this.hostname = sandbox.config.hostname;
    this.ip = sandbox.ip;
    this.image = container.repository;
    this.tag = container.tag;
    this.isInit = exec === undefined;
    this.pid = exec === undefined ? (container.pid ?? 1) : (exec.pid ?? 2);
    this.groups = container.groups;
  }

  get os() {
    return imageDataOf(this.context, this.container)?.os ?? 'debian';
  }
  get version() {
    return imageDataOf(this.context, this.container)?.version;
  }
  get catalogue(): Behaviour {
    return this.context.behaviours.find((one) => one.name === 'image') as Behaviour;
  }
  get isTask(): boolean {
    return this.container.config.isTask === true;
  }
  get hasVolumes(): boolean {
    return hasVolumes(this.container);
  }
  get isRestricted(): boolean {
    const { config } = this.container;
    return config.readOnlyRootFilesystem === true || config.capabilities !== undefined;
  }
  get declaredPorts(): readonly number[] {
    return (this.container.config.ports ?? []).filter((port) => port.protocol === 'TCP').map((port) => port.containerPort);
  }
  get declaredUdpPorts(): readonly number[] {
    return (this.container.config.ports ?? []).filter((port) => port.protocol === 'UDP').map((port) => port.containerPort);
  }
  get memoryLimit(): number | undefined {
    return this.container.config.resources?.memoryLimit;
  }
  get files(): Files {
    this.files_ ??= filesOf(this.context, this.sandbox, this.container, this.now);
    return this.files_;
  }
  get network(): Network {
    this.network_ ??= networkOf(this.context, this.sandbox, this.container);
    return this.network_;
  }
  get node(): NodeView | undefined {
    return this.context.nodeView?.();
  }
  get system(): SystemView | undefined {
    return systemOf(this.context, this.sandbox, this.container, this.now);
  }
  write(stream: 'stdout' | 'stderr', text: string, at: Time): void {
    if (this.exec === undefined) this.log(stream, text, at);
    else this.exec.output.push({ stream, text });
  }
  log(stream: 'stdout' | 'stderr', text: string, at: Time): void {
    appendLog(this.context.state, this.context.node, this.container, stream, text, at);
  }
  random(): number {
    const { container } = this;
    container.random = (container.random ?? 0) + 1;
    return spreadOf(`random/${container.id}/${container.random}`);
  }
  hasProgram(name: string): boolean {
    const { layer } = this.container;
    if (layer !== undefined) {
      const own = BINARIES.flatMap((directory) => layer[`${directory}/${baseName(name)}`] ?? []);
      // Removed, or renamed.
      if (own.length > 0 && own.every(({ type }) => type === 'x')) return false;
      if (layer[`${INSTALLED}/${name}`]?.mode === 0o755) return true;
    }
    return hasProgram(imageDataOf(this.context, this.container), name);
  }
  listening(protocol: Protocol = 'TCP'): readonly number[] {
    return Object.keys(this.sandbox.ports ?? {}).flatMap((key) => {
      const port = Number(key.slice(key.indexOf('/') + 1));
      return key === portKey(port, protocol) ? [port] : [];
    });
  }
  processes(): readonly ProcessEntry[] {
    return neighbours(this.context, this.sandbox, this.container, this.exec).map(({ entry }) => entry);
  }
  kill(pid: number, signal: string): boolean {
    const { context, sandbox, now } = this;
    const found = neighbours(context, sandbox, this.container, this.exec).find(({ entry }) => entry.pid === pid);
    if (found === undefined) return false;
    if (found.running === undefined || signal === 'SIG0') return true;
    const { record, exec } = found.running;
    const isPart = pid !== (record.pid ?? (exec === undefined ? 1 : 2));
    // Process 1 of a namespace cannot be killed from inside it.
    if (signal !== 'SIGKILL' || isPart)
      step(context, sandbox, found.running, now, (behaviour, its, process) => behaviour.signal(process, signal, its, isPart ? pid : undefined));
    else if (pid !== 1) endOf(sandbox, found.running, now);
    return true;
  }
}

function networkOf(context: RuntimeContext, sandbox: SandboxRecord, container: ContainerRecord): Network {
  const view = context.network();
  return {
    resolve: (name, server) => {
      const caller = callerOf(sandbox);
      const asking = server === undefined ? caller : { ...caller, dns: { searches: [], options: [], ...caller.dns, servers: [server] } };
      return view?.resolve(name, asking) ?? { error: 'NXDOMAIN' };
    },
    reverse: (ip) => view?.reverse?.(ip),
    http: ({ method, scheme, host, port, path, headers, body, continues, input }) => {
      const peer = reach(context, sandbox, host, port);
      if ('failure' in peer) return { failure: peer.failure, takes: takesOf(peer) };
      const answer = peer.serve({
        type: 'http',
        method,
        path,
        headers: { Host: host, ...headers },
        body,
        from: sandbox.ip,
        ...(scheme === 'https' ? { secure: true } : {}),
        ...(continues === undefined ? {} : { continues }),
        ...(input === undefined ? {} : { input }),
      });
      if (answer === undefined) return { failure: 'refused', takes: 1 };
      const { status = 200, goesOn, takes } = answer;
      return { status, headers: answer.headers ?? {}, body: answer.body ?? '', remote: peer.ip, takes, ...(goesOn === undefined ? {} : { goesOn }) };
    },
    tcp: (host, port, data) => {
      const peer = reach(context, sandbox, host, port);
      if ('failure' in peer) return { failure: peer.failure, takes: takesOf(peer) };
      const answer = peer.serve({ type: 'tcp', from: sandbox.ip, ...(data === undefined ? {} : { data }) });
      return answer === undefined ? { failure: 'refused', takes: 1 } : { body: answer.body ?? '', remote: peer.ip, takes: answer.takes };
    },
    udp: (host, port, data, sourcePort) => {
      const peer = reach(context, sandbox, host, port, 'UDP');
      if ('failure' in peer) return { failure: peer.failure, takes: peer.takes ?? 1 };
      const answer = peer.serve({ type: 'udp', data, from: sandbox.ip, port: sourcePort ?? EPHEMERAL });
      if (answer === undefined) return { failure: 'refused', takes: 1 };
      return { takes: answer.takes, ...(answer.body === undefined ? {} : { body: answer.body }) };
    },
    listen: (port, protocol) => {
      sandbox.ports ??= {};
      const key = portKey(port, protocol);
      const owner = sandbox.ports[key];
      if (owner !== undefined && owner !== container.id) return false;
      sandbox.ports[key] = container.id;
      return true;
    },
    unlisten: (port, protocol) => {
      const key = portKey(port, protocol);
      if (sandbox.ports?.[key] === container.id) delete sandbox.ports[key];
    },
  };
}
