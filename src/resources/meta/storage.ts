/** Words volumes and claims share: k8s.io/kubernetes pkg/apis/storage/util, pkg/apis/core/helper. Loaded by every command. */
import type { ObjectMeta } from '../../api/object.js';

/** Older than the field, and stronger. */
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';
const SHORT: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,ROX`, always in this order. */
export const formatAccessModes = (modes: readonly string[] | undefined): string =>
  SHORT.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');

export const storageClassOf = ({ metadata, spec }: { readonly metadata: ObjectMeta; readonly spec: { readonly storageClassName?: string } }): string =>
  metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? '';

export const isDefaultClass = ({ annotations }: ObjectMeta): boolean =>
  annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' || annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true';
