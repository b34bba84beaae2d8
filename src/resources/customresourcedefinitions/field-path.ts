/** Paths of fields that a schema knows: ValidFieldPath of apiextensions-apiserver pkg/apiserver/schema/cel/validation.go. */
import type { JsonObject } from '../../api/object.js';
import { fieldsOf, isSchema } from './schema-walk.js';

type Found = { readonly path: readonly string[]; readonly schema: JsonObject } | { readonly problem: string };

const NO_FIELD: Found = { problem: 'does not refer to a valid field' };
const TOO_SHORT: Found = { problem: 'unexpected end of JSON path' };

/** `.spec.color`, `.labels['a.b']` where `allowsBrackets`. */
export function findField(text: string, root: JsonObject, allowsBrackets: boolean): Found {
  const tokens = text.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]']+|'/g) ?? [];
  const path: string[] = [];
  let schema: JsonObject = root;
  for (let i = 0; i < tokens.length; ) {
    const open = tokens[i++];
    if (open !== '.' && open !== '[') return { problem: `expected [ or . but got: ${open}` };
    if (open === '[' && !allowsBrackets) return { problem: 'array notation is not allowed' };
    let name = tokens[i++];
    if (name === undefined) return TOO_SHORT;
    if (open === '[') {
      if (!/^'.*'$/s.test(name) || name.length < 2) return { problem: `expected single quoted string but got ${name}` };
      name = name.slice(1, -1).replaceAll("\\'", "'");
    }
    const next = inside(schema, name);
    if (next === undefined) return NO_FIELD;
    schema = next;
    path.push(name);
    if (open !== '[') continue;
    const close = tokens[i++];
    if (close === undefined) return TOO_SHORT;
    if (close !== ']') return { problem: `expected ] but got ${close}` };
  }
  return { path, schema };
}

function inside(schema: JsonObject, name: string): JsonObject | undefined {
  if (isSchema(schema['properties'])) return new Map(fieldsOf(schema)).get(name);
  const { additionalProperties } = schema;
  return isSchema(additionalProperties) ? additionalProperties : undefined;
}
