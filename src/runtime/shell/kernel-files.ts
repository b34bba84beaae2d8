/** A container's files with those that the kernel shows among them (proc.ts). */
import type { Time } from '../../api/time.js';
import { FileError, type FileStat, type Files } from '../process.js';
import { type KernelNode, type KernelView, kernelNames, kernelNode } from './proc.js';

const isKernels = (path: string): boolean => path === '/proc' || path === '/sys' || path.startsWith('/proc/') || path.startsWith('/sys/');

export class KernelFiles implements Files {
  constructor(
    private readonly inner: Files,
    private readonly look: () => KernelView | undefined,
  ) {}
  get version(): number {
    return this.inner.version;
  }
  private node(path: string, follow = true): KernelNode | undefined {
    const view = isKernels(path) ? this.look() : undefined;
    return view === undefined ? undefined : kernelNode(path, view, follow);
  }
  stat(path: string, follow = true): FileStat | undefined {
    const node = this.node(path, follow);
    if (node === undefined) return this.inner.stat(path, follow);
    if (node.type === 'symlink' && follow) return this.stat(node.target);
    return {
      type: node.type,
      size: 0,
      mode: node.type === 'directory' ? 0o555 : node.type === 'symlink' ? 0o777 : node.mode,
      uid: 0,
      gid: 0,
      mtime: (this.look()?.host.now ?? 0) as Time,
      ...(node.type === 'symlink' ? { target: node.target } : {}),
    };
  }
  isOwn(path: string): boolean {
    return !isKernels(path) && this.inner.isOwn(path);
  }
  read(path: string): string {
    const node = this.node(path);
    if (node === undefined) return this.inner.read(path);
    if (node.type === 'directory') throw new FileError('EISDIR', path);
    return node.type === 'symlink' ? this.read(node.target) : node.text();
  }
  list(path: string): readonly string[] {
    const view = isKernels(path) ? this.look() : undefined;
    return (view === undefined ? undefined : kernelNames(path, view)) ?? this.inner.list(path);
  }
  /** Only what a privileged container's root may change is there to be changed, and nothing comes of it. */
  private refuse(path: string): boolean {
    const system = isKernels(path) ? this.look()?.system : undefined;
    if (system === undefined) return false;
    if (this.node(path) === undefined) throw new FileError(system.privileged || !path.startsWith('/sys/') ? 'ENOENT' : 'EROFS', path);
    if (!system.privileged) throw new FileError(/^\/(sys|proc\/sys)(\/|$)/.test(path) ? 'EROFS' : 'EACCES', path);
    return true;
  }
  write(path: string, data: string, options?: Parameters<Files['write']>[2]): void {
    if (!this.refuse(path)) this.inner.write(path, data, options);
  }
  makeDirectory(path: string, mode?: number): void {
    if (!this.refuse(path)) this.inner.makeDirectory(path, mode);
  }
  link(target: string, path: string): void {
    if (!this.refuse(path)) this.inner.link(target, path);
  }
  hardLink(from: string, path: string): void {
    if (!this.refuse(path)) this.inner.hardLink(from, path);
  }
  remove(path: string): void {
    if (!this.refuse(path)) this.inner.remove(path);
  }
  rename(from: string, to: string): void {
    if (!this.refuse(from) && !this.refuse(to)) this.inner.rename(from, to);
  }
  setMode(path: string, mode: number): void {
    if (!this.refuse(path)) this.inner.setMode(path, mode);
  }
  setOwner(path: string, uid: number, gid: number): void {
    if (!this.refuse(path)) this.inner.setOwner(path, uid, gid);
  }
  setTime(path: string, at: Time): void {
    if (!this.refuse(path)) this.inner.setTime(path, at);
  }
}
