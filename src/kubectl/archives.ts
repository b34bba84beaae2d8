/** Archives of local files, and paths as cp reads them (pkg/cmd/cp/filespec.go, Go's path/filepath). */
import { type TarEntry, writeTar } from '../api/tar.js';
import type { Files } from './files.js';

/** path.Clean: the shortest path that means the same. */
export function clean(path: string): string {
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !isRooted) parts.push(part);
  }
  return `${isRooted ? '/' : ''}${parts.join('/')}` || '.';
}

export const join = (path: string, name: string): string => clean(`${path}/${name}`);
export const base = (path: string): string =>
  path
    .replace(/(.)\/+$/, '$1')
    .split('/')
    .at(-1) || '/';
export const directory = (path: string): string => clean(path.slice(0, path.lastIndexOf('/') + 1));

/** stripPathShortcuts: what is left of a path when its `../` in front and its first slash are gone. */
export function withoutShortcuts(path: string): string {
  const rest = path.replace(/^(\.\.\/)+/, '');
  return rest === '.' || rest === '..' ? '' : rest.replace(/^\//, '');
}

/** Whether a path is below another one, or is it. */
export function isWithin(root: string, path: string): boolean {
  const from = clean(root);
  const to = clean(path);
  if (from === '.') return !to.startsWith('/') && to !== '..' && !to.startsWith('../');
  return to === from || to.startsWith(from.endsWith('/') ? from : `${from}/`);
}

/** The archive of a file or a directory, under another name. Directories are entries only when they are empty. */
export async function archiveOf(files: Files, source: string, name: string): Promise<Uint8Array> {
  const entries: TarEntry[] = [];
  const add = async (path: string, shown: string): Promise<void> => {
    const target = await files.linkTarget(path);
    const found = target === undefined ? await files.kind(path) : undefined;
    const attributes = { name: shown, uid: 0, gid: 0, mode: found?.mode ?? 0o777, mtime: (found?.modified ?? 0) / 1000 };
    if (target !== undefined) entries.push({ ...attributes, type: 'symlink', data: new Uint8Array(), target });
    else if (found?.kind === 'directory') {
      const inside = await files.list(path);
      if (inside.length === 0) entries.push({ ...attributes, type: 'directory', data: new Uint8Array(), target: '' });
      for (const child of inside) await add(join(path, child), `${shown}/${child}`);
    } else entries.push({ ...attributes, type: 'file', data: await files.readBytes(path), target: '' });
  };
  await add(source, name);
  return writeTar(entries);
}
