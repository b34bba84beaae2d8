/** Templates as they were: the ControllerRevisions of StatefulSets and DaemonSets (pkg/controller/history/controller_history.go). */

import { isSemanticEqual } from '../api/equality.js';
import { StatusError } from '../api/errors.js';
import { FNV_BASIS, FNV_PRIME } from '../api/fnv.js';
import { type JsonObject, type KubeObject, keyOf } from '../api/object.js';
import type { Api } from '../api/verbs.js';
import type { ControllerRevision } from '../resources/controllerrevisions/types.js';
import type { PodTemplateSpec } from '../resources/pod-template/types.js';
import { controllerReference } from './owned.js';
import { safeEncode } from './pod-template-hash.js';

export const REVISIONS = 'controllerrevisions.apps';
/** On pods: the revision they were made from. */
export const REVISION_HASH = 'controller-revision-hash';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;

/** The strategic merge patch that brings the template back. Its members are sorted as encoding/json sorts a map's: kubectl compares bytes. */
export const templatePatch = (template: PodTemplateSpec): JsonObject =>
  JSON.parse(goJson({ spec: { template: { ...(template as unknown as JsonObject), $patch: 'replace' } } })) as JsonObject;

export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const spec = data?.spec as JsonObject | undefined;
  const { $patch: _, ...template } = (spec?.template ?? {}) as JsonObject;
  return template as unknown as PodTemplateSpec;
}

/** HashControllerRevision: FNV-1 (not 1a) of the JSON as Go writes it, and of the number of collisions so far. */
export function hashRevision(data: JsonObject, collisionCount: number): string {
  let hash = FNV_BASIS;
  for (const byte of new TextEncoder().encode(goJson(data) + collisionCount)) hash = (Math.imul(hash, FNV_PRIME) ^ byte) >>> 0;
  return safeEncode(String(hash));
}

/** encoding/json of a map: keys sorted, no spaces, and what HTML might misread escaped. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${goJson(key)}:${goJson(item)}`)
      .join(',')}}`;
  }
  if (typeof value === 'string') return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return JSON.stringify(value);
}

/** By number, then age, then name. */
export const byRevision = (a: ControllerRevision, b: ControllerRevision): number =>
  a.revision - b.revision ||
  compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
  compare(a.metadata.name ?? '', b.metadata.name ?? '');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const isSameData = (a: ControllerRevision, b: ControllerRevision): boolean => isSemanticEqual(a.data, b.data);

export interface RevisionPlan {
  readonly owner: KubeObject;
  readonly data: JsonObject;
  readonly revision: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the name, by the number of collisions so far. */
  hash(collisionCount: number): string;
  /** The label that repeats the hash. */
  readonly hashLabel: string;
}

/** Creates it. A foreign object of that name is a collision: the count that avoided it comes back with the revision. */
export function createRevision(api: Api, plan: RevisionPlan, collisions: number): { readonly revision: ControllerRevision; readonly collisionCount: number } {
  for (let collisionCount = collisions; ; collisionCount++) {
    const hash = plan.hash(collisionCount);
    const { annotations, name, namespace = '' } = plan.owner.metadata;
    const wanted: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...plan.labels, [plan.hashLabel]: hash },
        ...(annotations === undefined ? {} : { annotations }),
        ownerReferences: [controllerReference(plan.owner)],
      },
      data: plan.data,
      revision: plan.revision,
    };
    try {
      return { revision: api.create<ControllerRevision>(REVISIONS, wanted, WRITE), collisionCount };
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error;
      const there = api.get<ControllerRevision>(REVISIONS, keyOf(wanted));
      if (there !== undefined && isSameData(there, wanted)) return { revision: there, collisionCount };
    }
  }
}

export const setRevisionNumber = (api: Api, found: ControllerRevision, revision: number): ControllerRevision =>
  found.revision === revision ? found : api.update<ControllerRevision>(REVISIONS, { ...found, revision }, WRITE);

/** Revisions that nothing was made from any more, beyond the limit, the oldest first; a negative limit keeps all. */
export function truncateHistory(api: Api, revisions: readonly ControllerRevision[], isLive: (revision: ControllerRevision) => boolean, limit: number): void {
  if (limit < 0) return;
  const dead = revisions.filter((revision) => !isLive(revision)).toSorted(byRevision);
  for (const revision of dead.slice(0, Math.max(0, dead.length - limit))) api.delete(REVISIONS, keyOf(revision));
}
