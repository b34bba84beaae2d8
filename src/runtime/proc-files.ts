/** What the kernel shows of itself and of a container: the files of /proc and of its cgroup (version 2) that people look at. */

import type { ImageData } from './image.js';
import { argvOf } from './processes.js';
import type { ContainerRecord, FileNode } from './state.js';

const CPUS = 4;
const PERIOD = 100_000;

/** The same for everybody. `free`, `top` and `nproc` say so too. */
const KERNEL: Readonly<Record<string, string>> = {
  '/proc/cpuinfo': Array.from(
    { length: CPUS },
    (_, i) => `processor\t: ${i}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU @ 2.20GHz\ncpu MHz\t\t: 2200.000\ncpu cores\t: ${CPUS}\n\n`,
  ).join(''),
  '/proc/loadavg': '0.45 0.52 0.48 1/1523 42\n',
  '/proc/meminfo':
    'MemTotal:       16316412 kB\nMemFree:         9234560 kB\nMemAvailable:   12847560 kB\nBuffers:          345670 kB\nCached:          3456780 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n',
  '/proc/1/cgroup': '0::/\n',
  '/proc/self/cgroup': '0::/\n',
  '/proc/sys/kernel/ostype': 'Linux\n',
  '/proc/sys/net/core/somaxconn': '4096\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
  '/sys/fs/cgroup/memory.high': 'max\n',
  '/sys/fs/cgroup/memory.swap.max': '0\n',
};

type Shown = (container: ContainerRecord, image: ImageData | undefined) => string;

/** A container's own. What the kubelet asks for is what the cgroup has (kuberuntime's linux resources; runc's conversion of shares). */
const OWN: Readonly<Record<string, Shown>> = {
  '/proc/1/cmdline': (container, image) =>
    argvOf(container, image)
      .map((word) => `${word}\0`)
      .join(''),
  '/proc/1/comm': (container, image) => `${(argvOf(container, image)[0] ?? '').split('/').at(-1)?.slice(0, 15)}\n`,
  '/sys/fs/cgroup/cpu.max': ({ config }) => {
    const limit = config.resources?.cpuLimit;
    return `${limit === undefined ? 'max' : Math.max(1000, (limit * PERIOD) / 1000)} ${PERIOD}\n`;
  },
  '/sys/fs/cgroup/cpu.weight': ({ config }) => {
    const request = config.resources?.cpuRequest ?? config.resources?.cpuLimit ?? 0;
    const shares = Math.min(262_144, Math.max(2, Math.floor((request * 1024) / 1000)));
    return `${1 + Math.floor(((shares - 2) * 9999) / 262_142)}\n`;
  },
  '/sys/fs/cgroup/memory.max': ({ config }) => `${config.resources?.memoryLimit ?? 'max'}\n`,
};

/** A shared list: whose these are is decided when one is read. */
export const KERNEL_FILES: readonly string[] = [...Object.keys(KERNEL), ...Object.keys(OWN)];
const DIRECTORIES: ReadonlySet<string> = new Set(KERNEL_FILES.flatMap((path) => parentsOf(path)));

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`);
}

export function kernelFile(container: ContainerRecord, image: ImageData | undefined, path: string): FileNode | undefined {
  if (!path.startsWith('/proc') && !path.startsWith('/sys')) return undefined;
  const data = KERNEL[path] ?? OWN[path]?.(container, image);
  if (data !== undefined) return { data, mode: 0o444 };
  return DIRECTORIES.has(path) ? { type: 'd', mode: 0o555 } : undefined;
}
