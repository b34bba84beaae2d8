/** kubectl pkg/describe/describe.go describeSecret: sizes, not values; no events. It walks the keys in random order; here they are sorted. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeLabels } from '../meta/describe.js';
import type { Secret } from './types.js';

export const describe: Describer<Secret> = async ({ metadata, type, data = {} }, _reader, out) => {
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.write(0, `\nType:\t${type ?? ''}\n`);
  out.write(0, '\nData\n====\n');
  for (const key of Object.keys(data).sort()) {
    const value = Buffer.from(data[key] ?? '', 'base64');
    const isToken = key === 'token' && type === 'kubernetes.io/service-account-token';
    out.line(0, `${key}:\t${isToken ? value.toString() : `${value.length} bytes`}`);
  }
};
