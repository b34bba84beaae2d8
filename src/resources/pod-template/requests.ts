/** What a pod asks for as a whole, as kubectl adds it up: kubectl pkg/util/resource (PodRequestsAndLimits). */
import { type Amounts, podAmounts, readAmounts, requestsOf } from '../../api/amounts.js';
import type { Pod } from '../pods/types.js';
import type { Container } from './types.js';

export const podRequests = (pod: Pod): Amounts => podAmounts(pod.spec, 'requests', (container: Container) => readAmounts(requestsOf(pod, container)));

export const podLimits = (pod: Pod): Amounts => podAmounts(pod.spec, 'limits');
