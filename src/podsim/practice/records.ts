/** What practising leaves in PODSIM_HOME/practice: the session that goes on, and the scores. Times are the machine's, in ms since 1970. */
import { hostFiles } from '../../kubectl/files.js';
import { type PodsimContext, PodsimError } from '../context.js';
import type { Language } from '../language.js';
import type { Topic } from './scenario.js';

/** One scenario in a session. */
export interface Task {
  readonly id: string;
  /** When its cluster was made; undefined: it has not been begun. */
  readonly startedAt?: number;
  /** How many hints were shown. */
  readonly hints: number;
  readonly solutionShown: boolean;
}

export interface Session {
  /** The context the learner came from; '' when there was none. */
  readonly back: string;
  /** What was asked for with --lang. */
  readonly lang?: Language;
  readonly tasks: readonly Task[];
  /** The one that is worked at. */
  readonly current: number;
  readonly exam?: {
    readonly seed: number;
    readonly minutes: number;
    /** How the time of its questions goes: simulated seconds a second. */
    readonly rate: number;
    readonly startedAt: number;
    readonly endedAt?: number;
  };
}

/** The best that a try at a scenario came to. */
export interface Attempt {
  readonly id: string;
  readonly startedAt: number;
  /** When it came to that. */
  readonly checkedAt: number;
  /** After what hints and the solution cost. */
  readonly points: number;
  readonly of: number;
  readonly hints: number;
  readonly solutionShown: boolean;
  readonly solved: boolean;
}

export interface ExamResult {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly seed: number;
  readonly minutes: number;
  /** A cluster was written after the time was up. */
  readonly isLate: boolean;
  readonly passed: boolean;
  readonly questions: readonly { readonly id: string; readonly topic: Topic; readonly points: number; readonly of: number }[];
}

export interface Scores {
  readonly attempts: readonly Attempt[];
  readonly exams: readonly ExamResult[];
}

type Home = Pick<PodsimContext, 'cwd' | 'home'>;

const sessionFile = (home: string): string => `${home}/practice/session.json`;
const scoresFile = (home: string): string => `${home}/practice/scores.json`;

export async function loadSession({ cwd, home }: Home): Promise<Session | undefined> {
  const found = await readJson<Session>(cwd, sessionFile(home));
  if (found !== undefined && found.tasks?.[found.current] === undefined) throw unreadable(sessionFile(home));
  return found;
}

/** undefined: there is none any more. */
export async function saveSession({ cwd, home }: Home, session: Session | undefined): Promise<void> {
  const files = hostFiles(cwd);
  if (session === undefined) await files.remove(sessionFile(home));
  else await files.write(sessionFile(home), `${JSON.stringify(session)}\n`);
}

export async function loadScores({ cwd, home }: Home): Promise<Scores> {
  const found = await readJson<Partial<Scores>>(cwd, scoresFile(home));
  if (found !== undefined && !(Array.isArray(found.attempts) && Array.isArray(found.exams))) throw unreadable(scoresFile(home));
  return { attempts: found?.attempts ?? [], exams: found?.exams ?? [] };
}

async function saveScores({ cwd, home }: Home, scores: Scores): Promise<void> {
  await hostFiles(cwd).write(scoresFile(home), `${JSON.stringify(scores)}\n`);
}

/** Keeps the better of this and what the same try came to before, and answers it; a solved one stays as it is. */
export async function recordAttempt(home: Home, attempt: Attempt): Promise<Attempt> {
  const scores = await loadScores(home);
  const isSame = (other: Attempt) => other.id === attempt.id && other.startedAt === attempt.startedAt;
  const before = scores.attempts.find(isSame);
  if (before !== undefined && (before.solved || (before.points > attempt.points && !attempt.solved))) return before;
  await saveScores(home, { ...scores, attempts: [...scores.attempts.filter((other) => !isSame(other)), attempt] });
  return attempt;
}

export async function recordExam(home: Home, exam: ExamResult): Promise<void> {
  const scores = await loadScores(home);
  await saveScores(home, { ...scores, exams: [...scores.exams, exam] });
}

async function readJson<T>(cwd: string, path: string): Promise<T | undefined> {
  const files = hostFiles(cwd);
  if ((await files.kind(path)) === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(await files.read(path));
    if (typeof value === 'object' && value !== null) return value as T;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw unreadable(path);
}

const unreadable = (path: string): PodsimError => new PodsimError(`${path} cannot be read; remove it to begin anew`);
