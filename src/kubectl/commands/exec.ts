/** kubectl exec (pkg/cmd/exec/exec.go). */
import { attachablePod, namedObject } from '../attachable.js';
import { requestOf } from '../builder/index.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { defaultContainer, PODS, podRunningTimeout } from '../pods.js';
import { runSession, ttyOf } from '../sessions.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly name: string;
  readonly argv: readonly string[];
  readonly flags: FlagValues;
  readonly timeout: number;
}

const command: Command<Options> = {
  use: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  short: 'Execute a command in a container',
  long: 'Execute a command in a container.',
  examples: `# 'date' in the pod mypod
kubectl exec mypod -- date

# In the container ruby-container of it
kubectl exec mypod -c ruby-container -- date

# A shell on this terminal
kubectl exec mypod -c ruby-container -i -t -- bash -il

# Flags of the command itself come behind '--'
kubectl exec mypod -i -t -- ls -t /usr

# In a pod of a deployment or a service
kubectl exec deploy/mydeployment -- date
kubectl exec svc/myservice -- date`,
  flags: [
    {
      name: 'container',
      short: 'c',
      type: 'string',
      usage: 'The container. None: the one the annotation kubectl.kubernetes.io/default-container names, or the first',
    },
    shared.FILENAME('that name the pod'),
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s', usage: 'How long to wait until a pod runs (5s, 2m, 3h; more than zero)' },
    { name: 'quiet', short: 'q', type: 'bool', usage: 'Print nothing but what the command prints' },
    { name: 'stdin', short: 'i', type: 'bool', usage: 'Give stdin to the container' },
    { name: 'tty', short: 't', type: 'bool', usage: 'Stdin is a terminal' },
  ],
  async complete(args, flags, _, dash) {
    const files = flags.strings('filename').length > 0;
    const name = files ? '' : (args[0] ?? '');
    if (dash < 0 && args.length > (files ? 0 : 1))
      throw new UsageError('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead', 'help');
    if (dash === 0 && !files) throw new UsageError('pod, type/name or --filename must be specified');
    if (name === '' && !files) throw new UsageError('pod, type/name or --filename must be specified');
    const argv = dash >= 0 ? args.slice(dash) : [];
    if (argv.length === 0) throw new UsageError('you must specify at least one command for the container');
    return { name, argv, flags, timeout: podRunningTimeout(flags) };
  },
  async run({ name, argv, flags, timeout }, factory) {
    const pod = await attachablePod(factory, await namedObject(factory, name, requestOf(flags, [])), timeout);
    const phase = pod.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') throw new UsageError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    const quiet = flags.bool('quiet');
    const container = flags.string('container') || defaultContainer(pod, quiet ? undefined : factory.streams.err);
    const stdin = flags.bool('stdin');
    const tty = ttyOf(factory, flags.bool('tty'), stdin, quiet);
    const target = { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', subresource: 'exec' };
    await runSession(factory, target, { command: argv, container }, { stdin, tty });
  },
};
export default command;
