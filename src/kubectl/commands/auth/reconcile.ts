/** kubectl auth reconcile (pkg/cmd/auth/reconcile.go, component-helpers auth/rbac/reconciliation). */

import { isEqual } from '../../../api/equality.js';
import { StatusError } from '../../../api/errors.js';
import type { Json, KubeObject } from '../../../api/object.js';
import { type Rule, uncovered } from '../../../api/policy-rules.js';
import type { Subject } from '../../../resources/rbac/types.js';
import { type Info, type Request, requestOf, requireFiles, targetOf, visitAll } from '../../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { messageOf } from '../../errors.js';
import { objectPrinter } from '../../printing.js';
import * as shared from '../../shared-flags.js';
import { typed } from '../../typed.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'reconcile -f FILENAME',
  short: 'Bring roles, cluster roles and their bindings to what a file says',
  long: `Bring roles, cluster roles and their bindings to what a file says.

What is missing is created, with its namespace. Roles get the permissions they lack and bindings the subjects they lack; what is more than the file says is only taken away with --remove-extra-permissions and --remove-extra-subjects. Other than 'apply', this knows what the rules mean.`,
  examples: '# What a file says\nkubectl auth reconcile -f my-rbac-rules.yaml',
  flags: [
    ...shared.PRINT,
    shared.DRY_RUN,
    ...shared.FILES('Files, directories or URLs that hold the rules.'),
    { name: 'remove-extra-permissions', type: 'bool', usage: 'Take away permissions the file does not give' },
    { name: 'remove-extra-subjects', type: 'bool', usage: 'Take away subjects the file does not name' },
  ],
  async complete(args, flags, factory) {
    const request = requestOf(flags, []);
    requireFiles(request);
    if (args.length > 0) throw new UsageError('no arguments are allowed');
    let dryRun: shared.DryRun;
    try {
      dryRun = shared.dryRunOf(flags, factory);
    } catch (error) {
      throw new UsageError(`error accessing --dry-run flag for command reconcile: ${messageOf(error)}`);
    }
    if (dryRun === 'server') throw new UsageError('--dry-run=server for command reconcile is not supported yet');
    return { request, flags, dryRun };
  },
  async run({ request, flags, dryRun }, factory) {
    const print = await objectPrinter(factory, flags, 'reconciled', dryRun, true);
    const structs = await factory.structs();
    await visitAll(factory, request, async (info) => {
      const object = info.object as Rbac;
      if (info.mapping.group !== 'rbac.authorization.k8s.io') return;
      const result = compute(await liveOf(factory, info), object, {
        permissions: flags.bool('remove-extra-permissions'),
        subjects: flags.bool('remove-extra-subjects'),
      });
      const done = result.isProtected || dryRun === 'client' ? result.object : await perform(factory, info, result);
      print(structs.inOrder(typed(done)));
      factory.streams.err(said(result));
    });
  },
};
export default command;

interface Rbac extends KubeObject {
  readonly rules?: readonly Rule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly Json[] };
  readonly subjects?: readonly Subject[];
  readonly roleRef?: Json;
}

interface Result {
  readonly object: Rbac;
  readonly live?: Rbac;
  readonly operation: 'none' | 'create' | 'update' | 'recreate';
  /** It asked to be left alone. */
  readonly isProtected: boolean;
  readonly missing: readonly (Rule | Subject)[];
  /** What is taken away. */
  readonly extra: readonly (Rule | Subject)[];
}

/** The namespace must be the file's own: kubectl asks for a namespace without a name. */
const hasNoNamespace = ({ mapping, isNamespaceImplied }: Info): boolean => mapping.namespaced && isNamespaceImplied === true;

async function liveOf(factory: Factory, info: Info): Promise<Rbac | undefined> {
  if (hasNoNamespace(info)) return undefined;
  try {
    return await factory.client.get<Rbac>(targetOf(info));
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return undefined;
    throw error;
  }
}

/** computeReconciledRole, computeReconciledRoleBinding. */
function compute(live: Rbac | undefined, wanted: Rbac, removes: { readonly permissions: boolean; readonly subjects: boolean }): Result {
  const isBinding = wanted.kind.endsWith('Binding');
  const wants: readonly (Rule | Subject)[] = (isBinding ? wanted.subjects : wanted.rules) ?? [];
  if (live === undefined) return { object: wanted, operation: 'create', isProtected: false, missing: wants, extra: [] };
  const isProtected = live.metadata.annotations?.['rbac.authorization.kubernetes.io/autoupdate'] === 'false';
  if (isBinding && !isEqual(live.roleRef, wanted.roleRef)) return { object: wanted, live, operation: 'recreate', isProtected, missing: [], extra: [] };
  const has: readonly (Rule | Subject)[] = (isBinding ? live.subjects : live.rules) ?? [];
  const without = (these: readonly Subject[], those: readonly Subject[]) =>
    these.filter((one, i) => !those.some((other) => isEqual(one, other)) && these.findIndex((other) => isEqual(one, other)) === i);
  const missing = isBinding ? without(wants as readonly Subject[], has as readonly Subject[]) : uncovered(has as readonly Rule[], wants as readonly Rule[]);
  const areGathered = live.aggregationRule !== undefined && wanted.aggregationRule !== undefined;
  const more = isBinding
    ? without(has as readonly Subject[], wants as readonly Subject[])
    : areGathered
      ? []
      : uncovered(wants as readonly Rule[], has as readonly Rule[]);
  const removing = isBinding ? removes.subjects : removes.permissions;
  const field = isBinding ? 'subjects' : 'rules';
  const next = removing && missing.length + more.length > 0 ? wants : missing.length > 0 ? [...has, ...missing] : has;
  const object: Rbac = {
    ...live,
    metadata: { ...live.metadata, ...merged('labels', live, wanted), ...merged('annotations', live, wanted) },
    ...(next === has ? {} : { [field]: next }),
    ...(isBinding ? {} : aggregation(live, wanted, removing)),
  };
  const operation = isEqual(object as unknown as Json, live as unknown as Json) ? 'none' : 'update';
  return { object, live, operation, isProtected, missing, extra: removing ? more : [] };
}

/** What the cluster has wins. */
function merged(field: 'labels' | 'annotations', live: Rbac, wanted: Rbac): object {
  const [own, other] = [live.metadata[field], wanted.metadata[field]];
  return other === undefined ? {} : { [field]: { ...other, ...own } };
}

function aggregation(live: Rbac, wanted: Rbac, removing: boolean): Pick<Rbac, 'aggregationRule'> {
  if (wanted.aggregationRule === undefined) return live.aggregationRule === undefined ? {} : ({ aggregationRule: undefined } as object);
  const [has, wants] = [live.aggregationRule?.clusterRoleSelectors ?? [], wanted.aggregationRule.clusterRoleSelectors ?? []];
  const without = (these: readonly Json[], those: readonly Json[]) => these.filter((one) => !those.some((other) => isEqual(one, other)));
  const missing = without(wants, has);
  if (removing) return missing.length + without(has, wants).length > 0 ? { aggregationRule: wanted.aggregationRule } : {};
  return missing.length > 0 ? { aggregationRule: { clusterRoleSelectors: [...has, ...missing] } } : {};
}

async function perform(factory: Factory, info: Info, { object, live, operation }: Result): Promise<KubeObject> {
  const target = targetOf(info);
  if (operation === 'none') return object;
  if (hasNoNamespace(info)) throw new UsageError('resource name may not be empty');
  if (operation === 'update') return factory.client.update(target, object);
  if (operation === 'recreate') await factory.client.delete(target, { preconditions: { uid: live?.metadata.uid } });
  if (info.namespace !== '') await ensureNamespace(factory, info.namespace);
  return factory.client.create({ resource: info.mapping, namespace: info.namespace }, object);
}

async function ensureNamespace(factory: Factory, name: string): Promise<void> {
  const resource = { group: '', version: 'v1', resource: 'namespaces', namespaced: false };
  try {
    await factory.client.get({ resource, name });
  } catch (error) {
    if (!(error instanceof StatusError && error.reason === 'NotFound')) return;
    await factory.client.create({ resource }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
}

/** ReconcileOptions.printResults. */
function said({ object, operation, isProtected, missing, extra }: Result): string {
  if (operation === 'none') return '';
  const field = object.kind.endsWith('Binding') ? 'subjects' : 'rules';
  const lines = (title: string, list: readonly (Rule | Subject)[]) =>
    list.length === 0 ? '' : `\t${title}:\n${list.map((one) => `\t\t${goText(one)}\n`).join('')}`;
  const caveat = isProtected ? ', but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)' : '';
  return `\treconciliation required ${operation}${caveat}\n${lines(`missing ${field} added`, missing)}${lines(`extra ${field} removed`, extra)}`;
}

/** As Go's `%+v` prints the struct. */
function goText(one: Rule | Subject): string {
  if ('name' in one) return `{Kind:${one.kind} APIGroup:${one.apiGroup ?? ''} Name:${one.name} Namespace:${one.namespace ?? ''}}`;
  const list = (values: readonly string[] | undefined) => `[${(values ?? []).join(' ')}]`;
  return `{Verbs:${list(one.verbs)} APIGroups:${list(one.apiGroups)} Resources:${list(one.resources)} ResourceNames:${list(one.resourceNames)} NonResourceURLs:${list(one.nonResourceURLs)}}`;
}
