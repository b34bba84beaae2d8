/** What reading each kind takes, in discovery order. Every command loads this list, so it stays light. */
import type { AnyResourceView } from '../api/resource.js';
import { view as configmaps } from './configmaps/view.js';
import { view as controllerrevisions } from './controllerrevisions/view.js';
import { view as cronjobs } from './cronjobs/view.js';
import { view as daemonsets } from './daemonsets/view.js';
import { view as deployments } from './deployments/view.js';
import { view as endpoints } from './endpoints/view.js';
import { view as endpointslices } from './endpointslices/view.js';
import { view as eventsEvents } from './events/events-view.js';
import { view as events } from './events/view.js';
import { view as horizontalpodautoscalers } from './horizontalpodautoscalers/view.js';
import { view as jobs } from './jobs/view.js';
import { view as leases } from './leases/view.js';
import { view as namespaces } from './namespaces/view.js';
import { view as nodes } from './nodes/view.js';
import { view as poddisruptionbudgets } from './poddisruptionbudgets/view.js';
import { view as pods } from './pods/view.js';
import { view as podtemplates } from './podtemplates/view.js';
import { view as replicasets } from './replicasets/view.js';
import { view as replicationcontrollers } from './replicationcontrollers/view.js';
import { view as secrets } from './secrets/view.js';
import { view as serviceaccounts } from './serviceaccounts/view.js';
import { view as services } from './services/view.js';
import { view as statefulsets } from './statefulsets/view.js';

export const views: readonly AnyResourceView[] = [
  // core
  configmaps,
  endpoints,
  events,
  namespaces,
  nodes,
  pods,
  podtemplates,
  replicationcontrollers,
  secrets,
  serviceaccounts,
  services,
  // apps
  controllerrevisions,
  daemonsets,
  deployments,
  replicasets,
  statefulsets,
  // events.k8s.io
  eventsEvents,
  // autoscaling
  horizontalpodautoscalers,
  // batch
  cronjobs,
  jobs,
  // policy
  poddisruptionbudgets,
  // coordination.k8s.io
  leases,
  // discovery.k8s.io
  endpointslices,
];
