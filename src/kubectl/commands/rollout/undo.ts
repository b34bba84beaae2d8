/** kubectl rollout undo (pkg/cmd/rollout/rollout_undo.go, pkg/polymorphichelpers/rollback.go). */
import type { Json, KubeObject } from '../../../api/object.js';
import type { Deployment } from '../../../resources/deployments/types.js';
import { hasFiles, type Info, type Request, requestOf, targetOf, visitAll } from '../../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { templateText } from '../../pod-template-text.js';
import { operationPrinter } from '../../printing.js';
import { hasHistory, isSameTemplate, noneFor, type Revision, restoredAnnotations, revisionsOf, revisionToRestore, withoutHash } from '../../rollout.js';
import * as shared from '../../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'undo (TYPE NAME | TYPE/NAME) [flags]',
  short: 'Go back to an earlier revision',
  long: 'Make an earlier revision of a workload the newest one.',
  examples: `# The revision before
kubectl rollout undo deployment/abc

# Revision 3 of a daemon set
kubectl rollout undo daemonset/abc --to-revision=3

# Without doing it
kubectl rollout undo --dry-run=server deployment/abc`,
  flags: [
    ...shared.PRINT,
    shared.DRY_RUN,
    ...shared.FILES('Files, directories or URLs that name the objects.'),
    shared.SELECTOR,
    { name: 'to-revision', type: 'int64', default: '0', usage: 'The revision to go back to. 0: the one before.' },
  ],
  complete: async (args, flags, factory) => ({
    request: { ...requestOf(flags, args), latest: true, typed: true, selectAllByDefault: true },
    flags,
    dryRun: shared.dryRunOf(flags, factory),
  }),
  validate({ request }) {
    if ((request.args?.length ?? 0) === 0 && !hasFiles(request)) throw new UsageError('required resource not specified');
  },
  async run({ request, flags, dryRun }, factory) {
    const print = await operationPrinter(factory, flags, dryRun, true);
    await visitAll(factory, request, async (info) => {
      const word = await rollBack(factory, info, flags.int('to-revision'), dryRun);
      await print(info.object as KubeObject, word);
    });
  },
};
export default command;

async function rollBack(factory: Factory, info: Info, toRevision: number, dryRun: shared.DryRun): Promise<string> {
  const object = info.object as KubeObject;
  if (!hasHistory(object)) throw new UsageError(noneFor('rollbacker', 'rollbacker', info.mapping));
  const target = targetOf(info);
  const revision: Revision = revisionToRestore(object, await revisionsOf(factory, object), toRevision);
  if (dryRun === 'client') return templateText(revision.template);
  const deployment = object as Deployment;
  if (object.kind === 'Deployment' && deployment.spec?.paused === true) {
    throw new UsageError("you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again");
  }
  if (isSameTemplate(revision.template, deployment.spec?.template)) return `skipped rollback (current template already matches revision ${toRevision})`;
  if (object.kind === 'Deployment') {
    const patch = [
      { op: 'replace', path: '/spec/template', value: withoutHash(revision.template) },
      { op: 'replace', path: '/metadata/annotations', value: restoredAnnotations(object, revision.source) },
    ];
    await factory.client.patch(target, 'json', patch as unknown as Json, shared.dryRunQuery(dryRun));
  } else await factory.client.patch(target, 'strategic', (revision.source as { data?: unknown }).data, shared.dryRunQuery(dryRun));
  return 'rolled back';
}
