import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { StorageClass } from './types.js';
import { view } from './view.js';

export const storageclasses: Resource<StorageClass> = { ...view, schema: 'V1StorageClass', strategy, describe };
