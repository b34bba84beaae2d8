/** What reading ValidatingAdmissionPolicyBindings takes: printValidatingAdmissionPolicyBinding of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { ValidatingAdmissionPolicyBinding } from './types.js';

export const view: ResourceView<ValidatingAdmissionPolicyBinding> = {
  names: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    singular: 'validatingadmissionpolicybinding',
    shortNames: [],
    namespaced: false,
    categories: ['api-extensions'],
  },
  columns: [
    nameColumn,
    textColumn('PolicyName', ({ spec }) => spec.policyName ?? ''),
    // Whether the parameter is cluster-scoped cannot be seen from here, so one without namespace gets a star.
    textColumn('ParamRef', ({ spec: { paramRef } }) => (paramRef?.name ? `${paramRef.namespace || '*'}/${paramRef.name}` : '<unset>')),
    ageColumn,
  ],
};
