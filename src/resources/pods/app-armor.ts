/** AppArmor profiles are kept both as annotation and as field: applyAppArmorVersionSkew of pkg/registry/core/pod/strategy.go. */
import { mapSame, over } from '../pod-template/fill.js';
import type { AppArmorProfile, Container } from '../pod-template/types.js';
import { APP_ARMOR_PREFIX } from '../pod-template/validate-annotations.js';
import { forEachContainer } from '../pod-template/validate-security.js';
import type { Pod } from './types.js';

/** What is said of annotations without a field beside them, before the two are brought together. */
export function appArmorWarnings(pod: Pod): readonly string[] {
  const { annotations } = pod.metadata;
  if (annotations === undefined || pod.spec.os?.name === 'windows') return [];
  const podProfile = pod.spec.securityContext?.appArmorProfile;
  const out: string[] = [];
  forEachContainer(pod.spec, 'spec', ({ name, securityContext }) => {
    const key = `${APP_ARMOR_PREFIX}${name}`;
    if (annotations[key] === undefined || securityContext?.appArmorProfile !== undefined) return;
    const profile = profileOf(annotations[key]);
    if (profile === undefined || !isSameProfile(profile, podProfile))
      out.push(`metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
  });
  return out;
}

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
    if (profile === undefined || isSameProfile(profile, podProfile)) return container;
    return { ...container, securityContext: { ...container.securityContext, appArmorProfile: profile } };
  };
  let spec = over(pod.spec, 'initContainers', (containers) => mapSame(containers, sync));
  spec = over(spec, 'containers', (containers) => mapSame(containers, sync));
  if (Object.keys(added).length === 0) return spec === pod.spec ? pod : { ...pod, spec };
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...annotations, ...added } }, spec };
}

const isSameProfile = (one: AppArmorProfile, other: AppArmorProfile | undefined): boolean =>
  other?.type === one.type && other.localhostProfile === one.localhostProfile;

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
