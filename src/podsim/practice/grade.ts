/** Points of findings. */
import type { Finding } from './checks.js';
import type { Task } from './records.js';
import type { Scenario } from './scenario.js';

/** What holds, less what was broken; never below nothing. */
export function earned(findings: readonly Finding[]): number {
  const sum = findings.reduce((points, { check, holds }) => points + (check.isGuard ? (holds ? 0 : -check.points) : holds ? check.points : 0), 0);
  return Math.max(0, sum);
}

/** What the hints seen have cost. */
export const costOf = ({ hints }: Pick<Scenario, 'hints'>, seen: number): number => hints.slice(0, seen).reduce((sum, { cost }) => sum + cost, 0);

/** What a try is worth: after hints, and nothing once the solution was seen. */
export function worth(scenario: Scenario, task: Task, findings: readonly Finding[]): number {
  return task.solutionShown ? 0 : Math.max(0, earned(findings) - costOf(scenario, task.hints));
}

export const isSolved = (findings: readonly Finding[]): boolean => findings.every(({ holds }) => holds);
