/** kubectl set serviceaccount (pkg/cmd/set/set_serviceaccount.go). */
import { NOTHING_NAMED } from '../../builder/index.js';
import { type Command, UsageError } from '../../command.js';
import { completeSet, patchEach, type SetOptions, updatePodSpec } from '../../pod-specs.js';
import { RECORD } from '../../record.js';
import * as shared from '../../shared-flags.js';

interface Options extends SetOptions {
  readonly account: string;
}

const command: Command<Options> = {
  use: 'serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  short: 'Change the service account of a workload',
  long: `Change the service account of pod templates.

Objects: replicationcontroller (rc), deployment (deploy), daemonset (ds), job, replicaset (rs), statefulset (sts)`,
  examples: `# Of a deployment
kubectl set serviceaccount deployment nginx-deployment serviceaccount1

# Of a file, without asking the server
kubectl set sa -f nginx-deployment.yaml serviceaccount1 --local --dry-run=client -o yaml`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.PRINT,
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-set'),
    ...shared.FILES('Files, directories or URLs that name the objects.'),
    shared.LOCAL,
    RECORD,
  ],
  async complete(args, flags, factory) {
    if (flags.bool('local') && shared.dryRunOf(flags, factory) === 'server')
      throw new UsageError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    // Of arguments it has no use with --local
    if (flags.bool('local') && flags.strings('filename').length === 0) throw new UsageError(NOTHING_NAMED);
    const account = args.at(-1);
    if (account === undefined) throw new UsageError('serviceaccount is required');
    return { ...(await completeSet(args.slice(0, -1), flags, factory)), account };
  },
  run: (options, factory) =>
    patchEach(
      factory,
      options,
      { done: 'serviceaccount updated', failed: (message) => `failed to patch ServiceAccountName ${message}`, always: true },
      (object) =>
        updatePodSpec(object, (spec) => ({
          ...spec,
          serviceAccountName: options.account,
          ...(spec['serviceAccount'] === undefined ? {} : { serviceAccount: options.account }),
        })),
    ),
};
export default command;
