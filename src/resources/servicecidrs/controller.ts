/** Guards ServiceCIDRs that are in use and says that they are ready: pkg/controller/servicecidrs. */
import { type CIDR, containsIP, type IP, parseCIDR, parseIP } from '../../api/ip.js';
import type { Reconciler } from '../../api/reconciler.js';
import { formatTime, milliseconds, parseTime } from '../../api/time.js';
import type { IPAddress } from '../ipaddresses/types.js';
import type { ServiceCIDR, ServiceCIDRCondition } from './types.js';

const ID = 'servicecidrs.networking.k8s.io';
const FINALIZER = 'networking.k8s.io/service-cidr-finalizer';
/** So long the API server may still give out addresses of a range that is being deleted (deletionGracePeriod). */
const DELETION_GRACE = 10_000;

const rangesOf = ({ spec }: ServiceCIDR): readonly CIDR[] => (spec.cidrs ?? []).flatMap((text) => parseCIDR(text) ?? []);

/** Whether all of one range is in the other. */
const isWithin = (inner: CIDR, outer: CIDR): boolean => outer.bits <= inner.bits && containsIP(outer, inner.ip);

/** Whether the range gives out the address: the network's own is nobody's, nor is the last one of IPv4 (PrefixContainsIP). */
function gives(range: CIDR, ip: IP): boolean {
  const host = ip.bytes
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(range.bits);
  return containsIP(range, ip) && host.includes('1') && (ip.family === 'IPv6' || host.includes('0'));
}

/** Whether every address given out is also another range's (canDeleteCIDR). */
function canBeDeleted(cidr: ServiceCIDR, all: readonly ServiceCIDR[], addresses: readonly IPAddress[]): boolean {
  const others = all.filter(({ metadata }) => metadata.name !== cidr.metadata.name).flatMap(rangesOf);
  const own = rangesOf(cidr);
  if (own.every((range) => others.some((other) => isWithin(range, other)))) return true;
  return !addresses.some(({ metadata }) => {
    const ip = parseIP(metadata.name ?? '');
    return ip !== undefined && own.some((range) => gives(range, ip)) && !others.some((other) => gives(other, ip));
  });
}

export const controller: Reconciler = {
  name: 'service-cidr',
  watches: [
    {
      resource: ID,
      // One more range may set free another that it overlaps.
      keys: ({ type, object }, api) =>
        [object, ...(type === 'ADDED' ? api.list<ServiceCIDR>(ID).filter((one) => overlap(one, object as ServiceCIDR)) : [])].map(({ metadata }) => ({
          namespace: '',
          name: metadata.name ?? '',
        })),
    },
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
  reconcile(key, { api, now, requeue }) {
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
    if (!canBeDeleted(cidr, api.list<ServiceCIDR>(ID), api.list<IPAddress>('ipaddresses.networking.k8s.io'))) {
      setReady(cidr, 'False', 'Terminating', 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR');
      return undefined;
    }
    const rest = (parseTime(metadata.deletionTimestamp) ?? now) + DELETION_GRACE - now;
    if (rest > 0) requeue(key, milliseconds(rest));
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

const overlap = (one: ServiceCIDR, other: ServiceCIDR): boolean =>
  one !== other && rangesOf(one).some((a) => rangesOf(other).some((b) => isWithin(a, b) || isWithin(b, a)));
