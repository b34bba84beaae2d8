/** pkg/apis/core/validation/validation.go ValidateSecret, ValidateSecretUpdate. */
import { isSemanticEqual } from '../../api/equality.js';
import { type FieldError, forbidden, invalid, mapKey, required, tooLong } from '../../api/field.js';
import { goJsonSyntaxError } from '../../text/go-json.js';
import { configMapKey } from '../meta/names.js';
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from '../meta/validation.js';
import type { Secret } from './types.js';

/** Bytes. */
const MAX_SIZE = 1024 * 1024;
const IMMUTABLE = 'field is immutable when `immutable` is set';
const SERVICE_ACCOUNT = 'kubernetes.io/service-account.name';

export function validate({ metadata, type, data = {} }: Secret): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(metadata, { namespaced: true }, errors);
  let size = 0;
  for (const key of Object.keys(data).sort()) {
    for (const problem of configMapKey(key)) errors.push(invalid(mapKey('data', key), key, problem));
    size += Buffer.byteLength(data[key] ?? '', 'base64');
  }
  if (size > MAX_SIZE) errors.push(tooLong('data', MAX_SIZE));
  const needs = (key: string): void => {
    if (data[key] === undefined) errors.push(required(mapKey('data', key)));
  };
  switch (type) {
    case 'kubernetes.io/service-account-token':
      if (!metadata.annotations?.[SERVICE_ACCOUNT]) errors.push(required(mapKey('metadata.annotations', SERVICE_ACCOUNT)));
      break;
    case 'kubernetes.io/dockercfg':
      validateJson(data, '.dockercfg', errors);
      break;
    case 'kubernetes.io/dockerconfigjson':
      validateJson(data, '.dockerconfigjson', errors);
      break;
    case 'kubernetes.io/basic-auth':
      // Either will do; without both, both are asked for.
      if (data['username'] === undefined && data['password'] === undefined) {
        needs('username');
        needs('password');
      }
      break;
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) errors.push(required(mapKey('data', 'ssh-privatekey')));
      break;
    case 'kubernetes.io/tls':
      needs('tls.crt');
      needs('tls.key');
  }
  return errors;
}

function validateJson(data: Readonly<Record<string, string>>, key: string, errors: FieldError[]): void {
  const encoded = data[key];
  const path = mapKey('data', key);
  if (encoded === undefined) {
    errors.push(required(path));
    return;
  }
  const text = Buffer.from(encoded, 'base64').toString();
  const problem = goJsonSyntaxError(text) ?? wrongType(JSON.parse(text));
  if (problem !== undefined) errors.push(invalid(path, '<secret contents redacted>', problem));
}

function wrongType(value: unknown): string | undefined {
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const name = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${name} into Go value of type map[string]interface {}`;
}

export function validateUpdate(secret: Secret, old: Secret): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(secret.metadata, old.metadata, errors);
  validateImmutable(secret.type, old.type, 'type', errors);
  if (old.immutable === true) {
    if (secret.immutable !== true) errors.push(forbidden('immutable', IMMUTABLE));
    if (!isSemanticEqual(secret.data, old.data)) errors.push(forbidden('data', IMMUTABLE));
  }
  return [...errors, ...validate(secret)];
}
