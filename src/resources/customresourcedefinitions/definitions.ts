/** A structural schema as definitions of the generated kind: who owns which field, and how lists merge when applied, goes by those. */
import type { SchemaDefinition, SchemaField } from '../../api/resource.js';
import type { CustomSchema } from './custom-schema.js';

type Definitions = Record<string, SchemaDefinition>;

/** Adds `name` and what it refers to. */
export function defineCustom(name: string, schema: CustomSchema, into: Definitions): void {
  const fields: Record<string, SchemaField> = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'V1ObjectMeta' } };
  for (const [key, property] of Object.entries(schema.properties ?? {})) if (key !== 'metadata') fields[key] = fieldOf(`${name}.${key}`, property, into);
  into[name] = { fields, ...openness(schema) };
}

function fieldOf(name: string, schema: CustomSchema, into: Definitions): SchemaField {
  const { 'x-kubernetes-list-type': listType = 'atomic', 'x-kubernetes-list-map-keys': listMapKeys, 'x-kubernetes-map-type': mapType } = schema;
  if (schema.type === 'array' && schema.items?.type !== 'array')
    return {
      ...elementOf(`${name}[]`, schema.items ?? {}, into),
      container: 'list',
      listType: listType as 'atomic',
      ...(listMapKeys === undefined ? {} : { listMapKeys }),
    };
  const atomic = mapType === 'atomic' ? ({ mapType } as const) : {};
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object' && schema.additionalProperties.type !== 'array')
    return { ...elementOf(`${name}{}`, schema.additionalProperties, into), container: 'map', ...atomic };
  return { ...elementOf(name, schema, into), ...atomic };
}

function elementOf(name: string, schema: CustomSchema, into: Definitions): SchemaField {
  if (schema['x-kubernetes-int-or-string'] === true) return { type: 'IntOrString' };
  const open = openness(schema);
  const isFree = open.open === true && schema.type === undefined;
  if (!isFree && (schema.type !== 'object' || (schema.properties === undefined && open.open !== true)))
    return { type: SCALARS[schema.type ?? ''] ?? 'object', pointer: true };
  const fields = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, property]) => [key, fieldOf(`${name}.${key}`, property, into)]));
  into[name] = { fields, ...open };
  return { type: name };
}

const openness = (schema: CustomSchema): { readonly open?: true } => (schema['x-kubernetes-preserve-unknown-fields'] === true ? { open: true } : {});

const SCALARS: Readonly<Record<string, string>> = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' };
