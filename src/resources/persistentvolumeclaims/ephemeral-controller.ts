/** Makes the claims of generic ephemeral volumes, owned by their pods: pkg/controller/volume/ephemeral. */
import { claimNameOf, foreignClaim } from '../../api/claims.js';
import { StatusError } from '../../api/errors.js';
import { keyOf } from '../../api/object.js';
import type { Context, Reconciler } from '../../api/reconciler.js';
import { milliseconds } from '../../api/time.js';
import { retryDelay } from '../../controllers/backoff.js';
import { controllerReference } from '../../controllers/owned.js';
import type { Volume } from '../pod-template/types.js';
import type { Pod } from '../pods/types.js';
import type { PersistentVolumeClaim } from './types.js';

const NONE: readonly never[] = [];
const CLAIMS = 'persistentvolumeclaims';
const hasEphemeral = ({ spec }: Pod): boolean => spec.volumes?.some(({ ephemeral }) => ephemeral !== undefined) === true;

export const ephemeralController: Reconciler = {
  name: 'ephemeral_volume',
  watches: [
    {
      resource: 'pods',
      keys: ({ type, object }) => (type === 'ADDED' && hasEphemeral(object as Pod) ? [keyOf(object)] : NONE),
      // The scheduler has looked at the pod by then, and said that the claim is missing.
      after: () => milliseconds(10),
    },
    {
      // One that was deleted by hand is made again.
      resource: CLAIMS,
      keys: ({ type, object }) =>
        type !== 'DELETED'
          ? []
          : (object.metadata.ownerReferences ?? [])
              .filter(({ kind }) => kind === 'Pod')
              .map(({ name }) => ({ namespace: object.metadata.namespace ?? '', name })),
    },
  ],
  reconcile(key, context) {
    const pod = context.api.get<Pod>('pods', key);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
    for (const volume of pod.spec.volumes ?? []) {
      const error = makeClaim(pod, volume, context);
      if (error === undefined) continue;
      const requeueAfter = retryDelay(context, pod, 'FailedBinding', pod.metadata.creationTimestamp ?? null);
      context.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume.name}: ${error}`);
      return { requeueAfter };
    }
    return undefined;
  },
};

/** The text says why it cannot be made. */
function makeClaim(pod: Pod, volume: Volume, { api }: Context): string | undefined {
  if (volume.ephemeral === undefined) return undefined;
  const name = claimNameOf(pod, volume) ?? '';
  const { namespace } = keyOf(pod);
  const there = api.get<PersistentVolumeClaim>(CLAIMS, { namespace, name });
  if (there !== undefined) return foreignClaim(pod, there);
  const { metadata, spec = {} } = volume.ephemeral.volumeClaimTemplate ?? {};
  const { labels, annotations } = metadata ?? {};
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(pod)],
    },
    spec,
    status: {},
  };
  try {
    api.create(CLAIMS, claim, { fieldManager: 'kube-controller-manager' });
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return `create PVC ${name}: ${error.message}`;
    throw error;
  }
}
