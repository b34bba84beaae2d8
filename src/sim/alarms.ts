/**
 * Pending work: "wake RECONCILER for KEY at DUE". At most one alarm per pair, the earliest; they ring in the order (due, seq).
 * A binary heap while in memory; a line `<reconciler> <key>` → `[due, seq]` when saved. A replaced alarm stays in the heap
 * until it surfaces and is recognised by its old seq.
 */
import { innerMap } from '../api/maps.js';
import { keyString, type ObjectKey, parseKey } from '../api/object.js';
import type { StateMap } from '../api/reconciler.js';
import type { Time } from '../api/time.js';

/** The place of one (reconciler, key) pair. */
export interface Slot {
  readonly reconciler: string;
  readonly key: ObjectKey;
  /** Undefined: no alarm is set. */
  due: Time | undefined;
  seq: number;
  /** The file has a line of it. */
  isSaved: boolean;
  /** It may differ from that line. */
  isChanged: boolean;
  /** How often it rang in `round`. */
  rings: number;
  round: number;
}

const MANY = 4_000;

export class Alarms {
  private readonly heap = new Heap();
  /** reconciler → namespace → name: a text of all three would be put together and hashed anew with every wake. */
  private readonly slots = new Map<string, Map<string, Map<string, Slot>>>();
  private changed: Slot[] = [];
  /** Slots whose alarm rang and was not set again. */
  private idle: Slot[] = [];
  /** From so many idle ones on they are forgotten. */
  private tooMany = MANY;

  constructor(
    private readonly saved: StateMap,
    /** The last sequence number given out. */
    public seq: number,
  ) {
    for (const name of saved.keys()) {
      const [due, seq] = saved.get(name) as readonly [Time, number];
      const space = name.indexOf(' ');
      const slot = this.slot(name.slice(0, space), parseKey(name.slice(space + 1)));
      slot.due = due;
      slot.seq = seq;
      slot.isSaved = true;
      this.heap.push(due, seq, slot);
    }
  }

  /** Sets the alarm unless an earlier one is set already. */
  set(reconciler: string, key: ObjectKey, due: Time): void {
    this.setAgain(this.slot(reconciler, key), due);
  }

  /** The same for who has the slot that has just rung. */
  setAgain(slot: Slot, due: Time): void {
    if (slot.due !== undefined && slot.due <= due) return;
    slot.due = due;
    slot.seq = ++this.seq;
    this.noteChange(slot);
    this.heap.push(due, slot.seq, slot);
  }

  nextDue(): Time | undefined {
    return this.first()?.due;
  }

  /** Takes the earliest alarm if it is due by `until`. */
  take(until: Time): { readonly due: Time; readonly slot: Slot } | undefined {
    const slot = this.first();
    const due = slot?.due;
    if (slot === undefined || due === undefined || due > until) return undefined;
    this.heap.pop();
    slot.due = undefined;
    this.noteChange(slot);
    return { due, slot };
  }

  /** What rang has been done, and may be forgotten. */
  rest(slot: Slot): void {
    if (slot.due === undefined) this.idle.push(slot);
  }

  /** Forgets the pairs without an alarm, when there are many: most are set again soon. Those that the file has are kept until it is saved. */
  forgetIdle(): void {
    if (this.idle.length < this.tooMany) return;
    this.idle = this.idle.filter((slot) => {
      if (slot.due !== undefined) return false;
      if (slot.isSaved) return true;
      this.slots.get(slot.reconciler)?.get(slot.key.namespace)?.delete(slot.key.name);
      slot.isChanged = false;
      return false;
    });
    this.tooMany = 2 * this.idle.length + MANY;
    this.changed = this.changed.filter(({ isChanged }) => isChanged);
  }

  private noteChange(slot: Slot): void {
    if (slot.isChanged) return;
    slot.isChanged = true;
    this.changed.push(slot);
  }

  /** In the order they will ring. */
  list(): readonly { readonly due: Time; readonly slot: Slot }[] {
    const set = this.heap.all().flatMap(({ due, seq, slot }) => (isSet(slot, due, seq) ? [{ due, seq, slot }] : []));
    return set.sort((a, b) => a.due - b.due || a.seq - b.seq);
  }

  save(): void {
    for (const slot of this.changed) {
      if (slot.due !== undefined) this.saved.set(nameOf(slot), [slot.due, slot.seq]);
      // Most alarms ring before they are saved.
      else if (slot.isSaved) this.saved.delete(nameOf(slot));
      slot.isSaved = slot.due !== undefined;
      slot.isChanged = false;
    }
    this.changed = [];
  }

  private slot(reconciler: string, key: ObjectKey): Slot {
    const { namespace, name } = key;
    const inNamespace = innerMap(innerMap(this.slots, reconciler), namespace);
    let slot = inNamespace.get(name);
    if (slot === undefined) {
      slot = { reconciler, key, due: undefined, seq: 0, isSaved: false, isChanged: false, rings: 0, round: 0 };
      inNamespace.set(name, slot);
    }
    return slot;
  }

  /** The slot of the earliest alarm. */
  private first(): Slot | undefined {
    const { heap } = this;
    while (heap.length > 0 && !isSet(heap.slots[0] as Slot, heap.dues[0] as Time, heap.seqs[0] as number)) heap.pop();
    return heap.slots[0];
  }
}

/** In arrays side by side: times are compared where they stand, and of 10,000 alarms most lie far from each other. */
class Heap {
  readonly dues: Time[] = [];
  readonly seqs: number[] = [];
  readonly slots: Slot[] = [];

  get length(): number {
    return this.dues.length;
  }

  push(due: Time, seq: number, slot: Slot): void {
    let at = this.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isAfter(parent, due, seq)) break;
      this.put(at, this.dues[parent] as Time, this.seqs[parent] as number, this.slots[parent] as Slot);
      at = parent;
    }
    this.put(at, due, seq, slot);
  }

  /** Takes the first one off. */
  pop(): void {
    const due = this.dues.pop() as Time;
    const seq = this.seqs.pop() as number;
    const slot = this.slots.pop() as Slot;
    const { length } = this;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && this.isAfter(child, this.dues[child + 1] as Time, this.seqs[child + 1] as number)) child++;
      if (this.isAfter(child, due, seq)) break;
      this.put(at, this.dues[child] as Time, this.seqs[child] as number, this.slots[child] as Slot);
      at = child;
    }
    this.put(at, due, seq, slot);
  }

  all(): readonly { readonly due: Time; readonly seq: number; readonly slot: Slot }[] {
    return this.slots.map((slot, at) => ({ due: this.dues[at] as Time, seq: this.seqs[at] as number, slot }));
  }

  private put(at: number, due: Time, seq: number, slot: Slot): void {
    this.dues[at] = due;
    this.seqs[at] = seq;
    this.slots[at] = slot;
  }

  /** Whether what stands there is later. */
  private isAfter(at: number, due: Time, seq: number): boolean {
    const own = this.dues[at] as Time;
    return own > due || (own === due && (this.seqs[at] as number) > seq);
  }
}

/** In the file. */
const nameOf = ({ reconciler, key }: Slot): string => `${reconciler} ${keyString(key)}`;
const isSet = (slot: Slot, due: Time, seq: number): boolean => slot.due === due && slot.seq === seq;
