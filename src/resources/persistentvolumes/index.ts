import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { PersistentVolume } from './types.js';
import { view } from './view.js';

export const persistentvolumes: Resource<PersistentVolume> = { ...view, schema: 'V1PersistentVolume', strategy, describe, controllers: [controller] };
