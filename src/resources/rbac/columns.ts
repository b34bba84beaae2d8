/** Columns of the two bindings: printRoleBinding, printClusterRoleBinding of pkg/printers/internalversion/printers.go. Loaded by every command. */
import type { KubeObject } from '../../api/object.js';
import type { Column } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { RoleRef, Subject } from './types.js';

type Binding = KubeObject & { readonly roleRef: RoleRef; readonly subjects?: readonly Subject[] };

const named = (kind: string, { subjects }: Binding): string =>
  (subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ namespace = '', name }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
    .join(', ');

export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  textColumn<Binding>('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  textColumn<Binding>('Users', (binding) => named('User', binding), 1),
  textColumn<Binding>('Groups', (binding) => named('Group', binding), 1),
  textColumn<Binding>('ServiceAccounts', (binding) => named('ServiceAccount', binding), 1),
];
