/**
 * What a definition's schema must not say besides: ValidateCustomResourceDefinitionOpenAPISchema of apiextensions-apiserver
 * pkg/apis/apiextensions/validation/validation.go.
 */
import { type BadValue, child, type FieldError, forbidden, index, invalid, mapKey, notSupported, required } from '../../api/field.js';
import type { JsonObject } from '../../api/object.js';
import { compileCel } from '../../cel/cel.js';
import { goBadValue } from '../meta/go/syntax.js';
import { goStrings } from '../meta/validation.js';
import { extentOf, timesInRequest } from './cel-sizes.js';
import { OLD_SELF, SELF, typeBySchema } from './cel-values.js';
import type { CustomSchema } from './custom-schema.js';
import { findField } from './field-path.js';
import type { Rule } from './rules.js';
import { fieldsOf, isSchema, listedAt, listOf, propertiesAt, textOf } from './schema-walk.js';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const META_FIELDS: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

interface Inside {
  /** Why there can be no default. */
  readonly noDefaults?: string;
  /** Of metadata or the type, of the object itself or one that is embedded. */
  readonly isMeta?: true;
  /** The list or map whose parts cannot be told from what they were. */
  readonly uncorrelated?: string;
  /** Within `not` and the like rules are not compiled. */
  readonly isValueOnly?: true;
  /** How often it can be there; undefined: as often as a request can hold it. */
  readonly times: number | undefined;
}

/** What is found out about rules. */
interface Findings {
  readonly errors: FieldError[];
  readonly costs: { readonly path: string; readonly cost: number }[];
}

/** For one rule, and for those of a version together. */
const RULE_LIMIT = 10_000_000;
const SCHEMA_LIMIT = 100_000_000;
/** The costliest that are named. */
const MOST_NAMED = 4;

/** Rules are compiled where the schema is structural, and its defaults are right. */
export function validateOpenApiSchema(schema: JsonObject, path: string, isSound: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  const ofRules: Findings = { errors: [], costs: [] };
  validate(schema, path, { times: 1 }, true, errors, ofRules);
  return isSound ? [...errors, ...ofRules.errors, ...totalProblems(ofRules.costs, path)] : errors;
}

function totalProblems(costs: Findings['costs'], path: string): readonly FieldError[] {
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  if (total <= SCHEMA_LIMIT) return [];
  const named = costs
    .filter(({ cost }) => cost >= SCHEMA_LIMIT / 100)
    .sort((a, b) => b.cost - a.cost)
    .slice(0, MOST_NAMED);
  return [
    ...named.map((one) => forbidden(one.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema')),
    forbidden(path, overBudget('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', total, SCHEMA_LIMIT)),
  ];
}

function overBudget(what: string, cost: number, most: number): string {
  const share = cost / most;
  const factor = share > 100 ? 'more than 100x' : `${share < 1.5 ? share.toFixed(6) : share.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** How often a part of what the schema describes can be there. */
function timesWithin(schema: JsonObject, times: number | undefined): number | undefined {
  const { type, additionalProperties, maxProperties, maxItems } = schema as CustomSchema;
  const isMap = type === 'object' && additionalProperties !== undefined;
  if (times === undefined || (!isMap && type !== 'array')) return times;
  const most = isMap ? maxProperties : maxItems;
  return most === undefined ? undefined : times * Math.max(most, 0);
}

/** What is wrong with rules is said last, and of a schema that is right so far. */
function validate(schema: JsonObject, path: string, given: Inside, isRoot: boolean, errors: FieldError[], ofRules: Findings): void {
  const inside: Inside = { ...given, times: timesWithin(schema, given.times) };
  const before = errors.length;
  const at = (field: string): string => child(path, field);
  validateSupport(schema, path, inside, errors);
  if (schema['uniqueItems'] === true)
    errors.push(forbidden(at('uniqueItems'), 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'));
  const known = (isCorrelated: boolean, to = inside): Inside => (isCorrelated || to.uncorrelated !== undefined ? to : { ...to, uncorrelated: path });
  const { 'x-kubernetes-map-type': mapType } = schema;
  const inMap = (to: Inside): Inside => known(mapType === undefined || mapType === 'granular' || mapType === 'atomic', to);
  const { additionalProperties, items, not } = schema;
  if (additionalProperties !== undefined && additionalProperties !== null) {
    if (fieldsOf(schema).length > 0 && additionalProperties !== true)
      errors.push(forbidden(at('additionalProperties'), 'additionalProperties and properties are mutual exclusive'));
    const within: Inside = inside.isMeta === true ? { ...inside, noDefaults: 'inside additionalProperties applying to object metadata' } : inside;
    if (isSchema(additionalProperties)) validate(additionalProperties, at('additionalProperties'), inMap(within), false, errors, ofRules);
  }
  for (const [property, where, name] of propertiesAt(schema, path)) {
    const isMeta = (isRoot || schema['x-kubernetes-embedded-resource'] === true) && META_FIELDS.has(name);
    const within: Inside = isMeta ? { ...inside, isMeta, ...(isRoot ? { noDefaults: `in top-level ${name}` } : {}) } : inside;
    validate(property, where, inMap(within), false, errors, ofRules);
  }
  const valueOnly: Inside = { ...inside, isValueOnly: true };
  if (isSchema(not)) validate(not, at('not'), valueOnly, false, errors, ofRules);
  for (const field of ['allOf', 'oneOf', 'anyOf'])
    for (const [one, where] of listedAt(schema, field, path)) validate(one, where, valueOnly, false, errors, ofRules);
  for (const [name, one] of fieldsOf(schema, 'definitions')) validate(one, mapKey(at('definitions'), name), valueOnly, false, errors, ofRules);
  if (isSchema(items)) validate(items, at('items'), known(schema['x-kubernetes-list-type'] === 'map'), false, errors, ofRules);
  for (const [one, where] of listedAt(schema, 'items', path)) validate(one, where, known(schema['x-kubernetes-list-type'] === 'map'), false, errors, ofRules);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalid(at('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'));
  validateMapType(schema, path, errors);
  validateListType(schema, path, errors);
  validateKeys(schema, path, errors);
  validateRules(schema, path, errors);
  if (errors.length === before && given.isValueOnly !== true) compileRules(schema, path, given, isRoot, ofRules);
}

/** Of JSON schema, not of OpenAPI as it is used here. */
const UNSUPPORTED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];

function validateSupport(schema: JsonObject, path: string, { noDefaults, isMeta }: Inside, errors: FieldError[]): void {
  const type = textOf(schema, 'type');
  if (type !== '' && !TYPES.includes(type)) errors.push(notSupported(child(path, 'type'), type, TYPES));
  if (schema['default'] !== undefined && noDefaults !== undefined) errors.push(forbidden(child(path, 'default'), `must not be set ${noDefaults}`));
  for (const field of UNSUPPORTED) if (schema[field] !== undefined) errors.push(forbidden(child(path, field), `${field} is not supported`));
  if (type === 'null') errors.push(forbidden(child(path, 'type'), 'type cannot be set to null, use nullable as an alternative'));
  if (listOf(schema, 'items').length > 0) errors.push(forbidden(child(path, 'items'), 'items must be a schema object and not an array'));
  if (isMeta === true && schema['x-kubernetes-embedded-resource'] === true)
    errors.push(forbidden(child(path, 'x-kubernetes-embedded-resource'), 'must not be used inside of resource meta'));
}

/** Whether NewStructural takes it. */
export function canBeStructural(schema: JsonObject): boolean {
  if (UNSUPPORTED.some((field) => schema[field] !== undefined) || schema['$schema'] !== undefined || Array.isArray(schema['items'])) return false;
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) return false;
  const { items, additionalProperties, not } = schema;
  const inner = [
    items,
    additionalProperties,
    not,
    ...['allOf', 'anyOf', 'oneOf'].flatMap((field) => listOf(schema, field)),
    ...fieldsOf(schema).map(([, property]) => property),
  ];
  return inner.every((one) => !isSchema(one) || canBeStructural(one));
}

function validateMapType(schema: JsonObject, path: string, errors: FieldError[]): void {
  const kind = schema['x-kubernetes-map-type'];
  if (typeof kind !== 'string') return;
  mustBe('object', 'must be object if x-kubernetes-map-type is specified', schema, path, errors);
  if (kind !== 'atomic' && kind !== 'granular') errors.push(notSupported(child(path, 'x-kubernetes-map-type'), kind, ['atomic', 'granular']));
}

function mustBe(wanted: string, detail: string, schema: JsonObject, path: string, errors: FieldError[]): boolean {
  const type = textOf(schema, 'type');
  if (type !== wanted) errors.push(type === '' ? required(child(path, 'type'), detail) : invalid(child(path, 'type'), type, detail));
  return type === wanted;
}

function validateListType(schema: JsonObject, path: string, errors: FieldError[]): void {
  const kind = schema['x-kubernetes-list-type'];
  const at = child(path, 'x-kubernetes-list-type');
  const keys = listOf(schema, 'x-kubernetes-list-map-keys');
  const { items } = schema;
  if (typeof kind === 'string') {
    const isList = mustBe('array', 'must be array if x-kubernetes-list-type is specified', schema, path, errors);
    if (isList && kind === 'set' && isSchema(items)) validateSetItems(items, path, errors);
    if (!['atomic', 'set', 'map'].includes(kind)) errors.push(notSupported(at, kind, ['atomic', 'set', 'map']));
  }
  const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
  if (keys.length > 0 && typeof kind !== 'string') errors.push(required(at, detail));
  else if (keys.length > 0 && kind !== 'map') errors.push(invalid(at, String(kind), detail));
  if (kind === 'map') validateMapItems(schema, path, errors);
}

function validateSetItems(items: JsonObject, path: string, errors: FieldError[]): void {
  const inner = items['x-kubernetes-list-type'];
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const bad = typeof inner === 'string' ? inner : null;
  if (items['type'] === 'array' && bad !== null && bad !== 'atomic') errors.push(invalid(child(path, 'items.x-kubernetes-list-type'), bad, detail));
  // Upstream shows the list's type here as well.
  if (items['type'] === 'object' && items['x-kubernetes-map-type'] !== 'atomic') errors.push(invalid(child(path, 'items.x-kubernetes-map-type'), bad, detail));
}

function validateMapItems(schema: JsonObject, path: string, errors: FieldError[]): void {
  const keys = listOf(schema, 'x-kubernetes-list-map-keys').map(String);
  const at = child(path, 'x-kubernetes-list-map-keys');
  const { items } = schema;
  if (keys.length === 0) errors.push(required(at, 'must not be empty if x-kubernetes-list-type is map'));
  if (items === undefined || items === null) errors.push(required(child(path, 'items'), 'must have a schema if x-kubernetes-list-type is map'));
  if (!isSchema(items)) return;
  const type = textOf(items, 'type');
  if (type !== 'object') {
    errors.push(invalid(child(path, 'items.type'), type, "must be object if parent array's x-kubernetes-list-type is map"));
    return;
  }
  const fields = new Map(fieldsOf(items));
  keys.forEach((key, i) => {
    const field = fields.get(key);
    if (field === undefined) errors.push(invalid(at, goStrings(keys), 'entries must all be names of item properties'));
    else if (['array', 'object'].includes(textOf(field, 'type')))
      errors.push(
        invalid(child(mapKey(child(path, 'items.properties'), key), 'type'), type, "must be a scalar type if parent array's x-kubernetes-list-type is map"),
      );
    if (keys.indexOf(key) < i) errors.push(invalid(at, goStrings(keys), 'must not contain duplicate entries'));
  });
}

/** validateMapListKeysMapSet: items that can be told apart are there, and so is what tells them apart. */
function validateKeys(schema: JsonObject, path: string, errors: FieldError[]): void {
  const kind = schema['x-kubernetes-list-type'];
  const { items } = schema;
  if (!isSchema(items) || (kind !== 'set' && kind !== 'map')) return;
  if (items['nullable'] === true) errors.push(forbidden(child(path, 'items.nullable'), `cannot be nullable when x-kubernetes-list-type is ${kind}`));
  if (kind === 'set') return;
  const needed = listOf(items, 'required');
  const fields = new Map(fieldsOf(items));
  for (const key of listOf(schema, 'x-kubernetes-list-map-keys').map(String)) {
    const field = fields.get(key);
    if (field === undefined) continue;
    const at = mapKey(child(path, 'items.properties'), key);
    const detail = 'this property is in x-kubernetes-list-map-keys, so it';
    if (!needed.includes(key) && (field['default'] === undefined || field['default'] === null))
      errors.push(required(child(at, 'default'), `${detail} must have a default or be a required property`));
    if (field['nullable'] === true) errors.push(forbidden(child(at, 'nullable'), `${detail} cannot be nullable`));
  }
}

function validateRules(schema: JsonObject, path: string, errors: FieldError[]): void {
  listOf(schema, 'x-kubernetes-validations').forEach((given, i) => {
    const rule = isSchema(given) ? given : {};
    const at = (field: string): string => child(index(child(path, 'x-kubernetes-validations'), i), field);
    const [text, message, messageExpression, fieldPath] = ['rule', 'message', 'messageExpression', 'fieldPath'].map((field) => textOf(rule, field)) as [
      string,
      string,
      string,
      string,
    ];
    if (text.trim() === '') errors.push(required(at('rule'), 'rule is not specified'));
    else if (message !== '' && message.trim() === '') errors.push(invalid(at('message'), message, 'message must be non-empty if specified'));
    else if (hasBreaks(message.trim())) errors.push(invalid(at('message'), message, 'message must not contain line breaks'));
    else if (hasBreaks(text.trim()) && message.trim() === '') errors.push(required(at('message'), 'message must be specified if rule contains line breaks'));
    if (messageExpression !== '' && messageExpression.trim() === '')
      errors.push(required(at('messageExpression'), 'messageExpression must be non-empty if specified'));
    const { reason } = rule;
    if (reason !== undefined && !REASONS.includes(String(reason))) errors.push(notSupported(at('reason'), String(reason), REASONS));
    if (fieldPath === '') return;
    if (fieldPath.trim() === '') errors.push(invalid(at('fieldPath'), fieldPath, 'fieldPath must be non-empty if specified'));
    if (hasBreaks(fieldPath)) errors.push(invalid(at('fieldPath'), fieldPath, 'fieldPath must not contain line breaks'));
    if (canBeStructural(schema) && 'problem' in findField(fieldPath, schema, true))
      errors.push(invalid(at('fieldPath'), fieldPath, 'fieldPath must be a valid path'));
  });
}

const hasBreaks = (text: string): boolean => /[\r\n]/.test(text);

function compileRules(schema: JsonObject, path: string, { uncorrelated, times }: Inside, isRoot: boolean, { errors, costs }: Findings): void {
  const rules = listOf(schema, 'x-kubernetes-validations') as readonly Rule[];
  if (rules.length === 0) return;
  const self = typeBySchema(schema as CustomSchema, isRoot);
  const extent = extentOf(schema as CustomSchema, isRoot);
  const observe = (path: string, cost: number, what: string): void => {
    if (cost > RULE_LIMIT) errors.push(forbidden(path, overBudget(what, cost, RULE_LIMIT)));
    costs.push({ path, cost });
  };
  rules.forEach((rule, i) => {
    const at = (field: string): string => child(index(child(path, 'x-kubernetes-validations'), i), field);
    const names = { [SELF]: self, [OLD_SELF]: rule.optionalOldSelf === true ? {} : self };
    const program = compileCel(rule.rule ?? '', names);
    const { problem } = 'problem' in program ? program : { problem: program.type === undefined || program.type === 'bool' ? undefined : NOT_BOOL };
    if ('cost' in program && extent !== undefined) observe(at('rule'), program.cost(extent) * (times ?? timesInRequest(extent)), 'estimated rule cost');
    if (problem !== undefined) errors.push(invalid(at('rule'), goRule(rule), problem));
    else if (rule.messageExpression) {
      const message = compileCel(rule.messageExpression, names);
      if ('problem' in message) errors.push(invalid(at('messageExpression'), goRule(rule), `messageExpression ${message.problem}`));
      else if (message.type !== undefined && message.type !== 'string')
        errors.push(invalid(at('messageExpression'), goRule(rule), 'messageExpression must evaluate to a string'));
      else if (extent !== undefined) observe(at('messageExpression'), message.cost(extent), 'estimated messageExpression cost');
    }
    if (problem === undefined && 'problem' in compileCel(rule.rule ?? '', { [SELF]: self })) {
      const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
      if (uncorrelated !== undefined) errors.push(invalid(at('rule'), rule.rule ?? '', text));
    } else if (rule.optionalOldSelf !== undefined)
      errors.push(invalid(at('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
  });
}

const NOT_BOOL = 'cel expression must evaluate to a bool';

const goRule = (rule: Rule): BadValue => goBadValue('apiextensions.ValidationRule', rule);
