/** What Kubernetes' test images do when they do not only serve (that the catalogue's entries say): print, look at mounts, try a connection, write a log. */
import type { Time } from '../../../api/time.js';
import { parseDuration } from '../../../api/time.js';
import { fillIn } from '../../log-template.js';
import { FileError, FOREVER } from '../../process.js';
import { mountLines } from '../proc.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { discoverIssuer } from './agnhost-openid.js';
import { answerServer, NETEXEC, runServer, runWebhook, signalServer, WEBHOOK } from './agnhost-servers.js';
import { later } from './later.js';
import { systemOf } from './node.js';
import { type Options, parseOptions, withArgs } from './options.js';
import { prints } from './simple.js';

/** As Go words a system call's error. */
const GO_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  ELOOP: 'too many levels of symbolic links',
};

const goError = (call: string, path: string, error: unknown): string => {
  if (!(error instanceof FileError)) throw error;
  return `${call === '' ? '' : `${call} ${path}: `}${GO_ERRORS[error.code] ?? error.code}`;
};

const quote = (text: string): string => JSON.stringify(text);

/** statfs(2) names a file system by a number; for tmpfs the program has a word. */
function fileSystem(context: ProgramContext, path: string): string {
  context.files.look(path);
  const mounts = mountLines({ system: systemOf(context) }).filter(([, at]) => at === '/' || path === at || path.startsWith(`${at}/`));
  const type = mounts.sort(([, a], [, b]) => a.length - b.length).at(-1)?.[2] ?? 'overlay';
  return type === 'tmpfs' ? type : String(MAGIC[type] ?? MAGIC['overlay']);
}
const MAGIC: Readonly<Record<string, number>> = { ext4: 0xef53, overlay: 0x794c7630, proc: 0x9fa0, sysfs: 0x62656572, cgroup2: 0x63677270 };

/** Go's FileMode as text: the kind of file and the special bits as letters in front, then the nine permissions. */
function goMode(context: ProgramContext, path: string, isWhole: boolean): string {
  const { type, mode } = context.files.look(path);
  const kind = { file: '', directory: 'd', symlink: 'L', device: 'Dc', fifo: 'p' }[type];
  const special = `${(mode & 0o4000) === 0 ? '' : 'u'}${(mode & 0o2000) === 0 ? '' : 'g'}${(mode & 0o1000) === 0 ? '' : 't'}`;
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-')).join('');
  const front = isWhole ? kind + special : '';
  return `${front === '' ? '-' : front}${bits}`;
}

const INITIAL = 'mount-tester new file\n';

/** The questions of mounttest in the order in which it asks them, whatever the order of its flags. False: it could not be answered. */
const QUESTIONS: readonly (readonly [flag: string, ask: (context: ProgramContext, path: string) => boolean])[] = [
  ['fs_type', (context, path) => answered(context, (at) => `mount type of ${quote(path)}: ${fileSystem(context, at)}\n`, path, 'from statfs', '')],
  ...[0o644, 0o666, 0o660, 0o777].map(
    (mode) => [`new_file_0${mode.toString(8)}`, (context: ProgramContext, path: string) => writeNew(context, path, mode)] as const,
  ),
  ['file_mode', (context, path) => answered(context, (at) => `mode of file ${quote(path)}: ${goMode(context, at, true)}\n`, path, 'from Stat', 'stat')],
  ['file_perm', (context, path) => answered(context, (at) => `perms of file ${quote(path)}: ${goMode(context, at, false)}\n`, path, 'from Stat', 'stat')],
  [
    'file_owner',
    (context, path) =>
      answered(
        context,
        (at) => {
          const { uid, gid } = context.files.look(at);
          return `owner UID of ${quote(path)}: ${uid}\nowner GID of ${quote(path)}: ${gid}\n`;
        },
        path,
        'from stat',
        '',
      ),
  ],
  ['file_content', (context, path) => showContent(context, path)],
];

function answered(context: ProgramContext, work: (at: string) => string, path: string, from: string, call: string): boolean {
  try {
    context.out(work(context.path(path)));
    return true;
  } catch (error) {
    context.out(`error ${from}(${quote(path)}): ${goError(call, path, error)}\n`);
    return false;
  }
}

function showContent(context: ProgramContext, path: string): boolean {
  try {
    context.out(`content of file ${quote(path)}: ${context.files.read(context.path(path))}\n`);
    return true;
  } catch (error) {
    context.out(`error reading file content for ${quote(path)}: ${goError('open', path, error)}\n`);
    return false;
  }
}

function writeNew(context: ProgramContext, path: string, mode: number): boolean {
  try {
    // It has no umask. A file that is there keeps its mode.
    context.files.write(context.path(path), INITIAL, { mode, at: context.now });
  } catch (error) {
    context.out(`error writing new file ${quote(path)}: ${goError('open', path, error)}\n`);
    return false;
  }
  return showContent(context, path);
}

interface Loop {
  /** Everything else went well. */
  readonly well: boolean;
  readonly until: number;
  /** The last reading went well. */
  last: boolean;
}

function mounttest(context: ProgramContext, options: Options): number | Wait {
  let loop = context.state as Loop | undefined;
  const path = options.value('file_content_in_loop') ?? '';
  if (loop === undefined) {
    let well = true;
    for (const [flag, ask] of QUESTIONS) {
      const asked = options.value(flag) ?? '';
      if (asked !== '' && !ask(context, asked)) well = false;
    }
    if (path === '') return well ? 0 : 1;
    loop = { well, until: context.now + Number(options.value('retry_time') ?? 180) * 1000, last: true };
    context.state = loop;
  }
  if (context.now >= loop.until) return loop.well && loop.last ? 0 : 1;
  const again: Wait = { wait: 'time', until: (context.now + 2000) as Time };
  try {
    const content = context.files.read(context.path(path));
    loop.last = true;
    context.out(`content of file ${quote(path)}: ${content}\n`);
    if (options.value('break_on_expected_content') === 'false') return again;
    if (content === INITIAL) return loop.well ? 0 : 1;
    context.out(`Unexpected content. Expected: ${INITIAL}. Retrying\n`);
  } catch (error) {
    loop.last = false;
    context.out(`Error reading file ${path}: ${goError('open', path, error)}, retrying\n`);
  }
  return again;
}

/** The words of the first line of resolv.conf that begins so. */
function resolver(context: ProgramContext, key: string): number {
  const line = context.files
    .read('/etc/resolv.conf')
    .split('\n')
    .find((one) => one.startsWith(key));
  if (line === undefined) {
    context.err('panic: Could not find DNS search list!\n');
    return 2;
  }
  context.out(`${line.split(' ').slice(1).join(',')}\n`);
  return 0;
}

const FAILURES = { refused: 'REFUSED', timeout: 'TIMEOUT', 'no-route': 'OTHER', 'no-host': 'DNS' } as const;

function connect(context: ProgramContext, options: Options): number | Wait {
  const destination = options.operands[0] ?? '';
  const [, host, port] = /^(.*):(\d+)$/.exec(destination) ?? [];
  if (host === undefined) {
    context.err(`UNKNOWN: address ${destination}: missing port in address\n`);
    return 1;
  }
  const limit = parseDuration(options.value('timeout') ?? '') ?? 0;
  const protocol = options.value('protocol') ?? 'tcp';
  if (protocol === 'udp') return connectUdp(context, host, Number(port), `${options.value('udp-data') ?? 'hostname'}\n`, limit);
  if (protocol !== '' && protocol !== 'tcp' && protocol !== 'sctp') {
    context.err(`Unsupported protocol\n${protocol}`);
    return 1;
  }
  return later(context, () => {
    const found = context.host.network.tcp(host, Number(port));
    const late = limit > 0 && found.takes > limit;
    if (!('failure' in found) && !late) return { code: 0, takes: found.takes };
    const failure = late || !('failure' in found) ? 'timeout' : found.failure;
    const why = failure === 'no-host' ? `: lookup ${host}: no such host` : failure === 'no-route' ? `: dial tcp ${destination}: connect: no route to host` : '';
    return { code: 1, err: `${FAILURES[failure]}${why}\n`, takes: late ? limit : found.takes };
  });
}

/** A datagram, and any answer to it. */
function connectUdp(context: ProgramContext, host: string, port: number, data: string, limit: number): number | Wait {
  return later(context, () => {
    const { network, ip } = context.host;
    const resolved = network.resolve(host);
    if ('error' in resolved) return { code: 1, err: `DNS: lookup ${host}: no such host\n`, takes: 10 };
    const found = network.udp(host, port, data);
    const ends = `udp ${ip}:40000->${resolved.addresses[0]}:${port}`;
    if (!('failure' in found) && found.body !== undefined) return { code: 0, takes: found.takes };
    if ('failure' in found && found.failure === 'refused') return { code: 1, err: `REFUSED: read ${ends}: read: connection refused\n`, takes: found.takes };
    return { code: 1, err: `TIMEOUT: read ${ends}: i/o timeout\n`, takes: limit > 0 ? limit : FOREVER - context.now };
  });
}

interface Generated {
  next: number;
  id: number;
}

const pick = <T>(context: ProgramContext, from: readonly T[]): T => from[Math.floor(context.host.random() * from.length)] as T;

/** So many lines in so long: what an API server might log. */
function generateLogs(context: ProgramContext, options: Options): number | Wait {
  const total = Number(options.value('t') ?? 0);
  const span = parseDuration(options.value('d') ?? '') ?? 0;
  if (!(total > 0 && span > 0)) {
    const why = total > 0 ? `Invalid duration: ${options.value('d') ?? '0s'}` : `Invalid total number of lines: ${options.value('t') ?? 0}`;
    context.err(`F${fillIn('{{klog}}', context.host, context.now)}       1 logs_generator.go:${total > 0 ? 75 : 71}] ${why}\n`);
    return 255;
  }
  const state = (context.state as Generated | undefined) ?? { next: context.now, id: 0 };
  context.state = state;
  while (state.id < total && state.next <= context.now) {
    const name = Array.from({ length: 3 + Math.floor(context.host.random() * 2) }, () => pick(context, [...'bcdfghjklmnpqrstvwxz2456789'])).join('');
    const line = `${state.id} ${pick(context, ['GET', 'POST', 'PUT'])} /api/v1/namespaces/${pick(context, ['kube-system', 'default', 'ns'])}/pods/${name} ${200 + Math.floor(context.host.random() * 400)}`;
    context.err(`I${fillIn('{{klog}}', context.host, context.now)}       1 logs_generator.go:76] ${line}\n`);
    state.id += 1;
    state.next += span / total;
  }
  return state.id >= total && context.now >= state.next ? 0 : { wait: 'time', until: Math.ceil(state.next) as Time };
}

interface Command {
  /** Flags, as {@link parseOptions} takes them. */
  readonly short?: string;
  readonly long?: Readonly<Record<string, string>>;
  run(context: ProgramContext, options: Options): number | Wait;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'dns-server-list': { run: (context) => resolver(context, 'nameserver') },
  'dns-suffix': { run: (context) => resolver(context, 'search') },
  'etc-hosts': {
    run(context) {
      context.out(`${context.files.read('/etc/hosts')}\n`);
      return 0;
    },
  },
  mounttest: {
    long: Object.fromEntries(
      [...QUESTIONS.map(([flag]) => flag), 'file_content_in_loop', 'retry_time', 'break_on_expected_content'].map((flag) => [flag, `${flag}=`]),
    ),
    run: mounttest,
  },
  connect: { long: { timeout: 'timeout=', protocol: 'protocol=', 'udp-data': 'udp-data=', 'sctp-data': 'sctp-data=' }, run: connect },
  liveness: { run: (context, options) => runServer(context, 'liveness', options) },
  netexec: { long: Object.fromEntries(NETEXEC.map((flag) => [flag, `${flag}=`])), run: (context, options) => runServer(context, 'netexec', options) },
  ...Object.fromEntries(
    (['webhook', 'crd-conversion-webhook'] as const).map((kind) => [
      kind,
      {
        short: 'v:',
        long: Object.fromEntries(WEBHOOK.map((flag) => [flag, `${flag}=`])),
        run: (context, options) => runWebhook(context, kind, options),
      } satisfies Command,
    ]),
  ),
  'test-service-account-issuer-discovery': { long: { 'token-path': 'token-path=', audience: 'audience=' }, run: discoverIssuer },
  'logs-generator': { short: 't:d:', long: { 'log-lines-total': 't=', 'run-duration': 'd=' }, run: generateLogs },
};

/** What else it can be told to do. */
const OTHERS: ReadonlySet<string> = new Set(
  'audit-proxy fake-gitserver grpc-health-checking guestbook help inclusterclient net nettest no-snat-test no-snat-test-proxy pause port-forward-tester porter resource-consumer-controller serve-hostname stress tcp-reset test-webserver'.split(
    ' ',
  ),
);

const agnhost: Program = {
  name: 'agnhost',
  aliases: ['agnhost-2'],
  yields: true,
  // A Go program ends with 2; netexec waits for the signal itself.
  handles: ([command]) => (command === 'netexec' ? { SIGTERM: 0, SIGINT: 2 } : { SIGTERM: 2, SIGINT: 2 }),
  serve: answerServer,
  signal: signalServer,
  run(context) {
    const [name = '', ...args] = context.args;
    if (name === 'entrypoint-tester') {
      context.out(`[${[context.calledAs, ...context.args].join(' ')}]\n`);
      return 0;
    }
    const command = COMMANDS[name];
    if (command === undefined) {
      const isOther = OTHERS.has(name);
      context.err(
        isOther ? `podsim: agnhost ${name} is not simulated; it does nothing\n` : `Error: unknown command "${name}" for "app"\nRun 'app --help' for usage.\n`,
      );
      return isOther ? 0 : 1;
    }
    const options = parseOptions(withArgs(context, args), command.short ?? '', command.long);
    return typeof options === 'number' ? options : command.run(context, options);
  },
};

export const testImagePrograms: readonly Program[] = [
  agnhost,
  // It belongs to root and is set-user-ID, which counts as long as new privileges may be had.
  prints('nnp', (context) => `Effective uid: ${systemOf(context).noNewPrivileges ? context.uid : 0}\n`),
];
