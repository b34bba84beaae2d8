/** Endpoints as Services and Ingresses show them: kubectl pkg/describe/describe.go formatEndpointSlices. */
import type { Reader } from '../../api/verbs.js';
import type { EndpointSlice } from '../endpointslices/types.js';

/** The slices that belong to a Service. */
export const slicesOf = (namespace: string, service: string, reader: Reader): Promise<readonly EndpointSlice[]> =>
  reader.list<EndpointSlice>('endpointslices.discovery.k8s.io', { namespace, labelSelector: `kubernetes.io/service-name=${service}` });

/** Ready addresses behind the ports called `portName`: three of them, and how many more. Slices without a ready one print as nothing. */
export function formatEndpointSlices(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const list = slices.flatMap(({ ports, endpoints }) => {
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).map(({ addresses }) => addresses[0] ?? '');
    if (!ports?.length) return ready;
    return ports.filter(({ name }) => (name ?? '') === portName).flatMap(({ port }) => ready.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`));
  });
  const shown = list.slice(0, 3).join(',');
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
}
