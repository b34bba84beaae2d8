/** kubectl pkg/describe/describe.go describeService. */
import type { Describer } from '../../api/resource.js';
import { formatLabels } from '../meta/columns.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import { formatEndpointSlices, slicesOf } from '../meta/endpoint-slices.js';
import type { LoadBalancerIngress, Service } from './types.js';

export const describe: Describer<Service> = async (service, reader, out, options) => {
  const { metadata, spec, status } = service;
  const slices = await slicesOf(metadata.namespace ?? '', metadata.name ?? '', reader);
  const line = (title: string, value: string | number | undefined): void => out.line(0, `${title}:\t${value ?? ''}`);
  const optional = (title: string, value: string | number | undefined): void => {
    if (value) line(title, value);
  };
  line('Name', metadata.name);
  line('Namespace', metadata.namespace);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  line('Selector', formatLabels(spec.selector));
  line('Type', spec.type);
  optional('IP Family Policy', spec.ipFamilyPolicy);
  line('IP Families', spec.ipFamilies?.join(',') || '<none>');
  line('IP', spec.clusterIP);
  line('IPs', spec.clusterIPs?.join(',') || '<none>');
  optional('External IPs', spec.externalIPs?.join(','));
  optional('Desired LoadBalancer IP', spec.loadBalancerIP);
  optional('External Name', spec.externalName);
  optional('LoadBalancer Ingress', (status?.loadBalancer?.ingress ?? []).map(formatIngress).join(', '));
  for (const { name, port, protocol, targetPort, nodePort } of spec.ports ?? []) {
    const title = name || '<unset>';
    line('Port', `${title}\t${port}/${protocol}`);
    line('TargetPort', `${targetPort ?? 0}/${protocol}`);
    if (nodePort) line('NodePort', `${title}\t${nodePort}/${protocol}`);
    line('Endpoints', formatEndpointSlices(slices, name ?? ''));
  }
  line('Session Affinity', spec.sessionAffinity);
  optional('External Traffic Policy', spec.externalTrafficPolicy);
  optional('Internal Traffic Policy', spec.internalTrafficPolicy);
  optional('HealthCheck NodePort', spec.healthCheckNodePort);
  optional('LoadBalancer Source Ranges', spec.loadBalancerSourceRanges?.join(','));
  await describeEventsOf(service, reader, out, options);
};

const formatIngress = ({ ip, ipMode, hostname }: LoadBalancerIngress): string => (ip ? `${ip}${ipMode === undefined ? '' : ` (${ipMode})`}` : (hostname ?? ''));
