/**
 * Empty lists and maps that a client wrote out. To Go an empty list and none are two values, though nearly everything treats them as
 * one: only what an error message prints differs (`[]string{}`, `[]string(nil)`). So decoding leaves them out and notes the
 * field under a symbol, which spread copies take along, and JSON, keys and comparisons do not see.
 */
const GIVEN = Symbol('given empty');

type Noted = { [GIVEN]?: ReadonlySet<string> };

/** Notes that `field` of `struct` was written and is empty. */
export function noteEmpty(struct: object, field: string): void {
  const noted = struct as Noted;
  noted[GIVEN] = new Set(noted[GIVEN]).add(field);
}

/** The struct as if nothing had been written in these fields. */
export function forgetEmpty<T extends object>(struct: T, ...fields: readonly string[]): T {
  const noted = (struct as Noted)[GIVEN];
  if (noted === undefined || !fields.some((field) => noted.has(field))) return struct;
  return { ...struct, [GIVEN]: new Set([...noted].filter((field) => !fields.includes(field))) };
}

/** Whether an empty or absent `field` was written. */
export const isGivenEmpty = (struct: object | undefined, field: string): boolean => (struct as Noted | undefined)?.[GIVEN]?.has(field) === true;
