/** Parts of the control plane that are static pods: whoever takes the pod away takes away what it does. */
import { type KubeObject, keyOf, keyString, parseKey } from '../api/object.js';
import type { Reconciler, StateMap } from '../api/reconciler.js';
import { milliseconds } from '../api/time.js';
import type { WatchEvent } from '../api/verbs.js';
import { manifestsRecord, mirrorName, nodesOfPod } from '../kubelet/index.js';
import type { Pod } from '../resources/pods/types.js';

export type Component = 'kube-controller-manager' | 'kube-scheduler';

/** Tells a loop that its component runs again. No object can have such a name. */
const START = { namespace: '', name: '%start' };
const podOf = (component: Component, node: string) => ({ namespace: 'kube-system', name: mirrorName(component, node) });

const isRunning = (object: KubeObject | undefined): boolean =>
  (object as Pod | undefined)?.status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true;

/**
 * The loop of a component whose pod is on `node`: it stands still while that pod does not run, and afterwards looks at all it has missed.
 * As long as nobody has changed the node's manifests it always works: a cluster of somebody's objects need have no pods of the control plane.
 */
export function whileItRuns(loop: Reconciler, component: Component, node: string, state: StateMap): Reconciler {
  const record = manifestsRecord(node);
  const pod = podOf(component, node);
  const missed = `stopped/${loop.name}%`;
  return {
    ...loop,
    reconcile(key, context) {
      if (key.name === START.name && key.namespace === '') {
        for (const one of state.keys(missed)) {
          state.delete(one);
          context.requeue(parseKey(one.slice(missed.length)), milliseconds(0));
        }
        return undefined;
      }
      if (state.get(record) === undefined || isRunning(context.api.get('pods', pod))) return loop.reconcile(key, context);
      state.set(missed + keyString(key), true);
      return undefined;
    },
  };
}

/** Wakes the loops of the components whose pods on `node` begin to run. */
export function starter(
  loops: Readonly<Record<Component, readonly string[]>>,
  node: string,
  state: StateMap,
  wake: (loop: string, key: typeof START) => void,
): Reconciler {
  const components = Object.keys(loops) as Component[];
  const starts = ({ type, object, old }: WatchEvent): boolean =>
    type !== 'DELETED' && object.metadata.namespace === 'kube-system' && state.get(manifestsRecord(node)) !== undefined && isRunning(object) && !isRunning(old);
  return {
    name: 'static-components',
    watches: [{ resource: 'pods', only: { of: nodesOfPod, value: node }, keys: (event) => (starts(event) ? [keyOf(event.object)] : []) }],
    reconcile({ name }) {
      for (const component of components) if (podOf(component, node).name === name) for (const loop of loops[component]) wake(loop, START);
      return undefined;
    },
  };
}
