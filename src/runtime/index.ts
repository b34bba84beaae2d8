/** CONTAINERD, pretended. */
export { createPrograms } from './behaviour.js';
export { createFakeRuntime, type FakeRuntime, type FakeRuntimeOptions } from './fake-runtime.js';
export type { ImageData, LogData, RouteData, RunData } from './image.js';
export { hostsOfNode } from './image-files.js';
export { createNetwork, type NetworkOptions, type NetworkView } from './network.js';
export type { NodeDaemons } from './node-view.js';
export type { GoesOn, ServedAnswer, ServedRequest } from './process.js';
export { parseReference } from './reference.js';
export type { RegistryFault } from './registry.js';
export { createShell } from './shell/behaviour.js';
