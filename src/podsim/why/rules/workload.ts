/** Why a Deployment, ReplicaSet, StatefulSet or DaemonSet has not the pods it is to have, or not ready. What the pods say comes after. */

import { isWell } from '../diagnose-pod.js';
import { conditionLine, objectLine, specLine } from '../evidence.js';
import type { Facts, Rule, Values } from '../rule.js';
import type { WorkloadCase } from '../workload-case.js';

const numbers = (w: WorkloadCase) => {
  const status = Object.entries(w.object.status ?? {}).filter(
    ([name, value]) => typeof value === 'number' && name !== 'observedGeneration' && name !== 'collisionCount',
  );
  return objectLine(`${w.target}: desired ${w.desired}${status.length === 0 ? '' : `, ${status.map(([name, value]) => `${name} ${value}`).join(', ')}`}`);
};
const shown = (w: WorkloadCase): number | undefined => w.object.spec?.replicas;

/** The API server refuses the pods: what it says, newest first. Not when they are all there now. */
function refused(w: WorkloadCase, pattern: RegExp, values: (match: RegExpExecArray) => Values = () => ({})): Facts | undefined {
  const failure = w.condition('ReplicaFailure');
  const event = w.event('FailedCreate', pattern);
  const text =
    failure?.status === 'True' && pattern.test(failure.message ?? '') ? (failure.message ?? '') : w.pods.length < w.desired ? (event?.message ?? '') : '';
  const match = text === '' ? null : pattern.exec(text);
  if (match === null) return undefined;
  return {
    values: { said: text.replace(/^Error creating: /, '').trim(), ...values(match) },
    evidence: [numbers(w), conditionLine(failure), w.seen('FailedCreate', pattern)],
  };
}

const WEBHOOKS = 'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations{f}';
const EVENTS = 'kubectl get events{n} --field-selector reason=FailedCreate';

/** Pods that the API server does not let in. For Jobs too. */
export const refusedRules: readonly Rule<WorkloadCase>[] = [
  {
    id: 'quota-exceeded',
    when: (w) =>
      refused(w, /exceeded quota: ([^,\s]+), requested: (.+?), used: (.+?), limited: ([^\s]+)/, (m) => ({ quota: m[1], asked: m[2], used: m[3], limit: m[4] })),
    en: {
      cause: [
        'No pod is made, because the ResourceQuota {quota} of namespace {ns} would be exceeded: one more pod asks for {asked}, {used} are used already, {limit} is the limit.',
      ],
      todo: ['Raise the quota, request less, or delete what is not needed. The pods are tried again by themselves.'],
    },
    ko: {
      cause: [
        '{ns} 네임스페이스의 ResourceQuota {quota}를 넘게 되어 파드가 만들어지지 않습니다. 파드 하나가 더 요구하는 양은 {asked}, 이미 사용한 양은 {used}, 한도는 {limit}입니다.',
      ],
      todo: ['쿼터를 늘리거나, 요청량을 줄이거나, 필요 없는 것을 지우세요. 파드 생성은 알아서 다시 시도됩니다.'],
    },
    proof: ['kubectl describe resourcequota {quota}{n}', EVENTS],
  },
  {
    id: 'quota-needs-requests',
    when: (w) => refused(w, /failed quota: ([^:\s]+): must specify ([^\n]+)/, (m) => ({ quota: m[1], missing: m[2] })),
    en: {
      cause: ['The ResourceQuota {quota} counts requests or limits, so each pod must say its own; the template lacks {missing}.'],
      todo: ['Set them in the template, or give the namespace a LimitRange with defaults.'],
    },
    ko: {
      cause: ['ResourceQuota {quota}가 requests나 limits를 제한하므로 모든 파드가 값을 지정해야 하는데, 템플릿에 다음이 없습니다: {missing}.'],
      todo: ['템플릿에 지정하거나, 네임스페이스에 기본값이 있는 LimitRange를 만드세요.'],
    },
    fix: ['kubectl set resources {target}{n} --requests=cpu=100m,memory=128Mi --limits=cpu=200m,memory=256Mi'],
    proof: ['kubectl describe resourcequota {quota}{n}', EVENTS],
  },
  {
    id: 'limit-range-refuses',
    when: (w) => refused(w, /(maximum|minimum) (\S+) usage per (\w+) is (\S+?),|(\S+) max limit to request ratio/),
    en: {
      cause: ['A LimitRange of namespace {ns} does not allow pods of this size: "{said}".'],
      todo: ['Bring requests and limits of the template within it, or change the LimitRange.'],
    },
    ko: {
      cause: ['{ns} 네임스페이스의 LimitRange가 이 크기의 파드를 허용하지 않습니다: "{said}".'],
      todo: ['템플릿의 requests와 limits를 범위 안으로 맞추거나 LimitRange를 바꾸세요.'],
    },
    fix: ['kubectl edit {target}{n}'],
    proof: ['kubectl describe limitrange{n}', EVENTS],
  },
  {
    id: 'pod-security-refuses',
    when: (w) => refused(w, /violates PodSecurity "([^"]+)": (.+)/, (m) => ({ level: m[1], problems: m[2] })),
    en: {
      cause: ['Namespace {ns} enforces the Pod Security level {level}, and the pods break it: "{problems}".'],
      todo: ['Set the fields that it names in the securityContext of the template, or lower the level of the namespace.'],
    },
    ko: {
      cause: ['{ns} 네임스페이스가 Pod Security {level} 수준을 강제하는데 파드가 이를 어깁니다: "{problems}".'],
      todo: ['템플릿의 securityContext에 메시지가 요구하는 필드를 지정하거나 네임스페이스의 수준을 낮추세요.'],
    },
    fix: ['kubectl edit {target}{n}'],
    proof: ['kubectl get namespace {ns}{f} --show-labels', EVENTS],
  },
  {
    id: 'service-account-missing',
    when: (w) => refused(w, /serviceaccount "([^"]+)" not found/, (m) => ({ account: m[1] })),
    en: {
      cause: ['The template names the ServiceAccount {account}, which is not in namespace {ns}; without it no pod is let in.'],
      todo: ['Create it, or correct serviceAccountName.'],
    },
    ko: {
      cause: ['템플릿이 {account} ServiceAccount를 지정했지만 {ns} 네임스페이스에 없어서 파드가 만들어지지 않습니다.'],
      todo: ['ServiceAccount를 만들거나 serviceAccountName을 고치세요.'],
    },
    fix: ['kubectl create serviceaccount {account}{n}'],
    proof: ['kubectl get serviceaccounts{n}', EVENTS],
  },
  {
    id: 'webhook-fails',
    when: (w) =>
      refused(w, /failed calling webhook "([^"]+)": (?:failed to call webhook: )?(.+)/s, ([, webhook, why = '']) => {
        const [, service, home] = /https:\/\/([^./]+)\.([^./]+)\.svc[:/]/.exec(why) ?? [];
        return { webhook, why: why.trim(), service, home };
      }),
    en: {
      cause: [
        'Before a pod is stored the API server has to ask the admission webhook {webhook}, and gets no answer; by its failurePolicy (Fail) no pod is let in meanwhile: "{why}".',
      ],
      todo: [
        'Bring back who answers: Service {service} of namespace {home}, and ready pods behind it.',
        'If nobody needs the webhook any more, delete its configuration; if it may be left out, set its failurePolicy to Ignore. The pods are tried again by themselves.',
      ],
    },
    ko: {
      cause: [
        '파드를 저장하기 전에 API 서버가 어드미션 웹훅 {webhook}에 물어봐야 하는데 응답이 없습니다. failurePolicy가 Fail이라 그동안 파드가 만들어지지 않습니다: "{why}".',
      ],
      todo: [
        '응답할 쪽({home} 네임스페이스의 서비스 {service}와 그 뒤의 준비된 파드)을 되살리세요.',
        '더 이상 쓰지 않는 웹훅이면 설정을 지우고, 없어도 되는 웹훅이면 failurePolicy를 Ignore로 바꾸세요. 파드 생성은 알아서 다시 시도됩니다.',
      ],
    },
    proof: [WEBHOOKS, 'kubectl get services,endpoints -n {home}{f}', EVENTS],
  },
  {
    id: 'webhook-denies',
    when: (w) => refused(w, /admission webhook "([^"]+)" denied the request(?:: (.+)| without explanation)/s, (m) => ({ webhook: m[1], why: m[2]?.trim() })),
    en: {
      cause: ['The admission webhook {webhook} does not let the pods in.', 'It says: "{why}".'],
      todo: ['Change the template so that it passes, or leave the namespace out of the webhook by its namespaceSelector.'],
    },
    ko: {
      cause: ['어드미션 웹훅 {webhook}이(가) 파드 생성을 거부했습니다.', '거부 메시지: "{why}".'],
      todo: ['템플릿을 웹훅의 규칙에 맞게 고치거나, 웹훅의 namespaceSelector로 이 네임스페이스를 제외하세요.'],
    },
    fix: ['kubectl edit {target}{n}'],
    proof: [WEBHOOKS, EVENTS],
  },
  {
    id: 'admission-policy-denies',
    when: (w) =>
      refused(w, /ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied request: (.+)/s, (m) => ({
        policy: m[1],
        binding: m[2],
        why: m[3]?.trim(),
      })),
    en: {
      cause: ['The ValidatingAdmissionPolicy {policy} does not let the pods in, as its binding {binding} demands: "{why}".'],
      todo: ["Change the template so that the policy's expressions hold, or leave the namespace out in the binding (matchResources)."],
    },
    ko: {
      cause: ['ValidatingAdmissionPolicy {policy}(바인딩 {binding})이(가) 파드 생성을 거부했습니다: "{why}".'],
      todo: ['정책의 표현식을 만족하도록 템플릿을 고치거나, 바인딩의 matchResources로 이 네임스페이스를 제외하세요.'],
    },
    fix: ['kubectl edit {target}{n}'],
    proof: [
      'kubectl get validatingadmissionpolicy {policy}{f} -o jsonpath=\'{.spec.validations}{"\\n"}\'',
      'kubectl get validatingadmissionpolicybinding {binding}{f} -o yaml',
      EVENTS,
    ],
  },
  {
    id: 'pods-refused',
    when: (w) => refused(w, /\S/),
    en: { cause: ['The API server does not let the pods in: "{said}".'], todo: ['Correct what it names; the pods are tried again by themselves.'] },
    ko: { cause: ['API 서버가 파드 생성을 거부했습니다: "{said}".'], todo: ['메시지에 나온 것을 고치세요. 파드 생성은 알아서 다시 시도됩니다.'] },
    fix: ['kubectl edit {target}{n}'],
    proof: [EVENTS, 'kubectl describe {target}{n}'],
  },
];

/** The first one counts. */
export const workloadRules: readonly Rule<WorkloadCase>[] = [
  {
    id: 'replicas-zero',
    isFine: true,
    when: (w) => (w.object.spec?.replicas === 0 ? { evidence: [specLine('replicas', 0), numbers(w)] } : undefined),
    en: { cause: ['{target} is scaled to 0: it is to have no pods, and has none.'], todo: ['If there should be some, scale it.'] },
    ko: { cause: ['{target}의 replicas가 0이라서 파드가 없는 것이 정상입니다.'], todo: ['파드가 필요하면 스케일하세요.'] },
    fix: ['kubectl scale {target}{n} --replicas=1'],
    proof: ['kubectl get {target}{n}'],
  },
  ...refusedRules,
  {
    id: 'rollout-paused',
    when: (w) => (w.object.spec?.paused === true ? { evidence: [specLine('paused', true), conditionLine(w.condition('Progressing')), numbers(w)] } : undefined),
    en: { cause: ['The rollout is paused: changes of the template are kept, and no pod is changed for them.'], todo: ['Resume it when all changes are made.'] },
    ko: { cause: ['롤아웃이 일시 중지(paused)되어 있습니다. 템플릿을 바꿔도 파드에 적용되지 않습니다.'], todo: ['변경을 마쳤으면 재개하세요.'] },
    fix: ['kubectl rollout resume {target}{n}'],
    proof: ['kubectl get {target}{n} -o jsonpath=\'{.spec.paused}{"\\n"}\'', 'kubectl describe {target}{n}'],
  },
  {
    id: 'progress-deadline-exceeded',
    when: (w) => {
      const progressing = w.condition('Progressing');
      return progressing?.reason === 'ProgressDeadlineExceeded'
        ? {
            values: { deadline: w.object.spec?.progressDeadlineSeconds ?? 600 },
            evidence: [conditionLine(progressing), conditionLine(w.condition('Available')), numbers(w)],
          }
        : undefined;
    },
    en: {
      cause: [
        'The rollout is stuck: for {deadline}s (progressDeadlineSeconds) no new pod has become available. The old pods stay as far as maxUnavailable says; nothing is undone by itself.',
      ],
      todo: ['See below why the new pods are not ready, and correct that; or go back to the last revision.'],
    },
    ko: {
      cause: [
        '롤아웃이 멈췄습니다. {deadline}초(progressDeadlineSeconds) 동안 새로 준비된 파드가 없습니다. 이전 파드는 maxUnavailable 범위 안에서 유지되며, 자동으로 되돌려지지 않습니다.',
      ],
      todo: ['아래에서 새 파드가 준비되지 않는 이유를 보고 고치거나, 이전 리비전으로 되돌리세요.'],
    },
    fix: ['kubectl rollout undo {target}{n}'],
    proof: ['kubectl rollout status {target}{n} --timeout=1s', 'kubectl rollout history {target}{n}', 'kubectl get replicasets,pods{n}'],
  },
  {
    id: 'daemonset-matches-no-node',
    when: (w) =>
      w.kind === 'DaemonSet' && w.desired === 0
        ? {
            evidence: [
              numbers(w),
              specLine('template.spec.nodeSelector', templateOf(w)?.nodeSelector),
              specLine('template.spec.tolerations', templateOf(w)?.tolerations),
            ],
          }
        : undefined,
    en: {
      cause: ['The DaemonSet wants a pod on each node that suits it, and none does: see its nodeSelector, affinity and tolerations.'],
      todo: ['Label a node, or tolerate the taints of the nodes.'],
    },
    ko: {
      cause: ['DaemonSet은 조건에 맞는 노드마다 파드를 하나씩 두는데, 맞는 노드가 없습니다. nodeSelector, affinity, tolerations를 확인하세요.'],
      todo: ['노드에 레이블을 붙이거나 노드의 테인트에 대한 톨러레이션을 추가하세요.'],
    },
    fix: ['kubectl edit {target}{n}'],
    proof: [
      'kubectl get {target}{n}',
      'kubectl get nodes{f} --show-labels',
      "kubectl get nodes{f} -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'",
    ],
  },
  {
    id: 'statefulset-waits-in-order',
    when: (w) => {
      if (w.kind !== 'StatefulSet' || w.object.spec?.podManagementPolicy === 'Parallel' || w.pods.length >= w.desired) return undefined;
      const blocker = [...w.pods].sort((a, b) => ordinal(a.metadata.name) - ordinal(b.metadata.name)).find((pod) => !isWell(pod));
      return blocker === undefined
        ? undefined
        : { values: { blocker: blocker.metadata.name }, evidence: [numbers(w), specLine('podManagementPolicy', w.object.spec?.podManagementPolicy)] };
    },
    en: {
      cause: ['A StatefulSet makes its pods one after the other: the next one comes only when {blocker} is ready.', '{made} of {desired} pods exist.'],
      todo: ['See below what keeps {blocker} from it.'],
    },
    ko: {
      cause: ['StatefulSet은 파드를 차례로 만듭니다. {blocker} 파드가 준비되어야 다음 파드가 만들어집니다.', '파드 {desired}개 중 {made}개가 있습니다.'],
      todo: ['아래에서 {blocker} 파드가 준비되지 않는 이유를 보세요.'],
    },
    proof: ['kubectl get {target}{n}', 'kubectl get pods{n}'],
  },
  {
    id: 'pods-unavailable',
    when: (w) =>
      w.pods.some((pod) => !isWell(pod)) && w.ready < Math.max(w.desired, w.pods.length)
        ? { values: { shown: shown(w) }, evidence: [numbers(w), conditionLine(w.condition('Available')), conditionLine(w.condition('Progressing'))] }
        : undefined,
    en: { cause: ['{ready} of {desired} pods are ready; {unwell} of those that exist are not.'], todo: ['See below what keeps them.'] },
    ko: { cause: ['파드 {desired}개 중 {ready}개가 준비되었습니다. 만들어진 파드 중 {unwell}개가 준비되지 않았습니다.'], todo: ['아래에서 이유를 보세요.'] },
    proof: ['kubectl get {target}{n}', 'kubectl get pods{n}'],
  },
  {
    id: 'min-ready-seconds',
    when: (w) => {
      const wanted = w.object.spec?.minReadySeconds ?? 0;
      const available = Number(w.object.status?.['availableReplicas'] ?? w.object.status?.['numberAvailable'] ?? 0);
      return wanted > 0 && w.ready > available ? { values: { wanted, available }, evidence: [specLine('minReadySeconds', wanted), numbers(w)] } : undefined;
    },
    en: {
      cause: ['{ready} pods are ready, but only {available} for so long as minReadySeconds wants ({wanted}s): until then they do not count as available.'],
      todo: ['Wait.'],
    },
    ko: {
      cause: ['파드 {ready}개가 준비되었지만 minReadySeconds({wanted}초)를 채운 것은 {available}개입니다. 그때까지는 available로 세지 않습니다.'],
      todo: ['기다리세요.'],
    },
    proof: ['kubectl get {target}{n}', 'kubectl get pods{n}'],
  },
  {
    id: 'workload-well',
    isFine: true,
    when: (w) =>
      w.ready >= w.desired && w.desired > 0
        ? { evidence: [numbers(w), conditionLine(w.condition('Available')), conditionLine(w.condition('Progressing'))] }
        : undefined,
    en: { cause: ['All {desired} pods are ready.'], todo: ['Nothing.'] },
    ko: { cause: ['파드 {desired}개가 모두 준비되었습니다.'], todo: ['할 일은 없습니다.'] },
    proof: ['kubectl get {target}{n}'],
  },
  {
    id: 'pods-being-made',
    when: (w) => ({ evidence: [numbers(w), conditionLine(w.condition('Progressing')), w.seen(/./)] }),
    en: {
      cause: ['{made} of {desired} pods exist, {ready} are ready; nothing has been refused.'],
      todo: ['Wait a moment. If it stays so, see whether kube-controller-manager runs (kube-system).'],
    },
    ko: {
      cause: ['파드 {desired}개 중 {made}개가 만들어졌고 {ready}개가 준비되었습니다. 거부된 것은 없습니다.'],
      todo: ['잠시 기다리세요. 계속 이렇다면 kube-system의 kube-controller-manager가 실행 중인지 확인하세요.'],
    },
    proof: ['kubectl get {target}{n}', 'kubectl describe {target}{n}'],
  },
];

const ordinal = (name = ''): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
const templateOf = (w: WorkloadCase) =>
  (w.object.spec as { template?: { spec?: { nodeSelector?: unknown; tolerations?: unknown } } } | undefined)?.template?.spec;
