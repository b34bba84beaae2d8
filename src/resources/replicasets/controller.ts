/** The ReplicaSet loop: pkg/controller/replicaset. */
import { selectorOf } from '../../api/selectors.js';
import { replicaController } from '../../controllers/replicas.js';
import type { ReplicaSet } from './types.js';

export const controller = replicaController<ReplicaSet>({
  name: 'replicaset-controller',
  resource: 'replicasets.apps',
  kind: 'ReplicaSet',
  selector: ({ spec }) => selectorOf(spec.selector),
});
