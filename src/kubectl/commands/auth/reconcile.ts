/** kubectl auth reconcile (pkg/cmd/auth/reconcile.go, component-helpers auth/rbac/reconciliation). */

import { isEqual } from '../../../api/equality.js';
import { StatusError } from '../../../api/errors.js';
import type { Json, KubeObject } from '../../../api/object.js';
import { type Info, type Request, requestOf, requireFiles, visitAll } from '../../builder.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { objectPrinter } from '../../printing.js';
import * as shared from '../../shared-flags.js';

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
    return { request, flags, dryRun: shared.dryRunOf(flags, factory) };
  },
  async run({ request, flags, dryRun }, factory) {
    const print = await objectPrinter(factory, flags, 'reconciled', dryRun);
    await visitAll(factory, request, async (info) => {
      const object = info.object as KubeObject;
      if (info.mapping.group !== 'rbac.authorization.k8s.io') return;
      print(await reconcile(factory, info, object, flags, dryRun));
    });
  },
};
export default command;

interface Rbac extends KubeObject {
  readonly rules?: readonly Json[];
  readonly subjects?: readonly Json[];
  readonly roleRef?: Json;
}

async function reconcile(factory: Factory, info: Info, wanted: Rbac, flags: FlagValues, dryRun: shared.DryRun): Promise<KubeObject> {
  const target = { resource: info.mapping, namespace: info.namespace, name: info.name };
  const query = shared.dryRunQuery(dryRun);
  let live: Rbac;
  try {
    live = await factory.client.get<Rbac>(target);
  } catch (error) {
    if (!(error instanceof StatusError && error.reason === 'NotFound')) throw error;
    return dryRun === 'client' ? wanted : factory.client.create({ resource: info.mapping, namespace: info.namespace }, wanted, query);
  }
  const field = wanted.kind.endsWith('Binding') ? 'subjects' : 'rules';
  const removeExtra = flags.bool(field === 'rules' ? 'remove-extra-permissions' : 'remove-extra-subjects');
  const [has, wants] = [live[field] ?? [], wanted[field] ?? []];
  const missing = wants.filter((one) => !has.some((other) => isEqual(other, one)));
  const extra = has.filter((one) => !wants.some((other) => isEqual(other, one)));
  const changed: Rbac = {
    ...live,
    metadata: {
      ...live.metadata,
      ...(wanted.metadata.labels === undefined ? {} : { labels: { ...live.metadata.labels, ...wanted.metadata.labels } }),
      ...(wanted.metadata.annotations === undefined ? {} : { annotations: { ...live.metadata.annotations, ...wanted.metadata.annotations } }),
    },
    [field]: removeExtra ? wants : [...has, ...missing],
  };
  if (isEqual(changed as unknown as Json, live as unknown as Json) || dryRun === 'client') return changed;
  if (field === 'subjects' && !isEqual(live.roleRef, wanted.roleRef)) {
    await factory.client.delete(target, { preconditions: { uid: live.metadata.uid } }, query);
    return factory.client.create({ resource: info.mapping, namespace: info.namespace }, wanted, query);
  }
  if (missing.length > 0) factory.streams.out(`\tmissing ${field} added:\n${missing.map((one) => `\t\t${JSON.stringify(one)}\n`).join('')}`);
  if (removeExtra && extra.length > 0) factory.streams.out(`\textra ${field} removed:\n${extra.map((one) => `\t\t${JSON.stringify(one)}\n`).join('')}`);
  return factory.client.update(target, changed, query);
}
