/** Processes besides a container's own: probes, hooks, `kubectl exec`. */
import { type ExecStatus, RuntimeError, type RuntimeService } from '../api/cri.js';
import type { Duration, Time } from '../api/time.js';
import { hexOf } from './identity.js';
import { FOREVER } from './process.js';
import { dueOf, feed, highestPid, nextStepOf, type RuntimeContext, runUntil, specOf, startProcess } from './processes.js';
import { createSandboxes } from './sandboxes.js';
import type { ContainerRecord, ExecRecord, SandboxRecord } from './state.js';

const OCI_EXEC = 'OCI runtime exec failed: exec failed: unable to start container process: ';

type Execs = Pick<RuntimeService, 'exec' | 'openExec' | 'execStatus' | 'removeExec' | 'execOutput' | 'execInput'>;

export function createExecs(context: RuntimeContext): Execs {
  const { save, look, sandboxOf } = createSandboxes(context);

  function findExec(id: string): { sandbox: SandboxRecord; container: ContainerRecord; exec: ExecRecord } | undefined {
    const sandbox = sandboxOf(id.slice(0, 64));
    const exec = sandbox?.execs?.[id];
    const container = sandbox?.containers.find((one) => id.startsWith(one.id));
    if (sandbox === undefined || exec === undefined || container === undefined) return undefined;
    if (runUntil(context, sandbox, context.now())) save(sandbox);
    return { sandbox, container, exec };
  }

  function startExec(id: string, argv: readonly string[], streams: { stdin: boolean; tty: boolean }, timeout?: Duration): string {
    const { sandbox, container } = look(id);
    if (container.state !== 'running') throw new RuntimeError(`container is in CONTAINER_${container.state.toUpperCase()} state`);
    const now = context.now();
    sandbox.execCount = (sandbox.execCount ?? 0) + 1;
    sandbox.pids = Math.max(sandbox.pids ?? 1, highestPid(context, sandbox)) + 1 + (sandbox.execCount % 5);
    const execId = `${id}/${sandbox.execCount}`;
    const exec: ExecRecord = {
      argv,
      startedAt: now,
      pid: sandbox.pids,
      output: [],
      ...(streams.tty ? { tty: true } : {}),
      ...(timeout === undefined ? {} : { killAt: now + timeout }),
    };
    sandbox.execs ??= {};
    sandbox.execs[execId] = exec;
    try {
      startProcess(context, sandbox, container, exec, specOf(context, sandbox, container, argv, streams), now);
      runUntil(context, sandbox, now);
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      exec.finishedAt = now;
      exec.exitCode = error.message.includes('permission denied') ? 126 : 127;
      exec.error = error.message;
      delete exec.killAt;
    }
    save(sandbox);
    return execId;
  }

  return {
    exec: (id, argv, timeout) => startExec(id, argv, { stdin: false, tty: false }, timeout),
    openExec: (id, argv, streams) => startExec(id, argv, streams),

    execStatus(id): ExecStatus | undefined {
      const found = findExec(id);
      if (found === undefined) return undefined;
      const { exec, sandbox } = found;
      const written = (stream: 'stdout' | 'stderr') => exec.output.map((piece) => (piece.stream === stream ? piece.text : '')).join('');
      const stderr = written('stderr');
      const output = written('stdout') + stderr;
      const startedAt = exec.startedAt as Time;
      if (exec.finishedAt === undefined) return { state: 'running', startedAt, output, stderr, isWaiting: dueOf(exec) >= FOREVER };
      const finishedAt = exec.finishedAt as Time;
      if (exec.error !== undefined)
        return {
          state: 'failed',
          startedAt,
          finishedAt,
          output: '',
          stderr: '',
          exitCode: exec.exitCode ?? 127,
          error: `failed to exec in container: failed to start exec "${hexOf(id)}": ${OCI_EXEC}${exec.error}: unknown`,
          steadyUntil: FOREVER,
        };
      if (exec.timedOut === true) return { state: 'failed', startedAt, finishedAt, output: '', stderr: '', timedOut: true };
      return {
        state: 'exited',
        exitCode: exec.exitCode ?? 0,
        startedAt,
        finishedAt,
        output,
        stderr,
        ...(exec.steady === true && finishedAt === startedAt ? { steadyUntil: nextStepOf(sandbox) as Time } : {}),
      };
    },

    removeExec(id) {
      const sandbox = sandboxOf(id.slice(0, 64));
      if (sandbox?.execs?.[id] === undefined) return;
      delete sandbox.execs[id];
      if (Object.keys(sandbox.execs).length === 0) delete sandbox.execs;
      save(sandbox);
    },

    execOutput: (id, offset) => findExec(id)?.exec.output.slice(offset) ?? [],

    execInput(id, data) {
      const found = findExec(id);
      if (found === undefined || found.exec.finishedAt !== undefined) return;
      const { sandbox, container, exec } = found;
      feed(context, sandbox, { container, record: exec, exec }, data, context.now());
      runUntil(context, sandbox, context.now());
      save(sandbox);
    },
  };
}
