/**
 * One node's container runtime: containerd 2 pretended. Sandboxes, containers, images, logs and execs are JSON in the node's
 * state; processes are behaviours' affair (process.ts). Time passes only by {@link RuntimeService.advance} and by looking.
 */
import {
  type ContainerConfig,
  type ContainerStatus,
  type ExecStatus,
  type ImageService,
  type PodSandboxConfig,
  RuntimeError,
  type RuntimeService,
  type SandboxStatus,
  type VolumeContent,
} from '../api/cri.js';
import type { StateMap } from '../api/reconciler.js';
import { type Duration, milliseconds, type Time } from '../api/time.js';
import { addressFor, releaseAddress, sandboxAt } from './addresses.js';
import { behaviours } from './behaviour.js';
import { containerId, hexOf, sandboxKeyOf } from './identity.js';
import { createCatalogue, type ImageData } from './image.js';
import { createImageService } from './image-service.js';
import { readLog, removeLog } from './logs.js';
import type { NetworkView } from './network.js';
import { type Behaviour, type Files, FOREVER, type ServedAnswer, type ServedRequest } from './process.js';
import {
  argvOf,
  filesOf,
  finishContainer,
  hostOf,
  imageDataOf,
  nextDueOf,
  nextEventOf,
  nextStepOf,
  type RuntimeContext,
  runUntil,
  specOf,
  startProcess,
  step,
} from './processes.js';
import { parseReference } from './reference.js';
import type { RegistryFault } from './registry.js';
import {
  type ContainerRecord,
  type ExecRecord,
  keys,
  loadSandbox,
  type SandboxRecord,
  storedContainerConfig,
  storedSandboxConfig,
  TERMINATION_LOG,
} from './state.js';
import { layOut, type VolumeRecord } from './volumes.js';

export interface FakeRuntimeOptions {
  readonly node: string;
  readonly state: StateMap;
  now(): Time;
  /** The catalogue: fixtures/images and what `podsim image add` brought. */
  image(repository: string): ImageData | undefined;
  /** What `podsim fault registry-down` and `podsim image fail` say of an image. */
  fault?(repository: string, host: string): RegistryFault | undefined;
  /** `10.244.1.0/24`. */
  podCIDR(): string;
  nodeIP(): string;
  /** Undefined while there is none: pods reach only themselves. */
  network?(): NetworkView | undefined;
  /** Asked before the runtime's own: the shell. */
  readonly behaviours?: readonly Behaviour[];
  /** Content of a volume that was never set (RuntimeContext.volume). */
  volume?(podKey: string, volume: string): VolumeContent | undefined;
}

/** What others on the server's side may ask besides the CRI. */
export interface FakeRuntime extends RuntimeService, ImageService {
  readonly node: string;
  /** The sandbox that has this address on this node. */
  sandboxAt(ip: string): string | undefined;
  /** One request to a port of a sandbox, from wherever. undefined: nobody listens. */
  serve(sandbox: string, port: number, request: ServedRequest): ServedAnswer | undefined;
  /** A container's files, as `kubectl cp` and the kubelet's checks see them; undefined unless it runs. */
  files(container: string): Files | undefined;
  volume(name: string): VolumeRecord | undefined;
}

const OCI_CREATE =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ';
const OCI_EXEC = 'OCI runtime exec failed: exec failed: unable to start container process: ';

export function createFakeRuntime(options: FakeRuntimeOptions): FakeRuntime {
  const { node, state } = options;
  const catalogue = createCatalogue(options.image);
  const context: RuntimeContext = {
    node,
    state,
    now: options.now,
    catalogue,
    behaviours: behaviours(catalogue, options.behaviours),
    network: () => options.network?.(),
    ...(options.volume === undefined ? {} : { volume: options.volume }),
  };
  const images = createImageService({ node, state, catalogue, ...(options.fault === undefined ? {} : { fault: options.fault }) });

  const save = (sandbox: SandboxRecord): void => state.set(keys.sandbox(node, sandbox.id), sandbox);
  const sandboxOf = (container: string): SandboxRecord | undefined => state.get<SandboxRecord>(`${keys.sandboxes(node)}${sandboxKeyOf(container)}`);

  function find(id: string): { sandbox: SandboxRecord; container: ContainerRecord } {
    const sandbox = sandboxOf(id);
    const container = sandbox?.containers.find((one) => one.id === id);
    if (sandbox === undefined || container === undefined)
      throw new RuntimeError(`rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`);
    return { sandbox, container };
  }
  /** Finds it with everything in its sandbox brought up to now. */
  function look(id: string): { sandbox: SandboxRecord; container: ContainerRecord } {
    const found = find(id);
    if (runUntil(context, found.sandbox, options.now())) save(found.sandbox);
    return found;
  }
  function findExec(id: string): { sandbox: SandboxRecord; container: ContainerRecord; exec: ExecRecord } | undefined {
    const sandbox = sandboxOf(id.slice(0, 64));
    const exec = sandbox?.execs?.[id];
    const container = sandbox?.containers.find((one) => id.startsWith(one.id));
    if (sandbox === undefined || exec === undefined || container === undefined) return undefined;
    if (runUntil(context, sandbox, options.now())) save(sandbox);
    return { sandbox, container, exec };
  }

  function startExec(id: string, argv: readonly string[], streams: { stdin: boolean; tty: boolean }, timeout?: Duration): string {
    const { sandbox, container } = look(id);
    if (container.state !== 'running') throw new RuntimeError(`container is in CONTAINER_${container.state.toUpperCase()} state`);
    const now = options.now();
    sandbox.execCount = (sandbox.execCount ?? 0) + 1;
    sandbox.pids = (sandbox.pids ?? 1) + 1 + (sandbox.execCount % 5);
    const execId = `${id}/${sandbox.execCount}`;
    const exec: ExecRecord = {
      argv,
      startedAt: now,
      pid: sandbox.pids,
      output: [],
      ...(streams.tty ? { tty: true } : {}),
      ...(timeout === undefined ? {} : { killAt: now + timeout }),
    };
    sandbox.execs ??= {};
    sandbox.execs[execId] = exec;
    try {
      startProcess(context, sandbox, container, exec, specOf(context, sandbox, container, argv, streams), now);
      runUntil(context, sandbox, now);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      exec.finishedAt = now;
      exec.exitCode = error.message.includes('permission denied') ? 126 : 127;
      exec.error = error.message;
      delete exec.killAt;
    }
    save(sandbox);
    return execId;
  }

  return {
    node,
    ...images,

    runPodSandbox(config: PodSandboxConfig): SandboxStatus {
      const now = options.now();
      const id = hexOf(`${node}/${config.podUid}/${now}`);
      const ip = config.hostNetwork ? options.nodeIP() : addressFor(state, node, options.podCIDR(), id);
      const sandbox: SandboxRecord = { id, config: storedSandboxConfig(config), state: 'ready', ip, createdAt: now, containers: [] };
      save(sandbox);
      return { id, state: 'ready', ip, createdAt: now };
    },

    podSandboxStatus(id) {
      const sandbox = loadSandbox(state, node, id);
      return sandbox === undefined ? undefined : { id: sandbox.id, state: sandbox.state, ip: sandbox.ip, createdAt: sandbox.createdAt as Time };
    },

    stopPodSandbox(id) {
      const sandbox = loadSandbox(state, node, id);
      if (sandbox === undefined || sandbox.state === 'notready') return;
      const now = options.now();
      runUntil(context, sandbox, now);
      for (const container of sandbox.containers) if (container.state === 'running') finishContainer(sandbox, container, 137, now);
      sandbox.state = 'notready';
      if (sandbox.config.hostNetwork !== true) releaseAddress(state, node, sandbox.ip);
      delete sandbox.execs;
      delete sandbox.ports;
      save(sandbox);
    },

    removePodSandbox(id) {
      const sandbox = loadSandbox(state, node, id);
      if (sandbox === undefined) return;
      this.stopPodSandbox(id);
      for (const container of sandbox.containers) removeLog(state, node, container);
      state.delete(keys.sandbox(node, id));
    },

    createContainer(sandboxId, config: ContainerConfig) {
      const sandbox = loadSandbox(state, node, sandboxId);
      if (sandbox === undefined) throw new RuntimeError(`failed to find sandbox id "${sandboxId}": not found`);
      const reference = parseReference(config.image);
      const image = images.imageStatus(config.image);
      if (image === undefined || 'error' in reference) throw new RuntimeError(`failed to resolve image "${config.image}": not found`);
      const id = containerId(sandbox.id, `${sandbox.id}/${config.name}/${config.attempt}`);
      const container: ContainerRecord = {
        id,
        config: storedContainerConfig(config),
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
      const described = imageDataOf(context, container);
      container.uid = config.runAsUser ?? described?.uid ?? 0;
      container.gid = config.runAsGroup ?? (config.runAsUser === undefined || config.runAsUser === described?.uid ? (described?.gid ?? 0) : 0);
      const groups = config.runAsUser === undefined || config.runAsUser === (described?.uid ?? 0) ? (described?.groups ?? []) : [];
      container.groups = [...new Set([container.gid, ...groups, ...(config.supplementalGroups ?? [])])];
      if (argvOf(container, described).length === 0)
        throw new RuntimeError(`failed to generate container "${id}" spec: failed to generate spec: no command specified`);
      sandbox.containers.push(container);
      save(sandbox);
      return id;
    },

    startContainer(id) {
      const { sandbox, container } = find(id);
      const now = options.now();
      const image = imageDataOf(context, container);
      const { stdin = false, tty = false } = container.config;
      try {
        startProcess(context, sandbox, container, undefined, specOf(context, sandbox, container, argvOf(container, image), { stdin, tty }), now);
        container.state = 'running';
        container.startedAt = now;
      } catch (error) {
        if (!(error instanceof RuntimeError)) throw error;
        const message = `${OCI_CREATE}${error.message}: unknown`;
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
        if (!told) {
          const signal = imageDataOf(context, container)?.stopSignal ?? 'SIGTERM';
          step(context, sandbox, { container, record: container }, now, (behaviour, host, process) => behaviour.signal(process, signal, host));
        }
      }
      save(sandbox);
    },

    loseSandbox(id) {
      const sandbox = loadSandbox(state, node, id);
      if (sandbox === undefined || sandbox.state === 'notready') return;
      const now = options.now();
      runUntil(context, sandbox, now);
      for (const container of sandbox.containers) if (container.state === 'running') finishContainer(sandbox, container, 255, now, 'Unknown');
      sandbox.state = 'notready';
      if (sandbox.config.hostNetwork !== true) releaseAddress(state, node, sandbox.ip);
      delete sandbox.execs;
      delete sandbox.ports;
      save(sandbox);
    },

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
      return (loadSandbox(state, node, sandboxId)?.containers ?? []).map(statusOf);
    },

    exec: (id, argv, timeout) => startExec(id, argv, { stdin: false, tty: false }, timeout),
    openExec: (id, argv, streams) => startExec(id, argv, streams),

    execStatus(id): ExecStatus | undefined {
      const found = findExec(id);
      if (found === undefined) return undefined;
      const { exec, sandbox } = found;
      const output = exec.output.map((piece) => piece.text).join('');
      const startedAt = exec.startedAt as Time;
      if (exec.finishedAt === undefined) return { state: 'running', startedAt, output };
      const finishedAt = exec.finishedAt as Time;
      if (exec.error !== undefined)
        return {
          state: 'failed',
          startedAt,
          finishedAt,
          output: '',
          exitCode: exec.exitCode ?? 127,
          error: `${OCI_EXEC}${exec.error}: unknown`,
          steadyUntil: FOREVER,
        };
      if (exec.timedOut === true) return { state: 'failed', startedAt, finishedAt, output: '', timedOut: true };
      return {
        state: 'exited',
        exitCode: exec.exitCode ?? 0,
        startedAt,
        finishedAt,
        output,
        ...(exec.steady === true && finishedAt === startedAt ? { steadyUntil: nextStepOf(sandbox) as Time } : {}),
      };
    },

    removeExec(id) {
      const sandbox = sandboxOf(id.slice(0, 64));
      if (sandbox?.execs?.[id] === undefined) return;
      delete sandbox.execs[id];
      if (Object.keys(sandbox.execs).length === 0) delete sandbox.execs;
      save(sandbox);
    },

    execOutput: (id, offset) => findExec(id)?.exec.output.slice(offset) ?? [],

    execInput(id, data) {
      const found = findExec(id);
      if (found === undefined || found.exec.finishedAt !== undefined) return;
      const { sandbox, container, exec } = found;
      step(
        context,
        sandbox,
        { container, record: exec, exec },
        options.now(),
        (behaviour, host, process) => behaviour.input?.(process, data, host) ?? { state: process },
      );
      runUntil(context, sandbox, options.now());
      save(sandbox);
    },

    containerInput(id, data) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running' || container.stdinClosed === true) return;
      if (data === undefined && container.config.stdinOnce === true) container.stdinClosed = true;
      if (data !== undefined || container.config.stdinOnce === true)
        step(
          context,
          sandbox,
          { container, record: container },
          options.now(),
          (behaviour, host, process) => behaviour.input?.(process, data, host) ?? { state: process },
        );
      runUntil(context, sandbox, options.now());
      save(sandbox);
    },

    usage(id) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running' || container.process === undefined) return { memory: 0, cpu: 0 };
      const behaviour = context.behaviours.find((one) => one.name === container.process?.behaviour);
      return behaviour?.usage?.(container.process, hostOf(context, sandbox, container, options.now())) ?? { memory: 2 * 1024 * 1024, cpu: 1_000_000 };
    },

    logs(id, logOptions) {
      const { container } = look(id);
      return readLog(state, node, container, logOptions);
    },

    setVolume(volume, content) {
      const key = keys.volume(node, volume);
      const version = state.get<VolumeRecord>(key)?.version ?? 0;
      state.set(key, {
        tree: layOut(content, options.now()),
        version: version + 1,
        ...(content.medium === undefined ? {} : { medium: content.medium }),
        ...(content.sizeLimit === undefined ? {} : { sizeLimit: content.sizeLimit }),
      } satisfies VolumeRecord);
    },
    removeVolume: (volume) => state.delete(keys.volume(node, volume)),
    volume: (name) => state.get<VolumeRecord>(keys.volume(node, name)),

    advance(sandboxId) {
      const sandbox = loadSandbox(state, node, sandboxId);
      if (sandbox === undefined) return;
      const now = options.now();
      if ((nextEventOf(sandbox) ?? FOREVER) <= now && runUntil(context, sandbox, now)) save(sandbox);
    },
    nextEvent(sandboxId) {
      const sandbox = loadSandbox(state, node, sandboxId);
      return sandbox === undefined ? undefined : (nextEventOf(sandbox) as Time | undefined);
    },

    nextStep(sandboxId) {
      const sandbox = loadSandbox(state, node, sandboxId);
      const at = sandbox === undefined ? FOREVER : nextDueOf(sandbox);
      return at >= FOREVER ? undefined : (at as Time);
    },

    sandboxAt: (ip) => sandboxAt(state, node, ip),

    serve(sandboxId, port, request) {
      const sandbox = loadSandbox(state, node, sandboxId);
      if (sandbox === undefined || sandbox.state !== 'ready') return undefined;
      const now = options.now();
      let changed = runUntil(context, sandbox, now);
      for (const container of sandbox.containers) {
        if (container.state !== 'running' || container.process === undefined) continue;
        const behaviour = context.behaviours.find((one) => one.name === container.process?.behaviour);
        const answer = behaviour?.serve?.(container.process, port, request, hostOf(context, sandbox, container, now));
        if (answer === undefined) continue;
        if (answer.state !== undefined) container.process = answer.state;
        changed ||= answer.state !== undefined || container.log !== undefined;
        if (changed) save(sandbox);
        return answer;
      }
      if (changed) save(sandbox);
      return undefined;
    },

    request(request) {
      const sandbox = request.sandbox !== undefined ? loadSandbox(state, node, request.sandbox) : undefined;
      const local =
        sandbox !== undefined && (request.host === sandbox.ip || request.host === '' || request.host === '127.0.0.1' || request.host === 'localhost')
          ? sandbox.id
          : sandboxAt(state, node, request.host);
      if (local === undefined) return { failure: 'timeout', takes: milliseconds(FOREVER) };
      const from = options.podCIDR().replace(/\d+\/\d+$/, '1');
      const answer = this.serve(
        local,
        request.port,
        request.type === 'http'
          ? { type: 'http', method: request.method ?? 'GET', path: request.path, headers: request.headers, body: request.body ?? '', from }
          : request.type === 'grpc'
            ? { type: 'grpc', service: request.service, from }
            : { type: 'tcp', from, ...(request.data === undefined ? {} : { data: request.data }) },
      );
      const owner = loadSandbox(state, node, local);
      if (answer === undefined)
        return { failure: 'refused', takes: milliseconds(1), ...(owner === undefined ? {} : { steadyUntil: nextStepOf(owner) as Time }) };
      const { takes, steadyUntil, status, body, headers, serving } = answer;
      const until = steadyUntil === undefined || owner === undefined ? undefined : Math.min(steadyUntil, nextStepOf(owner));
      return {
        takes: milliseconds(takes),
        ...(until === undefined ? {} : { steadyUntil: until as Time }),
        ...(status === undefined ? {} : { status }),
        ...(body === undefined ? {} : { body }),
        ...(headers === undefined ? {} : { headers }),
        ...(serving === undefined ? {} : { serving }),
      };
    },

    files(id) {
      const { sandbox, container } = look(id);
      if (container.state !== 'running') return undefined;
      const files = filesOf(context, sandbox, container, options.now());
      // Whoever writes through it from outside changes the container's layer: keep it.
      save(sandbox);
      return files;
    },
  };
}

/** What the CRI's ContainerStatus says of it. */
function statusOf(container: ContainerRecord): ContainerStatus {
  const { id, config, state, createdAt, startedAt, finishedAt, exitCode, reason, message, image, imageRef, uid, gid, groups } = container;
  const written = state === 'exited' ? terminationMessage(container) : undefined;
  return {
    id,
    name: config.name,
    attempt: config.attempt,
    state,
    createdAt: createdAt as Time,
    ...(startedAt === undefined ? {} : { startedAt: startedAt as Time }),
    ...(finishedAt === undefined ? {} : { finishedAt: finishedAt as Time }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(written === undefined ? {} : { terminationMessage: written }),
    image,
    imageRef,
    user: { uid, gid, supplementalGroups: groups },
  };
}

/** The file at terminationMessagePath is mounted from the kubelet's own directory; here it is where the process wrote it. */
function terminationMessage(container: ContainerRecord): string | undefined {
  const text = container.layer?.[container.config.terminationMessagePath ?? TERMINATION_LOG]?.data;
  return text === undefined || text === '' ? undefined : text.slice(0, 4096);
}
