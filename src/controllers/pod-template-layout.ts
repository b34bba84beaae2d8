/**
 * Go's view of a PodTemplateSpec at v1.33: for every struct its fields in order, as `GoName type`, with `=jsonName` where that is not
 * the Go name with a small first letter, and `=` for an embedded struct that is inlined in JSON. Facts of k8s.io/api/core/v1 types.go
 * and apimachinery's meta/v1, which the hash of pod-template-hash.ts is made of. Types of package v1 are written without their package.
 */
export const LAYOUT: Readonly<Record<string, string>> = {
  PodTemplateSpec: 'ObjectMeta ObjectMeta =metadata; Spec PodSpec',
  PodSpec:
    'Volumes []Volume; InitContainers []Container; Containers []Container; EphemeralContainers []EphemeralContainer; RestartPolicy RestartPolicy; TerminationGracePeriodSeconds *int64; ActiveDeadlineSeconds *int64; DNSPolicy DNSPolicy =dnsPolicy; NodeSelector map[string]string; ServiceAccountName string; DeprecatedServiceAccount string =serviceAccount; AutomountServiceAccountToken *bool; NodeName string; HostNetwork bool; HostPID bool; HostIPC bool; ShareProcessNamespace *bool; SecurityContext *PodSecurityContext; ImagePullSecrets []LocalObjectReference; Hostname string; Subdomain string; Affinity *Affinity; SchedulerName string; Tolerations []Toleration; HostAliases []HostAlias; PriorityClassName string; Priority *int32; DNSConfig *PodDNSConfig =dnsConfig; ReadinessGates []PodReadinessGate; RuntimeClassName *string; EnableServiceLinks *bool; PreemptionPolicy *PreemptionPolicy; Overhead ResourceList; TopologySpreadConstraints []TopologySpreadConstraint; SetHostnameAsFQDN *bool; OS *PodOS =os; HostUsers *bool; SchedulingGates []PodSchedulingGate; ResourceClaims []PodResourceClaim; Resources *ResourceRequirements',
  Volume: 'Name string; VolumeSource VolumeSource =',
  Container:
    'Name string; Image string; Command []string; Args []string; WorkingDir string; Ports []ContainerPort; EnvFrom []EnvFromSource; Env []EnvVar; Resources ResourceRequirements; ResizePolicy []ContainerResizePolicy; RestartPolicy *ContainerRestartPolicy; VolumeMounts []VolumeMount; VolumeDevices []VolumeDevice; LivenessProbe *Probe; ReadinessProbe *Probe; StartupProbe *Probe; Lifecycle *Lifecycle; TerminationMessagePath string; TerminationMessagePolicy TerminationMessagePolicy; ImagePullPolicy PullPolicy; SecurityContext *SecurityContext; Stdin bool; StdinOnce bool; TTY bool =tty',
  EphemeralContainer: 'EphemeralContainerCommon EphemeralContainerCommon =; TargetContainerName string',
  PodSecurityContext:
    'SELinuxOptions *SELinuxOptions =seLinuxOptions; WindowsOptions *WindowsSecurityContextOptions; RunAsUser *int64; RunAsGroup *int64; RunAsNonRoot *bool; SupplementalGroups []int64; SupplementalGroupsPolicy *SupplementalGroupsPolicy; FSGroup *int64 =fsGroup; Sysctls []Sysctl; FSGroupChangePolicy *PodFSGroupChangePolicy =fsGroupChangePolicy; SeccompProfile *SeccompProfile; AppArmorProfile *AppArmorProfile; SELinuxChangePolicy *PodSELinuxChangePolicy =seLinuxChangePolicy',
  LocalObjectReference: 'Name string',
  Affinity: 'NodeAffinity *NodeAffinity; PodAffinity *PodAffinity; PodAntiAffinity *PodAntiAffinity',
  Toleration: 'Key string; Operator TolerationOperator; Value string; Effect TaintEffect; TolerationSeconds *int64',
  HostAlias: 'IP string =ip; Hostnames []string',
  PodDNSConfig: 'Nameservers []string; Searches []string; Options []PodDNSConfigOption',
  PodReadinessGate: 'ConditionType PodConditionType',
  TopologySpreadConstraint:
    'MaxSkew int32; TopologyKey string; WhenUnsatisfiable UnsatisfiableConstraintAction; LabelSelector *LabelSelector; MinDomains *int32; NodeAffinityPolicy *NodeInclusionPolicy; NodeTaintsPolicy *NodeInclusionPolicy; MatchLabelKeys []string',
  PodOS: 'Name OSName',
  PodSchedulingGate: 'Name string',
  PodResourceClaim: 'Name string; ResourceClaimName *string; ResourceClaimTemplateName *string',
  ResourceRequirements: 'Limits ResourceList; Requests ResourceList; Claims []ResourceClaim',
  VolumeSource:
    'HostPath *HostPathVolumeSource; EmptyDir *EmptyDirVolumeSource; GCEPersistentDisk *GCEPersistentDiskVolumeSource =gcePersistentDisk; AWSElasticBlockStore *AWSElasticBlockStoreVolumeSource =awsElasticBlockStore; GitRepo *GitRepoVolumeSource; Secret *SecretVolumeSource; NFS *NFSVolumeSource =nfs; ISCSI *ISCSIVolumeSource =iscsi; Glusterfs *GlusterfsVolumeSource; PersistentVolumeClaim *PersistentVolumeClaimVolumeSource; RBD *RBDVolumeSource =rbd; FlexVolume *FlexVolumeSource; Cinder *CinderVolumeSource; CephFS *CephFSVolumeSource =cephfs; Flocker *FlockerVolumeSource; DownwardAPI *DownwardAPIVolumeSource; FC *FCVolumeSource =fc; AzureFile *AzureFileVolumeSource; ConfigMap *ConfigMapVolumeSource; VsphereVolume *VsphereVirtualDiskVolumeSource; Quobyte *QuobyteVolumeSource; AzureDisk *AzureDiskVolumeSource; PhotonPersistentDisk *PhotonPersistentDiskVolumeSource; Projected *ProjectedVolumeSource; PortworxVolume *PortworxVolumeSource; ScaleIO *ScaleIOVolumeSource; StorageOS *StorageOSVolumeSource =storageos; CSI *CSIVolumeSource =csi; Ephemeral *EphemeralVolumeSource; Image *ImageVolumeSource',
  ContainerPort: 'Name string; HostPort int32; ContainerPort int32; Protocol Protocol; HostIP string',
  EnvFromSource: 'Prefix string; ConfigMapRef *ConfigMapEnvSource; SecretRef *SecretEnvSource',
  EnvVar: 'Name string; Value string; ValueFrom *EnvVarSource',
  ContainerResizePolicy: 'ResourceName ResourceName; RestartPolicy ResourceResizeRestartPolicy',
  VolumeMount:
    'Name string; ReadOnly bool; RecursiveReadOnly *RecursiveReadOnlyMode; MountPath string; SubPath string; MountPropagation *MountPropagationMode; SubPathExpr string',
  VolumeDevice: 'Name string; DevicePath string',
  Probe:
    'ProbeHandler ProbeHandler =; InitialDelaySeconds int32; TimeoutSeconds int32; PeriodSeconds int32; SuccessThreshold int32; FailureThreshold int32; TerminationGracePeriodSeconds *int64',
  Lifecycle: 'PostStart *LifecycleHandler; PreStop *LifecycleHandler; StopSignal *Signal',
  SecurityContext:
    'Capabilities *Capabilities; Privileged *bool; SELinuxOptions *SELinuxOptions =seLinuxOptions; WindowsOptions *WindowsSecurityContextOptions; RunAsUser *int64; RunAsGroup *int64; RunAsNonRoot *bool; ReadOnlyRootFilesystem *bool; AllowPrivilegeEscalation *bool; ProcMount *ProcMountType; SeccompProfile *SeccompProfile; AppArmorProfile *AppArmorProfile',
  EphemeralContainerCommon:
    'Name string; Image string; Command []string; Args []string; WorkingDir string; Ports []ContainerPort; EnvFrom []EnvFromSource; Env []EnvVar; Resources ResourceRequirements; ResizePolicy []ContainerResizePolicy; RestartPolicy *ContainerRestartPolicy; VolumeMounts []VolumeMount; VolumeDevices []VolumeDevice; LivenessProbe *Probe; ReadinessProbe *Probe; StartupProbe *Probe; Lifecycle *Lifecycle; TerminationMessagePath string; TerminationMessagePolicy TerminationMessagePolicy; ImagePullPolicy PullPolicy; SecurityContext *SecurityContext; Stdin bool; StdinOnce bool; TTY bool =tty',
  SELinuxOptions: 'User string; Role string; Type string; Level string',
  WindowsSecurityContextOptions:
    'GMSACredentialSpecName *string =gmsaCredentialSpecName; GMSACredentialSpec *string =gmsaCredentialSpec; RunAsUserName *string; HostProcess *bool',
  Sysctl: 'Name string; Value string',
  SeccompProfile: 'Type SeccompProfileType; LocalhostProfile *string',
  AppArmorProfile: 'Type AppArmorProfileType; LocalhostProfile *string',
  NodeAffinity: 'RequiredDuringSchedulingIgnoredDuringExecution *NodeSelector; PreferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm',
  PodAffinity: 'RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm; PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm',
  PodAntiAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm; PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm',
  PodDNSConfigOption: 'Name string; Value *string',
  ResourceClaim: 'Name string; Request string',
  HostPathVolumeSource: 'Path string; Type *HostPathType',
  EmptyDirVolumeSource: 'Medium StorageMedium; SizeLimit *resource.Quantity',
  GCEPersistentDiskVolumeSource: 'PDName string =pdName; FSType string =fsType; Partition int32; ReadOnly bool',
  AWSElasticBlockStoreVolumeSource: 'VolumeID string; FSType string =fsType; Partition int32; ReadOnly bool',
  GitRepoVolumeSource: 'Repository string; Revision string; Directory string',
  SecretVolumeSource: 'SecretName string; Items []KeyToPath; DefaultMode *int32; Optional *bool',
  NFSVolumeSource: 'Server string; Path string; ReadOnly bool',
  ISCSIVolumeSource:
    'TargetPortal string; IQN string =iqn; Lun int32; ISCSIInterface string =iscsiInterface; FSType string =fsType; ReadOnly bool; Portals []string; DiscoveryCHAPAuth bool =chapAuthDiscovery; SessionCHAPAuth bool =chapAuthSession; SecretRef *LocalObjectReference; InitiatorName *string',
  GlusterfsVolumeSource: 'EndpointsName string =endpoints; Path string; ReadOnly bool',
  PersistentVolumeClaimVolumeSource: 'ClaimName string; ReadOnly bool',
  RBDVolumeSource:
    'CephMonitors []string =monitors; RBDImage string =image; FSType string =fsType; RBDPool string =pool; RadosUser string =user; Keyring string; SecretRef *LocalObjectReference; ReadOnly bool',
  FlexVolumeSource: 'Driver string; FSType string =fsType; SecretRef *LocalObjectReference; ReadOnly bool; Options map[string]string',
  CinderVolumeSource: 'VolumeID string; FSType string =fsType; ReadOnly bool; SecretRef *LocalObjectReference',
  CephFSVolumeSource: 'Monitors []string; Path string; User string; SecretFile string; SecretRef *LocalObjectReference; ReadOnly bool',
  FlockerVolumeSource: 'DatasetName string; DatasetUUID string',
  DownwardAPIVolumeSource: 'Items []DownwardAPIVolumeFile; DefaultMode *int32',
  FCVolumeSource: 'TargetWWNs []string; Lun *int32; FSType string =fsType; ReadOnly bool; WWIDs []string =wwids',
  AzureFileVolumeSource: 'SecretName string; ShareName string; ReadOnly bool',
  ConfigMapVolumeSource: 'LocalObjectReference LocalObjectReference =; Items []KeyToPath; DefaultMode *int32; Optional *bool',
  VsphereVirtualDiskVolumeSource: 'VolumePath string; FSType string =fsType; StoragePolicyName string; StoragePolicyID string',
  QuobyteVolumeSource: 'Registry string; Volume string; ReadOnly bool; User string; Group string; Tenant string',
  AzureDiskVolumeSource:
    'DiskName string; DataDiskURI string =diskURI; CachingMode *AzureDataDiskCachingMode; FSType *string =fsType; ReadOnly *bool; Kind *AzureDataDiskKind',
  PhotonPersistentDiskVolumeSource: 'PdID string; FSType string =fsType',
  ProjectedVolumeSource: 'Sources []VolumeProjection; DefaultMode *int32',
  PortworxVolumeSource: 'VolumeID string; FSType string =fsType; ReadOnly bool',
  ScaleIOVolumeSource:
    'Gateway string; System string; SecretRef *LocalObjectReference; SSLEnabled bool =sslEnabled; ProtectionDomain string; StoragePool string; StorageMode string; VolumeName string; FSType string =fsType; ReadOnly bool',
  StorageOSVolumeSource: 'VolumeName string; VolumeNamespace string; FSType string =fsType; ReadOnly bool; SecretRef *LocalObjectReference',
  CSIVolumeSource: 'Driver string; ReadOnly *bool; FSType *string =fsType; VolumeAttributes map[string]string; NodePublishSecretRef *LocalObjectReference',
  EphemeralVolumeSource: 'VolumeClaimTemplate *PersistentVolumeClaimTemplate',
  ImageVolumeSource: 'Reference string; PullPolicy PullPolicy',
  ConfigMapEnvSource: 'LocalObjectReference LocalObjectReference =; Optional *bool',
  SecretEnvSource: 'LocalObjectReference LocalObjectReference =; Optional *bool',
  EnvVarSource:
    'FieldRef *ObjectFieldSelector; ResourceFieldRef *ResourceFieldSelector; ConfigMapKeyRef *ConfigMapKeySelector; SecretKeyRef *SecretKeySelector',
  ProbeHandler: 'Exec *ExecAction; HTTPGet *HTTPGetAction =httpGet; TCPSocket *TCPSocketAction =tcpSocket; GRPC *GRPCAction =grpc',
  LifecycleHandler: 'Exec *ExecAction; HTTPGet *HTTPGetAction =httpGet; TCPSocket *TCPSocketAction =tcpSocket; Sleep *SleepAction',
  Capabilities: 'Add []Capability; Drop []Capability',
  NodeSelector: 'NodeSelectorTerms []NodeSelectorTerm',
  PreferredSchedulingTerm: 'Weight int32; Preference NodeSelectorTerm',
  PodAffinityTerm:
    'LabelSelector *LabelSelector; Namespaces []string; TopologyKey string; NamespaceSelector *LabelSelector; MatchLabelKeys []string; MismatchLabelKeys []string',
  WeightedPodAffinityTerm: 'Weight int32; PodAffinityTerm PodAffinityTerm',
  KeyToPath: 'Key string; Path string; Mode *int32',
  DownwardAPIVolumeFile: 'Path string; FieldRef *ObjectFieldSelector; ResourceFieldRef *ResourceFieldSelector; Mode *int32',
  VolumeProjection:
    'Secret *SecretProjection; DownwardAPI *DownwardAPIProjection; ConfigMap *ConfigMapProjection; ServiceAccountToken *ServiceAccountTokenProjection; ClusterTrustBundle *ClusterTrustBundleProjection',
  PersistentVolumeClaimTemplate: 'ObjectMeta ObjectMeta =metadata; Spec PersistentVolumeClaimSpec',
  ObjectFieldSelector: 'APIVersion string =apiVersion; FieldPath string',
  ResourceFieldSelector: 'ContainerName string; Resource string; Divisor resource.Quantity',
  ConfigMapKeySelector: 'LocalObjectReference LocalObjectReference =; Key string; Optional *bool',
  SecretKeySelector: 'LocalObjectReference LocalObjectReference =; Key string; Optional *bool',
  ExecAction: 'Command []string',
  HTTPGetAction: 'Path string; Port intstr.IntOrString; Host string; Scheme URIScheme; HTTPHeaders []HTTPHeader =httpHeaders',
  TCPSocketAction: 'Port intstr.IntOrString; Host string',
  GRPCAction: 'Port int32; Service *string',
  SleepAction: 'Seconds int64',
  NodeSelectorTerm: 'MatchExpressions []NodeSelectorRequirement; MatchFields []NodeSelectorRequirement',
  SecretProjection: 'LocalObjectReference LocalObjectReference =; Items []KeyToPath; Optional *bool',
  DownwardAPIProjection: 'Items []DownwardAPIVolumeFile',
  ConfigMapProjection: 'LocalObjectReference LocalObjectReference =; Items []KeyToPath; Optional *bool',
  ServiceAccountTokenProjection: 'Audience string; ExpirationSeconds *int64; Path string',
  ClusterTrustBundleProjection: 'Name *string; SignerName *string; LabelSelector *LabelSelector; Optional *bool; Path string',
  PersistentVolumeClaimSpec:
    'AccessModes []PersistentVolumeAccessMode; Selector *LabelSelector; Resources VolumeResourceRequirements; VolumeName string; StorageClassName *string; VolumeMode *PersistentVolumeMode; DataSource *TypedLocalObjectReference; DataSourceRef *TypedObjectReference; VolumeAttributesClassName *string',
  HTTPHeader: 'Name string; Value string',
  NodeSelectorRequirement: 'Key string; Operator NodeSelectorOperator; Values []string',
  VolumeResourceRequirements: 'Limits ResourceList; Requests ResourceList',
  TypedLocalObjectReference: 'APIGroup *string =apiGroup; Kind string; Name string',
  TypedObjectReference: 'APIGroup *string =apiGroup; Kind string; Name string; Namespace *string',
  ObjectMeta:
    'Name string; GenerateName string; Namespace string; SelfLink string; UID types.UID =uid; ResourceVersion string; Generation int64; CreationTimestamp Time; DeletionTimestamp *Time; DeletionGracePeriodSeconds *int64; Labels map[string]string; Annotations map[string]string; OwnerReferences []OwnerReference; Finalizers []string; ManagedFields []ManagedFieldsEntry',
  OwnerReference: 'APIVersion string =apiVersion; Kind string; Name string; UID types.UID =uid; Controller *bool; BlockOwnerDeletion *bool',
  LabelSelector: 'MatchLabels map[string]string; MatchExpressions []LabelSelectorRequirement',
  LabelSelectorRequirement: 'Key string; Operator LabelSelectorOperator; Values []string',
};

export interface GoField {
  readonly name: string;
  /** '': embedded and inlined. */
  readonly json: string;
  readonly type: string;
}

/** The fields of an entry of {@link LAYOUT}. */
export function parseFields(layout: string): readonly GoField[] {
  return layout.split('; ').map((text) => {
    const [name = '', type = '', alias] = text.split(' ');
    return { name, type, json: alias === undefined ? (name[0] as string).toLowerCase() + name.slice(1) : alias.slice(1) };
  });
}
