/** Stopping one container: kuberuntime_container.go killContainer. preStop, its turn among sidecars, then the runtime's grace. */
import { milliseconds, seconds } from '../api/time.js';
import type { Container } from '../resources/pod-template/types.js';
import { abandonHook, pollHook, startHook } from './hooks.js';
import type { KillRun } from './record.js';
import type { Work } from './work.js';

/** A container is never given less than this between SIGTERM and SIGKILL (minimumGracePeriodInSeconds). */
const MINIMUM_GRACE = seconds(2);

/** Begins to stop an instance that runs. `grace` in milliseconds. */
export function beginKill(work: Work, container: Container, id: string, grace: number, message: string): KillRun {
  work.event('Normal', 'Killing', message, container.name);
  const preStop = container.lifecycle?.preStop;
  const run: KillRun = { id, began: work.now, grace, stage: 'turn' };
  if (preStop === undefined || grace <= 0) return run;
  run.stage = 'preStop';
  run.hook = startHook(work, container, id, preStop);
  return run;
}

/** Moves it on as far as it goes now; true once the instance is gone. `isItsTurn`: the others it must outlive are gone. */
export function advanceKill(work: Work, container: Container, run: KillRun, isItsTurn: () => boolean): boolean {
  if (run.stage === 'gone') return true;
  const newest = work.newest(container.name);
  const runs = newest?.id === run.id && newest.state === 'running';
  if (!runs) {
    // A hook that still ran has died with the container.
    const hook = run.hook === undefined ? undefined : pollHook(work, container, run.hook);
    if (hook?.error !== undefined) work.event('Warning', 'FailedPreStopHook', 'PreStopHook failed', container.name);
    abandonHook(work, run.hook);
    run.stage = 'gone';
    return true;
  }
  if (run.stage === 'preStop' && run.hook !== undefined) {
    const end = run.began + run.grace;
    const over = pollHook(work, container, run.hook);
    if (over === undefined && work.now < end) {
      work.wakeAt(end);
      return false;
    }
    if (over?.error !== undefined) work.event('Warning', 'FailedPreStopHook', 'PreStopHook failed', container.name);
    // Nobody waits for it any longer; it goes on as long as the container does.
    if (over !== undefined) delete run.hook;
    run.stage = 'turn';
  }
  if (run.stage === 'turn') {
    const end = run.began + run.grace;
    if (!isItsTurn() && work.now < end) {
      work.wakeAt(end);
      return false;
    }
    const elapsed = Math.floor((work.now - run.began) / 1000) * 1000;
    run.stage = 'stopping';
    work.runtime.stopContainer(run.id, milliseconds(Math.max(MINIMUM_GRACE, run.grace - elapsed)));
    work.refresh();
    return advanceKill(work, container, run, isItsTurn);
  }
  return false;
}

/** The grace has become shorter while it was being stopped. */
export function shortenKill(work: Work, run: KillRun, grace: number): KillRun {
  if (grace >= run.grace || run.stage === 'gone') return run;
  if (run.stage === 'stopping') work.runtime.stopContainer(run.id, milliseconds(Math.max(MINIMUM_GRACE, grace)));
  return { ...run, grace };
}
