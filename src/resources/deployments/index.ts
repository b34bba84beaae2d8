import type { Resource } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { scale } from '../pod-template/scale.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import { traits } from './traits.js';
import type { Deployment } from './types.js';
import { view } from './view.js';

export const deployments: Resource<Deployment> = {
  ...view,
  schema: 'V1Deployment',
  strategy,
  describe,
  controllers: [controller],
  subresources: { scale: scale(view.names, ({ spec }) => formatSelector(selectorOf(spec.selector) ?? [])) },
  traits,
};
