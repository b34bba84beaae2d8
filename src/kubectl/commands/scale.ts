/** kubectl scale (pkg/cmd/scale/scale.go, pkg/scale/scale.go). */
import type { KubeObject } from '../../api/object.js';
import { type Info, type Request, requestOf, targetOf, visit } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { aggregate, messageOf } from '../errors.js';
import { objectPrinter } from '../printing.js';
import { RECORD, recordPatch } from '../record.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  short: 'Set the size of a deployment, replica set or replication controller',
  long: `Set how many replicas a deployment, replica set, replication controller or stateful set shall have.

With --current-replicas or --resource-version the size is only set if it is as said before.`,
  examples: `# A replica set of 3
kubectl scale --replicas=3 rs/foo

# What a file names
kubectl scale --replicas=3 -f foo.yaml

# From 2 to 3, but only if it is 2
kubectl scale --current-replicas=2 --replicas=3 deployment/mysql

# Several at once
kubectl scale --replicas=5 rc/example1 rc/example2 rc/example3

# A stateful set
kubectl scale --replicas=3 statefulset/web`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.PRINT,
    { name: 'current-replicas', type: 'int', default: '-1', usage: 'Only scale if this is the size now. -1: whatever it is.' },
    shared.DRY_RUN,
    ...shared.FILES('Files, directories or URLs that name what to scale'),
    { name: 'replicas', type: 'int', default: '0', usage: 'The new size. Needed.', required: true },
    RECORD,
    { name: 'resource-version', type: 'string', usage: 'Only scale if the object has this version.' },
    shared.SELECTOR,
    { name: 'timeout', type: 'duration', default: '0s', usage: 'How long to wait until it is done; zero: do not wait. With a unit (1s, 2m, 3h).' },
  ],
  complete: async (args, flags, factory) => ({ request: requestOf(flags, args), flags, dryRun: shared.dryRunOf(flags, factory) }),
  validate({ flags }) {
    if (flags.int('replicas') < 0) throw new UsageError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    if (flags.int('current-replicas') < -1) throw new UsageError('The --current-replicas must specify an integer of -1 or greater');
  },
  run,
};
export default command;

async function run({ request, flags, dryRun }: Options, factory: Factory): Promise<void> {
  const print = await objectPrinter(factory, flags, 'scaled', dryRun);
  const infos: Info[] = [];
  const { errors } = await visit(factory, request, async (info) => void infos.push(info));
  const missing = aggregate(errors);
  if (flags.string('resource-version') !== '' && infos.length > 1) throw new UsageError('cannot use --resource-version with multiple resources');
  if (infos.length === 0) throw new UsageError(`no objects passed to scale${missing === undefined ? '' : ` ${messageOf(missing)}`}`);
  for (const info of infos) {
    if (dryRun !== 'client') {
      await scale(factory, info, flags, dryRun);
      const patch = recordPatch(factory, flags, info.object as KubeObject);
      if (patch !== undefined) await factory.client.patch(targetOf(info), 'merge', patch);
    }
    print(info.object as KubeObject);
  }
  if (missing !== undefined) throw missing;
}

interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

async function scale(factory: Factory, info: Info, flags: FlagValues, dryRun: shared.DryRun): Promise<void> {
  const target = { ...targetOf(info), subresource: 'scale' };
  const replicas = flags.int('replicas');
  const expected = flags.int('current-replicas');
  const version = flags.string('resource-version');
  const query = shared.dryRunQuery(dryRun);
  if (expected !== -1 || version !== '') {
    const found = await factory.client.get<Scale>(target);
    const actual = found.spec?.replicas ?? 0;
    if (expected !== -1 && actual !== expected) throw new UsageError(`Expected replicas to be ${expected}, was ${actual}`);
    if (version !== '' && found.metadata.resourceVersion !== version)
      throw new UsageError(`Expected resource version to be ${version}, was ${found.metadata.resourceVersion}`);
    await factory.client.update(target, { ...found, spec: { ...found.spec, replicas } } as Scale, query);
  } else await factory.client.patch(target, 'merge', { spec: { replicas } }, query);
  const timeout = flags.duration('timeout');
  if (timeout === 0 || dryRun !== 'none') return;
  for (const end = factory.now() + timeout; ; ) {
    if (factory.now() > end) throw new UsageError(`timed out waiting for "${info.name}" to be synced`);
    const found = await factory.client.get<Scale>(target);
    if ((found.status?.replicas ?? 0) === replicas && (found.spec?.replicas ?? 0) === replicas) return;
    if (factory.now() === end) throw new UsageError(`timed out waiting for "${info.name}" to be synced`);
    await factory.sleep(1000);
  }
}
