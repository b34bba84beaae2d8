/** kubectl rollout status (pkg/cmd/rollout/rollout_status.go). */
import type { KubeObject } from '../../../api/object.js';
import { hasFiles, type Request, requestOf, visitAll } from '../../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { groupKind } from '../../names.js';
import { statusViewer } from '../../rollout.js';
import * as shared from '../../shared-flags.js';
import { A_WEEK, watchUntil } from '../../waiting.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'status (TYPE NAME | TYPE/NAME) [flags]',
  short: 'Watch a rollout until it is done',
  long: `Show how far a rollout is, and go on until it is done. --watch=false says it once.

Another rollout that begins meanwhile is watched instead. --revision=N ends with an error when the running revision is not N.`,
  examples: `# Of a deployment
kubectl rollout status deployment/nginx`,
  flags: [
    ...shared.FILES('Files, directories or URLs that name the objects.'),
    { name: 'revision', type: 'int64', default: '0', usage: 'Insist on this revision. 0: the newest.' },
    shared.SELECTOR,
    { name: 'timeout', type: 'duration', default: '0s', usage: 'How long to watch; zero: without end. With a unit (1s, 2m, 3h).' },
    { name: 'watch', short: 'w', type: 'bool', default: 'true', usage: 'Watch until it is done.' },
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
  factory.endOnSignal(1);
  const count = await visitAll(factory, request, async (info) => {
    const viewer = statusViewer(info.object as KubeObject);
    if (viewer === undefined) throw new UsageError(`no status viewer has been implemented for ${groupKind(info.mapping)}`);
    const timeout = flags.duration('timeout') || A_WEEK;
    const done = await watchUntil(factory, info, timeout, (change) => {
      if (change === undefined) return false;
      if (change.type === 'DELETED') throw new UsageError('object has been deleted');
      const status = viewer(change.object, flags.int('revision'));
      factory.streams.out(status.text);
      return status.done || !flags.bool('watch');
    });
    if (!done) throw new UsageError('timed out waiting for the condition');
  });
  if (count === 0) factory.streams.err(`No resources found in ${factory.namespace} namespace.\n`);
}
