/** What `top` shows (pkg/cmd/top, pkg/metricsutil/metrics_printer.go). */
import { type Quantity, quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import { parseFieldSelector, parseSelector } from '../api/selectors.js';
import { goSort } from '../text/go-sort.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { discovered } from './undiscovered.js';

const METRICS = 'metrics.k8s.io';
export type Usage = Readonly<Record<string, string>>;

/** The version of the Metrics API the server has; an error when it has none. */
export async function requireMetrics(
  factory: Factory,
  resource: 'pods' | 'nodes',
): Promise<{ group: string; version: string; resource: string; namespaced: boolean }> {
  const mapper = await discovered(factory);
  const found = mapper.mappings.find((mapping) => mapping.group === METRICS && mapping.resource === resource);
  if (found === undefined) throw new UsageError('Metrics API not available');
  return found;
}

const amount = (usage: Usage, name: string): Quantity => quantity(usage[name]);

/** `250m`. */
export const cpuText = (usage: Usage): string => `${quantityMilliValue(amount(usage, 'cpu'))}m`;
/** `64Mi`. */
export const memoryText = (usage: Usage): string => `${Math.trunc(quantityValue(amount(usage, 'memory')) / 1048576)}Mi`;
export const cpuValue = (usage: Usage): number => quantityMilliValue(amount(usage, 'cpu'));
export const memoryValue = (usage: Usage): number => quantityValue(amount(usage, 'memory'));

export function sum(usages: readonly Usage[]): Usage {
  const nano = (name: string) => usages.reduce((total, usage) => total + amount(usage, name).nano, 0n);
  const cpu = nano('cpu');
  return { cpu: `${cpu}n`, memory: `${nano('memory') / 1_000_000_000n}` };
}

/** Largest first by --sort-by, else by name. */
export function order<T>(items: readonly T[], sortBy: string, usageOf: (item: T) => Usage, nameOf: (item: T) => string): T[] {
  const value = sortBy === 'cpu' ? cpuValue : sortBy === 'memory' ? memoryValue : undefined;
  const byName = (a: T, b: T) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0);
  if (value === undefined) return [...items].sort(byName);
  const sorted = [...items];
  goSort(sorted, (a, b) => value(usageOf(b)) < value(usageOf(a)));
  return sorted;
}

/** Selectors are read before anything is asked, and the server's words about them are not seen (labels.Parse, fields.ParseSelector). */
export function checkSelectors(flags: FlagValues): void {
  const labels = parseSelector(flags.string('selector'));
  if ('error' in labels) throw new UsageError(labels.error);
  const fields = flags.has('field-selector') ? parseFieldSelector(flags.string('field-selector')) : [];
  if ('error' in fields) throw new UsageError(fields.error);
}

export function checkSort(sortBy: string): void {
  if (sortBy !== '' && sortBy !== 'cpu' && sortBy !== 'memory') throw new UsageError('--sort-by accepts only cpu or memory');
}
