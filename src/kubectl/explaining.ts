/** `kubectl explain` on an OpenAPI v3 document (kubectl pkg/explain/v2, templates/plaintext.tmpl). */
import { UsageError } from './command.js';

/** As much of an OpenAPI schema as explain looks at. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly allOf?: readonly OpenApiSchema[];
  readonly externalDocs?: { readonly description?: string; readonly url?: string };
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
}
interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
export interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { readonly 'x-kubernetes-group-version-kind'?: GroupVersionKind }>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> };
}

export interface Question {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly fields: readonly string[];
  readonly recursive: boolean;
}

/** Calls `out` with what is known before it may throw: the header stands above the error. */
export function explain(document: OpenApiDocument, question: Question, out: (text: string) => void): void {
  const gvk = kindOf(document, question);
  const { group, version, resource } = question;
  if (gvk === undefined) {
    out('');
    throw new UsageError(`GVR (${group}/${version}, Resource=${resource}) not found in OpenAPI schema`);
  }
  out(`${gvk.group === '' ? '' : `GROUP:      ${gvk.group}\n`}KIND:       ${gvk.kind}\nVERSION:    ${gvk.version}\n\n`);
  const schema = Object.values(document.components?.schemas ?? {}).find((one) =>
    one['x-kubernetes-group-version-kind']?.some((other) => other.group === gvk.group && other.version === gvk.version && other.kind === gvk.kind),
  );
  if (schema === undefined) throw new UsageError(`GVK ${gvk.group}/${gvk.version}, Kind=${gvk.kind} not found in OpenAPI schema`);
  const text = new Explainer(document, question.recursive).output(schema, question.fields, new Set());
  if (text === '') throw new UsageError(`field "${question.fields.at(-1)}" does not exist`);
  out(`${text}\n`);
}

function kindOf(document: OpenApiDocument, { group, version, resource }: Question): GroupVersionKind | undefined {
  const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  for (const path of [
    `${prefix}/${resource}`,
    `${prefix}/${resource}/{name}`,
    `${prefix}/namespaces/{namespace}/${resource}`,
    `${prefix}/namespaces/{namespace}/${resource}/{name}`,
  ]) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
      const found = document.paths?.[path]?.[method]?.['x-kubernetes-group-version-kind'];
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

class Explainer {
  constructor(
    private readonly document: OpenApiDocument,
    private readonly recursive: boolean,
  ) {}

  private resolve(schema: OpenApiSchema): OpenApiSchema {
    const name = schema.$ref?.split('/').at(-1);
    return (name === undefined ? undefined : this.document.components?.schemas?.[name]) ?? schema;
  }

  /** Follows the path of fields; '' when there is no such field. */
  output(schema: OpenApiSchema, fields: readonly string[], history: ReadonlySet<string>): string {
    const ref = schema.$ref ?? '';
    const next = new Set([...history, ref]);
    const resolved = this.resolve(schema);
    const [field, ...rest] = fields;
    if (field === undefined) return this.description(resolved) + this.fieldSection(resolved);
    if (ref !== '' && history.has(ref)) return '';
    const own = resolved.properties !== undefined && Object.hasOwn(resolved.properties, field) ? resolved.properties[field] : undefined;
    if (own !== undefined) {
      const head = rest.length === 0 ? `FIELD: ${field} <${this.type(own)}>\n${this.longEnum(own)}\n\n` : '';
      const inner = this.output(own, rest, new Set());
      return inner === '' && rest.length > 0 ? '' : head + inner;
    }
    if (resolved.items !== undefined) return this.output(resolved.items, fields, next);
    if (typeof resolved.additionalProperties === 'object') return this.output(resolved.additionalProperties, fields, next);
    for (const one of resolved.allOf ?? []) {
      const text = this.output(one, fields, next);
      if (text !== '') return text;
    }
    return '';
  }

  private description(schema: OpenApiSchema): string {
    const docs = schema.externalDocs;
    const more =
      docs === undefined
        ? ''
        : `\nEXTERNAL DOCS:\n${docs.description === undefined ? '' : `${indent(wrap(docs.description, 76), 4)}\n`}${docs.url === undefined ? '' : `${indent(`URL: ${docs.url}`, 4)}\n`}`;
    return `DESCRIPTION:\n${indent(wrap(this.descriptionText(schema) || '<empty>', 76), 4)}\n${more}`;
  }

  private descriptionText(schema: OpenApiSchema): string {
    const resolved = this.resolve(schema);
    let text = resolved.description === undefined || resolved.description === '' ? '' : `${resolved.description}\n`;
    for (const one of resolved.allOf ?? []) text += this.descriptionText(one);
    if (resolved.items !== undefined) text += this.descriptionText(resolved.items);
    if (typeof resolved.additionalProperties === 'object') text += this.descriptionText(resolved.additionalProperties);
    return text;
  }

  private fieldSection(schema: OpenApiSchema): string {
    const list = this.fieldList(schema, 1, new Set());
    return list === '' ? '' : `FIELDS:\n${list}`;
  }

  private fieldList(schema: OpenApiSchema, level: number, history: ReadonlySet<string>): string {
    const ref = schema.$ref ?? '';
    if (ref !== '' && history.has(ref)) return '';
    const next = new Set([...history, ref]);
    const resolved = this.resolve(schema);
    let text = '';
    const properties = resolved.properties ?? {};
    for (const name of Object.keys(properties).sort()) {
      const field = properties[name] as OpenApiSchema;
      text += this.field(name, field, resolved.required?.includes(name) === true, level);
      if (this.recursive) text += this.fieldList(field, level + 1, next);
    }
    for (const one of resolved.allOf ?? []) text += this.fieldList(one, level, next);
    if (resolved.items !== undefined) text += this.fieldList(resolved.items, level, next);
    if (typeof resolved.additionalProperties === 'object') text += this.fieldList(resolved.additionalProperties, level, next);
    return text;
  }

  private field(name: string, schema: OpenApiSchema, required: boolean, level: number): string {
    const margin = level * 2;
    const line = `${' '.repeat(margin)}${name}\t<${this.type(schema)}>${required ? ' -required-' : ''}${shortEnum(schema, margin)}\n`;
    if (this.recursive) return line;
    return `${line}${indent(wrap(schema.description || '<no description>', 78 - margin), margin + 2)}\n\n`;
  }

  /** `string`, `[]Container`, `map[string]Quantity`. */
  private type(schema: OpenApiSchema): string {
    if (schema.items !== undefined) return `[]${this.type(schema.items)}`;
    if (typeof schema.additionalProperties === 'object') return `map[string]${this.type(schema.additionalProperties)}`;
    if (schema.allOf?.length === 1 && schema.properties === undefined) return this.type(schema.allOf[0] as OpenApiSchema);
    if (schema.$ref !== undefined) {
      const target = this.document.components?.schemas?.[schema.$ref.split('/').at(-1) as string];
      if (target === undefined || target.type === undefined || target.type === 'object') return schema.$ref.split('/').at(-1)?.split('.').at(-1) || 'Object';
      return target.type;
    }
    return schema.type === 'object' ? 'Object' : (schema.type ?? 'Object');
  }

  private longEnum(schema: OpenApiSchema): string {
    if (schema.enum === undefined) return '';
    return `ENUM:${schema.enum.map((value) => `\n    ${enumText(value)}`).join('')}`;
  }
}

const enumText = (value: unknown): string => (value === '' ? '""' : String(value));

/** Four values at most. */
function shortEnum(schema: OpenApiSchema, margin: number): string {
  if (schema.enum === undefined) return '';
  const shown = schema.enum.slice(0, 4).map(enumText).join(', ');
  return `\n${' '.repeat(margin)}enum: ${shown}${schema.enum.length > 4 ? ', ....' : ''}`;
}

const indent = (text: string, width: number): string => text.replace(/^/gm, ' '.repeat(width));

/** github.com/mitchellh/go-wordwrap: blanks at a break go, other blanks stay; a word that is too long stays whole. */
export function wrap(text: string, limit: number): string {
  let out = '';
  let column = 0;
  let word = '';
  let blanks = '';
  for (const char of text) {
    if (char === '\n') {
      if (word !== '' || column + blanks.length <= limit) out += blanks;
      out += `${word}\n`;
      column = 0;
      word = '';
      blanks = '';
    } else if (/\s/.test(char)) {
      if (blanks === '' || word !== '') {
        column += blanks.length + word.length;
        out += blanks + word;
        blanks = '';
        word = '';
      }
      blanks += char;
    } else {
      word += char;
      if (column + word.length + blanks.length > limit && word.length < limit) {
        out += '\n';
        column = 0;
        blanks = '';
      }
    }
  }
  if (word !== '' || column + blanks.length <= limit) out += blanks;
  return out + word;
}
