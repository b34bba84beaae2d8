/** Where the subPath of a mount leads within its volume (pkg/volume/util/subpath/subpath_linux.go). */
import { normalizePath, parentOf } from './paths.js';
import { type FileTree, SETGID } from './state.js';
import type { VolumeRecord } from './volumes.js';

/**
 * Where a subPath leads in a volume once links are followed; a directory is made if there is nothing (the kubelet does so).
 * Bound at the container's start: later versions of a ConfigMap do not show there.
 */
export function bindSubPath(volume: VolumeRecord, subPath: string, at: number): string {
  const { tree } = volume;
  let path = '';
  for (const part of normalizePath(subPath).split('/').slice(1)) {
    path = `${path}/${part}`;
    for (let hops = 0; tree[path]?.type === 'l' && hops < 40; hops++) {
      const link: string = tree[path]?.data ?? '';
      const [first = '', ...rest] = (link.startsWith('/') ? link : `${parentOf(path)}/${link}`).split('/').filter((one) => one !== '');
      // `..data/key`: the first part is a link itself.
      const head = tree[`/${first}`];
      path = normalizePath([head?.type === 'l' ? (head.data ?? '') : first, ...rest].join('/'));
    }
  }
  if (tree[path] === undefined && path !== '' && path !== '/') {
    // It gets the volume's own mode; those on the way are made as usual. Below a directory with the setgid bit they are of its group.
    let above = parentOf(path);
    while (tree[above] === undefined && above !== '/') above = parentOf(above);
    const setgid = (tree[above]?.mode ?? 0) & SETGID;
    const gid = setgid === 0 ? undefined : tree[above]?.gid;
    for (let up = path; up !== '/'; up = parentOf(up))
      tree[up] ??= { type: 'd', mode: up === path ? (tree['/']?.mode ?? 0o755) : 0o755 | setgid, mtime: at, ...(gid === undefined ? {} : { gid }) };
    volume.version += 1;
  }
  return path;
}

/**
 * Why a subPath cannot be bound (subpath_linux.go): it leads out of the volume, through a file, or along a link to nothing, where
 * no directory can be made. `isThere`: whether the node has such a path, for links that leave the volume.
 */
export function subPathTrouble(tree: Readonly<FileTree>, base: string, subPath: string, isThere: (path: string) => boolean): 'making' | 'binding' | undefined {
  let at = base;
  const left = normalizePath(subPath).split('/').slice(1);
  // Of what is left, how much comes from a link.
  let linked = 0;
  for (let hops = 0; left.length > 0; ) {
    const part = left.shift() as string;
    const isLinked = linked-- > 0;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at === base) return 'binding';
      at = parentOf(at);
      continue;
    }
    const here = tree[at];
    if (at !== '/' && here !== undefined && here.type !== 'd') return 'binding';
    const path = at === '/' ? `/${part}` : `${at}/${part}`;
    const node = tree[path];
    if (node === undefined) return isLinked ? 'making' : undefined;
    if (node.type !== 'l') {
      at = path;
      continue;
    }
    hops++;
    const target = node.data ?? '';
    if (hops > 40) return 'binding';
    if (target.startsWith('/')) return isThere(target) ? 'binding' : 'making';
    const parts = target.split('/');
    linked = Math.max(linked, 0) + parts.length;
    left.unshift(...parts);
  }
  return undefined;
}
