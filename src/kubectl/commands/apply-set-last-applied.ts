/** kubectl apply set-last-applied (pkg/cmd/apply/apply_set_last_applied.go). */
import type { JsonObject, KubeObject } from '../../api/object.js';
import { goJson } from '../../text/go-json-writer.js';
import { addSource, fetchInfo, hasFiles, type Info, NOTHING_NAMED, type Request, requestOf, targetOf, visit } from '../builder/index.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { firstOf } from '../errors.js';
import { LAST_APPLIED, lastApplied } from '../last-applied.js';
import { describeInfo } from '../names.js';
import { objectPrinter } from '../printing.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'set-last-applied -f FILENAME',
  short: 'Make the last-applied-configuration annotation of a live object match a file',
  long: `Note what a file says as what was applied last, as if 'kubectl apply -f' had been run, but change nothing else of the object.`,
  examples: `# What deploy.yaml says
kubectl apply set-last-applied -f deploy.yaml

# Each file of a directory
kubectl apply set-last-applied -f path/

# Even if the object has no such annotation yet
kubectl apply set-last-applied -f deploy.yaml --create-annotation=true`,
  flags: [
    ...shared.PRINT,
    { name: 'create-annotation', type: 'bool', usage: 'Make the annotation where there is none' },
    shared.DRY_RUN,
    shared.FILENAME('Files, directories or URLs that hold the configurations'),
  ],
  complete: async (_, flags, factory) => ({ request: requestOf(flags, []), flags, dryRun: shared.dryRunOf(flags, factory) }),
  validate({ request }) {
    if (!hasFiles(request)) {
      throw new UsageError(NOTHING_NAMED);
    }
  },
  async run({ request, flags, dryRun }, factory) {
    const print = await objectPrinter(factory, flags, 'configured', dryRun);
    const changes: { readonly info: Info; readonly live: KubeObject; readonly noted: string }[] = [];
    // All are looked at before the first is changed, and the first failure is the end.
    const { errors } = await visit(factory, request, async (info) => {
      // Unlike apply, it does not add a map of annotations (pkg/cmd/util/editor/editoptions.go GetApplyPatch).
      const noted = `${goJson(info.object as unknown as JsonObject)}\n`;
      if (info.name === '')
        throw addSource(
          `retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`,
          info.source,
          new UsageError('resource name may not be empty'),
        );
      const live = (await fetchInfo(factory, info)).object as KubeObject;
      const old = lastApplied(live);
      if (old === undefined && !flags.bool('create-annotation')) {
        throw new UsageError(
          `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
        );
      }
      if (old === noted) factory.streams.out(`set-last-applied ${info.name}: no changes required.\n`);
      else changes.push({ info, live, noted });
    });
    if (errors.length > 0) throw firstOf(errors);
    for (const { info, live, noted } of changes) {
      const target = targetOf(info);
      const body = { metadata: { annotations: { [LAST_APPLIED]: noted } } };
      print(dryRun === 'client' ? live : await factory.client.patch<KubeObject>(target, 'merge', body, shared.dryRunQuery(dryRun)));
    }
  },
};
export default command;
