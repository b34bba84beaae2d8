/** awk's values: text, numbers, and text from outside that looks like a number and counts as either. */

export type Value = string | number | { readonly text: string; readonly number: number };
/** Scalars and arrays share their names. */
export type Scope = Map<string, Value | Map<string, Value>>;

/** undefined: it is not one from beginning to end. */
export const numeric = (text: string): number | undefined => (/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : undefined);

/** Text from outside: a number if it looks like one. */
export const fromInput = (text: string): Value => {
  const number = numeric(text);
  return number === undefined ? text : { text, number };
};

/** What it begins with counts: `3 apples` are 3. */
export const toNumber = (value: Value): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'object') return value.number;
  return Number.parseFloat(/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(value)?.[0] ?? '0') || 0;
};

export const isTrue = (value: Value): boolean => (typeof value === 'string' ? value !== '' : toNumber(value) !== 0);
