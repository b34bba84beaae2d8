/** Guards ServiceCIDRs that are in use and says that they are ready: pkg/controller/servicecidrs. */
import { containsIP, parseCIDR, parseIP } from '../../api/ip.js';
import type { Reconciler } from '../../api/reconciler.js';
import { formatTime } from '../../api/time.js';
import type { IPAddress } from '../ipaddresses/types.js';
import type { ServiceCIDR, ServiceCIDRCondition } from './types.js';

const ID = 'servicecidrs.networking.k8s.io';
const FINALIZER = 'networking.k8s.io/service-cidr-finalizer';

export const controller: Reconciler = {
  name: 'service-cidr',
  watches: [
    { resource: ID, keys: ({ object }) => [{ namespace: '', name: object.metadata.name ?? '' }] },
    // An address given back may be the last one a terminating range waits for.
    {
      resource: 'ipaddresses.networking.k8s.io',
      keys: ({ type }, api) =>
        type === 'DELETED'
          ? api
              .list<ServiceCIDR>(ID)
              .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
              .map(({ metadata }) => ({ namespace: '', name: metadata.name ?? '' }))
          : [],
    },
  ],
  reconcile(key, { api, now }) {
    const cidr = api.get<ServiceCIDR>(ID, key);
    if (cidr === undefined) return undefined;
    const { metadata } = cidr;
    if (metadata.deletionTimestamp === undefined) {
      const guarded = metadata.finalizers?.includes(FINALIZER)
        ? cidr
        : api.update<ServiceCIDR>(ID, { ...cidr, metadata: { ...metadata, finalizers: [...(metadata.finalizers ?? []), FINALIZER] } });
      setReady(guarded, 'True', '', 'Kubernetes Service CIDR is ready');
      return undefined;
    }
    const ranges = (cidr.spec.cidrs ?? []).flatMap((text) => parseCIDR(text) ?? []);
    const isUsed = api.list<IPAddress>('ipaddresses.networking.k8s.io').some((address) => {
      const ip = parseIP(address.metadata.name ?? '');
      return ip !== undefined && ranges.some((range) => containsIP(range, ip));
    });
    if (isUsed)
      setReady(cidr, 'False', 'Terminating', 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR');
    else api.update<ServiceCIDR>(ID, { ...cidr, metadata: { ...metadata, finalizers: (metadata.finalizers ?? []).filter((name) => name !== FINALIZER) } });
    return undefined;

    function setReady(object: ServiceCIDR, status: string, reason: string, message: string): void {
      const before = object.status?.conditions?.find(({ type }) => type === 'Ready');
      if (before?.status === status && before.reason === reason) return;
      const condition: ServiceCIDRCondition = { type: 'Ready', status, reason, message, lastTransitionTime: formatTime(now) };
      api.updateStatus<ServiceCIDR>(ID, { ...object, status: { conditions: [condition] } });
    }
  },
};
