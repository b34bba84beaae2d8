/** PodTemplate: k8s.io/api/core/v1 types.go at v1.33. */
import type { KubeObject } from '../../api/object.js';
import type { PodTemplateSpec } from '../pod-template/types.js';

export interface PodTemplate extends KubeObject {
  readonly template?: PodTemplateSpec;
}
