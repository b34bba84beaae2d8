/** kubectl cp (pkg/cmd/cp/cp.go): tar runs in the container, its archive goes through exec. */
import { readTar, TarError } from '../../api/tar.js';
import type { Pod } from '../../resources/pods/types.js';
import { archiveOf, base, clean, directory, isWithin, join, withoutShortcuts } from '../archives.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { pathErrorText } from '../files.js';
import { defaultContainer, PODS } from '../pods.js';
import { runSession } from '../sessions.js';

interface Options {
  readonly args: readonly string[];
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'cp <file-spec-src> <file-spec-dest>',
  short: 'Copy files and directories to and from containers',
  long: 'Copy files and directories to and from containers.',
  examples: `# The container needs a 'tar' program; without one the copy fails.
# For links, patterns and file modes, run tar with 'kubectl exec' yourself.

# A local file into a pod of another namespace, by hand
tar cf - /tmp/foo | kubectl exec -i -n <some-namespace> <some-pod> -- tar xf - -C /tmp/bar

# And out of it
kubectl exec -n <some-namespace> <some-pod> -- tar cf - /tmp/foo | tar xf - -C /tmp/bar

# A local directory into a pod
kubectl cp /tmp/foo_dir <some-pod>:/tmp/bar_dir

# A local file into one of the containers
kubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>

# Into a pod of another namespace
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
    { name: 'no-preserve', type: 'bool', usage: 'Do not keep owner and permissions of what is copied into a container' },
    { name: 'retries', type: 'int', default: '0', usage: 'How often to try again to get out of a container; negative: for ever.' },
  ],
  complete: async (args, flags) => ({ args, flags }),
  validate({ args }) {
    if (args.length !== 2) throw new UsageError('source and destination are required');
  },
  async run({ args, flags }, factory) {
    const from = fileSpec(args[0] as string);
    const to = fileSpec(args[1] as string);
    if (from.pod !== '' && to.pod !== '') throw new UsageError('one of src or dest must be a local file specification');
    if (from.file === '' || to.file === '') throw new UsageError('filepath can not be empty');
    if (from.pod !== '') await copyFromPod(factory, flags, from, to.file);
    else if (to.pod !== '') await copyToPod(factory, flags, from.file, to);
    else throw new UsageError('one of src or dest must be a remote file specification');
  },
};
export default command;

/** A place: a pod's (`pod` is not empty), or this machine's. */
interface FileSpec {
  readonly namespace: string;
  readonly pod: string;
  readonly file: string;
}

/** `[[namespace/]pod:]file/path`. */
function fileSpec(argument: string): FileSpec {
  const wrong = () => new UsageError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  const colon = argument.indexOf(':');
  if (colon === 0) throw wrong();
  const file = stripTrailingSlash(argument.slice(colon + 1));
  if (colon < 0) return { namespace: '', pod: '', file };
  const pieces = argument.slice(0, colon).split('/');
  if (pieces.length === 1) return { namespace: '', pod: pieces[0] as string, file };
  if (pieces.length === 2) return { namespace: pieces[0] as string, pod: pieces[1] as string, file };
  throw wrong();
}

/** The root stays what it is. */
const stripTrailingSlash = (path: string): string => (path.length > 1 ? path.replace(/\/$/, '') : path);

async function copyToPod(factory: Factory, flags: FlagValues, source: string, to: FileSpec): Promise<void> {
  const { files } = factory;
  if ((await files.kind(source)) === undefined) throw new UsageError(`${source} doesn't exist in local filesystem`);
  const target = (await isDirectory(factory, flags, to)) ? join(to.file, base(source)) : to.file;
  const archive = await archiveOf(files, clean(source), base(clean(target)));
  const argv = ['tar', ...(flags.bool('no-preserve') ? ['--no-same-permissions', '--no-same-owner'] : []), '-xmf', '-'];
  const parent = directory(target);
  await execute(factory, flags, to, [...argv, '-C', parent], { stdin: archive, out: factory.streams.out, err: factory.streams.err });
}

/** Whether the copy goes into what is named, not in its place. Whatever fails here is said by the copy itself. */
async function isDirectory(factory: Factory, flags: FlagValues, to: FileSpec): Promise<boolean> {
  try {
    await execute(factory, flags, to, ['test', '-d', to.file], { out: () => undefined, err: () => undefined });
    return true;
  } catch {
    return false;
  }
}

async function copyFromPod(factory: Factory, flags: FlagValues, from: FileSpec, destination: string): Promise<void> {
  const pieces: Uint8Array[] = [];
  const retries = flags.int('retries');
  for (let tried = 0; ; tried++) {
    try {
      await execute(factory, flags, from, ['tar', 'cf', '-', from.file], {
        out: (data) => void pieces.push(typeof data === 'string' ? new TextEncoder().encode(data) : data),
        // cp.go: ErrOut is Out, and so is what tar says about itself.
        err: (text) => factory.streams.out(text),
      });
      break;
    } catch (error) {
      // A command's own failure is final; so is the last try.
      if (error instanceof ExitError || (retries >= 0 && tried >= retries)) throw error;
      pieces.length = 0;
      factory.streams.err(`Resuming copy at 0 bytes, retry ${tried}/${retries}\n`);
    }
  }
  const prefix = withoutShortcuts(clean(from.file.replace(/^\/+/, '')));
  try {
    await unpack(factory, from, prefix, destination, Buffer.concat(pieces));
  } catch (error) {
    if (error instanceof TarError) throw new UsageError(error.message);
    const { code, syscall, path } = error as { code?: string; syscall?: string; path?: string };
    if (code === undefined || syscall === undefined || path === undefined) throw error;
    // Go says it as it was given
    const said = destination.startsWith('/') ? path : path.replace(`${factory.cwd}/`, '');
    throw new UsageError(`${syscall} ${said}: ${pathErrorText(error)}`);
  }
}

/** Writes an archive below (or as) `destination`; what would lie elsewhere is left out. */
async function unpack(factory: Factory, from: FileSpec, prefix: string, destination: string, archive: Uint8Array): Promise<void> {
  const { files } = factory;
  let hasWarned = false;
  for (const { name, type, data, target } of readTar(archive)) {
    // Every name begins with what was asked for; another one was put there by somebody else.
    if (!name.startsWith(prefix)) throw new UsageError('tar contents corrupted');
    const path = join(destination, stripTrailingSlash(name.slice(prefix.length)));
    if (!isWithin(destination, path)) {
      factory.streams.err(`warning: file "${path}" is outside target destination, skipping\n`);
      continue;
    }
    await files.makeDirectory(directory(path));
    if (type === 'directory') await files.makeDirectory(path);
    else if (type === 'symlink') {
      const namespace = from.namespace || factory.namespace;
      const advice = ` (consider using "kubectl exec -n "${namespace}" "${from.pod}" -- tar cf - "${from.file}" | tar xf -")`;
      factory.streams.err(`warning: skipping symlink: "${path}" -> "${target}"${hasWarned ? '' : advice}\n`);
      hasWarned = true;
    } else {
      try {
        await files.overwrite(path, data);
      } catch (error) {
        throw new UsageError(`open ${path}: ${pathErrorText(error)}`);
      }
    }
  }
}

/** Runs argv in the container. Throws ExitError when it fails, after saying so. */
async function execute(
  factory: Factory,
  flags: FlagValues,
  { namespace, pod: name }: FileSpec,
  argv: readonly string[],
  { stdin, out, err }: Pick<Factory['streams'], 'out' | 'err'> & { readonly stdin?: Uint8Array },
): Promise<void> {
  const target = { resource: PODS, namespace: namespace || factory.namespace, name };
  const pod = await factory.client.get<Pod>(target);
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') throw new UsageError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const container = flags.string('container') || defaultContainer(pod, err);
  const streams = { ...factory.streams, out, err, in: inputOf(stdin ?? new Uint8Array()) };
  await runSession({ ...factory, streams }, { ...target, subresource: 'exec' }, { command: argv, container }, { stdin: stdin !== undefined, tty: false });
}

const inputOf = (bytes: Uint8Array): Factory['streams']['in'] => ({
  read: async () => bytes,
  isTTY: false,
  async *chunks() {
    yield bytes;
  },
});
