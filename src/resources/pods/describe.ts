/** `kubectl describe pod`: describePod of kubectl pkg/describe/describe.go. */
import { mirroredUid } from '../../api/mirror-pods.js';
import type { Describer, IndentedWriter } from '../../api/resource.js';
import { ageOf } from '../meta/columns.js';
import { describeAnnotations, describeController, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import { describeSpreadConstraints, describeTolerations } from '../pod-template/describe.js';
import { describeContainers, describeResources } from '../pod-template/describe-containers.js';
import { describeVolumes } from '../pod-template/describe-volumes.js';
import type { EnvVar } from '../pod-template/types.js';
import { qosClass } from './qos.js';
import type { Pod } from './types.js';

export const describe: Describer<Pod> = async (pod, reader, out, options) => {
  const { metadata, spec, status = {} } = pod;
  out.write(0, `Name:\t${metadata.name}\n`);
  out.write(0, `Namespace:\t${metadata.namespace}\n`);
  if (spec.priority !== undefined) out.write(0, `Priority:\t${spec.priority}\n`);
  if (spec.priorityClassName) out.write(0, `Priority Class Name:\t${spec.priorityClassName}\n`);
  if (spec.runtimeClassName) out.write(0, `Runtime Class Name:\t${spec.runtimeClassName}\n`);
  if (spec.serviceAccountName) out.write(0, `Service Account:\t${spec.serviceAccountName}\n`);
  out.write(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}\n`);
  if (status.startTime) out.write(0, `Start Time:\t${describeTime(status.startTime)}\n`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  if (metadata.deletionTimestamp !== undefined && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    out.write(0, `Status:\tTerminating (lasts ${ageOf(metadata.deletionTimestamp, options.now)})\n`);
    out.write(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s\n`);
  } else out.write(0, `Status:\t${status.phase ?? ''}\n`);
  if (status.reason) out.write(0, `Reason:\t${status.reason}\n`);
  if (status.message) out.write(0, `Message:\t${status.message}\n`);
  const profile = spec.securityContext?.seccompProfile;
  if (profile) {
    out.write(0, `SeccompProfile:\t${profile.type}\n`);
    if (profile.type === 'Localhost') out.write(0, `LocalhostProfile:\t${profile.localhostProfile ?? ''}\n`);
  }
  describeIPs(out, pod);
  describeController(out, metadata);
  if (status.nominatedNodeName) out.write(0, `NominatedNodeName:\t${status.nominatedNodeName}\n`);
  if (spec.resources) {
    out.write(0, 'Resources:\n');
    describeResources(out, spec.resources, 1);
  }
  const resolveField = (env: EnvVar): string => fieldValue(pod, env);
  const containers = { indent: '', resolveField } as const;
  if (spec.initContainers?.length)
    describeContainers(out, 'Init Containers', spec.initContainers, { ...containers, statuses: status.initContainerStatuses ?? [] });
  describeContainers(out, 'Containers', spec.containers ?? [], { ...containers, statuses: status.containerStatuses ?? [] });
  if (spec.ephemeralContainers?.length)
    describeContainers(out, 'Ephemeral Containers', spec.ephemeralContainers, { ...containers, statuses: status.ephemeralContainerStatuses ?? [] });
  describeConditions(out, pod);
  describeVolumes(out, spec.volumes ?? [], '');
  out.write(0, `QoS Class:\t${status.qosClass || qosClass(spec)}\n`);
  describeLabels(out, 'Node-Selectors', spec.nodeSelector);
  describeTolerations(out, 'Tolerations', spec.tolerations);
  describeSpreadConstraints(out, spec.topologySpreadConstraints, '');
  // The kubelet's events are about the static pod, of which this is a mirror.
  const uid = mirroredUid(pod) ?? pod.metadata.uid;
  await describeEventsOf({ ...pod, metadata: { ...pod.metadata, ...(uid === undefined ? {} : { uid }) } }, reader, out, options, '');
};

function describeIPs(out: IndentedWriter, { status }: Pod): void {
  out.write(0, `IP:\t${status?.podIP ?? ''}\n`);
  const ips = status?.podIPs ?? [];
  out.write(0, `IPs:${ips.length === 0 ? '\t<none>' : ''}\n`);
  for (const { ip } of ips) out.write(1, `IP:\t${ip}\n`);
}

/** Cells end in a blank, so lines do too: so in kubectl. */
function describeConditions(out: IndentedWriter, { spec, status }: Pod): void {
  const conditions = status?.conditions ?? [];
  if (spec.readinessGates?.length) {
    out.write(0, 'Readiness Gates:\n  Type\tStatus\n');
    for (const { conditionType } of spec.readinessGates)
      out.write(1, `${conditionType} \t${conditions.find(({ type }) => type === conditionType)?.status ?? '<none>'} \n`);
  }
  if (conditions.length === 0) return;
  out.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const condition of conditions) out.write(1, `${condition.type} \t${condition.status} \n`);
}

/** What kubectl's scheme can convert of a fieldRef; the rest stays empty (EnvValueRetriever). */
function fieldValue({ metadata }: Pod, { valueFrom }: EnvVar): string {
  const path = valueFrom?.fieldRef?.fieldPath;
  return (path === 'metadata.name' ? metadata.name : path === 'metadata.namespace' ? metadata.namespace : undefined) ?? '';
}
