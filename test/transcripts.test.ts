/** What the user sees, command by command: every file of test/transcripts on the build. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lineMatches, runTranscript } from './harness/transcript.js';

const root = join(dirname(fileURLToPath(import.meta.url)), 'transcripts');
const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.t')).sort();

describe.concurrent('transcripts', () => {
  test.each(files)('%s', async (file) => {
    const outcomes = await runTranscript(join(root, file));
    const shown = (lines: readonly string[], status: number | undefined): string[] => [...lines, ...(status === 0 ? [] : [`[${status}]`])];
    const failed = outcomes.filter(({ passed }) => !passed);
    expect(failed.map(({ line, command, actual, actualStatus }) => [`${line}: $ ${command}`, ...shown(actual, actualStatus)])).toEqual(
      failed.map(({ line, command, expected, status }) => [`${line}: $ ${command}`, ...shown(expected, status)]),
    );
    expect(outcomes.length).toBeGreaterThan(0);
  });
});

test('a pattern matches what it says and nothing else', () => {
  expect(lineMatches('a* (glob)', 'abc')).toBe(true);
  expect(lineMatches('a* (glob)', 'bac')).toBe(false);
  expect(lineMatches('[0-9]+s (re)', '12s')).toBe(true);
  expect(lineMatches('web   1/1', 'web   0/1')).toBe(false);
});
