/** pkg/registry/core/endpoint/strategy.go, SetDefaults_Endpoints. */
import type { Strategy } from '../../api/resource.js';
import { ipWarnings } from '../meta/ip.js';
import type { Endpoints } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<Endpoints> = {
  defaults,
  validate,
  validateUpdate,
  warnings,
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

function warnings({ metadata, subsets = [] }: Endpoints): readonly string[] {
  // The controller is trusted to write addresses well.
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, i) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((field) =>
      (subset[field] ?? []).flatMap(({ ip }, j) => ipWarnings(ip, `subsets[${i}].${field}[${j}].ip`)),
    ),
  );
}
