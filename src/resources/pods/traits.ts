/** What commands about workloads need to know of pods. */
import type { Traits } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import type { Pod } from './types.js';

export const traits: Traits<Pod> = {
  podTemplate: [],
  /** `expose pod` and the like select by the pod's own labels. */
  podSelector: (pod) => (Object.keys(pod.metadata.labels ?? {}).length === 0 ? undefined : formatLabelSelector({ matchLabels: pod.metadata.labels ?? {} })),
};
