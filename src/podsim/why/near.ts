/** "Did you mean": the candidate that a word was probably meant to be. */

/** Levenshtein's distance, where two neighbours that changed places count as one edit. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const above = rows[i - 1] as number[];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let best = Math.min((above[j] as number) + 1, (row[j - 1] as number) + 1, (above[j - 1] as number) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (rows[i - 2]?.[j - 2] as number) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] as number;
}

/** The nearest candidate, if it is near: a third of the word may differ. Undefined: none, or the word is one of them. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  let found: { readonly name: string; readonly far: number } | undefined;
  for (const name of candidates) {
    if (name === word) return undefined;
    const far = name.toLowerCase() === word.toLowerCase() ? 0 : distance(word, name);
    if (far <= most && (found === undefined || far < found.far)) found = { name, far };
  }
  return found?.name;
}
