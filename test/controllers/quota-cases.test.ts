/** What objects count for in quotas, and in which scopes they are, by the cases of upstream's own tests (pkg/quota/v1/evaluator/core). */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { formatQuantity } from '../../src/api/quantity.js';
import { isInScope, type QuotaScopes, quotaUsage } from '../../src/api/quota.js';
import type { Time } from '../../src/api/time.js';
import data from './quota-cases.json' with { type: 'json' };

interface Case {
  readonly source: string;
  readonly object: KubeObject;
  readonly now?: string;
  readonly resource?: string;
  readonly usage?: Readonly<Record<string, string>>;
  readonly scope?: NonNullable<NonNullable<QuotaScopes['scopeSelector']>['matchExpressions']>[number];
  readonly isIn?: boolean;
}
const cases = data.cases as unknown as readonly Case[];

test('there are cases', () => expect(cases.length).toBeGreaterThan(80));
for (const [i, { source, object, now = '2026-01-01T00:00:00Z', resource, usage, scope, isIn }] of cases.entries())
  test(`${i} ${resource ?? scope?.scopeName} (${source.split(' ').at(-1)})`, () => {
    if (scope !== undefined) expect(isInScope({ scopeSelector: { matchExpressions: [scope] } }, 'pods', object)).toBe(isIn);
    else {
      const used = Object.entries(quotaUsage(resource ?? '', object, Date.parse(now) as Time));
      expect(Object.fromEntries(used.map(([name, amount]) => [name, formatQuantity(amount)]))).toEqual(usage);
    }
  });
