import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { loadBalancerController } from './load-balancer-controller.js';
import { mirroringController } from './mirroring-controller.js';
import { strategy } from './strategy.js';
import { traits } from './traits.js';
import type { Service } from './types.js';
import { view } from './view.js';

export const services: Resource<Service> = {
  ...view,
  schema: 'V1Service',
  strategy,
  describe,
  controllers: [mirroringController, loadBalancerController],
  traits,
};
