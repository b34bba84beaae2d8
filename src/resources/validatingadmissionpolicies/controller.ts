/** pkg/controller/validatingadmissionpolicystatus: says of each generation of a policy that it was seen, and which of its expressions look wrong. */
import { keyOf } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import type { Schemas } from '../../api/resource.js';
import type { CustomResourceDefinition } from '../customresourcedefinitions/types.js';
import { type Checkable, typeChecker } from './type-checking.js';
import type { ValidatingAdmissionPolicy } from './types.js';

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
const NAME = 'validatingadmissionpolicy-status-controller';

export function policyController(kinds: readonly Checkable[], schemas: () => Schemas): Reconciler {
  const check = typeChecker(kinds, schemas);
  return {
    name: NAME,
    watches: [{ resource: POLICIES, keys: ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object)]) }],
    reconcile(key, { api }) {
      const policy = api.get<ValidatingAdmissionPolicy>(POLICIES, key);
      const generation = policy?.metadata.generation ?? 0;
      if (policy === undefined || generation <= (policy.status.observedGeneration ?? 0)) return undefined;
      const expressionWarnings = check(policy, (apiVersion, kind) =>
        api
          .list<CustomResourceDefinition>(DEFINITIONS)
          .some(({ spec }) => spec.names.kind === kind && spec.versions.some(({ name, served }) => served && `${spec.group}/${name}` === apiVersion)),
      );
      const status = { observedGeneration: generation, typeChecking: expressionWarnings.length === 0 ? {} : { expressionWarnings } };
      api.updateStatus<ValidatingAdmissionPolicy>(POLICIES, { ...policy, status }, { fieldManager: NAME });
      return undefined;
    },
  };
}
