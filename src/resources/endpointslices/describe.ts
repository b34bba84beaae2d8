/** kubectl pkg/describe/describe.go describeEndpointSliceV1. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import type { EndpointSlice } from './types.js';

export const describe: Describer<EndpointSlice> = async (slice, reader, out, options) => {
  const { metadata, addressType, ports, endpoints } = slice;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `AddressType:\t${addressType}`);
  if (!ports?.length) out.line(0, 'Ports: <unset>');
  else {
    out.line(0, 'Ports:');
    out.line(1, 'Name\tPort\tProtocol');
    out.line(1, '----\t----\t--------');
    for (const { name, port, protocol } of ports) out.line(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol}`);
  }
  if (!endpoints?.length) out.line(0, 'Endpoints: <none>');
  else {
    out.line(0, 'Endpoints:');
    for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of endpoints) {
      out.line(1, `- Addresses:\t${addresses.join(', ') || '<none>'}`);
      out.line(2, 'Conditions:');
      out.line(3, `Ready:\t${conditions?.ready ?? '<unset>'}`);
      out.line(2, `Hostname:\t${hostname ?? '<unset>'}`);
      if (targetRef !== undefined) out.line(2, `TargetRef:\t${targetRef.kind ?? ''}/${targetRef.name ?? ''}`);
      out.line(2, `NodeName:\t${nodeName ?? '<unset>'}`);
      out.line(2, `Zone:\t${zone ?? '<unset>'}`);
    }
  }
  await describeEventsOf(slice, reader, out, options);
};
