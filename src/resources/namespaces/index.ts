import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { finalize } from './finalize.js';
import { strategy } from './strategy.js';
import type { Namespace } from './types.js';
import { view } from './view.js';

export const namespaces: Resource<Namespace> = { ...view, schema: 'V1Namespace', strategy, describe, subresources: { finalize } };
