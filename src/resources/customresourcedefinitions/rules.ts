/**
 * x-kubernetes-validations of custom resources (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go): rules are run where
 * their schema's value is, the outermost first. A value that an update left as it was may go on breaking them.
 */
import { isEqual } from '../../api/equality.js';
import { child, duplicate, type FieldError, forbidden, index, invalid, mapKey, required } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import { once } from '../../api/once.js';
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

/** The rules of a schema, where its values are; there is none where there are no rules within. */
export interface Rules {
  readonly own: readonly CompiledRule[];
  /** Its types are those of the schema around it, where it is within allOf. */
  readonly typed: CustomSchema;
  readonly allOf: readonly Rules[];
  readonly items?: Rules;
  readonly values?: Rules;
  readonly properties: ReadonlyMap<string, Rules>;
}

interface CompiledRule {
  readonly rule: Rule;
  /** Compiled when it is first run. */
  readonly run: () => Compiled;
}

export function rulesOf(schema: CustomSchema, typed: CustomSchema = schema): Rules | undefined {
  const within = (one: CustomSchema | undefined, type: CustomSchema | undefined): Rules | undefined =>
    one === undefined ? undefined : rulesOf(one, type ?? one);
  const own = (schema['x-kubernetes-validations'] ?? []).map((given) => {
    const rule = given as Rule;
    return { rule, run: once(() => compiled(rule)) };
  });
  const allOf = (schema.allOf ?? []).flatMap((one) => rulesOf(one, typed) ?? []);
  const items = within(schema.items, typed.items);
  const values = within(valuesOf(schema), valuesOf(typed));
  const properties = new Map(
    Object.entries(schema.properties ?? {}).flatMap(([name, one]): [string, Rules][] => {
      const rules = within(one, propertyOf(typed, name));
      return rules === undefined ? [] : [[name, rules]];
    }),
  );
  if (own.length === 0 && allOf.length === 0 && items === undefined && values === undefined && properties.size === 0) return undefined;
  return { own, typed, allOf, ...(items === undefined ? {} : { items }), ...(values === undefined ? {} : { values }), properties };
}

/** Of an object, and what it was before. */
export function validateByRules(object: KubeObject, old: KubeObject | undefined, rules: Rules): FieldError[] {
  const errors: FieldError[] = [];
  walk({ value: object, old, rules, path: '', isRoot: true, isKept: old !== undefined && isEqual(object, old) }, errors);
  return errors;
}

interface Place {
  readonly value: unknown;
  /** What it was, where that can be told. */
  readonly old: unknown;
  readonly rules: Rules;
  readonly path: string;
  readonly isRoot?: boolean;
  /** It, or the nearest thing around it that was there before, is as it was. */
  readonly isKept: boolean;
}

function walk(place: Place, errors: FieldError[]): void {
  const { value, old, rules, path } = place;
  if (value === null || value === undefined) return;
  for (const one of rules.own) check(one, place, errors);
  for (const one of rules.allOf) walk({ ...place, rules: one }, errors);
  const inner = (item: unknown, before: unknown, of: Rules, at: string): void => {
    walk({ value: item, old: before, rules: of, path: at, isKept: before === undefined ? place.isKept : isEqual(item, before) }, errors);
  };
  if (Array.isArray(value)) {
    const { items, typed } = rules;
    if (items === undefined) return;
    const keys = typed['x-kubernetes-list-type'] === 'map' ? (typed['x-kubernetes-list-map-keys'] ?? []) : undefined;
    value.forEach((item, i) => {
      inner(item, keys === undefined || !Array.isArray(old) ? undefined : old.find((one) => isSame(one, item, keys)), items, index(path, i));
    });
    return;
  }
  if (!isMap(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const before = isMap(old) && Object.hasOwn(old, key) ? old[key] : undefined;
    const property = rules.properties.get(key);
    if (property !== undefined) inner(item, before, property, child(path, key));
    else if (rules.values !== undefined) inner(item, before, rules.values, mapKey(path, key));
  }
}

const isSame = (a: unknown, b: unknown, keys: readonly string[]): boolean => isMap(a) && isMap(b) && keys.every((key) => isEqual(a[key], b[key]));

interface Compiled {
  readonly program: Program | { readonly problem: string };
  readonly usesOldSelf: boolean;
  readonly message?: Program;
}

function compiled({ rule = '', messageExpression }: Rule): Compiled {
  const names = [SELF, OLD_SELF];
  const usesOldSelf = 'problem' in compileCel(rule, [SELF]);
  const message = messageExpression ? compileCel(messageExpression, names) : undefined;
  return { program: compileCel(rule, names), usesOldSelf, ...(message === undefined || 'problem' in message ? {} : { message }) };
}

function check({ rule, run }: CompiledRule, { value, old, rules: { typed }, path, isRoot, isKept }: Place, errors: FieldError[]): void {
  if (!rule.rule?.trim()) return;
  const { program, usesOldSelf, message } = run();
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
