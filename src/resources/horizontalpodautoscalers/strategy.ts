/** pkg/apis/autoscaling/v2/defaults.go SetDefaults_HorizontalPodAutoscaler and pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go. */
import { isGivenEmpty } from '../../api/given.js';
import type { Strategy } from '../../api/resource.js';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, MetricSpec, ScalingRules } from './types.js';
import { validate, validateStatusUpdate, validateUpdate } from './validation.js';

export const strategy: Strategy<HorizontalPodAutoscaler> = {
  defaults,
  prepareForCreate: (autoscaler) => ({ ...autoscaler, status: { currentMetrics: null, desiredReplicas: 0 } }),
  validate,
  validateUpdate,
  validateStatusUpdate,
  hasGeneration: false,
  hasStatus: true,
};

const CPU: MetricSpec = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
const SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN: ScalingRules = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function defaults(autoscaler: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const given = (autoscaler.spec ?? {}) as HorizontalPodAutoscalerSpec;
  const { behavior } = given;
  return {
    ...autoscaler,
    spec: {
      ...given,
      maxReplicas: given.maxReplicas ?? 0,
      minReplicas: given.minReplicas ?? 1,
      metrics: given.metrics?.length ? given.metrics : [CPU],
      ...(behavior === undefined ? {} : { behavior: { scaleUp: rules(behavior.scaleUp, SCALE_UP), scaleDown: rules(behavior.scaleDown, SCALE_DOWN) } }),
    },
  };
}

/** No policies are not the same as none mentioned. */
function rules(rules: ScalingRules | undefined, defaultRules: ScalingRules): ScalingRules {
  // HPAConfigurableTolerance is off in 1.33.
  const { tolerance: _, ...given } = rules ?? {};
  return { ...defaultRules, ...given, ...(isGivenEmpty(given, 'policies') ? { policies: [] } : {}) };
}
