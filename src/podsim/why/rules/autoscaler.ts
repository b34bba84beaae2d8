/** Why a HorizontalPodAutoscaler does not scale. Its conditions say most of it. */
import type { KubeObject } from '../../../api/object.js';
import type { HorizontalPodAutoscaler } from '../../../resources/horizontalpodautoscalers/types.js';
import { views } from '../../../resources/views.js';
import { conditionLine, eventLine, objectLine, specLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';
import type { World } from '../world.js';

export interface AutoscalerCase {
  readonly world: World;
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly namespace: string;
  /** `deployment/web`. */
  readonly target: string;
}

export function autoscalerCase(world: World, autoscaler: HorizontalPodAutoscaler): AutoscalerCase {
  const { kind, name } = autoscaler.spec.scaleTargetRef;
  return { world, autoscaler, namespace: autoscaler.metadata.namespace ?? '', target: `${kind.toLowerCase()}/${name}` };
}

export const autoscalerValues = ({ autoscaler, target }: AutoscalerCase): Values => ({
  hpa: autoscaler.metadata.name,
  target,
  least: autoscaler.spec.minReplicas ?? 1,
  most: autoscaler.spec.maxReplicas,
  current: autoscaler.status?.currentReplicas ?? 0,
  wanted: autoscaler.status?.desiredReplicas ?? 0,
});

const condition = ({ autoscaler }: AutoscalerCase, type: string) => autoscaler.status?.conditions?.find((one) => one.type === type);
const replicas = ({ autoscaler: { status, spec }, target }: AutoscalerCase): Evidence =>
  objectLine(
    `${target}: ${status?.currentReplicas ?? 0} replicas, ${status?.desiredReplicas ?? 0} wanted, ${spec.minReplicas ?? 1} to ${spec.maxReplicas} allowed`,
  );
const warning = ({ world, autoscaler }: AutoscalerCase): Evidence | undefined =>
  eventLine(
    world.events(autoscaler).findLast((one) => one.type === 'Warning'),
    world.now,
  );

/** The metric cannot be had, and the message says so. */
function metricFails(a: AutoscalerCase, pattern: RegExp, values: (match: RegExpExecArray) => Values = () => ({})): Facts | undefined {
  const active = condition(a, 'ScalingActive');
  const match = active?.status === 'False' ? pattern.exec(active.message ?? '') : null;
  if (match === null) return undefined;
  return { values: { said: active?.message, ...values(match) }, evidence: [conditionLine(active), specLine('metrics', a.autoscaler.spec.metrics), warning(a)] };
}

/** What it may have been meant to scale. */
function nearTarget({ world, autoscaler, namespace }: AutoscalerCase): string | undefined {
  const { kind, name } = autoscaler.spec.scaleTargetRef;
  const resource = views.find((view) => view.names.kind === kind)?.names.plural;
  return nearest(
    name,
    (world.list<KubeObject>(resource ?? '', namespace) ?? []).map((one) => one.metadata.name ?? ''),
  );
}

const SEE = ['kubectl describe hpa {hpa}{n}'];
const TOP = 'kubectl top pods{n}';

/** The first one counts. */
export const autoscalerRules: readonly Rule<AutoscalerCase>[] = [
  {
    id: 'hpa-target-missing',
    when: (a) => {
      const able = condition(a, 'AbleToScale');
      return able?.status === 'False' && able.reason === 'FailedGetScale'
        ? { values: { said: able.message, near: nearTarget(a) }, evidence: [specLine('scaleTargetRef', a.autoscaler.spec.scaleTargetRef), conditionLine(able)] }
        : undefined;
    },
    en: {
      cause: ['What it is to scale, {target}, cannot be found: {said}.'],
      todo: ['Correct spec.scaleTargetRef (apiVersion, kind and name), or make its target.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['스케일할 대상 {target}을(를) 찾을 수 없습니다: {said}.'],
      todo: ['spec.scaleTargetRef(apiVersion, kind, name)를 고치거나 대상을 만드세요.', '혹시 {near}(이)었나요?'],
    },
    fix: ['kubectl edit hpa {hpa}{n}'],
    proof: SEE,
  },
  {
    id: 'hpa-target-at-zero',
    when: (a) => {
      const active = condition(a, 'ScalingActive');
      return active?.reason === 'ScalingDisabled' ? { evidence: [conditionLine(active), replicas(a)] } : undefined;
    },
    en: {
      cause: ['{target} has been scaled to 0, and that switches its autoscaler off: from nothing there is nothing to measure.'],
      todo: ['Scale it to 1 or more, and the autoscaler goes on.'],
    },
    ko: {
      cause: ['{target}의 레플리카가 0이라 오토스케일러가 꺼져 있습니다. 파드가 없으면 측정할 것도 없습니다.'],
      todo: ['레플리카를 1 이상으로 늘리면 오토스케일러가 다시 동작합니다.'],
    },
    fix: ['kubectl scale {target}{n} --replicas=1'],
    proof: SEE,
  },
  {
    id: 'hpa-request-missing',
    when: (a) =>
      metricFails(a, /missing request for (\S+)(?: in container (\S+) of Pod (\S+))?/, ([, resource, container, pod]) => ({ resource, container, pod })),
    en: {
      cause: [
        'The target is a percentage of the {resource} that the containers request, and one of them requests none: there is nothing to take a percentage of, so TARGETS is <unknown>.',
        'It is the container {container} of the pod {pod}.',
      ],
      todo: ['Give every container of the pods a request (sidecars too), or make the target an AverageValue.'],
    },
    ko: {
      cause: [
        '목표는 컨테이너가 요청한 {resource}에 대한 백분율인데 request가 없는 컨테이너가 있습니다. 백분율을 계산할 수 없어 TARGETS가 <unknown>입니다.',
        '{pod} 파드의 {container} 컨테이너입니다.',
      ],
      todo: ['파드의 모든 컨테이너(사이드카 포함)에 request를 지정하거나, 목표를 AverageValue로 바꾸세요.'],
    },
    fix: ['kubectl set resources {target}{n} --requests={resource}=100m'],
    proof: [...SEE, "kubectl get {target}{n} -o jsonpath='{.spec.template.spec.containers[*].resources}'"],
  },
  {
    id: 'hpa-pods-without-metrics',
    when: (a) => metricFails(a, /did not receive metrics for targeted pods|no pods returned by selector|no metrics returned from/),
    en: {
      cause: ['There are no numbers of its pods yet: {said}.'],
      todo: ['Of new pods that lasts up to a minute. If it stays so, see whether the pods run and are ready.'],
    },
    ko: {
      cause: ['아직 파드의 측정값이 없습니다: {said}.'],
      todo: ['새 파드라면 1분쯤 걸립니다. 계속 이렇다면 파드가 실행 중이고 Ready인지 확인하세요.'],
    },
    proof: [...SEE, TOP, 'podsim why {target}{n}'],
  },
  {
    id: 'hpa-metric-unavailable',
    when: (a) => metricFails(a, /^.*$/s),
    en: {
      cause: ['Its metric cannot be had: {said}.'],
      todo: ['CPU and memory come from metrics-server, other metrics from an adapter (such as prometheus-adapter); see whether the API service answers.'],
    },
    ko: {
      cause: ['메트릭을 얻을 수 없습니다: {said}.'],
      todo: ['CPU와 메모리는 metrics-server가, 다른 메트릭은 어댑터(예: prometheus-adapter)가 제공합니다. API 서비스가 응답하는지 확인하세요.'],
    },
    proof: [...SEE, 'kubectl get apiservices'],
  },
  {
    id: 'hpa-at-maximum',
    when: (a) => {
      const limited = condition(a, 'ScalingLimited');
      return limited?.status === 'True' && limited.reason === 'TooManyReplicas' ? { evidence: [conditionLine(limited), replicas(a), warning(a)] } : undefined;
    },
    en: {
      cause: ['By the load it would run more, but {most} replicas are the most it may (maxReplicas).'],
      todo: ['Raise maxReplicas if the nodes have room, or let each pod do more.'],
    },
    ko: {
      cause: ['부하로 보면 더 늘려야 하지만 maxReplicas({most}개)에 막혀 있습니다.'],
      todo: ['노드에 여유가 있으면 maxReplicas를 늘리거나, 파드 하나가 더 많이 처리하게 하세요.'],
    },
    fix: [`kubectl patch hpa {hpa}{n} -p '{"spec":{"maxReplicas":NUMBER}}'`],
    proof: [...SEE, TOP],
  },
  {
    id: 'hpa-not-looked-yet',
    isFine: true,
    when: (a) =>
      (a.autoscaler.status?.conditions ?? []).length === 0 ? { evidence: [specLine('scaleTargetRef', a.autoscaler.spec.scaleTargetRef)] } : undefined,
    en: { cause: ['It is new: the controller looks every 15 seconds and has not yet.'], todo: ['Wait a moment.'] },
    ko: { cause: ['막 만들어졌습니다. 컨트롤러는 15초마다 확인하며 아직 확인하지 않았습니다.'], todo: ['잠시 기다리세요.'] },
    proof: SEE,
  },
  {
    id: 'hpa-waits-to-scale-down',
    isFine: true,
    when: (a) => {
      const able = condition(a, 'AbleToScale');
      return able?.reason === 'ScaleDownStabilized' ? { evidence: [conditionLine(able), replicas(a)] } : undefined;
    },
    en: {
      cause: [
        'The load would need fewer than {current} replicas, but it scales down only when that has lasted for the stabilization window (5 minutes by default).',
      ],
      todo: ['Nothing; or set spec.behavior.scaleDown.stabilizationWindowSeconds.'],
    },
    ko: {
      cause: ['부하로 보면 레플리카 {current}개보다 적어도 되지만, 안정화 시간(기본 5분) 동안 그 상태가 이어져야 줄입니다.'],
      todo: ['할 일은 없습니다. 더 빨리 줄이려면 spec.behavior.scaleDown.stabilizationWindowSeconds를 설정하세요.'],
    },
    proof: SEE,
  },
  {
    id: 'hpa-well',
    isFine: true,
    when: (a) => ({ evidence: [...(a.autoscaler.status?.conditions ?? []).map(conditionLine), replicas(a)] }),
    en: { cause: ['It measures and decides: {wanted} replicas of {least} to {most}.'], todo: ['Nothing.'] },
    ko: { cause: ['측정하고 판단하고 있습니다. {least}~{most}개 중 레플리카 {wanted}개입니다.'], todo: ['할 일은 없습니다.'] },
    proof: [...SEE, TOP],
  },
];
