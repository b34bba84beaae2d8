/** A command line's words, as a shell splits them: blanks, '…' as it is, "…" with \" and \\. No expansion: lines are data. */
export function wordsOf(line: string): readonly string[] {
  const words = line.trim().matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs);
  return [...words].map(([word]) =>
    word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, (_, single?: string, double?: string, one?: string) => {
      return single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? one ?? '';
    }),
  );
}

/** The word as one types it: quoted where a shell would take it apart. */
export const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
