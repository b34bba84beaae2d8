/**
 * A cluster in one file ({@link readLines} tells its form). Reading takes no lock: the file is only ever replaced whole, by
 * renaming. Writing happens under the lock `<file>.lock` and is on the disk when it is acknowledged.
 */
import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  write,
  writeSync,
  writevSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Backend, type Changes, Conflict, type Saved, Served, type Version } from './backend.js';
import { HEAD_LENGTH, markOf, readLines, writeLines } from './lines.js';
import { holdsLock, isDead, lockOwner, type Owner, self, tryLock, unlock } from './lock.js';
import { pause } from './pause.js';
import { Turnstile } from './turnstile.js';

/** How often somebody who waits looks, in milliseconds of the machine. */
const LOOK = 25;
/** The first line, with the version, is shorter than this. */
const HEAD = 128;

interface FileSaved extends Saved {
  /** Size, time and number of the file on disk and its first bytes (with the version): which one it was. */
  readonly stamp: string;
  readonly head: Buffer;
}

export class FileBackend implements Backend {
  private readonly turnstile = new Turnstile();
  private holder: Owner | undefined;

  constructor(private readonly file: string) {}

  async load(known?: Saved): Promise<Saved | undefined> {
    if (known !== undefined && this.isStill(known as FileSaved)) return known;
    const path = this.path();
    const fd = open(path);
    if (fd === undefined) return undefined;
    try {
      const stat = fstatSync(fd, { bigint: true });
      const content = readFileSync(fd);
      const { version, entries } = readLines(content, path, (written) => isMarked(stat, written));
      return { version, entries, stamp: stampOf(stat), head: content.subarray(0, HEAD) } as FileSaved;
    } finally {
      closeSync(fd);
    }
  }

  async save(base: Saved | undefined, changes: Changes): Promise<Saved> {
    return this.holder === undefined
      ? this.hold(async () => this.write(base as FileSaved | undefined, changes))
      : this.write(base as FileSaved | undefined, changes);
  }

  async remove(): Promise<void> {
    rmSync(this.path(), { force: true });
  }

  hold<T>(work: () => Promise<T>, address?: string): Promise<T> {
    return this.turnstile.pass(async () => {
      mkdirSync(dirname(this.path()), { recursive: true });
      const lock = this.lockPath();
      const me = self(address);
      for (let wait = 1; !tryLock(lock, me); wait = Math.min(2 * wait, LOOK)) {
        const at = await this.servedAt();
        if (at !== undefined) throw new Served(at);
        await pause(wait * (0.5 + Math.random()));
      }
      this.holder = me;
      try {
        return await work();
      } finally {
        this.holder = undefined;
        unlock(lock, me);
      }
    });
  }

  async servedAt(): Promise<string | undefined> {
    const owner = lockOwner(this.lockPath());
    return owner?.address === undefined || isDead(owner, this.lockPath()) ? undefined : owner.address;
  }

  async changed(known: Saved | undefined, milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = Date.now() + milliseconds;
    while (this.isStill(known as FileSaved | undefined) && signal?.aborted !== true) {
      const left = end - Date.now();
      if (left <= 0) return;
      await pause(Math.min(left, LOOK), signal);
    }
  }

  private async write(base: FileSaved | undefined, changes: Changes): Promise<Saved> {
    if (!this.isStill(base)) throw new Conflict('somebody else saved first');
    const path = this.path();
    const holder = this.holder as Owner;
    const next = `${path}.${holder.nonce}.tmp`;
    const fd = openSync(next, 'w', 0o600);
    const early = new EarlyWrites(fd, HEAD_LENGTH);
    try {
      // All that has changed is read in one go: while writes are awaited there may be further changes.
      const { version, head, body, entries } = writeLines(base?.entries, changes, (piece) => early.begin(piece));
      const rest = body.slice(early.count);
      if (early.count === 0) writeAll(fd, [head, ...rest], 0);
      else {
        writeAll(fd, [head], 0);
        writeAll(fd, rest, early.end);
        await early.finish();
        if (!this.isStill(base)) throw new Conflict('somebody else saved meanwhile');
      }
      mark(fd, version);
      fsyncSync(fd);
      const stamp = stampOf(fstatSync(fd, { bigint: true }));
      if (!holdsLock(this.lockPath(), holder)) throw new Conflict('the lock was lost');
      renameSync(next, path);
      syncDirectory(dirname(path));
      return {
        version,
        get entries() {
          return entries();
        },
        stamp,
        head: firstBytes([head, ...body]),
      } as FileSaved;
    } catch (error) {
      rmSync(next, { force: true });
      throw error;
    } finally {
      await early.settle();
      closeSync(fd);
    }
  }

  private isStill(known: FileSaved | undefined): boolean {
    const fd = open(this.path());
    if (fd === undefined) return known === undefined;
    try {
      if (known === undefined || stampOf(fstatSync(fd, { bigint: true })) !== known.stamp) return false;
      const head = Buffer.alloc(known.head.length);
      readSync(fd, head, 0, head.length, 0);
      return head.equals(known.head);
    } finally {
      closeSync(fd);
    }
  }

  /** Through symbolic links: what they point to is replaced, not they. */
  private path(): string {
    try {
      return realpathSync.native(this.file);
    } catch {
      return this.file;
    }
  }

  private lockPath(): string {
    return `${this.path()}.lock`;
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const stampOf = (stat: { readonly ino: bigint; readonly size: bigint; readonly mtimeNs: bigint }): string => `${stat.ino} ${stat.size} ${stat.mtimeNs}`;

/** Gives the file the time of now, but for the microseconds: by these {@link isMarked} knows what we wrote. */
function mark(fd: number, version: Version): void {
  // The middle of the microsecond: seconds as a binary fraction are a little more or less than they should be, and are cut off.
  const time = Math.floor(Date.now() / 1000) + (markOf(version) + 0.5) / 1_000_000;
  futimesSync(fd, time, time);
}

/** Where times are kept less exactly, nothing is marked, and files are read through. */
const isMarked = ({ mtimeNs }: { readonly mtimeNs: bigint }, version: Version): boolean =>
  Math.floor(Number(mtimeNs % 1_000_000_000n) / 1000) === markOf(version);

function firstBytes(pieces: readonly Buffer[]): Buffer {
  let length = 0;
  const first: Buffer[] = [];
  for (const piece of pieces) {
    if (length >= HEAD) break;
    first.push(piece.subarray(0, HEAD - length));
    length += piece.length;
  }
  return Buffer.concat(first);
}

/** writev takes so many at once (IOV_MAX), and may write less than all. */
const AT_ONCE = 1000;

function writeAll(fd: number, buffers: readonly Buffer[], position: number): void {
  let at = position;
  let next = 0;
  while (next < buffers.length) {
    const some = buffers.slice(next, next + AT_ONCE);
    let written = writevSync(fd, some, at);
    at += written;
    for (const buffer of some) {
      if (written < buffer.length) {
        while (written < buffer.length) {
          const more = writeSync(fd, buffer, written, buffer.length - written, at);
          written += more;
          at += more;
        }
        next++;
        break;
      }
      written -= buffer.length;
      next++;
    }
  }
}

/** So many bytes are sent on from the kernel to the disk at once, while the next are put together. */
const SYNC_AFTER = 1 << 24;

/** Pieces on their way to the disk while the next are put together: the kernel copies them on another processor. */
class EarlyWrites {
  private readonly pending: Promise<void>[] = [];
  private synced = 0;
  /** Of the pieces. */
  count = 0;

  constructor(
    private readonly fd: number,
    /** Where the next piece goes. */
    public end: number,
  ) {}

  begin(piece: Buffer): void {
    this.push(writeAt(this.fd, piece, this.end));
    this.end += piece.length;
    this.count++;
    if (this.end - this.synced < SYNC_AFTER) return;
    this.synced = this.end;
    // What goes wrong with the disk may be told only once, to this or to the last sync.
    this.push(sync(this.fd));
  }

  private push(work: Promise<void>): void {
    // Told when all are waited for.
    work.catch(() => undefined);
    this.pending.push(work);
  }

  /** Rejects with what went wrong first. */
  async finish(): Promise<void> {
    await Promise.all(this.pending);
  }

  /** None is under way any more when it resolves. */
  async settle(): Promise<void> {
    if (this.pending.length > 0) await Promise.allSettled(this.pending);
  }
}

const sync = (fd: number): Promise<void> => new Promise((resolve, reject) => fdatasync(fd, (error) => (error === null ? resolve() : reject(error))));

const writeAt = (fd: number, piece: Buffer, at: number): Promise<void> =>
  new Promise((resolve, reject) => {
    write(fd, piece, 0, piece.length, at, (error, written) => {
      if (error !== null) reject(error);
      else if (written < piece.length) writeAt(fd, piece.subarray(written), at + written).then(resolve, reject);
      else resolve();
    });
  });

/** The renaming itself must be on the disk, too. Not every system lets a directory be opened. */
function syncDirectory(path: string): void {
  try {
    const fd = openSync(path, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Windows.
  }
}
