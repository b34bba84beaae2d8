/** Evidence in Kubernetes' own words: lines made of Events, conditions, states, fields and logs. */

import { humanDuration } from '../../api/human-duration.js';
import type { Time } from '../../api/time.js';
import type { Event } from '../../resources/events/types.js';
import type { ContainerState } from '../../resources/pods/types.js';
import type { Evidence } from './rule.js';
import { countOf, lastSeen } from './world.js';

/** `Warning Failed (x3, 12s ago): Error: ErrImagePull`. */
export function eventLine(event: Event | undefined, now: Time): Evidence | undefined {
  if (event === undefined) return undefined;
  const seen = lastSeen(event);
  const age = seen === 0 ? undefined : `${humanDuration(Math.max(0, now - seen))} ago`;
  const often = [countOf(event) > 1 ? `x${countOf(event)}` : undefined, age].filter((part) => part !== undefined).join(', ');
  return { from: 'event', text: `${event.type ?? 'Normal'} ${event.reason}${often === '' ? '' : ` (${often})`}: ${(event.message ?? '').trim()}` };
}

interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** `Ready=False ContainersNotReady: containers with unready status: [web]`. */
export function conditionLine(condition: ConditionLike | undefined): Evidence | undefined {
  if (condition === undefined) return undefined;
  const { type, status, reason, message } = condition;
  return { from: 'condition', text: `${type}=${status}${reason ? ` ${reason}` : ''}${message ? `: ${message.trim()}` : ''}` };
}

/** `web: waiting, CrashLoopBackOff: back-off 10s …`, `web: last terminated, Error, exit code 1`. */
export function stateLine(name: string, state: ContainerState | undefined, isLast = false): Evidence | undefined {
  const before = `${name}: ${isLast ? 'last ' : ''}`;
  const { waiting, terminated, running } = state ?? {};
  if (waiting !== undefined) return { from: 'container', text: `${before}waiting, ${waiting.reason ?? ''}${waiting.message ? `: ${waiting.message}` : ''}` };
  if (terminated !== undefined) {
    const { reason, exitCode, message } = terminated;
    return { from: 'container', text: `${before}terminated, ${reason ?? ''}, exit code ${exitCode}${message ? `: ${message.trim()}` : ''}` };
  }
  return running === undefined ? undefined : { from: 'container', text: `${before}running${running.startedAt ? ` since ${running.startedAt}` : ''}` };
}

/** `containers[web].image: nginx:lates`. */
export const specLine = (path: string, value: unknown): Evidence | undefined =>
  value === undefined ? undefined : { from: 'spec', text: `${path}: ${typeof value === 'string' ? value : JSON.stringify(value)}` };

export const objectLine = (text: string): Evidence => ({ from: 'object', text });

export const logLines = (lines: readonly string[] | undefined): readonly Evidence[] => (lines ?? []).map((text) => ({ from: 'log', text }));
