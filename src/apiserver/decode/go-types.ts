/** How Go names the types of fields in its error texts. */
import type { SchemaField, Schemas } from '../../api/resource.js';

const DEFINITION = /^(?:[A-Z][a-z]+)?V(\d+(?:(?:alpha|beta)\d+)?)(?=[A-Z])(.*)$/;

/** `V1PodSpec` → `PodSpec`; `CoreV1Event` → `Event`. */
export const structName = (definition: string): string => DEFINITION.exec(definition)?.[2] ?? definition;
/** `V1PodSpec` → `v1.PodSpec`. */
export function structType(definition: string): string {
  const match = DEFINITION.exec(definition);
  return match === null ? definition : `v${match[1]}.${match[2]}`;
}

const NUMBERS: Readonly<Record<string, string>> = { int32: 'int32', int64: 'int64', double: 'float64' };
const SPECIAL: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'bool',
  byte: '[]uint8',
  Date: 'v1.Time',
  MicroTime: 'v1.MicroTime',
  Quantity: 'resource.Quantity',
  IntOrString: 'intstr.IntOrString',
};

/** The type of one element, whatever the container. */
export function elementType(schemas: Schemas, field: SchemaField): string {
  const named = field.goType;
  if (named !== undefined && field.container === undefined) return named;
  if (named?.startsWith('[]')) return named.slice(2);
  if (field.type === 'number') return NUMBERS[field.format ?? ''] ?? 'int64';
  return SPECIAL[field.type] ?? (schemas[field.type] === undefined ? 'interface {}' : structType(field.type));
}

/** The type of the whole field. */
export function fieldType(schemas: Schemas, field: SchemaField): string {
  if (field.goType !== undefined) return field.goType;
  const element = elementType(schemas, field);
  if (field.container === 'list') return `[]${element}`;
  if (field.container === 'map') return `map[string]${element}`;
  return field.container === 'maplist' ? `map[string][]${element}` : element;
}
