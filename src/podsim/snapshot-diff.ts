/** What differs between two saved clusters: one unified diff an object, as `kubectl diff` shows one. */
import type { KubeObject } from '../api/object.js';
import type { Entries } from '../store/backend/backend.js';
import { unifiedDiff } from '../text/unified-diff.js';
import { emitYaml } from '../text/yaml-emitter.js';

/** A saved cluster and what the diff calls it. */
export interface Named {
  readonly name: string;
  readonly entries: Entries;
}

const REGISTRY = '/registry/';
/** Events record what happened; they are no state that could have changed. */
const EVENTS = `${REGISTRY}events/`;

/** Empty: no object differs. resourceVersion and managedFields do not count; neither do events. */
export function diffClusters(before: Named, after: Named): string {
  const keys = new Set([...before.entries.keys(REGISTRY), ...after.entries.keys(REGISTRY)]);
  let text = '';
  for (const key of [...keys].filter((one) => !one.startsWith(EVENTS)).sort()) {
    const [old, current] = [before.entries.get(key), after.entries.get(key)];
    if (old === current) continue;
    const hunks = unifiedDiff(textOf(old), textOf(current));
    if (hunks === '') continue;
    const path = key.slice(REGISTRY.length);
    text += `--- ${old === undefined ? '/dev/null' : `${before.name}/${path}`}\n+++ ${current === undefined ? '/dev/null' : `${after.name}/${path}`}\n${hunks}`;
  }
  return text;
}

function textOf(entry: string | undefined): string {
  if (entry === undefined) return '';
  const object = JSON.parse(entry) as KubeObject;
  const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata;
  return emitYaml({ ...object, metadata });
}
