/**
 * How strategic merge patches see the built-in types: which lists merge, by which key (the patchStrategy and patchMergeKey tags of k8s.io/api).
 * Only what differs from "maps merge, lists are replaced" is written down.
 */
import type { KubeObject } from '../api/object.js';
import { splitGroupVersion } from '../client/rest-mapper.js';
import { UsageError } from './command.js';

/** One type's fields: a nested type, or how a list of it merges. */
export interface PatchType {
  readonly [field: string]: PatchField;
}
export interface PatchField {
  /** The type of the value, or of the list's items. */
  readonly type?: PatchType;
  /** A list that merges by this key; '' for a list of words that merges as a set. */
  readonly mergeKey?: string;
  readonly retainKeys?: boolean;
  /** The whole value is replaced, though it is a map. */
  readonly replace?: boolean;
}

const by = (mergeKey: string, type?: PatchType, retainKeys = false): PatchField => ({
  mergeKey,
  ...(type === undefined ? {} : { type }),
  ...(retainKeys ? { retainKeys } : {}),
});
const of = (type: PatchType): PatchField => ({ type });

const meta: PatchType = { ownerReferences: by('uid'), finalizers: by('') };
const metadata = of(meta);
const conditions: PatchType = { conditions: by('type') };

const container: PatchType = {
  env: by('name'),
  ports: by('containerPort'),
  volumeMounts: by('mountPath'),
  volumeDevices: by('devicePath'),
};
const podSpec: PatchType = {
  containers: by('name', container),
  ephemeralContainers: by('name', container),
  initContainers: by('name', container),
  imagePullSecrets: by('name'),
  schedulingGates: by('name'),
  volumes: by('name', {}, true),
  resourceClaims: by('name', {}, true),
  hostAliases: by('ip'),
  topologySpreadConstraints: by('topologyKey'),
};
const template = of({ metadata, spec: of(podSpec) });
const jobSpec: PatchType = { template };
const workload = (spec: PatchType = {}): PatchType => ({ metadata, spec: of({ template, ...spec }), status: of(conditions) });
const plain: PatchType = { metadata };
const conditioned: PatchType = { metadata, status: of(conditions) };

/** By `group/Kind`; '' is the core group. */
const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  '/Pod': {
    metadata,
    spec: of(podSpec),
    status: of({ ...conditions, podIPs: by('ip'), hostIPs: by('ip'), resourceClaimStatuses: by('name', {}, true) }),
  },
  '/PodTemplate': { metadata, template },
  '/ReplicationController': workload(),
  '/Service': { metadata, spec: of({ ports: by('port') }), status: of(conditions) },
  '/ServiceAccount': { metadata, secrets: by('name') },
  '/Node': { metadata, spec: of({ podCIDRs: by('') }), status: of({ ...conditions, addresses: by('type') }) },
  '/Namespace': conditioned,
  '/PersistentVolumeClaim': conditioned,
  '/PersistentVolume': plain,
  '/ConfigMap': plain,
  '/Secret': plain,
  '/Event': plain,
  'events.k8s.io/Event': plain,
  '/ComponentStatus': { metadata, ...conditions },
  '/Endpoints': plain,
  '/LimitRange': plain,
  '/ResourceQuota': plain,
  'apps/Deployment': workload({ strategy: { type: {}, retainKeys: true } }),
  'apps/ReplicaSet': workload(),
  'apps/StatefulSet': workload(),
  'apps/DaemonSet': workload(),
  'apps/ControllerRevision': plain,
  'batch/Job': { metadata, spec: of(jobSpec), status: of(conditions) },
  'batch/CronJob': { metadata, spec: of({ jobTemplate: of({ metadata, spec: of(jobSpec) }) }) },
  'autoscaling/HorizontalPodAutoscaler': conditioned,
  'policy/PodDisruptionBudget': { metadata, spec: of({ selector: { replace: true } }), status: of(conditions) },
  'storage.k8s.io/CSINode': { metadata, spec: of({ drivers: by('name') }) },
  'storage.k8s.io/StorageClass': plain,
  'storage.k8s.io/CSIDriver': plain,
  'storage.k8s.io/CSIStorageCapacity': plain,
  'storage.k8s.io/VolumeAttachment': plain,
  'networking.k8s.io/Ingress': plain,
  'networking.k8s.io/IngressClass': plain,
  'networking.k8s.io/NetworkPolicy': plain,
  'networking.k8s.io/IPAddress': plain,
  'networking.k8s.io/ServiceCIDR': conditioned,
  'rbac.authorization.k8s.io/Role': plain,
  'rbac.authorization.k8s.io/RoleBinding': plain,
  'rbac.authorization.k8s.io/ClusterRole': plain,
  'rbac.authorization.k8s.io/ClusterRoleBinding': plain,
  'scheduling.k8s.io/PriorityClass': plain,
  'node.k8s.io/RuntimeClass': plain,
  'discovery.k8s.io/EndpointSlice': plain,
  'coordination.k8s.io/Lease': plain,
  'certificates.k8s.io/CertificateSigningRequest': conditioned,
  'flowcontrol.apiserver.k8s.io/FlowSchema': conditioned,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': conditioned,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': { metadata, spec: of({ matchConditions: by('name'), variables: by('name') }) },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': plain,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': { metadata, webhooks: by('name', { matchConditions: by('name') }) },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': { metadata, webhooks: by('name', { matchConditions: by('name') }) },
};

/** undefined: a kind kubectl was not built with (custom resources): JSON merge patches instead. */
export const patchTypeOf = (group: string, kind: string): PatchType | undefined => PATCH_TYPES[`${group}/${kind}`];

export const isRegistered = ({ apiVersion, kind }: KubeObject): boolean => patchTypeOf(splitGroupVersion(apiVersion).group, kind) !== undefined;

/** Commands that work on kubectl's own Go types know no custom resources, and say so before anything else (runtime.NotRegisteredError). */
export function requireRegistered(object: KubeObject, scheme?: string): void {
  if (!isRegistered(object)) throw notRegistered(object, scheme);
}

export const notRegistered = ({ apiVersion, kind }: KubeObject, scheme = 'pkg/scheme/scheme.go:28'): UsageError =>
  new UsageError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "${scheme}"`);
