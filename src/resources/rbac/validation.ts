/** Rules and bindings of roles: pkg/apis/rbac/validation/validation.go. Names are whatever a path can hold. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, goQuote, goSyntax, index, invalid, notSupported, required } from '../../api/field.js';
import type { ObjectMeta } from '../../api/object.js';
import { dnsSubdomain, nameIsPathSegment } from '../meta/names.js';
import { goStrings, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { PolicyRule, RoleRef, Subject } from './types.js';

const GROUP = 'rbac.authorization.k8s.io';

export const validateRbacMeta = (metadata: ObjectMeta, namespaced: boolean, errors: FieldError[]): void =>
  validateObjectMeta(metadata, { namespaced, name: nameIsPathSegment }, errors);
export const validateRbacMetaUpdate = (metadata: ObjectMeta, old: ObjectMeta, errors: FieldError[]): void => validateObjectMetaUpdate(metadata, old, errors);

export function validateRules(rules: readonly PolicyRule[], namespaced: boolean, errors: FieldError[]): void {
  rules.forEach(({ verbs, apiGroups, resources, nonResourceURLs }, i) => {
    const path = index('rules', i);
    if (!verbs?.length) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
    if (nonResourceURLs?.length) {
      if (namespaced) errors.push(invalid(`${path}.nonResourceURLs`, goStrings(nonResourceURLs), 'namespaced rules cannot apply to non-resource URLs'));
      if (apiGroups?.length || resources?.length)
        errors.push(invalid(`${path}.nonResourceURLs`, goStrings(nonResourceURLs), 'rules cannot apply to both regular resources and non-resource URLs'));
      return;
    }
    if (!apiGroups?.length) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    if (!resources?.length) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  });
}

/** `kinds`: what a roleRef may name. */
export function validateBinding(
  roleRef: RoleRef | undefined,
  subjects: readonly Subject[],
  kinds: readonly string[],
  namespaced: boolean,
  errors: FieldError[],
): void {
  const { apiGroup = '', kind = '', name = '' } = roleRef ?? {};
  if (apiGroup !== GROUP) errors.push(notSupported('roleRef.apiGroup', apiGroup, [GROUP]));
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds));
  if (name === '') errors.push(required('roleRef.name'));
  else for (const problem of nameIsPathSegment(name, false)) errors.push(invalid('roleRef.name', name, problem));
  subjects.forEach((subject, i) => {
    validateSubject(subject, namespaced, index('subjects', i), errors);
  });
}

function validateSubject({ kind = '', apiGroup = '', name = '', namespace = '' }: Subject, namespaced: boolean, path: string, errors: FieldError[]): void {
  if (name === '') errors.push(required(`${path}.name`));
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') for (const problem of dnsSubdomain(name)) errors.push(invalid(`${path}.name`, name, problem));
      if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(`${path}.namespace`));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== GROUP) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [GROUP]));
      break;
    default:
      errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  }
}

export function validateRoleRefUpdate(roleRef: RoleRef, old: RoleRef, errors: FieldError[]): void {
  if (isSemanticEqual(roleRef, old)) return;
  const { apiGroup, kind, name } = roleRef;
  const text = `rbac.RoleRef{APIGroup:${goQuote(apiGroup)}, Kind:${goQuote(kind)}, Name:${goQuote(name)}}`;
  errors.push(invalid('roleRef', goSyntax(text), 'cannot change roleRef'));
}

/** pkg/apis/rbac/v1/defaults.go: users and groups, and roles, belong to the RBAC group. */
export const defaultSubjects = (subjects: readonly Subject[]): readonly Subject[] =>
  subjects.map((subject) => (!subject.apiGroup && (subject.kind === 'User' || subject.kind === 'Group') ? { ...subject, apiGroup: GROUP } : subject));
export const defaultRoleRef = (roleRef: RoleRef | undefined): RoleRef => ({
  ...(roleRef ?? { kind: '', name: '' }),
  apiGroup: roleRef?.apiGroup || GROUP,
});
