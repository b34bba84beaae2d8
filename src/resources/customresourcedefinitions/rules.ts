/**
 * x-kubernetes-validations of custom resources (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go): rules are run where
 * their schema's value is, the outermost first. A value that an update left as it was may go on breaking them.
 */
import { isEqual } from '../../api/equality.js';
import { duplicate, type FieldError, forbidden, index, invalid, mapKey, required } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import { CelError, compileCel, type Program, type Value } from '../../cel/cel.js';
import { OLD_SELF, optionalOf, SELF, valueBySchema } from './cel-values.js';
import { type CustomSchema, isMap, propertyOf, valuesOf } from './custom-schema.js';

export interface Rule {
  readonly rule?: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** Of an object, and what it was before. */
export function validateByRules(object: KubeObject, old: KubeObject | undefined, schema: CustomSchema): FieldError[] {
  if (!hasRules(schema)) return [];
  const errors: FieldError[] = [];
  walk({ value: object, old, schema, typed: schema, path: '', isRoot: true, isKept: old !== undefined && isEqual(object, old) }, errors);
  return errors;
}

/** Schemas are not changed: what is known of one stays. */
const known = new WeakMap<CustomSchema, boolean>();

export function hasRules(schema: CustomSchema): boolean {
  let found = known.get(schema);
  if (found === undefined) {
    const inner = [...Object.values(schema.properties ?? {}), schema.items, valuesOf(schema), ...(schema.allOf ?? [])];
    found = (schema['x-kubernetes-validations'] ?? []).length > 0 || inner.some((one) => one !== undefined && hasRules(one));
    known.set(schema, found);
  }
  return found;
}

interface Place {
  readonly value: unknown;
  /** What it was, where that can be told. */
  readonly old: unknown;
  readonly schema: CustomSchema;
  /** Of a schema within allOf: the one around it, which has the types. */
  readonly typed: CustomSchema;
  readonly path: string;
  readonly isRoot?: boolean;
  /** It, or the nearest thing around it that was there before, is as it was. */
  readonly isKept: boolean;
}

function walk(place: Place, errors: FieldError[]): void {
  const { value, old, schema, typed, path } = place;
  if (value === null || value === undefined || !hasRules(schema)) return;
  for (const rule of schema['x-kubernetes-validations'] ?? []) check(rule as Rule, place, errors);
  for (const one of schema.allOf ?? []) walk({ ...place, schema: one }, errors);
  const inner = (item: unknown, before: unknown, of: CustomSchema, type: CustomSchema | undefined, at: string): void => {
    const isKept = before === undefined ? place.isKept : isEqual(item, before);
    walk({ value: item, old: before, schema: of, typed: type ?? of, path: at, isKept }, errors);
  };
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    const keys = typed['x-kubernetes-list-type'] === 'map' ? (typed['x-kubernetes-list-map-keys'] ?? []) : undefined;
    value.forEach((item, i) => {
      const before = keys === undefined || !Array.isArray(old) ? undefined : old.find((one) => isSame(one, item, keys));
      inner(item, before, items, typed.items, index(path, i));
    });
    return;
  }
  if (!isMap(value)) return;
  const values = valuesOf(schema);
  for (const [key, item] of Object.entries(value)) {
    const before = isMap(old) && Object.hasOwn(old, key) ? old[key] : undefined;
    const property = propertyOf(schema, key);
    if (property !== undefined) inner(item, before, property, propertyOf(typed, key), child(path, key));
    else if (values !== undefined) inner(item, before, values, valuesOf(typed), mapKey(path, key));
  }
}

const child = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const isSame = (a: unknown, b: unknown, keys: readonly string[]): boolean => isMap(a) && isMap(b) && keys.every((key) => isEqual(a[key], b[key]));

interface Compiled {
  readonly program: Program | { readonly problem: string };
  readonly usesOldSelf: boolean;
  readonly message?: Program;
}
const compiled = new WeakMap<Rule, Compiled>();

function compiledRule(rule: Rule): Compiled {
  let result = compiled.get(rule);
  if (result === undefined) {
    const text = rule.rule ?? '';
    const usesOldSelf = 'problem' in compileCel(text, [SELF]) && !('problem' in compileCel(text, [SELF, OLD_SELF]));
    const message = rule.messageExpression ? compileCel(rule.messageExpression, [SELF, OLD_SELF]) : undefined;
    result = { program: compileCel(text, [SELF, OLD_SELF]), usesOldSelf, ...(message === undefined || 'problem' in message ? {} : { message }) };
    compiled.set(rule, result);
  }
  return result;
}

function check(rule: Rule, { value, old, typed, path, isRoot, isKept }: Place, errors: FieldError[]): void {
  if (!rule.rule?.trim()) return;
  const { program, usesOldSelf, message } = compiledRule(rule);
  const type = typed.type ?? '';
  const at = path === '' ? '<nil>' : path;
  if ('problem' in program) {
    errors.push(invalid(at, type, `rule compile error: ${program.problem}`));
    return;
  }
  const isOptional = rule.optionalOldSelf === true;
  if (usesOldSelf && old === undefined && !isOptional) return;
  const self = () => valueBySchema(value, typed, isRoot);
  const plainOld = () => valueBySchema(old, typed, isRoot);
  const named = rule.message?.trim() || rule.rule.trim();
  try {
    const optional = (): Value => optionalOf(old === undefined ? undefined : plainOld());
    if (program.run({ [SELF]: self, ...(isOptional ? { [OLD_SELF]: optional } : old === undefined ? {} : { [OLD_SELF]: plainOld }) }) === true) return;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const said = error.message.startsWith('no such overload')
      ? `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`
      : `${error.message} evaluating rule: ${named}`;
    errors.push(invalid(at, type, said));
    return;
  }
  if (!usesOldSelf && isKept) return;
  const said = written(message, { [SELF]: self, ...(old === undefined ? {} : { [OLD_SELF]: plainOld }) }) ?? (rule.message ? named : `failed rule: ${named}`);
  errors.push(because(rule.reason, rule.fieldPath ? `${path}${rule.fieldPath}`.replace(/^\./, '') : at, type, said));
}

const MAX_MESSAGE = 5 * 1024;

/** undefined: there is no message that can be shown. */
function written(message: Program | undefined, variables: Parameters<Program['run']>[0]): string | undefined {
  try {
    const text = message?.run(variables);
    if (typeof text !== 'string') return undefined;
    const trimmed = text.trim();
    return trimmed === '' || trimmed.length > MAX_MESSAGE || trimmed.includes('\n') ? undefined : trimmed;
  } catch (error) {
    if (error instanceof CelError) return undefined;
    throw error;
  }
}

function because(reason: string | undefined, path: string, value: string, said: string): FieldError {
  if (reason === 'FieldValueForbidden') return forbidden(path, said);
  if (reason === 'FieldValueRequired') return required(path, said);
  return reason === 'FieldValueDuplicate' ? duplicate(path, value) : invalid(path, value, said);
}
