/** kubectl pkg/describe/describe.go describeIPAddressV1. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import type { IPAddress } from './types.js';

export const describe: Describer<IPAddress> = async (address, reader, out, options) => {
  const { metadata, spec } = address;
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  if (spec.parentRef !== undefined) {
    const { group, resource, namespace, name } = spec.parentRef;
    out.line(0, 'Parent Reference:');
    out.line(1, `Group:\t${group ?? ''}`);
    out.line(1, `Resource:\t${resource ?? ''}`);
    out.line(1, `Namespace:\t${namespace ?? ''}`);
    out.line(1, `Name:\t${name ?? ''}`);
  }
  await describeEventsOf(address, reader, out, options);
};
