/** What runc says when a directory is to be mounted on a file, or a file on a directory (libcontainer/rootfs_linux.go, mount_linux.go). */
import type { Mount } from '../api/cri.js';
import { normalizePath, throughLinks } from './paths.js';
import type { RuntimeContext } from './processes.js';
import type { ContainerRecord, SandboxRecord } from './state.js';
import { loadVolume } from './volumes.js';

/** `given`: the mounts as they were asked for; the container has them with their subPaths bound. */
export function mountError(context: RuntimeContext, sandbox: SandboxRecord, container: ContainerRecord, given: readonly Mount[]): string | undefined {
  const { config, repository, tag } = container;
  const { mounts = [] } = config;
  for (let i = 0; i < mounts.length; i++) {
    const source = given[i]?.source;
    if (source === undefined) continue;
    const { containerPath, volume, subPath = '/', readOnly } = mounts[i] as Mount;
    // What lies in another mount is that volume's affair.
    if (given.some((other) => containerPath.startsWith(`${other.containerPath}/`))) continue;
    const tree = context.catalogue.tree(repository, tag);
    const target = tree.get(throughLinks(normalizePath(containerPath), (path) => tree.get(path)));
    if (target === undefined) continue;
    const path = normalizePath(subPath);
    const isDirectory = path === '/' || loadVolume(context, sandbox, volume).tree[path]?.type === 'd';
    if (isDirectory === (target.type === 'd')) continue;
    const flags = readOnly ? 'MS_RDONLY|MS_BIND|MS_REC' : 'MS_BIND|MS_REC';
    return `error mounting "${source}" to rootfs at "${containerPath}": mount src=${source}, dst=${containerPath}, dstFd=/proc/thread-self/fd/11, flags=${flags}: not a directory`;
  }
  return undefined;
}
