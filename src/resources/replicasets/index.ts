import type { Resource } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { scale } from '../pod-template/scale.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import { traits } from './traits.js';
import type { ReplicaSet } from './types.js';
import { view } from './view.js';

export const replicasets: Resource<ReplicaSet> = {
  ...view,
  schema: 'V1ReplicaSet',
  strategy,
  describe,
  controllers: [controller],
  subresources: { scale: scale(view.names, ({ spec }) => formatSelector(selectorOf(spec.selector) ?? [])) },
  traits,
};
