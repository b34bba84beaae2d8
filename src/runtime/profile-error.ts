/** What containerd says of a security profile that the node does not have (internal/cri/server/container_create.go, contrib/seccomp). */
import type { ContainerConfig } from '../api/cri.js';
import type { hostFiles } from './host-files.js';

/** What the kernel shows of the AppArmor profiles that are loaded: `name (mode)`, one a line. */
const LOADED = '/sys/kernel/security/apparmor';

export function profileError(host: ReturnType<typeof hostFiles>, { appArmor, seccomp }: ContainerConfig): string | undefined {
  const loaded = appArmor === undefined ? '' : `\n${host.hostFiles(LOADED)['profiles'] ?? ''}`;
  if (appArmor !== undefined && !loaded.includes(`\n${appArmor} (`))
    return `failed to get container spec opts: failed to generate apparmor spec opts: apparmor profile not found ${appArmor}`;
  if (seccomp === undefined || !seccomp.startsWith('/')) return undefined;
  const entry = host.hostEntry(seccomp);
  const why = entry === undefined ? `open ${seccomp}: no such file or directory` : entry === 'directory' ? `read ${seccomp}: is a directory` : undefined;
  return why === undefined ? undefined : `failed to create containerd container: cannot load seccomp profile "${seccomp}": ${why}`;
}
