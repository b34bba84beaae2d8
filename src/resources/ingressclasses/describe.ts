/** kubectl pkg/describe/describe.go describeIngressClassV1. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import type { IngressClass } from './types.js';

export const describe: Describer<IngressClass> = async (ingressClass, reader, out, options) => {
  const { metadata, spec } = ingressClass;
  out.line(0, `Name:\t${metadata.name}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Controller:\t${spec.controller ?? ''}`);
  if (spec.parameters !== undefined) {
    out.line(0, 'Parameters:');
    if (spec.parameters.apiGroup !== undefined) out.line(1, `APIGroup:\t${spec.parameters.apiGroup}`);
    out.line(1, `Kind:\t${spec.parameters.kind}`);
    out.line(1, `Name:\t${spec.parameters.name}`);
  }
  await describeEventsOf(ingressClass, reader, out, options);
};
