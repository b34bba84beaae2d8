/** kubectl auth can-i (pkg/cmd/auth/cani.go). */
import type { KubeObject } from '../../../api/object.js';
import { combine, compactRules } from '../../../resources/rbac/describe.js';
import { alignTabs, TABLE_TABS } from '../../../text/tabwriter.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../../command.js';
import * as shared from '../../shared-flags.js';

interface Options {
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  short: 'Ask whether an action is allowed',
  long: `Ask whether an action is allowed.

VERB is a verb of the API such as 'get', 'list', 'watch', 'delete'. TYPE is a resource; short names and groups are understood. NONRESOURCEURL is a path that begins with "/". NAME is the name of one object. The answer is also the exit code: 0 for yes, 1 for no.`,
  examples: `# Creating pods in any namespace
kubectl auth can-i create pods --all-namespaces

# Listing deployments in this one
kubectl auth can-i list deployments.apps

# Everything here
kubectl auth can-i '*' '*'

# One job
kubectl auth can-i list jobs.batch/bar -n foo

# Logs of pods
kubectl auth can-i get pods --subresource=log

# A path that is no resource
kubectl auth can-i get /logs/

# All that is allowed in the namespace foo
kubectl auth can-i --list --namespace=foo`,
  flags: [
    { ...shared.ALL_NAMESPACES, usage: 'Ask about all namespaces.' },
    { name: 'list', type: 'bool', usage: 'Show all that is allowed.' },
    { name: 'no-headers', type: 'bool', usage: 'With --list: leave the header out' },
    { name: 'quiet', short: 'q', type: 'bool', usage: 'Print nothing; only the exit code answers.' },
    { name: 'subresource', type: 'string', usage: 'The subresource, such as log of pods or scale of deployments' },
  ],
  async complete(args, flags) {
    if (flags.bool('list')) {
      if (args.length !== 0) throw new UsageError('list option must be specified with no arguments');
      return { verb: '', resource: '', name: '', flags };
    }
    const wrong = () =>
      new UsageError("you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.");
    if (args.length !== 2) throw wrong();
    const [verb = '', what = ''] = args;
    if (what.startsWith('/')) {
      if (flags.string('subresource') !== '') throw new UsageError('--subresource can not be used with NonResourceURL');
      return { verb, resource: what, name: '', flags };
    }
    const slash = what.indexOf('/');
    return slash < 0 ? { verb, resource: what, name: '', flags } : { verb, resource: what.slice(0, slash), name: what.slice(slash + 1), flags };
  },
  validate({ flags }) {
    if (flags.bool('list') && (flags.bool('quiet') || flags.bool('all-namespaces') || flags.string('subresource') !== ''))
      throw new UsageError("list option can't be specified with neither quiet, all-namespaces nor subresource options");
    if (flags.bool('no-headers') && !flags.bool('list')) throw new UsageError('--no-headers cannot be set without --list specified');
  },
  async run(options, factory) {
    if (options.flags.bool('list')) return list(options, factory);
    const allowed = await ask(options, factory);
    if (!allowed) throw new ExitError(1);
  },
};
export default command;

const AUTHORIZATION = { group: 'authorization.k8s.io', version: 'v1', namespaced: false };
const VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'use',
  'bind',
  'impersonate',
  '*',
  'approve',
  'sign',
  'escalate',
  'attest',
];

const NON_RESOURCE_VERBS = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];

async function ask({ verb, resource, name, flags }: Options, factory: Factory): Promise<boolean> {
  const namespace = flags.bool('all-namespaces') ? '' : factory.namespace;
  if (resource.startsWith('/') && !NON_RESOURCE_VERBS.includes(verb)) warnUnknownVerb(verb, flags, factory);
  const spec = resource.startsWith('/')
    ? { nonResourceAttributes: { path: resource, verb } }
    : { resourceAttributes: await attributes({ verb, resource, name, flags }, factory, namespace) };
  const body = { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: { creationTimestamp: null }, spec } as unknown as KubeObject;
  const answer = await factory.client.create<KubeObject & { status?: { allowed?: boolean; reason?: string; evaluationError?: string } }>(
    { resource: { ...AUTHORIZATION, resource: 'selfsubjectaccessreviews' } },
    body,
  );
  const { allowed = false, reason = '', evaluationError = '' } = answer.status ?? {};
  if (!flags.bool('quiet')) {
    const why = [reason, evaluationError].filter((text) => text !== '').map((text) => ` - ${text}`);
    factory.streams.out(allowed ? 'yes\n' : `no${why.join('')}\n`);
  }
  return allowed;
}

function warnUnknownVerb(verb: string, flags: FlagValues, factory: Factory): void {
  if (!flags.bool('quiet')) factory.streams.err(`Warning: verb '${verb}' is not a known verb\n\n`);
}

async function attributes({ verb, resource, name, flags }: Options, factory: Factory, namespace: string): Promise<object> {
  const warn = (text: string) => {
    if (!flags.bool('quiet')) factory.streams.err(`Warning: ${text}\n\n`);
  };
  const found = resource === '*' ? undefined : (await factory.mapper()).find(resource);
  if (found === undefined && resource !== '*') {
    const [plain = '', group = ''] = resource.split(/\.(.*)/s);
    warn(group === '' ? `the server doesn't have a resource type '${plain}'` : `the server doesn't have a resource type '${plain}' in group '${group}'`);
  }
  const subresource = flags.string('subresource');
  const [plain = '', group = ''] = resource.split(/\.(.*)/s);
  const result = {
    ...(namespace === '' ? {} : { namespace }),
    verb,
    group: found?.group ?? group,
    resource: found?.resource ?? plain,
    ...(subresource === '' ? {} : { subresource }),
    ...(name === '' ? {} : { name }),
  };
  if (!VERBS.includes(verb)) warnUnknownVerb(verb, flags, factory);
  if (found !== undefined && !found.namespaced && namespace !== '') {
    warn(
      found.group === ''
        ? `resource '${found.resource}' is not namespace scoped`
        : `resource '${found.resource}' is not namespace scoped in group '${found.group}'`,
    );
  }
  return result;
}

interface Rules {
  readonly resourceRules?: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly nonResourceRules?: readonly { readonly verbs: readonly string[]; readonly nonResourceURLs?: readonly string[] }[];
  readonly incomplete?: boolean;
  readonly evaluationError?: string;
}

/** --list: a line for each rule, of each resource it names. */
async function list({ flags }: Options, factory: Factory): Promise<void> {
  const body = {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: { namespace: factory.namespace },
  } as unknown as KubeObject;
  const answer = await factory.client.create<KubeObject & { status?: Rules }>({ resource: { ...AUTHORIZATION, resource: 'selfsubjectrulesreviews' } }, body);
  const status = answer.status ?? {};
  if (status.incomplete === true) factory.streams.err(`warning: the list may be incomplete: ${status.evaluationError ?? ''}\n`);
  const rules = [...(status.resourceRules ?? []), ...(status.nonResourceRules ?? [])];
  const lines = compactRules(rules).map(
    ({ resource, group, urls, names, verbs }) => `${combine(resource, group)}\t[${urls.join(' ')}]\t[${names.join(' ')}]\t[${verbs.join(' ')}]\n`,
  );
  const header = flags.bool('no-headers') ? '' : 'Resources\tNon-Resource URLs\tResource Names\tVerbs\n';
  factory.streams.out(alignTabs(header + lines.join(''), TABLE_TABS));
}
