/**
 * ingress-nginx as one sees it from outside: an IngressClass of its name stands for an installed controller, which then answers on the
 * nodes' ports 80 and 443 (runtime/ingress.ts) and says so in its Ingresses' status. Ingresses of other classes, or of none, wait for ever.
 */
import { isEqual } from '../../api/equality.js';
import { keyOf, type ObjectKey } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { type Duration, parseTime, seconds } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import type { IngressClass } from '../ingressclasses/types.js';
import type { Node } from '../nodes/types.js';
import type { Ingress } from './types.js';

const INGRESSES = 'ingresses.networking.k8s.io';
const CONTROLLER = 'k8s.io/ingress-nginx';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
/** How often statuses are written. */
const STATUS_INTERVAL = seconds(60);

export const controller: Reconciler = {
  name: 'nginx-ingress-controller',
  watches: [
    {
      resource: INGRESSES,
      keys: ({ type, object, old }) => (type === 'DELETED' || isSame(object as Ingress, old as Ingress | undefined) ? [] : [keyOf(object)]),
    },
    {
      resource: 'ingressclasses.networking.k8s.io',
      keys: ({ type, object }, api): readonly ObjectKey[] =>
        type === 'DELETED'
          ? []
          : api
              .list<Ingress>(INGRESSES)
              .filter((ingress) => classOf(ingress) === object.metadata.name)
              .map(keyOf),
    },
  ],
  reconcile(key, context) {
    const ingress = context.api.get<Ingress>(INGRESSES, key);
    return ingress === undefined || !isOurs(ingress, context.api) ? undefined : sync(ingress, context);
  },
};

const isSame = (ingress: Ingress, old: Ingress | undefined): boolean =>
  old !== undefined &&
  isEqual(ingress.spec, old.spec) &&
  isEqual(ingress.metadata.annotations, old.metadata.annotations) &&
  isEqual(ingress.status, old.status);

const classOf = ({ metadata, spec }: Ingress): string | undefined => spec.ingressClassName ?? metadata.annotations?.[CLASS_ANNOTATION];

function isOurs(ingress: Ingress, api: Api): boolean {
  const name = classOf(ingress);
  if (!name) return false;
  return api.get<IngressClass>('ingressclasses.networking.k8s.io', { namespace: '', name })?.spec.controller === CONTROLLER;
}

function sync(ingress: Ingress, { api, event, now }: Context): Result | undefined {
  const ip = api.list<Node>('nodes')[0]?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  const isTold = ip === undefined || ingress.status?.loadBalancer?.ingress?.some((one) => one.ip === ip) === true;
  const left = STATUS_INTERVAL - (now % STATUS_INTERVAL);
  const isNew = now <= (parseTime(ingress.metadata.creationTimestamp ?? '') ?? 0);
  if (!isTold && !isNew && left === STATUS_INTERVAL) {
    api.updateStatus<Ingress>(INGRESSES, { ...ingress, status: { loadBalancer: { ingress: [{ ip }] } } }, { fieldManager: 'nginx-ingress-controller' });
    return undefined;
  }
  event(ingress, 'Normal', 'Sync', 'Scheduled for sync');
  return isTold ? undefined : { requeueAfter: left as Duration };
}
