/** storage.k8s.io/v1beta1 VolumeAttributesClass (k8s.io/api/storage/v1beta1). */
import type { KubeObject } from '../../api/object.js';

export interface VolumeAttributesClass extends KubeObject {
  readonly driverName: string;
  readonly parameters?: Readonly<Record<string, string>>;
}
