import type { Resource } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { DaemonSet } from './types.js';
import { view } from './view.js';

export const daemonsets: Resource<DaemonSet> = {
  ...view,
  schema: 'V1DaemonSet',
  strategy,
  describe,
  controllers: [controller],
  traits: {
    podTemplate: ['spec', 'template'],
    podSelector: ({ spec }) => formatSelector(selectorOf(spec.selector) ?? []),
    rollout: { history: 'controllerrevisions', restart: true, pause: false },
  },
};
