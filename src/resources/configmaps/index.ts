import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { ConfigMap } from './types.js';
import { view } from './view.js';

export const configmaps: Resource<ConfigMap> = { ...view, schema: 'V1ConfigMap', strategy, describe };
