/** Names that make odd host names: WarningsOnCreate of the workload strategies (pkg/registry). */
import { dnsLabel } from '../meta/names.js';

/** Go's %v of the list of what is wrong with it. */
export function nameWarnings(name: string | undefined): readonly string[] {
  const problems = dnsLabel(name ?? '');
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
  ];
}
