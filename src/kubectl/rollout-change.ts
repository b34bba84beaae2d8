/** What rollout pause, resume and restart share (pkg/cmd/rollout/rollout_pause.go, rollout_restart.go). */
import type { JsonObject, KubeObject } from '../api/object.js';
import { groupResourceOf } from '../client/rest-mapper.js';
import { hasFiles, type Info, requestOf, targetOf, visit } from './builder/index.js';
import { type Command, type Flag, type FlagValues, UsageError } from './command.js';
import { aggregate, messageOf, newAggregate } from './errors.js';
import { patchTypeOf } from './patch-schema.js';
import { objectPrinter } from './printing.js';
import * as shared from './shared-flags.js';
import { twoWayStrategic } from './three-way.js';

const ROLLOUT_FLAGS: readonly Flag[] = [
  ...shared.PRINT,
  shared.FIELD_MANAGER('kubectl-rollout'),
  ...shared.FILES('Files, directories or URLs that name the objects.'),
  shared.SELECTOR,
];

interface Options {
  readonly request: ReturnType<typeof requestOf>;
  readonly flags: FlagValues;
}

/** A command that changes one thing of each object; `change` throws UsageError for what it cannot do. */
export function rolloutChange(
  parts: Pick<Command, 'use' | 'short' | 'long' | 'examples'>,
  done: string,
  nothing: (name: string) => UsageError,
  change: (object: KubeObject, now: number) => KubeObject,
): Command<Options> {
  return {
    ...parts,
    flags: ROLLOUT_FLAGS,
    complete: async (args, flags) => ({ request: requestOf(flags, args), flags }),
    validate({ request }) {
      if ((request.args?.length ?? 0) === 0 && !hasFiles(request)) throw new UsageError('required resource not specified');
    },
    async run({ request, flags }, factory) {
      const print = await objectPrinter(factory, flags, done, 'none', true);
      const infos: Info[] = [];
      const { errors } = await visit(factory, { ...request, latest: true, typed: true, selectAllByDefault: true }, async (info) => void infos.push(info));
      const unread = aggregate(errors);
      const failures: unknown[] = unread === undefined ? [] : [unread];
      if (infos.length === 0 && errors.length === 0) factory.streams.err(`No resources found in ${factory.namespace} namespace.\n`);
      for (const info of infos) {
        const object = info.object as KubeObject;
        let changed: KubeObject;
        try {
          changed = change(object, factory.now());
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          failures.push(new UsageError(`error: ${groupResourceOf(info.mapping)} "${info.name}" ${messageOf(error)}`));
          continue;
        }
        const patch = twoWayStrategic(
          object as unknown as JsonObject,
          changed as unknown as JsonObject,
          patchTypeOf(info.mapping.group, info.mapping.kind) ?? {},
        );
        if (Object.keys(patch).length === 0) {
          failures.push(nothing(info.name));
          continue;
        }
        try {
          print(
            await factory.client.patch<KubeObject>(targetOf(info), 'strategic', patch, {
              fieldManager: flags.string('field-manager'),
            }),
          );
        } catch (error) {
          failures.push(new UsageError(`failed to patch: ${messageOf(error)}`));
        }
      }
      const error = newAggregate(failures);
      if (error !== undefined) throw error;
    },
  };
}
