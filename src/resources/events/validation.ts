/** pkg/apis/core/validation/events.go. Names are only what a path can hold. */
import { type FieldError, invalid, required } from '../../api/field.js';
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
  const about = involvedObject.namespace ?? '';
  // Events about cluster-scoped objects live in namespace default, those written with eventTime in kube-system as well.
  const isMatching = about === '' ? ['', 'default', ...(event.eventTime ? ['kube-system'] : [])].includes(namespace) : event.eventTime || namespace === about;
  if (!isMatching) errors.push(invalid('involvedObject.namespace', about, 'does not match event.namespace'));
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
  validateLength(reportingInstance, MAX_INSTANCE, 'reportingInstance', errors);
  if (action === '') errors.push(required('action'));
  validateLength(action, MAX_ACTION, 'action', errors);
  if (reason === '') errors.push(required('reason'));
  validateLength(reason, MAX_REASON, 'reason', errors);
  validateLength(message, MAX_NOTE, 'message', errors);
}

/** Upstream shows neither what is too long nor that it is. */
function validateLength(text: string, limit: number, path: string, errors: FieldError[]): void {
  if (Buffer.byteLength(text) > limit) errors.push(invalid(path, '', `can have at most ${limit} characters`));
}

export function validateUpdate(event: Event, old: Event): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(event.metadata, old.metadata, errors, 'metadata', false);
  return [...errors, ...validate(event)];
}
