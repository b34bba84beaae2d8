/** storage.k8s.io/v1 CSIStorageCapacity (k8s.io/api/storage/v1). */
import type { KubeObject } from '../../api/object.js';
import type { LabelSelector } from '../../api/selectors.js';

export interface CSIStorageCapacity extends KubeObject {
  readonly nodeTopology?: LabelSelector;
  readonly storageClassName: string;
  readonly capacity?: string;
  readonly maximumVolumeSize?: string;
}
