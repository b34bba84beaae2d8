/** populateConditionTimestamps: whoever writes a condition need not say when. */
import { formatTime, type Time } from '../../api/time.js';
import type { CertificateSigningRequestCondition } from './types.js';

type Conditions = readonly CertificateSigningRequestCondition[];

export function withTimes(conditions: Conditions, before: Conditions, now: Time): Conditions {
  const time = formatTime(now);
  return conditions.map((condition) => {
    const old = before.find(({ type, status, lastTransitionTime }) => type === condition.type && status === condition.status && lastTransitionTime);
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime || time,
      lastTransitionTime: condition.lastTransitionTime || old?.lastTransitionTime || time,
    };
  });
}
