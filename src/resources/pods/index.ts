/** Pods. */
import type { Resource } from '../../api/resource.js';
import { binding } from './binding.js';
import { describe } from './describe.js';
import { ephemeralContainers } from './ephemeral-containers.js';
import { eviction } from './eviction.js';
import { resize } from './resize.js';
import { strategy } from './strategy.js';
import { traits } from './traits.js';
import type { Pod } from './types.js';
import { view } from './view.js';

export const pods: Resource<Pod> = {
  ...view,
  schema: 'V1Pod',
  strategy,
  describe,
  subresources: { binding, eviction, resize, ephemeralcontainers: ephemeralContainers },
  traits,
};
