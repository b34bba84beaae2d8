/** kubeadm and kubelet on a node, as far as they only look or deal in tokens (cmd/kubeadm/app/cmd/token.go, certs.go). */
import { textOfBase64 } from '../../../api/bytes.js';
import { fnv1a } from '../../../api/fnv.js';
import { parseDuration, parseTime } from '../../../api/time.js';
import { fillIn } from '../../log-template.js';
import type { NodeView } from '../../node-view.js';
import { FileError } from '../../process.js';
import type { Program, ProgramContext, Wait } from '../program.js';
import { tabulated } from './columns.js';
import { later } from './later.js';
import { type Options, parseOptions, withArgs } from './options.js';

/** apimachinery's HumanDuration, as far as certificates and tokens live. */
function human(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 0) return '<invalid>';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 24 * 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(hours / 24 / 365);
  return hours < 24 * 365 * 8 && days % 365 !== 0 ? `${years}y${days % 365}d` : `${years}y`;
}

const YEAR = 365 * 86_400_000;
/** `Jan 02, 2006 15:04 MST`. */
function shown(at: number): string {
  const [, day, month, year, time = ''] = new Date(at).toUTCString().split(/,? /);
  return `${month} ${day}, ${year} ${time.slice(0, 5)} UTC`;
}

const CERTIFICATES: readonly (readonly [name: string, authority: string])[] = [
  ['admin.conf', 'ca'],
  ['apiserver', 'ca'],
  ['apiserver-etcd-client', 'etcd-ca'],
  ['apiserver-kubelet-client', 'ca'],
  ['controller-manager.conf', 'ca'],
  ['etcd-healthcheck-client', 'etcd-ca'],
  ['etcd-peer', 'etcd-ca'],
  ['etcd-server', 'etcd-ca'],
  ['front-proxy-client', 'front-proxy-ca'],
  ['scheduler.conf', 'ca'],
  ['super-admin.conf', 'ca'],
];
const AUTHORITIES = ['ca', 'etcd-ca', 'front-proxy-ca'];

function checkExpiration(context: ProgramContext, { daemons }: NodeView): number {
  const [leaf, root] = [daemons.made + YEAR, daemons.made + 10 * YEAR];
  const no = 'no'.padEnd(8);
  context.out(
    '[check-expiration] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n' +
      "[check-expiration] Use 'kubeadm init phase upload-config --config your-config-file' to re-upload it.\n\n",
  );
  context.out(
    tabulated(10, [
      ['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED'],
      ...CERTIFICATES.map(([name, authority]) => [name, shown(leaf), human(leaf - context.now), authority, no]),
    ]),
  );
  context.out('\n');
  context.out(
    tabulated(10, [
      ['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'],
      ...AUTHORITIES.map((name) => [name, shown(root), human(root - context.now), no]),
    ]),
  );
  return 0;
}

function listTokens(context: ProgramContext, node: NodeView): number {
  const tokens = node.daemons.tokens?.() ?? [];
  const rows = tokens.map(({ data }) => {
    const text = (name: string): string => textOfBase64(data[name] ?? '');
    const usages = Object.keys(data)
      .filter((name) => name.startsWith('usage-bootstrap-') && text(name) === 'true')
      .map((name) => name.slice('usage-bootstrap-'.length))
      .sort();
    const expires = parseTime(text('expiration'));
    return [
      `${text('token-id')}.${text('token-secret')}`,
      expires === undefined ? '<forever>' : expires < context.now ? '<invalid>' : human(expires - context.now),
      expires === undefined ? '<never>' : text('expiration'),
      usages.join(',') || '<none>',
      text('description') || '<none>',
      text('auth-extra-groups') || '<none>',
    ];
  });
  if (rows.length > 0) context.out(tabulated(10, [['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'], ...rows]));
  return 0;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

function createToken(context: ProgramContext, node: NodeView, options: Options): number {
  const { daemons } = node;
  const letters = (n: number): string => Array.from({ length: n }, () => LETTERS[Math.floor(context.host.random() * LETTERS.length)]).join('');
  const token = options.operands[2] ?? `${letters(6)}.${letters(16)}`;
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
  if (id === undefined || secret === undefined) {
    context.err(
      `the bootstrap token "${token}" was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"\nTo see the stack trace of this error execute with --v=5 or higher\n`,
    );
    return 1;
  }
  const ttl = options.value('ttl') === '0' ? 0 : (parseDuration(options.value('ttl') ?? '24h0m0s') ?? 0);
  daemons.createToken?.(id, secret, ttl === 0 ? undefined : context.now + ttl, options.value('description'));
  context.out(options.has('print-join-command') ? `${daemons.joinCommand?.(token) ?? ''} \n` : `${token}\n`);
  return 0;
}

function token(context: ProgramContext, node: NodeView, options: Options): number {
  const [, verb, ...names] = options.operands;
  if (verb === 'list') return listTokens(context, node);
  if (verb === 'create') return createToken(context, node, options);
  if (verb === 'generate') {
    context.out(`${Array.from({ length: 22 }, (_, i) => (i === 6 ? '.' : '') + LETTERS[Math.floor(context.host.random() * 36)]).join('')}\n`);
    return 0;
  }
  if (verb !== 'delete') return notSimulated(context);
  for (const name of names) {
    const id = name.slice(0, 6);
    if (node.daemons.deleteToken?.(id) !== true) {
      context.err(
        `failed to delete bootstrap token "${id}": secrets "bootstrap-token-${id}" not found\nTo see the stack trace of this error execute with --v=5 or higher\n`,
      );
      return 1;
    }
    context.out(`bootstrap token "${id}" deleted\n`);
  }
  return 0;
}

function notSimulated(context: ProgramContext): number {
  context.err(`podsim: kubeadm ${context.args.join(' ')} is not simulated; it does nothing\n`);
  return 1;
}

const versionOf = (context: ProgramContext): string => context.host.node?.daemons.kubernetes ?? 'v1.33.1';
const LONG = {
  output: 'o=',
  kubeconfig: 'kubeconfig=',
  config: 'config=',
  v: 'v=',
  ttl: 'ttl=',
  description: 'description=',
  'print-join-command': 'print-join-command',
};

const kubeadm: Program = {
  name: 'kubeadm',
  run(context) {
    const options = parseOptions(context, 'o:v:', LONG);
    if (typeof options === 'number') return options;
    const { node } = context.host;
    const [command, verb] = options.operands;
    if (command === 'version') {
      const version = versionOf(context);
      const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
      const long = `kubeadm version: &version.Info{Major:"${major}", Minor:"${minor}", EmulationMajor:"", EmulationMinor:"", MinCompatibilityMajor:"", MinCompatibilityMinor:"", GitVersion:"${version}", GitCommit:"8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828", GitTreeState:"clean", BuildDate:"2025-05-15T08:25:53Z", GoVersion:"go1.24.2", Compiler:"gc", Platform:"linux/amd64"}`;
      context.out(options.value('o') === 'short' ? `${version}\n` : `${long}\n`);
      return 0;
    }
    if (node?.daemons.tokens === undefined) {
      if (command !== 'token' && command !== 'certs') return notSimulated(context);
      context.err(
        'failed to load admin kubeconfig: open /etc/kubernetes/admin.conf: no such file or directory\nTo see the stack trace of this error execute with --v=5 or higher\n',
      );
      return 1;
    }
    if (command === 'token') return token(context, node, options);
    if (command === 'certs' && verb === 'check-expiration') return checkExpiration(context, node);
    return notSimulated(context);
  },
};

const kubelet: Program = {
  name: 'kubelet',
  run(context) {
    if (context.args[0] === '--version') {
      context.out(`Kubernetes ${versionOf(context)}\n`);
      return 0;
    }
    context.err('podsim: a second kubelet is not simulated; it does nothing\n');
    return 1;
  },
};

/** What etcdctl's own catalogue entry does not answer: keys and their values. */
const etcdctl: Program = {
  name: 'etcdctl',
  aliases: ['etcdutl'],
  yields: true,
  run(context) {
    const known = [
      'data-dir',
      'name',
      'initial-cluster',
      'initial-cluster-token',
      'initial-advertise-peer-urls',
      'wal-dir',
      'endpoints',
      'cacert',
      'cert',
      'key',
      'write-out',
      'limit',
      'rev',
      'order',
      'sort-by',
      'user',
      'dial-timeout',
      'command-timeout',
    ];
    const flags = [
      'skip-hash-check',
      'prefix',
      'keys-only',
      'count-only',
      'print-value-only',
      'from-key',
      'insecure-skip-tls-verify',
      'insecure-transport',
      'debug',
      'cluster',
    ];
    const long = Object.fromEntries([...known.map((name) => [name, `${name}=`]), ...flags.map((name) => [name, name])]);
    const options = parseOptions(withArgs(context, context.args), 'w:', { ...long, 'write-out': 'w=' });
    if (typeof options === 'number') return options;
    const [command, first = '', second] = options.operands;
    const { env, host } = context;
    const isTrusted =
      options.has('cacert') ||
      options.has('insecure-skip-tls-verify') ||
      env['ETCDCTL_CACERT'] !== undefined ||
      env['ETCDCTL_INSECURE_SKIP_TLS_VERIFY'] !== undefined;
    const etcd = host.node?.daemons.etcd;
    if (command === 'snapshot') return snapshot(context, options, isTrusted);
    if (command !== 'get' || etcd === undefined) {
      context.err(`podsim: ${context.name} ${command ?? ''} is not simulated; it does nothing\n`);
      return 1;
    }
    if (!isTrusted) {
      context.err('Error: context deadline exceeded\n');
      return 1;
    }
    let keys = etcd
      .keys(options.has('from-key') ? '/' : first)
      .filter((key) =>
        options.has('prefix') ? true : options.has('from-key') ? key >= first : second === undefined ? key === first : key >= first && key < second,
      );
    if (options.value('order')?.toUpperCase() === 'DESCEND') keys = [...keys].reverse();
    const limit = Number(options.value('limit') ?? 0);
    const shownKeys = limit > 0 ? keys.slice(0, limit) : keys;
    if (options.value('w') === 'json') {
      const kvs = shownKeys.map((key) => ({ key: btoa(key), ...(options.has('keys-only') ? {} : { value: base64(etcd.value(key) ?? '') }) }));
      context.out(`${JSON.stringify({ header: { revision: etcd.revision, raft_term: 2 }, kvs, count: keys.length })}\n`);
      return 0;
    }
    if (options.has('count-only')) {
      context.out('');
      if (options.value('w') === 'fields') context.out(`"Count" : ${keys.length}\n`);
      return 0;
    }
    for (const key of shownKeys) {
      if (options.has('keys-only')) context.out(`${key}\n\n`);
      else context.out(options.has('print-value-only') ? `${etcd.value(key)}\n` : `${key}\n${etcd.value(key)}\n`);
    }
    if (shownKeys.length > 0 && !options.has('keys-only'))
      context.err('podsim: values are shown as JSON, as --storage-media-type=application/json keeps them; by default they are protobuf\n');
    return 0;
  },
};
/** What a snapshot of podsim's holds: enough to tell its status. */
interface Snapshot {
  readonly podsimSnapshot: true;
  readonly revision: number;
  readonly keys: number;
  readonly size: number;
}

const MICROS = '{{micros}}';

/** save asks the server; status and restore only look at the file. */
function snapshot(context: ProgramContext, options: Options, isTrusted: boolean): number | Wait {
  const [, verb, file = ''] = options.operands;
  const { host } = context;
  const version = host.version ?? '3.5.21';
  const path = context.path(file);
  const etcd = host.node?.daemons.etcd;
  const say = (level: string, rest: string): string => `{"level":"${level}","ts":"${fillIn(MICROS, host, context.now)}",${rest}}\n`;
  if (verb === 'save') {
    if (!isTrusted || etcd === undefined)
      return later(context, () => ({
        code: 1,
        takes: 5000,
        err: `${say('warn', `"logger":"etcd-client","caller":"v3@v${version}/retry_interceptor.go:63","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0xc000026000/127.0.0.1:2379","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = \\"error reading server preface: read tcp 127.0.0.1:45678->127.0.0.1:2379: read: connection reset by peer\\""`)}Error: context deadline exceeded\n`,
      }));
    const keys = etcd.keys('/').length;
    const size = 20_480 + keys * 6144;
    const data = JSON.stringify({ podsimSnapshot: true, revision: etcd.revision, keys, size } satisfies Snapshot);
    try {
      context.files.write(path, data, { at: context.now, mode: 0o600 });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      context.err(
        `Error: could not open ${file}.part (open ${file}.part: ${error.code === 'EROFS' ? 'read-only file system' : error.code === 'EACCES' ? 'permission denied' : 'no such file or directory'})\n`,
      );
      return 1;
    }
    return later(context, () => ({
      code: 0,
      takes: 60,
      err:
        say('info', `"caller":"snapshot/v3_snapshot.go:65","msg":"created temporary db file","path":"${file}.part"`) +
        say('info', `"logger":"client","caller":"v3@v${version}/maintenance.go:212","msg":"opened snapshot stream; downloading"`) +
        say('info', `"caller":"snapshot/v3_snapshot.go:73","msg":"fetching snapshot","endpoint":"${options.value('endpoints') ?? '127.0.0.1:2379'}"`) +
        say('info', `"logger":"client","caller":"v3@v${version}/maintenance.go:220","msg":"completed snapshot read; closing"`) +
        say(
          'info',
          `"caller":"snapshot/v3_snapshot.go:88","msg":"fetched snapshot","endpoint":"${options.value('endpoints') ?? '127.0.0.1:2379'}","size":"${humanBytes(size)}","took":"now"`,
        ) +
        say('info', `"caller":"snapshot/v3_snapshot.go:97","msg":"saved","path":"${file}"`),
      out: `Snapshot saved at ${file}\n`,
    }));
  }
  if (verb !== 'status' && verb !== 'restore') {
    context.err(`podsim: ${context.name} snapshot ${verb ?? ''} is not simulated; it does nothing\n`);
    return 1;
  }
  if (context.files.stat(path)?.type !== 'file') {
    context.err(`Error: stat ${file}: no such file or directory\n`);
    return 1;
  }
  const found = parsed(context.files.read(path));
  if (found === undefined) {
    context.err('Error: invalid database\n');
    return 1;
  }
  if (context.name === 'etcdctl') context.err(`Deprecated: Use \`etcdutl snapshot ${verb}\` instead.\n\n`);
  if (verb === 'restore') {
    const directory = options.value('data-dir') ?? `${options.value('name') ?? 'default'}.etcd`;
    if (context.files.stat(context.path(directory)) !== undefined) {
      context.err(`Error: data-dir "${directory}" not empty or could not be read\n`);
      return 1;
    }
    for (const made of ['', '/member', '/member/snap', '/member/wal']) context.files.makeDirectory(`${context.path(directory)}${made}`, 0o700);
    context.files.write(`${context.path(directory)}/member/snap/db`, context.files.read(path), { at: context.now, mode: 0o600 });
    context.err(
      say(
        'info',
        `"caller":"snapshot/v3_snapshot.go:265","msg":"restoring snapshot","path":"${file}","wal-dir":"${directory}/member/wal","data-dir":"${directory}","snap-dir":"${directory}/member/snap","initial-memory-map-size":0`,
      ) +
        say(
          'info',
          `"caller":"snapshot/v3_snapshot.go:293","msg":"restored snapshot","path":"${file}","wal-dir":"${directory}/member/wal","data-dir":"${directory}","snap-dir":"${directory}/member/snap","initial-memory-map-size":0`,
        ) +
        'podsim: an etcd that is started on it has the cluster as it is now; podsim cluster save and restore go back in time\n',
    );
    return 0;
  }
  const hash = fnv1a(JSON.stringify(found)).toString(16);
  const cells = [hash, String(found.revision), String(found.keys), humanBytes(found.size)];
  if (options.value('w') === 'table') {
    const titles = ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE'];
    const widths = cells.map((cell, i) => Math.max(cell.length, (titles[i] as string).length));
    const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
    const centred = (text: string, width: number): string => text.padStart(text.length + Math.ceil((width - text.length) / 2)).padEnd(width);
    context.out(
      `${line}|${titles.map((title, i) => ` ${centred(title, widths[i] as number)} `).join('|')}|\n${line}|${cells.map((cell, i) => ` ${cell.padStart(widths[i] as number)} `).join('|')}|\n${line}`,
    );
  } else if (options.value('w') === 'json')
    context.out(`${JSON.stringify({ hash: Number.parseInt(hash, 16), revision: found.revision, totalKey: found.keys, totalSize: found.size })}\n`);
  else context.out(`${cells.join(', ')}\n`);
  return 0;
}

function parsed(text: string): Snapshot | undefined {
  try {
    const value = JSON.parse(text) as Partial<Snapshot>;
    return value.podsimSnapshot === true ? (value as Snapshot) : undefined;
  } catch {
    return undefined;
  }
}

/** humanize.Bytes. */
const humanBytes = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export const nodeTools: readonly Program[] = [kubeadm, kubelet, etcdctl];
