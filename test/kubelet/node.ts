/** One node for the kubelet's tests: the real simulation, kubelet, runtime and recorder over an Api that is a map. Pods come bound. */
import { readFileSync } from 'node:fs';
import { alreadyExists, notFound } from '../../src/api/errors.js';
import { type KubeObject, keyOf, keyString, type ObjectKey } from '../../src/api/object.js';
import type { StateMap } from '../../src/api/reconciler.js';
import { formatTime, parseTime, seconds, type Time } from '../../src/api/time.js';
import type { Api, ListOptions, WatchEvent } from '../../src/api/verbs.js';
import { EventRecorder } from '../../src/controllers/events/recorder.js';
import { createKubelet, tokenVolumes } from '../../src/kubelet/index.js';
import type { Event } from '../../src/resources/events/types.js';
import { defaultPod } from '../../src/resources/pods/defaults.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { summarizePod } from '../../src/resources/pods/view.js';
import { createFakeRuntime, createPrograms, createShell, type FakeRuntime, type ImageData } from '../../src/runtime/index.js';
import { Sim, type SimState } from '../../src/sim/sim.js';
import { parseYaml } from '../../src/text/yaml.js';

export const START = parseTime('2026-01-01T00:00:00Z') as Time;
export const NODE = 'podsim-control-plane';

type Loose = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

export class TestNode {
  readonly state: StateMap;
  readonly api: Api;
  sim: Sim;
  runtime: FakeRuntime;
  private readonly objects = new Map<string, Map<string, Loose>>();
  private readonly watchers: ((event: WatchEvent) => void)[] = [];
  private readonly images = new Map<string, ImageData | undefined>();
  /** Every STATUS the pod has shown, in order, without repetition: `0/1 ContainerCreating 0`. */
  readonly history = new Map<string, { at: number; text: string }[]>();
  private readonly last = new Map<string, Pod>();
  private readonly exits = new Map<string, string>();
  /** How often a status was written. */
  writes = 0;
  private revision = 0;

  private readonly values = new Map<string, unknown>();
  private readonly alarms = new Map<string, unknown>();

  constructor(options: { readonly images?: Readonly<Record<string, ImageData>>; readonly node?: Loose } = {}) {
    const { values } = this;
    this.state = {
      get: <T>(key: string) => values.get(key) as T | undefined,
      set: (key, value) => void values.set(key, value),
      delete: (key) => void values.delete(key),
      keys: (prefix = '') => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
    };
    for (const [name, data] of Object.entries(options.images ?? {})) this.images.set(name, data);
    this.api = this.makeApi();
    [this.sim, this.runtime] = this.start({ now: START, seed: 1, draws: {}, seq: 0 });
    this.put('nodes', options.node ?? node());
  }

  private start(saved: SimState): [Sim, FakeRuntime] {
    const { alarms } = this;
    const recorder = new EventRecorder(this.api, this.state);
    let sim: Sim | undefined;
    const runtime = createFakeRuntime({
      node: NODE,
      state: this.state,
      now: () => sim?.now ?? START,
      programs: createPrograms((repository) => this.image(repository), [createShell()]),
      podCIDR: () => '10.244.0.0/24',
      nodeIP: () => '172.18.0.2',
      volume: tokenVolumes(
        () => this.api,
        () => sim?.now ?? START,
      ),
    });
    const kubelet = createKubelet({ node: NODE, runtime, state: this.state, nodeIP: () => '172.18.0.2' });
    const kept: StateMap = {
      get: <T>(key: string) => alarms.get(key) as T,
      set: (key, value) => void alarms.set(key, value),
      delete: (key) => void alarms.delete(key),
      keys: () => [...alarms.keys()].sort(),
    };
    sim = new Sim(saved, kept, this.api, (...event) => recorder.record(...event));
    sim.setReconcilers([kubelet]);
    return [sim, runtime];
  }

  /** What the state file would hold. */
  saved(): string {
    this.sim.save();
    const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([x], [y]) => (x < y ? -1 : 1));
    return JSON.stringify(
      { values: sorted(this.values), alarms: sorted(this.alarms), objects: [...this.objects].map(([name, table]) => [name, sorted(table)]) },
      null,
      1,
    );
  }
  /** The process ends, and another one goes on from what was saved. */
  reload(): void {
    const state = this.sim.save();
    this.watchers.length = 0;
    for (const map of [this.values, this.alarms, ...this.objects.values()] as Map<string, unknown>[])
      for (const [key, value] of map) map.set(key, JSON.parse(JSON.stringify(value)));
    [this.sim, this.runtime] = this.start(JSON.parse(JSON.stringify(state)) as SimState);
  }

  private image(repository: string): ImageData | undefined {
    if (!this.images.has(repository)) this.images.set(repository, readImage(repository));
    return this.images.get(repository);
  }

  advance(s: number): void {
    this.sim.advanceTo((this.sim.now + seconds(s)) as Time);
  }
  get elapsed(): number {
    return (this.sim.now - START) / 1000;
  }

  run(given: {
    readonly name: string;
    readonly namespace?: string;
    readonly spec: Record<string, unknown>;
    readonly labels?: Record<string, string>;
  }): ObjectKey {
    const { name, namespace = 'default', labels } = given;
    const pod = defaultPod({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, uid: `uid-${name}-${this.revision}`, generation: 1, creationTimestamp: formatTime(this.sim.now), ...(labels && { labels }) },
      spec: { nodeName: NODE, ...given.spec },
      status: {
        phase: 'Pending',
        qosClass: 'BestEffort',
        conditions: [{ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: formatTime(this.sim.now) }],
      },
    } as unknown as Pod);
    this.put('pods', pod as Loose);
    this.sim.settle();
    return { namespace, name };
  }

  pod(name: string, namespace = 'default'): Pod {
    return this.must('pods', { namespace, name }) as unknown as Pod;
  }
  find(name: string, namespace = 'default'): Pod | undefined {
    return this.api.get<Pod>('pods', { namespace, name });
  }
  /** `0/1 CrashLoopBackOff 3`. */
  show(name: string): string {
    return show(this.pod(name));
  }
  /** The STATUS texts so far, without times. */
  story(name: string): string[] {
    return (this.history.get(name) ?? []).map((entry) => entry.text);
  }
  events(name: string): string[] {
    return this.api
      .list<Event>('events')
      .filter((event) => event.involvedObject.name === name)
      .sort(
        (a, b) =>
          Number.parseInt(a.metadata.name?.split('.').at(-1)?.slice(-12) ?? '0', 16) -
          Number.parseInt(b.metadata.name?.split('.').at(-1)?.slice(-12) ?? '0', 16),
      )
      .map((event) => `${event.type} ${event.reason} ${event.message}${(event.count ?? 1) > 1 ? ` x${event.count}` : ''}`);
  }
  /** The container's log as one text. */
  log(pod: string, container: string): string {
    const id = this.pod(pod)
      .status?.containerStatuses?.find((one) => one.name === container)
      ?.containerID?.replace('containerd://', '');
    if (id === undefined) return '';
    return this.runtime
      .logs(id, {})
      .map((line) => line.text)
      .join('\n');
  }
  /** Containers in the order in which the pod's statuses showed them ended. */
  ended(name: string): { name: string; exitCode: number; at: string }[] {
    const all = (this.last.get(name)?.status?.containerStatuses ?? []).concat(this.last.get(name)?.status?.initContainerStatuses ?? []);
    return all
      .flatMap((one) =>
        one.state?.terminated === undefined
          ? []
          : [{ name: one.name, exitCode: one.state.terminated.exitCode, at: this.exits.get(one.containerID ?? '') ?? '' }],
      )
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }
  delete(name: string, grace?: number): void {
    this.api.delete('pods', { namespace: 'default', name }, grace === undefined ? {} : { gracePeriodSeconds: grace });
    this.sim.settle();
  }

  put(resource: string, object: Loose): Loose {
    const key = keyString(keyOf(object));
    const table = this.table(resource);
    const old = table.get(key);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.revision) } };
    table.set(key, stored);
    if (resource === 'pods') this.note(stored as unknown as Pod);
    this.tell({ type: old === undefined ? 'ADDED' : 'MODIFIED', resource, object: stored, ...(old === undefined ? {} : { old }) });
    return stored;
  }

  private note(pod: Pod): void {
    const name = pod.metadata.name ?? '';
    this.last.set(name, pod);
    for (const status of [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]) {
      const ended = status.state?.terminated;
      if (ended !== undefined && status.containerID !== undefined) this.exits.set(status.containerID, ended.finishedAt ?? '');
    }
    const all = this.history.get(name) ?? [];
    const text = show(pod);
    if (all.at(-1)?.text !== text) all.push({ at: this.elapsed, text });
    this.history.set(name, all);
  }

  private makeApi(): Api {
    return {
      get: <T extends KubeObject>(resource: string, key: ObjectKey) => this.table(resource).get(keyString(key)) as T | undefined,
      list: <T extends KubeObject>(resource: string, options: ListOptions = {}) =>
        [...this.table(resource).values()].filter(
          (object) =>
            (options.namespace === undefined || object.metadata.namespace === options.namespace) &&
            (options.nameStem === undefined || object.metadata.name?.startsWith(`${options.nameStem}.`) === true) &&
            (options.index === undefined ||
              (resource === 'events'
                ? (object as unknown as Event).involvedObject.uid === options.index.value
                : (object as unknown as Pod).spec.nodeName === options.index.value)),
        ) as unknown as readonly T[],
      create: (resource, object) => {
        if (this.table(resource).has(keyString(keyOf(object)))) throw alreadyExists(resource, object.metadata.name ?? '');
        return this.put(resource, object) as never;
      },
      update: (resource, object) => this.put(resource, object) as never,
      updateStatus: (resource, object) => {
        this.writes++;
        const old = this.must(resource, keyOf(object));
        return this.put(resource, { ...old, status: (object as Loose).status }) as never;
      },
      patch: (resource, key, patch) => {
        const old = this.must(resource, key);
        return this.put(resource, { ...old, ...(patch.body as object), metadata: old.metadata }) as never;
      },
      delete: (resource, key, options = {}) => {
        const old = this.must(resource, key);
        const pod = old as unknown as Pod;
        const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
        const grace = resource !== 'pods' || ended ? 0 : (options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30);
        if (grace > 0) {
          const deletionTimestamp = formatTime((this.sim.now + seconds(grace)) as Time);
          return this.put(resource, {
            ...old,
            metadata: { ...old.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace, generation: (old.metadata.generation ?? 1) + 1 },
          });
        }
        this.table(resource).delete(keyString(key));
        this.tell({ type: 'DELETED', resource, object: old, old });
        return old;
      },
      watch: (resource, onEvent) =>
        void this.watchers.push((event) => {
          if (resource === '*' || resource === event.resource) onEvent(event);
        }),
    };
  }
  private tell(event: WatchEvent): void {
    for (const watcher of this.watchers) watcher(event);
  }
  private table(resource: string): Map<string, Loose> {
    const table = this.objects.get(resource) ?? new Map<string, Loose>();
    this.objects.set(resource, table);
    return table;
  }
  private must(resource: string, key: ObjectKey): Loose {
    const object = this.table(resource).get(keyString(key));
    if (object === undefined) throw notFound(resource, key.name);
    return object;
  }
}

function show(pod: Pod): string {
  const { ready, total, reason, restarts } = summarizePod(pod);
  return `${ready}/${total} ${reason} ${restarts}`;
}

export const node = (): Loose => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: NODE, labels: { 'kubernetes.io/hostname': NODE } },
  spec: { podCIDR: '10.244.0.0/24' },
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '50Gi' } },
});

/** The catalogue as the cluster reads it: one file by name. */
export function readImage(repository: string): ImageData | undefined {
  try {
    const parsed = parseYaml(readFileSync(new URL(`../../fixtures/images/${repository}.yaml`, import.meta.url), 'utf8'));
    if ('error' in parsed) throw new Error(`${repository}: ${parsed.error}`);
    return parsed.value as ImageData;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}
