/**
 * Static pods: a kubelet runs them whatever the API says, and shows them there by a mirror pod. Who deletes that deletes the
 * mirror, which the kubelet makes anew (kubelet.go tryReconcileMirrorPods, pod/mirror_client.go).
 */
import { mirroredUid } from '../api/mirror-pods.js';
import type { KubeObject, ObjectKey } from '../api/object.js';
import type { Context } from '../api/reconciler.js';
import type { Pod } from '../resources/pods/types.js';
import type { Entry } from './record.js';

/** What the API was given of a static pod; undefined: it is none. */
export function manifestOf({ apiVersion, kind, metadata, spec }: Pod): KubeObject | undefined {
  if (mirroredUid({ metadata }) === undefined) return undefined;
  const { name, namespace, labels, annotations, ownerReferences } = metadata;
  const kept = { name, namespace, labels, annotations, ownerReferences };
  return { apiVersion, kind, metadata: JSON.parse(JSON.stringify(kept)), spec } as KubeObject;
}

/** The pod as the API has it, or, where a mirror is going or gone, a new mirror. */
export function keepMirror(context: Context, key: ObjectKey, node: string, entry: Entry, own: Pod | undefined): Pod | undefined {
  const { pod: record } = entry;
  if (record?.manifest === undefined || (own !== undefined && own.metadata.deletionTimestamp === undefined)) return own;
  if (context.api.get('nodes', { namespace: '', name: node }) === undefined) return own;
  if (own !== undefined) context.api.delete('pods', key, { gracePeriodSeconds: 0 });
  const made = context.api.create('pods', record.manifest, { fieldManager: 'kubelet' }) as Pod;
  record.uid = made.metadata.uid ?? '';
  record.syncAt = context.now;
  return made;
}
