/** Why a node is not Ready, or takes no pods. Several may hold. */
import type { Node, NodeCondition } from '../../../resources/nodes/types.js';
import { conditionLine, eventLine, objectLine, specLine } from '../evidence.js';
import type { Facts, Rule } from '../rule.js';
import type { World } from '../world.js';

export interface NodeCase {
  readonly world: World;
  readonly node: Node;
}

const condition = ({ node }: NodeCase, type: string): NodeCondition | undefined => node.status?.conditions?.find((one) => one.type === type);
const event = ({ world, node }: NodeCase, reason: RegExp) =>
  eventLine(
    world.events(node).findLast((one) => reason.test(one.reason ?? '')),
    world.now,
  );
const taints = ({ node }: NodeCase) => specLine('taints', node.spec?.taints);
const CONDITIONS = 'kubectl get node {name}{f} -o jsonpath=\'{range .status.conditions[*]}{.type}={.status} {.reason} {.lastHeartbeatTime}{"\\n"}{end}\'';

function pressure(n: NodeCase, type: string): Facts | undefined {
  const found = condition(n, type);
  return found?.status === 'True'
    ? { evidence: [conditionLine(found), taints(n), event(n, /^(EvictionThresholdMet|NodeHasInsufficientMemory|NodeHasDiskPressure|NodeHasInsufficientPID)$/)] }
    : undefined;
}

export const nodeRules: readonly Rule<NodeCase>[] = [
  {
    id: 'node-unreachable',
    when: (n) => {
      const ready = condition(n, 'Ready');
      return ready?.status === 'Unknown'
        ? {
            values: { since: ready.lastTransitionTime, heard: ready.lastHeartbeatTime },
            evidence: [
              conditionLine(ready),
              objectLine(`Ready: last heartbeat ${ready.lastHeartbeatTime ?? '<none>'}, Unknown since ${ready.lastTransitionTime ?? '<none>'}`),
              taints(n),
              event(n, /^NodeNotReady$/),
            ],
          }
        : undefined;
    },
    en: {
      cause: [
        'The kubelet of the node has stopped reporting: the node is off, the kubelet does not run, or the network between it and the control plane is cut. From here these look the same.',
        'Last heard of: {heard}.',
      ],
      todo: [
        'See whether the machine runs, then the kubelet on it (systemctl status kubelet, journalctl -u kubelet). Its pods are evicted 5 minutes after it was lost, if another node is left.',
      ],
    },
    ko: {
      cause: [
        '노드의 kubelet이 보고를 멈췄습니다. 노드가 꺼졌거나, kubelet이 실행되지 않거나, 컨트롤 플레인과의 네트워크가 끊긴 것입니다. 여기서는 구별할 수 없습니다.',
        '마지막 보고: {heard}.',
      ],
      todo: [
        '머신이 켜져 있는지, 그다음 그 안의 kubelet(systemctl status kubelet, journalctl -u kubelet)을 확인하세요. 다른 노드가 남아 있으면 연락이 끊기고 5분 뒤 파드가 축출됩니다.',
      ],
    },
    proof: ['kubectl get nodes{f}', CONDITIONS, 'kubectl get pods -A{f} -o wide --field-selector spec.nodeName={name}'],
  },
  {
    id: 'node-kubelet-not-ready',
    when: (n) => {
      const ready = condition(n, 'Ready');
      return ready?.status === 'False' ? { values: { said: ready.message }, evidence: [conditionLine(ready), taints(n)] } : undefined;
    },
    en: {
      cause: ['The kubelet reports, and says itself that it is not ready: "{said}".'],
      todo: ['"cni plugin not initialized" and its like mean that the network plugin is not installed or does not run on this node.'],
    },
    ko: {
      cause: ['kubelet이 보고는 하지만 스스로 준비되지 않았다고 합니다: "{said}".'],
      todo: ['"cni plugin not initialized" 같은 메시지라면 네트워크 플러그인이 설치되지 않았거나 이 노드에서 실행되지 않는 것입니다.'],
    },
    proof: [CONDITIONS, 'kubectl get pods -n kube-system{f} -o wide'],
  },
  {
    id: 'node-memory-pressure',
    when: (n) => pressure(n, 'MemoryPressure'),
    en: {
      cause: [
        'The node is short of memory: the kubelet evicts pods, those first that use more than they request, and new ones without memory requests are kept away by a taint.',
      ],
      todo: ['See which pods use most (kubectl top pods -A), and give them requests and limits.'],
    },
    ko: {
      cause: ['노드의 메모리가 부족합니다. kubelet이 요청량보다 많이 쓰는 파드부터 축출하며, 메모리 requests가 없는 새 파드는 테인트가 막습니다.'],
      todo: ['어느 파드가 많이 쓰는지 보고(kubectl top pods -A) requests와 limits를 지정하세요.'],
    },
    proof: [CONDITIONS, 'kubectl describe node {name}{f}'],
  },
  {
    id: 'node-disk-pressure',
    when: (n) => pressure(n, 'DiskPressure'),
    en: {
      cause: ['The node is short of disk space: the kubelet removes unused images and dead containers, then evicts pods; a taint keeps new ones away.'],
      todo: ['Free space on the node: logs, images, emptyDir volumes.'],
    },
    ko: {
      cause: [
        '노드의 디스크가 부족합니다. kubelet이 쓰지 않는 이미지와 종료된 컨테이너를 지우고 그래도 모자라면 파드를 축출하며, 새 파드는 테인트가 막습니다.',
      ],
      todo: ['노드의 공간을 확보하세요: 로그, 이미지, emptyDir 볼륨.'],
    },
    proof: [CONDITIONS, 'kubectl describe node {name}{f}'],
  },
  {
    id: 'node-pid-pressure',
    when: (n) => pressure(n, 'PIDPressure'),
    en: {
      cause: ['The node runs out of process numbers: something there starts processes without end.'],
      todo: ['Find the pod that does; limit it with podPidsLimit of the kubelet.'],
    },
    ko: {
      cause: ['노드에서 쓸 수 있는 프로세스 번호(PID)가 부족합니다. 무언가가 프로세스를 계속 만들고 있습니다.'],
      todo: ['원인이 되는 파드를 찾고, kubelet의 podPidsLimit으로 제한하세요.'],
    },
    proof: [CONDITIONS],
  },
  {
    id: 'node-cordoned',
    when: (n) =>
      n.node.spec?.unschedulable === true ? { evidence: [specLine('unschedulable', true), taints(n), event(n, /^NodeNotSchedulable$/)] } : undefined,
    en: {
      cause: ['The node is cordoned (SchedulingDisabled): what runs there runs on, and no new pod comes.'],
      todo: ['If the maintenance is over, uncordon it.'],
    },
    ko: {
      cause: ['노드가 cordon되어 있습니다(SchedulingDisabled). 실행 중인 파드는 계속 실행되지만 새 파드는 오지 않습니다.'],
      todo: ['점검이 끝났다면 uncordon하세요.'],
    },
    fix: ['kubectl uncordon {name}{f}'],
    proof: ['kubectl get node {name}{f}'],
  },
  {
    id: 'node-tainted',
    isFine: true,
    when: (n) => {
      const own = (n.node.spec?.taints ?? []).filter((taint) => !taint.key?.startsWith('node.kubernetes.io/') && taint.effect !== 'PreferNoSchedule');
      return own.length === 0
        ? undefined
        : { values: { list: own.map((taint) => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`).join(', ') }, evidence: [taints(n)] };
    },
    en: {
      cause: ['Only pods that tolerate {list} come to this node. For a control plane that is as it should be.'],
      todo: ['Nothing, unless pods should run here: then give them a toleration, or take the taint away.'],
    },
    ko: {
      cause: ['이 노드에는 {list} 테인트를 톨러레이션으로 허용한 파드만 옵니다. 컨트롤 플레인이라면 정상입니다.'],
      todo: ['파드를 여기서 실행해야 한다면 톨러레이션을 주거나 테인트를 제거하세요. 아니면 할 일은 없습니다.'],
    },
    proof: ['kubectl get node {name}{f} -o jsonpath=\'{.spec.taints}{"\\n"}\''],
  },
  {
    id: 'node-well',
    isFine: true,
    when: (n) => (condition(n, 'Ready')?.status === 'True' ? { evidence: (n.node.status?.conditions ?? []).map(conditionLine) } : undefined),
    en: { cause: ['The kubelet of the node reports and is ready.'], todo: ['Nothing.'] },
    ko: { cause: ['노드의 kubelet이 정상적으로 보고하고 있으며 준비된 상태입니다.'], todo: ['할 일은 없습니다.'] },
    proof: ['kubectl get node {name}{f} -o wide'],
  },
  {
    id: 'node-never-reported',
    when: (n) => (condition(n, 'Ready') === undefined ? { evidence: [objectLine('status.conditions: no Ready')] } : undefined),
    en: { cause: ['No kubelet has reported for this node yet.'], todo: ['See whether a kubelet with this name runs and reaches the API server.'] },
    ko: { cause: ['이 노드에 대해 보고한 kubelet이 아직 없습니다.'], todo: ['이 이름의 kubelet이 실행 중이고 API 서버에 연결되는지 확인하세요.'] },
    proof: [CONDITIONS, 'kubectl describe node {name}{f}'],
  },
];
