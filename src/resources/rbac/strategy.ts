/** What RoleBindings and ClusterRoleBindings have in common: pkg/registry/rbac/{rolebinding,clusterrolebinding}/strategy.go. */
import type { FieldError } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import type { Strategy } from '../../api/resource.js';
import type { RoleRef, Subject } from './types.js';
import { defaultRoleRef, defaultSubjects, validateBinding, validateRbacMeta, validateRbacMetaUpdate, validateRoleRefUpdate } from './validation.js';

interface Binding extends KubeObject {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[];
}

/** `kinds`: what a roleRef may name (pkg/apis/rbac/validation/validation.go ValidateRoleBinding, ValidateClusterRoleBinding). */
export function bindingStrategy<T extends Binding>(kinds: readonly string[], isNamespaced: boolean): Strategy<T> {
  const validate = ({ metadata, roleRef, subjects }: T): FieldError[] => {
    const errors: FieldError[] = [];
    validateRbacMeta(metadata, isNamespaced, errors);
    validateBinding(roleRef, subjects ?? [], kinds, isNamespaced, errors);
    return errors;
  };
  return {
    defaults: (binding) => ({
      ...binding,
      roleRef: defaultRoleRef(binding.roleRef),
      ...(binding.subjects === undefined ? {} : { subjects: defaultSubjects(binding.subjects) }),
    }),
    validate,
    validateUpdate: (binding, old) => {
      // By the strategy and by the validation of updates.
      const errors = [...validate(binding), ...validate(binding)];
      validateRbacMetaUpdate(binding.metadata, old.metadata, errors);
      validateRoleRefUpdate(binding.roleRef, old.roleRef, errors);
      return errors;
    },
    hasGeneration: false,
    hasStatus: false,
    allowCreateOnUpdate: true,
  };
}
