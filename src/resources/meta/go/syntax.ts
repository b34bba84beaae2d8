/** Go's `%#v` of the internal types, as field errors print a bad value that is a struct, a list or a map. */
import { type BadValue, goQuote, goSyntax } from '../../../api/field.js';
import { goSyntaxOf } from '../../../text/go-format.js';
import { elementOf, fieldOf, fieldsOf, isNil, kindOf, opened, typeName } from './layout.js';

/** `type` without its package for core: `PodTemplateSpec`, `[]Toleration`, `batch.SuccessPolicy`. Of a pointer: what it points to. */
export function goBadValue(type: string, value: unknown): BadValue {
  if (type.startsWith('*')) return isNil(type, value) ? null : goBadValue(type.slice(1), value);
  return goSyntax(print(type, value, { pointers: 0 }));
}

/** A field of a struct, whose list or map may have been given empty. */
export const goFieldValue = (struct: object | undefined, name: string, type: string): BadValue =>
  goBadValue(type, fieldOf((struct ?? {}) as Readonly<Record<string, unknown>>, { name, json: name, type }));

/** How many pointers have been printed. Nobody can know what they were: an address like any other stands for each. */
interface Printed {
  pointers: number;
}
const FIRST_ADDRESS = 0xc000a00000;

function print(type: string, value: unknown, printed: Printed): string {
  const name = typeName(type);
  switch (kindOf(type)) {
    case 'string':
      if (type === 'apiextensions.JSON') return goSyntaxOf(value);
      return goQuote((value as string | undefined) ?? '');
    case 'integer':
      return String(value ?? 0);
    case 'bool':
      return String(value === true);
    case 'pointer':
      if (!isNil(type, value)) return `(${name})(0x${(FIRST_ADDRESS + 16 * printed.pointers++).toString(16)})`;
      return type === '*Time' ? '<nil>' : `(${name})(nil)`;
    case 'list':
      if (isNil(type, value)) return `${name}(nil)`;
      return `${name}{${(value as readonly unknown[]).map((item) => print(elementOf(type), item, printed)).join(', ')}}`;
    case 'map': {
      if (isNil(type, value)) return `${name}(nil)`;
      const map = value as Readonly<Record<string, unknown>>;
      const entries = Object.keys(map).sort();
      return `${name}{${entries.map((key) => `${goQuote(key)}:${print(elementOf(type), map[key], printed)}`).join(', ')}}`;
    }
    case 'struct': {
      if (type === 'Time') return goTime(value as string | null | undefined);
      const struct = opened(type, value);
      return `${name}{${fieldsOf(type)
        .map((field) => `${field.name}:${print(field.type, fieldOf(struct, field), printed)}`)
        .join(', ')}}`;
    }
  }
}

/** time.Time's GoString. */
function goTime(value: string | null | undefined): string {
  const time = new Date(value ?? '0001-01-01T00:00:00Z');
  const month = time.toLocaleString('en', { month: 'long', timeZone: 'UTC' });
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds(), 0].join(', ');
  return `time.Date(${time.getUTCFullYear()}, time.${month}, ${time.getUTCDate()}, ${clock}, time.${value ? 'Local' : 'UTC'})`;
}
