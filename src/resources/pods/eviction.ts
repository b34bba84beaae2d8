/** pods/eviction: a deletion that asks the PodDisruptionBudgets first. pkg/registry/core/pod/storage/eviction.go. */
import { badRequest, failure, forbidden, type StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import type { Subresource, SubresourceContext } from '../../api/resource.js';
import { matchesSelector, selectorOf } from '../../api/selectors.js';
import { formatTime } from '../../api/time.js';
import type { DeleteOptions } from '../../api/verbs.js';
import type { PodDisruptionBudget } from '../poddisruptionbudgets/types.js';
import { isReady, withCondition } from './conditions.js';
import type { Pod } from './types.js';

export interface Eviction extends KubeObject {
  readonly deleteOptions?: {
    readonly gracePeriodSeconds?: number;
    readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
    readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
    readonly dryRun?: readonly string[];
  };
}

const BUDGETS = 'poddisruptionbudgets.policy';
/** As upstream's refusals name it. */
const BUDGET = 'poddisruptionbudget.policy';
const MAX_DISRUPTED = 2000;

export const eviction: Subresource<Pod> = {
  names: { group: 'policy', version: 'v1', kind: 'Eviction' },
  verbs: ['create'],
  create: (pod, body, context) => {
    const { metadata, deleteOptions } = body as Eviction;
    if (metadata?.name !== context.key.name) throw badRequest('name in URL does not match name in Eviction object');
    const dryRun = context.dryRun || deleteOptions?.dryRun?.includes('All') === true;
    if (!ignoresBudgets(pod)) askBudget(pod, { ...context, dryRun });
    evict(pod, deleteOptions, { ...context, dryRun });
    return {};
  },
};

/** What runs no workload (anymore) disrupts nothing. */
function ignoresBudgets({ metadata, status }: Pod): boolean {
  const phase = status?.phase;
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || metadata.deletionTimestamp !== undefined;
}

function askBudget(pod: Pod, context: SubresourceContext): void {
  const budgets = context.api.list<PodDisruptionBudget>(BUDGETS, { namespace: context.key.namespace }).filter(({ spec }) => {
    const selector = selectorOf(spec?.selector);
    return selector !== undefined && matchesSelector(selector, pod.metadata.labels);
  });
  const [budget, second] = budgets;
  if (budget === undefined) return;
  if (second !== undefined) throw failure(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  if (!isReady(pod)) {
    const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
    // The budget is about healthy pods; one that is not may go while enough others are.
    if (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (currentHealthy >= desiredHealthy && desiredHealthy > 0)) return;
  }
  spend(budget, pod, context);
}

/** checkAndDecrement. */
function spend(budget: PodDisruptionBudget, pod: Pod, { api, now, dryRun }: SubresourceContext): void {
  const name = budget.metadata.name ?? '';
  const status = budget.status;
  const { disruptionsAllowed: allowed = 0, disruptedPods = {}, desiredHealthy = 0, currentHealthy = 0 } = status ?? {};
  if ((status?.observedGeneration ?? 0) < (budget.metadata.generation ?? 0))
    throw tooMany(`The disruption budget ${name} is still being processed by the server.`, 10);
  if (allowed < 0) throw forbidden(BUDGET, name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > MAX_DISRUPTED)
    throw forbidden(BUDGET, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (allowed === 0) throw tooMany(`The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`, 0);
  if (dryRun || status === undefined) return;
  const left = allowed - 1;
  const conditions = status.conditions?.map((condition) =>
    condition.type === 'DisruptionAllowed' && left === 0
      ? { ...condition, status: 'False' as const, reason: 'InsufficientPods', lastTransitionTime: formatTime(now) }
      : condition,
  );
  api.updateStatus<PodDisruptionBudget>(BUDGETS, {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: left,
      disruptedPods: { ...disruptedPods, [pod.metadata.name ?? '']: formatTime(now) },
      ...(conditions === undefined ? {} : { conditions }),
    },
  });
}

function tooMany(why: string, retryAfterSeconds: number): StatusError {
  return failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message: why }],
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}

function evict(pod: Pod, given: Eviction['deleteOptions'], { api, key, now, dryRun }: SubresourceContext): void {
  const { gracePeriodSeconds, preconditions, propagationPolicy } = given ?? {};
  const options: DeleteOptions = {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(dryRun ? { dryRun } : {}),
  };
  if (!dryRun && pod.metadata.deletionTimestamp === undefined) {
    const { resourceVersion: _, ...metadata } = pod.metadata;
    api.updateStatus(
      'pods',
      withCondition(
        { ...pod, metadata },
        { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' },
        now,
      ),
      { isAdmitted: true },
    );
  }
  api.delete('pods', key, { ...options, isAdmitted: true });
}
