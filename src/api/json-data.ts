/** JSON values from outside as records without a prototype's names: `__proto__` and `constructor` are ordinary keys. */
import type { JsonObject } from './object.js';

export type Data = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
/** The same of what is known to be JSON. */
export const isJsonObject = (value: unknown): value is JsonObject => isMap(value);
export const has = (map: Data, key: string): boolean => Object.hasOwn(map, key);
/** An own value; undefined when there is none. */
export const own = (map: Data, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);

/** Sets an own key, whatever its name. */
export function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  else map[key] = value;
}

/** A shallow copy that may be changed; keeps a key called `__proto__`. */
export const copy = (map: Data): Record<string, unknown> => ({ ...map });

/** Go's %v of a decoded JSON value: `map[a:1 b:[x y]]`. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (isMap(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${goValue(value[key])}`).join(' ')}]`;
  }
  if (typeof value === 'number' && !Number.isInteger(value)) return goFloat(value);
  return String(value);
}

/** %v of a float64: exponent form from 1e21 up and below 1e-4, with two digits in the exponent. */
function goFloat(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}
