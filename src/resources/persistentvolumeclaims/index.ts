import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { ephemeralController } from './ephemeral-controller.js';
import { expandController } from './expand-controller.js';
import { strategy } from './strategy.js';
import type { PersistentVolumeClaim } from './types.js';
import { view } from './view.js';

export const persistentvolumeclaims: Resource<PersistentVolumeClaim> = {
  ...view,
  schema: 'V1PersistentVolumeClaim',
  strategy,
  describe,
  controllers: [controller, ephemeralController, expandController],
};
