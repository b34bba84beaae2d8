/** The plugins that are on by default, in upstream's order (pkg/kubeapiserver/options/plugins.go). */
import { certificateSubjectRestriction } from './certificates.js';
import { defaultIngressClass } from './default-ingress-class.js';
import { defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from './default-storage-class.js';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { limitRanger } from './limit-ranger.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import type { AdmissionPlugin } from './plugin.js';
import { podSecurity } from './pod-security.js';
import { priority } from './priority.js';
import { resourceQuota } from './resource-quota.js';
import { runtimeClass } from './runtime-class.js';
import { serviceAccount } from './service-account.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';
import { validatingAdmissionPolicy } from './validating-admission-policy.js';
import { mutatingAdmissionWebhook, validatingAdmissionWebhook } from './webhooks.js';

export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateSubjectRestriction,
  defaultIngressClass,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
];
