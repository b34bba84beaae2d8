/** Attaching to a container of a pod: `attach`, `run -it`, `debug -it` (pkg/cmd/attach/attach.go). */
import type { Container, Pod } from '../resources/pods/types.js';
import { type Factory, UsageError } from './command.js';
import { defaultContainer, findContainer, PODS } from './pods.js';
import { runSession, ttyOf } from './sessions.js';

export interface AttachOptions {
  /** '': the default one. */
  readonly container: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
  /** The command that attaches again. */
  readonly resume: string;
}

export async function attachTo(factory: Factory, pod: Pod, options: AttachOptions): Promise<void> {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') throw new UsageError(`cannot attach a container in a completed pod; current phase is ${phase}`);
  const say = options.quiet ? undefined : factory.streams.err;
  const name = options.container || defaultContainer(pod, say);
  const container = findContainer(pod, name) as Container | undefined;
  if (container === undefined) throw new UsageError(`cannot attach to the container: container ${name} not found in pod ${pod.metadata.name}`);
  let wantsTty = options.tty;
  if (wantsTty && container.tty !== true) {
    wantsTty = false;
    say?.(`error: Unable to use a TTY - container ${name} did not allocate one\n`);
  } else if (!wantsTty && container.tty === true) wantsTty = true;
  const tty = ttyOf(factory, wantsTty, options.stdin, options.quiet || !options.tty);
  say?.("If you don't see a command prompt, try pressing enter.\n");
  const target = { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', subresource: 'attach' };
  await runSession(factory, target, { container: name }, { stdin: options.stdin, tty });
  if (!options.quiet && options.stdin && tty && pod.spec.restartPolicy === 'Always') {
    factory.streams.out(`Session ended, resume using '${options.resume} ${pod.metadata.name} -c ${name} -i -t' command when the pod is running\n`);
  }
}
