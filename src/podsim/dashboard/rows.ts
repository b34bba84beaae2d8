/** Pods as rows of a list: the cells of `get pods -o wide`, and what a screen wants to know besides. */
import type { Cell } from '../../api/resource.js';
import type { Table } from '../../kubectl/printers/table.js';
import type { Pod } from '../../resources/pods/types.js';
import { summarizePod } from '../../resources/pods/view.js';
import type { PodRow, Tone } from './model.js';

/** Of a table whose rows have the whole objects. */
export function podRows(table: Table, withNamespace: boolean): Pick<{ columns: readonly string[]; rows: readonly PodRow[] }, 'columns' | 'rows'> {
  const names = (table.columnDefinitions ?? []).map(({ name }) => name.toUpperCase());
  return {
    columns: withNamespace ? ['NAMESPACE', ...names] : names,
    rows: table.rows.map(({ cells, object }) => rowOf(object as Pod, cells, withNamespace)),
  };
}

function rowOf(pod: Pod, cells: readonly Cell[], withNamespace: boolean): PodRow {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  const texts = cells.map((cell) => String(cell));
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  return {
    namespace,
    name,
    uid,
    cells: withNamespace ? [namespace, ...texts] : texts,
    tone: toneOf(pod),
    containers: [...initContainers, ...containers, ...ephemeralContainers].map((container) => container.name),
    container: speaking(pod),
    grace: pod.spec.terminationGracePeriodSeconds ?? 30,
  };
}

/** Reasons of waiting that do not go away by themselves, or only to come again. */
const TROUBLE = /BackOff|Err|Error|Invalid|Never|Cannot|Failed/;

function toneOf(pod: Pod): Tone {
  const { reason, ready, total } = summarizePod(pod);
  const phase = pod.status?.phase;
  if (pod.metadata.deletionTimestamp !== undefined) return 'ending';
  if (phase === 'Failed' || phase === 'Unknown' || TROUBLE.test(reason)) return 'trouble';
  if (phase === 'Succeeded') return 'done';
  return phase === 'Running' && reason === 'Running' && ready === total ? 'good' : phase === 'Running' && hasEnded(pod) ? 'trouble' : 'waiting';
}

/** A container has ended otherwise than well, and nothing has come of it yet. */
const hasEnded = ({ status }: Pod): boolean => status?.containerStatuses?.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0) === true;

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** An index among all its containers: the init container that is at work or in trouble, else the one that kubectl logs would take. */
function speaking({ metadata, spec, status }: Pod): number {
  const inits = spec.initContainers ?? [];
  const at = inits.findIndex(({ name, restartPolicy }) => {
    const found = status?.initContainerStatuses?.find((one) => one.name === name);
    return (
      restartPolicy !== 'Always' &&
      found?.state?.terminated?.exitCode !== 0 &&
      (found?.state?.running ?? found?.state?.terminated ?? found?.lastState?.terminated) !== undefined
    );
  });
  if (at >= 0) return at;
  const named = spec.containers.findIndex(({ name }) => name === metadata.annotations?.[DEFAULT_CONTAINER]);
  return inits.length + Math.max(0, named);
}
