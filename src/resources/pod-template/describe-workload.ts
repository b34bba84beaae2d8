/** What the describers of workloads share: kubectl pkg/describe/describe.go. */
import { controllerOf, type KubeObject } from '../../api/object.js';
import type { IndentedWriter } from '../../api/resource.js';
import type { Reader } from '../../api/verbs.js';
import type { Pod } from '../pods/types.js';

/** `Pods Status:` with the pods the object controls by phase. `selector`: the text of its selector; undefined selects none. */
export async function describePodsStatus(owner: KubeObject, selector: string | undefined, reader: Reader, out: IndentedWriter): Promise<void> {
  const { namespace = '', uid } = owner.metadata;
  const pods = selector === undefined ? [] : await reader.list<Pod>('pods', { namespace, ...(selector === '' ? {} : { labelSelector: selector }) });
  const own = pods.filter((pod) => controllerOf(pod)?.uid === uid);
  const count = (phase: string) => own.filter(({ status }) => status?.phase === phase).length;
  out.line(0, `Pods Status:\t${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`);
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

/** Nothing when there are none. The space behind the type is upstream's. */
export function describeConditions(conditions: readonly Condition[] | undefined, out: IndentedWriter): void {
  if (!conditions?.length) return;
  out.write(0, 'Conditions:\n  Type\tStatus\tReason\n');
  out.line(1, '----\t------\t------');
  for (const { type, status, reason } of conditions) out.line(1, `${type} \t${status}\t${reason ?? ''}`);
}

/** A line of a value that may be absent. */
export const orUnset = (value: unknown): string => (value === undefined || value === null ? '<unset>' : String(value));
/** Go's %v of a pointer to a bool, as the describers print it. */
export const trueOrFalse = (value: boolean | undefined): string => (value === undefined ? '<unset>' : value ? 'True' : 'False');
