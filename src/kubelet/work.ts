/** What one reconcile of one pod works with: the pod, the kubelet's memory of it, the runtime, and the few things all steps do. */
import type { ImageService, ContainerStatus as Instance, PodSandboxConfig, RuntimeService, SandboxStatus } from '../api/cri.js';
import type { Mutable, ObjectKey } from '../api/object.js';
import type { Context, EventType, StateMap } from '../api/reconciler.js';
import { type Duration, seconds, type Time, time } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';
import type { Container } from '../resources/pod-template/types.js';
import type { Pod, PodStatus } from '../resources/pods/types.js';
import { type Instances, newestOf } from './container-status.js';
import type { ServiceVariables } from './env.js';
import { spread } from './hash.js';
import type { PodRecord } from './record.js';
import type { Manifests } from './static-pods.js';
import { generateStatus, isIllegalTransition, isSameStatus, type StatusInput } from './status.js';

/** Pods are looked at again so often though nothing has happened, where that can show (syncFrequency). */
export const RESYNC = seconds(60);

export type Runtime = RuntimeService & ImageService;

export interface KubeletOptions {
  readonly node: string;
  readonly runtime: Runtime;
  readonly state: StateMap;
  /** The node's own address. */
  nodeIP(): string;
  /** Address of the cluster's DNS service and its domain. */
  readonly dns?: { readonly server: string; readonly domain: string };
  /** The Node this kubelet registers when there is none of its name; absent: somebody else makes it. */
  register?(): Node;
  /** Absent: no static pods but those the API knows of. */
  readonly manifests?: Manifests;
}

/** What all reconciles of a node's pods share. */
export interface Kubelet extends KubeletOptions {
  readonly services: ServiceVariables;
  /** How pods that ask the cluster first resolve names, by namespace. */
  readonly resolvers: Map<string, PodSandboxConfig['dns']>;
  /** Of the state: a key put together anew has to be hashed anew. */
  readonly keys: { readonly usage: string; readonly pulls: string };
}

const NONE: Instances = [];

export class Work {
  #instances: Instances | undefined;
  #sandbox: SandboxStatus | undefined;
  #signature: string | undefined;
  #wake = Number.POSITIVE_INFINITY;
  readonly now: Time;
  /** The status has been written in this reconcile. */
  written = false;
  /** Something probes decide has changed: the status is to be written even between syncs. */
  changed = false;

  constructor(
    readonly kubelet: Kubelet,
    readonly context: Context,
    readonly key: ObjectKey,
    public pod: Pod,
    readonly record: PodRecord,
  ) {
    this.now = context.now;
  }

  get runtime(): Runtime {
    return this.kubelet.runtime;
  }
  get sandbox(): SandboxStatus | undefined {
    if (this.record.sandbox === undefined) return undefined;
    this.#sandbox ??= this.runtime.podSandboxStatus(this.record.sandbox);
    return this.#sandbox;
  }
  /** All instances the runtime still has, oldest first. Ask again after changing something ({@link refresh}). */
  get instances(): Instances {
    if (this.#instances === undefined) {
      const { sandbox, previous } = this.record;
      const own = sandbox === undefined ? NONE : this.runtime.listContainers(sandbox);
      this.#instances = previous === undefined ? own : [...this.runtime.listContainers(previous), ...own];
    }
    return this.#instances;
  }
  /** What of the runtime a sync must have seen: the sandbox and the newest instance of every container. */
  get signature(): string {
    this.#signature ??= this.sign();
    return this.#signature;
  }
  private sign(): string {
    const { sandbox } = this.record;
    if (sandbox === undefined) return '';
    const { instances } = this;
    let text = sandbox.slice(0, 8);
    for (const one of instances) {
      const { name } = one;
      if (instances.find((other) => other.name === name) !== one) continue;
      const { attempt, state } = newestOf(instances, name) ?? one;
      text += `,${name}${attempt}${state[0]}`;
    }
    return this.sandbox?.state === 'ready' ? text : `${text}!`;
  }
  /** HasAnyActiveRegularContainerStarted. */
  private isInitialized(): boolean {
    const { sandbox } = this.record;
    return (
      sandbox !== undefined && this.runtime.listContainers(sandbox).some((one) => this.pod.spec.containers.some((container) => container.name === one.name))
    );
  }
  refresh(): void {
    this.#instances = undefined;
    this.#sandbox = undefined;
    this.#signature = undefined;
  }
  newest(name: string): Instance | undefined {
    return newestOf(this.instances, name);
  }

  /** Look again at this time at the latest. */
  wakeAt(at: number | undefined): void {
    if (at !== undefined && at < this.#wake) this.#wake = at;
  }
  get requeueAfter(): Duration | undefined {
    return this.#wake === Number.POSITIVE_INFINITY ? undefined : (Math.max(0, this.#wake - this.now) as Duration);
  }

  container(name: string): Container | undefined {
    const { containers, initContainers, ephemeralContainers } = this.pod.spec;
    return (
      containers.find((one) => one.name === name) ?? initContainers?.find((one) => one.name === name) ?? ephemeralContainers?.find((one) => one.name === name)
    );
  }

  event(type: EventType, reason: string, message: string, container?: string): void {
    const { node: host } = this.kubelet;
    const options =
      container === undefined ? { component: 'kubelet', host } : { component: 'kubelet', host, fieldPath: `spec.${this.kindOf(container)}{${container}}` };
    this.context.event(this.pod, type, reason, message, options);
  }
  /** The member of the spec that has a container of this name. */
  kindOf(container: string): 'containers' | 'initContainers' | 'ephemeralContainers' {
    if (this.pod.spec.containers.some((one) => one.name === container)) return 'containers';
    return this.pod.spec.initContainers?.some((one) => one.name === container) === true ? 'initContainers' : 'ephemeralContainers';
  }

  /** `p_ns(uid)`, as the kubelet's texts name a pod (format.Pod). */
  get podText(): string {
    return `${this.pod.metadata.name}_${this.pod.metadata.namespace}(${this.pod.metadata.uid})`;
  }

  /** What the spec gives its containers to end, in milliseconds. */
  get gracePeriod(): number {
    return (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
  }

  statusInput(isTerminal: boolean, verdict?: StatusInput['verdict']): StatusInput {
    const input: Mutable<StatusInput> = {
      pod: this.pod,
      record: this.record,
      instances: this.instances,
      sandbox: this.sandbox,
      now: this.now,
      hostIP: this.kubelet.nodeIP(),
      isTerminal,
      isInitialized: () => this.isInitialized(),
      logTail: (id) =>
        this.runtime
          .logs(id, { tailLines: 80 })
          .map((line) => (line.partial === true ? line.text : `${line.text}\n`))
          .join(''),
    };
    if (verdict !== undefined) input.verdict = verdict;
    return input;
  }

  /** Tells the API what is, if that differs from what it says. */
  writeStatus(status: PodStatus = generateStatus(this.statusInput(false)).status): void {
    this.written = true;
    if (isSameStatus(this.pod.status, status) || isIllegalTransition(this.pod.spec, this.pod.status, status)) return;
    this.pod = this.context.api.updateStatus<Pod>('pods', { ...this.pod, status }, { fieldManager: 'kubelet' });
  }

  /** A number that differs from pod to pod but is the same every time: how long this very thing takes. */
  spread(what: string): number {
    return spread(`${this.record.uid}/${what}`);
  }
  /** After this span, and up to half as much again (wait.Jitter 0.5). */
  jittered(span: number): number {
    return Math.ceil(this.now + span * (1 + 0.5 * this.context.random(`kubelet/${this.kubelet.node}`)));
  }
  later(span: number): Time {
    return time(Math.round(this.now + span));
  }
}
