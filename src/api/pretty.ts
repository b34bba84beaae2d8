/** Who reads an answer with their own eyes (apiserver handlers/negotiation isPrettyPrint), and what JSON looks like to them. */
export function isPretty(path: string, userAgent = ''): boolean {
  const asked = new URLSearchParams(path.split('?')[1] ?? '').get('pretty');
  if (asked !== null && asked !== '') return /^(?:1|t|true)$/i.test(asked);
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** A line, or indented without a line break at its end. */
export const jsonText = (value: unknown, pretty: boolean): string => (pretty ? JSON.stringify(value, null, 2) : `${JSON.stringify(value)}\n`);
