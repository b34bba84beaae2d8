/** The object's versions in the store, and who wrote them. */
import { parseTime, type Time } from '../../api/time.js';
import type { Pod } from '../../resources/pods/types.js';
import { type Evidence, firstOf } from '../timeline/evidence.js';
import { createdAt } from '../timeline/times.js';
import type { TraceStep } from './model.js';
import { statusChanges } from './status-changes.js';

export interface StoreVersion {
  readonly resourceVersion: string;
  readonly at: Time;
  /** Who wrote it, by its managedFields; absent: they do not say. */
  readonly manager?: string;
  /** What is different from the version before. */
  readonly change: string;
}

export function storeVersions({ versions, isFromCreation }: Evidence): readonly StoreVersion[] {
  return versions.map(({ at, pod }, i) => {
    const before = versions[i - 1]?.pod;
    const resourceVersion = pod.metadata.resourceVersion ?? '';
    if (before === undefined) return { resourceVersion, at, change: isFromCreation ? 'created' : 'the oldest version that the store still has' };
    const manager = writerOf(before, pod);
    return { resourceVersion, at, ...(manager === undefined ? {} : { manager }), change: changeOf(before, pod) };
  });
}

/** Whose entry is new. The binding leaves none. */
function writerOf(before: Pod, pod: Pod): string | undefined {
  if (!before.spec.nodeName && pod.spec.nodeName) return 'kube-scheduler (binding)';
  const entries = (one: Pod): readonly { readonly manager?: string }[] => (one.metadata.managedFields ?? []) as readonly { readonly manager?: string }[];
  const known = new Set(entries(before).map((entry) => JSON.stringify(entry)));
  const written = entries(pod).filter((entry) => !known.has(JSON.stringify(entry)));
  if (written.length > 0) return written.at(-1)?.manager;
  return undefined;
}

function changeOf(before: Pod, pod: Pod): string {
  const parts: string[] = [];
  if (before.spec.nodeName !== pod.spec.nodeName) parts.push(`spec.nodeName: ${pod.spec.nodeName}`);
  else if (JSON.stringify(before.spec) !== JSON.stringify(pod.spec)) parts.push('spec');
  const { metadata: a } = before;
  const { metadata: b } = pod;
  if (a.deletionTimestamp !== b.deletionTimestamp) parts.push(`metadata.deletionTimestamp: ${b.deletionTimestamp}, grace ${b.deletionGracePeriodSeconds}s`);
  for (const member of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const)
    if (JSON.stringify(a[member]) !== JSON.stringify(b[member])) parts.push(`metadata.${member}`);
  parts.push(...statusChanges(before, pod));
  return parts.length === 0 ? 'nothing that is told here' : parts.join('; ');
}

export function storeSteps(evidence: Evidence): readonly TraceStep[] {
  const { pod, versions, isFromCreation, removedAt } = evidence;
  const { namespace, name, resourceVersion } = pod.metadata;
  const base = { component: 'etcd', type: 'Normal' } as const;
  const key = `/registry/pods/${namespace}/${name}`;
  const steps: TraceStep[] = [];
  const first = isFromCreation ? versions[0]?.pod.metadata.resourceVersion : createdVersion(evidence);
  if (evidence.isFromEvents !== true) {
    const said = first === undefined ? '; its first resourceVersion is not on record' : `, resourceVersion ${first}`;
    steps.push({
      ...base,
      step: 'put',
      source: isFromCreation ? 'versions' : 'event',
      at: createdAt(evidence),
      ...(isFromCreation ? {} : { isApproximate: true }),
      message: `${key}${said}; watchers are told (scheduler, controllers)`,
    });
  }
  const later = storeVersions(evidence).slice(isFromCreation ? 1 : 0);
  for (const { at, resourceVersion: version, manager, change } of later)
    steps.push({
      ...base,
      step: 'put',
      source: 'versions',
      at,
      message: `resourceVersion ${version}${manager === undefined ? '' : ` by ${manager}`}: ${change}`,
    });
  if (later.length === 0 && !isFromCreation && resourceVersion !== undefined && resourceVersion !== first)
    steps.push({ ...base, step: 'now', source: 'object', message: `resourceVersion ${resourceVersion}; the versions in between are compacted` });
  if (removedAt !== undefined)
    steps.push({ ...base, step: 'delete', source: 'versions', at: removedAt, message: `${key}, the deletion is revision ${resourceVersion}` });
  return steps;
}

/** The scheduler's Event is about the object as it was before the binding: for a pod that was bound at once, as it was created. */
function createdVersion({ events, pod }: Evidence): string | undefined {
  const scheduled = events.find(({ reason }) => reason === 'Scheduled');
  const created = parseTime(pod.metadata.creationTimestamp ?? '');
  const at = scheduled === undefined ? undefined : firstOf(scheduled);
  const isFirst = events[0] === scheduled && at !== undefined && created !== undefined && at - created < 1000;
  return isFirst ? scheduled?.involvedObject.resourceVersion : undefined;
}
