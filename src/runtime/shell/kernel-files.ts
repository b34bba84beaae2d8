/** A container's files with those that the kernel shows among them (proc.ts). */
import type { Time } from '../../api/time.js';
import { normalizePath } from '../paths.js';
import { FileError, type FileStat, type Files } from '../process.js';
import { type KernelNode, type KernelView, kernelNames, kernelNode } from './proc.js';

const isKernels = (path: string): boolean => path === '/proc' || path === '/sys' || path.startsWith('/proc/') || path.startsWith('/sys/');

export class KernelFiles implements Files {
  private readonly roots = new Map<number, Files>();
  constructor(
    private readonly inner: Files,
    private readonly kernel: () => KernelView | undefined,
  ) {}
  get version(): number {
    return this.inner.version;
  }
  private node(path: string, follow = true): KernelNode | undefined {
    const view = isKernels(path) ? this.kernel() : undefined;
    return view === undefined ? undefined : kernelNode(path, view, follow);
  }
  /**
   * Where /proc/PID/root and /proc/PID/cwd lead: another container's files, if the process is of one. Who is not the same user needs a
   * capability for that (ptrace_may_access of the kernel).
   */
  private behind(path: string, follow = true): { readonly files: Files; readonly path: string } | undefined {
    if (!path.startsWith('/proc/')) return undefined;
    const [, number, link, rest] = /^\/proc\/(\d+|self|thread-self)\/(root|cwd)(\/.*)?$/.exec(path) ?? [];
    const view = number === undefined || (rest === undefined && !follow) ? undefined : this.kernel();
    if (view === undefined) return undefined;
    const all = view.processes();
    const entry = all.find(({ pid }) => pid === (Number(number) || view.self));
    if (entry === undefined) return undefined;
    const { capabilities } = view.system;
    const isSame = entry.pid === view.self || entry.uid === all.find(({ pid }) => pid === view.self)?.uid;
    if (!isSame && !capabilities.includes('ALL') && !capabilities.includes('SYS_PTRACE')) throw new FileError('EACCES', path);
    const files = this.roots.get(entry.pid) ?? entry.root?.() ?? this;
    this.roots.set(entry.pid, files);
    return { files, path: normalizePath(`${link === 'cwd' ? (entry.cwd ?? '/') : ''}${rest ?? '/'}`) };
  }
  stat(path: string, follow = true): FileStat | undefined {
    let there: ReturnType<KernelFiles['behind']>;
    try {
      there = this.behind(path, follow);
    } catch {
      return undefined;
    }
    if (there !== undefined) return there.files.stat(there.path, follow);
    const node = this.node(path, follow);
    if (node === undefined) return this.inner.stat(path, follow);
    if (node.type === 'symlink' && follow) return this.stat(node.target);
    return {
      type: node.type,
      size: 0,
      mode: node.type === 'directory' ? 0o555 : node.type === 'symlink' ? 0o777 : node.mode,
      uid: 0,
      gid: 0,
      mtime: (this.kernel()?.host.now ?? 0) as Time,
      ...(node.type === 'symlink' ? { target: node.target } : {}),
    };
  }
  look(path: string, follow = true): FileStat {
    const there = this.behind(path, follow);
    return there === undefined ? (this.stat(path, follow) ?? this.inner.look(path, follow)) : there.files.look(there.path, follow);
  }
  realPath(path: string): string {
    const there = this.behind(path);
    if (there !== undefined) return there.files.realPath(there.path);
    const node = this.node(path, false);
    return node?.type === 'symlink' ? this.realPath(node.target) : node === undefined ? this.inner.realPath(path) : path;
  }
  isOwn(path: string): boolean {
    return !isKernels(path) && this.inner.isOwn(path);
  }
  read(path: string): string {
    const there = this.behind(path);
    if (there !== undefined) return there.files.read(there.path);
    const node = this.node(path);
    if (node === undefined) return this.inner.read(path);
    if (node.type === 'directory') throw new FileError('EISDIR', path);
    return node.type === 'symlink' ? this.read(node.target) : node.text();
  }
  list(path: string): readonly string[] {
    const there = this.behind(path);
    if (there !== undefined) return there.files.list(there.path);
    const view = isKernels(path) ? this.kernel() : undefined;
    return (view === undefined ? undefined : kernelNames(path, view)) ?? this.inner.list(path);
  }
  /** Only what a privileged container's root may change is there to be changed, and nothing comes of it. */
  private refuse(path: string): boolean {
    const system = isKernels(path) ? this.kernel()?.system : undefined;
    if (system === undefined) return false;
    if (this.node(path) === undefined) throw new FileError(system.privileged || !path.startsWith('/sys/') ? 'ENOENT' : 'EROFS', path);
    if (!system.privileged) throw new FileError(/^\/(sys|proc\/sys)(\/|$)/.test(path) ? 'EROFS' : 'EACCES', path);
    return true;
  }
  private change(path: string, work: (files: Files, path: string) => void, follow = true): void {
    const there = this.behind(path, follow);
    if (there !== undefined) work(there.files, there.path);
    else if (!this.refuse(path)) work(this.inner, path);
  }
  write(path: string, data: string, options?: Parameters<Files['write']>[2]): void {
    this.change(path, (files, at) => files.write(at, data, options));
  }
  makeDirectory(path: string, mode?: number): void {
    this.change(path, (files, at) => files.makeDirectory(at, mode));
  }
  makePipe(path: string, mode: number): void {
    this.change(path, (files, at) => files.makePipe(at, mode));
  }
  link(target: string, path: string): void {
    this.change(path, (files, at) => files.link(target, at), false);
  }
  hardLink(from: string, path: string): void {
    this.change(path, (files, at) => files.hardLink(from, at), false);
  }
  remove(path: string): void {
    this.change(path, (files, at) => files.remove(at), false);
  }
  rename(from: string, to: string): void {
    if (!this.refuse(from) && !this.refuse(to)) this.inner.rename(from, to);
  }
  setMode(path: string, mode: number): void {
    this.change(path, (files, at) => files.setMode(at, mode));
  }
  setOwner(path: string, uid: number, gid: number): void {
    this.change(path, (files, at) => files.setOwner(at, uid, gid));
  }
  setTime(path: string, time: Time): void {
    this.change(path, (files, at) => files.setTime(at, time));
  }
}
