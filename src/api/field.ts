/** Field paths and field errors: k8s.io/apimachinery/pkg/util/validation/field. */

/** The seven types of upstream's ErrorType that we make, with their reason in a Status cause and their text. */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueNotFound'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.containers[0].image`. */
  readonly field: string;
  /** All after the field: `Invalid value: "x": must be …`. */
  readonly detail: string;
}

/** A value printed by Go's %#v rules instead of as JSON-ish; make one with {@link goSyntax}. */
export interface GoSyntax {
  readonly goSyntax: string;
}
/** Prints `text` bare as a bad value: struct and map values, resource names. */
export const goSyntax = (text: string): GoSyntax => ({ goSyntax: text });

export type BadValue = string | number | boolean | null | undefined | GoSyntax;

/** `a.b`, `a[0]`, `a[key]` built up from the root. '' is the root. */
export const child = (path: string, ...names: readonly string[]): string => names.reduce((at, name) => (at === '' ? name : `${at}.${name}`), path);
export const index = (path: string, i: number): string => `${path}[${i}]`;
/** Upstream's path of a single empty name, which prints as brackets. */
export const NO_FIELD = '[]';
export const mapKey = (path: string, key: string): string => `${path}[${key}]`;

/** Go's %q of a string. */
export function goQuote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (char === '\r') out += '\\r';
    else if (code === 7) out += '\\a';
    else if (code === 8) out += '\\b';
    else if (code === 12) out += '\\f';
    else if (code === 11) out += '\\v';
    else if (code < 32 || code === 127) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(char))
      out += code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    else out += char;
  }
  return `${out}"`;
}

function printValue(value: BadValue): string {
  if (typeof value === 'string') return goQuote(value);
  // field.Error makes the word of it first and prints that as any other.
  if (value === null || value === undefined) return '"null"';
  if (typeof value === 'object') return value.goSyntax;
  return String(value);
}

const withDetail = (head: string, detail: string): string => (detail === '' ? head : `${head}: ${detail}`);

export const required = (field: string, detail = ''): FieldError => ({ type: 'FieldValueRequired', field, detail: withDetail('Required value', detail) });
export const invalid = (field: string, value: BadValue, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  detail: withDetail(`Invalid value: ${printValue(value)}`, detail),
});
/** Without the value (field.OmitValueType). */
export const invalidWithoutValue = (field: string, detail: string): FieldError => ({ type: 'FieldValueInvalid', field, detail: `Invalid value: ${detail}` });
/** `supported` is printed in the order given: sort it unless upstream does not. */
export const notSupported = (field: string, value: BadValue, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  detail: withDetail(`Unsupported value: ${printValue(value)}`, supported.length === 0 ? '' : `supported values: ${supported.map(goQuote).join(', ')}`),
});
export const duplicate = (field: string, value: BadValue): FieldError => ({
  type: 'FieldValueDuplicate',
  field,
  detail: `Duplicate value: ${printValue(value)}`,
});
export const notFoundValue = (field: string, value: BadValue): FieldError => ({ type: 'FieldValueNotFound', field, detail: `Not found: ${printValue(value)}` });
export const forbidden = (field: string, detail: string): FieldError => ({ type: 'FieldValueForbidden', field, detail: withDetail('Forbidden', detail) });
/** `limit` in bytes. 1.33: no value is printed. */
export const tooLong = (field: string, limit: number): FieldError => ({
  type: 'FieldValueTooLong',
  field,
  detail: `Too long: may not be more than ${limit} bytes`,
});
export const tooMany = (field: string, actual: number, limit: number): FieldError => ({
  type: 'FieldValueTooMany',
  field,
  detail: `Too many: ${actual}: must have at most ${limit} items`,
});
