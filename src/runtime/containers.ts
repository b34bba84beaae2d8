/** The life of containers: made, started, told to stop, killed, removed; and what they use and write. */
import { type ContainerConfig, type Mount, RuntimeError, type RuntimeService } from '../api/cri.js';
import { statusOf } from './container-status.js';
import { hostOf, imageDataOf } from './host.js';
import { HOST, type hostFiles } from './host-files.js';
import { containerId } from './identity.js';
import { type ImageData, UNKNOWN_USER } from './image.js';
import type { Images } from './image-service.js';
import { logSize, readLog, readWritten, removeLog } from './logs.js';
import { mountError } from './mount-error.js';
import { FOREVER } from './process.js';
import { argvOf, feed, finishContainer, type RuntimeContext, runUntil, specOf, startProcess, step } from './processes.js';
import { profileError } from './profile-error.js';
import type { Sandboxes } from './sandboxes.js';
import { type ContainerRecord, keys, type SandboxRecord, treeSize } from './state.js';
import { bindSubPath } from './sub-paths.js';
import { loadVolume } from './volumes.js';

type Containers = Pick<
  RuntimeService,
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'killContainer'
  | 'removeContainer'
  | 'listContainers'
  | 'containerInput'
  | 'updateContainerResources'
  | 'usage'
  | 'diskUsage'
  | 'logs'
  | 'written'
>;

const OCI = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
const OCI_CREATE = `${OCI}error during container init: `;
/** Numbers of processes that see the node's are above this. */
const FIRST_ON_HOST = 3000;
/** With less than this not even runc's own process fits. */
const LEAST_MEMORY = 4 * 1024 * 1024;
/** No limit is none too little. */
export const isTooLittle = (limit: number | undefined): boolean => limit !== undefined && limit > 0 && limit < LEAST_MEMORY;
const KILLED = 'container init was OOM-killed (memory limit too low?)';
export const INIT_KILLED = `${OCI}${KILLED}: unknown`;

/** Whom its processes run as: what the pod says counts more than the image's USER. */
function identityOf(config: ContainerConfig, image: ImageData | undefined): Pick<ContainerRecord, 'uid' | 'gid' | 'groups'> {
  const uid = config.runAsUser ?? (image === undefined && config.runAsNonRoot === true ? UNKNOWN_USER : (image?.uid ?? 0));
  const gid = config.runAsGroup ?? (config.runAsUser === undefined || config.runAsUser === image?.uid ? (image?.gid ?? 0) : 0);
  const isImageUser = config.runAsUser === undefined || config.runAsUser === (image?.uid ?? 0);
  const groups = isImageUser && config.strictGroups !== true ? (image?.groups ?? []) : [];
  return { uid, gid, groups: [...new Set([gid, ...groups, ...(config.supplementalGroups ?? [])])] };
}

/** Why containerd makes no OCI spec of it. */
function specError(sandbox: SandboxRecord, container: ContainerRecord, image: ImageData | undefined): string | undefined {
  const { targetContainer } = container.config;
  const target = targetContainer === undefined ? undefined : sandbox.containers.findLast((one) => one.config.name === targetContainer);
  if (target !== undefined && target.state !== 'running')
    return `invalid target container: container "${target.id}" is not running - in state CONTAINER_${target.state.toUpperCase()}`;
  return argvOf(container, image).length === 0 ? 'failed to generate spec: no command specified' : undefined;
}

export function createContainers(
  context: RuntimeContext,
  { load, save, note, find, look, sandboxOf }: Sandboxes,
  images: Images,
  host: ReturnType<typeof hostFiles>,
): Containers {
  const { node, state } = context;

  function bound(sandbox: SandboxRecord, given: Mount): Mount {
    // The token volume that every pod has.
    if (given.source === undefined && given.subPath === undefined) return given;
    const { source: _, ...mount } = given;
    if (mount.volume === HOST) return { ...mount, subPath: host.bind(mount.subPath ?? '/') };
    if (mount.subPath === undefined) return mount;
    const volume = loadVolume(context, sandbox, mount.volume);
    const subPath = bindSubPath(volume, mount.subPath, context.now());
    state.set(keys.volume(node, mount.volume), volume);
    return { ...mount, subPath };
  }

  /** In a shared namespace the pause container, or the target, is process 1; in the node's, its init. */
  function numberProcess(sandbox: SandboxRecord, container: ContainerRecord): void {
    const { hostPID, shareProcessNamespace } = sandbox.config;
    if (hostPID !== true && shareProcessNamespace !== true && container.config.targetContainer === undefined) return;
    sandbox.pids = (sandbox.pids ?? (hostPID === true ? FIRST_ON_HOST + 37 * state.keys(keys.sandboxes(node)).length : 1)) + 6;
    container.pid = sandbox.pids;
  }

  return {
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
        createdAt: context.now(),
        uid: 0,
        gid: 0,
        groups: [],
      };
      const wrong = mountError(context, sandbox, container, config.mounts ?? []);
      if (wrong !== undefined) container.mountError = wrong;
      const described = imageDataOf(context, container);
      Object.assign(container, identityOf(config, described));
      const why = specError(sandbox, container, described);
      if (why !== undefined) throw new RuntimeError(`failed to generate container "${id}" spec: ${why}`);
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
      const now = context.now();
      if (sandbox.containers.length > 1) runUntil(context, sandbox, now);
      const image = imageDataOf(context, container);
      const { stdin = false, tty = false, resources } = container.config;
      numberProcess(sandbox, container);
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
      const now = context.now();
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

    killContainer(id, signal) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running') return;
      const now = context.now();
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
      if (data !== undefined || container.config.stdinOnce === true) feed(context, sandbox, { container, record: container }, data, context.now());
      runUntil(context, sandbox, context.now());
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
      const used = behaviour?.usage?.(container.process, hostOf(context, sandbox, container, context.now())) ?? { memory: 2 * 1024 * 1024, cpu: 1_000_000 };
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
  };
}
