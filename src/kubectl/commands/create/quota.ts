/** kubectl create quota (pkg/cmd/create/create_quota.go). */
import type { KubeObject } from '../../../api/object.js';
import { formatQuantity, parseQuantity } from '../../../api/quantity.js';
import { UsageError } from '../../command.js';
import { generator } from '../../generator.js';

export default generator({
  use: 'quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  short: 'Create a resource quota',
  long: 'Create a resource quota: limits of what a namespace may use, perhaps only for pods of given scopes.',
  examples: `# Limits of many kinds
kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2,services=3,replicationcontrollers=2,resourcequotas=1,secrets=5,persistentvolumeclaims=10

# A limit for best-effort pods
kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort`,
  flags: [
    { name: 'hard', type: 'string', usage: 'The limits, as resource=quantity pairs joined by commas.' },
    { name: 'scopes', type: 'string', usage: 'The scopes of pods it is for, joined by commas.' },
  ],
  resource: { group: '', version: 'v1', resource: 'resourcequotas', namespaced: true },
  wraps: 'quota: ',
  build({ name, flags }) {
    const hard = quantities(flags.string('hard'));
    const scopes = flags.string('scopes') === '' ? [] : flags.string('scopes').split(',');
    if (scopes.includes('')) throw new UsageError('invalid resource quota scope ""');
    return {
      kind: 'ResourceQuota',
      apiVersion: 'v1',
      metadata: { name, creationTimestamp: null },
      spec: { ...(Object.keys(hard).length === 0 ? {} : { hard }), ...(scopes.length === 0 ? {} : { scopes }) },
      status: {},
    } as KubeObject;
  },
});

/** create_quota.go: populateResourceListV1. */
export function quantities(text: string): Record<string, string> {
  if (text === '') return {};
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [resource = '', amount = '', ...more] = pair.split('=');
      if (!pair.includes('=') || more.length > 0) throw new UsageError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
      const parsed = parseQuantity(amount);
      if (typeof parsed === 'string') throw new UsageError(parsed);
      return [resource, formatQuantity(parsed)];
    }),
  );
}
