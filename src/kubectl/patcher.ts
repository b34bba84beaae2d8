/** Applies one object to its live version: kubectl pkg/cmd/apply/patcher.go. */
import { StatusError } from '../api/errors.js';
import type { JsonObject, KubeObject } from '../api/object.js';
import { StrategicMergeError } from '../api/strategic-merge.js';
import type { Query } from '../client/rest-client.js';
import { goJson } from '../text/go-json-writer.js';
import { emitYaml } from '../text/yaml-emitter.js';
import { addSource, type Info, targetOf } from './builder/index.js';
import { type Factory, UsageError } from './command.js';
import { messageOf } from './errors.js';
import { lastApplied } from './last-applied.js';
import { patchTypeOf } from './patch-schema.js';
import { PatchConflict, threeWayJson, threeWayStrategic } from './three-way.js';

const asJson = (value: unknown): JsonObject => value as JsonObject;

/** What is to be sent so that `live` becomes `modified` without what only others set. `warn`: the server's own words for the kind did not help either. */
export function applyPatch(
  info: Info,
  modified: KubeObject,
  live: KubeObject,
  warn: (text: string) => void,
  overwrites = true,
): { readonly type: 'strategic' | 'merge'; readonly body: JsonObject } {
  const noted = lastApplied(live);
  let original: JsonObject = {};
  if (noted !== undefined) {
    try {
      original = asJson(JSON.parse(noted));
    } catch (error) {
      throw new UsageError(`error unmarshaling last applied configuration: ${messageOf(error)}`);
    }
  }
  const schema = patchTypeOf(info.mapping.group, info.mapping.kind);
  if (schema === undefined) {
    // The precondition functions of patcher.go: these three may not change in a merge patch
    const body = threeWayJson(original, asJson(modified), asJson(live));
    return { type: 'merge', body };
  }
  try {
    return { type: 'strategic', body: threeWayStrategic(original, asJson(modified), asJson(live), schema, overwrites) };
  } catch (error) {
    const isConflict = error instanceof PatchConflict;
    if (!(isConflict || error instanceof StrategicMergeError)) throw error;
    const why = isConflict
      ? `patch:\n${emitYaml(error.patch)}\nconflicts with changes made from original to current:\n${emitYaml(error.changes)}\n`
      : error.message;
    if (!isConflict) for (const spec of ['openapi v3', 'openapi']) warn(`warning: error calculating patch from ${spec} spec: ${why}\n`);
    const versions = `original:\n${noted ?? ''}\nmodified:\n${goJson(modified)}\n\ncurrent:\n${goJson(live)}\n`;
    throw new UsageError(`creating patch with:\n${versions}\nfor:: ${why}`);
  }
}

/** Patches, and looks again when somebody was quicker (maxPatchRetry). */
export async function patchLive(
  factory: Factory,
  info: Info,
  modified: KubeObject,
  live: KubeObject,
  query: Query,
  subresource: string,
  overwrites = true,
): Promise<{ readonly body: JsonObject; readonly object: KubeObject; readonly failure?: unknown }> {
  const target = { ...targetOf(info), ...(subresource === '' ? {} : { subresource }) };
  let current = live;
  for (let attempt = 1; ; attempt++) {
    let made: ReturnType<typeof applyPatch>;
    try {
      made = applyPatch(info, modified, current, (text) => factory.streams.err(text), overwrites);
    } catch (failure) {
      return { body: {}, object: current, failure: addSource('patching', info.source, failure) };
    }
    const { type, body } = made;
    if (Object.keys(body).length === 0) return { body, object: current };
    try {
      return { body, object: await factory.client.patch<KubeObject>(target, type, body, query) };
    } catch (failure) {
      if (!(failure instanceof StatusError && failure.reason === 'Conflict') || attempt > 5) return { body, object: current, failure };
      if (attempt > 1) await factory.sleep(1000);
      current = await factory.client.get<KubeObject>(target);
    }
  }
}

/** The words of a failed patch; one that could not be made has none. */
export const patchText = (body: JsonObject): string => (Object.keys(body).length === 0 ? '' : goJson(body));
