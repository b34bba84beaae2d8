/** pkg/registry/core/endpoint/strategy.go, SetDefaults_Endpoints. */
import type { Strategy } from '../../api/resource.js';
import type { Endpoints } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<Endpoints> = {
  defaults,
  validate,
  validateUpdate,
  hasGeneration: false,
  hasStatus: false,
  allowCreateOnUpdate: true,
};

function defaults(endpoints: Endpoints): Endpoints {
  const { subsets } = endpoints;
  if (!subsets?.some(({ ports }) => ports?.some(({ protocol }) => !protocol))) return endpoints;
  return {
    ...endpoints,
    subsets: subsets.map((subset) =>
      subset.ports === undefined ? subset : { ...subset, ports: subset.ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })) },
    ),
  };
}
