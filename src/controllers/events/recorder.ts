/**
 * How controllers, kubelets and the scheduler record Events: client-go's correlator (tools/record/events_cache.go) and the events.k8s.io
 * recorder (tools/events). What it remembers of the Events about an object is read from them when something happens to it for the first
 * time in this process; only what they do not tell (tokens of the spam filter, counts not yet written) is in a StateMap, and only for
 * objects that something keeps happening to.
 */
import type { StatusError } from '../../api/errors.js';
import { type KubeObject, keyOf, type ObjectKey } from '../../api/object.js';
import type { EventOptions, EventType, StateMap } from '../../api/reconciler.js';
import type { Time } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import type { Event } from '../../resources/events/types.js';
import { correlate } from './correlate.js';
import { Known, note, type Occurrence, signatureOf } from './known.js';
import { referenceTo, spaceOf, uidOf } from './reference.js';
import { recordSeries } from './series.js';

export interface RecorderOptions {
  /** Where the control plane runs. */
  readonly hostname?: string | undefined;
  /** Hears what the API server says of an Event it will not have; the Event is lost (client-go recordEvent: "will not retry"). */
  readonly refused?: ((component: string, about: ObjectKey, error: StatusError) => void) | undefined;
}

/** Records the Events of one cluster; one for all its components. */
export class EventRecorder {
  /** By the uid of what they are about. */
  private readonly noted = new Map<string, Known>();
  /** Whose Events others have written or deleted: those of a dump may be there before what they are about. */
  private readonly foreign = new Set<string>();
  private isWriting = false;

  constructor(
    private readonly api: Api,
    private readonly state: StateMap,
    private readonly options: RecorderOptions = {},
  ) {
    api.watch('*', ({ type, resource, object }) => {
      if (resource === 'events') {
        if (!this.isWriting) this.forget((object as Event).involvedObject.uid ?? '');
      } else if (type === 'ADDED') this.noteNew(object.metadata.uid ?? '');
      else if (type === 'DELETED') this.noted.delete(object.metadata.uid ?? '');
    });
  }

  /** Others have written or deleted Events about it: they are read again. */
  private forget(uid: string): void {
    this.noted.delete(uid);
    this.foreign.add(uid);
  }

  /** There are no Events about what is new, unless both come from a dump. */
  private noteNew(uid: string): void {
    if (!this.foreign.has(uid)) this.noted.set(uid, new Known());
  }

  /** Records an Event about `on`. The reconciler is its source unless the options name another. */
  record(
    { reconciler, now }: { readonly reconciler: string; readonly now: Time },
    on: KubeObject,
    type: EventType,
    reason: string,
    message: string,
    options: EventOptions = {},
  ): void {
    const about = keyOf(on);
    const involvedObject = referenceTo(on);
    if (options.fieldPath !== undefined) involvedObject.fieldPath = options.fieldPath;
    const source = options.component ?? reconciler;
    const { action, host } = options;
    const occurrence: Occurrence = {
      now,
      api: this.api,
      state: this.state,
      hostname: this.options.hostname,
      space: spaceOf(about.namespace),
      known: this.knownOf(on),
      involvedObject,
      source,
      host,
      type,
      reason,
      message,
      action,
      signature:
        action === undefined
          ? signatureOf(source, type, reason, involvedObject, host ?? '', message)
          : signatureOf(source, type, reason, involvedObject, action, involvedObject.resourceVersion ?? ''),
      refused: (error) => this.options.refused?.(source, about, error),
    };
    const events = occurrence.known.like(occurrence, () => eventsAbout(this.api, on));
    this.isWriting = true;
    try {
      if (action === undefined) correlate(occurrence, events);
      else recordSeries(occurrence, events, action, options.related);
    } finally {
      this.isWriting = false;
    }
  }

  private knownOf(on: KubeObject): Known {
    const uid = uidOf(on);
    const known = uid === undefined ? undefined : this.noted.get(uid);
    if (known !== undefined) return known;
    const read = new Known(eventsAbout(this.api, on).map(note));
    if (uid !== undefined) this.noted.set(uid, read);
    return read;
  }
}

/** The Events about an object that were recorded here, oldest first: their names are its name and their time. Without a uid: those that have none either. */
export function eventsAbout(api: Api, on: KubeObject): readonly Event[] {
  const { namespace, name } = keyOf(on);
  const uid = uidOf(on);
  return api
    .list<Event>('events', { namespace: spaceOf(namespace), nameStem: name })
    .filter(({ involvedObject }) => involvedObject.uid === uid && involvedObject.name === name && involvedObject.kind === on.kind);
}
