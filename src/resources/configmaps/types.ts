/** core/v1 ConfigMap (k8s.io/api/core/v1). */
import type { KubeObject } from '../../api/object.js';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  /** Base64. */
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}
