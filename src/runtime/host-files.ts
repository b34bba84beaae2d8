/** A node's own file system, as kind makes its nodes: what hostPath and local volumes are directories of. One volume a node. */

import type { Time } from '../api/time.js';
import { OS_RELEASE } from './image-files.js';
import { normalizePath, parentOf } from './paths.js';
import { FileError } from './process.js';
import type { RuntimeContext } from './processes.js';
import { type FileTree, keys } from './state.js';
import { subPathTrouble } from './sub-paths.js';
import type { VolumeRecord } from './volumes.js';

/** The volume's name; mounts of a directory of it have that as their subPath. */
export const HOST = 'host';

const DIRECTORIES =
  '/boot /dev /etc /etc/cni/net.d /etc/containerd /etc/kubernetes/manifests /etc/ca-certificates /etc/kubernetes/pki/etcd /etc/ssl/certs /etc/systemd/system /home /kind /media /mnt ' +
  '/opt/cni/bin /proc /root /run/containerd /run/flannel /run/lock /run/systemd /srv /sys/fs/cgroup /sys/kernel/security/apparmor /sys/module/apparmor/parameters /tmp /usr/bin /usr/lib/modules /usr/lib/systemd /usr/libexec/kubernetes/kubelet-plugins/volume/exec /usr/local/bin /usr/local/share/ca-certificates ' +
  '/usr/sbin /usr/share/ca-certificates /usr/src /var/cache /var/lib/cni /var/lib/containerd /var/lib/etcd /var/lib/kubelet/pki /var/lib/kubelet/plugins /var/lib/kubelet/pods ' +
  '/var/log/containers /var/log/journal /var/log/pods /var/spool /var/tmp';
const LINKS: Readonly<Record<string, string>> = {
  '/bin': 'usr/bin',
  '/lib': 'usr/lib',
  '/sbin': 'usr/sbin',
  '/var/lock': '/run/lock',
  '/var/run': '/run',
};
const FILES: Readonly<Record<string, string>> = {
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  '/etc/localtime': '',
  '/etc/os-release': OS_RELEASE.debian,
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  '/etc/kubernetes/kubelet.conf': '',
  '/etc/containerd/config.toml': 'version = 2\n',
  '/kind/version': 'v0.29.0\n',
  '/run/xtables.lock': '',
  '/sys/kernel/security/apparmor/profiles': 'cri-containerd.apparmor.d (enforce)\n',
  '/sys/module/apparmor/parameters/enabled': 'Y\n',
};
/** What can be run on a node, as far as people do after a chroot to it. */
const PROGRAMS =
  'awk base64 basename bash cat chgrp chmod chown cmp cp crictl curl cut date dd df diff dirname dmesg du echo env expr false file find free grep gunzip gzip head hostname id ip journalctl jq kill kubeadm kubelet ln ls md5sum mkdir mktemp mount mountpoint mv nohup openssl pgrep pkill printenv printf ps pwd readlink realpath rm rmdir sed seq sh sha256sum sleep sort split ss stat sudo sync systemctl tail tar tee test timeout top touch tr true truncate umount uname uniq uptime vmstat watch wc which whoami xargs yes';
/** What is there besides, and is not pretended to do anything. */
const NOT_SIMULATED = 'containerd ctr kubectl';
/** For root's eyes alone. */
const SECRET = /\.(conf|key)$|^\/etc\/kubernetes\/manifests\//;
const SOCKETS: ReadonlySet<string> = new Set(['/run/containerd/containerd.sock', '/var/lib/kubelet/kubelet.sock']);
const DEVICES = 'full fuse null random tty urandom zero';

export type HostEntry = 'directory' | 'file' | 'socket' | 'character device' | 'block device';

/** A new node's files; `own`: those that differ from node to node, by their paths. */
function hostTree(node: string, at: number, own: Readonly<Record<string, string>> = {}): FileTree {
  const tree: FileTree = {};
  const directory = (path: string): void => {
    if (path === '/' || tree[path] !== undefined) return;
    directory(parentOf(path));
    tree[path] = { type: 'd', mode: path === '/tmp' || path === '/var/tmp' ? 0o1777 : path === '/root' ? 0o700 : 0o755, mtime: at };
  };
  for (const path of DIRECTORIES.split(' ')) directory(path);
  for (const [path, data] of Object.entries(LINKS)) tree[path] = { type: 'l', data, mtime: at };
  for (const [path, data] of Object.entries({ ...FILES, '/etc/hostname': `${node}\n`, ...own })) {
    directory(parentOf(path));
    tree[path] = { data, mode: SECRET.test(path) ? 0o600 : 0o644, mtime: at };
  }
  for (const name of PROGRAMS.split(' ')) tree[`/usr/bin/${name}`] = { data: '', mode: 0o755, mtime: at };
  for (const name of NOT_SIMULATED.split(' '))
    tree[`/usr/bin/${name}`] = { data: `#!/bin/sh\necho 'podsim: ${name} is not simulated; it does nothing' >&2\n`, mode: 0o755, mtime: at };
  for (const path of SOCKETS) tree[path] = { data: '', mode: 0o660, mtime: at };
  for (const name of DEVICES.split(' ')) tree[`/dev/${name}`] = { type: 'c', mode: 0o666, mtime: at };
  return tree;
}

export interface HostTreeSource {
  readonly node: string;
  now(): Time;
  machine?(): { readonly booted: number };
  /** Those of its files that differ from node to node, by their paths; the same object for as long as they are the same. */
  hostFiles?(): Readonly<Record<string, string>>;
}

/** What the node's files are until somebody changes them. They are made anew when what they are made of has changed. Who writes to it writes to a copy. */
export function hostTrees(source: HostTreeSource): () => Readonly<FileTree> {
  let made: { readonly at: number; readonly own: Readonly<Record<string, string>> | undefined; readonly tree: FileTree } | undefined;
  return () => {
    const at = source.machine?.().booted ?? source.now();
    const own = source.hostFiles?.();
    if (made?.at !== at || made.own !== own) made = { at, own, tree: hostTree(source.node, at, own) };
    return made.tree;
  };
}

/** What the kubelet does to its node's files for hostPath and local volumes. */
export function hostFiles(context: RuntimeContext) {
  const key = keys.volume(context.node, HOST);
  const current = (): Readonly<FileTree> => context.state.get<VolumeRecord>(key)?.tree ?? context.hostTree();
  // Not kept before it differs from what it is made of.
  const load = (): VolumeRecord => context.state.get<VolumeRecord>(key) ?? { tree: { ...context.hostTree() }, version: 0 };
  const save = (record: VolumeRecord): void => context.state.set(key, { ...record, version: record.version + 1 });
  return {
    hostEntry(path: string): HostEntry | undefined {
      const tree = current();
      const at = realPath(tree, path);
      if (at === '/') return 'directory';
      const found = tree[at];
      if (found === undefined) return undefined;
      if (found.type === 'd') return 'directory';
      return found.type === 'c' ? 'character device' : SOCKETS.has(at) ? 'socket' : 'file';
    },
    makeHostEntry(path: string, type: 'directory' | 'file', mode?: number): void {
      const record = load();
      const at = realPath(record.tree, path);
      if (record.tree[at] !== undefined) return;
      if (type === 'directory') record.tree[at] ??= { type: 'd', mode: mode ?? 0o755, mtime: context.now() };
      for (let up = parentOf(at); up !== '/'; up = parentOf(up)) record.tree[up] ??= { type: 'd', mode: 0o755, mtime: context.now() };
      if (type === 'file') record.tree[at] ??= { data: '', mode: mode ?? 0o644, mtime: context.now() };
      save(record);
    },
    hostFiles(directory: string): Readonly<Record<string, string>> {
      const tree = current();
      const at = `${realPath(tree, directory)}/`;
      const files = Object.entries(tree).filter(([path, { type }]) => type === undefined && path.startsWith(at) && !path.includes('/', at.length));
      return Object.fromEntries(files.map(([path, { data = '' }]) => [path.slice(at.length), data]));
    },
    hostNames(directory: string): readonly string[] {
      const tree = current();
      const at = `${realPath(tree, directory)}/`;
      const names = Object.keys(tree).filter((path) => path.startsWith(at) && path.length > at.length && !path.includes('/', at.length));
      return names.map((path) => `${path.slice(at.length)}${tree[path]?.type === 'd' ? '/' : ''}`).sort();
    },
    subPathTrouble(base: string, subPath: string): 'making' | 'binding' | undefined {
      const tree = current();
      return subPathTrouble(tree, realPath(tree, base), subPath, (path) => this.hostEntry(path) !== undefined);
    },
    /** Where a mount of this path leads; a directory is made if there is nothing (the runtime does so). */
    bind(path: string): string {
      if (this.hostEntry(path) === undefined) this.makeHostEntry(path, 'directory');
      return realPath(current(), path);
    },
    removeHostEntry(path: string): void {
      const record = load();
      const at = realPath(record.tree, path);
      const gone = Object.keys(record.tree).filter((one) => one === at || one.startsWith(`${at}/`));
      for (const one of gone) delete record.tree[one];
      if (gone.length > 0) save(record);
    },
  };
}

/** The path with its links followed, as far as there is one. */
function realPath(tree: Readonly<FileTree>, path: string, hops = 40): string {
  let at = '';
  const parts = normalizePath(path).split('/').slice(1);
  for (const [i, part] of parts.entries()) {
    at = `${at}/${part}`;
    const node = tree[at];
    if (node?.type !== 'l') continue;
    if (hops === 0) throw new FileError('ELOOP', path);
    const target = node.data?.startsWith('/') === true ? node.data : `${parentOf(at)}/${node.data}`;
    return realPath(tree, [target, ...parts.slice(i + 1)].join('/'), hops - 1);
  }
  return at === '' ? '/' : at;
}
