/** kube-aggregator pkg/registry/apiservice/strategy.go. Whether one that is not local is available its controller finds out. */
import type { Strategy } from '../../api/resource.js';
import { formatTime } from '../../api/time.js';
import type { APIService } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<APIService> = {
  defaults: (service) => {
    const { service: backend, ...spec } = service.spec ?? {};
    return {
      ...service,
      spec: backend === undefined ? spec : { ...spec, service: { ...backend, port: backend.port ?? 443 } },
      status: service.status ?? {},
    } as APIService;
  },
  prepareForCreate: (service, { now }) => ({ ...service, status: service.spec.service === undefined ? localStatus(formatTime(now)) : {} }),
  prepareForUpdate: (service, old) => ({ ...service, status: old.status }),
  validate,
  validateUpdate,
  allowUnconditionalUpdate: false,
  hasGeneration: false,
  hasStatus: true,
};

/** SetAPIServiceCondition of NewLocalAvailableAPIServiceCondition. */
const localStatus = (lastTransitionTime: string): APIService['status'] => ({
  conditions: [{ type: 'Available', status: 'True', lastTransitionTime, reason: 'Local', message: 'Local APIServices are always available' }],
});
