/** What describe prints of kinds it has no words for: custom resources (kubectl pkg/describe genericDescriber). */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import type { DescribeOptions, IndentedWriter } from '../api/resource.js';
import type { Reader } from '../api/verbs.js';
import { describeEventsOf } from '../resources/meta/describe.js';
import { isMap } from './manifests.js';

export async function describeGeneric(object: KubeObject, reader: Reader, out: IndentedWriter, options: DescribeOptions): Promise<void> {
  out.line(0, `Name:\t${object.metadata.name}`);
  out.line(0, `Namespace:\t${object.metadata.namespace ?? ''}`);
  mapLines(out, 'Labels', object.metadata.labels);
  mapLines(out, 'Annotations', withoutLastApplied(object.metadata.annotations));
  printContent(out, 0, object as unknown as JsonObject, '');
  if (options.showEvents) await describeEventsOf(object, reader, out, options);
}

const SKIPPED = ['.metadata.name', '.metadata.namespace', '.metadata.labels', '.metadata.annotations', '.metadata.managedFields'];

const withoutLastApplied = (map: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(map).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'));

function mapLines(out: IndentedWriter, title: string, map: Readonly<Record<string, string>> = {}): void {
  const keys = Object.keys(map).sort();
  if (keys.length === 0) out.line(0, `${title}:\t<none>`);
  const join = title === 'Labels' ? '=' : ': ';
  keys.forEach((key, i) => {
    out.line(0, `${i === 0 ? `${title}:` : ''}\t${key}${join}${map[key]}`);
  });
}

/** printUnstructuredContent: fields in order of their names, which lose their camels: `someField` → `Some Field`. */
function printContent(out: IndentedWriter, level: number, content: JsonObject, path: string): void {
  for (const key of Object.keys(content).sort()) {
    const value = content[key] as Json | undefined;
    const at = `${path}.${key}`;
    if (SKIPPED.includes(at) || value === undefined) continue;
    if (isMap(value)) {
      out.line(level, `${title(key)}:`);
      printContent(out, level + 1, value, at);
    } else if (Array.isArray(value)) {
      out.line(level, `${title(key)}:`);
      for (const item of value as readonly Json[]) {
        if (isMap(item)) printContent(out, level + 1, item, at);
        else out.line(level + 1, String(item));
      }
    } else out.line(level, `${title(key)}:\t${value === null ? '<nil>' : String(value)}`);
  }
}

/** smartLabelFor: names with anything but letters stay as they are, and so do acronyms. */
function title(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const words = field.match(/-+|[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]+/g) ?? [field];
  return words
    .map((word) => (['api', 'uid', 'url', 'ip', 'id', 'url'].includes(word.toLowerCase()) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(' ');
}
