/** What real shells and programs do, recorded in files beside the tests: asking them takes longer than all else. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Outcome } from './real.js';

/** By what was asked: a flavour or a userland, then a script. */
export type Results = Readonly<Record<string, Readonly<Record<string, readonly [output: string, code: number | null]>>>>;

/** Reads `file`, unless `how` is `real` (asks those of this machine) or `record` (and also writes it down). */
export function recordedResults(
  file: string,
  how: string | undefined,
  whom: readonly string[],
  scripts: readonly string[],
  ask: (whom: string) => readonly Outcome[],
): Results {
  const url = new URL(`./${file}`, import.meta.url);
  if (how === undefined) return JSON.parse(readFileSync(url, 'utf8')) as Results;
  const results = Object.fromEntries(
    whom.map((one) => [one, Object.fromEntries(ask(one).map(({ output, code }, i) => [scripts[i] as string, [output, code] as const]))]),
  );
  if (how === 'record') writeFileSync(url, `${JSON.stringify(results, undefined, 1)}\n`);
  return results;
}
