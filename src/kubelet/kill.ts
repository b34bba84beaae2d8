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
  if (run.stage === 'preStop' && !isHookOver(work, container, run)) return false;
  if (run.stage === 'turn' && isRunning(work, container, run)) {
    if (!isItsTurn() && waits(work, run)) return false;
    spend(work, run);
    run.stage = 'stopping';
    work.runtime.stopContainer(run.id, milliseconds(Math.max(MINIMUM_GRACE, run.grace)));
    work.refresh();
  }
  if (isRunning(work, container, run)) return false;
  // A hook that nobody waited for any longer has died with the container.
  const hook = run.hook === undefined ? undefined : pollHook(work, container, run.hook);
  if (hook?.error !== undefined) sayHookFailed(work, container);
  abandonHook(work, run.hook);
  run.stage = 'gone';
  return true;
}

/** executePreStopHook: a hook that sleeps goes on though the container may be gone; one that takes too long goes on unattended. */
function isHookOver(work: Work, container: Container, run: KillRun): boolean {
  const over = run.hook === undefined ? {} : pollHook(work, container, run.hook);
  if (over === undefined && waits(work, run)) return false;
  if (over?.error !== undefined) sayHookFailed(work, container);
  if (over !== undefined) delete run.hook;
  spend(work, run);
  run.stage = 'turn';
  return true;
}

const isRunning = (work: Work, { name }: Container, { id }: KillRun): boolean => {
  const newest = work.newest(name);
  return newest?.id === id && newest.state === 'running';
};

const sayHookFailed = (work: Work, { name }: Container): void => work.event('Warning', 'FailedPreStopHook', 'PreStopHook failed', name);

/** There is grace left to wait. */
function waits(work: Work, { began, grace }: KillRun): boolean {
  const end = began + grace;
  if (work.now < end) work.wakeAt(end);
  return work.now < end;
}

/** What a stage has taken of the grace: whole seconds count. */
function spend({ now }: Work, run: KillRun): void {
  run.grace -= Math.floor((now - run.began) / 1000) * 1000;
  run.began = now;
}
