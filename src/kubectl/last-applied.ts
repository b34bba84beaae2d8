/** The last-applied-configuration annotation (k8s.io/kubectl pkg/util/apply.go). */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { goJson } from '../text/go-json-writer.js';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;

/** The object with its own configuration noted in it: what apply sends. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {};
  const bare = { ...object, metadata: { ...object.metadata, annotations } };
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${goJson(asJson(bare))}\n` } } };
}

/** What diff compares: nothing is noted. As in what was noted, there always is a map of annotations: its absence would remove them all. */
export function withoutLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

export function lastApplied(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[LAST_APPLIED];
}

/** --save-config: notes the configuration only when asked, or (`update`) when there is a note already. */
export function saveConfig(object: KubeObject, save: boolean): KubeObject {
  return save ? withLastApplied(object) : object;
}

/** What apply does to an object it creates: null fields go. */
export function pruneNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => pruneNulls(item as Json));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([key, inner]) => [key, pruneNulls(inner as Json)]),
  );
}
