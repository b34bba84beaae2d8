/** The loops that belong to no one kind; kinds bring their own (Resource.controllers). */
import type { Reconciler, StateMap } from '../api/reconciler.js';
import type { ResourceNames } from '../api/resource.js';
import { garbageCollector } from './garbage-collector.js';
import { namespaceController } from './namespace-deletion.js';
import { nodeEvictionController } from './node-eviction.js';
import { nodeIpamController } from './node-ipam.js';
import { nodeLifecycleController } from './node-lifecycle.js';
import { podGcController } from './pod-gc.js';
import { rootCaController } from './root-ca.js';
import { serviceAccountController } from './service-account.js';
import { taintEvictionController } from './taint-eviction.js';

/** `resources`: all there are, for what works on any kind. `state`: what no API object holds. */
export const controllers = (resources: readonly ResourceNames[], state: StateMap): readonly Reconciler[] => [
  garbageCollector(resources),
  namespaceController(resources),
  serviceAccountController,
  rootCaController(state),
  nodeLifecycleController(state),
  nodeIpamController,
  nodeEvictionController(state),
  taintEvictionController(state),
  podGcController,
];

export { EventRecorder } from './events/recorder.js';
export { type NodeDown, nodeDownKey } from './node-lifecycle.js';
