/** A difference of two values in the manner of github.com/google/go-cmp, as validation appends it to "is immutable" messages. */
import { isSemanticEqual } from '../../api/equality.js';
import { goQuote } from '../../api/field.js';

/** Lines with `-` for what only `old` has and `+` for what only `value` has; `type` is the Go type of both. */
export function goDiff(type: string, old: object, value: object): string {
  return `  ${type}{\n${fields(old, value, 1)}  }\n`;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(old: object, value: object, depth: number): string {
  const tabs = '\t'.repeat(depth);
  const before = old as Fields;
  const after = value as Fields;
  let out = '';
  let same = 0;
  const skip = (): void => {
    if (same > 0) out += `  ${tabs}... // ${same} identical ${same === 1 ? 'field' : 'fields'}\n`;
    same = 0;
  };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const a = before[key];
    const b = after[key];
    if (isSemanticEqual(a, b)) {
      same++;
      continue;
    }
    skip();
    const name = `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    if (isObject(a) && isObject(b)) out += `  ${tabs}${name}: {\n${fields(a, b, depth + 1)}  ${tabs}},\n`;
    else out += `- ${tabs}${name}: ${print(a)},\n+ ${tabs}${name}: ${print(b)},\n`;
  }
  skip();
  return out;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

function print(value: unknown): string {
  if (value === undefined || value === null) return 'nil';
  if (typeof value === 'string') return goQuote(value);
  if (Array.isArray(value)) return `{${value.map(print).join(', ')}}`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key.charAt(0).toUpperCase()}${key.slice(1)}: ${print(item)}`)
      .join(', ')}}`;
  return String(value);
}
