/** Causes that lie with the pod as a whole: its deletion, its node, its end by somebody else's hand; and pods that are well. */

import { humanDuration } from '../../../api/human-duration.js';
import { formatTime, parseTime, type Time } from '../../../api/time.js';
import type { Event } from '../../../resources/events/types.js';
import type { Node } from '../../../resources/nodes/types.js';
import { summarizePod } from '../../../resources/pods/view.js';
import type { Service } from '../../../resources/services/types.js';
import { conditionLine, eventLine, objectLine, specLine, stateLine } from '../evidence.js';
import { type ContainerCase, containerCases, type PodCase } from '../pod-case.js';
import type { Evidence, Facts, Rule } from '../rule.js';
import { lastSeen } from '../world.js';

const isReady = (node: Node): boolean => node.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true;
const nodeReady = (node: Node): Evidence | undefined => {
  const line = conditionLine(node.status?.conditions?.find((one) => one.type === 'Ready'));
  return line && objectLine(`node/${node.metadata.name}: ${line.text}`);
};
const endOfGrace = (p: PodCase): Time | undefined => parseTime(p.pod.metadata.deletionTimestamp ?? '');
const deletion = (p: PodCase): Evidence | undefined =>
  p.pod.metadata.deletionTimestamp === undefined
    ? undefined
    : {
        from: 'object',
        text: `metadata.deletionTimestamp: ${p.pod.metadata.deletionTimestamp}, deletionGracePeriodSeconds: ${p.pod.metadata.deletionGracePeriodSeconds ?? 0}`,
      };
const statusReason = (p: PodCase): Evidence => ({
  from: 'object',
  text: `status: ${p.pod.status?.phase}${p.pod.status?.reason ? `, reason ${p.pod.status.reason}` : ''}${p.pod.status?.message ? `: ${p.pod.status.message.trim()}` : ''}`,
});
const reasonIs = (p: PodCase, pattern: RegExp, message = /(?:)/): Facts | undefined =>
  pattern.test(p.pod.status?.reason ?? '') && message.test(p.pod.status?.message ?? '')
    ? {
        values: { reason: p.pod.status?.reason, message: p.pod.status?.message?.trim() },
        evidence: [statusReason(p), conditionLine(p.condition('DisruptionTarget')), p.seen(p.pod.status?.reason ?? '')],
      }
    : undefined;
const disruption = (p: PodCase, reason: string): Facts | undefined => {
  const condition = p.condition('DisruptionTarget');
  return condition?.status === 'True' && condition.reason === reason
    ? { values: { message: condition.message }, evidence: [deletion(p), conditionLine(condition)] }
    : undefined;
};
const hasStopped = (p: PodCase): boolean =>
  [...(p.pod.status?.containerStatuses ?? []), ...(p.pod.status?.initContainerStatuses ?? [])].every((one) => one.state?.running === undefined);

const META = 'kubectl get pod {pod}{n} -o jsonpath=\'{.metadata.deletionTimestamp} {.metadata.deletionGracePeriodSeconds} {.metadata.finalizers}{"\\n"}\'';
const STATUS = 'kubectl get pod {pod}{n} -o jsonpath=\'{.status.reason}: {.status.message}{"\\n"}\'';

/** Why a pod that is being deleted is still there. The first one counts. */
export const terminatingRules: readonly Rule<PodCase>[] = [
  {
    id: 'terminating-finalizer',
    when: (p) => {
      const finalizers = p.pod.metadata.finalizers ?? [];
      return finalizers.length > 0 && hasStopped(p)
        ? { values: { finalizers: finalizers.join(', ') }, evidence: [deletion(p), specLine('metadata.finalizers', finalizers)] }
        : undefined;
    },
    en: {
      cause: ['Its containers have stopped, but the pod has finalizers ({finalizers}): it is removed only when whoever put them there takes them away.'],
      todo: ['See that the controller of the finalizer runs. Only if it is gone for good, take the finalizer away by hand.'],
    },
    ko: {
      cause: ['컨테이너는 모두 멈췄지만 파드에 파이널라이저({finalizers})가 있습니다. 이것을 붙인 쪽이 제거해야 파드가 사라집니다.'],
      todo: ['그 파이널라이저를 관리하는 컨트롤러가 실행 중인지 확인하세요. 컨트롤러가 완전히 없어졌을 때만 직접 제거하세요.'],
    },
    fix: [`kubectl patch pod {pod}{n} --type=merge -p '{"metadata":{"finalizers":null}}'`],
    proof: [META],
  },
  {
    id: 'terminating-node-gone',
    when: (p) =>
      p.node === null || (p.node && !isReady(p.node))
        ? {
            evidence: [
              deletion(p),
              p.node === null ? objectLine(`node/${p.pod.spec.nodeName}: not found`) : nodeReady(p.node),
              conditionLine(p.condition('DisruptionTarget')),
              p.seen('TaintManagerEviction'),
            ],
          }
        : undefined,
    en: {
      cause: ['The pod is to go, but its node {node} is not heard of: only the kubelet there can say that the containers have stopped, so the object stays.'],
      todo: [
        'Bring the node back, or delete the Node object if it is gone for good. Force the deletion only when you are sure that nothing of the pod runs any more.',
      ],
    },
    ko: {
      cause: [
        '파드를 지우는 중인데 {node} 노드와 연락이 닿지 않습니다. 컨테이너가 멈췄다는 것은 그 노드의 kubelet만 알 수 있으므로 파드 오브젝트가 남아 있습니다.',
      ],
      todo: ['노드를 복구하거나, 영영 없어졌다면 Node 오브젝트를 삭제하세요. 강제 삭제는 파드의 프로세스가 더 이상 실행되지 않는다고 확신할 때만 하세요.'],
    },
    fix: ['kubectl delete pod {pod}{n} --grace-period=0 --force'],
    proof: ['kubectl get nodes{f}', META],
  },
  {
    id: 'terminating-preempted',
    when: (p) => disruption(p, 'PreemptionByScheduler'),
    en: {
      cause: ['A pod of higher priority needed its room: the scheduler preempted this one. It is ending within its grace period.'],
      todo: ['Give it a higher PriorityClass if it is that important, or make more room.'],
    },
    ko: {
      cause: ['우선순위가 더 높은 파드가 자리를 필요로 해서 스케줄러가 이 파드를 밀어냈습니다(선점, preemption). 유예 시간 안에 종료됩니다.'],
      todo: ['그만큼 중요한 파드라면 더 높은 PriorityClass를 주거나 자리를 늘리세요.'],
    },
    proof: ['kubectl get events{n} --field-selector involvedObject.name={pod},reason=Preempted', META],
  },
  {
    id: 'terminating-taint-eviction',
    when: (p) => disruption(p, 'DeletionByTaintManager'),
    en: {
      cause: ['Node {node} got a NoExecute taint that the pod does not tolerate (or no longer): it is being evicted.'],
      todo: ['Its controller makes another one elsewhere. To let pods stay, give them a toleration with tolerationSeconds.'],
    },
    ko: {
      cause: ['{node} 노드에 NoExecute 테인트가 붙었고 파드에 맞는 톨러레이션이 없어(또는 시간이 지나) 쫓겨나는 중입니다.'],
      todo: ['컨트롤러가 다른 곳에 새로 만듭니다. 남아 있게 하려면 톨러레이션에 tolerationSeconds를 주세요.'],
    },
    proof: [
      'kubectl get node {node}{f} -o jsonpath=\'{.spec.taints}{"\\n"}\'',
      'kubectl get events{n} --field-selector involvedObject.name={pod},reason=TaintManagerEviction',
    ],
  },
  {
    id: 'terminating-pre-stop',
    when: (p) => {
      const hook = p.pod.spec.containers.find((one) => one.lifecycle?.preStop !== undefined);
      const failed = p.seen('FailedPreStopHook');
      const end = endOfGrace(p);
      if (hook === undefined || hasStopped(p) || end === undefined) return undefined;
      return {
        values: {
          container: hook.name,
          grace: p.pod.metadata.deletionGracePeriodSeconds,
          until: formatTime(end),
          left: humanDuration(Math.max(0, end - p.world.now)),
        },
        evidence: [deletion(p), specLine(`containers[${hook.name}].lifecycle.preStop`, hook.lifecycle?.preStop), p.seen('Killing'), failed],
      };
    },
    en: {
      cause: [
        'The pod was deleted. Container {container} has a preStop hook, which runs before SIGTERM is sent and whose time is taken out of the grace period of {grace}s; at its end, {until} ({left} from now), SIGKILL follows.',
      ],
      todo: ['Wait. If hook and shutdown together need longer, raise terminationGracePeriodSeconds.'],
    },
    ko: {
      cause: [
        '파드가 삭제되는 중입니다. {container} 컨테이너에 preStop 훅이 있어 SIGTERM보다 먼저 실행되며, 그 시간도 유예 시간 {grace}초에 포함됩니다. 유예 시간이 끝나는 {until}({left} 뒤)에 SIGKILL을 받습니다.',
      ],
      todo: ['기다리세요. 훅과 종료에 시간이 더 필요하면 terminationGracePeriodSeconds를 늘리세요.'],
    },
    proof: [META, 'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.containers[*]}{.name} {.lifecycle.preStop}{"\\n"}{end}\''],
  },
  {
    id: 'terminating-grace-period',
    when: (p) => {
      const end = endOfGrace(p);
      if (end === undefined) return undefined;
      return {
        values: {
          grace: p.pod.metadata.deletionGracePeriodSeconds ?? 0,
          until: formatTime(end),
          left: end > p.world.now ? humanDuration(end - p.world.now) : undefined,
        },
        evidence: [deletion(p), p.seen('Killing'), conditionLine(p.condition('DisruptionTarget'))],
      };
    },
    en: {
      cause: [
        'The pod was deleted and its containers have been sent SIGTERM; they have until {until} to end by themselves (grace period {grace}s), then SIGKILL follows.',
        'That is in {left}.',
      ],
      todo: ['Wait. If it always takes the whole time, the program does not handle SIGTERM: a shell or sleep as process 1 ignores it.'],
    },
    ko: {
      cause: [
        '파드가 삭제되는 중이며 컨테이너에 SIGTERM을 보냈습니다. {until}까지(유예 시간 {grace}초) 스스로 끝나지 않으면 SIGKILL을 받습니다.',
        '남은 시간: {left}.',
      ],
      todo: ['기다리세요. 늘 유예 시간을 다 쓴다면 프로그램이 SIGTERM을 처리하지 않는 것입니다. 1번 프로세스가 셸이나 sleep이면 SIGTERM을 무시합니다.'],
    },
    fix: ['kubectl delete pod {pod}{n} --now   # one second of grace'],
    proof: [META, 'kubectl get events{n} --field-selector involvedObject.name={pod},reason=Killing'],
  },
];

/** Why a pod has failed without its own doing. The first one counts. */
export const failedPodRules: readonly Rule<PodCase>[] = [
  {
    id: 'evicted-volume-limit',
    when: (p) => reasonIs(p, /^Evicted$/, /Usage of EmptyDir volume|ephemeral local storage|ephemeral-storage limit|local ephemeral storage/),
    en: {
      cause: ['The kubelet evicted the pod because it wrote more than it may: "{message}".'],
      todo: ['Raise sizeLimit or limits.ephemeral-storage, or write less: rotate logs, use a PersistentVolumeClaim.'],
    },
    ko: {
      cause: ['파드가 허용된 것보다 많이 기록해서 kubelet이 축출했습니다: "{message}".'],
      todo: ['sizeLimit이나 limits.ephemeral-storage를 늘리거나 덜 쓰게 하세요. 로그를 정리하거나 PersistentVolumeClaim을 쓰세요.'],
    },
    fix: ['{edit}'],
    proof: [STATUS, 'kubectl describe pod {pod}{n}'],
  },
  {
    id: 'evicted-node-pressure',
    when: (p) => {
      const facts = reasonIs(p, /^Evicted$/);
      const resource = /low on resource: ([\w-]+)/.exec(p.pod.status?.message ?? '')?.[1] ?? /\[(\w+Pressure)\]/.exec(p.pod.status?.message ?? '')?.[1];
      return facts && { ...facts, values: { ...facts.values, resource } };
    },
    en: {
      cause: ['The kubelet evicted the pod: node {node} ran short of {resource}. The pods that use more than they request go first.', 'It said: "{message}".'],
      todo: [
        'Request what the pod needs, so that it goes last; free or add {resource} on the node. The pod object stays until somebody deletes it; a controller makes a new one elsewhere.',
      ],
    },
    ko: {
      cause: [
        '{node} 노드에 {resource} 자원이 부족해 kubelet이 파드를 축출(evict)했습니다. 요청량(requests)보다 많이 쓰는 파드부터 쫓겨납니다.',
        '메시지: "{message}".',
      ],
      todo: [
        '필요한 만큼 requests를 지정해 우선순위를 지키고, 노드의 {resource}를 비우거나 늘리세요. 파드 오브젝트는 지울 때까지 남고, 컨트롤러가 있으면 다른 곳에 새로 만듭니다.',
      ],
    },
    fix: ['kubectl delete pod {pod}{n}'],
    proof: [STATUS, 'kubectl describe node {node}{f}'],
  },
  {
    id: 'deadline-exceeded',
    when: (p) => {
      const facts = reasonIs(p, /^DeadlineExceeded$/);
      return (
        facts && {
          values: { ...facts.values, deadline: p.pod.spec.activeDeadlineSeconds },
          evidence: [specLine('activeDeadlineSeconds', p.pod.spec.activeDeadlineSeconds), ...facts.evidence],
        }
      );
    },
    en: {
      cause: ['The pod was active longer than it may be (activeDeadlineSeconds {deadline}): the kubelet stopped its containers.'],
      todo: ['Give it more time, or find out why it takes so long.'],
    },
    ko: {
      cause: ['파드가 허용된 시간(activeDeadlineSeconds {deadline})보다 오래 실행되어 kubelet이 컨테이너를 멈췄습니다.'],
      todo: ['시간을 더 주거나 왜 오래 걸리는지 확인하세요.'],
    },
    fix: ['{edit}'],
    proof: [STATUS, 'kubectl get pod {pod}{n} -o jsonpath=\'{.spec.activeDeadlineSeconds} {.status.startTime}{"\\n"}\''],
  },
  {
    id: 'preempted',
    when: (p) => reasonIs(p, /^(Preempting|Preempted)$/),
    en: {
      cause: ['The kubelet ended the pod to make room for a critical pod (one of the system) on node {node}.'],
      todo: ['Nothing is wrong with it. Its controller makes another; a bare pod must be made anew.'],
    },
    ko: {
      cause: ['{node} 노드에 중요한 시스템 파드의 자리를 만들기 위해 kubelet이 이 파드를 종료했습니다.'],
      todo: ['이 파드의 문제는 아닙니다. 컨트롤러가 새로 만들며, 컨트롤러가 없는 파드는 직접 다시 만들어야 합니다.'],
    },
    proof: [STATUS],
  },
  {
    id: 'node-shut-down',
    when: (p) => reasonIs(p, /^(Terminated|NodeShutdown|Shutdown)$/),
    en: {
      cause: ['Node {node} was shut down, and took the pod with it in an orderly way.'],
      todo: ['Its controller makes another elsewhere. Delete this object when you have read it.'],
    },
    ko: {
      cause: ['{node} 노드가 종료되면서 파드도 함께 정리되었습니다.'],
      todo: ['컨트롤러가 다른 곳에 새로 만듭니다. 확인했다면 이 오브젝트는 지워도 됩니다.'],
    },
    fix: ['kubectl delete pod {pod}{n}'],
    proof: [STATUS],
  },
  {
    id: 'rejected-for-resources',
    when: (p) => reasonIs(p, /^OutOf/),
    en: {
      cause: [
        'The kubelet of {node} did not take the pod: there is not enough left there. {message}',
        'The scheduler would have seen that: the pod was given its node by hand (nodeName), or another one came first.',
      ],
      todo: ['Take nodeName away and let the scheduler choose, or request less. A rejected pod is never tried again: delete it and make it anew.'],
    },
    ko: {
      cause: [
        '{node} 노드의 kubelet이 자원이 부족해 파드를 받지 않았습니다. {message}',
        '스케줄러를 거쳤다면 걸러졌을 일입니다. nodeName으로 노드를 직접 지정했거나 다른 파드가 먼저 들어온 것입니다.',
      ],
      todo: ['nodeName을 빼고 스케줄러가 고르게 하거나 요청량을 줄이세요. 거부된 파드는 다시 시도되지 않으므로 지우고 새로 만들어야 합니다.'],
    },
    fix: ['{edit}'],
    proof: [STATUS, 'kubectl describe node {node}{f}'],
  },
  {
    id: 'rejected-for-node',
    when: (p) => reasonIs(p, /^(NodeAffinity|NodeName|NodePorts|TaintToleration|PodOSSelectorNodeLabelDoesNotMatch|PodOSNotSupported)$/),
    en: {
      cause: ['The kubelet of {node} did not take the pod, because the node does not suit it: "{message}".'],
      todo: [
        'The node was given by hand (nodeName) or changed its labels in between. Let the scheduler choose: it asks this beforehand. Delete the pod and make it anew.',
      ],
    },
    ko: {
      cause: ['{node} 노드가 파드의 조건에 맞지 않아 kubelet이 받지 않았습니다: "{message}".'],
      todo: ['nodeName으로 노드를 직접 지정했거나 그 사이 노드의 레이블이 바뀐 것입니다. 스케줄러가 고르게 하고, 파드는 지우고 새로 만드세요.'],
    },
    fix: ['{edit}'],
    proof: [STATUS, 'kubectl get node {node}{f} --show-labels'],
  },
  {
    id: 'rejected-by-kubelet',
    when: (p) => reasonIs(p, /^(UnexpectedAdmissionError|SysctlForbidden|AppArmor|Evicted|NodeNotReady|TopologyAffinityError|InvalidNodeInfo)/),
    en: {
      cause: ['The kubelet of {node} did not take the pod ({reason}): "{message}".'],
      todo: ['Correct what it names; then delete the pod and make it anew.'],
    },
    ko: {
      cause: ['{node} 노드의 kubelet이 파드를 받지 않았습니다({reason}): "{message}".'],
      todo: ['메시지에 나온 것을 고친 뒤 파드를 지우고 새로 만드세요.'],
    },
    fix: ['{edit}'],
    proof: [STATUS],
  },
];

/** Why nothing more is heard of a pod that has a node. The first one counts. */
export const nodeRulesOfPod: readonly Rule<PodCase>[] = [
  {
    id: 'pod-node-missing',
    when: (p) =>
      p.node === null ? { evidence: [specLine('nodeName', p.pod.spec.nodeName), objectLine(`node/${p.pod.spec.nodeName}: not found`)] } : undefined,
    en: {
      cause: [
        'The pod was given to the node {node}, and there is no node of that name: no kubelet starts it. With nodeName the scheduler is passed by, which would have checked.',
      ],
      todo: ['Take nodeName away, or write the name of a node that is there.'],
    },
    ko: {
      cause: [
        '파드가 {node} 노드로 지정되었지만 그런 노드가 없어 아무 kubelet도 시작하지 않습니다. nodeName을 쓰면 이를 확인해 줄 스케줄러를 거치지 않습니다.',
      ],
      todo: ['nodeName을 빼거나 실제 노드 이름을 쓰세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get nodes{f}', 'kubectl get pod {pod}{n} -o jsonpath=\'{.spec.nodeName}{"\\n"}\''],
  },
  {
    id: 'pod-node-not-ready',
    when: (p) =>
      p.node && !isReady(p.node) && p.node.status !== undefined
        ? { evidence: [nodeReady(p.node), conditionLine(p.condition('Ready')), p.seen('NodeNotReady')] }
        : undefined,
    en: {
      cause: [
        'Node {node} is not Ready: what the pod shows is the last that was heard of it, and nothing new can start there. (A lost node leaves STATUS as it was; after 5 minutes its pods are evicted.)',
      ],
      todo: ['See what is wrong with the node: podsim why node/{node}.'],
    },
    ko: {
      cause: [
        '{node} 노드가 Ready가 아닙니다. 지금 보이는 파드 상태는 마지막으로 보고된 것이며 그 노드에서는 새로 시작되는 것이 없습니다. (노드와 연락이 끊겨도 STATUS는 그대로이고, 5분 뒤 파드가 축출됩니다.)',
      ],
      todo: ['노드의 문제를 확인하세요: podsim why node/{node}.'],
    },
    proof: ['kubectl get nodes{f}', 'kubectl describe node {node}{f}'],
  },
  {
    id: 'pod-unknown',
    when: (p) => (p.pod.status?.phase === 'Unknown' || p.pod.status?.reason === 'NodeLost' ? { evidence: [statusReason(p)] } : undefined),
    en: { cause: ['The state of the pod cannot be found out: its node does not answer.'], todo: ['Look at node {node}.'] },
    ko: { cause: ['노드가 응답하지 않아 파드의 상태를 알 수 없습니다.'], todo: ['{node} 노드를 확인하세요.'] },
    proof: ['kubectl get nodes{f}', STATUS],
  },
];

/** Why a pod whose containers are all ready is not. */
export const gateRules: readonly Rule<PodCase>[] = [
  {
    id: 'readiness-gate',
    when: (p) => {
      const ready = p.condition('Ready');
      const open = (p.pod.spec.readinessGates ?? []).map((one) => one.conditionType).filter((type) => p.condition(type)?.status !== 'True');
      return open.length > 0 && p.condition('ContainersReady')?.status === 'True'
        ? {
            values: { gates: open.join(', ') },
            evidence: [specLine('readinessGates', p.pod.spec.readinessGates), conditionLine(ready), conditionLine(p.condition('ContainersReady'))],
          }
        : undefined;
    },
    en: {
      cause: ['All containers are ready, but the pod has readiness gates: it is Ready only when somebody sets the condition {gates} to True.'],
      todo: ["See that the controller that sets it (a load balancer's, mostly) is there and knows of the pod."],
    },
    ko: {
      cause: ['컨테이너는 모두 준비되었지만 파드에 readinessGates가 있습니다. {gates} 컨디션이 True가 되어야 파드가 Ready가 됩니다.'],
      todo: ['그 컨디션을 설정하는 컨트롤러(대개 로드 밸런서 컨트롤러)가 있는지, 이 파드를 알고 있는지 확인하세요.'],
    },
    proof: [
      'kubectl get pod {pod}{n} -o jsonpath=\'{range .status.conditions[*]}{.type}={.status} {.reason}{"\\n"}{end}\'',
      'kubectl get pod {pod}{n} -o wide',
    ],
  },
];

/** The Services that choose the pod. */
function servicesOf(p: PodCase): readonly Service[] {
  const labels = p.pod.metadata.labels ?? {};
  return (p.world.list<Service>('services', p.namespace) ?? []).filter(({ spec }) => {
    const wanted = Object.entries(spec.selector ?? {});
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
  });
}

/** Longer ago than so many periods it did not fail again. */
const RECENT_PERIODS = 2;

/** A container that runs and whose liveness probe failed the last time it was asked. */
function failingLiveness(p: PodCase): { readonly container: ContainerCase; readonly event: Event } | undefined {
  for (const container of containerCases(p)) {
    const probe = container.container.livenessProbe;
    const event = container.event('Unhealthy', /^Liveness probe failed/);
    const started = parseTime(container.running?.startedAt ?? '');
    if (probe === undefined || event === undefined || started === undefined || lastSeen(event) < started) continue;
    if (p.world.now - lastSeen(event) <= (probe.periodSeconds ?? 10) * 1000 * RECENT_PERIODS) return { container, event };
  }
  return undefined;
}

export const finePodRules: readonly Rule<PodCase>[] = [
  {
    id: 'liveness-probe-failing',
    when: (p) => {
      const found = failingLiveness(p);
      if (found === undefined || p.condition('Ready')?.status !== 'True') return undefined;
      const { container, event } = found;
      const probe = container.container.livenessProbe;
      return {
        values: { container: container.container.name, threshold: probe?.failureThreshold ?? 3, period: probe?.periodSeconds ?? 10 },
        evidence: [
          specLine(`${container.path}.livenessProbe`, probe),
          eventLine(event, p.world.now),
          stateLine(container.container.name, container.state?.state),
        ],
      };
    },
    en: {
      cause: [
        'The pod is Ready, but the liveness probe of container {container} is failing just now: after {threshold} failures in a row ({period}s apart) the kubelet kills and restarts it.',
      ],
      todo: ['See what the probe got, and whether the probe or the program is wrong.'],
    },
    ko: {
      cause: [
        '파드는 Ready이지만 {container} 컨테이너의 liveness 프로브가 지금 실패하고 있습니다. {period}초 간격으로 {threshold}번 연속 실패하면 kubelet이 컨테이너를 종료하고 다시 시작합니다.',
      ],
      todo: ['프로브가 받은 응답을 보고, 프로브와 프로그램 중 어느 쪽이 잘못되었는지 확인하세요.'],
    },
    proof: ['kubectl get events{n} --field-selector involvedObject.name={pod},reason=Unhealthy', 'kubectl get pod {pod}{n} -w   # follow it'],
  },
  {
    id: 'pod-completed',
    isFine: true,
    when: (p) =>
      p.pod.status?.phase === 'Succeeded' ? { evidence: [...(p.pod.status.containerStatuses ?? []).map((one) => stateLine(one.name, one.state))] } : undefined,
    en: {
      cause: ['All containers ended with 0 and are not started again (restartPolicy {policy}): the pod has done its work.'],
      todo: ['Nothing. The pod stays, so that its log can be read, until it is deleted.'],
    },
    ko: {
      cause: ['모든 컨테이너가 0으로 끝났고 다시 시작하지 않습니다(restartPolicy {policy}). 파드가 할 일을 마쳤습니다.'],
      todo: ['할 일은 없습니다. 로그를 볼 수 있도록 지울 때까지 파드가 남아 있습니다.'],
    },
    proof: ['kubectl get pod {pod}{n}', 'kubectl logs {pod}{n} --all-containers'],
  },
  {
    id: 'pod-restarted',
    isFine: true,
    when: (p) => {
      const { restarts, lastRestart } = summarizePod(p.pod);
      if (p.condition('Ready')?.status !== 'True' || restarts === 0) return undefined;
      const ago = lastRestart === undefined ? undefined : humanDuration(Math.max(0, p.world.now - lastRestart));
      return {
        values: { restarts, ago },
        evidence: [conditionLine(p.condition('Ready')), objectLine(`RESTARTS ${restarts}${ago === undefined ? '' : ` (${ago} ago)`}`)],
      };
    },
    en: {
      cause: ['The pod runs on {node} and is ready now, but its containers have been restarted: {restarts} in all.', 'The last one ended {ago} ago.'],
      todo: ['Once may be chance. If the number grows, what ended the last run is below as far as it is known.'],
    },
    ko: {
      cause: [
        '파드는 지금 {node} 노드에서 실행 중이고 준비된 상태이지만, 컨테이너가 모두 {restarts}번 재시작되었습니다.',
        '마지막으로 종료된 것은 {ago} 전입니다.',
      ],
      todo: ['한 번이라면 우연일 수 있습니다. 횟수가 늘고 있다면, 마지막 실행이 끝난 이유를 알 수 있는 만큼 아래에 적었습니다.'],
    },
    proof: ['kubectl get pod {pod}{n}'],
  },
  {
    id: 'pod-well',
    isFine: true,
    when: (p) => {
      if (p.condition('Ready')?.status !== 'True') return undefined;
      const services = servicesOf(p)
        .map((one) => one.metadata.name)
        .join(', ');
      return {
        values: { services: services === '' ? undefined : services },
        evidence: [conditionLine(p.condition('Ready')), ...(p.pod.status?.containerStatuses ?? []).map((one) => stateLine(one.name, one.state))],
      };
    },
    en: { cause: ['The pod runs on {node}, and all its containers are ready.', 'It gets traffic from the Service {services}.'], todo: ['Nothing.'] },
    ko: { cause: ['파드가 {node} 노드에서 실행 중이고 모든 컨테이너가 준비되었습니다.', '트래픽을 보내는 Service: {services}.'], todo: ['할 일은 없습니다.'] },
    proof: ['kubectl get pod {pod}{n} -o wide'],
  },
  {
    id: 'pod-state-unclear',
    when: (p) => ({
      evidence: [
        statusReason(p),
        conditionLine(p.condition('Ready')),
        conditionLine(p.condition('Initialized')),
        ...(p.pod.status?.containerStatuses ?? []).map((one) => stateLine(one.name, one.state)),
      ],
    }),
    en: { cause: ['What the pod shows fits none of the causes podsim knows.'], todo: ['The evidence is all there is in its status; look at its Events too.'] },
    ko: { cause: ['파드의 상태가 podsim이 아는 원인에 맞지 않습니다.'], todo: ['아래가 status에 있는 전부입니다. 이벤트도 확인하세요.'] },
    proof: ['kubectl describe pod {pod}{n}', 'kubectl get pod {pod}{n} -o yaml'],
  },
];
