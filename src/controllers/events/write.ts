/** Writes Events: one that the API server refuses is lost, as upstream's recorders only log it (client-go tools/record event.go, recordEvent). */
import { StatusError } from '../../api/errors.js';
import { putHex } from '../../api/hex.js';
import type { Time } from '../../api/time.js';
import type { Event } from '../../resources/events/types.js';
import type { Noted, Occurrence } from './known.js';

const managerOf = ({ source, action }: Occurrence): string =>
  action !== undefined ? 'kube-scheduler' : source === 'kubelet' ? 'kubelet' : 'kube-controller-manager';

export function update(occurrence: Occurrence, noted: Noted, changes: Partial<Event>): void {
  const { api, known, space } = occurrence;
  const event = api.get<Event>('events', { namespace: space, name: noted.name });
  try {
    const written = api.update('events', { ...(event as Event), ...changes }, { fieldManager: managerOf(occurrence) });
    known.replace(noted, written);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    occurrence.refused(error);
  }
}

/** `web.188655b3c1e80000`: the time in nanoseconds makes the name, and so the order in which Events of one object are listed. */
export function create(occurrence: Occurrence, told: Partial<Event>): void {
  const { now: time, api, space, known, involvedObject, reason, type } = occurrence;
  // Several Events of one instant: as if a little time had passed between them. The names sort by time, so the last one is the latest.
  const last = known.stamp;
  const now = stampOf(time);
  for (let stamp = last === undefined || last < now ? now : after(last); ; stamp = after(stamp)) {
    try {
      const metadata = { name: `${involvedObject.name}.${stamp}`, namespace: space };
      const event: Event = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject, reason, type, ...told };
      const written = api.create('events', event, { fieldManager: managerOf(occurrence) });
      known.add(occurrence, written, stamp);
      return;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      // Taken by another object of that name: the next nanosecond is free.
      if (error.reason === 'AlreadyExists') continue;
      occurrence.refused(error);
      return;
    }
  }
}

const WORD = 2 ** 32;

/** Nanoseconds since 1970 as 16 hexadecimal digits: they sort as the numbers do, which have more bits than JavaScript's. */
function stampOf(now: Time): string {
  const low = (now % WORD) * 1_000_000;
  return words(Math.floor(now / WORD) * 1_000_000 + Math.floor(low / WORD), low % WORD);
}

/** A nanosecond later. */
function after(stamp: string): string {
  const low = Number.parseInt(stamp.slice(8), 16) + 1;
  return words(Number.parseInt(stamp.slice(0, 8), 16) + Math.floor(low / WORD), low % WORD);
}

/** Written over for every stamp. */
const DIGITS = Buffer.alloc(16);
const words = (high: number, low: number): string => DIGITS.toString('latin1', 0, putHex(DIGITS, putHex(DIGITS, 0, high), low));
