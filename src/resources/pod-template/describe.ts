/** Describing a pod template and its parts, shared by pods and all workloads: kubectl pkg/describe/describe.go. */
import type { IndentedWriter } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { describeAnnotations, describeLabels } from '../meta/describe.js';
import { describeContainers } from './describe-containers.js';
import { describeVolumes } from './describe-volumes.js';
import type { PodTemplateSpec, Toleration, TopologySpreadConstraint } from './types.js';

/** `Pod Template:` and all below it. */
export function describePodTemplate(template: PodTemplateSpec | undefined, out: IndentedWriter): void {
  out.write(0, 'Pod Template:\n');
  if (template === undefined) {
    out.write(1, '<unset>');
    return;
  }
  const { metadata = {}, spec = { containers: [] } } = template;
  describeLabels(out, '  Labels', metadata.labels);
  if (Object.keys(metadata.annotations ?? {}).length > 0) describeAnnotations(out, '  Annotations', metadata.annotations);
  if (spec.serviceAccountName) out.write(1, `Service Account:\t${spec.serviceAccountName}\n`);
  if (spec.initContainers?.length) describeContainers(out, 'Init Containers', spec.initContainers, { indent: '  ' });
  describeContainers(out, 'Containers', spec.containers ?? [], { indent: '  ' });
  describeVolumes(out, spec.volumes ?? [], '  ');
  describeSpreadConstraints(out, spec.topologySpreadConstraints, '  ');
  if (spec.priorityClassName) out.write(1, `Priority Class Name:\t${spec.priorityClassName}\n`);
  describeLabels(out, '  Node-Selectors', spec.nodeSelector);
  describeTolerations(out, '  Tolerations', spec.tolerations);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorted by key, one a line: `key=value:Effect op=Exists for 300s`. */
export function describeTolerations(out: IndentedWriter, title: string, tolerations: readonly Toleration[] = []): void {
  if (tolerations.length === 0) {
    out.write(0, `${title}:\t<none>\n`);
    return;
  }
  [...tolerations]
    .sort((a, b) => byText(a.key ?? '', b.key ?? ''))
    .forEach((toleration, i) => {
      out.write(0, `${i === 0 ? `${title}:` : ''}\t${tolerationText(toleration)}\n`);
    });
}

function tolerationText({ key = '', value, effect, operator, tolerationSeconds }: Toleration): string {
  let text = `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`;
  if (operator === 'Exists' && !value) text += text === '' ? 'op=Exists' : ' op=Exists';
  return tolerationSeconds === undefined || tolerationSeconds === null ? text : `${text} for ${tolerationSeconds}s`;
}

export function describeSpreadConstraints(out: IndentedWriter, constraints: readonly TopologySpreadConstraint[] = [], indent: string): void {
  [...constraints]
    .sort((a, b) => byText(a.topologyKey, b.topologyKey))
    .forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, i) => {
      const selector = labelSelector === undefined ? '' : ` for selector ${formatLabelSelector(labelSelector)}`;
      const head = `${indent}${i === 0 ? 'Topology Spread Constraints:' : ''}\t`;
      out.write(0, `${head}${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}\n`);
    });
}
