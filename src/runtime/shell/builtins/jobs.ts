/** `trap`, `wait` and `kill`. */
import { writeFd } from '../descriptors.js';
import { sayKilled } from '../ending.js';
import { SIGNALS, signalName } from '../kernel.js';
import { signalProcess } from '../machine.js';
import type { Shell } from '../shell.js';
import { runAgain } from './read.js';

export function trap(self: Shell, args: readonly string[]): number {
  const { shell } = self;
  const names = args[0] === '--' ? args.slice(1) : [...args];
  if (names.length === 0 || (names.length === 1 && names[0] === '-p')) {
    for (const [signal, action] of Object.entries(shell.traps))
      self.out(`trap -- '${action.replace(/'/g, `'\\''`)}' ${signal === 'EXIT' || shell.flavour !== 'bash' ? signal : `SIG${signal}`}\n`);
    return 0;
  }
  const resets =
    names[0] === '-' || (names.length === 1 && (signalName(names[0] as string) !== undefined || names[0] === 'EXIT')) || /^\d+$/.test(names[0] as string);
  const action = resets ? undefined : (names[0] as string);
  let status = 0;
  for (const name of names.slice(names[0] === '-' || !resets ? 1 : 0)) {
    const signal =
      name === '0' || name.toUpperCase() === 'EXIT'
        ? 'EXIT'
        : (shell.flavour === 'bash' && /^(ERR|DEBUG|RETURN)$/.test(name)) || (shell.flavour === 'ash' && name === 'ERR')
          ? name
          : signalName(name);
    if (signal === undefined) {
      // dash's own printf, without its name.
      if (shell.flavour === 'dash') writeFd(self.machine, self.environment, self.process, 2, `trap: ${name}: bad trap\n`);
      else self.complain(`trap: ${name}: invalid signal specification`);
      status = 1;
    } else if (action === undefined) delete shell.traps[signal];
    else shell.traps[signal] = action;
  }
  return status;
}

export function wait(self: Shell, args: readonly string[]): number | undefined {
  const { shell, machine, process } = self;
  const pids = args.filter((arg) => !arg.startsWith('-')).map((arg) => (arg.startsWith('%') ? (shell.jobs[Number(arg.slice(1)) - 1]?.pid ?? 0) : Number(arg)));
  const targets =
    pids.length > 0
      ? pids.filter((pid) => machine.procs[pid] !== undefined)
      : shell.jobs.map((job) => job.pid).filter((pid) => machine.procs[pid] !== undefined);
  const running = targets.filter((pid) => machine.procs[pid]?.exit === undefined);
  // A trapped signal ends `wait` at once (POSIX 2.11).
  if (running.length > 0) {
    process.block = { on: 'children', pids: running };
    runAgain(self, 'wait', args);
    return undefined;
  }
  const last = pids.length > 0 ? machine.procs[pids.at(-1) as number]?.exit : 0;
  if (shell.interactive !== true)
    for (const pid of targets) {
      const child = machine.procs[pid];
      if (child?.signal !== undefined) sayKilled(machine, self.environment, process, child, shell.jobs.find((job) => job.pid === pid)?.text ?? '');
    }
  for (const pid of pids) if (shell.flavour === 'bash' && machine.procs[pid] === undefined) self.complain(`wait: pid ${pid} is not a child of this shell`);
  for (const pid of targets) delete machine.procs[pid];
  shell.jobs = shell.jobs.filter((job) => machine.procs[job.pid] !== undefined);
  return pids.length > 0 ? (last ?? 127) : 0;
}

export function killBuiltin(self: Shell, args: readonly string[]): number {
  const { shell, machine } = self;
  let signal = 'TERM';
  const rest = [...args];
  if (rest[0] === '-l') {
    self.out(rest[1] === undefined ? `${Object.keys(SIGNALS).join('\n')}\n` : `${signalName(rest[1]) ?? ''}\n`);
    return 0;
  }
  if (rest[0] === '-s' || rest[0] === '-n') {
    rest.shift();
    signal = signalName(rest.shift() ?? '') ?? 'TERM';
  } else if (rest[0]?.startsWith('-') === true && rest[0].length > 1) {
    const text = (rest.shift() as string).slice(1);
    if (text === '0') signal = '0';
    else {
      const found = signalName(text);
      if (found === undefined) {
        self.complain(shell.flavour === 'bash' ? `kill: ${text}: invalid signal specification` : `kill: bad signal name '${text}'`);
        return 1;
      }
      signal = found;
    }
  }
  if (rest.length === 0) {
    self.complain(
      shell.flavour === 'ash'
        ? 'kill: you need to specify whom to kill'
        : shell.flavour === 'dash'
          ? 'kill: Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]'
          : 'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
    );
    return shell.flavour === 'ash' ? 1 : 2;
  }
  let status = 0;
  for (const target of rest) {
    const pid = target.startsWith('%') ? (shell.jobs[Number(target.slice(1)) - 1]?.pid ?? -1) : Number(target);
    const victim = machine.procs[pid];
    if (victim === undefined || victim.exit !== undefined) {
      if (Number.isInteger(pid) && self.environment.host.kill?.(pid, `SIG${signal}`) === true) continue;
      self.complain(
        shell.flavour === 'bash'
          ? `kill: (${target}) - No such process`
          : shell.flavour === 'dash'
            ? 'kill: No such process\n'
            : `can't kill pid ${target}: No such process`,
      );
      status = 1;
    } else if (signal !== '0') signalProcess(machine, self.environment, victim, signal);
  }
  return status;
}
