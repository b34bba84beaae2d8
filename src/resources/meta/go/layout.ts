/**
 * Go's view of the API server's internal types (pkg/apis/core, apps, batch …), over objects as JSON has them: which fields a struct
 * has, in their order, and what their types are. Most are laid out as their v1 counterparts, of which the controllers have a table.
 */
import { isGivenEmpty } from '../../../api/given.js';
import { parseQuantityParts } from '../../../controllers/go-quantity.js';
import { type GoField, LAYOUT, parseFields } from '../../../controllers/pod-template-layout.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The structs that are not in LAYOUT, or otherwise. */
const INTERNAL: Readonly<Record<string, string>> = {
  'field.Path': 'name string; index string; parent *field.Path',
  'apps.DaemonSetUpdateStrategy': 'Type apps.DaemonSetUpdateStrategyType; RollingUpdate *apps.RollingUpdateDaemonSet',
  'apps.DeploymentStrategy': 'Type apps.DeploymentStrategyType; RollingUpdate *apps.RollingUpdateDeployment',
  'apps.RollingUpdateDaemonSet': 'MaxUnavailable intstr.IntOrString; MaxSurge intstr.IntOrString',
  'apps.RollingUpdateDeployment': 'MaxUnavailable intstr.IntOrString; MaxSurge intstr.IntOrString',
  'apps.RollingUpdateStatefulSetStrategy': 'Partition int32; MaxUnavailable *intstr.IntOrString',
  'apps.StatefulSetUpdateStrategy': 'Type apps.StatefulSetUpdateStrategyType; RollingUpdate *apps.RollingUpdateStatefulSetStrategy',
  'apiextensions.CustomResourceDefinitionVersion':
    'Name string; Served bool; Storage bool; Deprecated bool; DeprecationWarning *string; Schema *apiextensions.CustomResourceValidation; Subresources *apiextensions.CustomResourceSubresources; AdditionalPrinterColumns []apiextensions.CustomResourceColumnDefinition; SelectableFields []apiextensions.SelectableField',
  'apiextensions.CustomResourceColumnDefinition': 'Name string; Type string; Format string; Description string; Priority int32; JSONPath string =jsonPath',
  'apiextensions.JSONSchemaProps':
    'ID string =id; Schema apiextensions.JSONSchemaURL =$schema; Ref *string =$ref; Description string; Type string; Nullable bool; Format string; Title string; Default *apiextensions.JSON; Maximum *float64; ExclusiveMaximum bool; Minimum *float64; ExclusiveMinimum bool; MaxLength *int64; MinLength *int64; Pattern string; MaxItems *int64; MinItems *int64; UniqueItems bool; MultipleOf *float64; Enum []apiextensions.JSON; MaxProperties *int64; MinProperties *int64; Required []string; Items *apiextensions.JSONSchemaPropsOrArray; AllOf []apiextensions.JSONSchemaProps; OneOf []apiextensions.JSONSchemaProps; AnyOf []apiextensions.JSONSchemaProps; Not *apiextensions.JSONSchemaProps; Properties map[string]apiextensions.JSONSchemaProps; AdditionalProperties *apiextensions.JSONSchemaPropsOrBool; PatternProperties map[string]apiextensions.JSONSchemaProps; Dependencies apiextensions.JSONSchemaDependencies; AdditionalItems *apiextensions.JSONSchemaPropsOrBool; Definitions apiextensions.JSONSchemaDefinitions; ExternalDocs *apiextensions.ExternalDocumentation; Example *apiextensions.JSON; XPreserveUnknownFields *bool =x-kubernetes-preserve-unknown-fields; XEmbeddedResource bool =x-kubernetes-embedded-resource; XIntOrString bool =x-kubernetes-int-or-string; XListMapKeys []string =x-kubernetes-list-map-keys; XListType *string =x-kubernetes-list-type; XMapType *string =x-kubernetes-map-type; XValidations apiextensions.ValidationRules =x-kubernetes-validations',
  'apiextensions.SelectableField': 'JSONPath string =jsonPath',
  'apiextensions.ValidationRule':
    'Rule string; Message string; MessageExpression string; Reason *apiextensions.FieldValueErrorReason; FieldPath string; OptionalOldSelf *bool',
  'batch.PodFailurePolicy': 'Rules []batch.PodFailurePolicyRule',
  'batch.PodFailurePolicyOnExitCodesRequirement': 'ContainerName *string; Operator batch.PodFailurePolicyOnExitCodesOperator; Values []int32',
  'batch.PodFailurePolicyOnPodConditionsPattern': 'Type PodConditionType; Status ConditionStatus',
  'batch.PodFailurePolicyRule':
    'Action batch.PodFailurePolicyAction; OnExitCodes *batch.PodFailurePolicyOnExitCodesRequirement; OnPodConditions []batch.PodFailurePolicyOnPodConditionsPattern',
  'batch.UncountedTerminatedPods': 'Succeeded []types.UID; Failed []types.UID',
  'batch.SuccessPolicy': 'Rules []batch.SuccessPolicyRule',
  'batch.SuccessPolicyRule': 'SucceededIndexes *string; SucceededCount *int32',
  AzureFilePersistentVolumeSource: 'SecretName string; ShareName string; ReadOnly bool; SecretNamespace *string',
  CSIPersistentVolumeSource:
    'Driver string; VolumeHandle string; ReadOnly bool; FSType string =fsType; VolumeAttributes map[string]string; ControllerPublishSecretRef *SecretReference; NodeStageSecretRef *SecretReference; NodePublishSecretRef *SecretReference; ControllerExpandSecretRef *SecretReference; NodeExpandSecretRef *SecretReference',
  CephFSPersistentVolumeSource: 'Monitors []string; Path string; User string; SecretFile string; SecretRef *SecretReference; ReadOnly bool',
  CinderPersistentVolumeSource: 'VolumeID string; FSType string =fsType; ReadOnly bool; SecretRef *SecretReference',
  FlexPersistentVolumeSource: 'Driver string; FSType string =fsType; SecretRef *SecretReference; ReadOnly bool; Options map[string]string',
  GlusterfsPersistentVolumeSource: 'EndpointsName string =endpoints; Path string; ReadOnly bool; EndpointsNamespace *string',
  ISCSIPersistentVolumeSource:
    'TargetPortal string; IQN string =iqn; Lun int32; ISCSIInterface string =iscsiInterface; FSType string =fsType; ReadOnly bool; Portals []string; DiscoveryCHAPAuth bool =chapAuthDiscovery; SessionCHAPAuth bool =chapAuthSession; SecretRef *SecretReference; InitiatorName *string',
  ManagedFieldsEntry:
    'Manager string; Operation ManagedFieldsOperationType; APIVersion string =apiVersion; Time *Time; FieldsType string; FieldsV1 *FieldsV1; Subresource string',
  LocalVolumeSource: 'Path string; FSType *string =fsType',
  ObjectReference: 'Kind string; Namespace string; Name string; UID types.UID =uid; APIVersion string =apiVersion; ResourceVersion string; FieldPath string',
  PersistentVolumeSource:
    'GCEPersistentDisk *GCEPersistentDiskVolumeSource =gcePersistentDisk; AWSElasticBlockStore *AWSElasticBlockStoreVolumeSource =awsElasticBlockStore; HostPath *HostPathVolumeSource; Glusterfs *GlusterfsPersistentVolumeSource; NFS *NFSVolumeSource =nfs; RBD *RBDPersistentVolumeSource =rbd; Quobyte *QuobyteVolumeSource; ISCSI *ISCSIPersistentVolumeSource =iscsi; FlexVolume *FlexPersistentVolumeSource; Cinder *CinderPersistentVolumeSource; CephFS *CephFSPersistentVolumeSource =cephfs; FC *FCVolumeSource =fc; Flocker *FlockerVolumeSource; AzureFile *AzureFilePersistentVolumeSource; VsphereVolume *VsphereVirtualDiskVolumeSource; AzureDisk *AzureDiskVolumeSource; PhotonPersistentDisk *PhotonPersistentDiskVolumeSource; PortworxVolume *PortworxVolumeSource; ScaleIO *ScaleIOPersistentVolumeSource; Local *LocalVolumeSource; StorageOS *StorageOSPersistentVolumeSource =storageos; CSI *CSIPersistentVolumeSource =csi',
  PodSecurityContext:
    'HostNetwork bool; HostPID bool; HostIPC bool; ShareProcessNamespace *bool; HostUsers *bool; SELinuxOptions *SELinuxOptions =seLinuxOptions; WindowsOptions *WindowsSecurityContextOptions; RunAsUser *int64; RunAsGroup *int64; RunAsNonRoot *bool; SupplementalGroups []int64; SupplementalGroupsPolicy *SupplementalGroupsPolicy; FSGroup *int64 =fsGroup; FSGroupChangePolicy *PodFSGroupChangePolicy =fsGroupChangePolicy; Sysctls []Sysctl; SeccompProfile *SeccompProfile; AppArmorProfile *AppArmorProfile; SELinuxChangePolicy *PodSELinuxChangePolicy =seLinuxChangePolicy',
  PodSpec:
    'Volumes []Volume; InitContainers []Container; Containers []Container; EphemeralContainers []EphemeralContainer; RestartPolicy RestartPolicy; TerminationGracePeriodSeconds *int64; ActiveDeadlineSeconds *int64; DNSPolicy DNSPolicy =dnsPolicy; NodeSelector map[string]string; ServiceAccountName string; AutomountServiceAccountToken *bool; NodeName string; SecurityContext *PodSecurityContext; ImagePullSecrets []LocalObjectReference; Hostname string; Subdomain string; SetHostnameAsFQDN *bool; Affinity *Affinity; SchedulerName string; Tolerations []Toleration; HostAliases []HostAlias; PriorityClassName string; Priority *int32; PreemptionPolicy *PreemptionPolicy; DNSConfig *PodDNSConfig =dnsConfig; ReadinessGates []PodReadinessGate; RuntimeClassName *string; Overhead ResourceList; EnableServiceLinks *bool; TopologySpreadConstraints []TopologySpreadConstraint; OS *PodOS =os; SchedulingGates []PodSchedulingGate; ResourceClaims []PodResourceClaim; Resources *ResourceRequirements',
  RBDPersistentVolumeSource:
    'CephMonitors []string =monitors; RBDImage string =image; FSType string =fsType; RBDPool string =pool; RadosUser string =user; Keyring string; SecretRef *SecretReference; ReadOnly bool',
  ScaleIOPersistentVolumeSource:
    'Gateway string; System string; SecretRef *SecretReference; SSLEnabled bool =sslEnabled; ProtectionDomain string; StoragePool string; StorageMode string; VolumeName string; FSType string =fsType; ReadOnly bool',
  SecretReference: 'Name string; Namespace string',
  StorageOSPersistentVolumeSource: 'VolumeName string; VolumeNamespace string; FSType string =fsType; ReadOnly bool; SecretRef *ObjectReference',
  VolumeNodeAffinity: 'Required *NodeSelector',
  VolumeSource:
    'HostPath *HostPathVolumeSource; EmptyDir *EmptyDirVolumeSource; GCEPersistentDisk *GCEPersistentDiskVolumeSource =gcePersistentDisk; AWSElasticBlockStore *AWSElasticBlockStoreVolumeSource =awsElasticBlockStore; GitRepo *GitRepoVolumeSource; Secret *SecretVolumeSource; NFS *NFSVolumeSource =nfs; ISCSI *ISCSIVolumeSource =iscsi; Glusterfs *GlusterfsVolumeSource; PersistentVolumeClaim *PersistentVolumeClaimVolumeSource; RBD *RBDVolumeSource =rbd; Quobyte *QuobyteVolumeSource; FlexVolume *FlexVolumeSource; Cinder *CinderVolumeSource; CephFS *CephFSVolumeSource =cephfs; Flocker *FlockerVolumeSource; DownwardAPI *DownwardAPIVolumeSource; FC *FCVolumeSource =fc; AzureFile *AzureFileVolumeSource; ConfigMap *ConfigMapVolumeSource; VsphereVolume *VsphereVirtualDiskVolumeSource; AzureDisk *AzureDiskVolumeSource; PhotonPersistentDisk *PhotonPersistentDiskVolumeSource; Projected *ProjectedVolumeSource; PortworxVolume *PortworxVolumeSource; ScaleIO *ScaleIOVolumeSource; StorageOS *StorageOSVolumeSource =storageos; CSI *CSIVolumeSource =csi; Ephemeral *EphemeralVolumeSource; Image *ImageVolumeSource',
  'networking.ParentReference': 'Group string; Resource string; Namespace string; Name string',
  'networking.ServiceCIDRSpec': 'CIDRs []string =cidrs',
  'policy.PodDisruptionBudgetSpec':
    'MinAvailable *intstr.IntOrString; Selector *LabelSelector; MaxUnavailable *intstr.IntOrString; UnhealthyPodEvictionPolicy *policy.UnhealthyPodEvictionPolicyType',
  'storage.CSINodeDriver': 'Name string; NodeID string =nodeID; TopologyKeys []string; Allocatable *storage.VolumeNodeResources',
  'storage.VolumeAttachmentSource': 'PersistentVolumeName *string; InlineVolumeSpec *PersistentVolumeSpec',
  'storage.VolumeAttachmentSpec': 'Attacher string; Source storage.VolumeAttachmentSource; NodeName string',
  ServiceAccountTokenProjection: 'Audience string; ExpirationSeconds int64; Path string',
  ScopeSelector: 'MatchExpressions []ScopedResourceSelectorRequirement',
  ScopedResourceSelectorRequirement: 'ScopeName ResourceQuotaScope; Operator ScopeSelectorOperator; Values []string',
  'resource.Quantity': 'i resource.int64Amount; d resource.infDecAmount; s string; Format resource.Format',
  'resource.int64Amount': 'value int64; scale resource.Scale',
  'resource.infDecAmount': 'Dec *inf.Dec',
  'intstr.IntOrString': 'Type intstr.Type; IntVal int32; StrVal string',
};

/** The types of package meta/v1, which keep that package's name. */
const META: ReadonlySet<string> = new Set([
  'ObjectMeta',
  'FieldsV1',
  'ManagedFieldsEntry',
  'ManagedFieldsOperationType',
  'OwnerReference',
  'LabelSelector',
  'LabelSelectorRequirement',
  'LabelSelectorOperator',
  'Time',
]);
const INTEGERS: ReadonlySet<string> = new Set(['int32', 'int64', 'resource.Scale', 'intstr.Type']);

/** Lists and maps that have a name of their own. */
const NAMED: Readonly<Record<string, string>> = {
  ResourceList: 'map[string]resource.Quantity',
  'apiextensions.JSONSchemaDefinitions': 'map[string]apiextensions.JSONSchemaProps',
  'apiextensions.JSONSchemaDependencies': 'map[string]apiextensions.JSONSchemaPropsOrStringArray',
  'apiextensions.ValidationRules': '[]apiextensions.ValidationRule',
};

export type Kind = 'pointer' | 'list' | 'map' | 'struct' | 'string' | 'integer' | 'bool';

export const fieldsOf = (struct: string): readonly GoField[] => parseFields(INTERNAL[struct] ?? LAYOUT[struct] ?? '');

export function kindOf(named: string): Kind {
  const type = NAMED[named] ?? named;
  if (type.startsWith('*')) return 'pointer';
  if (type.startsWith('[]')) return 'list';
  if (type.startsWith('map[')) return 'map';
  if (type === 'bool') return 'bool';
  if (INTEGERS.has(type)) return 'integer';
  return type === 'Time' || (INTERNAL[type] ?? LAYOUT[type]) !== undefined ? 'struct' : 'string';
}

/** What a pointer points to, what a list or map holds. */
export function elementOf(type: string): string {
  return (NAMED[type] ?? type).replace(/^(\*|\[\]|map\[\w+\])/, '');
}

export const keyTypeOf = (map: string): string => (map === 'ResourceList' ? 'ResourceName' : 'string');

/** As Go prints it: `[]core.Volume`. */
export function typeName(type: string): string {
  const [, prefix = '', base = ''] = /^((?:\*|\[\]|map\[string\])*)(.*)$/.exec(type) as RegExpExecArray;
  if (base.includes('.') || base === 'string' || base === 'bool' || INTEGERS.has(base)) return prefix + base;
  return `${prefix}${META.has(base) ? 'v1' : 'core'}.${base}`;
}

/** metav1.FieldsV1 keeps the text it was sent as. */
export const FIELDS = '*FieldsV1';

/** An empty list or map that is there. */
const EMPTY_LIST: readonly unknown[] = Object.freeze([]);
const EMPTY_MAP: Fields = Object.freeze({});

/** Nil of a pointer, list or map. Empty ones have not survived decoding, but where {@link fieldOf} says so. */
export function isNil(type: string, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (value === EMPTY_LIST || value === EMPTY_MAP) return false;
  const kind = kindOf(type);
  return (kind === 'list' || kind === 'map') && Object.keys(value).length === 0;
}

/** reflect.Value.IsZero. */
export function isZero(type: string, value: unknown): boolean {
  const kind = kindOf(type);
  if (kind === 'pointer' || kind === 'list' || kind === 'map') return isNil(type, value);
  if (kind === 'integer') return Number(value ?? 0) === 0;
  if (kind !== 'struct') return value === undefined || value === null || value === '' || value === false;
  if (type === 'Time') return value === undefined || value === null;
  const fields = opened(type, value);
  return fieldsOf(type).every((field) => isZero(field.type, fieldOf(fields, field)));
}

/** A field of an {@link opened} struct. */
export function fieldOf(struct: Fields, { json, type }: GoField): unknown {
  if (json === '') return struct;
  const value = struct[json];
  if (type === FIELDS && value !== undefined) return JSON.stringify(value);
  const kind = kindOf(type);
  if (kind !== 'list' && kind !== 'map') return value;
  return isNil(type, value) && isGivenEmpty(struct, json) ? (kind === 'list' ? EMPTY_LIST : EMPTY_MAP) : value;
}

/** A struct by the JSON names of its fields, where JSON has it in another form. */
export function opened(type: string, value: unknown): Fields {
  if (type === 'resource.Quantity') {
    const { mantissa, scale, text, format } = parseQuantityParts(value as string | undefined);
    return { i: { value: mantissa, scale }, s: text, format };
  }
  if (type === 'intstr.IntOrString') return typeof value === 'string' ? { type: 1, strVal: value } : { intVal: value };
  const struct = (value ?? {}) as Fields;
  if (type !== 'PodSpec') return struct;
  // What of the host's a pod shares is part of the security context, which there always is.
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext } = struct;
  return { ...struct, securityContext: { ...(securityContext as Fields | undefined), hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } };
}
