/** What reading ValidatingAdmissionPolicies takes: printValidatingAdmissionPolicy of pkg/printers/internalversion/printers.go. */
import type { ResourceView } from '../../api/resource.js';
import { ageColumn, integerColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { ValidatingAdmissionPolicy } from './types.js';

export const view: ResourceView<ValidatingAdmissionPolicy> = {
  names: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    singular: 'validatingadmissionpolicy',
    shortNames: [],
    namespaced: false,
    categories: ['api-extensions'],
  },
  columns: [
    nameColumn,
    integerColumn('Validations', ({ spec }) => spec.validations?.length ?? 0),
    textColumn('ParamKind', ({ spec: { paramKind } }) => (paramKind === undefined ? '<unset>' : `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}`)),
    ageColumn,
  ],
};
