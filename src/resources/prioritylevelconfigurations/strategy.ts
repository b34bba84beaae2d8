/** pkg/registry/flowcontrol/prioritylevelconfiguration/strategy.go, pkg/apis/flowcontrol/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
import type { Limited, PriorityLevelConfiguration } from './types.js';
import { validate } from './validation.js';

export const strategy: Strategy<PriorityLevelConfiguration> = {
  defaults: (level) => {
    const { spec, status = {} } = level;
    if (spec?.type === 'Exempt')
      return {
        ...level,
        spec: {
          ...spec,
          exempt: { ...spec.exempt, nominalConcurrencyShares: spec.exempt?.nominalConcurrencyShares ?? 0, lendablePercent: spec.exempt?.lendablePercent ?? 0 },
        },
        status,
      };
    return spec?.limited === undefined ? { ...level, status } : { ...level, spec: { ...spec, limited: defaultLimited(spec.limited) }, status };
  },
  prepareForCreate: (level) => ({ ...level, status: {} }),
  prepareForUpdate: (level, old) => ({ ...level, status: old.status }),
  validate,
  hasGeneration: true,
  hasStatus: true,
};

function defaultLimited(limited: Limited): Limited {
  const { limitResponse } = limited;
  const { queuing } = limitResponse ?? {};
  return {
    ...limited,
    nominalConcurrencyShares: limited.nominalConcurrencyShares ?? 30,
    lendablePercent: limited.lendablePercent ?? 0,
    ...(queuing === undefined
      ? {}
      : {
          limitResponse: {
            ...limitResponse,
            type: limitResponse?.type ?? '',
            queuing: { queues: queuing.queues || 64, handSize: queuing.handSize || 8, queueLengthLimit: queuing.queueLengthLimit || 50 },
          },
        }),
  };
}
