/** Programs that neither the image catalogue nor the shell knows: all that can be said is whether they are there. */
import { RuntimeError } from '../api/cri.js';
import { type Behaviour, FOREVER } from './process.js';

interface ProgramState {
  readonly runsOn: boolean;
  readonly program: string;
}

/**
 * What nothing else can read: a program that the image has is said not to be simulated and ends well; in an image nobody describes
 * anything may be there, and runs until it is stopped; what an image does not have cannot be started.
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
      const state: ProgramState = { runsOn, program: baseName(program) };
      return { behaviour: 'program', state, ...(runsOn ? { lazyUntil: FOREVER } : {}) };
    },
    run(process, host) {
      const { runsOn, program } = process.state as ProgramState;
      if (runsOn) return { state: process };
      host.write('stderr', `podsim: ${program} is not simulated; it does nothing\n`, host.now);
      return { state: process, exit: { code: 0 } };
    },
    signal(process, signal, host) {
      if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') return { state: process, exit: { code: 0, at: host.now } };
      return { state: process };
    },
    serve: (process, port, request, host) => {
      if (!(process.state as ProgramState).runsOn || !host.declaredPorts.includes(port)) return undefined;
      return { takes: 1, steadyUntil: FOREVER, ...(request.type === 'http' ? { status: 200, body: '' } : {}) };
    },
  };
}

const baseName = (program: string): string => program.slice(program.lastIndexOf('/') + 1);
