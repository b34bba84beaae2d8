/** What real shells and programs do, recorded in files beside the tests: asking them takes longer than all else. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Outcome } from './real.js';

/** By what was asked: a flavour or a userland, then a script. */
export type Results = Readonly<Record<string, Readonly<Record<string, readonly [output: string, code: number | null]>>>>;

/** Reads `file`, unless `how` is `real` (asks those of this machine), `record` (and also writes it down) or `add` (asks only for what is not yet there). */
export function recordedResults(
  file: string,
  how: string | undefined,
  whom: readonly string[],
  scriptsFor: (whom: string) => readonly string[],
  ask: (whom: string, scripts: readonly string[]) => readonly Outcome[],
): Results {
  const url = new URL(`./${file}`, import.meta.url);
  const known = how === undefined || how === 'add' ? (JSON.parse(readFileSync(url, 'utf8')) as Results) : {};
  if (how === undefined) return known;
  const results = Object.fromEntries(
    whom.map((one) => {
      const there = known[one] ?? {};
      const scripts = scriptsFor(one);
      const missing = scripts.filter((script) => there[script] === undefined);
      const asked = Object.fromEntries(ask(one, missing).map(({ output, code }, i) => [missing[i] as string, [output, code] as const]));
      return [one, Object.fromEntries(scripts.map((script) => [script, (there[script] ?? asked[script]) as readonly [string, number | null]]))];
    }),
  );
  if (how !== 'real') writeFileSync(url, `${JSON.stringify(results, undefined, 1)}\n`);
  return results;
}
