/** plugin/pkg/admission/resourcequota controller.go checkRequest: the last word, and the count that goes with it. */
import { type Amounts, addAmounts, readAmounts, subtractAmounts } from '../../api/amounts.js';
import { isEqual } from '../../api/equality.js';
import { forbidden } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { compareQuantities, formatQuantity } from '../../api/quantity.js';
import { isInScope, missingForQuota, quotaNames, quotaUsage } from '../../api/quota.js';
import type { Pod } from '../../resources/pods/types.js';
import type { ResourceQuota } from '../../resources/resourcequotas/types.js';
import type { AdmissionPlugin, Attributes } from './plugin.js';
import { nameOf } from './service-account.js';

const QUOTAS = 'resourcequotas';

/** What updates can use more; of other kinds only creation counts. A pod's counts only when it changes its scope or is resized (evaluator Handles). */
function isHandled({ id, subresource }: Attributes, object: KubeObject, old: KubeObject | undefined): boolean {
  if (subresource === 'resize') return true;
  if (id !== 'pods') return id === 'services' || id === 'persistentvolumeclaims';
  const isTerminating = (pod: KubeObject | undefined): boolean => ((pod as Pod | undefined)?.spec.activeDeadlineSeconds ?? -1) >= 0;
  return isTerminating(object) !== isTerminating(old);
}

export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  operations: ['CREATE', 'UPDATE'],
  subresources: ['resize'],
  validate(object, old, attributes, { api, now }) {
    const { id, key, operation, options } = attributes;
    if (object === undefined || key.namespace === '' || (operation === 'UPDATE' && !isHandled(attributes, object, old))) return;
    const quotas = api.list<ResourceQuota>(QUOTAS, { namespace: key.namespace });
    if (quotas.length === 0) return;
    const concerned = quotas.filter((quota) => concerns(quota, object, attributes));
    if (concerned.length === 0) return;
    const usage = quotaUsage(id, object, now);
    // What becomes less the controller counts anew.
    const more = old === undefined ? usage : positive(subtractAmounts(usage, quotaUsage(id, old, now)));
    const charged = concerned.map((quota) => {
      // To a quota that did not count it before, all of it is new.
      const delta = nonZero(old === undefined || isInScope(quota.spec, id, old) ? more : usage);
      return Object.keys(delta).length === 0 ? undefined : charge(quota, delta, attributes);
    });
    if (options.dryRun === true) return;
    for (const quota of charged) if (quota !== undefined) api.updateStatus(QUOTAS, quota, { fieldManager: 'kube-apiserver' });
  },
};

/** Also refuses what lacks the numbers a quota counts. */
function concerns(quota: ResourceQuota, object: KubeObject, { id }: Attributes): boolean {
  const names = quotaNames(id, Object.keys(quota.status?.hard ?? {}));
  if (names.length === 0 || !isInScope(quota.spec, id, object)) return false;
  const refuse = (why: string) => forbidden(id, nameOf(object), why);
  const missing = id === 'pods' ? missingForQuota((object as Pod).spec, names) : undefined;
  if (missing !== undefined) throw refuse(`failed quota: ${quota.metadata.name}: must specify ${missing}`);
  const { hard = {}, used = {} } = quota.status ?? {};
  if (names.some((name) => hard[name] === undefined || used[name] === undefined))
    throw refuse(`status unknown for quota: ${quota.metadata.name}, resources: ${[...names].sort().join(',')}`);
  return true;
}

const nonZero = (amounts: Amounts): Amounts => Object.fromEntries(Object.entries(amounts).filter(([, { nano }]) => nano !== 0n));
const positive = (amounts: Amounts): Amounts => Object.fromEntries(Object.entries(amounts).filter(([, { nano }]) => nano > 0n));
const mask = (amounts: Amounts, names: readonly string[]): Amounts => Object.fromEntries(Object.entries(amounts).filter(([name]) => names.includes(name)));

/** The quota with the delta counted in; undefined: it counts nothing of it. */
function charge(quota: ResourceQuota, delta: Amounts, { id, key }: Attributes): ResourceQuota | undefined {
  const hard = readAmounts(quota.status.hard);
  const used = readAmounts(quota.status.used);
  const requested = mask(delta, Object.keys(hard));
  const next = addAmounts(used, requested);
  const exceeded = Object.keys(requested).filter((name) => {
    const [limit, amount] = [hard[name], next[name]];
    return limit !== undefined && amount !== undefined && compareQuantities(amount, limit) > 0;
  });
  if (exceeded.length > 0) {
    const show = (amounts: Amounts) => print(mask(amounts, exceeded));
    throw forbidden(id, key.name, `exceeded quota: ${quota.metadata.name}, requested: ${show(requested)}, used: ${show(used)}, limited: ${show(hard)}`);
  }
  const text = Object.fromEntries(Object.entries(next).map(([name, amount]) => [name, formatQuantity(amount)]));
  return isEqual(text, quota.status.used) ? undefined : { ...quota, status: { ...quota.status, used: text } };
}

/** `cpu=1,memory=2Gi`, sorted. */
const print = (amounts: Amounts): string =>
  Object.keys(amounts)
    .sort()
    .map((name) => `${name}=${formatQuantity(amounts[name] as NonNullable<Amounts[string]>)}`)
    .join(',');
