/** kubectl rollout history (pkg/cmd/rollout/rollout_history.go). */
import type { Json, KubeObject } from '../../../api/object.js';
import { alignTabs, DESCRIBE_TABS } from '../../../text/tabwriter.js';
import { hasFiles, type Request, requestOf, visitAll } from '../../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { withAt } from '../../pod-specs.js';
import { templateText } from '../../pod-template-text.js';
import { kindAndName } from '../../printers/name.js';
import { objectPrinter, outputOf } from '../../printing.js';
import { CHANGE_CAUSE } from '../../record.js';
import { changeCause, hasHistory, noneFor, type Revision, revisionsOf } from '../../rollout.js';
import * as shared from '../../shared-flags.js';
import { typed } from '../../typed.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'history (TYPE NAME | TYPE/NAME) [flags]',
  short: 'View the revisions of a workload',
  long: 'Show the revisions of a workload that are kept, and what they were.',
  examples: `# The revisions of a deployment
kubectl rollout history deployment/abc

# What revision 3 of a daemon set was
kubectl rollout history daemonset/abc --revision=3`,
  flags: [
    ...shared.PRINT,
    ...shared.FILES('Files, directories or URLs that name the objects.'),
    { name: 'revision', type: 'int64', default: '0', usage: 'Show this revision in full' },
    shared.SELECTOR,
  ],
  complete: async (args, flags) => ({ request: { ...requestOf(flags, args), latest: true, typed: true, selectAllByDefault: true }, flags }),
  validate({ request, flags }) {
    if ((request.args?.length ?? 0) === 0 && !hasFiles(request)) throw new UsageError('required resource not specified');
    if (flags.int('revision') < 0) throw new UsageError(`revision must be a positive integer: ${flags.int('revision')}`);
  },
  run,
};
export default command;

async function run({ request, flags }: Options, factory: Factory): Promise<void> {
  const wanted = flags.int('revision');
  const print = flags.string('output') === '' ? undefined : await objectPrinter(factory, flags, '', 'none', true);
  const template = print === undefined && outputOf(flags) !== '' ? await objectPrinter(factory, flags, '') : undefined;
  await visitAll(factory, request, async (info) => {
    const object = info.object as KubeObject;
    if (!hasHistory(object)) throw new UsageError(noneFor('history', 'history viewer', info.mapping));
    const revisions = await revisionsOf(factory, object);
    if (print !== undefined) {
      const chosen = revisions.filter((revision) => wanted === 0 || revision.revision === wanted);
      if (wanted > 0 && chosen.length === 0) throw new UsageError('unable to find the specified revision');
      for (const one of chosen) print(objectOf(object, one));
      return;
    }
    // Without -o the template is for the object that has the history (history.go)
    if (template !== undefined) return template(object);
    factory.streams.out(`${kindAndName(object)} ${wanted > 0 ? `with revision #${wanted}` : ''}\n${historyText(revisions, wanted)}\n`);
  });
}

/** What GetHistory has for a revision: the replica set, or the daemon or stateful set as it was then. */
const objectOf = (object: KubeObject, { source, template }: Revision): KubeObject =>
  object.kind === 'Deployment' ? (source as KubeObject) : typed(withAt(object, ['spec', 'template'], template as unknown as Json));

function historyText(revisions: readonly Revision[], wanted: number): string {
  if (revisions.length === 0) return 'No rollout history found.';
  if (wanted === 0) {
    const lines = revisions.map((one) => `${one.revision}\t${changeCause(one)}\n`);
    return alignTabs(`REVISION\tCHANGE-CAUSE\n${lines.join('')}`, DESCRIBE_TABS);
  }
  const found = revisions.find((one) => one.revision === wanted);
  if (found === undefined) throw new UsageError('unable to find the specified revision');
  const cause = found.source.metadata.annotations?.[CHANGE_CAUSE];
  const { template } = found;
  return templateText(
    cause === undefined
      ? template
      : { ...template, metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, [CHANGE_CAUSE]: cause } } },
  );
}
