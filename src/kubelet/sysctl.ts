/** Kernel parameters a pod may set: pkg/kubelet/sysctl, with no more allowed than is safe. */
import { SAFE_SYSCTLS } from '../api/sysctls.js';
import type { Pod } from '../resources/pods/types.js';

/** Why a pod's sysctls are not allowed (patternAllowlist.Admit); those of a namespace it shares with the node validation has refused. */
export function forbiddenSysctl({ spec }: Pod): string | undefined {
  const name = spec.securityContext?.sysctls?.map((one) => normalizeSysctl(one.name)).find((one) => !SAFE_SYSCTLS.has(one));
  return name === undefined ? undefined : `forbidden sysctl: "${name}" not allowlisted`;
}

/** NormalizeName: with slashes between its parts, dots in them are meant as such. */
export const normalizeSysctl = (name: string): string => (/^[^.]*\//.test(name) ? name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/')) : name);
