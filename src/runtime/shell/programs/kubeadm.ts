/** kubeadm and kubelet on a node, as far as they only look or deal in tokens (cmd/kubeadm/app/cmd/token.go, certs.go). */
import { textOfBase64 } from '../../../api/bytes.js';
import { humanDuration, shortHumanDuration } from '../../../api/human-duration.js';
import { parseDuration, parseTime } from '../../../api/time.js';
import type { NodeView } from '../../node-view.js';
import type { Program, ProgramContext } from '../program.js';
import { tabulated } from './columns.js';
import { type Options, parseOptions } from './options.js';

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
      ...CERTIFICATES.map(([name, authority]) => [name, shown(leaf), humanDuration(leaf - context.now), authority, no]),
    ]),
  );
  context.out('\n');
  context.out(
    tabulated(10, [
      ['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'],
      ...AUTHORITIES.map((name) => [name, shown(root), humanDuration(root - context.now), no]),
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
      expires === undefined ? '<forever>' : shortHumanDuration(expires - context.now),
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

export const kubeadmPrograms: readonly Program[] = [kubeadm, kubelet];
