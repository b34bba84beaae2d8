/** kubectl create poddisruptionbudget (pkg/cmd/create/create_pdb.go). */
import type { KubeObject } from '../../../api/object.js';
import { parseSelector } from '../../../api/selectors.js';
import { UsageError } from '../../command.js';
import { generator } from '../../generator.js';

export default generator({
  use: 'poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  short: 'Create a pod disruption budget',
  long: 'Create a pod disruption budget: how many of the pods with given labels must stay available.',
  examples: `# At least one pod with app=rails
kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1

# At least half of the pods with app=nginx
kubectl create pdb my-pdb --selector=app=nginx --min-available=50%`,
  flags: [
    { name: 'max-unavailable', type: 'string', usage: 'How many pods, or what part of them, may be unavailable at a time.' },
    { name: 'min-available', type: 'string', usage: 'How many pods, or what part of them, must be available.' },
    { name: 'selector', type: 'string', usage: "The label selector of the pods; only '=' is possible." },
  ],
  resource: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', namespaced: true },
  wraps: 'poddisruptionbudgets: ',
  check({ flags }) {
    const least = flags.string('min-available');
    const most = flags.string('max-unavailable');
    if (flags.string('selector') === '') throw new UsageError('a selector must be specified');
    if (least === '' && most === '') throw new UsageError('one of min-available or max-unavailable must be specified');
    if (least !== '' && most !== '') throw new UsageError('min-available and max-unavailable cannot be both specified');
    for (const [flag, value] of [
      ['min-available', least],
      ['max-unavailable', most],
    ] as const)
      if (value !== '' && !/^\d+%?$/.test(value)) throw new UsageError(`invalid format specified for ${flag}`);
  },
  build({ name, flags }) {
    const amount = (text: string): number | string => (text.endsWith('%') ? text : Number(text));
    const [least, most] = [flags.string('min-available'), flags.string('max-unavailable')];
    return {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name, creationTimestamp: null },
      spec: {
        ...(least === '' ? {} : { minAvailable: amount(least) }),
        selector: labelSelectorOf(flags.string('selector')),
        ...(most === '' ? {} : { maxUnavailable: amount(most) }),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    } as KubeObject;
  },
});

/** metav1.ParseToLabelSelector. */
function labelSelectorOf(text: string): { matchLabels?: Record<string, string>; matchExpressions?: object[] } {
  const parsed = parseSelector(text);
  if ('error' in parsed) throw new UsageError(`couldn't parse the selector string "${text}": ${parsed.error}`);
  const matchLabels: Record<string, string> = {};
  const matchExpressions: object[] = [];
  const names: Readonly<Record<string, string>> = { in: 'In', notin: 'NotIn', exists: 'Exists', '!': 'DoesNotExist' };
  for (const { key, operator, values } of parsed) {
    if (operator === '=') matchLabels[key] = values[0] ?? '';
    else if (operator === '!=' || operator === 'gt' || operator === 'lt') throw new UsageError(`"${operator}" is not a valid label selector operator`);
    else matchExpressions.push({ key, operator: names[operator], ...(values.length > 0 ? { values } : {}) });
  }
  return { ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels }), ...(matchExpressions.length === 0 ? {} : { matchExpressions }) };
}
