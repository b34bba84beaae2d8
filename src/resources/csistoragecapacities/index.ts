import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { CSIStorageCapacity } from './types.js';
import { view } from './view.js';

export const csistoragecapacities: Resource<CSIStorageCapacity> = { ...view, schema: 'V1CSIStorageCapacity', strategy };
