/** `kubectl explain --output=plaintext-openapiv2`: the older text, made of the OpenAPI v2 document (kubectl pkg/explain, kube-openapi util/proto). */
import { UsageError } from './command.js';

/** As much of a schema as this text needs. */
export interface SwaggerSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SwaggerSchema>>;
  readonly items?: SwaggerSchema;
  readonly additionalProperties?: SwaggerSchema | boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly KindName[];
}
export interface KindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
export interface SwaggerDocument {
  readonly definitions?: Readonly<Record<string, SwaggerSchema>>;
}

/** What a schema is taken for. Maps without a schema of their values, and what has neither type nor properties, hold anything. */
type Shape =
  | { readonly is: 'reference'; readonly name: string; readonly to: SwaggerSchema }
  | { readonly is: 'kind'; readonly properties: Readonly<Record<string, SwaggerSchema>>; readonly required: readonly string[] }
  | { readonly is: 'list' | 'map'; readonly of: SwaggerSchema }
  | { readonly is: 'value'; readonly type: string }
  | { readonly is: 'anything' };

const WIDTH = 80;
const FIELD_INDENT = 3;
const TEXT_INDENT = 5;

export function explainOpenApiV2(document: SwaggerDocument, gvk: KindName, fields: readonly string[], isRecursive: boolean): string {
  const root = Object.values(document.definitions ?? {}).find((one) =>
    one['x-kubernetes-group-version-kind']?.some(({ group, version, kind }) => group === gvk.group && version === gvk.version && kind === gvk.kind),
  );
  if (root === undefined) throw new UsageError(`couldn't find resource for "${gvk.group}/${gvk.version}, Kind=${gvk.kind}"`);
  return new Explainer(document).text(root, gvk, fields, isRecursive);
}

class Explainer {
  constructor(private readonly document: SwaggerDocument) {}

  text(root: SwaggerSchema, gvk: KindName, fields: readonly string[], isRecursive: boolean): string {
    const found = this.follow(root, fields);
    const { schema, descriptions } = this.leaf(found);
    const shape = this.shape(schema);
    const name = fields.at(-1) ?? '';
    const lines = [`KIND:     ${gvk.kind}`, `VERSION:  ${gvk.group === '' ? '' : `${gvk.group}/`}${gvk.version}`, ''];
    if (shape.is === 'value') lines.push(`FIELD:    ${name} <${this.type(found)}>`, '');
    else if (shape.is === 'kind' && name !== '') lines.push(`RESOURCE: ${name} <${this.type(found)}>`, '');
    lines.push('DESCRIPTION:', ...describe([...descriptions, schema.description ?? '']));
    if (shape.is === 'kind') lines.push('', 'FIELDS:', ...(isRecursive ? this.names(schema, FIELD_INDENT, new Set()) : this.fields(schema)));
    return lines.map((line) => `${line}\n`).join('');
  }

  private shape(schema: SwaggerSchema): Shape {
    const { $ref, type = '', description = '', properties, items, additionalProperties } = schema;
    if ($ref !== undefined) {
      const name = $ref.split('/').at(-1) as string;
      return { is: 'reference', name, to: this.document.definitions?.[name] ?? {} };
    }
    if (properties !== undefined) return { is: 'kind', properties, required: schema.required ?? [] };
    if (type === 'array') return { is: 'list', of: items ?? {} };
    // What a map of anything says of itself, its values say too.
    if (type === 'object') return { is: 'map', of: typeof additionalProperties === 'object' ? additionalProperties : { description } };
    return type === '' ? { is: 'anything' } : { is: 'value', type };
  }

  /** Down the path. A value on the way ends it, whatever is left. */
  private follow(schema: SwaggerSchema, [field, ...rest]: readonly string[]): SwaggerSchema {
    if (field === undefined) return schema;
    const shape = this.shape(schema);
    if (shape.is === 'reference') return this.follow(shape.to, [field, ...rest]);
    if (shape.is === 'list' || shape.is === 'map') return this.follow(shape.of, [field, ...rest]);
    if (shape.is !== 'kind') return schema;
    const next = Object.hasOwn(shape.properties, field) ? shape.properties[field] : undefined;
    if (next === undefined) throw new UsageError(`field ${JSON.stringify(field)} does not exist`);
    return this.follow(next, rest);
  }

  /** Through references, lists and maps, with what each of them says of itself. */
  private leaf(schema: SwaggerSchema): { readonly schema: SwaggerSchema; readonly descriptions: readonly string[] } {
    const shape = this.shape(schema);
    const inner = shape.is === 'reference' ? shape.to : shape.is === 'list' || shape.is === 'map' ? shape.of : undefined;
    if (inner === undefined) return { schema, descriptions: [] };
    const below = this.leaf(inner);
    return { schema: below.schema, descriptions: [schema.description ?? '', ...below.descriptions] };
  }

  private type(schema: SwaggerSchema): string {
    const shape = this.shape(schema);
    if (shape.is === 'reference') return this.type(shape.to);
    if (shape.is === 'kind') return 'Object';
    if (shape.is === 'list') return `[]${this.type(shape.of)}`;
    if (shape.is === 'map') return `map[string]${this.type(shape.of)}`;
    return shape.is === 'value' ? shape.type : '';
  }

  private fields(schema: SwaggerSchema): readonly string[] {
    const shape = this.shape(schema);
    if (shape.is !== 'kind') return [];
    return sorted(shape.properties).flatMap(([name, field]) => [
      `${' '.repeat(FIELD_INDENT)}${name}\t<${this.type(field)}>${shape.required.includes(name) ? ' -required-' : ''}`,
      ...indented(field.description ?? '', FIELD_INDENT + 2),
      '',
    ]);
  }

  /** The names of all fields below; what refers to itself is named and not entered again. */
  private names(schema: SwaggerSchema, indent: number, entered: ReadonlySet<string>): readonly string[] {
    const shape = this.shape(schema);
    if (shape.is === 'reference') return entered.has(shape.name) ? [] : this.names(shape.to, indent, new Set([...entered, shape.name]));
    if (shape.is === 'list' || shape.is === 'map') return this.names(shape.of, indent, entered);
    if (shape.is !== 'kind') return [];
    return sorted(shape.properties).flatMap(([name, field]) => [
      `${' '.repeat(indent)}${name}\t<${this.type(field)}>`,
      ...this.names(field, indent + FIELD_INDENT, entered),
    ]);
  }
}

const sorted = (properties: Readonly<Record<string, SwaggerSchema>>): readonly (readonly [string, SwaggerSchema])[] =>
  Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));

/** A blank line before each but the first of the list, be the first empty or not. */
function describe(descriptions: readonly string[]): readonly string[] {
  const lines = descriptions.flatMap((text, i) => (text === '' ? [] : [...(i === 0 ? [] : ['']), ...indented(text, TEXT_INDENT)]));
  return lines.length === 0 ? indented('<empty>', TEXT_INDENT) : lines;
}

/** Blank lines stay without their indent. */
const indented = (text: string, indent: number): readonly string[] =>
  wrapped(text, WIDTH - indent).map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`));

const CODE = '    ';
const BULLET = /^(\d+\.?|-|\*)\s/;

/** Folds the words of a text; blank lines, code, list items, and what comes after a colon begin lines of their own. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let words: string[] = [];
  let last = '';
  const flush = (): void => {
    if (words.length === 0) return;
    lines.push(words.join(' '));
    words = [];
    last = '';
  };
  for (const line of text.split('\n')) {
    if (line.startsWith(CODE)) {
      flush();
      lines.push(line);
      continue;
    }
    const trimmed = line.trim();
    if (trimmed === '' && lines.length > 0) {
      flush();
      lines.push('');
      continue;
    }
    if (last.endsWith(':') || trimmed === '' || BULLET.test(trimmed)) flush();
    for (const word of trimmed.split(/\s+/).filter((one) => one !== '')) {
      if (words.length > 0 && [...words, word].join(' ').length > width) flush();
      words.push(word);
      last = word;
    }
  }
  flush();
  return lines;
}
