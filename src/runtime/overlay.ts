/** What is where in a container: the image below, the writable layer above, volumes mounted in. It looks and changes nothing. */
import { join, normalizePath, parentOf, throughLinks } from './paths.js';
import type { FileNode, FileTree } from './state.js';

export interface MountPoint {
  readonly path: string;
  readonly volume: string;
  /** Directory (or file) of the volume that is mounted; '' for its root. */
  readonly prefix: string;
  readonly readOnly: boolean;
}

export interface OverlayOptions {
  /** The image's own files, by absolute path. Read-only. */
  base(path: string): FileNode | undefined;
  basePaths(): Iterable<string>;
  readonly mounts: readonly MountPoint[];
  layer(): FileTree;
  volume(name: string): FileTree;
}

/** Where a path lives: in a volume's tree or in the container's layer over the image. */
export interface Place {
  readonly tree: FileTree;
  readonly path: string;
  readonly mount?: MountPoint;
}

export interface Overlay {
  place(path: string): Place;
  /** The node itself, links not followed. */
  nodeAt(path: string): FileNode | undefined;
  /** Follows links in every part of the path, and in the last one if asked. The last part need not exist. */
  walk(path: string, follow: boolean): { readonly path: string } | { readonly error: 'ELOOP' | 'ENOTDIR' | 'ENOENT' };
  /** The names in a directory, sorted. */
  childrenOf(path: string): string[];
}

const MAX_LINKS = 40;
const DIRECTORY: FileNode = { type: 'd', mode: 0o755 };

export function createOverlay(options: OverlayOptions): Overlay {
  const mounts = options.mounts.map((mount) => ({ ...mount, path: throughLinks(mount.path, options.base) })).sort((a, b) => b.path.length - a.path.length);

  function place(path: string): Place {
    for (const mount of mounts) {
      if (path !== mount.path && !path.startsWith(mount.path === '/' ? '/' : `${mount.path}/`)) continue;
      return { tree: options.volume(mount.volume), path: normalizePath(`${mount.prefix}/${path.slice(mount.path.length)}`), mount };
    }
    return { tree: options.layer(), path };
  }

  function nodeAt(path: string): FileNode | undefined {
    const { tree, path: inner, mount } = place(path);
    const own = tree[inner];
    if (own !== undefined) return own.type === 'x' ? undefined : own;
    if (inner === '/') return DIRECTORY;
    if (mount !== undefined) return undefined;
    for (let up = parentOf(inner); up !== '/'; up = parentOf(up)) {
      const above = tree[up];
      if (above?.type === 'x') return undefined;
      if (above !== undefined && above.type !== 'd') return undefined;
    }
    return options.base(inner) ?? (mounts.some((m) => m.path.startsWith(`${inner}/`)) ? DIRECTORY : undefined);
  }

  function walk(path: string, follow: boolean, budget = { left: MAX_LINKS }): { readonly path: string } | { readonly error: 'ELOOP' | 'ENOTDIR' | 'ENOENT' } {
    let at = '/';
    const parts = normalizePath(path).split('/');
    for (let i = 1; i < parts.length; i++) {
      const part = parts[i] as string;
      if (part === '') continue;
      const next = join(at, part);
      const node = nodeAt(next);
      const last = i === parts.length - 1;
      if (node?.type === 'l' && (!last || follow)) {
        if (budget.left-- === 0) return { error: 'ELOOP' };
        const target = node.data ?? '';
        const found = walk(target.startsWith('/') ? target : `${at}/${target}`, true, budget);
        if ('error' in found) return found;
        at = found.path;
      } else {
        if (!last && node === undefined) return { error: 'ENOENT' };
        if (!last && node?.type !== 'd') return { error: 'ENOTDIR' };
        at = next;
      }
    }
    return { path: at };
  }

  function childrenOf(path: string): string[] {
    const names = new Set<string>();
    const collect = (all: Iterable<string>, prefix: string, tree?: FileTree): void => {
      for (const key of all) {
        if (!key.startsWith(prefix) || key.length === prefix.length) continue;
        const rest = key.slice(prefix.length);
        const name = rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : rest;
        if (tree?.[key]?.type !== 'x') names.add(name);
      }
    };
    const prefixOf = (directory: string): string => (directory === '/' ? '/' : `${directory}/`);
    const { tree, path: inner, mount } = place(path);
    if (mount === undefined) collect(options.basePaths(), prefixOf(inner));
    collect(Object.keys(tree), prefixOf(inner), tree);
    collect(
      mounts.map((m) => m.path),
      prefixOf(path),
    );
    return [...names].filter((name) => nodeAt(join(path, name)) !== undefined).sort();
  }

  return { place, nodeAt, walk, childrenOf };
}
