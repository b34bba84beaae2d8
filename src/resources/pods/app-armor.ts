/** AppArmor profiles are kept both as annotation and as field: applyAppArmorVersionSkew of pkg/registry/core/pod/strategy.go. */
import { mapSame, over } from '../pod-template/fill.js';
import type { AppArmorProfile, Container } from '../pod-template/types.js';
import { APP_ARMOR_PREFIX } from '../pod-template/validate-annotations.js';
import type { Pod } from './types.js';

export function syncAppArmor(pod: Pod): Pod {
  const podProfile = pod.spec.securityContext?.appArmorProfile;
  const annotations = pod.metadata.annotations;
  const isGiven =
    podProfile !== undefined ||
    pod.spec.containers.some(hasProfile) ||
    pod.spec.initContainers?.some(hasProfile) === true ||
    (annotations !== undefined && Object.keys(annotations).some((key) => key.startsWith(APP_ARMOR_PREFIX)));
  if (!isGiven || pod.spec.os?.name === 'windows') return pod;

  const added: Record<string, string> = {};
  const sync = (container: Container): Container => {
    const key = `${APP_ARMOR_PREFIX}${container.name}`;
    const annotation = annotations?.[key];
    const own = container.securityContext?.appArmorProfile;
    if (annotation === undefined) {
      const text = annotationOf(own ?? podProfile);
      if (text !== undefined) added[key] = text;
      return container;
    }
    const profile = own === undefined ? profileOf(annotation) : undefined;
    if (profile === undefined || (podProfile?.type === profile.type && podProfile.localhostProfile === profile.localhostProfile)) return container;
    return { ...container, securityContext: { ...container.securityContext, appArmorProfile: profile } };
  };
  let spec = over(pod.spec, 'initContainers', (containers) => mapSame(containers, sync));
  spec = over(spec, 'containers', (containers) => mapSame(containers, sync));
  if (Object.keys(added).length === 0) return spec === pod.spec ? pod : { ...pod, spec };
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...annotations, ...added } }, spec };
}

const hasProfile = (container: Container): boolean => container.securityContext?.appArmorProfile !== undefined;

function annotationOf(profile: AppArmorProfile | undefined): string | undefined {
  if (profile?.type === 'Unconfined') return 'unconfined';
  if (profile?.type === 'RuntimeDefault') return 'runtime/default';
  return profile?.type === 'Localhost' && profile.localhostProfile ? `localhost/${profile.localhostProfile}` : undefined;
}

function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const localhostProfile = annotation.startsWith('localhost/') ? annotation.slice('localhost/'.length) : '';
  return localhostProfile === '' ? undefined : { type: 'Localhost', localhostProfile };
}
