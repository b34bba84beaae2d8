/** The difference of two texts as `diff -u` writes it, without the lines that name the files. Empty: there is none. */
import { structuredPatch } from 'diff';

export function unifiedDiff(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 3 });
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) => `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.join('\n')}\n`)
    .join('');
}

/** One line is named alone; none, by the line before it. */
const range = (start: number, lines: number): string => (lines === 1 ? `${start}` : `${lines === 0 ? start - 1 : start},${lines}`);
