/** crictl (sigs.k8s.io/cri-tools): pods, containers, images and logs of the node it runs on, asked of the runtime itself. */
import type { Time } from '../../../api/time.js';
import { parseDuration } from '../../../api/time.js';
import type { ContainerView, NodeView, SandboxView } from '../../node-view.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { tabulated } from './columns.js';
import { type Options, parseOptions, withArgs } from './options.js';

/** units.HumanDuration of docker's go-units. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}

/** units.HumanSizeWithPrecision(size, 3). */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let i = 0;
  for (; size >= 1000 && i < units.length - 1; i++) size /= 1000;
  return `${Number(size.toPrecision(3))}${units[i]}`;
}

const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 13);
const word = (state: string): string => state.charAt(0).toUpperCase() + state.slice(1);
const ago = (context: ProgramContext, at: number): string => `${humanDuration(context.now - at)} ago`;

interface Placed {
  readonly container: ContainerView;
  readonly sandbox: SandboxView;
}

const allContainers = (node: NodeView): readonly Placed[] =>
  node
    .sandboxes()
    .flatMap((sandbox) => sandbox.containers.map((container) => ({ container, sandbox })))
    .sort((a, b) => b.container.createdAt - a.container.createdAt);

/** Numbers what fits of `-n`, `-l` (the newest alone). */
const cut = <T>(list: readonly T[], options: Options): readonly T[] =>
  options.has('l') ? list.slice(0, 1) : options.has('n') ? list.slice(0, Number(options.value('n'))) : list;

/** `--name` and `--label` are patterns and pairs. */
const fits = (pattern: string | undefined, text: string): boolean => pattern === undefined || new RegExp(pattern).test(text);

function ps(context: ProgramContext, node: NodeView, options: Options): number {
  const state = options.value('s')?.toLowerCase();
  const wanted = allContainers(node).filter(
    ({ container, sandbox }) =>
      (options.has('a') || options.has('l') || options.has('n') || container.state === (state ?? 'running')) &&
      (state === undefined || container.state === state) &&
      fits(options.value('name'), container.name) &&
      (options.value('p') === undefined || sandbox.id.startsWith(options.value('p') as string)) &&
      (options.value('id') === undefined || container.id.startsWith(options.value('id') as string)) &&
      (options.value('namespace') === undefined || fits(options.value('namespace'), sandbox.namespace)) &&
      (options.value('pod-name') === undefined || fits(options.value('pod-name'), sandbox.name)) &&
      (options.value('image') === undefined || container.image.includes(options.value('image') as string)),
  );
  const shown = cut(wanted, options);
  if (options.has('q')) {
    context.out(shown.map(({ container }) => `${container.id}\n`).join(''));
    return 0;
  }
  if (options.value('o') === 'json') {
    context.out(`${json({ containers: shown.map(({ container, sandbox }) => listed(container, sandbox)) })}\n`);
    return 0;
  }
  const cutId = (id: string): string => (options.has('no-trunc') ? id : short(id));
  context.out(
    tabulated(20, [
      ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'],
      ...shown.map(({ container, sandbox }) => [
        cutId(container.id),
        cutId(container.imageId),
        ago(context, container.createdAt),
        word(container.state),
        container.name,
        String(container.attempt),
        cutId(sandbox.id),
        sandbox.name,
        sandbox.namespace,
      ]),
    ]),
  );
  return 0;
}

function pods(context: ProgramContext, node: NodeView, options: Options): number {
  const state = options.value('s')?.toLowerCase();
  const wanted = node
    .sandboxes()
    .filter(
      (sandbox) =>
        (state === undefined || (state === 'ready') === sandbox.isReady) &&
        fits(options.value('name'), sandbox.name) &&
        fits(options.value('namespace'), sandbox.namespace) &&
        (options.value('id') === undefined || sandbox.id.startsWith(options.value('id') as string)),
    );
  const shown = cut(wanted, options);
  if (options.has('q')) {
    context.out(shown.map(({ id }) => `${id}\n`).join(''));
    return 0;
  }
  if (options.value('o') === 'json') {
    context.out(`${json({ items: shown.map((sandbox) => sandboxStatus(sandbox)) })}\n`);
    return 0;
  }
  context.out(
    tabulated(20, [
      ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
      ...shown.map((sandbox) => [
        options.has('no-trunc') ? sandbox.id : short(sandbox.id),
        ago(context, sandbox.createdAt),
        sandbox.isReady ? 'Ready' : 'NotReady',
        sandbox.name,
        sandbox.namespace,
        String(sandbox.attempt),
        '(default)',
      ]),
    ]),
  );
  return 0;
}

function images(context: ProgramContext, node: NodeView, options: Options): number {
  const [asked] = options.operands;
  const all = node
    .images()
    .filter(({ repoTags, repoDigest }) => asked === undefined || [...repoTags, repoDigest].some((name) => name.includes(asked)))
    .map((image) => ({ image, name: image.repoDigest.replace(/@.*$/, '') }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  if (options.has('q')) {
    context.out(all.map(({ image }) => `${image.id}\n`).join(''));
    return 0;
  }
  if (options.value('o') === 'json') {
    const shown = all.map(({ image }) => ({
      id: image.id,
      repoTags: image.repoTags,
      repoDigests: [image.repoDigest],
      size: String(image.size),
      username: '',
      pinned: false,
    }));
    context.out(`${json({ images: shown })}\n`);
    return 0;
  }
  const digests = options.has('digests');
  context.out(
    tabulated(20, [
      ['IMAGE', 'TAG', ...(digests ? ['DIGEST'] : []), 'IMAGE ID', 'SIZE'],
      ...all.flatMap(({ image, name }) =>
        (image.repoTags.length === 0 ? [`${name}:<none>`] : image.repoTags).map((tag) => [
          tag.slice(0, tag.lastIndexOf(':')),
          tag.slice(tag.lastIndexOf(':') + 1),
          ...(digests ? [short(image.repoDigest.replace(/^.*@/, ''))] : []),
          options.has('no-trunc') ? image.id : short(image.id),
          humanSize(image.size),
        ]),
      ),
    ]),
  );
  return 0;
}

/** Members in the order of their names, as a Go map is written. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, one]) => [name, sorted(one)]),
        )
      : value;
const json = (value: unknown): string => JSON.stringify(sorted(value), null, 2);
const nanos = (at: number | undefined): string => (at === undefined ? '0' : `${at}000000`);
const rfc = (at: number | undefined): string => (at === undefined ? '0001-01-01T00:00:00Z' : new Date(at).toISOString().replace(/\.(\d{3})Z$/, '.$1000000Z'));

const labelsOf = ({ name, namespace, uid }: SandboxView): Readonly<Record<string, string>> => ({
  'io.kubernetes.pod.name': name,
  'io.kubernetes.pod.namespace': namespace,
  'io.kubernetes.pod.uid': uid,
});
const logPath = ({ namespace, name, uid }: SandboxView, container: ContainerView): string =>
  `/var/log/pods/${namespace}_${name}_${uid}/${container.name}/${container.attempt}.log`;

const listed = (container: ContainerView, sandbox: SandboxView): unknown => ({
  id: container.id,
  podSandboxId: sandbox.id,
  metadata: { name: container.name, attempt: container.attempt },
  image: { image: container.imageId, annotations: {}, runtimeHandler: '', userSpecifiedImage: container.image },
  imageRef: container.imageId,
  imageId: container.imageId,
  state: `CONTAINER_${container.state.toUpperCase()}`,
  createdAt: nanos(container.createdAt),
  labels: { 'io.kubernetes.container.name': container.name, ...labelsOf(sandbox) },
  annotations: { 'io.kubernetes.container.restartCount': String(container.attempt) },
});

const containerStatus = (container: ContainerView, sandbox: SandboxView): unknown => ({
  id: container.id,
  metadata: { attempt: container.attempt, name: container.name },
  state: `CONTAINER_${container.state.toUpperCase()}`,
  createdAt: rfc(container.createdAt),
  startedAt: rfc(container.startedAt),
  finishedAt: rfc(container.finishedAt),
  exitCode: container.exitCode ?? 0,
  image: { annotations: {}, image: container.image, runtimeHandler: '', userSpecifiedImage: '' },
  imageRef: container.imageRef,
  imageId: container.imageId,
  reason: container.reason ?? '',
  message: container.message ?? '',
  labels: { 'io.kubernetes.container.name': container.name, ...labelsOf(sandbox) },
  annotations: {
    'io.kubernetes.container.restartCount': String(container.attempt),
    'io.kubernetes.container.terminationMessagePath': '/dev/termination-log',
    'io.kubernetes.container.terminationMessagePolicy': 'File',
  },
  mounts: container.mounts.map(({ containerPath, readOnly }) => ({ containerPath, readonly: readOnly })),
  logPath: logPath(sandbox, container),
});

const sandboxStatus = (sandbox: SandboxView): unknown => ({
  id: sandbox.id,
  metadata: { attempt: sandbox.attempt, name: sandbox.name, namespace: sandbox.namespace, uid: sandbox.uid },
  state: sandbox.isReady ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
  createdAt: rfc(sandbox.createdAt),
  network: { additionalIps: [], ip: sandbox.hostNetwork ? '' : sandbox.ip },
  labels: labelsOf(sandbox),
  annotations: { 'kubernetes.io/config.source': 'api' },
  runtimeHandler: '',
});

/** Ids may be cut as long as they are one's alone. */
function find<T extends { readonly id: string }>(context: ProgramContext, list: readonly T[], id: string, call: string, kind: string): T | undefined {
  const found = list.filter((one) => one.id.startsWith(id));
  if (found.length === 1) return found[0];
  const why = `${call}: rpc error: code = NotFound desc = an error occurred when try to find ${kind} "${id}": not found`;
  fail(context, why);
  return undefined;
}

/** As logrus writes to what is no terminal. */
function fail(context: ProgramContext, message: string): number {
  const time = `${new Date(context.now).toISOString().slice(0, 19)}Z`;
  context.err(context.tty ? `FATA[0000] ${message} \n` : `time="${time}" level=fatal msg=${JSON.stringify(message)}\n`);
  return 1;
}

const byId = (node: NodeView): readonly (Placed & { readonly id: string })[] => allContainers(node).map((one) => ({ ...one, id: one.container.id }));

function inspect(context: ProgramContext, node: NodeView, options: Options): number {
  const shown: unknown[] = [];
  for (const id of options.operands) {
    const found = find(context, byId(node), id, `getting the status of the container "${id}": get container status`, 'container');
    if (found === undefined) return 1;
    const { container, sandbox } = found;
    const info = {
      pid: container.state === 'running' ? 1 : 0,
      removing: false,
      sandboxID: sandbox.id,
      snapshotter: 'overlayfs',
      runtimeType: 'io.containerd.runc.v2',
    };
    shown.push({ info, status: containerStatus(container, sandbox) });
  }
  context.out(`${json(shown.length === 1 ? shown[0] : shown)}\n`);
  return 0;
}

function inspectPod(context: ProgramContext, node: NodeView, options: Options): number {
  for (const id of options.operands) {
    const sandbox = find(context, node.sandboxes(), id, `getting the status of the pod "${id}": get pod sandbox status`, 'sandbox');
    if (sandbox === undefined) return 1;
    context.out(`${json({ info: { image: 'registry.k8s.io/pause:3.10', runtimeHandler: '', snapshotter: 'overlayfs' }, status: sandboxStatus(sandbox) })}\n`);
  }
  return 0;
}

interface Following {
  next: number;
}

function logs(context: ProgramContext, node: NodeView, options: Options): number | Wait {
  const [id = ''] = options.operands;
  const found = find(context, byId(node), id, 'container status', 'container');
  if (found === undefined) return 1;
  const since = parseDuration(options.value('since') ?? '');
  const state = context.state as Following | undefined;
  const tail = Number(options.value('tail') ?? -1);
  const lines = node.logs(found.container.id, {
    ...(state === undefined ? (tail >= 0 ? { tailLines: tail } : {}) : { from: state.next }),
    ...(since === undefined ? {} : { sinceTime: (context.now - since) as Time }),
  });
  for (const { at, stream, text } of lines) {
    const line = `${options.has('t') ? `${rfc(at)} ` : ''}${text}\n`;
    if (stream === 'stderr') context.err(line);
    else context.out(line);
  }
  if (!options.has('f')) return 0;
  context.state = { next: (lines.at(-1)?.number ?? (state?.next ?? 0) - 1) + 1 } satisfies Following;
  const now = allContainers(node).find(({ container }) => container.id === found.container.id);
  return now?.container.state === 'running' ? { wait: 'time', until: (context.now + 1000) as Time } : 0;
}

/** For each id, or with --all for each of them. */
function each(context: ProgramContext, options: Options, all: readonly string[], work: (id: string) => number): number {
  const ids = options.has('a') ? all : options.operands;
  if (ids.length === 0) return fail(context, 'ID cannot be empty');
  let status = 0;
  for (const id of ids) status = work(id) || status;
  return status;
}

function stop(context: ProgramContext, node: NodeView, options: Options): number {
  return each(
    context,
    options,
    allContainers(node).flatMap(({ container }) => (container.state === 'running' ? [container.id] : [])),
    (id) => {
      const found = find(context, byId(node), id, `stopping the container "${id}"`, 'container');
      if (found === undefined) return 1;
      node.stop(found.container.id, Number(options.value('t') ?? 0));
      context.out(`${id}\n`);
      return 0;
    },
  );
}

function remove(context: ProgramContext, node: NodeView, options: Options): number {
  return each(
    context,
    options,
    allContainers(node).map(({ container }) => container.id),
    (id) => {
      const found = find(context, byId(node), id, `getting container status "${id}"`, 'container');
      if (found === undefined) return 1;
      if (found.container.state === 'running') {
        if (!options.has('f')) return fail(context, `container "${id}" is running, please stop it first`);
        node.stop(found.container.id, 0);
        context.out(`${id}\n`);
      }
      node.remove(found.container.id);
      context.out(`${id}\n`);
      return 0;
    },
  );
}

function stopPod(context: ProgramContext, node: NodeView, options: Options): number {
  return each(context, options, [], (id) => {
    const sandbox = find(context, node.sandboxes(), id, `stopping the pod sandbox "${id}"`, 'sandbox');
    if (sandbox === undefined) return 1;
    node.stopSandbox(sandbox.id);
    context.out(`Stopped sandbox ${id}\n`);
    return 0;
  });
}

function removePod(context: ProgramContext, node: NodeView, options: Options): number {
  return each(
    context,
    options,
    node.sandboxes().map(({ id }) => id),
    (id) => {
      const sandbox = find(context, node.sandboxes(), id, `getting sandbox status of pod "${id}"`, 'sandbox');
      if (sandbox === undefined) return 1;
      if (sandbox.isReady) {
        if (!options.has('f')) return fail(context, `pod sandbox "${id}" is running, please stop it first`);
        node.stopSandbox(sandbox.id);
        context.out(`Stopped sandbox ${id}\n`);
      }
      node.removeSandbox(sandbox.id);
      context.out(`Removed sandbox ${id}\n`);
      return 0;
    },
  );
}

function removeImage(context: ProgramContext, node: NodeView, options: Options): number {
  let status = 0;
  for (const asked of options.operands) {
    const found = node
      .images()
      .find(
        ({ id, repoTags, repoDigest }) =>
          short(id).startsWith(asked) || id === asked || [...repoTags, repoDigest].some((name) => name === asked || name.endsWith(`/${asked}`)),
      );
    if (found === undefined) {
      status = fail(context, `no such image ${asked}`);
      continue;
    }
    node.removeImage(found.repoTags[0] ?? found.repoDigest);
    context.out([...(found.repoTags.length > 0 ? found.repoTags : [found.repoDigest])].map((name) => `Deleted: ${name}\n`).join(''));
  }
  return status;
}

interface Command {
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
