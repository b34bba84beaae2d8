/** kubectl pkg/describe/describe.go describeVolumeAttributesClass. */
import type { Describer } from '../../api/resource.js';
import { formatLabels } from '../meta/columns.js';
import { describeEventsOf } from '../meta/describe.js';
import type { VolumeAttributesClass } from './types.js';

export const describe: Describer<VolumeAttributesClass> = async (attributes, reader, out, options) => {
  out.line(0, `Name:\t${attributes.metadata.name}`);
  out.line(0, `Annotations:\t${formatLabels(attributes.metadata.annotations)}`);
  out.line(0, `DriverName:\t${attributes.driverName}`);
  out.line(0, `Parameters:\t${formatLabels(attributes.parameters)}`);
  await describeEventsOf(attributes, reader, out, options);
};
