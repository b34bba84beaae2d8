import type { Resource } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { scale } from '../pod-template/scale.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { StatefulSet } from './types.js';
import { view } from './view.js';

const selector = ({ spec }: StatefulSet): string => formatSelector(selectorOf(spec.selector) ?? []);

export const statefulsets: Resource<StatefulSet> = {
  ...view,
  schema: 'V1StatefulSet',
  strategy,
  describe,
  controllers: [controller],
  subresources: { scale: scale(view.names, selector) },
  traits: { podTemplate: ['spec', 'template'], podSelector: selector, rollout: { history: 'controllerrevisions', restart: true, pause: false } },
};
