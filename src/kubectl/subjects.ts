/** --user, --group and --serviceaccount of role bindings (pkg/cmd/create/create_rolebinding.go, pkg/cmd/set/set_subject.go). */
import { type Flag, type FlagValues, UsageError } from './command.js';

export const SUBJECT_FLAGS = (what: string, perUser = true): readonly Flag[] => [
  { name: 'group', type: 'stringArray', usage: `Groups that ${what}; may be repeated` },
  { name: 'serviceaccount', type: 'stringArray', usage: `Service accounts that ${what}, as <namespace>:<name>; may be repeated` },
  { name: 'user', type: 'stringArray', usage: `${perUser ? 'Users' : 'User names'} that ${what}; may be repeated` },
];

const RBAC = 'rbac.authorization.k8s.io';

/** Members in the order of Go's Subject. `defaultNamespace`: what an empty one means (set subject). */
export function subjectsOf(flags: FlagValues, defaultNamespace?: string): object[] {
  return [
    ...flags.strings('user').map((name) => ({ kind: 'User', apiGroup: RBAC, name })),
    ...flags.strings('group').map((name) => ({ kind: 'Group', apiGroup: RBAC, name })),
    ...flags.strings('serviceaccount').map((text) => {
      const [namespace = '', name = '', ...more] = text.split(':');
      if (name === '' || more.length > 0 || (namespace === '' && defaultNamespace === undefined))
        throw new UsageError('serviceaccount must be <namespace>:<name>');
      return { kind: 'ServiceAccount', name, namespace: namespace || defaultNamespace };
    }),
  ];
}
