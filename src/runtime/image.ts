/** What the catalogue knows of an image (fixtures/images/*.yaml), and what follows from it. */
import type { Reference } from './reference.js';
import type { FileNode } from './state.js';

/** One file of fixtures/images: everything about one repository, as data. Times are Go durations (`500ms`), sizes bytes or `72Mi`. */
export interface ImageData {
  /** As people write it: `nginx`, `luksa/kubia`, `registry.k8s.io/pause`. */
  readonly repository: string;
  /** Tags that exist, as {@link matchesTag} patterns; absent: any. */
  readonly tags?: readonly string[];
  /**
   * What `{{version}}` reads in this entry (and `{{minor}}` of it the first two numbers), by a tag's leading number or word (`1.27`,
   * `lts`); a longer number is the version itself, `default` any other.
   */
  readonly versions?: Readonly<Record<string, string>>;
  /** The version itself, in an entry that has been read for a tag. */
  readonly version?: string;
  /** Bytes as the kubelet reports them (compressed), by tag pattern; the first that matches. */
  readonly sizes: Readonly<Record<string, number>>;
  /** How long a pull takes; absent: as long as so many bytes take. */
  readonly pull?: string;
  /** What the config's User says; absent: root. */
  readonly user?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly stopSignal?: string;
  readonly ports?: readonly number[];
  /** Which userland it has: decides texts and programs (`none`: no shell at all). */
  readonly os?: 'debian' | 'alpine' | 'busybox' | 'none' | 'ubuntu' | 'redhat';
  /** Programs besides those of its userland, by name or by path; `*`: any that is asked for. */
  readonly programs?: readonly string[] | '*';
  /** Files of the image, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whose its files are, where they are not root's: a path, with all beneath it → uid and gid. */
  readonly owned?: Readonly<Record<string, number>>;
  /** Links of the image: path → target. */
  readonly links?: Readonly<Record<string, string>>;
  /** Programs (by base name) that are the image's own server or job: what `run` describes. Default: entrypoint's and cmd's first words. */
  readonly mains?: readonly string[];
  /** What becomes of its own server once it is started, as `ps` shows it. */
  readonly started?: StartedData;
  readonly run?: RunData;
  /** Other ways to start its programs: the first whose `match` fits the command line; else `run`. */
  readonly runs?: readonly (RunData & { readonly match: string })[];
  /** The same, for tags that differ: first pattern that matches wins over the fields above. */
  readonly variants?: Readonly<Record<string, Partial<Omit<ImageData, 'repository' | 'tags' | 'variants'>>>>;
}

/**
 * What the image's main program does. A regular expression that chose it may have named groups: `port` moves its (first)
 * port, `bytes` is the memory it takes, `seconds` when it ends; all of them can stand in its texts as `{{env NAME}}`.
 */
export interface RunData {
  /** Ports it listens on; default the image's `ports`. */
  readonly listen?: readonly number[];
  /** An environment variable that moves the (first) port. */
  readonly portEnv?: string;
  /** From start until it listens. */
  readonly ready?: string;
  /** First log lines, at their time after start. `{{time nginx}}` and the like are filled in. */
  readonly log?: readonly LogData[];
  /** One of `env` must be set (not empty), else it writes `log` and exits. */
  readonly requires?: readonly { readonly env: readonly string[]; readonly log: readonly LogData[]; readonly code: number; readonly after?: string }[];
  /** It ends by itself. */
  readonly exit?: { readonly code: number; readonly after: string };
  /** Reaction to its stop signal: ends `after` with `code`; `ignores`: not at all. */
  readonly stop?: { readonly after?: string; readonly code?: number; readonly ignores?: boolean; readonly log?: readonly LogData[] };
  /** HTTP answers, first match; absent: any path is 200 with an empty body if it listens at all. */
  readonly http?: readonly RouteData[];
  /** It is nginx, and goes by its configuration files. */
  readonly nginx?: boolean;
  /** It is redis: it keeps data, and answers its protocol. */
  readonly redis?: boolean;
  /** It is a SQL server: it keeps data, and answers podsim's own clients. */
  readonly sql?: 'mysql' | 'postgres';
  /** When and with which lines it starts on data that an earlier one left. */
  readonly again?: { readonly ready: string; readonly log: readonly LogData[] };
  /** A directory it serves files from. */
  readonly root?: string;
  /** The line it logs for a request; absent: none. */
  readonly accessLog?: string;
  /** Files it logs requests and its own doings to; where they are links to /dev/stdout and /dev/stderr that is where they go. */
  readonly logFiles?: { readonly access: string; readonly error: string };
  /** gRPC health service. */
  readonly grpc?: 'SERVING' | 'NOT_SERVING' | 'none';
  /** Whose health it knows (`""`: its own); absent: anybody's. */
  readonly services?: readonly string[];
  /** What it says when its port is taken, before it exits 1. */
  readonly portTaken?: { readonly log: readonly LogData[]; readonly after: string; readonly code: number };
  /** The `Server` header it answers with. */
  readonly server?: string;
  /** Ports on which it answers by the cluster's Ingresses. */
  readonly ingress?: readonly number[];
  /** What it asks of the API server when it starts. What is there already stays; anything else that is refused ends it with 1. */
  readonly calls?: readonly CallData[];
  readonly memory?: number;
  /** Nanocores. */
  readonly cpu?: number;
  /** Processor time that answering a request takes besides. */
  readonly work?: string;
}

export interface StartedData {
  /** The account that its entrypoint hands root's server over to, before it is replaced by it. */
  readonly account?: { readonly name: string; readonly uid: number; readonly gid?: number };
  /** What it writes over its command line; `{{port}}` is that of its `--port`, else the image's first. */
  readonly title?: string;
}

/**
 * A request to the API server, with the pod's own token. `{{env NAME}}` and the run's named groups are filled in, `{{random}}` is sixteen
 * letters and digits, `{{ca}}` the cluster's certificate, `{{ca64}}` the same in base64.
 */
export interface CallData {
  /** `PUT`: what is there, with `set` put into it. */
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  /** By the names on the way to it; `*`: in each of a list. */
  readonly set?: Readonly<Record<string, string>>;
}

export type LogData = string | { readonly after?: string; readonly text: string; readonly stream?: 'stdout' | 'stderr' };

export interface RouteData {
  /** Exact, or ending in `*`. */
  readonly path: string;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only the first so many requests are answered so; the next matching route takes over. */
  readonly times?: number;
  /** Only so long after its start is answered so; the next matching route takes over. */
  readonly until?: string;
}

/**
 * What an image nobody describes runs as where root is not wanted: who asks for that has an image that can do without. Where nothing is said
 * it is root, as most are.
 */
export const UNKNOWN_USER = 65_532;

/** How long a program nobody knows is at work where somebody waits for its end. */
export const UNKNOWN_TASK = 2000;

/** The catalogue's entry for a tag, its variant folded in and its size the only one. */
function imageFor(data: ImageData, tag: string): ImageData {
  const sizes = { '*': sizeFor(data, tag) };
  const variant = Object.entries(data.variants ?? {}).find(([pattern]) => matchesTag(pattern, tag))?.[1];
  const image = { ...data, ...variant, sizes };
  if (data.versions === undefined) return image;
  const version = versionFor(data.versions, tag);
  const minor = /^\d+(\.\d+)?/.exec(version)?.[0] ?? version;
  return JSON.parse(
    JSON.stringify({ ...image, version })
      .replaceAll('{{version}}', version)
      .replaceAll('{{minor}}', minor),
  ) as ImageData;
}

function versionFor(versions: Readonly<Record<string, string>>, tag: string): string {
  const number = /^\d+(\.\d+)*/.exec(tag)?.[0] ?? /^[a-z]+/.exec(tag)?.[0] ?? 'default';
  const known = versions[number] ?? Object.values(versions).find((version) => version.startsWith(`${number}.`));
  const isFull = Object.keys(versions).some((short) => number.startsWith(`${short}.`));
  return known ?? (isFull ? number : (versions['default'] ?? number));
}

/** A catalogue that has folded its variants in and read its patterns once for every tag asked for. */
export interface Catalogue {
  /** Undefined: nobody describes it. */
  image(repository: string, tag: string): ImageData | undefined;
  hasTag(repository: string, reference: Reference): boolean;
  /** The files it brings. */
  tree(repository: string, tag: string): ReadonlyMap<string, FileNode>;
}

/** Remembers by the entry itself, so that one that is replaced is read again. */
export function createCatalogue(
  lookUp: (repository: string) => ImageData | undefined,
  treeOf: (image: ImageData | undefined) => ReadonlyMap<string, FileNode>,
): Catalogue {
  const trees = new WeakMap<object, ReadonlyMap<string, FileNode>>();
  const unknown = {};
  const folded = new WeakMap<ImageData, Map<string, ImageData>>();
  const known = new WeakMap<ImageData, Map<string, boolean>>();
  function image(repository: string, tag: string): ImageData | undefined {
    const data = lookUp(repository);
    if (data === undefined) return undefined;
    const tags = folded.get(data) ?? new Map<string, ImageData>();
    folded.set(data, tags);
    const found = tags.get(tag) ?? imageFor(data, tag);
    tags.set(tag, found);
    return found;
  }
  return {
    image,
    tree(repository, tag) {
      const data = image(repository, tag);
      const made = trees.get(data ?? unknown) ?? treeOf(data);
      trees.set(data ?? unknown, made);
      return made;
    },
    hasTag(repository, reference) {
      const data = lookUp(repository);
      if (data === undefined) return true;
      const tags = known.get(data) ?? new Map<string, boolean>();
      known.set(data, tags);
      const found = tags.get(reference.normalized) ?? hasTag(data, reference);
      tags.set(reference.normalized, found);
      return found;
    },
  };
}

/** A digest names a version that must exist; a tag must match one of the patterns. */
function hasTag(data: ImageData, reference: Reference): boolean {
  if (reference.digest !== undefined || data.tags === undefined) return true;
  return data.tags.some((pattern) => matchesTag(pattern, reference.tag));
}

/**
 * Tag patterns: literal text with `(a|b)`, `?` behind a group or letter, `{7..29}` for a number in that range and `*` for
 * anything: `1.{7..29}(.{0..9})?(-alpine)?`.
 */
export function matchesTag(pattern: string, tag: string): boolean {
  const ranges: { low: number; high: number; padded: boolean }[] = [];
  const source = pattern.replace(/\{(\d+)\.\.(\d+)\}|[.+^$[\]\\]|\*/g, (part, low: string | undefined, high: string | undefined) => {
    if (low === undefined || high === undefined) return part === '*' ? '.*' : `\\${part}`;
    ranges.push({ low: Number(low), high: Number(high), padded: low.startsWith('0') && low.length > 1 });
    return `(?<r${ranges.length - 1}>\\d+)`;
  });
  const match = new RegExp(`^(?:${source})$`).exec(tag);
  if (match === null) return false;
  return ranges.every(({ low, high, padded }, i) => {
    const digits = match.groups?.[`r${i}`];
    if (digits === undefined) return true;
    return (digits === '0' || !digits.startsWith('0') || padded) && Number(digits) >= low && Number(digits) <= high;
  });
}

/** Compressed size in bytes, as `Image size: …` prints it. */
function sizeFor(data: ImageData, tag: string): number {
  for (const [pattern, size] of Object.entries(data.sizes)) if (matchesTag(pattern, tag)) return size;
  return DEFAULT_SIZE;
}

/** Of an entry that {@link Catalogue.image} gave. */
export const sizeOf = (data: ImageData): number => data.sizes['*'] ?? DEFAULT_SIZE;
const DEFAULT_SIZE = 50_000_000;
