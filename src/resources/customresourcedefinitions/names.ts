/**
 * Which of the names it asks for a CustomResourceDefinition gets: apiextensions-apiserver pkg/controller/status/naming_controller.go
 * and pkg/controller/establish. Names are shared by all definitions of a group; who came first keeps them.
 */
import { withCondition } from './finalizer.js';
import type { CustomResourceDefinition, CustomResourceDefinitionCondition, CustomResourceDefinitionNames, CustomResourceDefinitionStatus } from './types.js';

/** The status of `crd` next to the `others` of its group, as of `now` (RFC 3339). */
export function acceptNames(crd: CustomResourceDefinition, others: readonly CustomResourceDefinition[], now: string): CustomResourceDefinitionStatus {
  const wanted = crd.spec.names;
  const before = crd.status.acceptedNames;
  const accepted: { -readonly [K in keyof CustomResourceDefinitionNames]: CustomResourceDefinitionNames[K] } = { ...before };
  const taken = others.map(({ status }) => status.acceptedNames);
  const resources = new Set(taken.flatMap(({ plural, singular, shortNames }) => [plural, singular ?? '', ...(shortNames ?? [])]));
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind ?? '']));
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const take = (isFree: boolean, name: string, reason: string, accept: () => void): void => {
    if (isFree) accept();
    else conflict = { reason, message: `"${name}" is already in use` };
  };
  take(wanted.plural === before.plural || !resources.has(wanted.plural), wanted.plural, 'PluralConflict', () => {
    accepted.plural = wanted.plural;
  });
  const singular = wanted.singular ?? '';
  take(singular === before.singular || !resources.has(singular), singular, 'SingularConflict', () => {
    accepted.singular = singular;
  });
  const short = (wanted.shortNames ?? []).filter((name) => !before.shortNames?.includes(name) && resources.has(name));
  take(short.length === 0, short[0] ?? '', 'ShortNamesConflict', () => {
    if (wanted.shortNames !== undefined) accepted.shortNames = wanted.shortNames;
    else delete accepted.shortNames;
  });
  take(wanted.kind === before.kind || !kinds.has(wanted.kind), wanted.kind, 'KindConflict', () => {
    accepted.kind = wanted.kind;
  });
  const listKind = wanted.listKind ?? '';
  take(listKind === before.listKind || !kinds.has(listKind), listKind, 'ListKindConflict', () => {
    accepted.listKind = listKind;
  });
  if (wanted.categories !== undefined) accepted.categories = wanted.categories;
  else delete accepted.categories;

  const isEstablished = crd.status.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') === true;
  const conditions: readonly CustomResourceDefinitionCondition[] = [
    conflict === undefined
      ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
      : { type: 'NamesAccepted', status: 'False', ...conflict },
    conflict === undefined || isEstablished
      ? { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
      : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
  ];
  const all = conditions.reduce((list, condition) => withCondition(list, condition, now), crd.status.conditions ?? []);
  return { ...crd.status, acceptedNames: accepted, conditions: all };
}
