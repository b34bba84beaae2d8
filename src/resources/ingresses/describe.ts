/** kubectl pkg/describe/describe.go describeIngressV1. */
import type { Describer } from '../../api/resource.js';
import type { Reader } from '../../api/verbs.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import { formatEndpointSlices, slicesOf } from '../meta/endpoint-slices.js';
import type { Service } from '../services/types.js';
import type { Ingress, IngressBackend } from './types.js';
import { addressesOf } from './view.js';

export const describe: Describer<Ingress> = async (ingress, reader, out, options) => {
  const { metadata, spec } = ingress;
  const { namespace = '' } = metadata;
  const fallback = spec.defaultBackend === undefined ? '<default>' : await describeBackend(spec.defaultBackend, namespace, reader);
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  out.line(0, `Namespace:\t${namespace}`);
  out.line(0, `Address:\t${addressesOf(ingress)}`);
  out.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`);
  out.line(0, `Default backend:\t${fallback}`);
  if (spec.tls?.length) {
    out.line(0, 'TLS:');
    for (const { hosts, secretName } of spec.tls) {
      const names = (hosts ?? []).join(',');
      out.line(1, secretName ? `${secretName} terminates ${names}` : `SNI routes ${names}`);
    }
  }
  out.line(0, 'Rules:\n  Host\tPath\tBackends');
  out.line(1, '----\t----\t--------');
  const rules = (spec.rules ?? []).filter(({ http }) => http !== undefined);
  for (const { host, http } of rules) {
    out.line(1, `${host || '*'}\t`);
    for (const { path, backend } of http?.paths ?? []) out.line(2, `\t${path ?? ''} \t${await describeBackend(backend, namespace, reader)}`);
  }
  if (rules.length === 0) out.line(1, `*\t*\t${fallback}`);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  await describeEventsOf(ingress, reader, out, options);
};

async function describeBackend({ service, resource }: IngressBackend, namespace: string, reader: Reader): Promise<string> {
  if (service !== undefined) {
    const { name, port } = service;
    const title = `${name}:${port?.number || port?.name || ''}`;
    const found = await reader.get<Service>('services', { namespace, name });
    if (found === undefined) return `${title} (<error: services "${name}" not found>)`;
    let portName = '';
    for (const candidate of found.spec.ports ?? [])
      if ((port?.number && port.number === candidate.port) || (port?.name && port.name === candidate.name)) portName = candidate.name ?? '';
    return `${title} (${formatEndpointSlices(await slicesOf(namespace, name, reader), portName)})`;
  }
  if (resource !== undefined) return `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`;
  return '';
}
