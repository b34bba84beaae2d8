/** pkg/registry/core/podtemplate/strategy.go, ValidatePodTemplate of pkg/apis/core/validation/validation.go. */
import type { FieldError } from '../../api/field.js';
import type { Strategy } from '../../api/resource.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { defaultPodTemplate } from '../pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../pod-template/disabled-fields.js';
import { validatePodTemplate } from '../pod-template/validation.js';
import { isNewSpec, podTemplateWarnings } from '../pod-template/warnings.js';
import type { PodTemplate } from './types.js';

export const strategy: Strategy<PodTemplate> = {
  defaults: (object) => ({ ...object, template: defaultPodTemplate(object.template) }),
  prepareForCreate: (object) => ({ ...object, template: dropDisabledTemplateFields(object.template ?? {}) }),
  prepareForUpdate: (object) => ({ ...object, template: dropDisabledTemplateFields(object.template ?? {}) }),
  validate: ({ metadata, template }) => {
    const errors: FieldError[] = [];
    validateObjectMeta(metadata, { namespaced: true }, errors);
    validatePodTemplate(template ?? {}, 'template', errors);
    return errors;
  },
  validateUpdate: ({ metadata, template }, old) => {
    const errors: FieldError[] = [];
    validateObjectMetaUpdate(metadata, old.metadata, errors);
    validatePodTemplate(template ?? {}, 'template', errors);
    return errors;
  },
  warnings: (object, old) => (isNewSpec(object, old) ? podTemplateWarnings(object.template ?? {}, 'template') : []),
  hasGeneration: true,
  hasStatus: false,
  returnsDeletedObject: true,
};
