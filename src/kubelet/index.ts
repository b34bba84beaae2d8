/** KUBELET. */
export { createKubelet } from './kubelet.js';
export { type NodeFault, nodeFaultKey } from './node.js';
export { tokenVolumes } from './volumes.js';
export type { KubeletOptions } from './work.js';
