/** Nodes. */
import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { Node } from './types.js';
import { view } from './view.js';

export const nodes: Resource<Node> = { ...view, schema: 'V1Node', strategy, describe };
