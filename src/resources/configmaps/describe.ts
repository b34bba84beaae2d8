/** kubectl pkg/describe/describe.go ConfigMapDescriber. It walks the keys in random order; here they are sorted. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import type { ConfigMap } from './types.js';

export const describe: Describer<ConfigMap> = async (config, reader, out, options) => {
  const { metadata, data = {}, binaryData = {} } = config;
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.write(0, '\nData\n====\n');
  for (const key of Object.keys(data).sort()) out.write(0, `${key}:\n----\n${data[key]}\n\n`);
  out.write(0, '\nBinaryData\n====\n');
  for (const key of Object.keys(binaryData).sort()) out.line(0, `${key}: ${Buffer.byteLength(binaryData[key] ?? '', 'base64')} bytes`);
  out.line(0, '');
  await describeEventsOf(config, reader, out, options);
};
