import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { ControllerRevision } from './types.js';
import { view } from './view.js';

export const controllerrevisions: Resource<ControllerRevision> = { ...view, schema: 'V1ControllerRevision', strategy };
