/** core/v1 Event (k8s.io/api/core/v1). events.k8s.io/v1 Events are the same stored objects under other field names. */
import type { KubeObject } from '../../api/object.js';

export interface Event extends KubeObject {
  readonly involvedObject: ObjectReference;
  readonly reason?: string;
  readonly message?: string;
  /** `Normal` or `Warning`. */
  readonly type?: string;
  readonly source?: EventSource;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly count?: number;
  /** With microseconds; set by recorders of the events.k8s.io kind (the scheduler), null otherwise. */
  readonly eventTime?: string | null;
  readonly series?: EventSeries;
  readonly action?: string;
  readonly related?: ObjectReference;
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
}

export interface ObjectReference {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

export interface EventSource {
  readonly component?: string;
  readonly host?: string;
}

export interface EventSeries {
  readonly count: number;
  readonly lastObservedTime: string;
}
