/** Paths inside volumes and on nodes: the path rules of pkg/apis/core/validation/validation.go. */
import { type FieldError, invalid } from '../../api/field.js';

const hasBacksteps = (path: string): boolean => path.includes('..') && path.split('/').includes('..');

/** validatePathNoBacksteps. */
export function validateNoBacksteps(target: string, at: string, errors: FieldError[]): boolean {
  if (!hasBacksteps(target)) return true;
  errors.push(invalid(at, target, "must not contain '..'"));
  return false;
}

/** validateLocalDescendingPath: relative and without `..`. */
export function validateDescendingPath(target: string, at: string, errors: FieldError[]): void {
  if (target.startsWith('/')) errors.push(invalid(at, target, 'must be a relative path'));
  validateNoBacksteps(target, at, errors);
}

/** ValidateLocalNonReservedPath: also not starting with `..`, which the kubelet keeps for itself. */
export function validateNonReservedPath(target: string, at: string, errors: FieldError[]): void {
  validateDescendingPath(target, at, errors);
  if (target.startsWith('..') && !target.startsWith('../')) errors.push(invalid(at, target, "must not start with '..'"));
}

/** A file mode is between 0 and 0777. */
export function validateFileMode(mode: number | undefined, at: string, errors: FieldError[]): void {
  if (mode !== undefined && mode !== null && (mode > 0o777 || mode < 0))
    errors.push(invalid(at, mode, 'must be a number between 0 and 0777 (octal), both inclusive'));
}
