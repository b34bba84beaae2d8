/** `kubectl describe deployment`: DeploymentDescriber of kubectl pkg/describe/describe.go. */
import { controllerOf } from '../../api/object.js';
import type { Describer } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { describeAnnotations, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import { describePodTemplate } from '../pod-template/describe.js';
import { describeConditions } from '../pod-template/describe-workload.js';
import type { ReplicaSet } from '../replicasets/types.js';
import { byCreation, findNew } from './replica-sets.js';
import type { Deployment } from './types.js';

export const describe: Describer<Deployment> = async (deployment, reader, out, options) => {
  const { metadata, spec, status = {} } = deployment;
  const selector = formatLabelSelector(spec.selector);
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `CreationTimestamp:\t${describeTime(metadata.creationTimestamp)}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Selector:\t${selector}`);
  const counts = [
    `${spec.replicas ?? 0} desired`,
    `${status.updatedReplicas ?? 0} updated`,
    `${status.replicas ?? 0} total`,
    `${status.availableReplicas ?? 0} available`,
    `${status.unavailableReplicas ?? 0} unavailable`,
  ];
  out.line(0, `Replicas:\t${counts.join(' | ')}`);
  out.line(0, `StrategyType:\t${spec.strategy?.type ?? ''}`);
  out.line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling !== undefined) out.line(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`);
  describePodTemplate(spec.template, out);
  describeConditions(status.conditions, out);
  const found = await reader.list<ReplicaSet>('replicasets.apps', { namespace: metadata.namespace ?? '', labelSelector: selector });
  // FindNewReplicaSet sorts the list it is given
  const sets = found.filter((set) => controllerOf(set)?.uid === metadata.uid).sort(byCreation);
  if (sets.length > 0) {
    const newSet = findNew(deployment, sets);
    out.line(0, `OldReplicaSets:\t${replicaSets(sets.filter((set) => set !== newSet))}`);
    out.line(0, `NewReplicaSet:\t${replicaSets(newSet === undefined ? [] : [newSet])}`);
  }
  await describeEventsOf(deployment, reader, out, options);
};

const replicaSets = (sets: readonly ReplicaSet[]): string =>
  sets.length === 0
    ? '<none>'
    : sets.map(({ metadata, spec, status }) => `${metadata.name} (${status?.replicas ?? 0}/${spec.replicas ?? 0} replicas created)`).join(', ');
