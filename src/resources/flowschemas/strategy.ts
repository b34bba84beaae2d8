/** pkg/registry/flowcontrol/flowschema/strategy.go, SetDefaults_FlowSchemaSpec. Requests are never queued here. */
import type { PrepareContext, Strategy } from '../../api/resource.js';
import { formatTime } from '../../api/time.js';
import type { FlowSchema } from './types.js';
import { validate } from './validation.js';

export const strategy: Strategy<FlowSchema> = {
  defaults: (flow) => ({ ...flow, spec: { ...flow.spec, matchingPrecedence: flow.spec?.matchingPrecedence || 1000 }, status: flow.status ?? {} }),
  prepareForCreate: (flow, context) => ({ ...flow, status: dangling(flow, context) }),
  prepareForUpdate: (flow, old, context) => ({
    ...flow,
    status: flow.spec.priorityLevelConfiguration?.name === old.spec.priorityLevelConfiguration?.name ? old.status : dangling(flow, context),
  }),
  validate,
  hasGeneration: true,
  hasStatus: true,
};

/** What the API server's own config controller would find a moment later (apiserver pkg/util/flowcontrol/apf_controller.go). */
function dangling({ spec }: FlowSchema, { api, now }: PrepareContext): FlowSchema['status'] {
  const name = spec.priorityLevelConfiguration?.name ?? '';
  const exists = api.get('prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', { namespace: '', name }) !== undefined;
  const subject = `This FlowSchema references the PriorityLevelConfiguration object named "${name}"`;
  return {
    conditions: [
      {
        type: 'Dangling',
        status: exists ? 'False' : 'True',
        lastTransitionTime: formatTime(now),
        reason: exists ? 'Found' : 'NotFound',
        message: exists ? `${subject} and it exists` : `${subject} but there is no such object`,
      },
    ],
  };
}
