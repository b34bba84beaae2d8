/** The kinds. The one place (with views.ts) where a new kind is announced. */
import type { AnyResource } from '../api/resource.js';
import { configmaps } from './configmaps/index.js';
import { deployments } from './deployments/index.js';
import { endpoints } from './endpoints/index.js';
import { endpointslices } from './endpointslices/index.js';
import { events, eventsEvents } from './events/index.js';
import { leases } from './leases/index.js';
import { namespaces } from './namespaces/index.js';
import { nodes } from './nodes/index.js';
import { pods } from './pods/index.js';
import { replicasets } from './replicasets/index.js';
import { secrets } from './secrets/index.js';
import { serviceaccounts } from './serviceaccounts/index.js';
import { services } from './services/index.js';

export const resources: readonly AnyResource[] = [
  // core
  configmaps,
  endpoints,
  events,
  namespaces,
  nodes,
  pods,
  secrets,
  serviceaccounts,
  services,
  // apps
  deployments,
  replicasets,
  // events.k8s.io
  eventsEvents,
  // coordination.k8s.io
  leases,
  // discovery.k8s.io
  endpointslices,
];
