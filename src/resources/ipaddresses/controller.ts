/** Keeps one IPAddress for every cluster IP: the API server's ipallocator and its repair loop (pkg/registry/core/service/ipallocator). */
import { parseIP } from '../../api/ip.js';
import { keyString, type ObjectKey } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import type { Service } from '../services/types.js';
import type { IPAddress } from './types.js';

const ID = 'ipaddresses.networking.k8s.io';

export const controller: Reconciler = {
  name: 'service-ip',
  watches: [
    {
      resource: 'services',
      keys: ({ type, object, old }): readonly ObjectKey[] => {
        const ips = (service: Service | undefined): string => service?.spec.clusterIPs?.join() ?? '';
        const isSame = type === 'MODIFIED' && ips(object as Service) === ips(old as Service | undefined);
        return isSame ? [] : [{ namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' }];
      },
    },
  ],
  reconcile(key, { api }) {
    const service = api.get<Service>('services', key);
    const wanted = new Set((service?.spec.clusterIPs ?? []).filter((ip) => ip !== 'None'));
    for (const { metadata } of api.list<IPAddress>(ID, { index: { name: 'service', value: keyString(key) } }))
      if (!wanted.has(metadata.name ?? '')) api.delete(ID, { namespace: '', name: metadata.name ?? '' });
    for (const ip of wanted)
      if (api.get(ID, { namespace: '', name: ip }) === undefined) api.create<IPAddress>(ID, address(ip, key), { fieldManager: 'kube-apiserver' });
    return undefined;
  },
};

const address = (ip: string, service: ObjectKey): IPAddress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IPAddress',
  metadata: {
    name: ip,
    labels: { 'ipaddress.kubernetes.io/ip-family': parseIP(ip)?.family ?? 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' },
  },
  spec: { parentRef: { resource: 'services', namespace: service.namespace, name: service.name } },
});
