/** Why a PodDisruptionBudget lets no pod go (and `kubectl drain` does not end), or protects nothing. */
import { controllerOf } from '../../../api/object.js';
import { matchesSelector, selectorOf } from '../../../api/selectors.js';
import type { PodDisruptionBudget } from '../../../resources/poddisruptionbudgets/types.js';
import type { Pod } from '../../../resources/pods/types.js';
import { isWell } from '../diagnose-pod.js';
import { conditionLine, eventLine, objectLine, specLine } from '../evidence.js';
import type { Evidence, Rule, Values } from '../rule.js';
import type { World } from '../world.js';

export interface BudgetCase {
  readonly world: World;
  readonly budget: PodDisruptionBudget;
  /** Those it chooses. */
  readonly pods: readonly Pod[];
  /** Other budgets of the namespace that choose one of them too. */
  readonly rivals: readonly string[];
}

const chosen = ({ spec }: PodDisruptionBudget, pods: readonly Pod[]): readonly Pod[] => {
  const selector = selectorOf(spec?.selector);
  return selector === undefined ? [] : pods.filter((pod) => matchesSelector(selector, pod.metadata.labels));
};

export function budgetCase(world: World, budget: PodDisruptionBudget): BudgetCase {
  const { namespace = '', name } = budget.metadata;
  const all = world.list<Pod>('pods', namespace) ?? [];
  const pods = chosen(budget, all);
  const others = (world.list<PodDisruptionBudget>('poddisruptionbudgets', namespace) ?? []).filter((one) => one.metadata.name !== name);
  return { world, budget, pods, rivals: others.filter((one) => chosen(one, pods).length > 0).map((one) => one.metadata.name ?? '') };
}

/** `minAvailable: 2`. */
const ruleOf = ({ spec }: PodDisruptionBudget): string =>
  spec?.maxUnavailable === undefined ? `minAvailable: ${spec?.minAvailable ?? ''}` : `maxUnavailable: ${spec.maxUnavailable}`;

export const budgetValues = ({ budget, pods, rivals }: BudgetCase): Values => ({
  pdb: budget.metadata.name,
  rule: ruleOf(budget),
  allowed: budget.status?.disruptionsAllowed ?? 0,
  healthy: budget.status?.currentHealthy ?? 0,
  needed: budget.status?.desiredHealthy ?? 0,
  expected: budget.status?.expectedPods ?? 0,
  count: pods.length,
  rivals: rivals.length === 0 ? undefined : rivals.join(', '),
});

const numbers = ({ budget: { status } }: BudgetCase): Evidence =>
  objectLine(
    `status: disruptionsAllowed ${status?.disruptionsAllowed ?? 0}, currentHealthy ${status?.currentHealthy ?? 0}, desiredHealthy ${status?.desiredHealthy ?? 0}, expectedPods ${status?.expectedPods ?? 0}`,
  );
const spec = ({ budget }: BudgetCase): readonly (Evidence | undefined)[] => [
  specLine(ruleOf(budget).split(':')[0] ?? '', budget.spec?.maxUnavailable ?? budget.spec?.minAvailable),
  specLine('selector', budget.spec?.selector),
];
const allowed = (b: BudgetCase) => b.budget.status?.conditions?.find((one) => one.type === 'DisruptionAllowed');
const isStuck = ({ budget: { status } }: BudgetCase): boolean => (status?.expectedPods ?? 0) > 0 && (status?.disruptionsAllowed ?? 0) === 0;
const SEE = ['kubectl describe pdb {pdb}{n}'];
const PODS = 'kubectl get pods{n} --show-labels';

/** The first one counts. */
export const budgetRules: readonly Rule<BudgetCase>[] = [
  {
    id: 'budget-cannot-count',
    when: (b) =>
      allowed(b)?.reason === 'SyncFailed' ? { values: { said: allowed(b)?.message }, evidence: [conditionLine(allowed(b)), ...spec(b)] } : undefined,
    en: {
      cause: ['The controller cannot work out how many pods there should be: {said}. Until it can, no pod may be evicted.'],
      todo: [
        'maxUnavailable and percentages need pods of a Deployment, StatefulSet, ReplicaSet or another controller with a scale. For others use minAvailable with a number.',
      ],
    },
    ko: {
      cause: ['파드가 몇 개여야 하는지 컨트롤러가 계산할 수 없습니다: {said}. 그동안은 어떤 파드도 축출할 수 없습니다.'],
      todo: [
        'maxUnavailable이나 백분율을 쓰려면 파드가 Deployment, StatefulSet, ReplicaSet처럼 scale이 있는 컨트롤러의 것이어야 합니다. 그 밖의 파드에는 숫자로 된 minAvailable을 쓰세요.',
      ],
    },
    proof: [...SEE, PODS],
  },
  {
    id: 'budget-unmanaged-pods',
    when: (b) => {
      const event = b.world.events(b.budget).findLast(({ reason }) => reason === 'UnmanagedPods');
      return event === undefined || Number.isInteger(b.budget.spec?.minAvailable) || b.pods.every((pod) => controllerOf(pod) !== undefined)
        ? undefined
        : { evidence: [...spec(b), numbers(b), eventLine(event, b.world.now)] };
    },
    en: {
      cause: [
        'Of the pods it chooses some have no controller, so nobody knows how many there should be, and {rule} cannot be worked out: none may be evicted.',
      ],
      todo: ['For bare pods use minAvailable with a number; or make them by a Deployment.'],
    },
    ko: {
      cause: [
        '고르는 파드 중에 컨트롤러가 없는 것이 있어 원래 몇 개여야 하는지 알 수 없고, {rule}을(를) 계산할 수 없습니다. 그래서 하나도 축출할 수 없습니다.',
      ],
      todo: ['컨트롤러가 없는 파드에는 숫자로 된 minAvailable을 쓰거나, Deployment로 만드세요.'],
    },
    fix: ['kubectl edit pdb {pdb}{n}'],
    proof: [...SEE, PODS],
  },
  {
    id: 'budget-overlaps',
    when: (b) => (b.rivals.length > 0 ? { evidence: [...spec(b), objectLine(`poddisruptionbudgets of the same pods: ${b.rivals.join(', ')}`)] } : undefined),
    en: {
      cause: ['Other PodDisruptionBudgets choose the same pods ({rivals}): the eviction API refuses pods with more than one budget, whatever their numbers.'],
      todo: ['Keep one budget for each set of pods.'],
    },
    ko: {
      cause: ['다른 PodDisruptionBudget({rivals})도 같은 파드를 고릅니다. 예산이 둘 이상인 파드는 숫자와 상관없이 축출 API가 거부합니다.'],
      todo: ['파드 묶음마다 PodDisruptionBudget을 하나만 두세요.'],
    },
    proof: ['kubectl get pdb{n}', PODS],
  },
  {
    id: 'budget-matches-no-pod',
    when: (b) => (b.pods.length === 0 && b.world.list('pods') !== undefined ? { evidence: [...spec(b), numbers(b)] } : undefined),
    en: {
      cause: ['It chooses no pod of namespace {ns}, and so it protects nothing.'],
      todo: ['Correct its selector, so that it matches the labels of the pods.'],
    },
    ko: {
      cause: ['{ns} 네임스페이스에 이 PodDisruptionBudget이 고르는 파드가 없어 아무것도 보호하지 않습니다.'],
      todo: ['파드의 레이블에 맞게 selector를 고치세요.'],
    },
    fix: ['kubectl edit pdb {pdb}{n}'],
    proof: [...SEE, PODS],
  },
  {
    id: 'budget-pods-not-healthy',
    when: (b) =>
      isStuck(b) && (b.budget.status?.currentHealthy ?? 0) < (b.budget.status?.expectedPods ?? 0)
        ? {
            evidence: [
              ...spec(b),
              numbers(b),
              ...b.pods
                .filter((pod) => !isWell(pod))
                .slice(0, 4)
                .map((pod) => objectLine(`pod/${pod.metadata.name}: not Ready`)),
            ],
          }
        : undefined,
    en: {
      cause: ['No pod may be evicted at the moment: {healthy} of {expected} are healthy, and {needed} must stay.'],
      todo: ['Get the others ready (see below), and then one may go. A drain tries again by itself every 5 seconds.'],
    },
    ko: {
      cause: ['지금은 파드를 하나도 축출할 수 없습니다. {expected}개 중 {healthy}개가 정상이고 {needed}개가 남아 있어야 합니다.'],
      todo: ['나머지 파드가 Ready가 되면 축출할 수 있습니다(아래 참고). drain은 5초마다 알아서 다시 시도합니다.'],
    },
    proof: [...SEE, PODS],
  },
  {
    id: 'budget-never-allows',
    when: (b) => (isStuck(b) ? { evidence: [...spec(b), numbers(b), conditionLine(allowed(b))] } : undefined),
    en: {
      cause: [
        'All {expected} pods are healthy, and still none may be evicted: {rule} wants all of them to stay. A `kubectl drain` of their nodes never ends ("would violate the pod\'s disruption budget").',
      ],
      todo: ['Run one replica more than must stay, or let the budget give one.'],
    },
    ko: {
      cause: [
        '파드 {expected}개가 모두 정상이지만 하나도 축출할 수 없습니다. {rule} 때문에 전부 남아 있어야 합니다. 이 파드가 있는 노드의 `kubectl drain`은 끝나지 않습니다("would violate the pod\'s disruption budget").',
      ],
      todo: ['남아야 하는 수보다 레플리카를 하나 더 두거나, 예산을 하나 여유 있게 정하세요.'],
    },
    fix: ['kubectl scale deployment NAME{n} --replicas=NUMBER', 'kubectl edit pdb {pdb}{n}'],
    proof: [...SEE, PODS],
  },
  {
    id: 'budget-well',
    isFine: true,
    when: (b) => ({ evidence: [...spec(b), numbers(b)] }),
    en: {
      cause: ['It chooses {count} pods, {healthy} are healthy, {needed} must stay: {allowed} may be evicted now.'],
      todo: ['Nothing. It holds up evictions only (drain, cluster autoscaler), not `kubectl delete`.'],
    },
    ko: {
      cause: ['파드 {count}개를 고르고 {healthy}개가 정상이며 {needed}개가 남아 있어야 합니다. 지금 {allowed}개를 축출할 수 있습니다.'],
      todo: ['할 일은 없습니다. 축출(drain, 클러스터 오토스케일러)만 막고 `kubectl delete`는 막지 않습니다.'],
    },
    proof: SEE,
  },
];
