/** What reading Services takes: printService of pkg/printers/internalversion/printers.go, field selectors of pkg/registry/core/service. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, formatLabels, nameColumn, textColumn } from '../meta/columns.js';
import type { Service, ServiceSpec } from './types.js';

export const view: ResourceView<Service> = {
  names: {
    group: '',
    version: 'v1',
    kind: 'Service',
    plural: 'services',
    singular: 'service',
    shortNames: ['svc'],
    namespaced: true,
    categories: ['all'],
  },
  columns: [
    nameColumn,
    textColumn('Type', ({ spec }) => spec.type ?? ''),
    textColumn('Cluster-IP', ({ spec }) => spec.clusterIPs?.[0] ?? '<none>'),
    textColumn('External-IP', externalIP),
    textColumn('Port(s)', ports),
    ageColumn,
    textColumn('Selector', ({ spec }) => formatLabels(spec.selector), 1),
  ],
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
    'spec.type': ({ spec }) => spec.type ?? '',
  },
  indexers: {
    clusterIP: ({ spec }) => (spec.clusterIPs ?? []).filter((ip) => ip !== 'None'),
    nodePort: ({ spec }) => nodePortsOf(spec).map(String),
  },
};

function externalIP({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.type === 'LoadBalancer') {
    const balanced = [...new Set((status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').filter((address) => address !== ''))];
    const all = [...balanced.sort(), ...external];
    return all.length > 0 ? all.join(',') : '<pending>';
  }
  if (spec.type === 'ClusterIP' || spec.type === 'NodePort') return external.length > 0 ? external.join(',') : '<none>';
  return '<unknown>';
}

function ports({ spec }: Service): string {
  if (!spec.ports?.length) return '<none>';
  return spec.ports.map(({ port, nodePort, protocol }) => (nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`)).join(',');
}

/** All it has taken of the range, the one for health checks as well. */
export function nodePortsOf({ ports, healthCheckNodePort }: ServiceSpec): readonly number[] {
  const list = (ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
  return healthCheckNodePort ? [...list, healthCheckNodePort] : list;
}
