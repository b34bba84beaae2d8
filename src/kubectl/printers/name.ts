/** `-o name`, and what commands say of an object they changed: `pod/web created` (cli-runtime pkg/printers/name.go). */
import type { KubeObject } from '../../api/object.js';
import { isList, type Printer } from './printer.js';

/** `operation` '' prints the name alone. */
export function namePrinter(operation: string): Printer {
  const line = (object: KubeObject) => `${kindAndName(object)}${operation === '' ? '' : ` ${operation}`}\n`;
  return { print: (object) => (isList(object) ? object.items.map(line).join('') : line(object)) };
}

/** `pod/web`, `deployment.apps/web`. */
export function kindAndName(object: KubeObject): string {
  const name = object.metadata?.name;
  return `${groupKind(object)}/${name === undefined || name === '' ? '<unknown>' : name}`;
}

/** `pod`, `deployment.apps`. */
export function groupKind({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind.toLowerCase() : `${kind.toLowerCase()}.${apiVersion.slice(0, slash)}`;
}
