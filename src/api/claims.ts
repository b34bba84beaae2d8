/** Which claims a pod's volumes stand for: k8s.io/component-helpers/storage/ephemeral and pkg/controller/volume/common. */
import { controllerOf, type KubeObject } from './object.js';

/** As much of a pod's volume as this takes. */
export interface ClaimingVolume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly ephemeral?: unknown;
}

/** The claim a volume stands for; a generic ephemeral volume has one of its own, named after pod and volume. */
export const claimNameOf = (pod: KubeObject, volume: ClaimingVolume): string | undefined =>
  volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`);

/** VolumeIsForPod: why the claim is not the one of this pod's ephemeral volume; undefined: it is. */
export function foreignClaim({ metadata: pod }: KubeObject, claim: KubeObject): string | undefined {
  const { namespace, name } = claim.metadata;
  if (namespace === pod.namespace && controllerOf(claim)?.uid === pod.uid) return undefined;
  return `PVC ${namespace}/${name} was not created for pod ${pod.namespace}/${pod.name} (pod is not owner)`;
}
