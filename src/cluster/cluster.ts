/**
 * A cluster while it is open: everything there is, in memory, lazily read from what was saved. Reading needs only the store;
 * {@link Cluster.start} brings its components to life (API verbs, scheduler, controllers, kubelets) when something must act.
 */

import { isEqual } from '../api/equality.js';
import { Errands } from '../api/errand.js';
import type { KubeObject, ObjectKey } from '../api/object.js';
import { Outside } from '../api/outside.js';
import type { Reconciler, StateMap } from '../api/reconciler.js';
import { type AnyResourceView, resourceId } from '../api/resource.js';
import type { Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import { DEFINITIONS } from '../apiserver/custom-kinds.js';
import type { ApiServer } from '../apiserver/long-running.js';
import { RequestCounts } from '../apiserver/rest/request-counts.js';
import { type Recorder, type Refused, Sim } from '../sim/sim.js';
import { type Changes, HEADER, type Saved } from '../store/backend/backend.js';
import { Document } from '../store/document.js';
import { ObjectStore } from '../store/object-store.js';
import type { Store, Traits } from '../store/store.js';
import type { Clock } from './clock.js';
import type { NodeComponents } from './nodes.js';
import type { Profile } from './profile.js';

/** The entry of the state file that is read first. */
export interface Header {
  readonly clock: Clock;
  readonly now: Time;
  /** When the next alarm rings: before that a read finds nothing to do. */
  readonly nextDue?: Time;
  readonly revision: number;
  /** The last alarm's sequence number. */
  readonly seq: number;
}

/** What does not change by itself, and the counts of random numbers. */
const PROFILE = '/profile';
const RANDOM = '/random';
/** More than this is not saved only to be read again by the next command. */
const MANY_CHANGES = 2000;

/** What the components are made from. */
export interface Parts {
  readonly store: Store;
  readonly state: StateMap;
  readonly profile: Profile;
  now(): Time;
  random(stream: string): number;
  /** What has been asked of the API server, which answers in two parts. */
  readonly counts: RequestCounts;
  /** What is asked of others than the cluster. */
  readonly outside: Outside;
  /** What processes in containers have others do. */
  readonly errands: Errands;
  /** The loop that is at it. */
  actor(): string | undefined;
  /** Has a reconciler look at a key now. */
  wake(reconciler: string, key: ObjectKey): void;
}

/** All that acts in a cluster. */
export interface Components {
  /** The door for reconcilers and for podsim's own commands. */
  readonly api: Api;
  readonly server: ApiServer;
  readonly record: Recorder;
  readonly refused?: Refused | undefined;
  /** What stands on a node. */
  node(name: string): NodeComponents;
  /** Controllers, scheduler and the kubelets of these nodes, in the order in which a change wakes them. */
  reconcilers(nodes: readonly string[]): readonly Reconciler[];
}
export type MakeComponents = (parts: Parts) => Components;
/** The API server as far as reading goes, made of views alone. */
export type MakeReader = (parts: Parts) => ApiServer;

/** What a cluster starts from. */
export interface EmptyCluster {
  readonly profile: Profile;
  readonly seed: number;
  readonly now: Time;
  readonly clock: Clock;
}

interface Random {
  readonly seed: number;
  readonly draws: Readonly<Record<string, number>>;
}

export class Cluster {
  readonly store: Store;
  /** State of nodes, kubelets and runtimes that is no API object. */
  readonly state: StateMap;
  readonly profile: Profile;
  readonly outside = new Outside();
  readonly errands = new Errands();
  private readonly objects: ObjectStore;
  private readonly parts: Parts;
  private header: Header;
  private clock_: Clock;
  private reader_: ApiServer | undefined;
  private savedSteps = 0;
  private running: { readonly sim: Sim; readonly components: Components } | undefined;

  private constructor(
    private readonly document: Document,
    views: readonly AnyResourceView[],
    private readonly makeReader: MakeReader,
  ) {
    this.header = document.section(HEADER).get('') as Header;
    this.clock_ = this.header.clock;
    this.profile = document.section(PROFILE).get('') as Profile;
    this.state = document.map('/state/');
    const traits = new Map(views.map((view) => [resourceId(view.names), view as Traits]));
    this.objects = new ObjectStore(
      document,
      this.header.revision,
      (resource) => traits.get(resource),
      () => this.now,
    );
    this.store = this.objects;
    this.parts = {
      store: this.store,
      state: this.state,
      profile: this.profile,
      now: () => this.now,
      counts: new RequestCounts(),
      outside: this.outside,
      errands: this.errands,
      actor: () => this.running?.sim.actor,
      random: (stream) => this.life().sim.random(stream),
      wake: (reconciler, key) => this.life().sim.wake(reconciler, key),
    };
  }

  static open(saved: Saved, views: readonly AnyResourceView[], makeReader: MakeReader): Cluster {
    return new Cluster(new Document(saved), views, makeReader);
  }

  /** An empty one: not even nodes or namespaces ({@link bootstrap} puts them in). */
  static create(options: EmptyCluster, views: readonly AnyResourceView[], makeReader: MakeReader): Cluster {
    const document = new Document();
    const header: Header = { clock: options.clock, now: options.now, revision: 0, seq: 0 };
    document.section(HEADER).set('', header);
    document.section(PROFILE).set('', options.profile);
    const random: Random = { seed: options.seed, draws: {} };
    document.section(RANDOM).set('', random);
    return new Cluster(document, views, makeReader);
  }

  /** What names, addresses and uids are drawn from. */
  get seed(): number {
    return (this.document.section(RANDOM).get('') as Random).seed;
  }
  get now(): Time {
    return this.running?.sim.now ?? this.header.now;
  }
  get nextDue(): Time | undefined {
    return this.running === undefined ? this.header.nextDue : this.running.sim.nextDue();
  }
  get clock(): Clock {
    return this.clock_;
  }
  setClock(clock: Clock): void {
    this.clock_ = clock;
  }
  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** For requests that read: the running server, or one that cannot write. */
  get reader(): ApiServer {
    if (this.running !== undefined) return this.running.components.server;
    this.reader_ ??= this.makeReader(this.parts);
    return this.reader_;
  }
  get server(): ApiServer {
    return this.life().components.server;
  }
  get api(): Api {
    return this.life().components.api;
  }
  node(name: string): NodeComponents {
    return this.life().components.node(name);
  }
  get sim(): Sim {
    return this.life().sim;
  }

  /** Nothing was due until `time`: a read sees that time, though nothing else has changed. */
  lookAt(time: Time): void {
    if (this.running !== undefined) this.running.sim.advanceTo(time);
    else if (time > this.header.now) this.header = { ...this.header, now: time };
  }

  /** Brings the components to life, once. */
  start(make: MakeComponents): void {
    if (this.running !== undefined) return;
    this.objects.guard();
    const random = this.document.section(RANDOM).get('') as Random;
    const components = make(this.parts);
    // Before the simulation's own watch: a new node's kubelet is there when the simulation looks whom the new node wakes.
    this.store.watch('nodes', (event) => {
      if (event.type !== 'MODIFIED') this.reconcile();
    });
    // Which kinds there are to collect garbage of goes by the definitions.
    this.store.watch(DEFINITIONS, () => this.reconcile());
    const { now, seq } = this.header;
    const sim = new Sim(
      { now, seq, ...random },
      this.document.map('/alarms/'),
      components.api,
      components.record,
      components.refused,
      () => this.errands.areOpen,
    );
    this.running = { sim, components };
    this.reconcile();
  }

  /** Everything due by `time` happens, each at its own time. */
  advanceTo(time: Time): void {
    const { sim } = this.life();
    sim.advanceTo(time);
    this.goal = sim.now < time ? time : undefined;
  }
  /** Where it was to get to when loops began to wait for answers from outside. */
  goal: Time | undefined;
  /** It cannot go on before something outside has been done. */
  get isHeldUp(): boolean {
    return this.errands.areOpen || this.isWaiting;
  }
  /** Loops wait for answers from outside. */
  get isWaiting(): boolean {
    return this.running?.sim.isWaiting === true;
  }
  settle(): void {
    this.life().sim.settle();
  }
  /** What follows at once, unless it is a great deal: the rest stays due, and happens before anything else does. */
  settleSome(): void {
    const end = this.store.revision + MANY_CHANGES;
    this.life().sim.settle(() => this.store.revision > end);
  }

  /** Takes over an object of another cluster's dump as it is: status, uid, resourceVersion and all. */
  adopt(resource: string, object: KubeObject): void {
    this.objects.adopt(resource, object);
  }

  /** Nobody was there to watch what has happened so far. */
  forgetHistory(): void {
    this.objects.forgetHistory();
  }

  /** What has to be saved. Empty when the clock alone has gone on as it does by itself. */
  changes(): Changes {
    this.objects.save();
    const { nextDue } = this;
    const sim = this.running?.sim.save();
    if (sim !== undefined) {
      const random: Random = { seed: sim.seed, draws: sim.draws };
      this.document.section(RANDOM).set('', random);
    }
    const before = this.document.section(HEADER).get('') as Header;
    const next: Header = {
      clock: this.clock_,
      now: this.now,
      ...(nextDue === undefined ? {} : { nextDue }),
      revision: this.store.revision,
      seq: sim?.seq ?? before.seq,
    };
    this.document.section(HEADER).set('', next);
    const changes = this.document.changes();
    const isTimeAlone = changes.size === 1 && changes.has(HEADER) && next.clock.rate !== 0 && isEqual({ ...before, now: 0 }, { ...next, now: 0 });
    return isTimeAlone ? new Map() : changes;
  }

  /** How many steps the simulation has made since it was saved. */
  get unsavedSteps(): number {
    return (this.running?.sim.steps ?? 0) - this.savedSteps;
  }

  /** The changes are in `saved` now. */
  rebase(saved: Saved): void {
    this.savedSteps = this.running?.sim.steps ?? 0;
    this.document.rebase(saved);
  }

  private reconcile(): void {
    const { sim, components } = this.life();
    const nodes = this.store.list('nodes').map((node) => node.metadata.name as string);
    sim.setReconcilers(this.profile.isFrozen ? [] : components.reconcilers(nodes));
  }

  private life(): { readonly sim: Sim; readonly components: Components } {
    if (this.running === undefined) throw new Error('the cluster was not started');
    return this.running;
  }
}
