import type { Resource } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { scale } from '../pod-template/scale.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { ReplicationController } from './types.js';
import { view } from './view.js';

const selector = ({ spec }: ReplicationController): string => formatSelector(selectorOf({ matchLabels: spec.selector ?? {} }) ?? []);

export const replicationcontrollers: Resource<ReplicationController> = {
  ...view,
  schema: 'V1ReplicationController',
  strategy,
  describe,
  controllers: [controller],
  subresources: { scale: scale(view.names, selector) },
  traits: { podTemplate: ['spec', 'template'], podSelector: selector },
};
