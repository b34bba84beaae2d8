/** A StatefulSet's pods and claims by their ordinals: pkg/controller/statefulset/stateful_set_utils.go. */
import type { KubeObject } from '../../api/object.js';
import { podOf } from '../../controllers/pods.js';
import { REVISION_HASH } from '../../controllers/revisions.js';
import type { PersistentVolumeClaimSpec, PodTemplateSpec, Volume } from '../pod-template/types.js';
import type { Pod } from '../pods/types.js';
import type { StatefulSet, VolumeClaimTemplate } from './types.js';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

/** A PersistentVolumeClaim, as far as this controller reads one. */
export interface Claim extends KubeObject {
  readonly spec?: PersistentVolumeClaimSpec;
}

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;
export const replicasOf = ({ spec }: StatefulSet): number => spec.replicas ?? 0;

/** Undefined for a pod that is not named like one of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const match = /^(.*)-(\d+)$/.exec(pod.metadata.name ?? '');
  return match === null || match[1] !== set.metadata.name ? undefined : Number(match[2]);
}

export const isInRange = (set: StatefulSet, ordinal: number): boolean => ordinal >= startOf(set) && ordinal < startOf(set) + replicasOf(set);
export const revisionNameOf = ({ metadata }: Pod): string => metadata.labels?.[REVISION_HASH] ?? '';

/** The pod of that ordinal, made from a revision's template. */
export function newPod(set: StatefulSet, template: PodTemplateSpec, revision: string, ordinal: number): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = podOf(set, { template, name, labels: { [POD_NAME]: name, [POD_INDEX]: String(ordinal), [REVISION_HASH]: revision } });
  const { serviceName } = set.spec;
  return withStorage(set, { ...pod, spec: { ...pod.spec, hostname: name, ...(serviceName ? { subdomain: serviceName } : {}) } }, ordinal);
}

const claimName = (set: StatefulSet, template: VolumeClaimTemplate, ordinal: number): string => `${template.metadata?.name}-${set.metadata.name}-${ordinal}`;

/** Volumes of the claim templates come first, and in place of the template's own of that name. */
function withStorage(set: StatefulSet, pod: Pod, ordinal: number): Pod {
  const templates = set.spec.volumeClaimTemplates ?? [];
  if (templates.length === 0) return pod;
  const claimed = templates.map(
    (template): Volume => ({ name: template.metadata?.name ?? '', persistentVolumeClaim: { claimName: claimName(set, template, ordinal) } }),
  );
  const names = new Set(claimed.map(({ name }) => name));
  return { ...pod, spec: { ...pod.spec, volumes: [...claimed, ...(pod.spec.volumes ?? []).filter(({ name }) => !names.has(name))] } };
}

export function claimsOf(set: StatefulSet, ordinal: number): readonly Claim[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template): Claim => {
    const { creationTimestamp: _, ...metadata } = template.metadata ?? {};
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        ...metadata,
        name: claimName(set, template, ordinal),
        namespace: set.metadata.namespace ?? '',
        labels: { ...metadata.labels, ...set.spec.selector?.matchLabels },
      },
      ...(template.spec === undefined ? {} : { spec: template.spec as PersistentVolumeClaimSpec }),
    };
  });
}

/** Whether the pod still is what its ordinal says; another label or claim is set right. */
export function repaired(pod: Pod, ordinal: number): Pod | undefined {
  const name = pod.metadata.name ?? '';
  const labels = { ...pod.metadata.labels, [POD_NAME]: name, [POD_INDEX]: String(ordinal) };
  const hasLabels = pod.metadata.labels?.[POD_NAME] === name && pod.metadata.labels[POD_INDEX] === String(ordinal);
  return hasLabels ? undefined : { ...pod, metadata: { ...pod.metadata, labels } };
}
