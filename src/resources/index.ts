/** The kinds, in discovery order. The one place (with views.ts) where a new kind is announced. */
import type { AnyResource } from '../api/resource.js';
import { apiservices } from './apiservices/index.js';
import { certificatesigningrequests } from './certificatesigningrequests/index.js';
import { clusterrolebindings } from './clusterrolebindings/index.js';
import { clusterroles } from './clusterroles/index.js';
import { componentstatuses } from './componentstatuses/index.js';
import { configmaps } from './configmaps/index.js';
import { controllerrevisions } from './controllerrevisions/index.js';
import { cronjobs } from './cronjobs/index.js';
import { csidrivers } from './csidrivers/index.js';
import { csinodes } from './csinodes/index.js';
import { csistoragecapacities } from './csistoragecapacities/index.js';
import { customresourcedefinitions } from './customresourcedefinitions/index.js';
import { daemonsets } from './daemonsets/index.js';
import { deployments } from './deployments/index.js';
import { endpoints } from './endpoints/index.js';
import { endpointslices } from './endpointslices/index.js';
import { events, eventsEvents } from './events/index.js';
import { flowschemas } from './flowschemas/index.js';
import { horizontalpodautoscalers, horizontalpodautoscalersV1 } from './horizontalpodautoscalers/index.js';
import { ingressclasses } from './ingressclasses/index.js';
import { ingresses } from './ingresses/index.js';
import { ipaddresses } from './ipaddresses/index.js';
import { jobs } from './jobs/index.js';
import { leases } from './leases/index.js';
import { limitranges } from './limitranges/index.js';
import { withCommonChecks } from './meta/validation.js';
import { mutatingwebhookconfigurations } from './mutatingwebhookconfigurations/index.js';
import { namespaces } from './namespaces/index.js';
import { networkpolicies } from './networkpolicies/index.js';
import { nodes } from './nodes/index.js';
import { persistentvolumeclaims } from './persistentvolumeclaims/index.js';
import { persistentvolumes } from './persistentvolumes/index.js';
import { poddisruptionbudgets } from './poddisruptionbudgets/index.js';
import { pods } from './pods/index.js';
import { podtemplates } from './podtemplates/index.js';
import { priorityclasses } from './priorityclasses/index.js';
import { prioritylevelconfigurations } from './prioritylevelconfigurations/index.js';
import { replicasets } from './replicasets/index.js';
import { replicationcontrollers } from './replicationcontrollers/index.js';
import { resourcequotas } from './resourcequotas/index.js';
import { rolebindings } from './rolebindings/index.js';
import { roles } from './roles/index.js';
import { runtimeclasses } from './runtimeclasses/index.js';
import { secrets } from './secrets/index.js';
import { serviceaccounts } from './serviceaccounts/index.js';
import { servicecidrs } from './servicecidrs/index.js';
import { services } from './services/index.js';
import { statefulsets } from './statefulsets/index.js';
import { storageclasses } from './storageclasses/index.js';
import { validatingadmissionpolicies } from './validatingadmissionpolicies/index.js';
import { validatingadmissionpolicybindings } from './validatingadmissionpolicybindings/index.js';
import { validatingwebhookconfigurations } from './validatingwebhookconfigurations/index.js';
import { volumeattachments } from './volumeattachments/index.js';

const kinds: readonly AnyResource[] = [
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

/** Their strategies with what is checked of every update (apiserver registry/rest update.go validateCommonFields). */
export const resources: readonly AnyResource[] = kinds.map(withCommonChecks);
