/** All that is asked of the schema of a definition: validateCustomResourceDefinitionValidation. */
import { child, type FieldError, forbidden, goSyntax, invalid, mapKey } from '../../api/field.js';
import type { JsonObject } from '../../api/object.js';
import { goSyntaxOf } from '../../text/go-format.js';
import { goBadValue } from '../meta/go/syntax.js';
import type { CustomSchema } from './custom-schema.js';
import { canBeStructural, validateOpenApiSchema } from './open-api-schema.js';
import { prune } from './pruning.js';
import { validateBySchema } from './schema-validation.js';
import { fieldsOf, isSchema } from './schema-walk.js';
import { validateStructural } from './structural.js';

export function validateSchema(schema: JsonObject, path: string, hasStatus: boolean, errors: FieldError[]): void {
  if (hasStatus) validateRoot(schema, path, errors);
  if (schema['nullable'] === true) errors.push(forbidden(child(path, 'nullable'), 'nullable cannot be true at the root'));
  const isStructural = canBeStructural(schema);
  const wrong: FieldError[] = isStructural ? [...validateStructural(schema, path)] : [];
  if (isStructural && wrong.length === 0) validateDefaults(schema, path, wrong);
  errors.push(...wrong, ...validateOpenApiSchema(schema, path, isStructural && wrong.length === 0));
}

const AT_ROOT =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const JSON_AT_ROOT: ReadonlySet<string> = new Set([
  ...AT_ROOT.split(' ').map((name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`),
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);

/** With a status of its own the schema must come apart into its properties. */
function validateRoot(schema: JsonObject, path: string, errors: FieldError[]): void {
  const { type } = schema;
  if (typeof type === 'string' && type !== '' && type !== 'object') {
    const detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    errors.push(invalid(child(path, 'type'), type, detail));
    return;
  }
  const isOther = Object.entries(schema).some(([field, value]) => !JSON_AT_ROOT.has(field) && value !== false);
  if (!isOther) return;
  const detail = `only [${AT_ROOT}] fields are allowed at the root of the schema if the status subresource is enabled`;
  errors.push(invalid(path, goBadValue('apiextensions.JSONSchemaProps', schema), detail));
}

function validateDefaults(schema: JsonObject, path: string, errors: FieldError[]): void {
  const value = schema['default'];
  const at = child(path, 'default');
  if (value !== undefined && !(value === null && schema['nullable'] === true)) {
    if (isSchema(value) && prune(value, schema as CustomSchema).unknown.length > 0)
      errors.push(invalid(at, goSyntax(goSyntaxOf(value)), 'must not have unknown fields'));
    for (const error of validateBySchema(value, schema as CustomSchema))
      errors.push({ ...error, field: error.field === '<nil>' || error.field === '' ? at : child(at, error.field) });
  }
  const { items, additionalProperties } = schema;
  if (isSchema(items)) validateDefaults(items, child(path, 'items'), errors);
  for (const [name, property] of fieldsOf(schema)) validateDefaults(property, mapKey(child(path, 'properties'), name), errors);
  if (isSchema(additionalProperties)) validateDefaults(additionalProperties, child(path, 'additionalProperties'), errors);
}
