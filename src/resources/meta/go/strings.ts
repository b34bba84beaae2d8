/** Strings as github.com/google/go-cmp shows them. */
import { goQuote } from '../../../api/field.js';

/** Of printable characters and tabs. */
export const isPrintable = (text: string): boolean => !/[^\P{C}\t]|(?! )\p{Z}/u.test(text);

/** In double quotes; in back quotes where those need no escapes. */
export function quoted(text: string): string {
  const inQuotes = goQuote(text);
  return inQuotes.length === text.length + 2 || text.includes('`') || !isPrintable(text) ? inQuotes : `\`${text}\``;
}
