import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { ComponentStatus } from './types.js';
import { view } from './view.js';

export const componentstatuses: Resource<ComponentStatus> = { ...view, schema: 'V1ComponentStatus', strategy };
