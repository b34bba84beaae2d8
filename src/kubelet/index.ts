/** KUBELET. */
export { type Pressure, pressureKey } from './eviction.js';
export { createKubelet } from './kubelet.js';
export { type NodeFault, nodeFaultKey } from './node.js';
export { createNodeServer, type NodeServerOptions } from './server.js';
export { tokenVolumes } from './volumes.js';
export type { KubeletOptions } from './work.js';
