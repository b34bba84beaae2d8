/** pkg/apis/storage/validation/validation.go ValidateVolumeAttachment. */
import { type FieldError, invalid, required } from '../../api/field.js';
import { dnsSubdomain } from '../meta/names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { VolumeAttachment } from './types.js';

export function validate(object: VolumeAttachment): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: false }, errors);
  const { attacher = '', nodeName = '', source } = object.spec;
  if (attacher === '') errors.push(required('spec.attacher'));
  for (const problem of dnsSubdomain(nodeName)) errors.push(invalid('spec.nodeName', nodeName, problem));
  if (source?.persistentVolumeName === undefined && source?.inlineVolumeSpec === undefined)
    errors.push(required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  return errors;
}

export function validateUpdate(object: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  const errors = validate(object);
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  validateImmutable(object.spec, old.spec, 'spec', errors);
  return errors;
}
