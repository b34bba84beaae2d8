/** The shell as a behaviour of the runtime: what runs when a container's command is a shell, a script or a known program. */
import type { Time } from '../../api/time.js';
import type { Behaviour, ProcessHost, ProcessState, StepResult } from '../process.js';
import { createParser } from './ast.js';
import type { Environment } from './interpreter.js';
import { deliver } from './kernel.js';
import { nextWake, runMachine, startMachine } from './machine.js';
import { programs } from './programs/index.js';
import type { Flavour, Machine } from './state.js';

/** Which shell a name is in a userland: busybox's ash in alpine and busybox, dash as `sh` in Debian and Ubuntu, bash elsewhere. */
export function shellFlavour(os: ProcessHost['os'], name: string): Flavour | undefined {
  const small = os === 'alpine' || os === 'busybox';
  if (name === 'sh') return small ? 'ash' : os === 'redhat' ? 'bash' : 'dash';
  if (name === 'bash' || name === 'dash') return name;
  return name === 'ash' ? 'ash' : undefined;
}

/** Programs that neither wait long nor listen count as the shell's; servers are the image catalogue's. */
export function createShell(): Behaviour {
  const parser = createParser();
  const environmentOf = (host: ProcessHost): Environment => ({
    host,
    parser,
    program: (name) => (host.hasProgram(name) ? programs.get(name) : undefined),
    shellFlavour: (name) => (host.hasProgram(name) ? shellFlavour(host.os, name) : undefined),
  });
  const result = (machine: Machine): StepResult => {
    const state: ProcessState = { behaviour: 'shell', state: machine };
    const main = machine.procs[machine.main];
    if (main === undefined || main.exit !== undefined) {
      const code = main?.exit ?? 0;
      return { state, exit: { code, ...(main?.signal === undefined ? {} : { signal: code - 128 }), at: machine.instant as Time } };
    }
    const next = nextWake(machine);
    return next === undefined ? { state } : { state, next };
  };
  return {
    name: 'shell',
    start(spec, host) {
      const environment = environmentOf(host);
      const name = (spec.argv[0] ?? '').split('/').at(-1) as string;
      if (environment.shellFlavour(name) === undefined && environment.program(name) === undefined && host.files.stat(spec.argv[0] ?? '')?.type !== 'file')
        return undefined;
      const machine = startMachine(
        { argv: spec.argv, env: spec.env, cwd: spec.cwd, now: host.now, stdin: spec.stdin, pid: host.isInit ? 1 : host.pid, uid: spec.uid, gid: spec.gid },
        environment,
      );
      return 'error' in machine ? undefined : { behaviour: 'shell', state: machine };
    },
    run(state, host) {
      const machine = state.state as Machine;
      runMachine(machine, environmentOf(host));
      return result(machine);
    },
    signal(state, signal, host) {
      const machine = state.state as Machine;
      const environment = environmentOf(host);
      const main = machine.procs[machine.main];
      if (main !== undefined) {
        const name = signal.replace(/^SIG/, '');
        deliver(machine, main, name, (program) => environment.program(program)?.handles?.[signal]);
        runMachine(machine, environment);
      }
      return result(machine);
    },
    input(state, data, host) {
      const machine = state.state as Machine;
      if (data === undefined) machine.inputClosed = true;
      else machine.input += data;
      runMachine(machine, environmentOf(host));
      return result(machine);
    },
  };
}
