/** What `debug --profile` adds to a container and takes from a pod (pkg/cmd/debug/profiles.go). */
import type { JsonObject } from '../api/object.js';
import type { FlagValues } from './command.js';

export const PROFILES: readonly string[] = ['legacy', 'general', 'baseline', 'netadmin', 'restricted', 'sysadmin'];

type Style = 'ephemeral' | 'copy' | 'node';

/** The debug container as the profile wants it. */
export function profiledContainer(container: JsonObject, profile: string, style: Style): JsonObject {
  const { securityContext: old, ...bare } = container;
  const security = (old ?? {}) as JsonObject;
  const capabilities = (security['capabilities'] ?? {}) as JsonObject;
  const adding = (...names: readonly string[]): JsonObject => ({
    ...container,
    securityContext: { ...security, capabilities: { ...capabilities, add: [...((capabilities['add'] ?? []) as readonly string[]), ...names] } },
  });
  let result: JsonObject = container;
  switch (profile) {
    case 'general':
      result = style === 'node' ? bare : adding('SYS_PTRACE');
      break;
    case 'baseline':
      result = bare;
      break;
    case 'restricted':
      result = {
        ...bare,
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      };
      break;
    case 'netadmin':
      result = adding('NET_ADMIN', 'NET_RAW');
      break;
    case 'sysadmin':
      result = { ...container, securityContext: { ...security, privileged: true } };
      break;
    default:
      break;
  }
  return style === 'node' && seesHost(profile) ? { ...result, volumeMounts: [{ mountPath: '/host', name: 'host-root' }] } : result;
}

const seesHost = (profile: string): boolean => ['legacy', 'general', 'sysadmin'].includes(profile);

/** What the pod on a node has besides its container. */
export function nodePodSpec(profile: string): JsonObject {
  const isOnHost = seesHost(profile) || profile === 'netadmin';
  return {
    ...(isOnHost ? { hostIPC: true, hostNetwork: true, hostPID: true } : {}),
    ...(seesHost(profile) ? { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] } : {}),
  };
}

interface PodLike {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

/** A copy without what is not to be kept. `legacy` only takes the labels away. */
export function profiledCopy({ metadata, spec }: PodLike, profile: string, flags: FlagValues): PodLike {
  const { labels, annotations, ...meta } = metadata;
  if (profile === 'legacy') return { metadata: { ...meta, ...(annotations === undefined ? {} : { annotations }) }, spec };
  const { initContainers, ...rest } = spec;
  const containers = ((spec['containers'] ?? []) as readonly JsonObject[]).map((container) => {
    const { livenessProbe, readinessProbe, startupProbe, ...bare } = container;
    return {
      ...bare,
      ...(flags.bool('keep-liveness') && livenessProbe !== undefined ? { livenessProbe } : {}),
      ...(flags.bool('keep-readiness') && readinessProbe !== undefined ? { readinessProbe } : {}),
      ...(flags.bool('keep-startup') && startupProbe !== undefined ? { startupProbe } : {}),
    };
  });
  return {
    metadata: {
      ...meta,
      ...(flags.bool('keep-labels') && labels !== undefined ? { labels } : {}),
      ...(flags.bool('keep-annotations') && annotations !== undefined ? { annotations } : {}),
    },
    spec: {
      ...rest,
      containers,
      ...(flags.bool('keep-init-containers') && initContainers !== undefined ? { initContainers } : {}),
      shareProcessNamespace: spec['shareProcessNamespace'] ?? true,
    },
  };
}
