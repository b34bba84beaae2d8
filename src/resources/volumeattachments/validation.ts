/** pkg/apis/storage/validation/validation.go ValidateVolumeAttachment. */
import { type FieldError, forbidden, invalid, required } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { dnsSubdomain } from '../meta/names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import { validateDriverName } from '../pod-template/validate-volumes.js';
import type { VolumeAttachment } from './types.js';

export function validate(object: VolumeAttachment): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: false }, errors);
  const { attacher = '', nodeName = '', source } = object.spec;
  const { persistentVolumeName, inlineVolumeSpec } = source ?? {};
  const onlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (attacher === '') errors.push(required('spec.attacher'));
  if (persistentVolumeName === undefined && inlineVolumeSpec === undefined) errors.push(required('spec.source', onlyOne));
  else if (persistentVolumeName !== undefined && inlineVolumeSpec !== undefined) errors.push(forbidden('spec.source', onlyOne));
  else if (persistentVolumeName === '') errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  for (const problem of dnsSubdomain(nodeName)) errors.push(invalid('spec.nodeName', nodeName, problem));
  validateDriverName(attacher, 'spec.attacher', errors);
  if (persistentVolumeName !== undefined)
    for (const problem of dnsSubdomain(persistentVolumeName)) errors.push(invalid('spec.source.persistentVolumeName', persistentVolumeName, problem));
  return errors;
}

export function validateUpdate(object: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  const errors = validate(object);
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  validateImmutable(object.spec, old.spec, 'spec', errors, (spec) => goBadValue('storage.VolumeAttachmentSpec', spec));
  return errors;
}
