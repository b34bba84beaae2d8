/** Deep freezing with structural sharing: what is frozen already is not walked again. */

/**
 * Freezes `value` and everything in it that is not frozen yet; returns it. Members that are undefined are dropped on the
 * way, so that an object is the same before and after it was saved.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) for (const item of value) deepFreeze(item);
  else
    for (const key in value) {
      if (value[key] === undefined) delete value[key];
      else deepFreeze(value[key]);
    }
  return Object.freeze(value);
}
