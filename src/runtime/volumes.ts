/** Volumes of a node: trees of files by name. ConfigMap, Secret, projected ones are laid out as the kubelet's atomic writer does. */
import { textOfBase64 } from '../api/bytes.js';
import type { VolumeContent } from '../api/cri.js';
import { formatTime } from '../api/time.js';
import { normalizePath, parentOf } from './files.js';
import { freshTree, HOST } from './host-files.js';
import type { RuntimeContext } from './processes.js';
import { type FileNode, type FileTree, keys, type SandboxRecord } from './state.js';

export interface VolumeRecord {
  tree: FileTree;
  version: number;
  medium?: 'memory' | 'disk';
  size?: number;
}

/** The tmpfs at /dev/shm that the containers of a pod share. */
export const shmOf = (sandbox: SandboxRecord): string => `shm/${sandbox.id.slice(0, 16)}`;

/** The volume, made empty (or from what its pod says of it) on first use. */
export function loadVolume(context: RuntimeContext, sandbox: SandboxRecord, name: string): VolumeRecord {
  const key = keys.volume(context.node, name);
  const known = context.state.get<VolumeRecord>(key);
  if (known !== undefined) return known;
  const content = context.volume?.(sandbox.config.podKey, name);
  const empty = name === HOST ? freshTree(context) : rootOf(name.startsWith('shm/') ? 0o1777 : 0o777, sandbox.createdAt);
  const made: VolumeRecord = { tree: content === undefined ? empty : layOut(content, sandbox.createdAt), version: 0 };
  // What can be worked out again is not kept; what a process may write to is.
  if (content === undefined && name !== HOST && !name.startsWith('shm/')) context.state.set(key, made);
  return made;
}

const SETGID = 0o2000;

/** Anybody may write to a volume's own directory: emptyDir and local-path make it so; what is mounted read-only is so all the same. */
const rootOf = (mode: number, at: number, gid?: number): FileTree => ({ '/': { type: 'd', mode, mtime: at, ...(gid === undefined ? {} : { gid }) } });

/** pkg/volume/volume_linux.go SetVolumeOwnership of a volume the kubelet writes: fsGroup's, readable by it, directories hand it on. */
function owned(node: FileNode, gid: number | undefined): FileNode {
  if (gid === undefined) return node;
  if (node.type === 'l') return { ...node, gid };
  return { ...node, gid, mode: (node.mode ?? 0) | (node.type === 'd' ? 0o550 | SETGID : 0o440) };
}

/** pkg/volume/util/atomic_writer.go: a directory named by the time, `..data` pointing at it, a link per top-level name. */
export function layOut(content: VolumeContent, at: number): FileTree {
  const stamp = `/..${formatTime(at as Parameters<typeof formatTime>[0])
    .replace(/[-:]/g, '_')
    .replace('T', '_')
    .replace('Z', '')}.${String(Math.floor(at / 7) % 1_000_000_000)}`;
  const { group, medium } = content;
  // The kubelet sets what a tmpfs lacks of the permissions, and leaves its sticky bit.
  const mode = medium === 'memory' ? 0o1777 : 0o777;
  const tree: FileTree = rootOf(group === undefined ? mode : mode | SETGID, at, group);
  const names = Object.keys(content.files);
  if (names.length === 0) return tree;
  const put = (path: string, node: FileNode): void => {
    tree[path] = owned({ ...node, mtime: at }, group);
  };
  put(stamp, { type: 'd', mode: 0o755 });
  put('/..data', { type: 'l', data: stamp.slice(1) });
  for (const name of names) {
    const file = content.files[name];
    if (file === undefined) continue;
    const path = stamp + normalizePath(name);
    for (let up = parentOf(path); up !== stamp && up !== '/'; up = parentOf(up)) put(up, { type: 'd', mode: 0o755 });
    put(path, { data: file.encoding === 'base64' ? textOfBase64(file.data) : file.data, mode: file.mode });
    const top = name.split('/').find((part) => part !== '') ?? name;
    put(`/${top}`, { type: 'l', data: `..data/${top}` });
  }
  return tree;
}

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

/** Of earlier versions there is left what containers are bound to: the kubelet removes the rest. */
export function earlier(tree: FileTree, bound: readonly string[]): FileTree {
  const kept = new Set(bound.flatMap((path) => /^\/\.\.\d[^/]*/.exec(path) ?? []));
  return Object.fromEntries(Object.entries(tree).filter(([path]) => kept.has(`/${path.split('/')[1]}`)));
}

/**
 * Why a subPath cannot be bound (subpath_linux.go): it leads out of the volume, through a file, or along a link to nothing, where
 * no directory can be made. `isThere`: whether the node has such a path, for links that leave the volume.
 */
export function subPathTrouble(tree: FileTree, base: string, subPath: string, isThere: (path: string) => boolean): 'making' | 'binding' | undefined {
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
