import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { CSINode } from './types.js';
import { view } from './view.js';

export const csinodes: Resource<CSINode> = { ...view, schema: 'V1CSINode', strategy, describe };
