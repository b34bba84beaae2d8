/** From a pod to its causes: which tables of rules are asked, in the order in which a pod lives. */
import type { Pod } from '../../resources/pods/types.js';
import type { Language } from '../language.js';
import { type ContainerCase, containerCases, containerValues, type PodCase, podCase, podValues } from './pod-case.js';
import { type Cause, causeOf, type Rule } from './rule.js';
import { crashRules } from './rules/crash.js';
import { imageRules } from './rules/image.js';
import { initRules } from './rules/init.js';
import { failedPodRules, finePodRules, gateRules, nodeRulesOfPod, terminatingRules } from './rules/pod.js';
import { probeKillRules, readinessRules } from './rules/probes.js';
import { schedulingRules, unscheduledRules } from './rules/scheduling.js';
import { startRules } from './rules/start.js';
import { volumeRules } from './rules/volume.js';
import type { LogWanted, World } from './world.js';

/** The tables that are asked of a container; the first rule that holds counts. */
export const containerRules: readonly Rule<ContainerCase>[] = [...imageRules, ...startRules, ...probeKillRules, ...crashRules, ...initRules, ...readinessRules];
/** All tables that are asked of the pod as a whole. */
export const podRules: readonly Rule<PodCase>[] = [
  ...terminatingRules,
  ...failedPodRules,
  ...schedulingRules,
  ...unscheduledRules,
  ...nodeRulesOfPod,
  ...volumeRules,
  ...gateRules,
  ...finePodRules,
];

/** At least one cause; several when several containers, or several nodes, have each their own. */
export function diagnosePod(world: World, pod: Pod, language: Language): readonly Cause[] {
  const given = podCase(world, pod);
  const found = podLevel(given, language) ?? containerLevel(given, language);
  const causes = found.length > 0 ? found : first(gateRules, given, language);
  if (causes.length > 0 && !isWell(pod)) return causes;
  return [...first(finePodRules, given, language), ...causes];
}

/** Ready, or through with its work. */
export const isWell = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.phase === 'Succeeded' || (status?.phase === 'Running' && status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true));

/** What stands above its containers' own troubles; undefined: nothing does. */
function podLevel(given: PodCase, language: Language): readonly Cause[] | undefined {
  const { pod } = given;
  const phase = pod.status?.phase;
  if (pod.metadata.deletionTimestamp !== undefined) return first(terminatingRules, given, language);
  const failed = phase === 'Failed' ? first(failedPodRules, given, language) : [];
  if (failed.length > 0) return failed;
  if (phase === 'Failed' || phase === 'Succeeded') return undefined;
  if (!pod.spec.nodeName) {
    const all = schedulingRules.flatMap((rule) => podCause(rule, given, language) ?? []);
    return all.length > 0 ? all : first(unscheduledRules, given, language);
  }
  const lost = first(nodeRulesOfPod, given, language);
  return lost.length > 0 ? lost : undefined;
}

function containerLevel(given: PodCase, language: Language): readonly Cause[] {
  const causes: Cause[] = [];
  let isHeld = false;
  for (const c of containerCases(given)) {
    // What waits for an init container has no cause of its own.
    if (isHeld && c.role !== 'init') break;
    const cause = hasTrouble(c) ? firstOfContainer(c, language) : undefined;
    if (cause !== undefined) causes.push(cause);
    if (c.role === 'init' ? c.state?.state?.terminated?.exitCode !== 0 : c.role === 'sidecar' && c.state?.started !== true) {
      if (cause !== undefined) break;
      isHeld = true;
    }
  }
  // Nobody has a cause, and something waits: the pod's volumes or its sandbox.
  const waits = [...(given.pod.status?.initContainerStatuses ?? []), ...(given.pod.status?.containerStatuses ?? [])].some(
    (one) => one.state?.waiting !== undefined,
  );
  const nothingYet = given.pod.status?.phase === 'Pending';
  return causes.length === 0 && (waits || nothingYet) ? first(volumeRules, given, language) : causes;
}

/** Does not do what it is there for, or did not at one time. */
function hasTrouble(c: ContainerCase): boolean {
  const { state, role, ended, pod } = c;
  if (state === undefined) return false;
  if (role === 'init') return state.state?.terminated?.exitCode !== 0;
  if (state.state?.terminated?.exitCode === 0 && (pod.status?.phase === 'Succeeded' || (pod.spec.restartPolicy ?? 'Always') !== 'Always')) return false;
  return !state.ready || ended !== undefined;
}

function firstOfContainer(c: ContainerCase, language: Language): Cause | undefined {
  const about = { object: `pod/${c.name}`, container: c.container.name, values: containerValues(c) };
  for (const rule of containerRules) {
    // A run that goes on and is not ready is asked about its probe before its past.
    if (crashRules.includes(rule) && c.running !== undefined && !c.state?.ready) {
      const now = [...initRules, ...readinessRules].map((one) => causeOf(one, c, about, language)).find((one) => one !== undefined);
      if (now !== undefined) return now;
    }
    const cause = causeOf(rule, c, about, language);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

function podCause(rule: Rule<PodCase>, given: PodCase, language: Language): Cause | undefined {
  return causeOf(rule, given, { object: `pod/${given.name}`, values: podValues(given) }, language);
}

function first(rules: readonly Rule<PodCase>[], given: PodCase, language: Language): readonly Cause[] {
  for (const rule of rules) {
    const cause = podCause(rule, given, language);
    if (cause !== undefined) return [cause];
  }
  return [];
}

/** The logs that rules look at: of containers that ended, or of init containers at work. */
export function logsOfPod(pod: Pod): readonly LogWanted[] {
  const { name = '', namespace = '' } = pod.metadata;
  const init = new Set(pod.status?.initContainerStatuses?.map((one) => one.name));
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].flatMap(({ name: container, state, lastState }) => {
    const previous = state?.running !== undefined && lastState?.terminated !== undefined;
    const isWanted = state?.terminated !== undefined || lastState?.terminated !== undefined || (init.has(container) && state?.running !== undefined);
    return isWanted ? [{ namespace, pod: name, container, previous }] : [];
  });
}
