import type { Resource } from '../../api/resource.js';
import { controller } from './controller.js';
import { finalizer } from './finalizer.js';
import { registration } from './registration.js';
import { strategy } from './strategy.js';
import type { CustomResourceDefinition } from './types.js';
import { view } from './view.js';

export const customresourcedefinitions: Resource<CustomResourceDefinition> = {
  ...view,
  schema: 'V1CustomResourceDefinition',
  strategy,
  controllers: [controller, registration, finalizer],
};
