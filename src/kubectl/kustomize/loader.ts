/** Files and directories of a kustomization, and why they are not to be had (kustomize api/internal/loader, kyaml filesys). */
import { UsageError } from '../command.js';
import type { Files } from '../files.js';

/** A directory being built, and those it is built for. */
export interface Loader {
  readonly files: Files;
  readonly root: string;
  /** May files lie outside (--load-restrictor=LoadRestrictionsNone)? */
  readonly isFree: boolean;
  /** What is at a URL. */
  readonly read?: (url: string) => Promise<string>;
  readonly referrer?: Loader;
}

const clean = (path: string): string => path.replace(/(?<=.)\/+$/, '');
const isUrl = (path: string): boolean => /^https?:\/\//.test(path);
/** What kustomize would clone with git. */
const isRepository = (path: string): boolean =>
  /^(https?:\/\/|git@|ssh:\/\/|git::|file:\/\/)/.test(path) || /^(github\.com|gitlab\.com|bitbucket\.org)[/:]/.test(path);
/** A URL that no repository has. */
const isRemoteFile = (path: string): boolean => isUrl(path) && /\.(ya?ml|json)$/.test(path);
const remote = (path: string): UsageError => new UsageError(`podsim has no network: '${path}' cannot be fetched`);

/** NewLoader, and Loader.New of a directory below it. */
export async function loaderOf(files: Files, path: string, isFree: boolean, read?: Loader['read']): Promise<Loader> {
  if (isRepository(path)) throw remote(path);
  return { files, root: await confirmedDirectory(files, path, path), isFree, ...(read === undefined ? {} : { read }) };
}

export async function loaderBelow(loader: Loader, path: string): Promise<Loader> {
  if (path === '') throw new UsageError('new root cannot be empty');
  if (isRepository(path) && !isRemoteFile(path)) throw remote(path);
  if (path.startsWith('/')) throw new UsageError(`new root '${path}' cannot be absolute`);
  const whole = clean(loader.files.path(`${loader.root}/${path}`));
  const root = await confirmedDirectory(loader.files, whole, whole);
  for (let one: Loader | undefined = loader; one !== undefined; one = one.referrer) {
    if (`${one.root}/`.startsWith(root === '/' ? '/' : `${root}/`))
      throw new UsageError(`cycle detected: candidate root '${root}' contains visited root '${one.root}'`);
  }
  return { ...loader, root, referrer: loader };
}

/** filesys.ConfirmDir. */
async function confirmedDirectory(files: Files, path: string, said: string): Promise<string> {
  const failed = (text: string) => new UsageError(`must build at directory: ${text}`);
  if (path === '') throw failed('directory path cannot be empty');
  const whole = clean(files.path(path));
  const kind = (await files.kind(whole))?.kind;
  if (kind === undefined) throw failed(`not a valid directory: ${await missingText(files, said, whole)}`);
  if (kind === 'file') throw failed(`'${said}': file is not directory`);
  return whole;
}

/** What CleanedAbs says: the first part of the path that is not there. */
async function missingText(files: Files, said: string, whole: string): Promise<string> {
  let missing = '';
  for (const part of whole.split('/').slice(1)) {
    missing += `/${part}`;
    if ((await files.kind(missing)) === undefined) break;
  }
  return `evalsymlink failure on '${said}' : lstat ${missing}: no such file or directory`;
}

/** Loader.Load. */
export async function loadFile(loader: Loader, path: string): Promise<Uint8Array> {
  const { files, root, isFree, read } = loader;
  if (isUrl(path)) {
    if (read === undefined || !isRemoteFile(path)) throw remote(path);
    return new TextEncoder().encode(await read(path));
  }
  const whole = clean(files.path(path.startsWith('/') ? path : `${root}/${path}`));
  if (isFree) return files.readBytes(whole);
  const kind = (await files.kind(whole))?.kind;
  if (kind === undefined) throw new UsageError(await missingText(files, whole, whole));
  if (kind === 'directory') throw new UsageError(`'${whole}' must resolve to a file`);
  if (!whole.startsWith(`${root}/`)) throw new UsageError(`security; file '${whole}' is not in or below '${root}'`);
  return files.readBytes(whole);
}

export const loadText = async (loader: Loader, path: string): Promise<string> => new TextDecoder().decode(await loadFile(loader, path));
