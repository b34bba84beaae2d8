/** Objects as people want to see them (cli-runtime pkg/printers managedfields.go). */
import type { KubeObject } from '../api/object.js';

/** Copied member by member: taking managedFields out by destructuring would have the server work them out first. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata === undefined || !('managedFields' in object.metadata)) return object;
  const given = object.metadata as Readonly<Record<string, unknown>>;
  const metadata: Record<string, unknown> = {};
  for (const key of Object.keys(given)) if (key !== 'managedFields') metadata[key] = given[key];
  return { ...object, metadata };
}
