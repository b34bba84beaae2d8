/** `kubectl describe statefulset`: StatefulSetDescriber of kubectl pkg/describe/describe.go. */
import type { Describer, IndentedWriter } from '../../api/resource.js';
import { formatSelector, selectorOf } from '../../api/selectors.js';
import { describeAnnotations, describeEventsOf, describeLabels, describeTime } from '../meta/describe.js';
import { describePodTemplate } from '../pod-template/describe.js';
import { describePodsStatus } from '../pod-template/describe-workload.js';
import type { StatefulSet, VolumeClaimTemplate } from './types.js';

export const describe: Describer<StatefulSet> = async (set, reader, out, options) => {
  const { metadata, spec, status } = set;
  const parsed = selectorOf(spec.selector);
  const selector = parsed === undefined ? undefined : formatSelector(parsed);
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `CreationTimestamp:\t${describeTime(metadata.creationTimestamp)}`);
  out.line(0, `Selector:\t${selector ?? ''}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, `Replicas:\t${spec.replicas ?? 0} desired | ${status?.replicas ?? 0} total`);
  out.line(0, `Update Strategy:\t${spec.updateStrategy?.type ?? ''}`);
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (rolling?.partition !== undefined) {
    out.line(1, `Partition:\t${rolling.partition}`);
    if (rolling.maxUnavailable !== undefined) out.line(1, `MaxUnavailable:\t${rolling.maxUnavailable}`);
  }
  await describePodsStatus(set, selector, reader, out);
  describePodTemplate(spec.template, out);
  describeClaims(spec.volumeClaimTemplates ?? [], out);
  await describeEventsOf(set, reader, out, options);
};

function describeClaims(templates: readonly VolumeClaimTemplate[], out: IndentedWriter): void {
  if (templates.length === 0) {
    out.line(0, 'Volume Claims:\t<none>');
    return;
  }
  out.line(0, 'Volume Claims:');
  for (const { metadata, spec } of templates) {
    out.line(1, `Name:\t${metadata?.name ?? ''}`);
    out.line(1, `StorageClass:\t${metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? ''}`);
    describeLabels(out, 'Labels', metadata?.labels, '  ');
    describeLabels(out, 'Annotations', metadata?.annotations, '  ');
    out.line(1, `Capacity:\t${spec?.resources?.requests?.storage ?? '<default>'}`);
    out.line(1, `Access Modes:\t[${(spec?.accessModes ?? []).join(' ')}]`);
  }
}
