/** What reading each kind takes, in discovery order. Every command loads this list, so it stays light. */
import type { AnyResourceView } from '../api/resource.js';
import { view as configmaps } from './configmaps/view.js';
import { view as endpoints } from './endpoints/view.js';
import { view as endpointslices } from './endpointslices/view.js';
import { view as events } from './events/view.js';
import { view as leases } from './leases/view.js';
import { view as namespaces } from './namespaces/view.js';
import { view as nodes } from './nodes/view.js';
import { view as pods } from './pods/view.js';
import { view as secrets } from './secrets/view.js';
import { view as serviceaccounts } from './serviceaccounts/view.js';
import { view as services } from './services/view.js';

export const views: readonly AnyResourceView[] = [
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
  // coordination.k8s.io
  leases,
  // discovery.k8s.io
  endpointslices,
];
