/** Programs that neither the image catalogue nor the shell knows: all that can be said is whether they are there. */
import { RuntimeError } from '../api/cri.js';
import type { Time } from '../api/time.js';
import { UNKNOWN_TASK } from './image.js';
import { type Behaviour, FOREVER } from './process.js';

interface ProgramState {
  readonly runsOn: boolean;
  /** Somebody waits for its end: then it does. */
  readonly ends?: Time;
  readonly program: string;
}

/**
 * What nothing else can read: a program that the image has is said not to be simulated and ends well; in an image nobody describes
 * anything may be there, and runs until it is stopped, or for a moment where somebody waits for its end; what an image does not have cannot be started.
 */
export function programBehaviour(isDescribed: (repository: string) => boolean): Behaviour {
  return {
    name: 'program',
    start(spec, host) {
      const program = spec.argv[0] ?? '';
      if (!host.hasProgram(baseName(program)))
        throw new RuntimeError(
          `exec: "${program}": ${program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH'}`,
        );
      const runsOn = !isDescribed(host.image) && host.isInit;
      const ends = runsOn && host.isTask === true ? ((host.now + UNKNOWN_TASK) as Time) : undefined;
      const state: ProgramState = { runsOn, program: baseName(program), ...(ends === undefined ? {} : { ends }) };
      return { behaviour: 'program', state, ...(ends === undefined ? {} : { next: ends }), ...(runsOn ? { lazyUntil: ends ?? FOREVER } : {}) };
    },
    run(process, host) {
      const { runsOn, program, ends } = process.state as ProgramState;
      if (ends !== undefined && ends <= host.now) return { state: process, exit: { code: 0, at: ends } };
      if (runsOn) return { state: process, ...(ends === undefined ? {} : { next: ends, lazyUntil: ends }) };
      host.write('stderr', `podsim: ${program} is not simulated; it does nothing\n`, host.now);
      return { state: process, exit: { code: 0 } };
    },
    signal(process, signal, host) {
      if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') return { state: process, exit: { code: 0, at: host.now } };
      return { state: process };
    },
    serve: (process, port, request, host) => {
      if (!(process.state as ProgramState).runsOn || !host.declaredPorts.includes(port)) return undefined;
      return { takes: 1, steadyUntil: FOREVER, ...(request.type === 'http' ? { status: 200, body: '', anyScheme: true } : {}) };
    },
  };
}

const baseName = (program: string): string => program.slice(program.lastIndexOf('/') + 1);
