/**
 * Turns: every request is one. Lock, load, move the cluster to now, do the one thing, let what follows at once follow, save,
 * and only then answer. The only place that asks the machine what time it is, and (with waiting.ts) the only one that waits.
 */

import type { ErrandRunner, ErrandStep } from '../api/errand.js';
import { once } from '../api/once.js';
import { Attempt, type Messenger, Unanswered } from '../api/outside.js';
import { type Time, time } from '../api/time.js';
import type { ApiRequest, ApiResponse, Session, Transport } from '../api/transport.js';
import type { Answer, Cursor, LongRunning, Poll } from '../apiserver/long-running.js';
import { NeedsWriteSide, needsWriteSide } from '../apiserver/rest.js';
import { type Backend, Conflict, DamagedState, type Entries, HEADER, NewerFormat, type Saved } from '../store/backend/backend.js';
import { pause } from '../store/backend/pause.js';
import { Turnstile } from '../store/backend/turnstile.js';
import { readStructs } from './assets.js';
import { machineWait, running, timeAt } from './clock.js';
import type { Cluster, Header, MakeComponents } from './cluster.js';
import { movesClock, pollSpan, REACTION } from './remote-waits.js';
import { openSession } from './session.js';
import { type Waiter, Waiting } from './waiting.js';

export interface TurnOptions {
  readonly backend: Backend;
  /** Opens what was saved, for reading. */
  open(saved: Saved): Cluster;
  /** The components, loaded when something must act for the first time. */
  components(): Promise<MakeComponents>;
  /** Makes the cluster when there is none, at this time of the machine. Absent: that is an error ({@link NoCluster}). */
  create?(machine: number): Promise<Cluster>;
  /** Which requests the reader cannot answer. */
  readonly needsComponents?: (request: ApiRequest) => boolean;
  /** The machine's clock in ms since 1970; for tests. */
  readonly machine?: () => number;
  /** Default: over HTTPS. */
  readonly messenger?: Messenger;
  /** Absent: there is nobody to run errands. */
  readonly errands?: ErrandRunner;
}

/** There is no cluster, and none is to be made. */
export class NoCluster extends Error {
  override readonly name = 'NoCluster';
}

/** How long, in ms of the machine, a paused clock is moved before the result is saved. */
const ENOUGH = 100;
const FOREVER = 2 ** 31 - 1;
/** So many steps of the simulation cost less than saving what came of them. */
const FEW_STEPS = 30;
/** So long, in ms of the machine, a command waits for what loops ask of webhooks, if nothing else keeps it. */
const PATIENCE = 5000;

interface Done<T> {
  /** Absent: loops wait for answers to what they do before. */
  readonly result: { readonly value: T } | undefined;
  readonly isWaiting: boolean;
}

function orUnanswered<T>(work: () => T): T | Unanswered {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unanswered) return error;
    throw error;
  }
}

/** Runs no program at all. */
const nobody: ErrandRunner = async (_, { argv }) => ({
  said: [{ fd: '2', text: `podsim: ${argv[0]} is not simulated here\n` }],
  asks: [],
  dropped: [],
  exit: 1,
});

interface Job {
  work(cluster: Cluster): unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export class Turn {
  private readonly line = new Turnstile();
  private readonly waiting: Waiting;
  private readonly machine: () => number;
  private saved: Saved | undefined;
  private cluster: Cluster | undefined;
  private isHeld = false;
  /** Who serves may be asked to step aside: {@link lend}. */
  private release: (() => void) | undefined;
  private readonly wire = once(async () => new (await import('../apiserver/wire.js')).Wire(readStructs));
  private lent: Promise<void> = Promise.resolve();
  private isNew = false;
  private wasThere = false;
  /** The open cluster still tells as changes what is saved by now: most processes end here, and need not learn it. */
  private isAhead = false;
  /** Loops have been answered since the last turn. */
  private hasAnswers = false;
  private readonly messenger: Messenger;
  /** All that loops wait for while others are served. */
  private answering: Promise<void> = Promise.resolve();
  /** What waits to be done in the next turn. */
  private jobs: Job[] = [];

  constructor(private readonly options: TurnOptions) {
    this.machine = options.machine ?? Date.now;
    this.messenger = options.messenger ?? (async (question) => (await import('../apiserver/http/webhook-client.js')).askWebhook(question));
    this.needsComponents = options.needsComponents ?? needsWriteSide;
    this.waiting = new Waiting({
      isPaused: () => this.cluster?.clock.rate === 0,
      move: async (work) => {
        const moved = await this.line.pass(() => this.exclusive(work));
        await this.answering;
        return moved;
      },
      sleep: (until, signal) => this.sleepUntil(until, signal),
      nextDue: () => this.cluster?.nextDue,
      hadEnough: () => {
        const begin = performance.now();
        return () => performance.now() - begin > ENOUGH;
      },
    });
  }

  readonly transport: Transport = async (request) => {
    const response = await this.waiting.during(async () => this.respond(await this.handle(request), request));
    return request.asText === true ? (await this.wire()).answer(request, response) : response;
  };

  /** The cluster's time, as far as it is known without loading it. */
  now(): Time {
    return this.cluster === undefined ? time(this.machine()) : timeAt(this.cluster.clock, this.machine(), this.cluster.now);
  }

  /** Loads (or makes) the cluster, so that {@link now} is its time; true when it was made. */
  async ready(): Promise<boolean> {
    await this.line.pass(async () => (await this.load()) ?? this.exclusive(() => undefined));
    return this.isNew;
  }

  /** Looks at the cluster as it is now, without changing anything. */
  read<T>(work: (cluster: Cluster) => T): Promise<T> {
    return this.line.pass(async () => {
      const cluster = await this.load();
      const now = this.now();
      if (cluster === undefined) return this.exclusive(work);
      if (cluster.nextDue === undefined || cluster.nextDue > now) cluster.lookAt(now);
      else if (await this.isMuchDue(cluster, now)) return this.exclusive(work);
      const found = work(cluster);
      // Looking has brought processes to where they must have something done first.
      return cluster.errands.areOpen ? this.exclusive(work) : found;
    });
  }

  /** Does something to the cluster; it is saved when this resolves. `work` may run again if somebody else saved first. */
  write<T>(work: (cluster: Cluster) => T): Promise<T> {
    return this.waiting.during(() => this.together(work));
  }

  /**
   * Puts another cluster in this one's place, all at once: a new one, or what a snapshot holds. Its time goes on from where
   * it was, not from the machine's.
   */
  replace(make: (machine: number) => Promise<Entries>): Promise<void> {
    return this.line.pass(() =>
      this.options.backend.hold(async () => {
        const made = await make(this.machine());
        const saved = await this.loadForReplacing();
        const changes = new Map<string, string | undefined>(saved?.entries.keys('').map((key) => [key, undefined]));
        for (const key of made.keys('')) changes.set(key, made.get(key));
        const header = JSON.parse(made.get(HEADER) as string) as Header;
        const { rate } = header.clock;
        if (rate !== 0) changes.set(HEADER, JSON.stringify({ ...header, clock: running(rate, header.now, this.machine()) }));
        this.saved = await this.options.backend.save(saved, changes);
        this.cluster = undefined;
      }),
    );
  }

  /** The saved entries, for a snapshot. */
  async entries(): Promise<Entries> {
    await this.write(() => undefined);
    return (this.saved as Saved).entries;
  }

  /** Resolves after so much simulated time, or when the signal aborts. */
  async sleep(span: number, signal?: AbortSignal): Promise<void> {
    await this.ready();
    const until = (this.now() + span) as Time;
    const waiter: Waiter = { isMoving: true, next: until, isReady: (cluster) => cluster.now >= until };
    while (this.now() < until && signal?.aborted !== true) await this.waiting.wait(waiter, signal);
  }

  /** Resolves when something has become due, or somebody has saved, or the signal aborts. A paused clock is not moved for it. */
  change(signal: AbortSignal): Promise<void> {
    return this.waiting.wait({ isMoving: false, next: undefined, isReady: () => true }, signal);
  }

  /** Keeps everybody else out and sends them to `address`, until the signal aborts. What becomes due happens meanwhile. */
  async serve(address: string, signal: AbortSignal, onHeld: () => Promise<void> = async () => {}): Promise<void> {
    const end = new AbortController();
    const both = AbortSignal.any([signal, end.signal]);
    try {
      await Promise.all([this.goOn(both), this.keep(address, both, onHeld)]);
    } finally {
      end.abort();
    }
  }

  /** While served: lets others at the saved cluster until the signal aborts. Resolves when they may go there. */
  async lend(signal: AbortSignal): Promise<void> {
    const back = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
    this.lent = Promise.all([this.lent, back]).then(() => {});
    this.release?.();
    // Until the lock is really free.
    while (this.isHeld && !signal.aborted) await new Promise(setImmediate);
  }

  private async keep(address: string, signal: AbortSignal, onHeld: () => Promise<void>): Promise<void> {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      await this.options.backend.hold(async () => {
        const released = new Promise<void>((resolve) => {
          this.release = resolve;
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve());
        });
        this.isHeld = true;
        if (isFirst) await onHeld();
        await released;
        this.release = undefined;
        await this.line.pass(async () => {
          this.isHeld = false;
        });
      }, address);
      await this.lent;
    }
  }

  private readonly needsComponents: (request: ApiRequest) => boolean;

  private async handle(request: ApiRequest): Promise<Answer> {
    const answer = await (this.needsComponents(request) ? this.attempt(request) : this.readOr(request));
    const span = this.cluster?.clock.rate === 0 ? pollSpan(request, answer) : 0;
    if (span > 0) await this.line.pass(() => this.exclusive((cluster) => cluster.advanceTo((cluster.now + span) as Time)));
    return answer;
  }

  /** The read side says when it must have the components after all. */
  private async readOr(request: ApiRequest): Promise<Answer> {
    try {
      return await this.read((cluster) => cluster.reader.handle(request));
    } catch (error) {
      if (!(error instanceof NeedsWriteSide || error instanceof Unanswered)) throw error;
      return this.attempt(request);
    }
  }

  /** A request that may have to wait for webhooks, and is made again when they have answered (api/outside.ts). */
  private attempt(request: ApiRequest): Promise<Answer> {
    const attempt = new Attempt();
    return this.together((cluster) => cluster.outside.during(attempt, () => cluster.server.handle(request)));
  }

  /** What becomes due is not left to the next request: whoever looks finds little left to do. */
  private async goOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.waiting.wait({ isMoving: false, next: undefined, isReady: () => false }, signal);
      if (!signal.aborted) await this.read(() => undefined);
    }
  }

  /** What is saved, opened; the same object as long as nobody else saves. */
  private async load(): Promise<Cluster | undefined> {
    const saved = await this.options.backend.load(this.saved);
    // Somebody has deleted it: who still watches it has nothing to make a new one for.
    if (saved === undefined && this.wasThere) throw new NoCluster('the cluster is gone: its state has been deleted');
    this.wasThere ||= saved !== undefined;
    if (saved !== this.saved || this.cluster === undefined) this.cluster = saved === undefined ? undefined : this.options.open(saved);
    else if (this.isAhead) this.cluster.rebase(saved as Saved);
    this.isAhead = false;
    this.saved = saved;
    return this.cluster;
  }

  /** A file that cannot be opened may be replaced as well: that is how one gets rid of it. */
  private async loadForReplacing(): Promise<Saved | undefined> {
    try {
      return await this.options.backend.load();
    } catch (error) {
      if (!(error instanceof DamagedState) && !(error instanceof NewerFormat)) throw error;
      await this.options.backend.remove();
      return undefined;
    }
  }

  /** Does something to the cluster. Who comes while others are at it shares the next turn, and its saving: each is answered when that is done. */
  private together<T>(work: (cluster: Cluster) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.queue({ work, resolve: resolve as Job['resolve'], reject });
    });
  }

  private queue(job: Job): void {
    this.jobs.push(job);
    if (this.jobs.length === 1) void this.line.pass(() => this.doJobs());
  }

  /** Others have their turns while a webhook thinks. */
  private async again(job: Job, { attempt }: Unanswered): Promise<void> {
    await attempt.answered(this.messenger);
    this.queue(job);
  }

  private async doJobs(): Promise<void> {
    // What other connections have sent already is read first.
    if (this.isHeld) await new Promise(setImmediate);
    const jobs = this.jobs;
    this.jobs = [];
    try {
      const results = await this.exclusive((cluster) =>
        jobs.map(({ work }, i) => {
          if (i > 0) cluster.settle();
          return orUnanswered(() => work(cluster));
        }),
      );
      for (const [i, job] of jobs.entries()) this.finish(job, results[i]);
    } catch (error) {
      const [first, ...others] = jobs;
      if (others.length === 0) first?.reject(error);
      // Nothing was saved: each has another try by itself, so that only whose fault it is gets the error.
      else
        for (const job of jobs) await this.exclusive((cluster) => orUnanswered(() => job.work(cluster))).then((result) => this.finish(job, result), job.reject);
    }
  }

  private finish(job: Job, result: unknown): void {
    if (result instanceof Unanswered) void this.again(job, result);
    else job.resolve(result);
  }

  /**
   * What has become due happens. A little of it is not worth saving: whoever comes next works it out again, and comes to the same.
   * True: it is, and should be saved now.
   */
  private async isMuchDue(cluster: Cluster, now: Time): Promise<boolean> {
    const make = await this.options.components();
    try {
      cluster.start(make);
      cluster.advanceTo(now);
    } catch (error) {
      this.cluster = undefined;
      throw error;
    }
    const isMuch = cluster.unsavedSteps > FEW_STEPS || cluster.isHeldUp;
    // Who waits for what has just happened learns of it now: the alarm that would have told has rung.
    if (!isMuch) this.waiting.notice(cluster);
    return isMuch;
  }

  private async exclusive<T>(work: (cluster: Cluster) => T): Promise<T> {
    const make = await this.options.components();
    for (;;) {
      const done = await this.turnOrConflict(make, work);
      if (done.isWaiting) await this.answerLoops(make, done.result !== undefined);
      if (done.result !== undefined) return done.result.value;
    }
  }

  private async turnOrConflict<T>(make: MakeComponents, work: (cluster: Cluster) => T): Promise<Done<T>> {
    const turn = () => this.turn(make, work);
    for (;;) {
      try {
        return await (this.isHeld ? turn() : this.options.backend.hold(turn));
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    }
  }

  /**
   * What loops ask of webhooks. Who is served is not kept waiting by it; a command of its own sees it through, so that what it has set off
   * has come about when it ends: unless it is a great deal, and nobody has asked for a time that has yet to come.
   */
  private async answerLoops(make: MakeComponents, isDone: boolean): Promise<void> {
    const begin = this.machine();
    for (;;) {
      const { cluster } = this;
      const attempts = cluster?.outside.take() ?? [];
      if (this.isHeld) {
        const all = attempts.map((attempt) => attempt.answered(this.messenger).then(() => this.answered()));
        if (all.length > 0) this.answering = Promise.all([this.answering, ...all]).then(() => {});
        return;
      }
      await Promise.all(attempts.map((attempt) => attempt.answered(this.messenger)));
      this.hasAnswers = true;
      if (!isDone) return;
      const { isWaiting } = await this.turnOrConflict(make, () => undefined);
      const isLate = this.machine() - begin > PATIENCE && this.cluster?.goal === undefined;
      if (!isWaiting || isLate) return;
    }
  }

  private async answered(): Promise<void> {
    this.hasAnswers = true;
    // What goes wrong here goes wrong again for the next who comes, and he is told.
    await this.line.pass(() => this.exclusive(() => undefined)).catch(() => {});
  }

  private async turn<T>(make: MakeComponents, work: (cluster: Cluster) => T): Promise<Done<T>> {
    const cluster = (await this.load()) ?? (await this.create());
    this.cluster = cluster;
    try {
      cluster.start(make);
      if (this.hasAnswers) cluster.sim.answered();
      this.hasAnswers = false;
      const until = Math.max(this.now(), cluster.goal ?? 0) as Time;
      cluster.advanceTo(until);
      await this.runErrands(cluster, until);
      // What happened before comes first; others who are served see the time stand still meanwhile.
      const result = cluster.isWaiting && !this.isHeld ? undefined : { value: work(cluster) };
      if (result !== undefined) cluster.settleSome();
      if (cluster.errands.areOpen) await this.runErrands(cluster, cluster.goal ?? cluster.now);
      const changes = cluster.changes();
      if (changes.size > 0) {
        this.saved = await this.options.backend.save(this.saved, changes);
        this.isAhead = true;
        this.waiting.notice(cluster);
      }
      return { result, isWaiting: cluster.isWaiting };
    } catch (error) {
      // Half a turn is none: the next one starts from what is saved.
      this.cluster = undefined;
      throw error;
    }
  }

  /**
   * What processes have others do (api/errand.ts) is done within the turn: it needs nobody's answer but the cluster's own. Afterwards the
   * time goes on, as far as it was to.
   */
  private async runErrands(cluster: Cluster, until: Time): Promise<void> {
    const run = this.options.errands ?? nobody;
    const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
    while (cluster.errands.areOpen) {
      const errands = cluster.errands.take();
      const steps = await Promise.all(errands.map(({ id, errand }) => run(id, errand, idle)));
      for (const [i, { answer }] of errands.entries()) answer(steps[i] as ErrandStep);
      cluster.advanceTo(until);
    }
  }

  private create(): Promise<Cluster> {
    if (this.options.create === undefined) throw new NoCluster('there is no cluster');
    this.isNew = true;
    return this.options.create(this.machine());
  }

  private async sleepUntil(until: Time | undefined, signal: AbortSignal): Promise<void> {
    const wait = until === undefined || this.cluster === undefined ? undefined : machineWait(this.cluster.clock, this.machine(), until);
    await this.options.backend.changed(this.saved, Math.min(wait ?? FOREVER, FOREVER), signal);
  }

  private respond(answer: Answer, request: ApiRequest): ApiResponse {
    const { status, headers, body, longRunning } = answer;
    const { signal } = request;
    if (longRunning === undefined) return { status, headers, body };
    if (longRunning.chunks === 'frames') return { status, headers, session: this.session(longRunning, signal) };
    const { cursor, until, ends } = longRunning;
    const remote = cursor.type === 'watch' ? movesClock(request) : undefined;
    const isMoving = remote ?? (until !== undefined || ends === true);
    return { status, headers, body: this.follow(longRunning, { isMoving, reaction: remote === true ? REACTION : 0 }, signal) };
  }

  /** The chunks of a watch or a followed log as they come. */
  private async *follow(
    longRunning: LongRunning,
    { isMoving, reaction }: { readonly isMoving: boolean; readonly reaction: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<unknown, void> {
    let cursor: Cursor | undefined = longRunning.cursor;
    let attempt = new Attempt();
    const isRead = (from: Cursor) => from.type === 'watch' && from['custom'] !== true;
    const look = (cluster: Cluster, from: Cursor): Poll => cluster.outside.during(attempt, () => (isRead(from) ? cluster.reader : cluster.server).poll(from));
    const lookOr = (cluster: Cluster, from: Cursor) => orUnanswered(() => look(cluster, from));
    const waiter: Waiter = {
      isMoving,
      next: longRunning.until,
      isReady: (cluster) => {
        const found = cursor === undefined ? undefined : lookOr(cluster, cursor);
        if (found instanceof Unanswered) return true;
        waiter.next = found?.next;
        return found === undefined || found.chunks.length > 0 || found.cursor === undefined;
      },
    };
    this.waiting.enter();
    try {
      while (cursor !== undefined && signal?.aborted !== true) {
        const from: Cursor = cursor;
        const found = isRead(from) ? await this.read((cluster) => lookOr(cluster, from)) : await this.readRunning((cluster) => lookOr(cluster, from));
        if (found instanceof Unanswered) {
          await found.attempt.answered(this.messenger);
          continue;
        }
        attempt = new Attempt();
        cursor = found.cursor;
        yield* found.chunks;
        if (reaction > 0) await pause(reaction, signal);
        if (cursor === undefined || found.chunks.length > 0) continue;
        waiter.next = found.next ?? longRunning.until;
        this.waiting.leave();
        await this.waiting.wait(waiter, signal);
        this.waiting.enter();
      }
    } finally {
      this.waiting.leave();
    }
  }

  /** Like {@link read}, with the components alive: logs and sessions come from the nodes. */
  private async readRunning<T>(work: (cluster: Cluster) => T): Promise<T> {
    const make = await this.options.components();
    return this.read((cluster) => {
      cluster.start(make);
      return work(cluster);
    });
  }

  private session({ cursor, ends }: LongRunning, signal: AbortSignal | undefined): Session {
    return openSession(
      cursor,
      {
        poll: (look) => this.readRunning((cluster) => look(cluster.server)),
        act: (work) => this.write((cluster) => work(cluster.server)),
        wait: (isReady, last, woken) => {
          const waiter: Waiter = {
            // Blocked on its input it has no next moment, and no time passes for it.
            get isMoving() {
              return ends === true && waiter.next !== undefined;
            },
            next: last.next,
            isReady: (cluster) => {
              const found = isReady(cluster.server);
              waiter.next = found?.next;
              return found === undefined || found.chunks.length > 0 || found.cursor === undefined;
            },
          };
          return this.waiting.wait(waiter, woken);
        },
        end: (last) => this.write((cluster) => cluster.server.end(last)),
        enter: () => this.waiting.enter(),
        leave: () => this.waiting.leave(),
      },
      signal,
    );
  }
}
