/** A pod template as `rollout history --revision` shows it: DescribePodTemplate, whose tabs nobody aligns there (polymorphichelpers/history.go). */
import type { IndentedWriter } from '../api/resource.js';
import { describePodTemplate } from '../resources/pod-template/describe.js';
import type { PodTemplateSpec } from '../resources/pod-template/types.js';

export function templateText(template: PodTemplateSpec): string {
  let text = '';
  const write = (level: number, part: string) => {
    text += '  '.repeat(level) + part;
  };
  const out: IndentedWriter = { write, line: (level, part) => write(level, `${part}\n`), flush: () => undefined };
  describePodTemplate(template, out);
  return text;
}
