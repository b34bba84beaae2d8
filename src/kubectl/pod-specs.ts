/** Changing pod templates: what `set image|env|resources|serviceaccount` and `rollout restart` share (pkg/cmd/set/helper.go, polymorphichelpers/updatepodspec.go). */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { splitGroupVersion } from '../client/rest-mapper.js';
import { type Info, LOCAL_NEEDS_FILES, type Request, requestOf, targetOf, visit } from './builder/index.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { aggregate, messageOf } from './errors.js';
import { isMap } from './manifests.js';
import { objectName } from './names.js';
import { patchTypeOf } from './patch-schema.js';
import { goType } from './pods.js';
import { kindAndName } from './printers/name.js';
import { objectPrinter } from './printing.js';
import { recorded } from './record.js';
import * as shared from './shared-flags.js';
import { twoWayStrategic } from './three-way.js';

/** Where an object's PodTemplateSpec is (of a pod: the pod itself). */
export function podTemplatePath(object: Pick<KubeObject, 'apiVersion' | 'kind'>): readonly string[] | undefined {
  switch (`${splitGroupVersion(object.apiVersion).group}/${object.kind}`) {
    case '/Pod':
      return [];
    case '/ReplicationController':
    case 'apps/Deployment':
    case 'apps/ReplicaSet':
    case 'apps/DaemonSet':
    case 'apps/StatefulSet':
    case 'batch/Job':
      return ['spec', 'template'];
    case 'batch/CronJob':
      return ['spec', 'jobTemplate', 'spec', 'template'];
    default:
      return undefined;
  }
}

/** The value at a path; maps on the way that are missing read as empty. */
export function at(object: Json | undefined, path: readonly string[]): Json | undefined {
  let value = object;
  for (const key of path) value = isMap(value) ? value[key] : undefined;
  return value;
}

/** The object with another value at a path. */
export function withAt<T>(object: T, path: readonly string[], value: Json | undefined): T {
  const [key, ...rest] = path;
  if (key === undefined) return value as T;
  const map = (isMap(object) ? object : {}) as JsonObject;
  return { ...map, [key]: withAt(map[key], rest, value) } as T;
}

/** UpdatePodSpecForObject: the object with its pod spec changed; throws for kinds without one. */
export function updatePodSpec(object: KubeObject, change: (spec: JsonObject) => JsonObject): KubeObject {
  const path = podTemplatePath(object);
  if (path === undefined) throw new UsageError(`the object is not a pod or does not have a pod template: ${goType(object)}`);
  const specPath = [...path, 'spec'];
  const spec = at(object as unknown as Json, specPath);
  const changed = change(isMap(spec) ? spec : {});
  return isMap(spec) || Object.keys(changed).length > 0 ? withAt(object, specPath, changed) : object;
}

/** Info.ObjectName of cli-runtime: without a mapping from the server it ends a line where there is a group. */
export function infoName(info: Info, isLocal: boolean): string {
  if (!isLocal) return objectName(info);
  const name = kindAndName(info.object as KubeObject).replace(/<unknown>$/, '');
  return info.mapping.group === '' ? name : `${name}\n`;
}

export interface SetOptions {
  /** Fetched before the command line is checked further, as upstream's Complete does. */
  readonly infos: readonly Info[];
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

/** What every `set` command begins with. */
export async function completeSet(resources: readonly string[], flags: FlagValues, factory: Factory): Promise<SetOptions> {
  const dryRun = shared.dryRunOf(flags, factory);
  const request = requestOf(flags, resources);
  if (flags.has('local') && flags.bool('local') && resources.length > 0) throw new UsageError(LOCAL_NEEDS_FILES);
  return { request, flags, dryRun, infos: await setInfos(factory, request, flags) };
}

async function setInfos(factory: Factory, request: Request, flags: FlagValues): Promise<readonly Info[]> {
  const local = flags.has('local') && flags.bool('local');
  const infos: Info[] = [];
  const { errors } = await visit(factory, { ...request, latest: !local, offline: local, typed: true }, async (info) => void infos.push(info));
  const error = aggregate(errors);
  if (error !== undefined) throw error;
  return infos;
}

/** set.CalculatePatches and what follows: each object is changed, patched and printed; `failed` is how a refusal begins; `always`: also when nothing is to be changed. */
export async function patchEach(
  factory: Factory,
  options: SetOptions,
  words: { readonly done: string; readonly failed: string | ((message: string) => string); readonly always?: true },
  change: (object: KubeObject) => KubeObject,
): Promise<void> {
  const { flags, dryRun } = options;
  const local = flags.has('local') && flags.bool('local');
  const print = await objectPrinter(factory, flags, words.done, dryRun, true);
  const failures: unknown[] = [];
  for (const info of options.infos) {
    const old = info.object as KubeObject;
    let changed: KubeObject;
    try {
      changed = recorded(factory, flags, change(old));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      failures.push(new UsageError(`error: ${infoName(info, local)} ${messageOf(error)}\n`));
      continue;
    }
    const patch = twoWayStrategic(old as unknown as JsonObject, changed as unknown as JsonObject, patchTypeOf(info.mapping.group, info.mapping.kind) ?? {});
    if (Object.keys(patch).length === 0 && words.always !== true) continue;
    if (local || dryRun === 'client') {
      print(local ? (await import('./typed.js')).typed(changed) : changed);
      continue;
    }
    try {
      print(
        await factory.client.patch<KubeObject>(targetOf(info), 'strategic', patch, {
          ...(flags.has('field-manager') ? { fieldManager: flags.string('field-manager') } : {}),
          ...shared.dryRunQuery(dryRun),
        }),
      );
    } catch (error) {
      const message = messageOf(error);
      failures.push(new UsageError(typeof words.failed === 'string' ? `${words.failed}: ${message}` : words.failed(message)));
    }
  }
  const error = aggregate(failures);
  if (error !== undefined) throw error;
}
