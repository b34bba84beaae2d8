/** A container's file system as a process meets it: who may do what, and what it changes. Paths in, errno names out. */
import { binaryOf, byteLength, textOfBinary } from '../api/bytes.js';
import type { Time } from '../api/time.js';
import { createOverlay, type OverlayOptions } from './overlay.js';
import { join, parentOf } from './paths.js';
import { FileError, type FileStat, type Files } from './process.js';
import { type FileNode, SETGID, treeSize } from './state.js';

export interface FilesOptions extends OverlayOptions {
  /** Bytes a volume has room for; undefined: enough. */
  capacity?(volume: string): number | undefined;
  /** The layer (undefined) or a volume has changed. */
  changed(volume: string | undefined): void;
  version(): number;
  readonly readOnlyRoot: boolean;
  /** Files that are mounts by themselves: they may be written to where the root may not. */
  readonly own?: readonly string[];
  readonly uid: number;
  readonly gid: number;
  /** Besides `gid`. */
  readonly groups?: readonly number[];
  /** Whether root has that capability; absent: all. */
  isCapable?(capability: string): boolean;
  readonly now: Time;
}

const TYPES = { d: 'directory', l: 'symlink', c: 'device', p: 'fifo' } as const;

export function createFiles(options: FilesOptions): Files {
  const { place, nodeAt, walk, childrenOf } = createOverlay(options);

  function resolve(path: string, follow: boolean): string {
    const found = walk(path, follow);
    if ('error' in found) throw new FileError(found.error, path);
    return found.path;
  }

  const statOf = (node: FileNode, path?: string): FileStat => ({
    type: node.type === undefined || node.type === 'x' ? 'file' : TYPES[node.type],
    // Counted when asked for: who appends line by line to a long file asks only whether it is there.
    get size() {
      return node.type === 'd' ? 4096 : byteLength(node.data ?? '');
    },
    mode: node.mode ?? (node.type === 'd' ? 0o755 : node.type === 'l' ? 0o777 : 0o644),
    uid: node.uid ?? 0,
    gid: node.gid ?? 0,
    mtime: (node.mtime ?? 0) as Time,
    ...(node.type === 'l' ? { target: node.data ?? '' } : {}),
    ...(node.type === 'p' && path !== undefined ? { pipe: path } : {}),
    ...(node.ino === undefined || path === undefined ? {} : { links: Object.values(place(path).tree).filter((other) => other.ino === node.ino).length }),
  });

  const isCapable = (capability: string): boolean => options.uid === 0 && options.isCapable?.(capability) !== false;

  /** May this process do it? Root may everything but write where nothing may be written. */
  function permits(node: FileNode, bit: 4 | 2 | 1): boolean {
    if (isCapable('DAC_OVERRIDE')) return true;
    const mode = statOf(node).mode;
    const group = node.gid ?? 0;
    const isMember = group === options.gid || options.groups?.includes(group) === true;
    const shift = (node.uid ?? 0) === options.uid ? 6 : isMember ? 3 : 0;
    return ((mode >> shift) & bit) !== 0;
  }

  function needWritable(path: string): void {
    const { mount } = place(path);
    if (mount?.readOnly === true || (mount === undefined && options.readOnlyRoot && options.own?.includes(path) !== true)) throw new FileError('EROFS', path);
  }

  function put(path: string, node: FileNode): void {
    const { tree, path: inner, mount } = place(path);
    needWritable(path);
    if (node.ino !== undefined) for (const [name, other] of Object.entries(tree)) if (other.ino === node.ino) tree[name] = node;
    tree[inner] = node;
    options.changed(mount?.volume);
  }

  /** Whose a new file is: the process's, and its group or, below a directory with the setgid bit, the directory's. */
  function owner(path: string): { readonly uid: number; readonly gid: number; readonly setgid: number } {
    const parent = nodeAt(parentOf(path));
    const setgid = (parent?.mode ?? 0) & SETGID;
    return { uid: options.uid, gid: setgid === 0 ? options.gid : (parent?.gid ?? 0), setgid };
  }

  /** The directory a name is made in or taken from must be there and writable. */
  function openParent(path: string): void {
    const parent = nodeAt(parentOf(path));
    if (parent === undefined) throw new FileError('ENOENT', path);
    if (parent.type !== 'd') throw new FileError('ENOTDIR', path);
    // The kernel asks the mount before the directory (mnt_want_write).
    needWritable(path);
    if (!permits(parent, 2)) throw new FileError('EACCES', path);
  }

  function need(path: string, follow = true): { path: string; node: FileNode } {
    const at = resolve(path, follow);
    const node = nodeAt(at);
    if (node === undefined) throw new FileError('ENOENT', path);
    return { path: at, node };
  }

  /** Where something new comes: nothing is there, not even a link that leads nowhere (mkdir(2), symlink(2)). */
  function vacant(path: string, mayBeMade = true): string {
    const at = resolve(path, false);
    if (nodeAt(at) !== undefined) throw new FileError('EEXIST', path);
    if (mayBeMade) openParent(at);
    return at;
  }

  /** Takes a node and all below it away; from the image it is whited out. */
  function drop(path: string): void {
    const { tree, path: inner, mount } = place(path);
    if (mount?.path === path) throw new FileError('EBUSY', path);
    needWritable(path);
    for (const key of Object.keys(tree)) if (key === inner || key.startsWith(`${inner}/`)) delete tree[key];
    if (mount === undefined && options.base(inner) !== undefined) tree[inner] = { type: 'x' };
    options.changed(mount?.volume);
  }

  return {
    get version() {
      return options.version();
    },
    isOwn(path) {
      const { tree, path: inner, mount } = place(path);
      return mount !== undefined || tree[inner] !== undefined;
    },
    look(path, follow = true) {
      const { path: at, node } = need(path, follow);
      return statOf(node, at);
    },
    realPath: (path) => resolve(path, true),
    stat(path, follow = true) {
      const found = walk(path, follow);
      if ('error' in found) return undefined;
      const node = nodeAt(found.path);
      return node === undefined ? undefined : statOf(node, found.path);
    },
    read(path) {
      const { node } = need(path);
      if (node.type === 'd') throw new FileError('EISDIR', path);
      if (!permits(node, 4)) throw new FileError('EACCES', path);
      return node.data ?? '';
    },
    write(path, data, { append = false, mode, at } = {}) {
      const target = resolve(path, true);
      const old = nodeAt(target);
      if (old?.type === 'd') throw new FileError('EISDIR', path);
      if (old === undefined) openParent(target);
      else {
        if (old.type !== 'c' && !append) needWritable(target);
        if (!permits(old, 2)) throw new FileError('EACCES', path);
      }
      // Opening to append changes nothing yet.
      if (old?.type === 'c' || (old !== undefined && append && data === '')) return;
      const mtime = at ?? options.now;
      const { uid, gid } = owner(target);
      const { tree, path: inner, mount } = place(target);
      const whole = old !== undefined && append ? (old.data ?? '') + data : data;
      const capacity = mount === undefined ? undefined : options.capacity?.(mount.volume);
      const room = capacity === undefined ? undefined : capacity - treeSize(tree) + (tree[inner]?.data?.length ?? 0);
      const isFull = room !== undefined && byteLength(whole) > room;
      const kept = isFull ? textOfBinary(binaryOf(whole).slice(0, Math.max(0, room))) : whole;
      if (old === undefined) put(target, { data: kept, mode: mode ?? 0o644, uid, gid, mtime });
      else put(target, { ...old, data: kept, mtime });
      if (isFull) throw new FileError('ENOSPC', path);
    },
    list(path) {
      const { path: at, node } = need(path);
      if (node.type !== 'd') throw new FileError('ENOTDIR', path);
      if (!permits(node, 4)) throw new FileError('EACCES', path);
      return childrenOf(at);
    },
    makeDirectory(path, mode = 0o755) {
      const target = vacant(path);
      const { uid, gid, setgid } = owner(target);
      put(target, { type: 'd', mode: mode | setgid, uid, gid, mtime: options.now });
    },
    makePipe(path, mode) {
      const target = vacant(path);
      const { uid, gid } = owner(target);
      put(target, { type: 'p', mode, uid, gid, mtime: options.now });
    },
    link(target, path) {
      const at = vacant(path);
      const { uid, gid } = owner(at);
      put(at, { type: 'l', data: target, uid, gid, mtime: options.now });
    },
    hardLink(from, path) {
      const { path: source, node } = need(from, false);
      const at = vacant(path, false);
      if (node.type === 'd') throw new FileError('EPERM', from);
      if (place(source).mount !== place(at).mount) throw new FileError('EXDEV', path);
      openParent(at);
      const shared = { ...node, ino: node.ino ?? `${source}#${options.version()}` };
      put(source, shared);
      put(at, shared);
    },
    remove(path) {
      const { path: at, node } = need(path, false);
      openParent(at);
      if (node.type === 'd' && childrenOf(at).length > 0) throw new FileError('ENOTEMPTY', path);
      drop(at);
    },
    rename(from, to) {
      const source = need(from, false);
      const target = resolve(to, false);
      const old = nodeAt(target);
      openParent(source.path);
      openParent(target);
      if (target === source.path) return;
      if (target.startsWith(`${source.path}/`)) throw new FileError('EINVAL', to);
      if (old?.type === 'd' && source.node.type !== 'd') throw new FileError('EISDIR', to);
      if (old?.type === 'd' && childrenOf(target).length > 0) throw new FileError('ENOTEMPTY', to);
      const moved: [string, FileNode][] = [];
      const gather = (path: string, below: string): void => {
        const node = nodeAt(path);
        if (node === undefined) return;
        moved.push([target + below, { ...node }]);
        if (node.type === 'd') for (const name of childrenOf(path)) gather(join(path, name), `${below}/${name}`);
      };
      gather(source.path, '');
      drop(source.path);
      for (const [path, node] of moved) put(path, node);
    },
    setMode(path, mode) {
      const { path: at, node } = need(path);
      if (!isCapable('FOWNER') && (node.uid ?? 0) !== options.uid) throw new FileError('EPERM', path);
      put(at, { ...node, mode });
    },
    setOwner(path, uid, gid) {
      const { path: at, node } = need(path);
      if (!isCapable('CHOWN') && (uid !== (node.uid ?? 0) || (node.uid ?? 0) !== options.uid)) throw new FileError('EPERM', path);
      put(at, { ...node, uid, gid });
    },
    setTime(path, at) {
      const { path: target, node } = need(path);
      put(target, { ...node, mtime: at });
    },
  };
}
