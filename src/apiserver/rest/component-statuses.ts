/** ComponentStatuses are not kept but asked of the components (pkg/registry/core/componentstatus). All is well here. */
import type { KubeObject } from '../../api/object.js';

const healthy = (name: string, message: string): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'ComponentStatus',
    metadata: { name, creationTimestamp: null },
    conditions: [{ type: 'Healthy', status: 'True', message }],
  }) as KubeObject;

export const COMPONENT_STATUSES = 'componentstatuses';

export const componentStatuses: readonly KubeObject[] = [healthy('scheduler', 'ok'), healthy('controller-manager', 'ok'), healthy('etcd-0', 'ok')];
