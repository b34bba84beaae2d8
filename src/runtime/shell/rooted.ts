/** Files as a process sees them whose root is a directory (chroot(2)): links of that tree lead back into it. */
import type { Time } from '../../api/time.js';
import { normalizePath, parentOf } from '../paths.js';
import { FileError, type FileStat, type Files } from '../process.js';
import type { Environment } from './environment.js';

const MOST_LINKS = 40;

/** A node's own tree has one, and programs in these directories. */
const KUBELET = '/usr/bin/kubelet';
const BINARIES = ['/usr/bin', '/usr/sbin', '/usr/local/bin'];
/** What the kernel shows is the same below any root. */
const KERNEL = /^\/(proc|sys\/fs\/cgroup)(\/|$)/;

class RootedFiles implements Files {
  constructor(
    private readonly inner: Files,
    private readonly root: string,
  ) {}
  get version(): number {
    return this.inner.version;
  }
  /** Where a path really is. Its last part is followed only if asked. */
  private real(path: string, follow = true, left = MOST_LINKS): string {
    let at = '';
    const parts = normalizePath(path).split('/').slice(1);
    for (const [i, part] of parts.entries()) {
      const next = `${at}/${part}`;
      const isLast = i === parts.length - 1;
      const target = isLast && !follow ? undefined : this.inner.stat(`${this.root}${next}`, false)?.target;
      if (target === undefined) {
        at = next;
        continue;
      }
      if (left === 0) throw new FileError('ELOOP', path);
      return this.real([target.startsWith('/') ? target : `${parentOf(next)}/${target}`, ...parts.slice(i + 1)].join('/'), follow, left - 1);
    }
    if (KERNEL.test(at) && this.inner.stat(`${this.root}${KUBELET}`) !== undefined) return at;
    return `${this.root}${at === '/' ? '' : at}` || '/';
  }
  stat(path: string, follow = true): FileStat | undefined {
    try {
      return this.inner.stat(this.real(path, follow), follow);
    } catch {
      return undefined;
    }
  }
  look(path: string, follow = true): FileStat {
    return this.inner.look(this.real(path, follow), follow);
  }
  realPath(path: string): string {
    return this.inner.realPath(this.real(path)).slice(this.root.length) || '/';
  }
  /** Nothing below it is the image's. */
  isOwn(): boolean {
    return true;
  }
  read(path: string): string {
    return this.inner.read(this.real(path));
  }
  list(path: string): readonly string[] {
    return this.inner.list(this.real(path));
  }
  write(path: string, data: string, options?: Parameters<Files['write']>[2]): void {
    this.inner.write(this.real(path), data, options);
  }
  makeDirectory(path: string, mode?: number): void {
    this.inner.makeDirectory(this.real(path, false), mode);
  }
  makePipe(path: string, mode: number): void {
    this.inner.makePipe(this.real(path, false), mode);
  }
  link(target: string, path: string): void {
    this.inner.link(target, this.real(path, false));
  }
  hardLink(from: string, path: string): void {
    this.inner.hardLink(this.real(from, false), this.real(path, false));
  }
  remove(path: string): void {
    this.inner.remove(this.real(path, false));
  }
  rename(from: string, to: string): void {
    this.inner.rename(this.real(from, false), this.real(to, false));
  }
  setMode(path: string, mode: number): void {
    this.inner.setMode(this.real(path), mode);
  }
  setOwner(path: string, uid: number, gid: number): void {
    this.inner.setOwner(this.real(path), uid, gid);
  }
  setTime(path: string, at: Time): void {
    this.inner.setTime(this.real(path), at);
  }
}

/** What a process with a root of its own runs in: programs are those whose files are there. */
export function rootedEnvironment(environment: Environment, root: string): Environment {
  const files = new RootedFiles(environment.host.files, root);
  const { filesOf } = environment;
  const isNode = files.stat(KUBELET) !== undefined;
  const hasProgram = (name: string): boolean => BINARIES.some((directory) => files.stat(`${directory}/${name.slice(name.lastIndexOf('/') + 1)}`) !== undefined);
  const its = isNode ? { hasProgram: { value: hasProgram }, os: { value: 'debian' } } : {};
  return {
    ...environment,
    host: Object.create(environment.host, { files: { value: files }, ...its }) as Environment['host'],
    isRooted: true,
    ...(isNode
      ? {
          program: (name: string) => (hasProgram(name) ? (environment.anyProgram ?? environment.program)(name) : undefined),
          shellFlavour: (name: string) => (!hasProgram(name) ? undefined : name === 'sh' ? 'dash' : name === 'bash' ? 'bash' : undefined),
        }
      : {}),
    ...(filesOf === undefined ? {} : { filesOf: (pid: number) => new RootedFiles(filesOf(pid), root) }),
  };
}
