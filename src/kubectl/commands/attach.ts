/** kubectl attach (pkg/cmd/attach/attach.go). */
import { attachablePod, namedObject } from '../attachable.js';
import { attachTo } from '../attaching.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { podRunningTimeout } from '../pods.js';

interface Options {
  readonly name: string;
  readonly flags: FlagValues;
  readonly timeout: number;
}

const command: Command<Options> = {
  use: 'attach (POD | TYPE/NAME) -c CONTAINER',
  short: 'Attach to a running container',
  long: 'Attach to a process that runs in a container already.',
  examples: `# The output of the pod mypod; its first container, unless annotated otherwise
kubectl attach mypod

# Of the container ruby-container
kubectl attach mypod -c ruby-container

# With this terminal
kubectl attach mypod -c ruby-container -i -t

# Of a pod of a replica set
kubectl attach rs/nginx`,
  flags: [
    {
      name: 'container',
      short: 'c',
      type: 'string',
      usage: 'The container. None: the one the annotation kubectl.kubernetes.io/default-container names, or the first',
    },
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s', usage: 'How long to wait until a pod runs (5s, 2m, 3h; more than zero)' },
    { name: 'quiet', short: 'q', type: 'bool', usage: 'Print nothing but what the container prints' },
    { name: 'stdin', short: 'i', type: 'bool', usage: 'Give stdin to the container' },
    { name: 'tty', short: 't', type: 'bool', usage: 'Stdin is a terminal' },
  ],
  async complete(args, flags) {
    if (args.length === 0) throw new UsageError('at least 1 argument is required for attach');
    if (args.length > 2) throw new UsageError(`expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`);
    // A name with a slash has its type in itself (Builder.ResourceNames)
    const name = args[1]?.includes('/') === true ? args[1] : args.join('/');
    return { name, flags, timeout: podRunningTimeout(flags) };
  },
  async run({ name, flags, timeout }, factory) {
    const object = await namedObject(factory, name);
    const pod = await attachablePod(factory, object, timeout);
    await attachTo(factory, pod, {
      container: flags.string('container'),
      stdin: flags.bool('stdin'),
      tty: flags.bool('tty'),
      quiet: flags.bool('quiet'),
      resume: factory.commandPath,
    });
  },
};
export default command;
