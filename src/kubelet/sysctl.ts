/** Kernel parameters a pod may set: pkg/kubelet/sysctl, with no more allowed than is safe. */
import type { Pod } from '../resources/pods/types.js';

const SAFE: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/** Why a pod's sysctls are not allowed (patternAllowlist.Admit); those of a namespace it shares with the node validation has refused. */
export function forbiddenSysctl({ spec }: Pod): string | undefined {
  const name = spec.securityContext?.sysctls?.map((one) => normalizeSysctl(one.name)).find((one) => !SAFE.has(one));
  return name === undefined ? undefined : `forbidden sysctl: "${name}" not allowlisted`;
}

/** NormalizeName: with slashes between its parts, dots in them are meant as such. */
export const normalizeSysctl = (name: string): string => (/^[^.]*\//.test(name) ? name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/')) : name);
