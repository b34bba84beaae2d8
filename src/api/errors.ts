/** The API server says no: StatusError and its makers, k8s.io/apimachinery/pkg/api/errors. Only these makers make one. */
import type { FieldError } from './field.js';
import type { JsonObject } from './object.js';

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** metav1.Status. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: JsonObject;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export class StatusError extends Error {
  override readonly name = 'StatusError';
  constructor(readonly status: Status) {
    super(status.message);
  }
  get reason(): string {
    return this.status.reason ?? '';
  }
  get code(): number {
    return this.status.code;
  }
}

/** A resource as errors name it: group and plural. Takes `pods` or `deployments.apps` as well. */
function split(resource: string): { group: string; plural: string } {
  const dot = resource.indexOf('.');
  return dot < 0 ? { group: '', plural: resource } : { group: resource.slice(dot + 1), plural: resource.slice(0, dot) };
}

/** Any failure; prefer a named maker. */
export function failure(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
  const given = { message, ...(reason === '' ? {} : { reason }), ...(details === undefined ? {} : { details }) };
  return new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...given, code });
}

const about = (resource: string, name: string): StatusDetails => {
  const { group, plural } = split(resource);
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural };
};

/** `pods "x" not found`, `deployments.apps "x" not found`. */
export const notFound = (resource: string, name: string): StatusError => failure(404, 'NotFound', `${resource} "${name}" not found`, about(resource, name));
export const alreadyExists = (resource: string, name: string): StatusError =>
  failure(409, 'AlreadyExists', `${resource} "${name}" already exists`, about(resource, name));
export const conflict = (
  resource: string,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): StatusError => failure(409, 'Conflict', `Operation cannot be fulfilled on ${resource} "${name}": ${why}`, about(resource, name));
/** `name` '' for a list or an unnamed create: `pods is forbidden: …`. */
export const forbidden = (resource: string, name: string, why: string, causes?: readonly StatusCause[]): StatusError =>
  failure(403, 'Forbidden', name === '' ? `${resource} is forbidden: ${why}` : `${resource} "${name}" is forbidden: ${why}`, {
    ...about(resource, name),
    ...(causes === undefined ? {} : { causes }),
  });
export const badRequest = (message: string): StatusError => failure(400, 'BadRequest', message);
export const unauthorized = (): StatusError => failure(401, 'Unauthorized', 'Unauthorized');
export const methodNotSupported = (): StatusError => failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
export const internalError = (message: string): StatusError => failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
export const expired = (message: string): StatusError => failure(410, 'Expired', message);
/** An unknown resource of a known group and version, or an unknown subresource. */
export const unknownResource = (): StatusError => failure(404, 'NotFound', 'the server could not find the requested resource', {});

/** Go's text of a list of errors (ToAggregate). */
export function aggregateText(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.detail}`))];
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`;
}

/** 422. `kind` is the Kind, `group` '' for core: `Deployment.apps "x" is invalid: f: m` or `: [f: m, f: m]`; details.kind is the Kind. */
export function invalidObject(group: string, kind: string, name: string, errors: readonly FieldError[]): StatusError {
  const body = aggregateText(errors);
  return failure(422, 'Invalid', `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${body}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
    causes: errors.map((error) => ({ reason: error.type, message: error.detail, field: error.field })),
  });
}
