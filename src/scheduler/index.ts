/** kube-scheduler. */
export { makeScheduler } from './scheduler.js';
