/** Why no node was chosen: the reasons the scheduler gives, each with what the nodes and the pod say about it. */
import { podAmounts, readAmounts } from '../../../api/amounts.js';
import { tolerates } from '../../../api/node-selector.js';
import { addQuantities, compareQuantities, formatQuantity, type Quantity, quantity, subtractQuantities } from '../../../api/quantity.js';
import type { Node } from '../../../resources/nodes/types.js';
import type { PersistentVolumeClaim } from '../../../resources/persistentvolumeclaims/types.js';
import type { Pod } from '../../../resources/pods/types.js';
import { conditionLine, objectLine, specLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { PodCase } from '../pod-case.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';

/** The scheduler's last word: the condition has it whole, the Event perhaps only its first. */
const verdict = (p: PodCase): string => p.condition('PodScheduled')?.message ?? p.event('FailedScheduling')?.message ?? '';
/** Without what it says of preemption. */
const reasons = (p: PodCase): string => verdict(p).replace(/ preemption: .*$/s, '');

/** Facts when the scheduler gave this reason, for `count` of `all` nodes. */
function unfit(
  p: PodCase,
  pattern: RegExp,
  values: (match: RegExpExecArray) => Values | undefined = () => ({}),
  more: (match: RegExpExecArray) => readonly (Evidence | undefined)[] = () => [],
): Facts | undefined {
  const text = reasons(p);
  const match = pattern.exec(text);
  const found = match === null ? undefined : values(match);
  if (match === null || found === undefined) return undefined;
  const all = /^(\d+)\/(\d+) nodes are available/.exec(text)?.[2];
  const count = new RegExp(`(\\d+) (?:${pattern.source})`).exec(text)?.[1] ?? all;
  return {
    values: { all, count, ...found },
    evidence: [conditionLine(p.condition('PodScheduled')), p.condition('PodScheduled') === undefined ? p.seen('FailedScheduling') : undefined, ...more(match)],
  };
}

const nodesOf = (p: PodCase): readonly Node[] => p.world.list<Node>('nodes') ?? [];
const podsOn = (p: PodCase, node: Node): readonly Pod[] =>
  (p.world.list<Pod>('pods') ?? []).filter(
    (pod) => pod.spec.nodeName === node.metadata.name && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed',
  );
const requested = (pod: Pod, resource: string): Quantity => podAmounts(pod.spec, 'requests')[resource] ?? quantity('0');

interface Room {
  readonly node: string;
  readonly allocatable: Quantity;
  readonly used: Quantity;
  readonly free: Quantity;
}

/** What each node can give of a resource, the one with most room first. */
function roomOf(p: PodCase, resource: string): readonly Room[] {
  return nodesOf(p)
    .map((node) => {
      const allocatable = readAmounts(node.status?.allocatable)[resource] ?? quantity('0');
      const used = podsOn(p, node).reduce((sum, pod) => addQuantities(sum, requested(pod, resource)), quantity('0'));
      return { node: node.metadata.name ?? '', allocatable, used, free: subtractQuantities(allocatable, used) };
    })
    .sort((a, b) => compareQuantities(b.free, a.free));
}

const roomLine = (resource: string, { node, allocatable, used, free }: Room): Evidence =>
  objectLine(
    `node/${node}: ${resource} allocatable ${formatQuantity(allocatable)}, requested ${formatQuantity(used)}, free ${formatQuantity(compareQuantities(free, quantity('0')) < 0 ? quantity('0') : free)}`,
  );

/** Facts of a resource of which no node has enough; `isTooBig`: an empty node would not do either. */
function insufficient(p: PodCase, isTooBig: boolean): Facts | undefined {
  return unfit(
    p,
    /Insufficient ([\w./-]+)/,
    ([, resource = '']) => {
      const room = roomOf(p, resource.replace(/[.,]$/, ''));
      const wanted = requested(p.pod, resource.replace(/[.,]$/, ''));
      const biggest = room.reduce<Quantity | undefined>(
        (most, { allocatable }) => (most === undefined || compareQuantities(allocatable, most) > 0 ? allocatable : most),
        undefined,
      );
      if (biggest === undefined) return isTooBig ? undefined : { resource };
      if (compareQuantities(wanted, biggest) > 0 !== isTooBig) return undefined;
      return {
        resource: resource.replace(/[.,]$/, ''),
        wanted: formatQuantity(wanted),
        most: formatQuantity(biggest),
        free: room[0] === undefined ? undefined : formatQuantity(compareQuantities(room[0].free, quantity('0')) < 0 ? quantity('0') : room[0].free),
      };
    },
    ([, resource = '']) =>
      roomOf(p, resource.replace(/[.,]$/, ''))
        .slice(0, 5)
        .map((room) => roomLine(resource.replace(/[.,]$/, ''), room)),
  );
}

const SEE_NODES = "kubectl describe nodes{f} | grep -A9 'Allocated resources'";
const SEE_POD = 'kubectl describe pod {pod}{n}';
const REQUESTS = 'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.containers[*]}{.name} {.resources}{"\\n"}{end}\'';
const TAINTS = "kubectl get nodes{f} -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'";

/** Taints of the system, that say something of the node and that nobody should tolerate lightly. */
const STATE_TAINT = /^node\.kubernetes\.io\/(not-ready|unreachable|memory-pressure|disk-pressure|pid-pressure|network-unavailable)$/;

/** What kubeadm keeps ordinary pods off its control planes with. */
const CONTROL_PLANE = /^node-role\.kubernetes\.io\/(control-plane|master)$/;

function taint(p: PodCase, which: 'state' | 'control-plane' | 'other'): Facts | undefined {
  const own = p.pod.spec.tolerations ?? [];
  return unfit(
    p,
    /node\(s\) had untolerated taints? \{([^:}]*): ?([^}]*)\}/,
    ([, key = '', value = '']) => {
      if ((STATE_TAINT.test(key) ? 'state' : CONTROL_PLANE.test(key) ? 'control-plane' : 'other') !== which) return undefined;
      const found = nodesOf(p)
        .flatMap((node) => (node.spec?.taints ?? []).map((one) => ({ node: node.metadata.name, one })))
        .find(({ one }) => one.key === key && (one.value ?? '') === value && !own.some((toleration) => tolerates(toleration, one)));
      return {
        key,
        value,
        tainted: found?.node,
        effect: found?.one.effect,
        taint: `${key}${value === '' ? '' : `=${value}`}:${found?.one.effect ?? 'NoSchedule'}`,
      };
    },
    ([, key = '']) =>
      nodesOf(p)
        .filter((node) => node.spec?.taints?.some((one) => one.key === key))
        .slice(0, 5)
        .map((node) =>
          objectLine(
            `node/${node.metadata.name}: taints ${(node.spec?.taints ?? []).map((one) => `${one.key}${one.value ? `=${one.value}` : ''}:${one.effect}`).join(', ')}`,
          ),
        ),
  );
}

/** The first label of nodeSelector that no node has, and what nodes have instead. */
function selectorValues(p: PodCase): Values | undefined {
  const selector = Object.entries(p.pod.spec.nodeSelector ?? {});
  if (selector.length === 0) return undefined;
  const nodes = nodesOf(p);
  const missing = selector.find(([key, value]) => !nodes.some((node) => node.metadata.labels?.[key] === value)) ?? selector[0];
  const [key = '', value = ''] = missing ?? [];
  const values = [...new Set(nodes.flatMap((node) => node.metadata.labels?.[key] ?? []))];
  const keys = [...new Set(nodes.flatMap((node) => Object.keys(node.metadata.labels ?? {})))];
  return {
    key,
    value,
    has: values.length === 0 || values.includes(value) ? undefined : values.join(', '),
    none: values.length === 0 ? '' : undefined,
    near: nearest(value, values),
    nearKey: nearest(key, keys),
    some: nodes[0]?.metadata.name,
  };
}

const claimNames = (p: PodCase): readonly string[] =>
  (p.pod.spec.volumes ?? []).flatMap((one) => one.persistentVolumeClaim?.claimName ?? (one.ephemeral === undefined ? [] : [`${p.name}-${one.name}`]));

function claimFacts(p: PodCase, pattern: RegExp): Facts | undefined {
  return unfit(
    p,
    pattern,
    ([, named]) => {
      const pending = claimNames(p)
        .map((name) => p.world.find<PersistentVolumeClaim>('persistentvolumeclaims', p.namespace, name))
        .find((claim) => claim?.status?.phase !== 'Bound');
      const claim = named ?? pending?.metadata.name ?? claimNames(p)[0];
      const others = (p.world.list('persistentvolumeclaims', p.namespace) ?? []).map((one) => one.metadata.name ?? '');
      return { claim, near: claim === undefined ? undefined : nearest(claim, others) };
    },
    ([, named]) =>
      claimNames(p)
        .filter((name) => named === undefined || name === named)
        .map((name) => {
          const claim = p.world.find<PersistentVolumeClaim>('persistentvolumeclaims', p.namespace, name);
          return claim === undefined
            ? undefined
            : objectLine(
                claim === null
                  ? `persistentvolumeclaim/${name}: not found`
                  : `persistentvolumeclaim/${name}: ${claim.status?.phase ?? 'Pending'}, storageClassName ${claim.spec.storageClassName ?? '<none>'}`,
              );
        }),
  );
}

const affinity = (p: PodCase, which: 'podAffinity' | 'podAntiAffinity'): Evidence | undefined =>
  specLine(`affinity.${which}`, p.pod.spec.affinity?.[which]?.requiredDuringSchedulingIgnoredDuringExecution);

/** Several may hold at once: each node is turned down for its own reason. */
export const schedulingRules: readonly Rule<PodCase>[] = [
  {
    id: 'scheduling-gated',
    when: (p) => {
      const gates = (p.pod.spec.schedulingGates ?? []).map(({ name }) => name);
      return gates.length === 0
        ? undefined
        : {
            values: { gates: gates.join(', ') },
            evidence: [specLine('schedulingGates', p.pod.spec.schedulingGates), conditionLine(p.condition('PodScheduled'))],
          };
    },
    en: {
      cause: ['The pod has scheduling gates ({gates}): as long as one is there, the scheduler does not even look at it.'],
      todo: ['Whoever put the gate there should take it away when all is prepared; by hand as below.'],
    },
    ko: {
      cause: ['파드에 스케줄링 게이트({gates})가 걸려 있습니다. 게이트가 하나라도 있으면 스케줄러는 이 파드를 쳐다보지 않습니다.'],
      todo: ['게이트를 건 쪽(컨트롤러 등)이 준비를 마치고 제거해야 합니다. 직접 제거하려면 아래 명령을 쓰세요.'],
    },
    fix: [`kubectl patch pod {pod}{n} --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'`],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.schedulingGates[*].name}{"\\n"}\'', SEE_POD],
  },
  {
    id: 'preemption-under-way',
    when: (p) =>
      p.pod.status?.nominatedNodeName
        ? {
            values: { nominated: p.pod.status.nominatedNodeName },
            evidence: [specLine('status.nominatedNodeName', p.pod.status.nominatedNodeName), conditionLine(p.condition('PodScheduled'))],
          }
        : undefined,
    en: {
      cause: ['There was no room, so pods of lower priority on node {nominated} are being ended for this one (preemption).'],
      todo: ['Wait until they are gone: they have their grace period.'],
    },
    ko: {
      cause: ['자리가 없어서 {nominated} 노드의 우선순위가 낮은 파드들을 종료시키고 있습니다(선점, preemption).'],
      todo: ['그 파드들이 유예 시간 안에 종료될 때까지 기다리세요.'],
    },
    proof: ['kubectl get pod {pod}{n} -o wide', 'kubectl get events{n} --field-selector reason=Preempted'],
  },
  {
    id: 'no-nodes',
    when: (p) => unfit(p, /no nodes available to schedule pods/),
    en: { cause: ['The cluster has no nodes at all.'], todo: ['Add a node (or start it again), and the pod is scheduled.'] },
    ko: { cause: ['클러스터에 노드가 하나도 없습니다.'], todo: ['노드를 추가하거나 다시 시작하면 파드가 스케줄됩니다.'] },
    proof: ['kubectl get nodes{f}', SEE_POD],
  },
  {
    id: 'request-exceeds-every-node',
    when: (p) => insufficient(p, true),
    en: {
      cause: ['The pod requests {wanted} of {resource}, and no node is that big: the most a node can give is {most}. It would not fit on an empty one.'],
      todo: ['Request less, or add bigger nodes. Check the unit: cpu 500m is half a core, memory 1Gi; "1000" of memory are bytes.'],
    },
    ko: {
      cause: [
        '파드가 {resource}를 {wanted} 요청(requests)했는데 그만큼 큰 노드가 없습니다. 한 노드가 줄 수 있는 최대치는 {most}이므로 빈 노드에도 들어가지 않습니다.',
      ],
      todo: ['요청량을 줄이거나 더 큰 노드를 추가하세요. 단위도 확인하세요. cpu 500m은 코어 반 개이고, 메모리는 1Gi처럼 씁니다.'],
    },
    fix: ['{edit}'],
    proof: [REQUESTS, SEE_NODES],
  },
  {
    id: 'nodes-full',
    when: (p) => insufficient(p, false),
    en: {
      cause: [
        '{count} of {all} nodes have too little {resource} left.',
        'The pod requests {wanted}, and the most that a node has free is {free}: what other pods request is taken, whether they use it or not.',
      ],
      todo: ['Request less, delete or shrink other pods, or add a node.'],
    },
    ko: {
      cause: [
        '노드 {all}개 중 {count}개에 남은 {resource}가 부족합니다.',
        '파드는 {wanted}를 요청(requests)하는데 가장 여유 있는 노드에도 {free}만 남아 있습니다. 다른 파드가 요청한 양은 실제로 쓰지 않아도 차지한 것으로 셉니다.',
      ],
      todo: ['요청량을 줄이거나, 다른 파드를 지우거나 줄이거나, 노드를 추가하세요.'],
    },
    fix: ['{edit}'],
    proof: [REQUESTS, SEE_NODES],
  },
  {
    id: 'too-many-pods',
    when: (p) =>
      unfit(
        p,
        /Too many pods/,
        () => ({}),
        () =>
          nodesOf(p)
            .slice(0, 5)
            .map((node) => objectLine(`node/${node.metadata.name}: pods allocatable ${node.status?.allocatable?.['pods']}, there ${podsOn(p, node).length}`)),
      ),
    en: { cause: ['{count} of {all} nodes run as many pods as they may.'], todo: ['Delete pods, add a node, or raise maxPods of the kubelet.'] },
    ko: { cause: ['노드 {all}개 중 {count}개가 이미 최대 파드 수를 채웠습니다.'], todo: ['파드를 지우거나, 노드를 추가하거나, kubelet의 maxPods를 늘리세요.'] },
    proof: ["kubectl get nodes{f} -o custom-columns='NAME:.metadata.name,PODS:.status.allocatable.pods'", SEE_POD],
  },
  {
    id: 'node-unhealthy-taint',
    when: (p) => taint(p, 'state'),
    en: {
      cause: ['{count} of {all} nodes are not well: Kubernetes keeps pods away from them with the taint {key}.', 'One is {tainted}.'],
      todo: ['Do not tolerate that taint; see what is wrong with the node: podsim why node/{tainted}.'],
    },
    ko: {
      cause: ['노드 {all}개 중 {count}개의 상태가 좋지 않아 Kubernetes가 {key} 테인트로 파드를 막고 있습니다.', '예: {tainted} 노드.'],
      todo: ['이 테인트를 톨러레이션으로 넘기지 말고 노드의 문제를 확인하세요: podsim why node/{tainted}.'],
    },
    proof: ['kubectl get nodes{f}', TAINTS],
  },
  {
    id: 'taint-not-tolerated',
    when: (p) => taint(p, 'other'),
    en: {
      cause: ['{count} of {all} nodes have the taint {taint}, and the pod does not tolerate it.'],
      todo: ['If the pod belongs there, give it a toleration for it; if nobody needs the taint any more, take it off the node.'],
    },
    ko: {
      cause: ['노드 {all}개 중 {count}개에 {taint} 테인트가 있는데 파드에 맞는 톨러레이션(toleration)이 없습니다.'],
      todo: ['그 노드에서 실행되어야 하는 파드라면 톨러레이션을 추가하고, 필요 없는 테인트라면 노드에서 제거하세요.'],
    },
    fix: ['{edit}', 'kubectl taint node {tainted} {key}:{effect}-{f}'],
    proof: [TAINTS, 'kubectl get pod {pod}{n} -o jsonpath=\'{.spec.tolerations}{"\\n"}\''],
  },
  {
    id: 'nodes-cordoned',
    when: (p) =>
      unfit(
        p,
        /node\(s\) were unschedulable/,
        () => ({ cordoned: nodesOf(p).find((node) => node.spec?.unschedulable)?.metadata.name }),
        () =>
          nodesOf(p)
            .filter((node) => node.spec?.unschedulable)
            .slice(0, 5)
            .map((node) => objectLine(`node/${node.metadata.name}: spec.unschedulable true (SchedulingDisabled)`)),
      ),
    en: { cause: ['{count} of {all} nodes are cordoned: no new pod goes there.'], todo: ['If the maintenance is over, uncordon the node.'] },
    ko: { cause: ['노드 {all}개 중 {count}개가 cordon되어 새 파드를 받지 않습니다.'], todo: ['점검이 끝났다면 uncordon하세요.'] },
    fix: ['kubectl uncordon {cordoned}{f}'],
    proof: ['kubectl get nodes{f}'],
  },
  {
    id: 'node-selector-unmatched',
    when: (p) =>
      unfit(
        p,
        /node\(s\) didn't match Pod's node affinity\/selector/,
        () => selectorValues(p),
        () => [specLine('nodeSelector', p.pod.spec.nodeSelector)],
      ),
    en: {
      cause: ['No node that was left has what nodeSelector asks for: {key}={value}.', 'Nodes have {key} with: {has}.', 'No node has a label {key}.{none}'],
      todo: ['Label a node so, or correct the nodeSelector.', 'Did you mean {key}={near}?', 'Did you mean the label {nearKey}?'],
    },
    ko: {
      cause: [
        '남은 노드 중에 nodeSelector가 요구하는 {key}={value} 레이블을 가진 노드가 없습니다.',
        '노드들의 {key} 값: {has}.',
        '{key} 레이블을 가진 노드가 하나도 없습니다.{none}',
      ],
      todo: ['노드에 레이블을 붙이거나 nodeSelector를 고치세요.', '혹시 {key}={near}였나요?', '혹시 {nearKey} 레이블이었나요?'],
    },
    fix: ['kubectl label node {some} {key}={value}{f}', '{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.nodeSelector}{"\\n"}\'', 'kubectl get nodes{f} -L {key}'],
  },
  {
    id: 'node-affinity-unmatched',
    when: (p) =>
      unfit(
        p,
        /node\(s\) didn't match Pod's node affinity\/selector/,
        () => (p.pod.spec.affinity?.nodeAffinity === undefined || p.pod.spec.nodeSelector !== undefined ? undefined : {}),
        () => [specLine('affinity.nodeAffinity', p.pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution)],
      ),
    en: {
      cause: ['{count} of {all} nodes do not satisfy the required node affinity of the pod.'],
      todo: ['Compare its expressions with the labels of the nodes; or make it preferred instead of required.'],
    },
    ko: {
      cause: ['노드 {all}개 중 {count}개가 파드의 필수 nodeAffinity 조건을 만족하지 않습니다.'],
      todo: ['조건의 표현식과 노드의 레이블을 비교하거나, required 대신 preferred로 바꾸세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.affinity.nodeAffinity}{"\\n"}\'', 'kubectl get nodes{f} --show-labels'],
  },
  {
    id: 'pod-affinity-unmatched',
    when: (p) =>
      unfit(
        p,
        /node\(s\) didn't match pod affinity rules/,
        () => ({}),
        () => [affinity(p, 'podAffinity')],
      ),
    en: {
      cause: ['The pod wants to be where certain other pods are (podAffinity), and on {count} of {all} nodes there are none of them.'],
      todo: [
        'Start those pods first, or correct the labelSelector or the topologyKey. Only pods of the same namespace count unless namespaces says otherwise.',
      ],
    },
    ko: {
      cause: ['파드가 특정 파드들 곁에 있으려고 하는데(podAffinity) 노드 {all}개 중 {count}개에는 그런 파드가 없습니다.'],
      todo: ['그 파드들을 먼저 띄우거나 labelSelector, topologyKey를 고치세요. namespaces를 지정하지 않으면 같은 네임스페이스의 파드만 셉니다.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.affinity.podAffinity}{"\\n"}\'', 'kubectl get pods{n} -o wide --show-labels'],
  },
  {
    id: 'pod-anti-affinity',
    when: (p) =>
      unfit(
        p,
        /node\(s\) didn't match pod anti-affinity rules/,
        () => ({}),
        () => [affinity(p, 'podAntiAffinity')],
      ),
    en: {
      cause: [
        'The pod may not be where certain other pods are (podAntiAffinity), and on {count} of {all} nodes there is one already. With a replica on each node the next one finds no place.',
      ],
      todo: ['Run fewer replicas than nodes, add a node, or make the rule preferred.'],
    },
    ko: {
      cause: [
        '파드가 특정 파드와 같은 곳에 있을 수 없는데(podAntiAffinity) 노드 {all}개 중 {count}개에 이미 그런 파드가 있습니다. 노드마다 하나씩 차 있으면 다음 레플리카는 갈 곳이 없습니다.',
      ],
      todo: ['레플리카를 노드 수 이하로 줄이거나, 노드를 추가하거나, 규칙을 preferred로 바꾸세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.affinity.podAntiAffinity}{"\\n"}\'', 'kubectl get pods{n} -o wide --show-labels'],
  },
  {
    id: 'anti-affinity-of-others',
    when: (p) => unfit(p, /node\(s\) didn't satisfy existing pods anti-affinity rules/),
    en: {
      cause: ['On {count} of {all} nodes runs a pod that wants none like this one beside it (its own podAntiAffinity).'],
      todo: ['Look for pods with podAntiAffinity whose selector matches the labels of this pod.'],
    },
    ko: {
      cause: ['노드 {all}개 중 {count}개에 이 파드와 함께 있지 않으려는 파드가 있습니다(그 파드의 podAntiAffinity).'],
      todo: ['이 파드의 레이블을 고르는 podAntiAffinity를 가진 파드를 찾아보세요.'],
    },
    proof: [
      "kubectl get pods -A{f} -o custom-columns='NS:.metadata.namespace,NAME:.metadata.name,ANTI:.spec.affinity.podAntiAffinity'",
      'kubectl get pod {pod}{n} --show-labels',
    ],
  },
  {
    id: 'topology-label-missing',
    when: (p) =>
      unfit(
        p,
        /node\(s\) didn't match pod topology spread constraints \(missing required label\)/,
        () => ({ topology: p.pod.spec.topologySpreadConstraints?.map((one) => one.topologyKey).join(',') }),
        () => [specLine('topologySpreadConstraints', p.pod.spec.topologySpreadConstraints)],
      ),
    en: {
      cause: ['{count} of {all} nodes do not have the label that the spread is over ({topology}).'],
      todo: ['Label the nodes, or spread over a label that they have, such as kubernetes.io/hostname.'],
    },
    ko: {
      cause: ['노드 {all}개 중 {count}개에 분산 기준 레이블({topology})이 없습니다.'],
      todo: ['노드에 레이블을 붙이거나 kubernetes.io/hostname처럼 이미 있는 레이블을 쓰세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get nodes{f} -L {topology}'],
  },
  {
    id: 'topology-spread',
    when: (p) =>
      unfit(
        p,
        /node\(s\) didn't match pod topology spread constraints(?! \()/,
        () => ({}),
        () => [specLine('topologySpreadConstraints', p.pod.spec.topologySpreadConstraints)],
      ),
    en: {
      cause: [
        'On {count} of {all} nodes the pod would make the spread more uneven than maxSkew allows. Nodes that cannot take it (tainted, full, cordoned) count all the same unless nodeTaintsPolicy says Honor.',
      ],
      todo: ['Make room in the emptier domain, raise maxSkew, or say whenUnsatisfiable: ScheduleAnyway.'],
    },
    ko: {
      cause: [
        '노드 {all}개 중 {count}개는 파드가 들어가면 maxSkew보다 더 불균형해집니다. 테인트가 있거나 꽉 찬 노드도 nodeTaintsPolicy가 Honor가 아니면 계산에 들어갑니다.',
      ],
      todo: ['파드가 적은 쪽에 자리를 만들거나, maxSkew를 늘리거나, whenUnsatisfiable: ScheduleAnyway로 바꾸세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.topologySpreadConstraints}{"\\n"}\'', 'kubectl get pods{n} -o wide'],
  },
  {
    id: 'host-port-taken',
    when: (p) =>
      unfit(
        p,
        /node\(s\) didn't have free ports for the requested pod ports/,
        () => ({ ports: hostPorts(p.pod).join(', '), taker: portTaker(p) }),
        () => [specLine('hostPort', hostPorts(p.pod).join(', '))],
      ),
    en: {
      cause: ['The pod wants the port {ports} of the node itself (hostPort), and on {count} of {all} nodes it is taken.', 'Pod {taker} has it.'],
      todo: ['Only one pod a node can have a hostPort. Mostly a Service is what is meant: take hostPort away.'],
    },
    ko: {
      cause: ['파드가 노드의 {ports} 포트(hostPort)를 쓰려고 하는데 노드 {all}개 중 {count}개에서 이미 사용 중입니다.', '{taker} 파드가 쓰고 있습니다.'],
      todo: ['hostPort는 노드마다 한 파드만 쓸 수 있습니다. 대개는 Service로 충분하니 hostPort를 빼세요.'],
    },
    fix: ['{edit}'],
    proof: [
      "kubectl get pods -A{f} -o custom-columns='NS:.metadata.namespace,NAME:.metadata.name,NODE:.spec.nodeName,HOSTPORT:.spec.containers[*].ports[*].hostPort'",
      SEE_POD,
    ],
  },
  {
    id: 'claim-not-found',
    when: (p) => claimFacts(p, /persistentvolumeclaim "([^"]+)" not found/),
    en: {
      cause: ['The pod mounts the PersistentVolumeClaim {claim}, and namespace {ns} has none of that name.'],
      todo: ['Create the claim.', 'Or did you mean {near}?'],
    },
    ko: {
      cause: ['파드가 {claim} PersistentVolumeClaim을 마운트하는데 {ns} 네임스페이스에 그런 PVC가 없습니다.'],
      todo: ['PVC를 만드세요.', '혹시 {near} PVC를 쓰려고 하셨나요?'],
    },
    proof: ['kubectl get pvc{n}', SEE_POD],
  },
  {
    id: 'claim-being-deleted',
    when: (p) => claimFacts(p, /persistentvolumeclaim "([^"]+)" is being deleted/),
    en: {
      cause: ['The PersistentVolumeClaim {claim} is being deleted: no new pod may use it.'],
      todo: ['Wait until the pods that still use it are gone, then make the claim anew.'],
    },
    ko: {
      cause: ['{claim} PersistentVolumeClaim이 삭제되는 중이라 새 파드는 쓸 수 없습니다.'],
      todo: ['아직 쓰고 있는 파드가 사라진 뒤 PVC를 다시 만드세요.'],
    },
    proof: ['kubectl describe pvc {claim}{n}'],
  },
  {
    id: 'claim-unbound',
    when: (p) => claimFacts(p, /pod has unbound immediate PersistentVolumeClaims/),
    en: {
      cause: ['The PersistentVolumeClaim {claim} is not bound to a volume, and the pod waits for that.'],
      todo: ['See what the claim lacks: podsim why pvc/{claim}{n}.'],
    },
    ko: {
      cause: ['{claim} PersistentVolumeClaim이 볼륨에 바인딩되지 않아 파드가 기다리고 있습니다.'],
      todo: ['PVC에 무엇이 부족한지 확인하세요: podsim why pvc/{claim}{n}.'],
    },
    proof: ['kubectl get pvc{n}', 'kubectl describe pvc {claim}{n}'],
  },
  {
    id: 'volume-lost',
    when: (p) => claimFacts(p, /persistentvolumeclaim "([^"]+)" bound to non-existent persistentvolume|pvc\(s\) bound to non-existent pv/),
    en: {
      cause: ['The claim {claim} is bound to a PersistentVolume that is gone.'],
      todo: ['The data went with it, or lie where the volume was. Delete the claim and make it anew.'],
    },
    ko: {
      cause: ['{claim} PVC가 바인딩된 PersistentVolume이 사라졌습니다.'],
      todo: ['데이터도 함께 사라졌거나 볼륨이 있던 곳에 남아 있습니다. PVC를 지우고 다시 만드세요.'],
    },
    proof: ['kubectl get pvc,pv{n}'],
  },
  {
    id: 'volume-on-another-node',
    when: (p) =>
      unfit(p, /node\(s\) (didn't match PersistentVolume's node affinity|had volume node affinity conflict|had no available volume zone)/, () => ({
        claim: claimNames(p)[0],
      })),
    en: {
      cause: ['The volume of the pod (claim {claim}) can be reached from certain nodes only, and {count} of {all} nodes are none of them.'],
      todo: ['Let the pod run where its volume is: look at nodeAffinity of the PersistentVolume, and at what keeps the pod off that node.'],
    },
    ko: {
      cause: ['파드의 볼륨({claim} PVC)은 특정 노드에서만 쓸 수 있는데 노드 {all}개 중 {count}개는 그 노드가 아닙니다.'],
      todo: ['PersistentVolume의 nodeAffinity를 보고, 파드가 그 노드로 가지 못하는 이유를 확인하세요.'],
    },
    proof: [
      "kubectl get pv{f} -o custom-columns='NAME:.metadata.name,CLAIM:.spec.claimRef.name,NODES:.spec.nodeAffinity.required.nodeSelectorTerms[*].matchExpressions[*].values'",
      SEE_POD,
    ],
  },
  {
    id: 'no-volume-for-claim',
    when: (p) => claimFacts(p, /node\(s\) didn't find available persistent volumes to bind|node\(s\) did not have enough free storage/),
    en: {
      cause: ['The claim {claim} waits for its pod (WaitForFirstConsumer), and no node has a free PersistentVolume that suits it.'],
      todo: ['Make a PersistentVolume of the same class, big enough and with the access mode; see podsim why pvc/{claim}{n}.'],
    },
    ko: {
      cause: ['{claim} PVC는 파드를 기다리는 방식(WaitForFirstConsumer)인데, 어느 노드에도 맞는 빈 PersistentVolume이 없습니다.'],
      todo: ['같은 클래스에 크기와 접근 모드가 맞는 PersistentVolume을 만드세요: podsim why pvc/{claim}{n}.'],
    },
    proof: ['kubectl get pvc,pv{n}'],
  },
  {
    id: 'claim-used-elsewhere',
    when: (p) => unfit(p, /node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode/, () => ({ claim: claimNames(p)[0] })),
    en: {
      cause: ['Another pod uses the claim {claim}, whose access mode ReadWriteOncePod lets only one pod have it.'],
      todo: ['End the other pod, or use another claim or ReadWriteOnce.'],
    },
    ko: {
      cause: ['다른 파드가 {claim} PVC를 쓰고 있습니다. ReadWriteOncePod 접근 모드는 한 파드만 허용합니다.'],
      todo: ['다른 파드를 끝내거나, 다른 PVC나 ReadWriteOnce를 쓰세요.'],
    },
    proof: ['kubectl describe pvc {claim}{n}'],
  },
  {
    id: 'control-plane-kept-free',
    when: (p) => taint(p, 'control-plane'),
    en: {
      cause: ['{count} of {all} nodes are control planes, which take no ordinary pods (taint {taint}). That is as it should be.'],
      todo: ['Let the pod fit another node, for the reasons given besides. Only where there is no other node, take the taint away.'],
    },
    ko: {
      cause: ['노드 {all}개 중 {count}개는 컨트롤 플레인이라 일반 파드를 받지 않습니다({taint} 테인트). 이것은 정상입니다.'],
      todo: ['함께 나온 다른 이유를 해결해 다른 노드에 들어가게 하세요. 다른 노드가 없는 클러스터에서만 테인트를 제거하세요.'],
    },
    fix: ['kubectl taint node {tainted} {key}:{effect}-{f}   # only without other nodes'],
    proof: [TAINTS, SEE_POD],
  },
];

const hostPorts = (pod: Pod): readonly number[] => pod.spec.containers.flatMap((one) => (one.ports ?? []).flatMap((port) => port.hostPort ?? []));

function portTaker(p: PodCase): string | undefined {
  const wanted = hostPorts(p.pod);
  const taker = (p.world.list<Pod>('pods') ?? []).find(
    (pod) => pod !== p.pod && pod.spec.nodeName !== undefined && hostPorts(pod).some((port) => wanted.includes(port)),
  );
  return taker?.metadata.name;
}

/** When the scheduler said nothing that another rule knows. The first one counts. */
export const unscheduledRules: readonly Rule<PodCase>[] = [
  {
    id: 'unschedulable',
    when: (p) =>
      verdict(p) === '' ? undefined : { values: { verdict: verdict(p) }, evidence: [conditionLine(p.condition('PodScheduled')), p.seen('FailedScheduling')] },
    en: { cause: ['The scheduler finds no node: "{verdict}".'], todo: ['Each node gives its own reason; make one of them fit.'] },
    ko: { cause: ['스케줄러가 맞는 노드를 찾지 못했습니다: "{verdict}".'], todo: ['노드마다 이유가 다릅니다. 그중 하나라도 맞게 만드세요.'] },
    proof: [SEE_POD],
  },
  {
    id: 'scheduler-unknown',
    when: (p) =>
      (p.pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler'
        ? undefined
        : { values: { scheduler: p.pod.spec.schedulerName }, evidence: [specLine('schedulerName', p.pod.spec.schedulerName)] },
    en: {
      cause: ['The pod asks for the scheduler {scheduler}, and none of that name has taken it up: the default scheduler leaves such a pod alone.'],
      todo: ['Start that scheduler, or take schedulerName away.'],
    },
    ko: {
      cause: ['파드가 {scheduler} 스케줄러를 지정했지만 그런 스케줄러가 처리하지 않고 있습니다. 기본 스케줄러는 이런 파드를 건드리지 않습니다.'],
      todo: ['그 스케줄러를 실행하거나 schedulerName을 빼세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.schedulerName}{"\\n"}\'', 'kubectl get events{n} --field-selector involvedObject.name={pod}'],
  },
  {
    id: 'not-scheduled-yet',
    when: () => ({ evidence: [objectLine('spec.nodeName is empty; no FailedScheduling Event, no PodScheduled condition')] }),
    en: {
      cause: ['The scheduler has not looked at the pod yet.'],
      todo: ['That takes less than a second. If it stays so, see whether kube-scheduler runs (kube-system).'],
    },
    ko: {
      cause: ['스케줄러가 아직 이 파드를 처리하지 않았습니다.'],
      todo: ['보통 1초도 걸리지 않습니다. 계속 이렇다면 kube-system의 kube-scheduler가 실행 중인지 확인하세요.'],
    },
    proof: [SEE_POD, 'kubectl get pods -n kube-system{f} -l component=kube-scheduler'],
  },
];
