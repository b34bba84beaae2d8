/** pods/ephemeralcontainers: `kubectl debug`. podEphemeralContainersStrategy and ValidatePodEphemeralContainersUpdate. */
import { isSemanticEqual } from '../../api/equality.js';
import { invalidObject } from '../../api/errors.js';
import { type FieldError, forbidden, goQuote, NO_FIELD } from '../../api/field.js';
import { mirroredUid } from '../../api/mirror-pods.js';
import type { Subresource } from '../../api/resource.js';
import { goDiff } from '../meta/go/diff.js';
import { validateObjectMetaUpdate } from '../meta/validation.js';
import { defaultPod } from './defaults.js';
import { versionOf } from './resize.js';
import type { Pod } from './types.js';
import { validateMetadataAndSpec } from './validation.js';

export const ephemeralContainers: Subresource<Pod> = {
  names: { group: '', version: 'v1', kind: 'Pod' },
  verbs: ['get', 'patch', 'update'],
  get: (pod) => pod,
  update: (old, body) => {
    const sent = defaultPod(body as Pod);
    const { ephemeralContainers: _, ...spec } = old.spec;
    const containers = sent.spec.ephemeralContainers;
    const pod: Pod = {
      ...old,
      metadata: versionOf(sent, old),
      spec: containers === undefined || containers.length === 0 ? spec : { ...spec, ephemeralContainers: containers },
    };
    const errors = validate(pod, old);
    if (errors.length > 0) throw invalidObject('', 'Pod', old.metadata.name ?? '', errors);
    return { object: pod };
  },
};

function validate(pod: Pod, old: Pod): readonly FieldError[] {
  if (mirroredUid(old) !== undefined) return [forbidden(NO_FIELD, 'static pods do not support ephemeral containers')];
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validateMetadataAndSpec(pod, errors);
  // Not one by one: a patch may have changed the order.
  for (const container of old.spec.ephemeralContainers ?? []) {
    const next = pod.spec.ephemeralContainers?.find(({ name }) => name === container.name);
    const text = `existing ephemeral containers ${goQuote(container.name)} may not be`;
    if (next === undefined) errors.push(forbidden('spec.ephemeralContainers', `${text} removed\n`));
    else if (!isSemanticEqual(next, container))
      errors.push(forbidden('spec.ephemeralContainers', `${text} changed\n${goDiff('EphemeralContainer', container, next)}`));
  }
  return errors;
}
