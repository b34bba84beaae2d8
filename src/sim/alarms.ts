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

interface Alarm {
  readonly due: Time;
  readonly seq: number;
  readonly slot: Slot;
}

const MANY = 4_000;

export class Alarms {
  private readonly heap: Alarm[] = [];
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
      this.push({ due, seq, slot });
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
    this.push({ due, seq: slot.seq, slot });
  }

  nextDue(): Time | undefined {
    return this.first()?.due;
  }

  /** Takes the earliest alarm if it is due by `until`. */
  take(until: Time): { readonly due: Time; readonly slot: Slot } | undefined {
    const alarm = this.first();
    if (alarm === undefined || alarm.due > until) return undefined;
    this.pop();
    const { slot, due } = alarm;
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
  list(): readonly Alarm[] {
    return this.heap.filter(isSet).sort((a, b) => (isBefore(a, b) ? -1 : 1));
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

  private first(): Alarm | undefined {
    while (this.heap[0] !== undefined && !isSet(this.heap[0])) this.pop();
    return this.heap[0];
  }

  private push(alarm: Alarm): void {
    const heap = this.heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(alarm, heap[parent] as Alarm)) break;
      heap[at] = heap[parent] as Alarm;
      at = parent;
    }
    heap[at] = alarm;
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop() as Alarm;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Alarm, heap[child] as Alarm)) child++;
      if (!isBefore(heap[child] as Alarm, last)) break;
      heap[at] = heap[child] as Alarm;
      at = child;
    }
    heap[at] = last;
  }
}

/** In the file. */
const nameOf = ({ reconciler, key }: Slot): string => `${reconciler} ${keyString(key)}`;
const isSet = (alarm: Alarm): boolean => alarm.slot.due === alarm.due && alarm.slot.seq === alarm.seq;
const isBefore = (a: Alarm, b: Alarm): boolean => a.due < b.due || (a.due === b.due && a.seq < b.seq);
