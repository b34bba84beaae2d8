/** What the catalogue entry of etcdctl and etcdutl does not answer: keys and their values, and snapshots. */
import type { NodeView } from '../../node-view.js';
import type { Program, ProgramContext } from '../program.js';
import { snapshot } from './etcd-snapshot.js';
import { type Options, parseOptions, withArgs } from './options.js';

type Etcd = NonNullable<NodeView['daemons']['etcd']>;

const WITH_VALUE =
  'data-dir name initial-cluster initial-cluster-token initial-advertise-peer-urls wal-dir endpoints cacert cert key limit rev order sort-by user dial-timeout command-timeout';
const WITHOUT_VALUE = 'skip-hash-check prefix keys-only count-only print-value-only from-key insecure-skip-tls-verify insecure-transport debug cluster';
const LONG: Readonly<Record<string, string>> = {
  ...Object.fromEntries(WITH_VALUE.split(' ').map((name) => [name, `${name}=`])),
  ...Object.fromEntries(WITHOUT_VALUE.split(' ').map((name) => [name, name])),
  'write-out': 'w=',
};

const etcdctl: Program = {
  name: 'etcdctl',
  aliases: ['etcdutl'],
  yields: true,
  run(context) {
    const options = parseOptions(withArgs(context, context.args), 'w:', LONG);
    if (typeof options === 'number') return options;
    const [command] = options.operands;
    const etcd = context.host.node?.daemons.etcd;
    const isTrusted = trusts(context, options);
    if (command === 'snapshot') return snapshot(context, options, isTrusted);
    if (command !== 'get' || etcd === undefined) {
      context.err(`podsim: ${context.name} ${command ?? ''} is not simulated; it does nothing\n`);
      return 1;
    }
    if (!isTrusted) {
      context.err('Error: context deadline exceeded\n');
      return 1;
    }
    return get(context, options, etcd);
  },
};

/** Whether it takes the server's certificate, one way or the other. */
const trusts = ({ env }: ProgramContext, options: Options): boolean =>
  options.has('cacert') ||
  options.has('insecure-skip-tls-verify') ||
  env['ETCDCTL_CACERT'] !== undefined ||
  env['ETCDCTL_INSECURE_SKIP_TLS_VERIFY'] !== undefined;

/** A key, those from one on, those that begin with it, or those between two. */
function keysWanted(etcd: Etcd, options: Options): readonly string[] {
  const [, first = '', end] = options.operands;
  const isWanted = (key: string): boolean => {
    if (options.has('prefix')) return true;
    if (options.has('from-key')) return key >= first;
    return end === undefined ? key === first : key >= first && key < end;
  };
  const keys = etcd.keys(options.has('from-key') ? '/' : first).filter(isWanted);
  return options.value('order')?.toUpperCase() === 'DESCEND' ? [...keys].reverse() : keys;
}

function get(context: ProgramContext, options: Options, etcd: Etcd): number {
  const keys = keysWanted(etcd, options);
  const limit = Number(options.value('limit') ?? 0);
  const shown = limit > 0 ? keys.slice(0, limit) : keys;
  const isKeysOnly = options.has('keys-only');
  if (options.value('w') === 'json') {
    const kvs = shown.map((key) => ({ key: btoa(key), ...(isKeysOnly ? {} : { value: base64(etcd.value(key) ?? '') }) }));
    context.out(`${JSON.stringify({ header: { revision: etcd.revision, raft_term: 2 }, kvs, count: keys.length })}\n`);
    return 0;
  }
  if (options.has('count-only')) {
    // Other formats show keys alone, and there are none.
    if (options.value('w') === 'fields') context.out(`"Count" : ${keys.length}\n`);
    return 0;
  }
  for (const key of shown) {
    if (isKeysOnly) context.out(`${key}\n\n`);
    else context.out(options.has('print-value-only') ? `${etcd.value(key)}\n` : `${key}\n${etcd.value(key)}\n`);
  }
  if (shown.length > 0 && !isKeysOnly)
    context.err('podsim: values are shown as JSON, as --storage-media-type=application/json keeps them; by default they are protobuf\n');
  return 0;
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export const etcdPrograms: readonly Program[] = [etcdctl];
