/**
 * Time. One loop owns it: take the earliest alarm, set the clock to its time, wake its reconciler, set the alarms that come
 * of it. Changes in the store set alarms through the reconcilers' watches; nothing else ever happens by itself.
 */
import { StatusError } from '../api/errors.js';
import { controllerOf, type KubeObject, keyString, type ObjectKey } from '../api/object.js';
import { Unanswered } from '../api/outside.js';
import type { Context, EventOptions, EventType, Reconciler, Result, StateMap, Watch } from '../api/reconciler.js';
import { type Duration, formatTime, seconds, type Time } from '../api/time.js';
import type { Api, ResourceId, WatchEvent } from '../api/verbs.js';
import { Alarms, type Slot } from './alarms.js';
import { Random } from './random.js';

/** What is saved of a simulation besides its alarms. */
export interface SimState {
  readonly now: Time;
  readonly seed: number;
  /** How often each stream was drawn from. */
  readonly draws: Readonly<Record<string, number>>;
  /** The last alarm's sequence number. */
  readonly seq: number;
}

/** Records an Event for the reconciler `from` names, at its time: controllers/events/recorder.ts. */
export type Recorder = (
  from: { readonly reconciler: string; readonly now: Time },
  on: KubeObject,
  type: EventType,
  reason: string,
  message: string,
  options?: EventOptions,
) => void;

/** Hears what the API server has refused a reconciler that looks again later, or an Event about the object of this key, which is lost. */
export type Refused = (reconciler: string, key: ObjectKey, error: StatusError) => void;

/** A key woken more often than this at one instant, with nobody else acting in between, goes round in circles. */
const LIVELOCK = 1000;
/** What admission says. Anything else that a reconciler does not expect is a mistake of ours. */
const REFUSALS: ReadonlySet<string> = new Set(['Forbidden', 'InternalError', 'Invalid']);
const isRefusal = ({ reason, message }: StatusError): boolean => REFUSALS.has(reason) || message.startsWith('admission webhook ');
const REFUSED_AGAIN = seconds(30);
/** Who waits for a webhook's answer is woken when it has come; and by this if nobody is there any more to do so. */
const UNANSWERED_AGAIN = seconds(1);
const WAITS: Result = { requeueAfter: UNANSWERED_AGAIN };
const NONE: readonly never[] = [];
const NO_TIME = 0 as Duration;

/** A watch, with all members in their places: every change goes through dozens of them. */
interface Wake {
  readonly reconciler: string;
  readonly controlledBy: string | undefined;
  readonly keys: Watch['keys'];
  readonly after: NonNullable<Watch['after']>;
}

/** The watches of one resource: those that see every change, and those that see their own, by who these are. */
interface Wakes {
  readonly all: Wake[];
  readonly some: { readonly of: (event: WatchEvent) => readonly string[]; readonly byValue: Map<string, Wake[]> }[];
}

export class Sim {
  private clock: Time;
  private readonly random_: Random;
  private readonly alarms: Alarms;
  private reconcilers: ReadonlyMap<string, { readonly reconciler: Reconciler; readonly context: Context }> = new Map();
  private wakes: ReadonlyMap<ResourceId, Wakes> = new Map();
  private steps_ = 0;
  /** The loop that is at it. */
  private actor_: string | undefined;
  /** Those that wait for a webhook's answer. */
  private readonly waiting = new Set<Slot>();
  /** Counts the instants, and the times somebody has acted in one. */
  private round = 1;

  constructor(
    state: SimState,
    /** Where alarms are kept between turns. */
    alarms: StateMap,
    private readonly api: Api,
    private readonly record: Recorder,
    private readonly refused: Refused = () => {},
    /** Somebody outside works out what happens next: the time stands still until then. */
    private readonly isHeld: () => boolean = () => false,
  ) {
    this.clock = state.now;
    this.random_ = new Random(state.seed, state.draws);
    this.alarms = new Alarms(alarms, state.seq);
    api.watch('*', (event) => this.notice(event));
  }

  get now(): Time {
    return this.clock;
  }
  /** How many reconciles have run since loading. */
  get steps(): number {
    return this.steps_;
  }

  /** The reconciler that is running. */
  get actor(): string | undefined {
    return this.actor_;
  }

  /** Loops wait for answers from outside. The time stands still until they have them: so they do again what they have done. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  private get standsStill(): boolean {
    return this.waiting.size > 0 || this.isHeld();
  }

  /** The answers have come: whoever waited looks again, at once. */
  answered(): void {
    for (const slot of this.waiting) this.alarms.setAgain(slot, this.clock);
    this.waiting.clear();
  }

  random(stream: string): number {
    return this.random_.next(stream);
  }

  /** Who is there to be woken. Alarms of those who are not are dropped when they ring. The order decides who is woken first. */
  setReconcilers(list: readonly Reconciler[]): void {
    const known = this.reconcilers;
    this.reconcilers = new Map(
      list.map((reconciler) => [reconciler.name, { reconciler, context: known.get(reconciler.name)?.context ?? this.contextOf(reconciler.name) }]),
    );
    const wakes = new Map<ResourceId, Wakes>();
    for (const { name, watches } of list) {
      for (const watch of watches) {
        const ofResource = wakes.get(watch.resource) ?? { all: [], some: [] };
        wakes.set(watch.resource, ofResource);
        wakesOf(ofResource, watch).push({ reconciler: name, controlledBy: watch.controlledBy, keys: watch.keys, after: watch.after ?? NO_TIME });
      }
    }
    this.wakes = wakes;
  }

  /** Wakes a reconciler for a key at a time, unless it is to be woken earlier anyway. */
  wake(reconciler: string, key: ObjectKey, due: Time = this.clock): void {
    this.alarms.set(reconciler, key, due);
  }

  /** Runs everything that is due by `time`, each at its own time, and sets the clock to it. Time never goes back. */
  advanceTo(time: Time): void {
    this.round++;
    const target = Math.max(time, this.clock) as Time;
    const take = () => this.alarms.take(this.standsStill ? this.clock : target);
    for (let alarm = take(); alarm !== undefined; alarm = take()) {
      this.moveTo(alarm.due);
      this.run(alarm.slot);
    }
    if (!this.standsStill) this.moveTo(target);
  }

  /** Runs everything that is due now, or as much of it as is enough. */
  settle(isEnough: () => boolean = () => false): void {
    this.round++;
    for (let alarm = this.alarms.take(this.clock); alarm !== undefined; alarm = isEnough() ? undefined : this.alarms.take(this.clock)) this.run(alarm.slot);
  }

  nextDue(): Time | undefined {
    return this.alarms.nextDue();
  }

  /** What will happen by itself, in that order. */
  pending(): readonly { readonly due: Time; readonly reconciler: string; readonly key: ObjectKey }[] {
    return this.alarms.list().map(({ due, slot }) => ({ due, reconciler: slot.reconciler, key: slot.key }));
  }

  /** Puts the alarms where they are kept and tells the rest. */
  save(): SimState {
    this.alarms.save();
    return { now: this.clock, seed: this.random_.seed, draws: this.random_.draws(), seq: this.alarms.seq };
  }

  private moveTo(time: Time): void {
    if (time <= this.clock) return;
    this.clock = time;
    this.round++;
    this.alarms.forgetIdle();
  }

  /** What admission refuses today it may let pass later: whoever was refused looks again. */
  private reconcile({ reconciler, context }: { readonly reconciler: Reconciler; readonly context: Context }, key: ObjectKey): Result | undefined {
    try {
      return reconciler.reconcile(key, context) ?? undefined;
    } catch (error) {
      if (error instanceof Unanswered) return WAITS;
      if (!(error instanceof StatusError && isRefusal(error))) throw error;
      this.refused(reconciler.name, key, error);
      return { requeueAfter: REFUSED_AGAIN };
    }
  }

  private run(slot: Slot): void {
    const found = this.reconcilers.get(slot.reconciler);
    if (found === undefined) {
      this.alarms.rest(slot);
      return;
    }
    this.steps_++;
    if (slot.round !== this.round) slot.rings = 0;
    slot.round = this.round;
    if (++slot.rings > LIVELOCK)
      throw new Error(`livelock: ${slot.reconciler} was woken ${LIVELOCK} times for ${keyString(slot.key)} at ${formatTime(this.clock)}`);
    this.actor_ = slot.reconciler;
    const result = this.reconcile(found, slot.key);
    this.actor_ = undefined;
    if (result === WAITS) this.waiting.add(slot);
    const again = result?.requeueAfter;
    const due = again === undefined ? undefined : this.dueIn(slot.reconciler, again);
    if (due === undefined) this.alarms.rest(slot);
    else this.alarms.setAgain(slot, due);
  }

  private notice(event: WatchEvent): void {
    this.ringAll(this.wakes.get(event.resource), event);
    this.ringAll(this.wakes.get('*'), event);
  }

  private ringAll(wakes: Wakes | undefined, event: WatchEvent): void {
    if (wakes === undefined) return;
    let isFor: ((kind: string) => boolean) | undefined;
    for (const wake of wakes.all) {
      const kind = wake.controlledBy;
      if (kind !== undefined) {
        isFor ??= ownersOf(event);
        if (!isFor(kind)) continue;
      }
      this.ring(wake, event);
    }
    for (const { of, byValue } of wakes.some) for (const value of of(event)) for (const wake of byValue.get(value) ?? NONE) this.ring(wake, event);
  }

  private ring({ reconciler, keys, after }: Wake, event: WatchEvent): void {
    const found = keys(event, this.api);
    if (found.length === 0) return;
    for (const key of found) {
      const span = typeof after === 'function' ? after(key, this.api) : after;
      this.alarms.set(reconciler, key, Math.ceil(this.clock + span) as Time);
    }
  }

  private requeue(reconciler: string, key: ObjectKey, span: Duration): void {
    const due = this.dueIn(reconciler, span);
    if (due !== undefined) this.alarms.set(reconciler, key, due);
  }

  /** Undefined: never. */
  private dueIn(reconciler: string, span: Duration): Time | undefined {
    if (Number.isNaN(span)) throw new Error(`${reconciler} asked to be woken after NaN`);
    // Whole milliseconds, rounded up: woken too early it would only ask again.
    return span === Number.POSITIVE_INFINITY ? undefined : (Math.ceil(this.clock + Math.max(0, span)) as Time);
  }

  private contextOf(reconciler: string): Context {
    const sim = this;
    const from = {
      reconciler,
      get now() {
        return sim.clock;
      },
    };
    return {
      api: this.api,
      get now() {
        return sim.clock;
      },
      random: (stream) => sim.random(stream),
      requeue: (key, span) => sim.requeue(reconciler, key, span),
      event: (on, type, reason, message, options) => sim.record(from, on, type, reason, message, options),
    };
  }
}

/** Whether a change may matter to controllers of a kind. */
function ownersOf({ object, old }: WatchEvent): (kind: string) => boolean {
  const now = controllerOf(object)?.kind;
  const isSame = old === undefined || old.metadata.ownerReferences === object.metadata.ownerReferences;
  const before = isSame ? now : controllerOf(old)?.kind;
  return (kind) => now === undefined || kind === now || kind === before;
}

/** The list the watch belongs into. */
function wakesOf({ all, some }: Wakes, { only }: Watch): Wake[] {
  if (only === undefined) return all;
  let asked = some.find(({ of }) => of === only.of);
  if (asked === undefined) {
    asked = { of: only.of, byValue: new Map() };
    some.push(asked);
  }
  const { byValue } = asked;
  const found = byValue.get(only.value) ?? [];
  byValue.set(only.value, found);
  return found;
}
