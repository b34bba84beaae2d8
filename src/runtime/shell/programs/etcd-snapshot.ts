/** `etcdctl snapshot save | status | restore` (etcdctl/ctlv3/command/snapshot_command.go, etcdutl/snapshot). */
import { fnv1a } from '../../../api/fnv.js';
import { fillIn } from '../../log-template.js';
import { FileError } from '../../process.js';
import type { ProgramContext, Wait } from '../program.js';
import { later } from './later.js';
import type { Options } from './options.js';

/** What a snapshot of podsim's holds: enough to tell its status. */
interface Snapshot {
  readonly podsimSnapshot: true;
  readonly revision: number;
  readonly keys: number;
  readonly size: number;
}

const MICROS = '{{micros}}';

/** A line of etcd's log: `rest` are the members after level and time. */
const logLine = ({ host, now }: ProgramContext, level: string, rest: string): string => `{"level":"${level}","ts":"${fillIn(MICROS, host, now)}",${rest}}\n`;

/** save asks the server; status and restore only look at the file. */
export function snapshot(context: ProgramContext, options: Options, isTrusted: boolean): number | Wait {
  const [, verb, file = ''] = options.operands;
  if (verb === 'save') return save(context, options, isTrusted);
  if (verb !== 'status' && verb !== 'restore') {
    context.err(`podsim: ${context.name} snapshot ${verb ?? ''} is not simulated; it does nothing\n`);
    return 1;
  }
  const path = context.path(file);
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
  return verb === 'restore' ? restore(context, options, file) : status(context, options, found);
}

function save(context: ProgramContext, options: Options, isTrusted: boolean): number | Wait {
  const [, , file = ''] = options.operands;
  const version = context.host.version ?? '3.5.21';
  const etcd = context.host.node?.daemons.etcd;
  const say = (level: string, rest: string): string => logLine(context, level, rest);
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
    context.files.write(context.path(file), data, { at: context.now, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const why = { EROFS: 'read-only file system', EACCES: 'permission denied' }[error.code as string] ?? 'no such file or directory';
    context.err(`Error: could not open ${file}.part (open ${file}.part: ${why})\n`);
    return 1;
  }
  const endpoint = options.value('endpoints') ?? '127.0.0.1:2379';
  return later(context, () => ({
    code: 0,
    takes: 60,
    err:
      say('info', `"caller":"snapshot/v3_snapshot.go:65","msg":"created temporary db file","path":"${file}.part"`) +
      say('info', `"logger":"client","caller":"v3@v${version}/maintenance.go:212","msg":"opened snapshot stream; downloading"`) +
      say('info', `"caller":"snapshot/v3_snapshot.go:73","msg":"fetching snapshot","endpoint":"${endpoint}"`) +
      say('info', `"logger":"client","caller":"v3@v${version}/maintenance.go:220","msg":"completed snapshot read; closing"`) +
      say('info', `"caller":"snapshot/v3_snapshot.go:88","msg":"fetched snapshot","endpoint":"${endpoint}","size":"${humanBytes(size)}","took":"now"`) +
      say('info', `"caller":"snapshot/v3_snapshot.go:97","msg":"saved","path":"${file}"`),
    out: `Snapshot saved at ${file}\n`,
  }));
}

function restore(context: ProgramContext, options: Options, file: string): number {
  const directory = options.value('data-dir') ?? `${options.value('name') ?? 'default'}.etcd`;
  const path = context.path(directory);
  if (context.files.stat(path) !== undefined) {
    context.err(`Error: data-dir "${directory}" not empty or could not be read\n`);
    return 1;
  }
  for (const made of ['', '/member', '/member/snap', '/member/wal']) context.files.makeDirectory(`${path}${made}`, 0o700);
  context.files.write(`${path}/member/snap/db`, context.files.read(context.path(file)), { at: context.now, mode: 0o600 });
  const where = `"path":"${file}","wal-dir":"${directory}/member/wal","data-dir":"${directory}","snap-dir":"${directory}/member/snap","initial-memory-map-size":0`;
  context.err(
    logLine(context, 'info', `"caller":"snapshot/v3_snapshot.go:265","msg":"restoring snapshot",${where}`) +
      logLine(context, 'info', `"caller":"snapshot/v3_snapshot.go:293","msg":"restored snapshot",${where}`) +
      'podsim: an etcd that is started on it has the cluster as it is now; podsim cluster save and restore go back in time\n',
  );
  return 0;
}

function status(context: ProgramContext, options: Options, found: Snapshot): number {
  const hash = fnv1a(JSON.stringify(found)).toString(16);
  const cells = [hash, String(found.revision), String(found.keys), humanBytes(found.size)];
  if (options.value('w') === 'table') context.out(bordered(['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE'], cells));
  else if (options.value('w') === 'json')
    context.out(`${JSON.stringify({ hash: Number.parseInt(hash, 16), revision: found.revision, totalKey: found.keys, totalSize: found.size })}\n`);
  else context.out(`${cells.join(', ')}\n`);
  return 0;
}

/** As olekukonko/tablewriter draws a table of one row. */
function bordered(titles: readonly string[], cells: readonly string[]): string {
  const widths = cells.map((cell, i) => Math.max(cell.length, (titles[i] as string).length));
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const row = (texts: readonly string[], place: (text: string, width: number) => string): string =>
    `|${texts.map((text, i) => ` ${place(text, widths[i] as number)} `).join('|')}|\n`;
  const centred = (text: string, width: number): string => text.padStart(text.length + Math.ceil((width - text.length) / 2)).padEnd(width);
  return `${line}${row(titles, centred)}${line}${row(cells, (text, width) => text.padStart(width))}${line}`;
}

/** undefined: it is none of podsim's. */
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
