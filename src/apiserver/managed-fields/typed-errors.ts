/** What makes an applied configuration no value of its kind: sigs.k8s.io/structured-merge-diff typed/validate.go, in its words. */
import { goQuote } from '../../api/field.js';
import { goValue, isMap } from '../../api/json-data.js';
import type { SchemaField, Schemas } from '../../api/resource.js';
import { ANYTHING, childShape, isDeduced, type Shape } from '../patch/shape.js';
import { printElement } from './field-set.js';
import { elementOf } from './typed.js';

/** Empty: it is one. */
export function typedErrors(schemas: Schemas, shape: Shape, value: unknown): string {
  const errors: string[] = [];
  walk(schemas, shape, value, '', errors);
  return errors.length <= 1 ? (errors[0] ?? '') : ['errors:', ...errors.map((error) => `  ${error}`)].join('\n');
}

function walk(schemas: Schemas, shape: Shape, value: unknown, at: string, errors: string[]): void {
  if (value === null || value === undefined || isDeduced(shape)) return;
  const { field, definition, elements } = shape;
  const wrong = (text: string): void => void errors.push(`${at}: ${text}`);
  if (elements !== undefined && field?.container === 'list') {
    if (!Array.isArray(value)) wrong(`expected list, got ${printed(value)}`);
    else walkList(schemas, shape, value, at, errors);
  } else if (elements !== undefined || definition !== undefined) {
    if (!isMap(value)) wrong(`expected map, got ${printed(value)}`);
    else
      for (const key of Object.keys(value).sort()) {
        const child = childShape(schemas, shape, key);
        if (child === undefined) errors.push(`${at}.${key}: field not declared in schema`);
        else walk(schemas, child, value[key], `${at}.${key}`, errors);
      }
  } else if (field !== undefined) {
    const text = scalarError(field, value);
    if (text !== undefined) wrong(text);
  }
}

function walkList(schemas: Schemas, shape: Shape, list: readonly unknown[], at: string, errors: string[]): void {
  const { listType = 'atomic' } = shape.field ?? {};
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    let place = `[${i}]`;
    if (listType !== 'atomic') {
      const problem = itemProblem(listType, item);
      if (problem !== undefined) {
        errors.push(`${at}: element ${i}: ${problem}`);
        return;
      }
      const element = elementOf(shape, item);
      place = printElement(element);
      if (seen.has(element)) errors.push(`${at}: duplicate entries for key ${place}`);
      seen.add(element);
    }
    walk(schemas, shape.elements ?? ANYTHING, item, at + place, errors);
  }
}

function itemProblem(listType: string, item: unknown): string | undefined {
  if (listType === 'map') {
    if (item === null) return 'associative list with keys may not have a null element';
    return isMap(item) ? undefined : 'associative list with keys may not have non-map elements';
  }
  if (isMap(item)) return "associative list without keys has an element that's a map type";
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
  return item === null ? "associative list without keys has an element that's an explicit null" : undefined;
}

const STRINGS: ReadonlySet<string> = new Set(['string', 'byte', 'Date', 'MicroTime']);
const UNTYPED: ReadonlySet<string> = new Set(['Quantity', 'IntOrString']);

function scalarError(field: SchemaField, value: unknown): string | undefined {
  const { type } = field;
  if (STRINGS.has(type)) return typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntaxOf(value)}}`;
  if (type === 'number') return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : `expected boolean, got ${printed(value)}`;
  return UNTYPED.has(type) && typeof value === 'object' ? `expected any scalar, got ${printed(value)}` : undefined;
}

/** %v of the value as it is held. */
const printed = (value: unknown): string => `&{${goValue(value)}}`;

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isMap(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** %#v. */
function goSyntaxOf(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntaxOf).join(', ')}}`;
  if (!isMap(value)) return value === null ? 'interface {}(nil)' : String(value);
  return `map[string]interface {}{${Object.keys(value)
    .sort()
    .map((key) => `${goQuote(key)}:${goSyntaxOf(value[key])}`)
    .join(', ')}}`;
}
