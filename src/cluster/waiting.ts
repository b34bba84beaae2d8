/**
 * Who waits in this process, and how time passes meanwhile. On a clock that runs they sleep until something is due or the
 * saved cluster changes. On a paused clock a wait with an end moves the time from alarm to alarm, but only while everybody
 * waits: whoever has just been given something gets to act on it first. A wait without an end only watches others tick.
 */
import type { Time } from '../api/time.js';
import type { Cluster } from './cluster.js';

export interface Waiter {
  /** It has an end, so a paused clock may be moved for it. */
  readonly isMoving: boolean;
  /** When it wants to be woken whatever happens. */
  next: Time | undefined;
  /** There is something for it. Called within a turn; may renew `next`. */
  isReady(cluster: Cluster): boolean;
}

/** What waiting needs of the turns. */
export interface Turns {
  isPaused(): boolean;
  /** Runs `work` in a turn of its own, saved afterwards. */
  move<T>(work: (cluster: Cluster) => T): Promise<T>;
  /** Until the saved cluster changes, or the machine's clock makes it `until`. */
  sleep(until: Time | undefined, signal: AbortSignal): Promise<void>;
  nextDue(): Time | undefined;
  /** Whether the machine has worked long enough for one turn. */
  hadEnough(): () => boolean;
}

export class Waiting {
  private readonly waiters = new Map<Waiter, (error?: unknown) => void>();
  /** Requests under way, and followers who have been given something and not come back for more. */
  private busy = 0;
  private isLooping = false;
  /** As it was after the last turn that changed it, until the waiters have been asked. */
  private changed: Cluster | undefined;
  /** Of the step under way. */
  private interruption: AbortController | undefined;

  constructor(private readonly turns: Turns) {}

  /** While `work` runs, a paused clock is not moved. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  enter(): void {
    this.busy++;
  }
  leave(): void {
    this.busy--;
    this.look();
  }

  /** Resolves when there may be something for it, or the signal aborts. Who waits is not busy. */
  wait(waiter: Waiter, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: unknown) => {
        if (!this.waiters.delete(waiter)) return;
        signal?.removeEventListener('abort', leave);
        if (error === undefined) resolve();
        else reject(error);
        this.look();
      };
      const leave = () => done();
      this.waiters.set(waiter, done);
      signal?.addEventListener('abort', leave);
      if (signal?.aborted) done();
      this.look();
    });
  }

  /** A turn of this process has changed the cluster: whom it concerns is woken, however busy the others are. */
  notice(cluster: Cluster): void {
    if (this.waiters.size === 0) return;
    if (this.changed === undefined) setImmediate(() => this.wakeReady());
    this.changed = cluster;
  }

  private wakeReady(): void {
    const cluster = this.changed as Cluster;
    this.changed = undefined;
    const waiters = [...this.waiters.keys()];
    try {
      this.wake(waiters.filter((waiter) => waiter.isReady(cluster)));
    } catch {
      // A bug, then: each finds it when it looks, and the request fails that has it.
      this.wake(waiters);
    }
  }

  /** Somebody came or went: think again. */
  private look(): void {
    this.interruption?.abort();
    if (this.isLooping || this.waiters.size === 0) return;
    this.isLooping = true;
    void this.loop();
  }

  private async loop(): Promise<void> {
    try {
      // Whoever was just woken, and whoever makes a request next, shall be seen first.
      await new Promise(setImmediate);
      while (this.busy === 0 && this.waiters.size > 0) {
        this.interruption = new AbortController();
        await this.step(this.interruption.signal);
        await new Promise(setImmediate);
      }
    } catch (error) {
      for (const done of this.waiters.values()) done(error);
    } finally {
      this.isLooping = false;
    }
  }

  private async step(interrupted: AbortSignal): Promise<void> {
    const waiters = [...this.waiters.keys()];
    if (this.turns.isPaused() && waiters.some((waiter) => waiter.isMoving)) {
      const ready = await this.turns.move((cluster) => this.jump(cluster, waiters));
      if (ready.length > 0) return this.wake(ready);
    }
    const next = earliest([this.turns.nextDue(), ...waiters.map((waiter) => waiter.next)]);
    await this.turns.sleep(this.turns.isPaused() ? undefined : next, interrupted);
    if (!interrupted.aborted) this.wake(waiters);
  }

  /** From alarm to alarm until there is something for somebody. Empty: nothing will ever happen by itself. */
  private jump(cluster: Cluster, waiters: readonly Waiter[]): readonly Waiter[] {
    const hadEnough = this.turns.hadEnough();
    for (;;) {
      const ready = waiters.filter((waiter) => waiter.isReady(cluster));
      if (ready.length > 0) return ready;
      const next = earliest([cluster.nextDue, ...waiters.map((waiter) => waiter.next)]);
      if (next === undefined) return [];
      if (hadEnough()) return waiters;
      cluster.advanceTo(next);
      // The time stands still until somebody outside has answered.
      if (cluster.isHeldUp) return waiters;
    }
  }

  private wake(waiters: readonly Waiter[]): void {
    for (const waiter of waiters) this.waiters.get(waiter)?.();
  }
}

function earliest(times: readonly (Time | undefined)[]): Time | undefined {
  return times.reduce((first, time) => (time !== undefined && (first === undefined || time < first) ? time : first), undefined);
}
