/** Parts of the control plane that are static pods: whoever takes the pod away, takes away what it does. */
import type { KubeObject } from '../api/object.js';
import type { Reconciler, StateMap } from '../api/reconciler.js';
import type { WatchEvent } from '../api/verbs.js';
import { manifestsRecord, nodesOfPod } from '../kubelet/index.js';
import type { Pod } from '../resources/pods/types.js';

/** Wakes a component that begins to run: it looks at everything then. */
const START = { namespace: '', name: 'start' };

const isRunning = (object: KubeObject | undefined): boolean =>
  (object as Pod | undefined)?.status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true;

/**
 * The reconciler, standing still while the component's pod on `node` does not run: once somebody has changed that node's manifests. Before,
 * and where there is no such node, it always works: a cluster of somebody's objects need have no pods of the control plane.
 */
export function whileItRuns(reconciler: Reconciler, component: string, node: string | undefined, state: StateMap): Reconciler {
  if (node === undefined) return reconciler;
  const pod = { namespace: 'kube-system', name: `${component}-${node}` };
  const starts = ({ type, object, old }: WatchEvent): boolean =>
    type !== 'DELETED' && object.metadata.name === pod.name && object.metadata.namespace === pod.namespace && isRunning(object) && !isRunning(old);
  return {
    ...reconciler,
    watches: [...reconciler.watches, { resource: 'pods', only: { of: nodesOfPod, value: node }, keys: (event) => (starts(event) ? [START] : []) }],
    reconcile: (key, context) =>
      state.get(manifestsRecord(node)) === undefined || isRunning(context.api.get('pods', pod)) ? reconciler.reconcile(key, context) : undefined,
  };
}
