/** A trace as JSON. Members are only ever added. */
import { formatMicroTime, type Time } from '../../api/time.js';
import type { NodeVerdict } from '../../scheduler/explain.js';
import type { PodTrace } from './model.js';

export interface TraceJson {
  readonly kind: 'PodTrace';
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid?: string; readonly node?: string; readonly phase?: string };
  readonly client: string;
  readonly start: string;
  readonly steps: readonly {
    readonly component: string;
    readonly step: string;
    readonly at?: string;
    /** Since the pod's creation. */
    readonly seconds?: number;
    readonly approximate?: true;
    readonly type: 'Normal' | 'Warning';
    readonly message: string;
    readonly details?: readonly string[];
    /** object, managedFields, versions, event, node, recomputed. */
    readonly source: string;
  }[];
  readonly versions: readonly { readonly resourceVersion: string; readonly at: string; readonly manager?: string; readonly change: string }[];
  /** Worked out on the cluster as it was at `at`, not what the scheduler saw then. */
  readonly scheduling?: { readonly recomputed: true; readonly at: string; readonly nodes: readonly NodeVerdict[] };
}

export function traceJson({ timeline, client, steps, versions, scheduling }: PodTrace): TraceJson {
  const { namespace, name, uid, node, phase, from } = timeline;
  return {
    kind: 'PodTrace',
    pod: { namespace, name, ...(uid === undefined ? {} : { uid }), ...(node === undefined ? {} : { node }), ...(phase === undefined ? {} : { phase }) },
    client,
    start: text(from),
    steps: steps.map(({ at, isApproximate, component, step, ...rest }) => ({
      component: component === 'client' ? client : component,
      step,
      ...(at === undefined ? {} : { at: text(at), seconds: (at - from) / 1000 }),
      ...(isApproximate === undefined ? {} : { approximate: isApproximate }),
      ...rest,
    })),
    versions: versions.map((version) => ({ ...version, at: text(version.at) })),
    ...(scheduling === undefined ? {} : { scheduling: { recomputed: true, at: text(scheduling.at), nodes: scheduling.nodes } }),
  };
}

const text = (time: Time): string => formatMicroTime(time).replace(/000Z$/, 'Z');
