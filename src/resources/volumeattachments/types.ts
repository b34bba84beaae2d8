/** storage.k8s.io/v1 VolumeAttachment (k8s.io/api/storage/v1). */
import type { KubeObject } from '../../api/object.js';

export interface VolumeAttachment extends KubeObject {
  readonly spec: {
    readonly attacher: string;
    readonly nodeName: string;
    readonly source: { readonly persistentVolumeName?: string; readonly inlineVolumeSpec?: object };
  };
  readonly status: { readonly attached: boolean; readonly attachmentMetadata?: Readonly<Record<string, string>> };
}
