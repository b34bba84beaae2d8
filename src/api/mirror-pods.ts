/** Mirror pods: what the API shows of the static pods that kubelets run by themselves. */
import type { KubeObject } from './object.js';

/** kubetypes.ConfigMirrorAnnotationKey. */
export const MIRROR = 'kubernetes.io/config.mirror';

/** The uid its kubelet knows the static pod by; undefined: it is no mirror. */
export const mirroredUid = ({ metadata }: Pick<KubeObject, 'metadata'>): string | undefined => metadata.annotations?.[MIRROR];
