/** pkg/apis/core/validation/events.go. Names are only what a path can hold. */
import { type FieldError, invalid, required, tooLong } from '../../api/field.js';
import { dnsSubdomain, nameIsPathSegment, qualifiedName } from '../meta/names.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Event } from './types.js';

/** Bytes. */
const MAX_INSTANCE = 128;
const MAX_ACTION = 128;
const MAX_REASON = 128;
const MAX_NOTE = 1024;

export function validate(event: Event): FieldError[] {
  const errors: FieldError[] = [];
  const { metadata, involvedObject } = event;
  const namespace = metadata.namespace ?? '';
  if (!involvedObject.namespace) {
    // Events about cluster-scoped objects live in namespace default.
    if (namespace !== '' && namespace !== 'default') errors.push(invalid('involvedObject.namespace', '', 'does not match event.namespace'));
  } else if (namespace !== involvedObject.namespace)
    errors.push(invalid('involvedObject.namespace', involvedObject.namespace, 'does not match event.namespace'));
  if (event.eventTime) validateNewStyle(event, errors);
  for (const problem of dnsSubdomain(namespace)) errors.push(invalid('namespace', namespace, problem));
  if (errors.length === 0) validateObjectMeta(metadata, { namespaced: true, name: nameIsPathSegment, qualifiedFinalizers: false }, errors);
  return errors;
}

/** Rules for events written with eventTime, as the events.k8s.io recorders do. */
function validateNewStyle({ reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' }: Event, errors: FieldError[]): void {
  if (reportingComponent === '') errors.push(required('reportingComponent'));
  for (const problem of qualifiedName(reportingComponent)) errors.push(invalid('reportingComponent', reportingComponent, problem));
  if (reportingInstance === '') errors.push(required('reportingInstance'));
  if (Buffer.byteLength(reportingInstance) > MAX_INSTANCE) errors.push(tooLong('reportingInstance', MAX_INSTANCE));
  if (action === '') errors.push(required('action'));
  if (Buffer.byteLength(action) > MAX_ACTION) errors.push(tooLong('action', MAX_ACTION));
  if (reason === '') errors.push(required('reason'));
  if (Buffer.byteLength(reason) > MAX_REASON) errors.push(tooLong('reason', MAX_REASON));
  if (Buffer.byteLength(message) > MAX_NOTE) errors.push(tooLong('message', MAX_NOTE));
}

export function validateUpdate(event: Event, old: Event): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(event.metadata, old.metadata, errors, 'metadata', false);
  return [...errors, ...validate(event)];
}
