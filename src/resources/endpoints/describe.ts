/** kubectl pkg/describe/describe.go describeEndpoints. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import type { EndpointAddress, Endpoints } from './types.js';

export const describe: Describer<Endpoints> = async (endpoints, reader, out, options) => {
  const { metadata, subsets } = endpoints;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, 'Subsets:');
  for (const { addresses, notReadyAddresses, ports } of subsets ?? []) {
    out.line(1, `Addresses:\t${join(addresses)}`);
    out.line(1, `NotReadyAddresses:\t${join(notReadyAddresses)}`);
    if (ports?.length) {
      out.line(1, 'Ports:');
      out.line(2, 'Name\tPort\tProtocol');
      out.line(2, '----\t----\t--------');
      for (const { name, port, protocol } of ports) out.line(2, `${name || '<unset>'}\t${port}\t${protocol}`);
    }
    out.line(0, '');
  }
  await describeEventsOf(endpoints, reader, out, options);
};

const join = (addresses: readonly EndpointAddress[] | undefined): string => (addresses ?? []).map(({ ip }) => ip).join(',') || '<none>';
