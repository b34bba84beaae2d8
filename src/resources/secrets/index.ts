import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { Secret } from './types.js';
import { view } from './view.js';

export const secrets: Resource<Secret> = { ...view, schema: 'V1Secret', strategy, describe, controllers: [controller] };
