/**
 * The comparison that says whether podsim may be believed: each command is run by the real kubectl 1.33 against `podsim serve`
 * and by podsim in this process on an identical copy of the cluster. Standard output, standard error and exit code must be equal;
 * nothing is masked. `npm test` runs every Nth command, `TWIN=all` (`npm run twin`) all of them; `TWIN=text` those with this text.
 * What differs is in test/twin/results.txt (TWIN_OUT), and as it comes in TWIN_LOG.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Case, helpFacts, isHelp, parseCases } from './commands.js';
import { known } from './known.js';
import { findKubectl, type Outcome } from './kubectl.js';
import { root } from './podsim.js';
import { type Pair, Stage, tables } from './stage.js';

const EVERY = 50;
const AT_ONCE = 3;
const directory = join(root, 'test/twin/commands');
const wanted = process.env['TWIN'] ?? '';
const found = findKubectl();

interface Result {
  readonly case: Case;
  readonly took: number;
  readonly differences: string;
}
const results: Result[] = [];

const isChosen = (line: string, i: number): boolean => (wanted === '' ? i % EVERY === 0 : wanted === 'all' || line.includes(wanted));

describe.skipIf('why' in found)(`twin${'why' in found ? ` (skipped: ${found.why})` : ''}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = new Stage('path' in found ? found.path : '');
    await stage.build();
  });
  afterAll(async () => {
    await stage?.close();
    report();
  });

  for (const table of tables(directory)) {
    const cases = parseCases(readFileSync(join(directory, table), 'utf8')).filter(({ line }, i) => isChosen(line, i));
    test.skipIf(cases.length === 0)(
      `${table.replace('.txt', '')}: ${cases.length} commands`,
      async () => {
        const before = results.length;
        const of = (choose: (one: Case) => boolean) => cases.filter(choose);
        const isNow = ({ steps }: Case) => steps.length === 1 && steps[0]?.now === true;
        const isRead = ({ steps }: Case) => steps.length === 1 && steps[0]?.now === false && steps[0]?.changes === false;
        const one = ({ steps }: Case) => steps[0] as (typeof steps)[number];
        const reads = of(isRead);
        note(
          reads,
          (await stage.compareReads(reads.map(one), AT_ONCE)).map((pair) => [pair]),
        );
        const aged = of(isNow);
        note(
          aged,
          (await stage.compareNow(aged.map(one), AT_ONCE)).map((pair) => [pair]),
        );
        for (const other of of((one) => !isNow(one) && !isRead(one))) note([other], [await stage.compare(other.steps)]);
        const unknown = results.slice(before).filter(({ case: { line }, differences }) => differences !== '' && known[line] === undefined);
        expect(unknown.map(({ case: { line }, differences }) => `$ kubectl ${line}\n${differences}`).join('\n')).toBe('');
      },
      1_800_000,
    );
  }

  test('no difference is listed that is none', () => {
    const equal = new Set(results.filter(({ differences }) => differences === '').map(({ case: { line } }) => line));
    expect(Object.keys(known).filter((line) => equal.has(line))).toEqual([]);
    expect(Object.keys(known).length).toBeLessThanOrEqual(5);
  });
});

function note(cases: readonly Case[], pairs: readonly (readonly Pair[])[]): void {
  for (const [i, one] of cases.entries()) {
    const differences = (pairs[i] ?? []).map((pair, step) => difference(pair, one.steps[step]?.args ?? [])).join('');
    const took = (pairs[i] ?? []).reduce((sum, pair) => sum + pair.took, 0);
    results.push({ case: one, differences, took });
    if (process.env['TWIN_LOG'] !== undefined)
      appendFileSync(process.env['TWIN_LOG'], `${new Date().toISOString()} ${differences === '' ? 'equal ' : 'differs'} ${one.line}\n${differences}`);
  }
}

function difference({ kubectl, podsim }: Pair, args: readonly string[]): string {
  const factsOf = (text: string): string => (isHelp(text) ? helpFacts(text) : text);
  const facts = ({ out, err, code }: Outcome): Outcome => ({ out: factsOf(out), err: factsOf(err), code });
  const [real, ours] = [facts(kubectl), facts(podsim)];
  let text = kubectl.hung === true || podsim.hung === true ? '  it does not end\n' : '';
  if (real.code !== ours.code) text += `  exit code: kubectl ${real.code}, podsim ${ours.code}\n`;
  for (const stream of ['out', 'err'] as const) if (real[stream] !== ours[stream]) text += lineDifference(stream, real[stream], ours[stream]);
  return text === '' ? '' : `  [${args.join(' ')}]\n${text}`;
}

/** Lines that only one has, marked `-` (kubectl) and `+` (podsim). */
function lineDifference(stream: string, real: string, ours: string): string {
  const [a, b] = [real.split('\n'), ours.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const shown = (lines: readonly string[], mark: string) =>
    lines
      .slice(start, lines.length - end)
      .slice(0, 12)
      .map((line) => `    ${mark}${line.slice(0, 400)}\n`)
      .join('');
  return `  std${stream}, line ${start + 1}:\n${shown(a, '-')}${shown(b, '+')}`;
}

/** The score by verb and by output, and what takes long. */
function report(): void {
  if (results.length === 0) return;
  const verbOf = ({ case: { steps } }: Result) => steps[0]?.args.find((word) => !word.startsWith('-')) ?? '(none)';
  const outputOf = ({ case: { steps } }: Result) => {
    const args = steps.at(-1)?.args ?? [];
    if (args.includes('--help')) return 'help';
    const at = args.findIndex((word) => /^(-o|--output)/.test(word));
    const value = at < 0 ? '' : (/^(?:-o|--output)=?(.+)$/.exec(args[at] as string)?.[1] ?? args[at + 1] ?? '');
    return at < 0 ? 'text' : (value.replace(/^=/, '').split('=')[0] as string);
  };
  const rows = (title: string, of: (result: Result) => string) => {
    const names = [...new Set(results.map(of))].sort();
    const score = (name: string) => {
      const mine = results.filter((result) => of(result) === name);
      return `  ${name.slice(0, 30).padEnd(32)}${mine.filter(({ differences }) => differences === '').length}/${mine.length}`;
    };
    return [title, ...names.map(score)].join('\n');
  };
  const equal = results.filter(({ differences }) => differences === '').length;
  const slowest = [...results].sort((a, b) => b.took - a.took).slice(0, 10);
  const slow = slowest.map(({ took, case: { line } }) => `  ${(took / 1000).toFixed(1)} s  ${line.slice(0, 120)}`).join('\n');
  const text = `${rows('By verb:', verbOf)}\n${rows('By output:', outputOf)}\nSlowest:\n${slow}\nEqual: ${equal} of ${results.length} commands (${((100 * equal) / results.length).toFixed(1)} %)\n`;
  process.stderr.write(text);
  const details = results.filter(({ differences }) => differences !== '').map(({ case: { line }, differences }) => `$ kubectl ${line}\n${differences}`);
  writeFileSync(process.env['TWIN_OUT'] ?? join(root, 'test/twin/results.txt'), `${details.join('\n')}\n${text}`);
}
