/** The plugins that are on by default, in upstream's order (pkg/kubeapiserver/options/plugins.go). */
import { namespaceLifecycle } from './namespace-lifecycle.js';
import type { AdmissionPlugin } from './plugin.js';

export const admissionPlugins: readonly AdmissionPlugin[] = [namespaceLifecycle];
