/** What a scenario file (fixtures/scenarios/*.yaml) holds. decode.ts makes one of these from what YAML gives. */
import type { Duration } from '../../api/time.js';
import type { Language } from '../language.js';

/** The same text in each language podsim's learners read. */
export type Text = Readonly<Record<Language, string>>;

/** The domains of the CKAD curriculum with their weights in percent, in its order (cncf/curriculum: CKAD v1.33). */
export const TOPICS = { design: 20, deployment: 20, observability: 15, configuration: 25, networking: 20 } as const;
export type Topic = keyof typeof TOPICS;

export const DIFFICULTIES = ['easy', 'medium', 'hard'] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

/** One thing done to a cluster, by whoever sets the scene or solves the task. */
export type Step =
  /** A `kubectl …` or `podsim …` command line. `fails`: it is expected to. */
  | { readonly run: string; readonly fails: boolean }
  /** `kubectl apply -f -` with these manifests. */
  | { readonly apply: string }
  /** Makes these files, paths to texts, for the commands that follow. */
  | { readonly files: Readonly<Record<string, string>> }
  /** So much simulated time passes. */
  | { readonly advance: Duration };

export interface SolutionStep {
  readonly step: Step;
  /** Why, if that needs saying. */
  readonly note?: Text;
}

/** What the looked-at text must be. */
export type Matcher =
  | { readonly equals: string }
  | { readonly oneOf: readonly string[] }
  | { readonly contains: string }
  | { readonly excludes: string }
  | { readonly matches: string };

/** What is looked at. */
export type Subject =
  /** `TYPE/NAME`; absent objects are evidence too. */
  | { readonly kind: 'object'; readonly type: string; readonly name: string; readonly namespace: string }
  /** All of a type (that a selector takes), as the List that `kubectl get -o json` prints. */
  | { readonly kind: 'list'; readonly type: string; readonly selector: string; readonly namespace: string }
  /** What a command prints and how it ends. `exitCode` undefined: however it ends. */
  | { readonly kind: 'run'; readonly line: string; readonly exitCode: number | undefined };

export type Assertion =
  | { readonly kind: 'exists'; readonly value: boolean }
  /** A JSONPath of the object, or ('' for commands) the whole output. */
  | { readonly kind: 'text'; readonly jsonpath: string; readonly matcher: Matcher | undefined }
  /** A CEL expression over `object`; `show` is the JSONPath printed as evidence, `expected` says what it should be. */
  | { readonly kind: 'cel'; readonly cel: string; readonly show: string; readonly expected: Text };

export interface Check {
  readonly text: Text;
  readonly points: number;
  /** It holds from the start and must go on holding: worth nothing, costs its points when broken. */
  readonly isGuard: boolean;
  readonly subject: Subject;
  readonly assertion: Assertion;
  /** It must hold after at most so much simulated time. */
  readonly within: Duration;
}

export interface Hint {
  readonly text: Text;
  /** Points. */
  readonly cost: number;
}

export interface Question {
  readonly question: Text;
  readonly answer: Text;
}

export interface Scenario {
  /** The file's name. */
  readonly id: string;
  readonly title: Text;
  readonly topic: Topic;
  /** What else it is about: `probes`, `init-containers` … */
  readonly tags: readonly string[];
  readonly difficulty: Difficulty;
  /** The time one should need in the exam. */
  readonly minutes: number;
  readonly cluster: { readonly nodes: number; readonly cni: 'flannel' | 'calico'; readonly cpu: string; readonly memory: string };
  readonly setup: readonly Step[];
  readonly task: Text;
  readonly checks: readonly Check[];
  readonly hints: readonly Hint[];
  readonly solution: { readonly explanation: Text; readonly steps: readonly SolutionStep[] };
  readonly interview: readonly Question[];
}

/** What solving it without help is worth. */
export const pointsOf = ({ checks }: Pick<Scenario, 'checks'>): number => checks.reduce((sum, check) => sum + (check.isGuard ? 0 : check.points), 0);
