import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { FlowSchema } from './types.js';
import { view } from './view.js';

export const flowschemas: Resource<FlowSchema> = { ...view, schema: 'V1FlowSchema', strategy };
