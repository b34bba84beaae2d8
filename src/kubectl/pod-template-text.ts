/** A pod template as `rollout history --revision` shows it (kubectl pkg/describe DescribePodTemplate). */
import { describePodTemplate } from '../resources/pod-template/describe.js';
import type { PodTemplateSpec } from '../resources/pod-template/types.js';
import { indentedWriter } from '../text/indented-writer.js';

export function templateText(template: PodTemplateSpec): string {
  const out = indentedWriter();
  describePodTemplate(template, out);
  return out.text();
}
