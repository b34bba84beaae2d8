/** Prints what was found: each requirement, whether it holds, and by what one sees it. */

import { widthOf } from '../../text/display-width.js';
import type { Finding } from './checks.js';
import { costOf, earned } from './grade.js';
import { cut, padded } from './layout.js';
import type { Attempt } from './records.js';
import { pointsOf, type Scenario } from './scenario.js';
import { elapsed, type Speaker, typed } from './speaker.js';

/** More of what a command printed tells no more. */
const MOST_LINES = 4;

export function showFindings(speaker: Speaker, findings: readonly Finding[]): void {
  const { words, layout, say } = speaker;
  const { colour } = layout;
  const labels = [words.expected, words.found, words.see];
  const width = Math.max(...labels.map(widthOf)) + 2;
  for (const [i, finding] of findings.entries()) {
    const { check, holds } = finding;
    const worth = check.isGuard ? (holds ? '' : `-${check.points}`) : `${holds ? check.points : 0}/${check.points}`;
    const mark = holds ? colour.green('✓') : colour.red('✗');
    const head = layout.prose(`${i + 1}. ${speaker.text(check.text)}`, 2).trimStart();
    const lines = head.split('\n');
    const last = lines.at(-1) as string;
    const room = layout.width - 4 - widthOf(plain(last)) - worth.length;
    say('', `${mark} ${[...lines.slice(0, -1), `${last}${' '.repeat(Math.max(1, room))}${worth}`].join('\n')}`);
    const row = (label: string, text: string): void => say(...evidence(`   ${padded(label, width)}`, text, layout.width, false));
    if (!holds) row(words.expected, check.isGuard ? `${speaker.text(finding.expected)} (${words.guardBroken})` : speaker.text(finding.expected));
    row(words.found, finding.found === '' ? words.nothingHere : finding.found);
    if (holds && finding.after >= 1000) say(`   ${padded('', width)}${words.after(elapsed(finding.after))}`);
    say(...evidence(`   ${padded(words.see, width)}`, typed(finding.command), layout.width, true).map((line) => colour.dim(line)));
  }
}

/** What is to be typed stays whole; what was found may be cut. */
function evidence(label: string, text: string, width: number, isWhole: boolean): readonly string[] {
  const room = Math.max(20, width - widthOf(label));
  const lines = text.split('\n');
  const shown = isWhole ? lines : lines.slice(0, MOST_LINES).map((line) => cut(line, room));
  if (!isWhole && lines.length > MOST_LINES) shown.push('…');
  return shown.map((line, i) => `${i === 0 ? label : ' '.repeat(widthOf(label))}${line}`);
}

/** Without the colours of a terminal. */
const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

/** What a try is worth, and why not all. */
export type Standing = Pick<Attempt, 'points' | 'hints' | 'solutionShown'>;

/** The sum below the findings. `standing` undefined: it is not counted. */
export function showStanding(speaker: Speaker, scenario: Scenario, findings: readonly Finding[], standing: Standing | undefined): void {
  const { words, layout, say } = speaker;
  const open = findings.filter(({ holds }) => !holds).length;
  const cost = costOf(scenario, standing?.hints ?? 0);
  const reasons = [...(cost > 0 ? [words.hintsCost(standing?.hints ?? 0, cost)] : []), ...(standing?.solutionShown === true ? [words.solutionCosts] : [])];
  const verdict = open === 0 ? layout.colour.green(words.solved) : words.unsolved(open);
  say('', `${verdict} ${words.of(standing?.points ?? earned(findings), pointsOf(scenario))}${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}`);
}
