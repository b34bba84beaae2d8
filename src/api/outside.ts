/**
 * Questions to the world outside the simulation: webhooks at a URL. The verbs are synchronous and nothing waits inside a turn, so a
 * question is put in three steps. (1) A verb that needs an answer that is not there yet notes its question in the attempt it is made in
 * and gives up ({@link Unanswered}) before it has written anything. (2) The turn ends and is saved as it stands; who drives the turns
 * (cluster/turn.ts) has the questions answered while others read and write: a webhook may itself ask the API. (3) The same request is
 * made again, in the same attempt, and finds the answer. If what it is about has changed meanwhile, the question is another one, and is
 * put again: what an API server does after a conflict.
 *
 * What an attempt has once drawn and what time it was then hold for its repetition, so that the object that is stored is the one that
 * the webhook has seen: its uid, its generated name, its creationTimestamp. A request of a client is one attempt; what a loop writes is one
 * for each write, known again by what is written, for a loop that was refused an answer looks again at what there is.
 */
import type { Time } from './time.js';

export interface Question {
  readonly url: string;
  /** PEM; '': what the machine trusts. */
  readonly ca: string;
  readonly body: string;
  readonly userAgent: string;
  readonly timeoutSeconds: number;
}

export type OutsideAnswer = { readonly status: number; readonly type: string; readonly body: string } | { readonly error: string };

/** Has a question answered; never rejects. */
export type Messenger = (question: Question) => Promise<OutsideAnswer>;

/** No answer yet. Whoever catches it without being the one who makes the request again has it lost. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  constructor(readonly attempt: Attempt) {
    super('a webhook has not answered yet');
  }
}

export class Attempt {
  private readonly answers = new Map<string, OutsideAnswer>();
  private readonly open = new Map<string, Question>();
  private readonly drawn = new Map<string, number[]>();
  private readonly done = new Map<string, unknown>();
  private drawing = new Map<string, number>();
  private time: Time | undefined;
  private answering: Promise<void> | undefined;

  /** From the beginning, again. */
  begin(): void {
    this.drawing = new Map();
    this.open.clear();
  }

  now(now: Time): Time {
    this.time ??= now;
    return this.time;
  }

  draw(stream: string, next: (stream: string) => number): number {
    const drawn = this.drawn.get(stream) ?? [];
    this.drawn.set(stream, drawn);
    const at = this.drawing.get(stream) ?? 0;
    this.drawing.set(stream, at + 1);
    if (at === drawn.length) drawn.push(next(stream));
    return drawn[at] as number;
  }

  /** What has been done is not done again when the attempt is repeated. */
  once<T>(label: string, work: () => T): T {
    if (!this.done.has(label)) this.done.set(label, work());
    return this.done.get(label) as T;
  }

  /** `key`: what makes it the same question. */
  ask(key: string, question: () => Question): OutsideAnswer {
    const answer = this.answers.get(key);
    if (answer !== undefined) return answer;
    this.open.set(key, question());
    throw new Unanswered(this);
  }

  /** Has what is open answered; the same promise until that is done. */
  answered(messenger: Messenger): Promise<void> {
    this.answering ??= this.answer(messenger).finally(() => {
      this.answering = undefined;
    });
    return this.answering;
  }

  private async answer(messenger: Messenger): Promise<void> {
    await Promise.all([...this.open].map(async ([key, question]) => this.answers.set(key, await messenger(question))));
  }
}

/** Attempts of loops that are kept: of most of those that are not made again nobody hears any more. */
const MANY = 1000;

export class Outside {
  private current: Attempt | undefined;
  /** What loops have tried to write. */
  private readonly tried = new Map<string, Attempt>();
  /** Those that were refused an answer since somebody last asked for them. */
  private waiting = new Set<Attempt>();

  /** Whether there is anybody to ask; asked with every write. */
  isOn: () => boolean = () => false;

  /** Makes a request, which may throw {@link Unanswered}: then it is to be made again in the same attempt. */
  during<T>(attempt: Attempt, work: () => T): T {
    const before = this.current;
    this.current = attempt;
    attempt.begin();
    try {
      return work();
    } finally {
      this.current = before;
    }
  }

  /** One write of a loop. */
  write<T>(key: () => string, work: () => T): T {
    if (this.current !== undefined || !this.isOn()) return work();
    const name = key();
    const attempt = this.tried.get(name) ?? new Attempt();
    this.tried.delete(name);
    try {
      return this.during(attempt, work);
    } catch (error) {
      if (error instanceof Unanswered) {
        this.tried.set(name, attempt);
        this.waiting.add(attempt);
        if (this.tried.size > MANY) this.tried.delete(this.tried.keys().next().value as string);
      }
      throw error;
    }
  }

  /** The attempts of loops that wait for an answer; each is told once. */
  take(): readonly Attempt[] {
    if (this.waiting.size === 0) return NONE;
    const found = [...this.waiting];
    this.waiting = new Set();
    return found;
  }

  ask(key: string, question: () => Question): OutsideAnswer {
    return (this.current ?? new Attempt()).ask(key, question);
  }

  once<T>(label: string, work: () => T): T {
    return this.current === undefined ? work() : this.current.once(label, work);
  }

  draw(stream: string, next: (stream: string) => number): number {
    return this.current === undefined ? next(stream) : this.current.draw(stream, next);
  }

  now(now: Time): Time {
    return this.current === undefined ? now : this.current.now(now);
  }
}
const NONE: readonly never[] = [];

/** All of them, though some wait for an answer: so that all questions are put at once. */
export function allAnswered<T, R>(items: readonly T[], work: (item: T) => R): readonly R[] {
  let unanswered: Unanswered | undefined;
  const results: R[] = [];
  for (const item of items) {
    try {
      results.push(work(item));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      unanswered = error;
    }
  }
  if (unanswered !== undefined) throw unanswered;
  return results;
}
