/**
 * A lock between processes that survives a killed holder. It is a symbolic link whose target names the holder: made
 * exclusively and with its content in one step, so there is never a lock without an owner. Where links cannot be made
 * (Windows without the privilege) it is a plain file made exclusively.
 *
 *     web.json.lock        → {"pid":812,"start":"99120","space":"laptop/pid:[4026531836]","nonce":"a1b2"}
 *     web.json.lock.a1b2   → the one process that may take the lock over when 812 is dead
 *
 * Taking over: whoever makes `<lock>.<nonce of the dead>` is its only heir, and replaces the lock by renaming. An heir
 * killed on the way is inherited from in the same manner. A slow second heir finds another nonce in the lock and gives up.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface Owner {
  readonly pid: number;
  /** When the process started, as the kernel counts; '' where that cannot be asked. */
  readonly start: string;
  /** Whose process numbers these are: another machine or container may share the directory. */
  readonly space: string;
  readonly nonce: string;
  /** `podsim serve` answers here. */
  readonly address?: string;
}

/** How old the lock of a process that cannot be asked after must be to count as abandoned. */
const ABANDONED = 60_000;

/** Who this process is, with a nonce of its own for every lock taken. */
export function self(address?: string): Owner {
  const owner = { pid: process.pid, start: processStat(process.pid)?.start ?? '', space: processSpace(), nonce: process.hrtime.bigint().toString(36) };
  return address === undefined ? owner : { ...owner, address };
}

/** Takes the lock, also from a dead owner. False: somebody alive has it. */
export function tryLock(path: string, me: Owner): boolean {
  if (make(path, me)) return true;
  const owner = lockOwner(path);
  if (owner === undefined || !isDead(owner, path)) return false;
  const heir = `${path}.${owner.nonce}`;
  if (!tryLock(heir, me)) return false;
  try {
    if (lockOwner(path)?.nonce !== owner.nonce) return false;
    const next = `${path}.${me.nonce}.next`;
    make(next, me);
    renameSync(next, path);
    sweep(path, me);
    return true;
  } finally {
    rmSync(heir, { force: true });
  }
}

/** Still ours: nobody took us for dead. */
export const holdsLock = (path: string, me: Owner): boolean => lockOwner(path)?.nonce === me.nonce;

export function unlock(path: string, me: Owner): void {
  if (holdsLock(path, me)) rmSync(path, { force: true });
}

/** Who has it, dead or alive; undefined: nobody. */
export function lockOwner(path: string): Owner | undefined {
  let text: string;
  try {
    text = readlinkSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'UNKNOWN') throw error;
    text = readPlain(path);
  }
  try {
    return JSON.parse(text) as Owner;
  } catch {
    // A plain lock file whose maker was killed before it wrote its name.
    return { pid: 0, start: '', space: 'unknown', nonce: 'unknown' };
  }
}

export function isDead(owner: Owner, path: string): boolean {
  if (owner.space !== processSpace()) return ageOf(path) > ABANDONED;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
  const stat = processStat(owner.pid);
  if (stat === undefined) return false;
  // A zombie does nothing any more; another start time is another process under the same number.
  return stat.state === 'Z' || stat.state === 'X' || (owner.start !== '' && stat.start !== owner.start);
}

/** False: there is one. */
function make(path: string, owner: Owner): boolean {
  const text = JSON.stringify(owner);
  try {
    symlinkSync(text, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'UNKNOWN'].includes(codeOf(error))) throw error;
  }
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes what dead heirs and writers left behind. Only the lock's owner does this; no nonce but ours matters any more. */
function sweep(path: string, me: Owner): void {
  const prefix = basename(path).replace(/\.lock$/, '');
  const mine = new Set([basename(path)]);
  for (const name of readdirSync(dirname(path))) {
    const isOurs = name.startsWith(`${basename(path)}.`) || (name.startsWith(`${prefix}.`) && name.endsWith('.tmp'));
    if (isOurs && !mine.has(name) && !name.includes(me.nonce)) rmSync(join(dirname(path), name), { force: true });
  }
}

function processStat(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets and may hold anything; fields count from behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] as string, start: fields[19] as string };
  } catch {
    return undefined;
  }
}

function processSpace(): string {
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Only Linux has these.
  }
  return `${hostname()}/${space}`;
}

function readPlain(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - lstatSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
