/** kubectl cp: tar through exec (pkg/cmd/cp/cp.go). */
import { attachablePod, namedObject } from '../attachable.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { defaultContainer, PODS } from '../pods.js';
import { runSession } from '../sessions.js';
import { readTar, type TarEntry, writeTar } from '../tar.js';

interface Place {
  /** '': on this machine. */
  readonly namespace: string;
  readonly pod: string;
  readonly path: string;
}
interface Options {
  readonly from: Place;
  readonly to: Place;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'cp <file-spec-src> <file-spec-dest>',
  short: 'Copy files and directories to and from containers',
  long: `Copy files and directories to and from containers. The container must have the program 'tar'.`,
  examples: `# Copying needs 'tar' in the container; without it 'kubectl exec' can help:
tar cf - /tmp/foo | kubectl exec -i -n <some-namespace> <some-pod> -- tar xf - -C /tmp/bar

# A directory of this machine to a pod
kubectl cp /tmp/foo_dir <some-pod>:/tmp/bar_dir

# A file to a container
kubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>

# To a pod of another namespace
kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar

# From a pod
kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar`,
  flags: [
    {
      name: 'container',
      short: 'c',
      type: 'string',
      usage: 'The container. None: the one the annotation kubectl.kubernetes.io/default-container names, or the first',
    },
    { name: 'no-preserve', type: 'bool', usage: 'Do not keep owners and permissions in the container' },
    { name: 'retries', type: 'int', default: '0', usage: 'How often to try again to copy from a container. Negative: without end. (default 0)' },
  ],
  async complete(args, flags, factory) {
    if (args.length !== 2) throw new UsageError('source and destination are required');
    return { from: placeOf(args[0] as string, factory), to: placeOf(args[1] as string, factory), flags };
  },
  validate({ from, to }) {
    if (from.path === '' || to.path === '') throw new UsageError('filepath can not be empty');
  },
  async run(options, factory) {
    const { from, to } = options;
    if (from.pod !== '' && to.pod !== '') throw new UsageError('one of src or dest must be a local file specification');
    if (from.pod === '' && to.pod === '') throw new UsageError('one of src or dest must be a remote file specification');
    await (from.pod === '' ? upload(options, factory) : download(options, factory));
  },
};
export default command;

/** `[namespace/]pod:path`; a path of this machine may not hold a colon before a slash. */
function placeOf(text: string, factory: Factory): Place {
  const colon = text.indexOf(':');
  if (colon < 0) return { namespace: '', pod: '', path: text };
  const [pod, path] = [text.slice(0, colon), text.slice(colon + 1)];
  const parts = pod.split('/');
  if (colon === 0 || parts.length > 2) throw new UsageError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  return parts.length === 2 ? { namespace: parts[0] as string, pod: parts[1] as string, path } : { namespace: factory.namespace, pod, path };
}

async function upload({ from, to, flags }: Options, factory: Factory): Promise<void> {
  const kind = await factory.files.kind(from.path);
  if (kind === undefined) throw new UsageError(`${from.path} doesn't exist in local filesystem`);
  const target = to.path.replace(/\/+$/, '') || '/';
  let name = target;
  // A directory that is there takes the file under its own name (cp.go: checkDestinationIsDir)
  if (await isRemoteDirectory(factory, to, flags)) name = `${target === '/' ? '' : target}/${from.path.replace(/\/+$/, '').split('/').at(-1)}`;
  const directory = name.slice(0, name.lastIndexOf('/'));
  const entries = await entriesOf(factory, from.path.replace(/\/+$/, ''), name.slice(name.lastIndexOf('/') + 1));
  const argv = [
    'tar',
    ...(flags.bool('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : []),
    '-xmf',
    '-',
    ...(directory === '' ? [] : ['-C', directory]),
  ];
  await inContainer(factory, to, flags, argv, writeTar(entries));
}

async function entriesOf(factory: Factory, path: string, name: string): Promise<readonly TarEntry[]> {
  const { files } = factory;
  const kind = await files.kind(path);
  if (kind?.kind !== 'directory') return [{ name, type: 'file', mode: kind?.mode ?? 0o644, data: await files.readBytes(path) }];
  const entries: TarEntry[] = [];
  const names = await files.list(path);
  if (names.length === 0) entries.push({ name, type: 'directory', mode: kind.mode, data: new Uint8Array() });
  for (const one of names) entries.push(...(await entriesOf(factory, `${path}/${one}`, `${name}/${one}`)));
  return entries;
}

async function isRemoteDirectory(factory: Factory, place: Place, flags: FlagValues): Promise<boolean> {
  try {
    await inContainer(factory, place, flags, ['test', '-d', place.path.replace(/\/+$/, '') || '/'], undefined, true);
    return true;
  } catch (error) {
    if (error instanceof ExitError) return false;
    throw error;
  }
}

async function download({ from, to, flags }: Options, factory: Factory): Promise<void> {
  const chunks: Uint8Array[] = [];
  await inContainer(factory, from, flags, ['tar', 'cf', '-', from.path], undefined, false, (data) => chunks.push(data));
  const prefix = from.path
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/^(\.\/)+/, '');
  let target = to.path;
  if ((await factory.files.kind(to.path))?.kind === 'directory') target = `${to.path.replace(/\/+$/, '')}/${prefix.split('/').at(-1)}`;
  for (const entry of readTar(Buffer.concat(chunks))) {
    const name = entry.name.replace(/^\/+/, '').replace(/^(\.\/)+/, '');
    if (!name.startsWith(prefix)) throw new UsageError('tar contents corrupted');
    const rest = name.slice(prefix.length).replace(/\/+$/, '');
    if (rest.split('/').includes('..')) {
      factory.streams.err(`warning: file "${entry.name}" is outside target destination, skipping\n`);
      continue;
    }
    if (entry.type === 'symlink') factory.streams.err(`warning: skipping symlink: "${target}${rest}" -> "${entry.link}"\n`);
    else if (entry.type === 'directory') await factory.files.makeDirectory(`${target}${rest}`);
    else await factory.files.write(`${target}${rest}`, entry.data, entry.mode);
  }
}

async function inContainer(
  factory: Factory,
  place: Place,
  flags: FlagValues,
  argv: readonly string[],
  stdin?: Uint8Array,
  quiet = false,
  out?: (data: Uint8Array) => void,
): Promise<void> {
  const pod = await attachablePod({ ...factory, namespace: place.namespace }, await namedObject({ ...factory, namespace: place.namespace }, place.pod), 0);
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') throw new UsageError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const container = flags.string('container') || defaultContainer(pod, quiet ? undefined : factory.streams.err);
  const streams = {
    ...factory.streams,
    ...(out === undefined ? {} : { out: (data: string | Uint8Array) => out(typeof data === 'string' ? Buffer.from(data) : data) }),
    ...(quiet ? { err: () => undefined } : {}),
    ...(stdin === undefined
      ? {}
      : {
          in: {
            isTTY: false,
            read: async () => stdin,
            chunks: async function* () {
              yield stdin;
            },
          },
        }),
  };
  const target = { resource: PODS, namespace: place.namespace, name: place.pod, subresource: 'exec' };
  await runSession({ ...factory, streams }, target, { command: argv, container }, { stdin: stdin !== undefined, tty: false });
}
