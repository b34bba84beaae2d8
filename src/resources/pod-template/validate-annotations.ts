/** Annotations that mean something to a pod: ValidatePodSpecificAnnotations of pkg/apis/core/validation/validation.go. */
import { type FieldError, forbidden, goQuote, invalid } from '../../api/field.js';
import { MIRROR } from '../../api/mirror-pods.js';
import type { ObjectMeta } from '../../api/object.js';
import type { AppArmorProfile, PodSpec, SeccompProfile } from './types.js';
import { validateDescendingPath } from './validate-paths.js';
import { forEachContainer } from './validate-security.js';

export const APP_ARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

export function validatePodAnnotations(annotations: Readonly<Record<string, string>>, spec: PodSpec, at: string, errors: FieldError[]): void {
  const mirror = annotations[MIRROR];
  if (mirror !== undefined && !spec.nodeName) errors.push(invalid(`${at}[${MIRROR}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set'));
  const cost = annotations[DELETION_COST];
  if (cost !== undefined && !isDeletionCost(cost)) errors.push(invalid(`${at}[${DELETION_COST}]`, cost, 'must be a 32bit integer'));
  const seccomp = annotations[SECCOMP_POD];
  if (seccomp !== undefined) validateSeccompName(seccomp, `${at}.${SECCOMP_POD}`, errors);
  for (const key in annotations) if (key.startsWith(SECCOMP_PREFIX)) validateSeccompName(annotations[key] as string, `${at}.${key}`, errors);
  for (const key in annotations) {
    if (!key.startsWith(APP_ARMOR_PREFIX)) continue;
    const container = key.slice(APP_ARMOR_PREFIX.length);
    let isKnown = false;
    forEachContainer(spec, '', ({ name }) => {
      isKnown ||= name === container;
    });
    if (!isKnown) errors.push(invalid(`${at}[${key}]`, container, 'container not found'));
    const profile = annotations[key] as string;
    if (profile !== '' && profile !== 'runtime/default' && profile !== 'unconfined' && !profile.startsWith('localhost/'))
      errors.push(invalid(`${at}[${key}]`, profile, `invalid AppArmor profile name: ${goQuote(profile)}`));
  }
}

/** No plus sign, no leading zeros, 32 bits (GetDeletionCostFromPodAnnotations). */
function isDeletionCost(text: string): boolean {
  if (!/^(0|-?[1-9]\d*|-0)$/.test(text)) return false;
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 31;
}

function validateSeccompName(profile: string, at: string, errors: FieldError[]): void {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return;
  if (profile.startsWith('localhost/')) validateDescendingPath(profile.slice('localhost/'.length), at, errors);
  else errors.push(invalid(at, profile, 'must be a valid seccomp profile'));
}

/** At creation, profiles given both as annotation and as field must say the same. */
export function validateProfilesMatch(meta: ObjectMeta, spec: PodSpec, at: string, errors: FieldError[]): void {
  const { annotations } = meta;
  if (annotations === undefined) return;
  const ofPod = spec.securityContext?.seccompProfile;
  if (ofPod && annotations[SECCOMP_POD] !== undefined) matchSeccomp(annotations[SECCOMP_POD], ofPod, `${at}.securityContext.seccompProfile`, errors);
  forEachContainer(spec, at, (container, path) => {
    const field = container.securityContext?.seccompProfile;
    const annotation = annotations[`${SECCOMP_PREFIX}${container.name}`];
    if (field && annotation !== undefined) matchSeccomp(annotation, field, `${path}.securityContext.seccompProfile`, errors);
  });
  if (spec.os?.name === 'windows') return;
  forEachContainer(spec, at, (container, path) => {
    const field = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    const annotation = annotations[`${APP_ARMOR_PREFIX}${container.name}`];
    if (field && annotation !== undefined) matchProfile('apparmor', annotation, field, ['runtime/default'], `${path}.securityContext.appArmorProfile`, errors);
  });
}

const matchSeccomp = (annotation: string, field: SeccompProfile, at: string, errors: FieldError[]): void =>
  matchProfile('seccomp', annotation, field, ['runtime/default', 'docker/default'], at, errors);

function matchProfile(
  what: string,
  annotation: string,
  field: SeccompProfile | AppArmorProfile,
  runtimeDefaults: readonly string[],
  at: string,
  errors: FieldError[],
): void {
  const isLocalhost = annotation.startsWith('localhost/');
  const agrees =
    field.type === 'Unconfined'
      ? annotation === 'unconfined'
      : field.type === 'RuntimeDefault'
        ? runtimeDefaults.includes(annotation)
        : field.type !== 'Localhost' || isLocalhost;
  if (!agrees) errors.push(forbidden(`${at}.type`, `${what} type in annotation and field must match`));
  else if (field.type === 'Localhost' && annotation.slice('localhost/'.length) !== field.localhostProfile)
    errors.push(forbidden(`${at}.localhostProfile`, `${what} profile in annotation and field must match`));
}
