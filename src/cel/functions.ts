/** The functions of CEL that need no macro: the standard ones, those for strings, and the libraries Kubernetes adds (pkg/cel/environment/base.go). */
import { conversions } from './library/conversions.js';
import { formats } from './library/formats.js';
import { type CelFunction, isText, type Library } from './library/function.js';
import { ip } from './library/ip.js';
import { lists } from './library/lists.js';
import { optionals } from './library/optionals.js';
import { quantity } from './library/quantity.js';
import { semver } from './library/semver.js';
import { strings } from './library/strings.js';
import { times } from './library/times.js';
import { urls } from './library/urls.js';
import { isList, isMap, type Value } from './values.js';

function size(value: Value | undefined): bigint | undefined {
  if (isText(value)) return BigInt([...value].length);
  if (isList(value) || value instanceof Uint8Array) return BigInt(value.length);
  return isMap(value) ? BigInt(value.size) : undefined;
}

function together(libraries: readonly Library[]): Library {
  const all: Record<string, CelFunction> = {};
  for (const library of libraries)
    for (const [name, one] of Object.entries(library)) {
      const other = all[name];
      all[name] = other === undefined ? one : (...args) => other(...args) ?? one(...args);
    }
  return all;
}

/** By name. What several libraries have are overloads. */
export const FUNCTIONS: Library = together([{ size }, conversions, times, strings, lists, quantity, urls, ip, semver, formats, optionals]);
