/** crictl (sigs.k8s.io/cri-tools): pods, containers, images and logs of the node it runs on, asked of the runtime itself. */
import type { NodeView } from '../../../node-view.js';
import type { Program, ProgramContext, Wait } from '../../program.js';
import { type Options, parseOptions, withArgs } from '../options.js';
import { remove, removeImage, removePod, stop, stopPod } from './changes.js';
import { inspect, inspectPod, logs } from './inspect.js';
import { images, pods, ps } from './listings.js';
import { fail } from './node.js';

interface Command {
  /** Options of one letter and of more, as parseOptions takes them. */
  readonly short: string;
  readonly long?: Readonly<Record<string, string>>;
  run(context: ProgramContext, node: NodeView, options: Options): number | Wait;
}
const LISTING = {
  all: 'a',
  quiet: 'q',
  latest: 'l',
  last: 'n=',
  name: 'name=',
  namespace: 'namespace=',
  output: 'o=',
  state: 's=',
  pod: 'p=',
  id: 'id=',
  image: 'image=',
  label: 'label=',
  verbose: 'v',
  'no-trunc': 'no-trunc',
  'pod-name': 'pod-name=',
  resolve: 'r',
};
const list = (run: Command['run']): Command => ({ short: 'aqln:o:s:p:vr', long: LISTING, run });
const image: Command = {
  short: 'qvo:f:',
  long: { quiet: 'q', verbose: 'v', output: 'o=', filter: 'f=', digests: 'digests', 'no-trunc': 'no-trunc', pinned: 'pinned' },
  run: images,
};
const look = (run: Command['run']): Command => ({ short: 'o:q', long: { output: 'o=', quiet: 'q', template: 'template=' }, run });
const change = (run: Command['run']): Command => ({ short: 'aft:k', long: { all: 'a', force: 'f', timeout: 't=', 'keep-logs': 'k' }, run });

const COMMANDS: Readonly<Record<string, Command>> = {
  ps: list(ps),
  pods: list(pods),
  images: image,
  image,
  img: image,
  inspect: look(inspect),
  inspectp: look(inspectPod),
  logs: {
    short: 'ftps:',
    long: { follow: 'f', timestamps: 't', tail: 'tail=', since: 'since=', previous: 'p', 'limit-bytes': 'limit=', stream: 's=' },
    run: logs,
  },
  stop: change(stop),
  rm: change(remove),
  stopp: change(stopPod),
  rmp: change(removePod),
  rmi: change(removeImage),
  version: {
    short: '',
    run(context) {
      context.out('Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v2.1.1\nRuntimeApiVersion:  v1\n');
      return 0;
    },
  },
};

const SOCKET = '/run/containerd/containerd.sock';

export const crictl: Program = {
  name: 'crictl',
  handles: { SIGINT: 130, SIGTERM: 143 },
  run(context) {
    const { node } = context.host;
    const given = parseOptions(
      context,
      'c:r:i:t:Dvh',
      { config: 'c=', 'runtime-endpoint': 'r=', 'image-endpoint': 'i=', timeout: 't=', debug: 'D', version: 'v', help: 'h' },
      { stopAtOperand: true },
    );
    if (typeof given === 'number') return given;
    const [name, ...rest] = given.operands;
    if (given.has('v')) {
      context.out('crictl version v1.33.0\n');
      return 0;
    }
    if (node === undefined || context.files.stat(SOCKET) === undefined)
      return fail(
        context,
        `validate service connection: validate CRI v1 runtime API for endpoint "unix://${SOCKET}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${SOCKET}: connect: no such file or directory"`,
      );
    const command = COMMANDS[name ?? ''];
    if (command === undefined) {
      if (name === undefined || name === 'help' || given.has('h')) {
        context.out(
          'NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options] [arguments...]\n\nVERSION:\n   v1.33.0\n',
        );
        return 0;
      }
      context.err(`podsim: crictl ${name} is not simulated\n`);
      return 1;
    }
    const options = parseOptions(withArgs(context, rest), command.short, command.long);
    return typeof options === 'number' ? options : command.run(context, node, options);
  },
};
