/** Volumes of a node: trees of files by name. ConfigMap, Secret, projected ones are laid out as the kubelet's atomic writer does. */
import { textOfBase64 } from '../api/bytes.js';
import type { VolumeContent } from '../api/cri.js';
import { formatTime } from '../api/time.js';
import { HOST } from './host-files.js';
import { normalizePath, parentOf } from './paths.js';
import type { RuntimeContext } from './processes.js';
import { type FileNode, type FileTree, keys, type SandboxRecord, SETGID } from './state.js';

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
  const empty = name === HOST ? { ...context.hostTree() } : rootOf(name.startsWith('shm/') ? 0o1777 : 0o777, sandbox.createdAt);
  const made: VolumeRecord = { tree: content === undefined ? empty : layOut(content, sandbox.createdAt), version: 0 };
  // What can be worked out again is not kept; what a process may write to is.
  if (content === undefined && name !== HOST && !name.startsWith('shm/')) context.state.set(key, made);
  return made;
}

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
    const { data, mode, uid } = file;
    put(path, { data: file.encoding === 'base64' ? textOfBase64(data) : data, mode, ...(uid === undefined ? {} : { uid }) });
    const top = name.split('/').find((part) => part !== '') ?? name;
    put(`/${top}`, { type: 'l', data: `..data/${top}` });
  }
  return tree;
}

/** Of earlier versions there is left what containers are bound to: the kubelet removes the rest. */
export function earlier(tree: FileTree, bound: readonly string[]): FileTree {
  const kept = new Set(bound.flatMap((path) => /^\/\.\.\d[^/]*/.exec(path) ?? []));
  return Object.fromEntries(Object.entries(tree).filter(([path]) => kept.has(`/${path.split('/')[1]}`)));
}
