/** ControllerRevision: k8s.io/api/apps/v1 types.go at v1.33. */
import type { JsonObject, KubeObject } from '../../api/object.js';

export interface ControllerRevision extends KubeObject {
  /** A strategic merge patch of the owner's template. */
  readonly data?: JsonObject;
  readonly revision: number;
}
