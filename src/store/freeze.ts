/** Deep freezing with structural sharing: what is frozen already is not walked again. */

/**
 * Freezes `value` and everything in it that is not frozen yet; returns it. Members that are undefined are dropped on the
 * way, so that an object is the same before and after it was saved.
 */
export function deepFreeze<T>(value: T): T {
  if (isLoose(value)) freezeIn(value);
  return value;
}

const isLoose = (value: unknown): value is Record<string, unknown> | unknown[] => typeof value === 'object' && value !== null && !Object.isFrozen(value);

/** Most members are texts and numbers: they are looked at here, not called for one by one. */
function freezeIn(value: Record<string, unknown> | unknown[]): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isLoose(value[i])) freezeIn(value[i] as unknown[]);
  } else {
    for (const key in value) {
      const member = value[key];
      if (member === undefined) delete value[key];
      else if (isLoose(member)) freezeIn(member);
    }
  }
  Object.freeze(value);
}
