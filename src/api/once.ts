/** What `make` returned the last time, for as long as `inputs` are the same: they are compared one by one, by identity. */
export function whileSame<I extends readonly unknown[] | [], T>(inputs: () => I, make: (...inputs: I) => T): () => T {
  let made: { readonly of: I; readonly value: T } | undefined;
  return () => {
    const of = inputs();
    if (made === undefined || of.some((input, i) => input !== made?.of[i])) made = { of, value: make(...of) };
    return made.value;
  };
}

/** What `make` returned the first time it was asked. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
