/** core/v1 Secret (k8s.io/api/core/v1). */
import type { KubeObject } from '../../api/object.js';

export interface Secret extends KubeObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
  /** Write-only: moved into `data` by conversion. */
  readonly stringData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}
