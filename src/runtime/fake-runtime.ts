/**
 * One node's container runtime: containerd 2 pretended. Sandboxes, containers, images, logs and execs are JSON in the node's
 * state; processes are behaviours' affair (process.ts). Time passes only by {@link RuntimeService.advance} and by looking.
 */
import {
  type ImageService,
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
import { createConnections } from './connections.js';
import { createContainers, INIT_KILLED, isTooLittle } from './containers.js';
import { createExecs } from './execs.js';
import { hostFiles, hostTrees } from './host-files.js';
import { hexOf } from './identity.js';
import { createImageService } from './image-service.js';
import { removeLog } from './logs.js';
import type { NetworkView } from './network.js';
import { createNodeView, type NodeDaemons } from './node-view.js';
import { createVolumes } from './node-volumes.js';
import { FOREVER, type Protocol, type ServedAnswer, type ServedRequest } from './process.js';
import { finishContainer, nextDueOf, nextEventOf, noticeChanges, type RuntimeContext, runUntil } from './processes.js';
import type { RegistryFault } from './registry.js';
import { createSandboxes } from './sandboxes.js';
import { type Requester, serveFrom } from './serving.js';
import { keys, type SandboxRecord } from './state.js';
import { shmOf } from './volumes.js';

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

const DEFAULT_HANDLER = 'runc';

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

  const sandboxes = createSandboxes(context);
  const { load, save } = sandboxes;

  const host = hostFiles(context);
  const { daemons } = options;
  const view = daemons === undefined ? undefined : createNodeView({ context, daemons, ip: options.nodeIP, images: images.service, runtime: () => runtime });

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

  const runtime: FakeRuntime = {
    node,
    ...images.service,
    ...createContainers(context, sandboxes, images, host),
    ...createExecs(context),
    ...createVolumes(context, host),
    ...createConnections(requester, sandboxes),

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

    loseSandbox: (id) => endSandbox(id, 255, 'Unknown'),

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
  };
  return runtime;
}
