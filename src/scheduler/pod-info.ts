/** A pod as the scheduler looks at it, worked out once: framework.PodInfo of pkg/scheduler/framework/types.go. */

import { claimNameOf } from '../api/claims.js';
import { type HostPort, hostPortsOf } from '../api/host-ports.js';
import { type KubeObject, keyOf, keyString } from '../api/object.js';
import { type Selector, selectorOf } from '../api/selectors.js';
import type { PodAffinityTerm, Volume } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import { podRequests, type QuantityReader, type Requests } from './requests.js';

export interface PodInfo {
  /** As last seen: kept up to date where only its status changes. */
  pod: Pod;
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly priority: number;
  readonly requests: Requests;
  readonly hostPorts: readonly HostPort[];
  readonly affinity: PodAffinityTerms | undefined;
  /** Names of the claims its volumes use, those of ephemeral volumes included. */
  readonly claims: readonly ClaimUse[];
}

export interface ClaimUse {
  readonly name: string;
  readonly isEphemeral: boolean;
}

/** Whether the object is a claim the pod uses. */
export const usesClaim = ({ namespace, claims }: PodInfo, { kind, metadata }: KubeObject): boolean =>
  kind === 'PersistentVolumeClaim' && metadata.namespace === namespace && claims.some(({ name }) => name === metadata.name);

/** A term with everything it needs to be matched. */
export interface AffinityTerm {
  /** undefined: matches nothing. */
  readonly selector: Selector | undefined;
  readonly namespaces: readonly string[];
  /** Of labels of namespaces; undefined: none but those named. */
  readonly namespaceSelector: Selector | undefined;
  readonly topologyKey: string;
  readonly weight: number;
}

export interface PodAffinityTerms {
  readonly required: readonly AffinityTerm[];
  readonly requiredAnti: readonly AffinityTerm[];
  readonly preferred: readonly AffinityTerm[];
  readonly preferredAnti: readonly AffinityTerm[];
}

const NO_VOLUMES: readonly Volume[] = [];
const NO_CLAIMS: readonly ClaimUse[] = [];

export function podInfo(pod: Pod, read: QuantityReader): PodInfo {
  const key = keyOf(pod);
  return {
    pod,
    key: keyString(key),
    namespace: key.namespace,
    priority: pod.spec.priority ?? 0,
    requests: podRequests(pod, read),
    hostPorts: hostPortsOf(pod),
    affinity: pod.spec.affinity === undefined ? undefined : affinityTerms(pod),
    claims: claims(pod),
  };
}

function claims(pod: Pod): readonly ClaimUse[] {
  let found: ClaimUse[] | undefined;
  for (const volume of pod.spec.volumes ?? NO_VOLUMES) {
    const name = claimNameOf(pod, volume);
    if (name === undefined) continue;
    found ??= [];
    found.push({ name, isEphemeral: volume.ephemeral !== undefined });
  }
  return found ?? NO_CLAIMS;
}

function affinityTerms(pod: Pod): PodAffinityTerms | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  if (podAffinity === undefined && podAntiAffinity === undefined) return undefined;
  const term = (from: PodAffinityTerm, weight = 0): AffinityTerm => ({
    selector: selectorOf(from.labelSelector),
    namespaces: (from.namespaces?.length ?? 0) === 0 && from.namespaceSelector === undefined ? [pod.metadata.namespace ?? ''] : (from.namespaces ?? []),
    namespaceSelector: selectorOf(from.namespaceSelector),
    topologyKey: from.topologyKey,
    weight,
  });
  return {
    required: podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.map((from) => term(from)) ?? [],
    requiredAnti: podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.map((from) => term(from)) ?? [],
    preferred: podAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.map((from) => term(from.podAffinityTerm, from.weight)) ?? [],
    preferredAnti: podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.map((from) => term(from.podAffinityTerm, from.weight)) ?? [],
  };
}
