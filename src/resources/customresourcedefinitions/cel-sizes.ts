/** How large the values of a schema can be: what rules may cost is judged by it (k8s.io/apiserver/pkg/cel/common/schemas.go SchemaDeclType, limits.go). */
import { type Extent, isReservedInCel } from '../../cel/cel.js';
import { escaped } from './cel-values.js';
import { type CustomSchema, valuesOf } from './custom-schema.js';

/** A value must fit into a request, all others of its kind with it. */
const MAX_REQUEST = 3 * 1024 * 1024;
/** Less the brackets or quotes around. */
const MAX_CONTENT = MAX_REQUEST - 2;
const KEY: Measured = { max: 0, least: 2 };
const TEXT: Measured = { max: MAX_CONTENT, least: 2 };

/** `least`: how many bytes it takes at least. */
interface Measured extends Extent {
  readonly least: number;
}

const FORMATS: Readonly<Record<string, Measured>> = {
  duration: { max: 32, least: 3 },
  date: { max: 12, least: 12 },
  'date-time': { max: 32, least: 21 },
};
const SIMPLE: Readonly<Record<string, Measured>> = { boolean: { max: 0, least: 4 }, number: { max: 0, least: 1 }, integer: { max: 0, least: 1 } };

const limit = (most: number | undefined): number | undefined => (most === undefined ? undefined : Math.max(most, 0));

/** undefined: rules do not see it. */
export function extentOf(schema: CustomSchema, isResource = false): Measured | undefined {
  const { type = '', format = '', items } = schema;
  const length = limit(schema.maxLength);
  // Characters may take four bytes each.
  if (schema['x-kubernetes-int-or-string'] === true) return { max: length === undefined ? MAX_CONTENT : 4 * length, least: 1 };
  if (isResource || schema['x-kubernetes-embedded-resource'] === true || type === 'object') return extentOfObject(schema, isResource);
  if (type === 'array') {
    const item = items === undefined ? undefined : extentOf(items);
    return item && { max: limit(schema.maxItems) ?? Math.floor(MAX_CONTENT / (item.least + 1)), least: 2, item };
  }
  if (type !== 'string') return SIMPLE[type];
  if (format === 'byte') return { max: length ?? MAX_CONTENT, least: 2 };
  if (Object.hasOwn(FORMATS, format)) return FORMATS[format];
  const values = schema.enum ?? [];
  if (length !== undefined) return { max: 4 * length, least: 2 };
  return { max: values.length > 0 ? Math.max(0, ...values.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0))) : MAX_CONTENT, least: 2 };
}

function extentOfObject(schema: CustomSchema, isResource: boolean): Measured | undefined {
  const values = valuesOf(schema);
  const isWhole = isResource || schema['x-kubernetes-embedded-resource'] === true;
  if (values !== undefined && !isWhole) {
    const item = extentOf(values);
    return item && { max: limit(schema.maxProperties) ?? Math.floor(MAX_CONTENT / (item.least + 6)), least: 2, item, key: KEY };
  }
  const required = new Set(schema.required);
  const fields = new Map<string, Extent>();
  let least = 2;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const own = extentOf(property);
    if (own === undefined) continue;
    fields.set(escaped(name), own);
    if (isReservedInCel(name)) fields.set(name, own);
    if (required.has(name) && property.default === undefined) least += Buffer.byteLength(name) + own.least + 4;
  }
  if (isWhole) {
    for (const name of ['apiVersion', 'kind']) fields.set(name, TEXT);
    fields.set('metadata', {
      max: 0,
      fields: new Map([
        ['name', TEXT],
        ['generateName', TEXT],
      ]),
    });
  }
  return { max: 0, least, fields };
}

/** How often something of this size can be there at most, in a request that holds nothing else (maxCardinality). */
export const timesInRequest = ({ least }: Measured): number => Math.floor(MAX_REQUEST / (least + 1));
