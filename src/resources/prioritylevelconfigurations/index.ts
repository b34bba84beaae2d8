import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { PriorityLevelConfiguration } from './types.js';
import { view } from './view.js';

export const prioritylevelconfigurations: Resource<PriorityLevelConfiguration> = { ...view, schema: 'V1PriorityLevelConfiguration', strategy };
