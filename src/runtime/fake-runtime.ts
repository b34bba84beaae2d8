/**
 * One node's container runtime: containerd 2 pretended. Sandboxes, containers, images, logs and execs are JSON in the node's
 * state; processes are behaviours' affair (process.ts). Time passes only by {@link RuntimeService.advance} and by looking.
 */
import {
  type ContainerConfig,
  type ImageService,
  type Mount,
  type PodSandboxConfig,
  RuntimeError,
  type RuntimeService,
  type SandboxStart,
  type SandboxStatus,
  type VolumeContent,
} from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import type { Time } from '../api/time.js';
import { createAddresses } from './addresses.js';
import type { Programs } from './behaviour.js';
import { statusOf } from './container-status.js';
import { createExecs } from './execs.js';
import { hostOf, imageDataOf } from './host.js';
import { HOST, hostFiles, hostTrees } from './host-files.js';
import { containerId, hexOf } from './identity.js';
import { UNKNOWN_USER } from './image.js';
import { createImageService } from './image-service.js';
import { logSize, readLog, readWritten, removeLog } from './logs.js';
import { mountError } from './mount-error.js';
import type { NetworkView } from './network.js';
import { createNodeView, type NodeDaemons } from './node-view.js';
import { FOREVER, type Protocol, type ServedAnswer, type ServedRequest } from './process.js';
import {
  argvOf,
  feed,
  finishContainer,
  nextDueOf,
  nextEventOf,
  noticeChanges,
  type RuntimeContext,
  runUntil,
  specOf,
  startProcess,
  step,
} from './processes.js';
import { profileError } from './profile-error.js';
import type { RegistryFault } from './registry.js';
import { createSandboxes } from './sandboxes.js';
import { type Requester, requestFrom, servedRequest, serveFrom } from './serving.js';
import { type ContainerRecord, keys, portKey, type SandboxRecord, treeSize } from './state.js';
import { bindSubPath, subPathTrouble } from './sub-paths.js';
import { earlier, layOut, loadVolume, shmOf, type VolumeRecord } from './volumes.js';

export interface FakeRuntimeOptions {
  readonly node: string;
  readonly state: StateMap;
  now(): Time;
  readonly programs: Programs;
  /** What `podsim fault registry-down` and `podsim image fail` say of an image. */
  fault?(repository: string, host: string): RegistryFault | undefined;
  /** `10.244.1.0/24`. */
  podCIDR(): string;
  nodeIP(): string;
  /** Undefined while there is none: pods reach only themselves. */
  network?(): NetworkView | undefined;
  /** Its processors and bytes of memory, and when it was started. */
  machine?(): { readonly cpus: number; readonly memory: number; readonly booted: number };
  /** Content of a volume that was never set (RuntimeContext.volume). */
  volume?(podKey: string, volume: string): VolumeContent | undefined;
  /** See HostTreeSource. */
  hostFiles?(): Readonly<Record<string, string>>;
  /** See RuntimeContext. */
  hostChanged?(): void;
  errand?: RuntimeContext['errand'];
  follow?: RuntimeContext['follow'];
  /** Daemons of the node; absent: it has none to speak of. */
  daemons?: NodeDaemons;
}

/** What others on the server's side may ask besides the CRI. */
export interface FakeRuntime extends RuntimeService, ImageService {
  readonly node: string;
  /** The sandbox that has this address on this node. */
  sandboxAt(ip: string): string | undefined;
  /** The pod a sandbox is of. */
  podKey(sandbox: string): string | undefined;
  /** Who listens on a port of the node itself: a pod with hostNetwork, or a host port. */
  onHost(port: number, protocol: Protocol, address: string): { readonly sandbox: string; readonly port: number } | undefined;
  /** Counts a sandbox's connections to services. */
  nextConnection(sandbox: string): number;
  /** Where it went by that key within so many milliseconds; `to`: where it goes from now on. */
  affinity(sandbox: string, key: string, lasts: number, to?: string): string | undefined;
  /** One request to a port of a sandbox, from wherever. undefined: nobody listens. */
  serve(sandbox: string, port: number, request: ServedRequest): ServedAnswer | undefined;
  /** What processes of the sandbox follow may have changed. */
  noticeChanges(sandbox: string): void;
}

const OCI = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
const OCI_CREATE = `${OCI}error during container init: `;
const DEFAULT_HANDLER = 'runc';
/** Numbers of processes that see the node's are above this. */
const FIRST_ON_HOST = 3000;
/** With less than this not even runc's own process fits. */
const LEAST_MEMORY = 4 * 1024 * 1024;
const isTooLittle = (limit: number | undefined): boolean => limit !== undefined && limit > 0 && limit < LEAST_MEMORY;
const KILLED = 'container init was OOM-killed (memory limit too low?)';
const INIT_KILLED = `${OCI}${KILLED}: unknown`;

export function createFakeRuntime(options: FakeRuntimeOptions): FakeRuntime {
  const { node, state, programs } = options;
  const { catalogue } = programs;
  const context: RuntimeContext = {
    node,
    state,
    now: options.now,
    ...programs,
    network: () => options.network?.(),
    serve: (sandbox, port, request) => serveFrom(context, sandbox, port, request),
    ...(options.volume === undefined ? {} : { volume: options.volume }),
    ...(options.machine === undefined ? {} : { machine: options.machine }),
    hostTree: hostTrees(options),
    ...(options.hostChanged === undefined ? {} : { hostChanged: options.hostChanged }),
    ...(options.errand === undefined ? {} : { errand: options.errand }),
    ...(options.follow === undefined ? {} : { follow: options.follow }),
    nodeView: () => view,
  };
  const addresses = createAddresses(state, node);
  const requester: Requester = { context, sandboxAt: addresses.sandboxAt, ownIP: () => options.podCIDR().replace(/\d+\/\d+$/, '1'), nodeIP: options.nodeIP };
  const images = createImageService({ node, state, now: options.now, catalogue, ...(options.fault === undefined ? {} : { fault: options.fault }) });

  const { load, save, find, look, note, sandboxOf } = createSandboxes(context);

  const host = hostFiles(context);
  const { daemons } = options;
  const view = daemons === undefined ? undefined : createNodeView({ context, daemons, ip: options.nodeIP, images: images.service, runtime: () => runtime });

  function bound(sandbox: SandboxRecord, given: Mount): Mount {
    // The token volume that every pod has.
    if (given.source === undefined && given.subPath === undefined) return given;
    const { source: _, ...mount } = given;
    if (mount.volume === HOST) return { ...mount, subPath: host.bind(mount.subPath ?? '/') };
    if (mount.subPath === undefined) return mount;
    const volume = loadVolume(context, sandbox, mount.volume);
    const subPath = bindSubPath(volume, mount.subPath, options.now());
    state.set(keys.volume(node, mount.volume), volume);
    return { ...mount, subPath };
  }

  /** What still runs in it ends with that exit code, for that reason. */
  function endSandbox(id: string, exitCode: number, reason?: string): void {
    const sandbox = load(id);
    if (sandbox === undefined || sandbox.state === 'notready') return;
    const now = options.now();
    runUntil(context, sandbox, now);
    for (const container of sandbox.containers) if (container.state === 'running') finishContainer(sandbox, container, exitCode, now, reason);
    sandbox.state = 'notready';
    state.delete(keys.volume(node, shmOf(sandbox)));
    if (sandbox.config.hostNetwork !== true) addresses.release(sandbox.ip);
    delete sandbox.execs;
    delete sandbox.repeats;
    delete sandbox.ports;
    save(sandbox);
  }

  /** Where containers are bound in a volume. */
  const boundIn = (volume: string): readonly string[] =>
    state
      .keys(keys.sandboxes(node))
      .flatMap((key) => state.get<SandboxRecord>(key)?.containers ?? [])
      .flatMap(({ config }) => config.mounts ?? [])
      .flatMap((mount) => (mount.volume === volume && mount.subPath !== undefined ? [mount.subPath] : []));

  const runtime: FakeRuntime = {
    node,
    ...images.service,
    ...createExecs(context),

    runPodSandbox(config: PodSandboxConfig, { ip: given, runtimeHandler: handler = DEFAULT_HANDLER, memoryLimit }: SandboxStart): SandboxStatus {
      const now = options.now();
      const id = hexOf(`${node}/${config.podUid}/${now}`);
      if (handler !== DEFAULT_HANDLER) throw new RuntimeError(`unable to get OCI runtime for sandbox "${id}": no runtime for "${handler}" is configured`);
      if (isTooLittle(memoryLimit)) throw new RuntimeError(`failed to start sandbox "${id}": ${INIT_KILLED}`);
      if (given !== undefined && config.hostNetwork !== true) addresses.claim(given, id);
      const ip = given ?? (config.hostNetwork === true ? options.nodeIP() : addresses.give(options.podCIDR(), id));
      const sandbox: SandboxRecord = { id, config, state: 'ready', ip, createdAt: now, containers: [] };
      save(sandbox);
      return { id, state: 'ready', ip, createdAt: now };
    },

    podSandboxStatus(id) {
      const sandbox = load(id);
      return sandbox === undefined ? undefined : { id: sandbox.id, state: sandbox.state, ip: sandbox.ip, createdAt: sandbox.createdAt as Time };
    },

    stopPodSandbox: (id) => endSandbox(id, 137),

    removePodSandbox(id) {
      const sandbox = load(id);
      if (sandbox === undefined) return;
      endSandbox(id, 137);
      for (const container of sandbox.containers) removeLog(state, node, container);
      state.delete(keys.sandbox(node, id));
    },

    createContainer(sandboxId, config: ContainerConfig, name: string) {
      const sandbox = load(sandboxId);
      if (sandbox === undefined) throw new RuntimeError(`failed to find sandbox id "${sandboxId}": not found`);
      const reference = images.parse(name);
      const image = images.service.imageStatus(name);
      if (image === undefined || 'error' in reference) throw new RuntimeError(`failed to resolve image "${name}": not found`);
      const id = containerId(sandbox.id, `${sandbox.id}/${config.name}/${config.attempt}`);
      const container: ContainerRecord = {
        id,
        config: config.mounts === undefined ? config : { ...config, mounts: config.mounts.map((mount) => bound(sandbox, mount)) },
        image: image.repoTags[0] ?? reference.normalized,
        imageRef: image.repoDigest,
        repository: reference.familiar,
        tag: reference.tag,
        state: 'created',
        createdAt: options.now(),
        uid: 0,
        gid: 0,
        groups: [],
      };
      const wrong = mountError(context, sandbox, container, config.mounts ?? []);
      if (wrong !== undefined) container.mountError = wrong;
      const described = imageDataOf(context, container);
      container.uid = config.runAsUser ?? (described === undefined && config.runAsNonRoot === true ? UNKNOWN_USER : (described?.uid ?? 0));
      container.gid = config.runAsGroup ?? (config.runAsUser === undefined || config.runAsUser === described?.uid ? (described?.gid ?? 0) : 0);
      const isImageUser = config.runAsUser === undefined || config.runAsUser === (described?.uid ?? 0);
      const groups = isImageUser && config.strictGroups !== true ? (described?.groups ?? []) : [];
      container.groups = [...new Set([container.gid, ...groups, ...(config.supplementalGroups ?? [])])];
      const target = config.targetContainer === undefined ? undefined : sandbox.containers.findLast((one) => one.config.name === config.targetContainer);
      if (target !== undefined && target.state !== 'running')
        throw new RuntimeError(
          `failed to generate container "${id}" spec: invalid target container: container "${target.id}" is not running - in state CONTAINER_${target.state.toUpperCase()}`,
        );
      if (argvOf(container, described).length === 0)
        throw new RuntimeError(`failed to generate container "${id}" spec: failed to generate spec: no command specified`);
      const unconfined = profileError(host, config);
      if (unconfined !== undefined) throw new RuntimeError(unconfined);
      // Not pushed: that makes room for sixteen more.
      sandbox.containers = sandbox.containers.concat(container);
      save(sandbox);
      note(sandbox, id);
      return id;
    },

    startContainer(id) {
      // What runs beside it is brought up to now first: it may find their files.
      const { sandbox, container } = find(id);
      const now = options.now();
      if (sandbox.containers.length > 1) runUntil(context, sandbox, now);
      const image = imageDataOf(context, container);
      const { stdin = false, tty = false, resources } = container.config;
      // In a shared namespace the pause container, or the target, is process 1; in the node's, its init.
      const { hostPID, shareProcessNamespace } = sandbox.config;
      if (hostPID === true || shareProcessNamespace === true || container.config.targetContainer !== undefined) {
        sandbox.pids = (sandbox.pids ?? (hostPID === true ? FIRST_ON_HOST + 37 * state.keys(keys.sandboxes(node)).length : 1)) + 6;
        container.pid = sandbox.pids;
      }
      try {
        if (isTooLittle(resources?.memoryLimit)) throw new RuntimeError(KILLED);
        if (container.mountError !== undefined) throw new RuntimeError(container.mountError);
        startProcess(context, sandbox, container, undefined, specOf(context, sandbox, container, argvOf(container, image), { stdin, tty }), now);
        container.state = 'running';
        container.startedAt = now;
      } catch (error) {
        if (!(error instanceof RuntimeError)) throw error;
        const message = error.message === KILLED ? INIT_KILLED : `${OCI_CREATE}${error.message}: unknown`;
        container.startedAt = 0;
        finishContainer(sandbox, container, 128, now, 'StartError', message);
        save(sandbox);
        throw new RuntimeError(message);
      }
      if (container.lazy === undefined) runUntil(context, sandbox, now);
      save(sandbox);
    },

    stopContainer(id, gracePeriod) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running') return;
      const now = options.now();
      if (gracePeriod <= 0) finishContainer(sandbox, container, 137, now);
      else {
        const killAt = now + gracePeriod;
        const told = container.killAt !== undefined;
        container.killAt = Math.min(container.killAt ?? FOREVER, killAt);
        if (told) {
          if (container.stop !== undefined) container.stop.grace = container.killAt - container.stop.at;
        } else {
          const signal = imageDataOf(context, container)?.stopSignal ?? 'SIGTERM';
          container.stop = { at: now, grace: gracePeriod, ...(signal === 'SIGTERM' ? {} : { signal }) };
          step(context, sandbox, { container, record: container }, now, (behaviour, host, process) => behaviour.signal(process, signal, host));
        }
      }
      save(sandbox);
    },

    loseSandbox: (id) => endSandbox(id, 255, 'Unknown'),

    killContainer(id, signal) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running') return;
      const now = options.now();
      if (signal === 'OOM') finishContainer(sandbox, container, 137, now, 'OOMKilled');
      else if (signal === 'SIGKILL') finishContainer(sandbox, container, 137, now);
      else step(context, sandbox, { container, record: container }, now, (behaviour, host, process) => behaviour.signal(process, signal, host));
      save(sandbox);
    },

    removeContainer(id) {
      const sandbox = sandboxOf(id);
      const container = sandbox?.containers.find((one) => one.id === id);
      if (sandbox === undefined || container === undefined) return;
      removeLog(state, node, container);
      sandbox.containers = sandbox.containers.filter((one) => one !== container);
      save(sandbox);
    },

    listContainers(sandboxId) {
      return (load(sandboxId)?.containers ?? []).map(statusOf);
    },

    containerInput(id, data) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running' || container.stdinClosed === true) return;
      if (data === undefined && container.config.stdinOnce === true) container.stdinClosed = true;
      if (data !== undefined || container.config.stdinOnce === true) feed(context, sandbox, { container, record: container }, data, options.now());
      runUntil(context, sandbox, options.now());
      save(sandbox);
    },

    updateContainerResources(id, resources) {
      const { sandbox, container } = find(id);
      container.config = { ...container.config, resources };
      save(sandbox);
    },

    usage(id) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running' || container.process === undefined) return { memory: 0, cpu: 0 };
      const behaviour = context.behaviours.find((one) => one.name === container.process?.behaviour);
      const used = behaviour?.usage?.(container.process, hostOf(context, sandbox, container, options.now())) ?? { memory: 2 * 1024 * 1024, cpu: 1_000_000 };
      // Its quota of processor time is all it gets.
      const { cpuLimit } = container.config.resources ?? {};
      return cpuLimit === undefined ? used : { ...used, cpu: Math.min(used.cpu, cpuLimit * 1_000_000) };
    },

    diskUsage(id) {
      const { container } = look(id);
      return treeSize(container.layer) + logSize(state, node, container);
    },

    logs(id, logOptions) {
      const { container } = look(id);
      return readLog(state, node, container, logOptions);
    },

    written(id, from) {
      const { container } = look(id);
      return readWritten(state, node, container, from);
    },

    setVolume(volume, content) {
      const key = keys.volume(node, volume);
      const before = state.get<VolumeRecord>(key);
      state.set(key, {
        tree: { ...(before === undefined ? {} : earlier(before.tree, boundIn(volume))), ...layOut(content, options.now()) },
        version: (before?.version ?? 0) + 1,
        ...(content.medium === undefined ? {} : { medium: content.medium }),
        ...(content.size === undefined ? {} : { size: content.size }),
      } satisfies VolumeRecord);
    },
    volumeUsage: (volume) => treeSize(state.get<VolumeRecord>(keys.volume(node, volume))?.tree),
    hostEntry: (path) => host.hostEntry(path),
    makeHostEntry: (path, type, mode) => host.makeHostEntry(path, type, mode),
    subPathTrouble(volume, base, subPath) {
      if (volume === HOST) return host.subPathTrouble(base, subPath);
      const { tree } = state.get<VolumeRecord>(keys.volume(node, volume)) ?? { tree: {} };
      return subPathTrouble(tree, base, subPath, (path) => host.hostEntry(path) !== undefined);
    },
    hostFiles: (directory) => host.hostFiles(directory),
    hostNames: (directory) => host.hostNames(directory),
    removeHostEntry: (path) => host.removeHostEntry(path),
    removeVolume: (volume) => state.delete(keys.volume(node, volume)),

    advance(sandboxId) {
      const sandbox = load(sandboxId);
      if (sandbox === undefined) return;
      const now = options.now();
      if ((nextEventOf(sandbox) ?? FOREVER) <= now && runUntil(context, sandbox, now)) save(sandbox);
    },
    nextEvent(sandboxId) {
      const sandbox = load(sandboxId);
      return sandbox === undefined ? undefined : (nextEventOf(sandbox) as Time | undefined);
    },

    nextStep(sandboxId) {
      const sandbox = load(sandboxId);
      // What was put off because nobody would notice is done now: who waits for the next step would wait for one in the past.
      if (sandbox !== undefined && nextDueOf(sandbox) <= options.now() && runUntil(context, sandbox, options.now())) save(sandbox);
      const at = sandbox === undefined ? FOREVER : nextDueOf(sandbox);
      return at >= FOREVER ? undefined : (at as Time);
    },

    sandboxAt: addresses.sandboxAt,
    podKey: (id) => load(id)?.config.podKey,
    noticeChanges: (id) => noticeChanges(context, id),
    onHost(port, protocol, address) {
      for (const key of state.keys(keys.sandboxes(node))) {
        const sandbox = state.get<SandboxRecord>(key);
        if (sandbox === undefined || sandbox.state !== 'ready') continue;
        const mapped = sandbox.config.hostPorts?.find(
          (one) => one.hostPort === port && one.protocol === protocol && ['', '0.0.0.0', address].includes(one.hostIP),
        )?.containerPort;
        if (mapped !== undefined) return { sandbox: sandbox.id, port: mapped };
        if (sandbox.config.hostNetwork === true && sandbox.ports?.[portKey(port, protocol)] !== undefined) return { sandbox: sandbox.id, port };
      }
      return undefined;
    },
    nextConnection(id) {
      const sandbox = load(id);
      if (sandbox === undefined) return 0;
      sandbox.connections = (sandbox.connections ?? 0) + 1;
      save(sandbox);
      return sandbox.connections;
    },

    affinity(id, key, lasts, to) {
      const sandbox = load(id);
      if (sandbox === undefined) return undefined;
      const now = options.now();
      const known = sandbox.affinities?.[key];
      if (to !== undefined) {
        sandbox.affinities = { ...sandbox.affinities, [key]: { to, at: now } };
        save(sandbox);
      }
      return known === undefined || now > known.at + lasts ? undefined : known.to;
    },

    serve: context.serve,
    request: (request) => requestFrom(requester, request),
    repeat(id, key, what) {
      const sandbox = load(id);
      if (sandbox === undefined || (what === undefined && sandbox.repeats?.[key] === undefined)) return;
      // Only a server that logs its requests shows them.
      if (what !== undefined && !sandbox.containers.some((one) => imageDataOf(context, one)?.run?.accessLog !== undefined)) return;
      runUntil(context, sandbox, options.now() - 1);
      delete sandbox.repeats?.[key];
      if (what !== undefined)
        sandbox.repeats = {
          ...sandbox.repeats,
          [key]: { port: what.request.port, request: servedRequest(what.request, requester.ownIP()), next: what.from, every: what.every },
        };
      else if (Object.keys(sandbox.repeats ?? {}).length === 0) delete sandbox.repeats;
      save(sandbox);
    },
  };
  return runtime;
}
