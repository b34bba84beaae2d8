/** Tables of ResourceQuotas and LimitRanges, in their own description and their namespace's: kubectl pkg/describe/describe.go. */
import { formatQuantity, quantity, quantityValue } from '../../api/quantity.js';
import type { IndentedWriter } from '../../api/resource.js';
import type { LimitRange, LimitRangeItem } from '../limitranges/types.js';
import type { ResourceQuota } from '../resourcequotas/types.js';

const SCOPE_TEXTS: Readonly<Record<string, string>> = {
  Terminating: 'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort: 'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort: 'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

/** The scopes line and what each means; `bullet` stands before each meaning. */
export function describeScopes({ spec }: ResourceQuota, out: IndentedWriter, level: number, bullet: string): void {
  if (!spec?.scopes?.length) return;
  const scopes = [...spec.scopes].sort();
  out.line(level, `Scopes:\t${scopes.join(', ')}`);
  for (const scope of scopes) if (SCOPE_TEXTS[scope] !== undefined) out.line(level, `${bullet}${SCOPE_TEXTS[scope]}`);
}

/** Rows `resource, used, hard` by resource. */
export function describeQuotaRows({ status }: ResourceQuota, out: IndentedWriter, level: number): void {
  for (const name of Object.keys(status?.hard ?? {}).sort()) {
    const hard = quantity(status?.hard?.[name]);
    const used = quantity(status?.used?.[name]);
    const shown = hard.format === used.format ? used : { nano: BigInt(quantityValue(used)) * 1_000_000_000n, format: hard.format };
    out.line(level, `${name}\t${formatQuantity(shown)}\t${formatQuantity(hard)}`);
  }
}

/** All quotas of a namespace (DescribeResourceQuotas). */
export function describeQuotas(quotas: readonly ResourceQuota[], out: IndentedWriter): void {
  if (quotas.length === 0) {
    out.line(0, 'No resource quota.');
    return;
  }
  out.line(0, 'Resource Quotas');
  for (const quota of [...quotas].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))) {
    out.line(1, `Name:\t${quota.metadata.name}`);
    describeScopes(quota, out, 1, '* ');
    out.line(1, 'Resource\tUsed\tHard');
    out.line(1, '--------\t---\t---');
    describeQuotaRows(quota, out, 1);
  }
}

/** All limit ranges of a namespace (DescribeLimitRanges). */
export function describeLimitRanges(ranges: readonly LimitRange[], out: IndentedWriter): void {
  if (ranges.length === 0) {
    out.line(0, 'No LimitRange resource.');
    return;
  }
  out.line(0, 'Resource Limits');
  describeLimitHeader(out, ' ');
  for (const range of ranges) describeLimits(range, out, ' ');
}

export function describeLimitHeader(out: IndentedWriter, prefix: string): void {
  out.line(0, `${prefix}Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio`);
  out.line(0, `${prefix}----\t--------\t---\t---\t---------------\t-------------\t-----------------------`);
}

/** One row an item and resource, `-` for what is not limited. kubectl walks the resources in random order; here they are sorted. */
export function describeLimits({ spec }: LimitRange, out: IndentedWriter, prefix: string): void {
  for (const item of spec?.limits ?? []) {
    const columns: readonly LimitRangeItem['max'][] = [item.min, item.max, item.defaultRequest, item.default, item.maxLimitRequestRatio];
    const names = new Set(columns.flatMap((column) => Object.keys(column ?? {})));
    for (const name of [...names].sort()) {
      const cells = columns.map((column) => (column?.[name] === undefined ? '-' : formatQuantity(quantity(column[name]))));
      out.line(0, `${prefix}${item.type}\t${name}\t${cells.join('\t')}`);
    }
  }
}
