/** Objects of a new cluster, as manifests have them. */
import type { KubeObject } from '../api/object.js';
import { goJson } from '../text/go-json-writer.js';

/** The API fills in the rest. */
export type Manifest = KubeObject & Readonly<Record<string, unknown>>;

/** As kubectl apply makes it: it keeps what it was told. */
export function applied(manifest: Manifest): Manifest {
  const { metadata } = manifest;
  const { annotations = {} } = metadata;
  const last = `${goJson({ ...manifest, metadata: { ...metadata, annotations } })}\n`;
  return { ...manifest, metadata: { ...metadata, annotations: { ...annotations, 'kubectl.kubernetes.io/last-applied-configuration': last } } };
}
