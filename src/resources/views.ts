/** What reading each kind takes, in discovery order. Every command loads this list, so it stays light. */
import type { AnyResourceView } from '../api/resource.js';
import { view as apiservices } from './apiservices/view.js';
import { view as certificatesigningrequests } from './certificatesigningrequests/view.js';
import { view as clusterrolebindings } from './clusterrolebindings/view.js';
import { view as clusterroles } from './clusterroles/view.js';
import { view as componentstatuses } from './componentstatuses/view.js';
import { view as configmaps } from './configmaps/view.js';
import { view as controllerrevisions } from './controllerrevisions/view.js';
import { view as cronjobs } from './cronjobs/view.js';
import { view as csidrivers } from './csidrivers/view.js';
import { view as csinodes } from './csinodes/view.js';
import { view as csistoragecapacities } from './csistoragecapacities/view.js';
import { view as customresourcedefinitions } from './customresourcedefinitions/view.js';
import { view as daemonsets } from './daemonsets/view.js';
import { view as deployments } from './deployments/view.js';
import { view as endpoints } from './endpoints/view.js';
import { view as endpointslices } from './endpointslices/view.js';
import { view as eventsEvents } from './events/events-view.js';
import { view as events } from './events/view.js';
import { view as flowschemas } from './flowschemas/view.js';
import { view as horizontalpodautoscalersV1 } from './horizontalpodautoscalers/v1-view.js';
import { view as horizontalpodautoscalers } from './horizontalpodautoscalers/view.js';
import { view as ingressclasses } from './ingressclasses/view.js';
import { view as ingresses } from './ingresses/view.js';
import { view as ipaddresses } from './ipaddresses/view.js';
import { view as jobs } from './jobs/view.js';
import { view as leases } from './leases/view.js';
import { view as limitranges } from './limitranges/view.js';
import { view as mutatingwebhookconfigurations } from './mutatingwebhookconfigurations/view.js';
import { view as namespaces } from './namespaces/view.js';
import { view as networkpolicies } from './networkpolicies/view.js';
import { view as nodes } from './nodes/view.js';
import { view as persistentvolumeclaims } from './persistentvolumeclaims/view.js';
import { view as persistentvolumes } from './persistentvolumes/view.js';
import { view as poddisruptionbudgets } from './poddisruptionbudgets/view.js';
import { view as pods } from './pods/view.js';
import { view as podtemplates } from './podtemplates/view.js';
import { view as priorityclasses } from './priorityclasses/view.js';
import { view as prioritylevelconfigurations } from './prioritylevelconfigurations/view.js';
import { view as replicasets } from './replicasets/view.js';
import { view as replicationcontrollers } from './replicationcontrollers/view.js';
import { view as resourcequotas } from './resourcequotas/view.js';
import { view as rolebindings } from './rolebindings/view.js';
import { view as roles } from './roles/view.js';
import { view as runtimeclasses } from './runtimeclasses/view.js';
import { view as secrets } from './secrets/view.js';
import { view as serviceaccounts } from './serviceaccounts/view.js';
import { view as servicecidrs } from './servicecidrs/view.js';
import { view as services } from './services/view.js';
import { view as statefulsets } from './statefulsets/view.js';
import { view as storageclasses } from './storageclasses/view.js';
import { view as validatingadmissionpolicies } from './validatingadmissionpolicies/view.js';
import { view as validatingadmissionpolicybindings } from './validatingadmissionpolicybindings/view.js';
import { view as validatingwebhookconfigurations } from './validatingwebhookconfigurations/view.js';
import { view as volumeattachments } from './volumeattachments/view.js';

export const views: readonly AnyResourceView[] = [
  // core
  componentstatuses,
  configmaps,
  endpoints,
  events,
  limitranges,
  namespaces,
  nodes,
  persistentvolumeclaims,
  persistentvolumes,
  pods,
  podtemplates,
  replicationcontrollers,
  resourcequotas,
  secrets,
  serviceaccounts,
  services,
  // apiregistration.k8s.io
  apiservices,
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
  horizontalpodautoscalersV1,
  // batch
  cronjobs,
  jobs,
  // certificates.k8s.io
  certificatesigningrequests,
  // networking.k8s.io
  ingressclasses,
  ingresses,
  ipaddresses,
  networkpolicies,
  servicecidrs,
  // policy
  poddisruptionbudgets,
  // rbac.authorization.k8s.io
  clusterrolebindings,
  clusterroles,
  rolebindings,
  roles,
  // storage.k8s.io
  csidrivers,
  csinodes,
  csistoragecapacities,
  storageclasses,
  volumeattachments,
  // admissionregistration.k8s.io
  mutatingwebhookconfigurations,
  validatingadmissionpolicies,
  validatingadmissionpolicybindings,
  validatingwebhookconfigurations,
  // apiextensions.k8s.io
  customresourcedefinitions,
  // scheduling.k8s.io
  priorityclasses,
  // coordination.k8s.io
  leases,
  // node.k8s.io
  runtimeclasses,
  // discovery.k8s.io
  endpointslices,
  // flowcontrol.apiserver.k8s.io
  flowschemas,
  prioritylevelconfigurations,
];
