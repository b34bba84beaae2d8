/** KUBELET. */
export { type Pressure, pressureKey } from './eviction.js';
export { kubeletJournal, type UnitChange } from './journal.js';
export { createKubelet, nodesOfPod } from './kubelet.js';
export { type NodeFault, nodeFaultKey } from './node.js';
export { rememberStopped } from './node-status.js';
export { createNodeServer, type NodeServerOptions } from './server.js';
export { manifestsKey, manifestsRecord, mirrorName, mirrorOf, STATIC_POD_PATH } from './static-pods.js';
export { tokenVolumes } from './volumes.js';
export type { KubeletOptions } from './work.js';
