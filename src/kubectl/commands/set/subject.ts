/** kubectl set subject (pkg/cmd/set/set_subject.go). */

import { isEqual } from '../../../api/equality.js';
import type { Json, KubeObject } from '../../../api/object.js';
import { targetOf } from '../../builder/index.js';
import { type Command, UsageError } from '../../command.js';
import { aggregate, messageOf } from '../../errors.js';
import { completeSet, infoName, type SetOptions } from '../../pod-specs.js';
import { objectPrinter } from '../../printing.js';
import * as shared from '../../shared-flags.js';
import { SUBJECT_FLAGS, subjectsOf } from '../../subjects.js';

const command: Command<SetOptions> = {
  use: 'subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Change who a role binding or cluster role binding is for',
  long: 'Add users, groups or service accounts to role bindings and cluster role bindings.',
  examples: `# A service account
kubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1

# Users and a group
kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1

# Of a generated binding, without asking the server
kubectl create rolebinding admin --role=admin --user=admin -o yaml --dry-run=client | kubectl set subject --local -f - --user=foo -o yaml`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.PRINT,
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-set'),
    ...shared.FILES('Files, directories or URLs that name the objects'),
    shared.LOCAL,
    shared.SELECTOR,
    ...SUBJECT_FLAGS('it is for'),
  ],
  async complete(args, flags, factory) {
    const options = await completeSet(args, flags, factory);
    if (flags.bool('all') && flags.string('selector') !== '') throw new UsageError('cannot set --all and --selector at the same time');
    if (['user', 'group', 'serviceaccount'].every((name) => flags.strings(name).length === 0))
      throw new UsageError('you must specify at least one value of user, group or serviceaccount');
    subjectsOf(flags, factory.namespace);
    return options;
  },
  async run(options, factory) {
    const { flags, dryRun } = options;
    const local = flags.bool('local');
    const print = await objectPrinter(factory, flags, 'subjects updated', dryRun, true);
    const failures: unknown[] = [];
    for (const info of options.infos) {
      const old = info.object as KubeObject & { readonly subjects?: readonly Json[] };
      if (old.kind !== 'RoleBinding' && old.kind !== 'ClusterRoleBinding') {
        failures.push(new UsageError(`error: ${infoName(info, local)} setting subjects is only supported for RoleBinding/ClusterRoleBinding\n`));
        continue;
      }
      const subjects = [...(old.subjects ?? [])];
      const added = subjectsOf(flags, factory.namespace).filter((subject) => !subjects.some((one) => isEqual(one, subject as Json)));
      if (added.length === 0) continue;
      const changed = { ...old, subjects: [...subjects, ...(added as Json[])] } as KubeObject;
      if (local || dryRun === 'client') {
        print(local ? (await import('../../typed.js')).typed(changed) : changed);
        continue;
      }
      try {
        print(
          await factory.client.patch<KubeObject>(
            targetOf(info),
            'strategic',
            { subjects: [...subjects, ...added] },
            { fieldManager: flags.string('field-manager'), ...shared.dryRunQuery(dryRun) },
          ),
        );
      } catch (error) {
        failures.push(new UsageError(`failed to patch subjects to rolebinding: ${messageOf(error)}`));
      }
    }
    const error = aggregate(failures);
    if (error !== undefined) throw error;
  },
};
export default command;
