/** The ReplicationController loop: pkg/controller/replication, which is the ReplicaSet's with another selector. */
import { selectorOf } from '../../api/selectors.js';
import { replicaController } from '../../controllers/replicas.js';
import type { ReplicationController } from './types.js';

export const controller = replicaController<ReplicationController>({
  name: 'replication-controller',
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  selector: ({ spec }) => (spec.selector === undefined || Object.keys(spec.selector).length === 0 ? undefined : selectorOf({ matchLabels: spec.selector })),
});
