/**
 * Gives load balancers to the services that ask for one: cloud-provider controllers/service/controller.go, as a cluster made by kind has
 * it with cloud-provider-kind. Addresses are the last of the nodes' network.
 */
import { isEqual } from '../../api/equality.js';
import { keyOf } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { seconds } from '../../api/time.js';
import type { Service } from './types.js';

const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';
const WRITE = { fieldManager: 'cloud-controller-manager' } as const;
/** Until the controller, which is no part of the cluster, hears of a change. */
const NOTICED = seconds(1);
/** A machine has to start. */
const TAKES = seconds(2);
const FIRST_ADDRESS = 200;

/** wantsLoadBalancer: a class of its own is somebody else's business. */
const isWanted = ({ metadata, spec }: Service): boolean =>
  metadata.deletionTimestamp === undefined && spec.type === 'LoadBalancer' && spec.loadBalancerClass === undefined;
const isHeld = ({ metadata }: Service): boolean => metadata.finalizers?.includes(FINALIZER) === true;
const addressesOf = ({ status }: Service): readonly string[] => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);

export const loadBalancerController: Reconciler = {
  name: 'service-controller',
  watches: [
    {
      resource: 'services',
      keys: ({ type, object, old }) => {
        const [service, before] = [object as Service, old as Service | undefined];
        if (type === 'DELETED' || (!isWanted(service) && !isHeld(service))) return [];
        const isNews = before === undefined || isWanted(service) !== isWanted(before) || !isEqual(service.spec, before.spec);
        return isNews ? [keyOf(service)] : [];
      },
      after: NOTICED,
    },
  ],
  reconcile(key, context) {
    const service = context.api.get<Service>('services', key);
    if (service === undefined) return undefined;
    if (isWanted(service)) return ensure(service, context);
    if (isHeld(service)) remove(service, context);
    return undefined;
  },
};

function ensure(service: Service, { api, event }: Context): Result | undefined {
  if (!isHeld(service)) {
    event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    const finalizers = [...(service.metadata.finalizers ?? []), FINALIZER];
    api.update<Service>('services', { ...service, metadata: { ...service.metadata, finalizers } }, WRITE);
    return { requeueAfter: TAKES };
  }
  const [given] = addressesOf(service);
  if (given !== undefined) {
    event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    if (!service.spec.loadBalancerIP || service.spec.loadBalancerIP === given) return undefined;
  }
  const ip = service.spec.loadBalancerIP || nextAddress(api.list<Service>('services'));
  event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
  api.updateStatus<Service>('services', { ...service, status: { ...service.status, loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } } }, WRITE);
  return undefined;
}

function remove(service: Service, { api, event }: Context): void {
  event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
  const cleared = api.updateStatus<Service>('services', { ...service, status: { ...service.status, loadBalancer: {} } }, WRITE);
  const { finalizers = [], ...metadata } = cleared.metadata;
  const left = finalizers.filter((name) => name !== FINALIZER);
  event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
  api.update<Service>('services', { ...cleared, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } }, WRITE);
}

/** The lowest that is free, from 172.18.255.200 on; then from the network below. */
function nextAddress(services: readonly Service[]): string {
  const taken = new Set(services.flatMap(addressesOf));
  for (let n = 0; ; n++) {
    const ip = n < 55 ? `172.18.255.${FIRST_ADDRESS + n}` : `172.18.${254 - Math.floor((n - 55) / 254)}.${1 + ((n - 55) % 254)}`;
    if (!taken.has(ip)) return ip;
  }
}
