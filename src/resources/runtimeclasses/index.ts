import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { RuntimeClass } from './types.js';
import { view } from './view.js';

export const runtimeclasses: Resource<RuntimeClass> = { ...view, schema: 'V1RuntimeClass', strategy };
