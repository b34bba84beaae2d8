/** pkg/registry/apps/controllerrevision/strategy.go, ValidateControllerRevision of pkg/apis/apps/validation/validation.go. */
import { type FieldError, goSyntax, required } from '../../api/field.js';
import type { Strategy } from '../../api/resource.js';
import { validateImmutable, validateNonnegative, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { ControllerRevision } from './types.js';

export const strategy: Strategy<ControllerRevision> = {
  // `revision` has no omitempty.
  defaults: (revision) => (revision.revision === undefined ? { ...revision, revision: 0 } : revision),
  validate: ({ metadata, data, revision }) => {
    const errors: FieldError[] = [];
    validateObjectMeta(metadata, { namespaced: true }, errors);
    validateNonnegative(revision, 'revision', errors);
    const given: unknown = data;
    if (given === undefined || given === null) errors.push(required('data', 'data is mandatory'));
    else if (typeof given !== 'object' || Array.isArray(given)) errors.push(required('data', 'data must be a valid JSON object'));
    return errors;
  },
  validateUpdate: ({ metadata, data, revision }, old) => {
    const errors: FieldError[] = [];
    validateObjectMetaUpdate(metadata, old.metadata, errors);
    validateNonnegative(revision, 'revision', errors);
    validateImmutable(data, old.data, 'data', errors, () => goSyntax('runtime.RawExtension{...}'));
    return errors;
  },
  hasGeneration: false,
  hasStatus: false,
};
