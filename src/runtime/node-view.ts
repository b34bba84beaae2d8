/** A node as those see it who may reach its sockets and its init: crictl, systemctl, journalctl, kubeadm, etcdctl. */
import type { Image, ImageService, LogLine, LogOptions, RuntimeService } from '../api/cri.js';
import { milliseconds, type Time } from '../api/time.js';
import { sandboxKeyOf } from './identity.js';
import type { Protocol } from './process.js';
import { argvOf, type RuntimeContext } from './processes.js';
import { type ContainerRecord, keys, type SandboxRecord } from './state.js';

/** A unit of the node's init that can be stopped and started. */
export interface UnitView {
  readonly isActive: boolean;
  /** When it came to be as it is. */
  readonly since: Time;
  readonly pid: number;
}

export interface JournalLine {
  readonly at: Time;
  /** `kubelet[223]`. */
  readonly who: string;
  readonly text: string;
}

/** What the cluster lends to a node's runtime: its daemons, and on a control plane what stands behind them. */
export interface NodeDaemons {
  unit(name: string): UnitView | undefined;
  /** Stops or starts it; a start of what runs is a restart. */
  setUnit(name: string, isActive: boolean): void;
  journal(unit: string): readonly JournalLine[];
  /** Something in a pod was changed behind the kubelet's back. */
  podChanged(podKey: string): void;
  readonly kubernetes: string;
  /** Of a control plane: the keys of the cluster's store, their values as JSON, and the revision of its last change. */
  readonly etcd?: { readonly revision: number; keys(prefix: string): readonly string[]; value(key: string): string | undefined };
  /** Of a control plane: bootstrap tokens. */
  tokens?(): readonly { readonly id: string; readonly data: Readonly<Record<string, string>> }[];
  createToken?(id: string, secret: string, expires: number | undefined, description: string | undefined): void;
  /** False: there was none. */
  deleteToken?(id: string): boolean;
  /** How another node is to join with it. */
  joinCommand?(token: string): string;
  /** When the cluster was made; its certificates are as old. */
  readonly made: Time;
}

export interface NodeView {
  readonly name: string;
  readonly ip: string;
  readonly daemons: NodeDaemons;
  /** Newest first. */
  sandboxes(): readonly SandboxView[];
  images(): readonly Image[];
  /** Who listens on the node's own network. */
  listening(): readonly { readonly protocol: Protocol; readonly address: string; readonly port: number; readonly program: string }[];
  logs(container: string, options: LogOptions): readonly LogLine[];
  stop(container: string, seconds: number): void;
  remove(container: string): void;
  stopSandbox(sandbox: string): void;
  removeSandbox(sandbox: string): void;
  removeImage(reference: string): void;
}

export interface SandboxView {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly attempt: number;
  readonly isReady: boolean;
  readonly ip: string;
  readonly hostNetwork: boolean;
  readonly createdAt: Time;
  /** Newest first. */
  readonly containers: readonly ContainerView[];
}

export interface ContainerView {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: 'created' | 'running' | 'exited';
  readonly createdAt: Time;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  /** As it was asked for, and the id of what that was. */
  readonly image: string;
  readonly imageId: string;
  readonly imageRef: string;
  readonly mounts: readonly { readonly containerPath: string; readonly readOnly: boolean }[];
}

/** What kubeadm lets its components show to the node alone. */
const LOCAL: ReadonlySet<number> = new Set([2381, 10_249, 10_257, 10_259]);

export interface NodeViewOptions {
  readonly context: RuntimeContext;
  readonly daemons: NodeDaemons;
  ip(): string;
  readonly images: ImageService;
  runtime(): RuntimeService;
}

export function createNodeView({ context, daemons, ip, images, runtime }: NodeViewOptions): NodeView {
  const { node, state } = context;
  /** Acts on a sandbox, or on a container of it, and has the kubelet look. */
  const act = (id: string, work: (service: RuntimeService) => void): void => {
    const { config } = state.get<SandboxRecord>(`${keys.sandboxes(node)}${sandboxKeyOf(id)}`) ?? state.get<SandboxRecord>(keys.sandbox(node, id)) ?? {};
    work(runtime());
    if (config !== undefined) daemons.podChanged(config.podKey);
  };
  return {
    name: node,
    daemons,
    get ip() {
      return ip();
    },
    sandboxes() {
      const all = state.keys(keys.sandboxes(node)).flatMap((key) => state.get<SandboxRecord>(key) ?? []);
      const before = new Map<string, number>();
      const views = all
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
        .map((sandbox): SandboxView => {
          const attempt = before.get(sandbox.config.podUid) ?? 0;
          before.set(sandbox.config.podUid, attempt + 1);
          return sandboxView(sandbox, attempt, images);
        });
      return views.reverse();
    },
    images: () => images.listImages(),
    listening() {
      const own: { protocol: Protocol; address: string; port: number; program: string }[] = [
        { protocol: 'TCP', address: '127.0.0.1', port: 36_443, program: 'containerd' },
        ...(daemons.unit('kubelet')?.isActive === true
          ? [
              { protocol: 'TCP' as const, address: '127.0.0.1', port: 10_248, program: 'kubelet' },
              { protocol: 'TCP' as const, address: '*', port: 10_250, program: 'kubelet' },
            ]
          : []),
      ];
      for (const key of state.keys(keys.sandboxes(node))) {
        const sandbox = state.get<SandboxRecord>(key);
        if (sandbox?.state !== 'ready' || sandbox.config.hostNetwork !== true) continue;
        for (const [claimed, container] of Object.entries(sandbox.ports ?? {})) {
          const [protocol, port] = claimed.split('/');
          const found = sandbox.containers.find(({ id }) => id === container);
          const image = found === undefined ? undefined : context.catalogue.image(found.repository, found.tag);
          const words = found === undefined ? [] : argvOf(found, image);
          const program = (words[0] ?? '').split('/').at(-1) ?? '';
          own.push({ protocol: protocol === 'udp' ? 'UDP' : 'TCP', address: LOCAL.has(Number(port)) ? '127.0.0.1' : '*', port: Number(port), program });
        }
      }
      return own.sort((a, b) => Number(a.address === '*') - Number(b.address === '*') || a.port - b.port);
    },
    logs: (id, options) => runtime().logs(id, options),
    stop: (id, seconds) => act(id, (service) => service.stopContainer(id, milliseconds(seconds * 1000))),
    remove: (id) => act(id, (service) => service.removeContainer(id)),
    stopSandbox: (id) => act(id, (service) => service.stopPodSandbox(id)),
    removeSandbox: (id) => act(id, (service) => service.removePodSandbox(id)),
    removeImage: (reference) => images.removeImage(reference),
  };
}

function sandboxView({ id, config, state, ip, createdAt, containers }: SandboxRecord, attempt: number, images: ImageService): SandboxView {
  const [namespace = '', name = ''] = config.podKey.split('/');
  return {
    id,
    namespace,
    name,
    uid: config.podUid,
    attempt,
    isReady: state === 'ready',
    ip,
    hostNetwork: config.hostNetwork === true,
    createdAt: createdAt as Time,
    containers: containers.map((container) => containerView(container, images)).reverse(),
  };
}

const containerView = (
  { id, config, state, createdAt, startedAt, finishedAt, exitCode, reason, message, image, imageRef }: ContainerRecord,
  images: ImageService,
): ContainerView => ({
  id,
  name: config.name,
  attempt: config.attempt,
  state,
  createdAt: createdAt as Time,
  startedAt,
  finishedAt,
  exitCode,
  reason,
  message,
  image,
  imageId: images.imageStatus(image)?.id ?? imageRef,
  imageRef,
  mounts: (config.mounts ?? []).map(({ containerPath, readOnly }) => ({ containerPath, readOnly })),
});
