/** What `make` made the first time; asked for again, the same (a promise included, were it to fail). */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
