/** Where names, labels, images … stand in which kinds: kustomize's default configuration (api/internal/konfig/builtinpluginconsts). */

import { UsageError } from '../command.js';
import { type Gvk, gvkText, isSelected } from './resource.js';

export interface FieldSpec extends Partial<Gvk> {
  readonly path: string;
  readonly create?: boolean;
}
/** Where a kind is referred to by name. */
export interface NameReference extends Partial<Gvk> {
  readonly fieldSpecs: readonly FieldSpec[];
}
export interface TransformerConfig {
  readonly namespace: readonly FieldSpec[];
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
}

const at = (kind: string, path: string, more: Partial<FieldSpec> = {}): FieldSpec => ({ kind, path, ...more });
const RBAC = 'rbac.authorization.k8s.io';
const WEBHOOKS = 'admissionregistration.k8s.io';

/** Kinds and where their pod template's spec lies. */
const POD_SPECS: readonly (readonly [kind: string, path: string])[] = [
  ['Pod', 'spec'],
  ['PodTemplate', 'template/spec'],
  ['Deployment', 'spec/template/spec'],
  ['ReplicaSet', 'spec/template/spec'],
  ['DaemonSet', 'spec/template/spec'],
  ['StatefulSet', 'spec/template/spec'],
  ['Job', 'spec/template/spec'],
  ['CronJob', 'spec/jobTemplate/spec/template/spec'],
];
const inPodSpecs = (paths: readonly string[]): readonly FieldSpec[] =>
  POD_SPECS.flatMap(([kind, spec]) => paths.map((path) => at(kind, `${spec}/${path}`, kind === 'Pod' ? { version: 'v1' } : {})));
/** ReplicationController instead of ReplicaSet and PodTemplate: so these references are written. */
const inWorkloads = (path: string): readonly FieldSpec[] =>
  POD_SPECS.filter(([kind]) => kind !== 'PodTemplate').map(([kind, spec]) => at(kind === 'ReplicaSet' ? 'ReplicationController' : kind, `${spec}/${path}`));

const SCALED: readonly FieldSpec[] = [at('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name')];
const RULES: readonly FieldSpec[] = [at('Role', 'rules/resourceNames'), at('ClusterRole', 'rules/resourceNames')];

const nameReference: readonly NameReference[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => ({ kind, fieldSpecs: SCALED })),
  {
    kind: 'ConfigMap',
    version: 'v1',
    fieldSpecs: [
      ...inPodSpecs([
        'volumes/configMap/name',
        'containers/env/valueFrom/configMapKeyRef/name',
        'initContainers/env/valueFrom/configMapKeyRef/name',
        'containers/envFrom/configMapRef/name',
        'initContainers/envFrom/configMapRef/name',
        'volumes/projected/sources/configMap/name',
      ]),
      at('Node', 'spec/configSource/configMap'),
      ...RULES,
      at('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap'),
    ],
  },
  {
    kind: 'Secret',
    version: 'v1',
    fieldSpecs: [
      ...inPodSpecs([
        'volumes/secret/secretName',
        'containers/env/valueFrom/secretKeyRef/name',
        'initContainers/env/valueFrom/secretKeyRef/name',
        'containers/envFrom/secretRef/name',
        'initContainers/envFrom/secretRef/name',
        'imagePullSecrets/name',
        'volumes/projected/sources/secret/name',
      ]),
      at('Ingress', 'spec/tls/secretName'),
      ...['ingress', 'nginx.ingress'].map((of) => at('Ingress', `metadata/annotations/${of}.kubernetes.io\\/auth-secret`)),
      at('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret'),
      at('ServiceAccount', 'imagePullSecrets/name'),
      ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map((name) => at('StorageClass', `parameters/${name}`)),
      ...RULES,
      at('Service', 'spec/template/spec/containers/env/valueFrom/secretKeyRef/name', { group: 'serving.knative.dev', version: 'v1' }),
      at('PersistentVolume', 'spec/azureFile/secretName'),
    ],
  },
  {
    kind: 'Service',
    version: 'v1',
    fieldSpecs: [
      at('StatefulSet', 'spec/serviceName', { group: 'apps' }),
      ...[
        'spec/rules/http/paths/backend/serviceName',
        'spec/backend/serviceName',
        'spec/rules/http/paths/backend/service/name',
        'spec/defaultBackend/service/name',
      ].map((path) => at('Ingress', path)),
      at('APIService', 'spec/service/name', { group: 'apiregistration.k8s.io' }),
      ...['Validating', 'Mutating'].map((of) => at(`${of}WebhookConfiguration`, 'webhooks/clientConfig/service', { group: WEBHOOKS })),
    ],
  },
  { kind: 'Role', group: RBAC, fieldSpecs: [at('RoleBinding', 'roleRef/name', { group: RBAC })] },
  {
    kind: 'ClusterRole',
    group: RBAC,
    fieldSpecs: ['RoleBinding', 'ClusterRoleBinding'].map((kind) => at(kind, 'roleRef/name', { group: RBAC })),
  },
  {
    kind: 'ServiceAccount',
    version: 'v1',
    fieldSpecs: [...['RoleBinding', 'ClusterRoleBinding'].map((kind) => at(kind, 'subjects', { group: RBAC })), ...inWorkloads('serviceAccountName')],
  },
  { kind: 'PersistentVolumeClaim', version: 'v1', fieldSpecs: inWorkloads('volumes/persistentVolumeClaim/claimName') },
  { kind: 'PersistentVolume', version: 'v1', fieldSpecs: [at('PersistentVolumeClaim', 'spec/volumeName'), at('ClusterRole', 'rules/resourceNames')] },
  {
    kind: 'StorageClass',
    version: 'v1',
    group: 'storage.k8s.io',
    fieldSpecs: [
      at('PersistentVolume', 'spec/storageClassName'),
      at('PersistentVolumeClaim', 'spec/storageClassName'),
      at('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  { kind: 'PriorityClass', version: 'v1', group: 'scheduling.k8s.io', fieldSpecs: inWorkloads('priorityClassName') },
  // The group is written so, and nothing is in it
  { kind: 'IngressClass', version: 'v1', group: 'networking.k8s.io/v1', fieldSpecs: [at('Ingress', 'spec/ingressClassName')] },
  {
    kind: 'ValidatingAdmissionPolicy',
    group: WEBHOOKS,
    fieldSpecs: [at('ValidatingAdmissionPolicyBinding', 'spec/policyName', { group: WEBHOOKS })],
  },
];

/** Metadata of what is made from an object. */
const inTemplates = (field: string, apps: Partial<FieldSpec>): readonly FieldSpec[] =>
  [
    at('ReplicationController', `spec/template/metadata/${field}`, { version: 'v1' }),
    ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => at(kind, `spec/template/metadata/${field}`)),
    at('StatefulSet', `spec/template/metadata/${field}`, apps),
    ...(field === 'labels' ? [at('StatefulSet', `spec/volumeClaimTemplates[]/metadata/${field}`, { group: 'apps' })] : []),
    at('Job', `spec/template/metadata/${field}`, { group: 'batch' }),
    at('CronJob', `spec/jobTemplate/metadata/${field}`, { group: 'batch' }),
    at('CronJob', `spec/jobTemplate/spec/template/metadata/${field}`, { group: 'batch' }),
  ].map((spec) => ({ ...spec, create: true }));

const metadataLabels: readonly FieldSpec[] = [{ path: 'metadata/labels', create: true }, ...inTemplates('labels', { group: 'apps' })];

const SPREAD = ['podAffinity', 'podAntiAffinity']
  .flatMap((of) => [
    `affinity/${of}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
    `affinity/${of}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
  ])
  .concat('topologySpreadConstraints/labelSelector/matchLabels');
const spread = (kind: string): readonly FieldSpec[] => SPREAD.map((path) => at(kind, `spec/template/spec/${path}`, { group: 'apps' }));

const commonLabels: readonly FieldSpec[] = [
  at('Service', 'spec/selector', { version: 'v1', create: true }),
  at('ReplicationController', 'spec/selector', { version: 'v1', create: true }),
  at('Deployment', 'spec/selector/matchLabels', { create: true }),
  ...spread('Deployment'),
  at('ReplicaSet', 'spec/selector/matchLabels', { create: true }),
  at('DaemonSet', 'spec/selector/matchLabels', { create: true }),
  at('StatefulSet', 'spec/selector/matchLabels', { group: 'apps', create: true }),
  ...spread('StatefulSet'),
  at('Job', 'spec/selector/matchLabels', { group: 'batch' }),
  at('CronJob', 'spec/jobTemplate/spec/selector/matchLabels', { group: 'batch' }),
  at('PodDisruptionBudget', 'spec/selector/matchLabels', { group: 'policy' }),
  ...['spec', 'spec/ingress/from', 'spec/egress/to'].map((path) => at('NetworkPolicy', `${path}/podSelector/matchLabels`, { group: 'networking.k8s.io' })),
  ...metadataLabels,
];

const IN_CONTAINERS = ['args', 'command', 'env/value', 'volumeMounts/mountPath'];
const varReference: readonly FieldSpec[] = [
  ...POD_SPECS.filter(([kind]) => kind !== 'PodTemplate').flatMap(([kind, spec]) =>
    ['containers', 'initContainers']
      .flatMap((containers) => IN_CONTAINERS.map((path) => at(kind, `${spec}/${containers}/${path}`)))
      // As it is written there: nothing is to be found at this path of a CronJob, and none is written for a StatefulSet
      .concat(kind === 'StatefulSet' ? [] : at(kind, kind === 'CronJob' ? 'spec/jobTemplate/spec/template/volumes/nfs/server' : `${spec}/volumes/nfs/server`)),
  ),
  at('Deployment', 'spec/template/metadata/annotations'),
  ...['spec/rules/host', 'spec/tls/hosts', 'spec/tls/secretName'].map((path) => at('Ingress', path)),
  ...['spec/ports/port', 'spec/ports/targetPort'].map((path) => at('Service', path)),
  at('StatefulSet', 'spec/volumeClaimTemplates/spec/nfs/server'),
  at('PersistentVolume', 'spec/nfs/server'),
  { path: 'metadata/labels' },
  { path: 'metadata/annotations' },
];

export const DEFAULT_CONFIG: TransformerConfig = {
  namespace: [
    at('Namespace', 'metadata/name', { create: true }),
    at('APIService', 'spec/service/namespace', { group: 'apiregistration.k8s.io', create: true }),
    at('CustomResourceDefinition', 'spec/conversion/webhook/clientConfig/service/namespace', { group: 'apiextensions.k8s.io' }),
  ],
  namePrefix: [{ path: 'metadata/name' }],
  nameSuffix: [{ path: 'metadata/name' }],
  labels: [],
  commonLabels,
  templateLabels: metadataLabels,
  commonAnnotations: [{ path: 'metadata/annotations', create: true }, ...inTemplates('annotations', {})],
  nameReference,
  varReference,
  images: ['spec', 'spec/template/spec'].flatMap((spec) => ['containers', 'initContainers'].map((list) => ({ path: `${spec}/${list}[]/image`, create: true }))),
  replicas: ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'].map((kind) => at(kind, 'spec/replicas', { create: true })),
};

export const EMPTY_CONFIG: TransformerConfig = {
  namespace: [],
  namePrefix: [],
  nameSuffix: [],
  labels: [],
  commonLabels: [],
  templateLabels: [],
  commonAnnotations: [],
  nameReference: [],
  varReference: [],
  images: [],
  replicas: [],
};

/** FsSlice.MergeAll: what is there already is not added again. */
export function mergeSpecs(specs: readonly FieldSpec[], added: readonly FieldSpec[]): readonly FieldSpec[] {
  const result = [...specs];
  for (const spec of added) {
    const same = result.find((one) => one.path === spec.path && isSelected(one as Gvk, spec));
    if (same === undefined) result.push(spec);
    else if ((same.create ?? false) !== (spec.create ?? false)) throw new UsageError('conflicting fieldspecs');
  }
  return result;
}

/** TransformerConfig.Merge. */
export function mergeConfigs(one: TransformerConfig, other: TransformerConfig): TransformerConfig {
  const lists = Object.keys(EMPTY_CONFIG).filter((name) => name !== 'nameReference') as Exclude<keyof TransformerConfig, 'nameReference'>[];
  const merged = Object.fromEntries(lists.map((name) => [name, mergeSpecs(one[name], other[name])])) as unknown as TransformerConfig;
  const references = [...one.nameReference];
  for (const added of other.nameReference) {
    const at = references.findIndex((reference) => gvkText(reference) === gvkText(added));
    const same = references[at];
    if (same === undefined) references.push(added);
    else references[at] = { ...same, fieldSpecs: mergeSpecs(same.fieldSpecs, added.fieldSpecs) };
  }
  return { ...merged, nameReference: references };
}
