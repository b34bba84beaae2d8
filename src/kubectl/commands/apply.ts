/** kubectl apply (pkg/cmd/apply/apply.go). */
import { StatusError } from '../../api/errors.js';
import type { Json, KubeObject } from '../../api/object.js';
import { withMessage } from '../../client/rest-client.js';
import { addSource, fetchInfo, type Info, type Request, requestOf, requireFiles, targetOf, visit } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { aggregate, messageOf } from '../errors.js';
import { LAST_APPLIED, lastApplied, pruneNulls, withLastApplied } from '../last-applied.js';
import { describeInfo, objectName } from '../names.js';
import { patchLive, patchText } from '../patcher.js';
import { kindAndName } from '../printers/name.js';
import { dryRunSuffix, objectPrinter, outputOf } from '../printing.js';
import { RECORD, recorded } from '../record.js';
import * as shared from '../shared-flags.js';
import { createObject } from './create.js';

interface Options {
  readonly request: Request;
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly serverSide: boolean;
  readonly fieldManager: string;
  readonly validation: shared.Validation;
  readonly propagation: shared.Propagation;
}

const command: Command<Options> = {
  use: 'apply (-f FILENAME | -k DIRECTORY)',
  short: 'Apply a configuration from a file or from stdin',
  long: `Make the objects that files describe as the files say: objects that are missing are created, others changed. An object needs a name for this; it can have been made by 'apply' or by 'create --save-config'.

What was applied is noted in an annotation of the object, so that a field which leaves the file leaves the object, while fields that only others set stay as they are.

Manifests may be JSON or YAML.`,
  examples: `# The pod of a file
kubectl apply -f ./pod.json

# A directory with a kustomization.yaml
kubectl apply -k dir/

# What stdin describes
cat pod.json | kubectl apply -f -

# Everything in the files, and remove what has the label but is not in them
kubectl apply --prune -f manifest.yaml -l app=nginx

# The same for config maps only, without a label
kubectl apply --prune -f manifest.yaml --all --prune-allowlist=core/v1/ConfigMap`,
  flags: [
    ...shared.PRINT,
    { name: 'all', type: 'bool', usage: 'Take all objects of the namespace for --prune.' },
    ...shared.DELETION(),
    shared.DRY_RUN,
    { name: 'field-manager', type: 'string', default: 'kubectl-client-side-apply', usage: 'Under which name changed fields are owned.' },
    ...shared.FILES('The files that hold the configurations to apply.'),
    { name: 'force-conflicts', type: 'bool', usage: 'With --server-side: take fields from their other owners.' },
    {
      name: 'openapi-patch',
      type: 'bool',
      default: 'true',
      usage: 'Work out differences with the schema of the server when it has the kind; otherwise with the built-in types.',
    },
    { name: 'overwrite', type: 'bool', default: 'true', usage: 'When live object and file disagree, the file wins' },
    { name: 'prune', type: 'bool', usage: 'Delete objects that were applied earlier and are not in the files any more. Needs -l or --all.' },
    { name: 'prune-allowlist', type: 'stringArray', usage: 'With --prune: the kinds to look through, as group/version/kind' },
    RECORD,
    shared.SELECTOR,
    { name: 'server-side', type: 'bool', usage: 'Let the server work out the differences.' },
    shared.SUBRESOURCE('Apply to this subresource of the object.'),
    shared.VALIDATE,
  ],
  async complete(args, flags, factory) {
    const request = requestOf(flags, []);
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'help');
    const serverSide = flags.bool('server-side');
    const forceConflicts = flags.bool('force-conflicts');
    const dryRun = shared.dryRunOf(flags, factory);
    if (forceConflicts && !serverSide) throw new UsageError('--force-conflicts only works with --server-side');
    if (dryRun === 'client' && serverSide) throw new UsageError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
    const validation = shared.validationOf(flags);
    requireFiles(request);
    // A wrong list is an error before anything is applied (ApplyFlags.ToOptions).
    if (flags.bool('prune')) await (await import('../prune.js')).allowedKinds(factory, flags);
    return {
      request: { ...request, all: false, validation },
      args,
      flags,
      dryRun,
      serverSide,
      fieldManager: serverSide && !flags.changed('field-manager') ? 'kubectl' : flags.string('field-manager'),
      validation,
      propagation: shared.cascadeOf(flags, factory.streams),
    };
  },
  validate({ flags, serverSide, dryRun }) {
    const prune = flags.bool('prune');
    const selector = flags.string('selector');
    if (flags.bool('force') && serverSide) throw new UsageError('--force cannot be used with --server-side');
    if (flags.bool('force') && dryRun === 'server') throw new UsageError('--dry-run=server cannot be used with --force');
    if (flags.bool('all') && selector !== '') throw new UsageError('cannot set --all and --selector at the same time');
    if (flags.bool('force') && prune) throw new UsageError('--force cannot be used with --prune');
    if (prune && !flags.bool('all') && selector === '') {
      throw new UsageError(
        'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
      );
    }
    if (prune && serverSide) throw new UsageError("--prune is in alpha and doesn't currently work on objects created by server-side apply");
    if (!serverSide && flags.string('subresource') !== '') throw new UsageError('--subresource can only be specified for --server-side');
  },
  run,
};
export default command;

const PRINTED_AT_END = (output: string): boolean => output !== '' && output !== 'name';

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags, dryRun } = options;
  const output = outputOf(flags);
  const applied: { info: Info; object: KubeObject }[] = [];
  if (output !== '') await objectPrinter(factory, flags, '');
  const say = (object: KubeObject, word: string) => {
    if (output === 'name') factory.streams.out(`${kindAndName(object)}\n`);
    else if (output === '') factory.streams.out(`${kindAndName(object)} ${word}${dryRunSuffix(dryRun)}\n`);
  };
  // kubectl reads all files before it does anything (ApplyOptions.GetObjects), and does what it could read even if some failed
  const infos: Info[] = [];
  const { errors: readErrors } = await visit(factory, options.request, async (info) => void infos.push(info));
  const unread = aggregate(readErrors);
  const errors: unknown[] = unread === undefined ? [] : [unread];
  if (infos.length === 0 && errors.length === 0) throw new UsageError('no objects passed to apply');
  const visited: { uid: string | undefined; namespace: string }[] = [];
  for (const info of infos) {
    try {
      const { object, word } = await applyOne(options, factory, info);
      applied.push({ info, object });
      visited.push({ uid: object.metadata.uid, namespace: info.namespace });
      say(object, word);
    } catch (error) {
      errors.push(error);
    }
  }
  const error = aggregate(errors);
  if (error !== undefined) throw error;
  if (PRINTED_AT_END(output))
    await printAll(
      factory,
      flags,
      applied.map((one) => one.object),
    );
  if (flags.bool('prune')) {
    const { prune } = await import('../prune.js');
    // Each comes from a printer of its own, behind what was applied
    const tell = async (object: KubeObject) => (PRINTED_AT_END(output) ? (await objectPrinter(factory, flags, ''))(object) : say(object, 'pruned'));
    await prune(factory, { flags, dryRun, propagation: options.propagation, visited, tell });
  }
}

/** One object as it is, several as a List. */
async function printAll(factory: Factory, flags: FlagValues, objects: readonly KubeObject[]): Promise<void> {
  const print = await objectPrinter(factory, flags, '', 'none', objects.length > 1);
  if (objects.length === 1) print(objects[0] as KubeObject);
  else print({ apiVersion: 'v1', kind: 'List', metadata: {}, items: objects } as unknown as KubeObject);
}

async function applyOne(options: Options, factory: Factory, read: Info): Promise<{ object: KubeObject; word: string }> {
  const object = recorded(factory, options.flags, read.object as KubeObject);
  const info = { ...read, object };
  if (info.name === '' && (object.metadata.generateName ?? '') !== '')
    throw new UsageError(`from ${object.metadata.generateName}: cannot use generate name with apply`);
  if (options.serverSide) return { object: await applyServerSide(options, factory, info), word: 'serverside-applied' };
  const query = { fieldManager: options.fieldManager, fieldValidation: options.validation, ...shared.dryRunQuery(options.dryRun) };
  const modified = withLastApplied(object);
  let live: KubeObject;
  try {
    live = (await fetchInfo(factory, info)).object as KubeObject;
  } catch (error) {
    if (!(error instanceof StatusError && error.reason === 'NotFound')) {
      throw addSource(`retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`, info.source, error);
    }
    let created = pruneNulls(modified as unknown as Json) as unknown as KubeObject;
    if (options.dryRun !== 'client') {
      try {
        created = await createObject(factory.client, info, created, query);
      } catch (failure) {
        throw addSource('creating', info.source, failure);
      }
    }
    return { object: created, word: 'created' };
  }
  if (options.dryRun === 'client') return { object: live, word: 'configured' };
  if (lastApplied(live) === undefined) {
    factory.streams.err(
      `Warning: resource ${objectName(info)} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  const {
    body,
    object: patched,
    failure,
  } = await patchLive(factory, info, modified, live, query, options.flags.string('subresource'), options.flags.bool('overwrite'));
  if (failure !== undefined) {
    if (options.flags.bool('force') && failure instanceof StatusError && (failure.reason === 'Conflict' || failure.reason === 'Invalid')) {
      return { object: await recreate(options, factory, info, live, modified, query), word: 'configured' };
    }
    const inner = failure instanceof StatusError ? withMessage(failure, `error when patching "${info.source}": ${failure.message}`) : failure;
    throw addSource(`applying patch:\n${patchText(body)}\nto:\n${describeInfo(info)}\nfor:`, info.source, inner);
  }
  warnIfDeleting(factory, info, patched);
  return { object: patched, word: Object.keys(body).length === 0 ? 'unchanged' : 'configured' };
}

/** --force: deletes, waits until it is gone, creates anew (patcher.go deleteAndCreate). */
async function recreate(options: Options, factory: Factory, info: Info, live: KubeObject, modified: KubeObject, query: object): Promise<KubeObject> {
  const { A_WEEK, waitGone } = await import('../waiting.js');
  const gracePeriod = options.flags.int('grace-period');
  const body = { ...(gracePeriod >= 0 ? { gracePeriodSeconds: gracePeriod } : {}), propagationPolicy: options.propagation };
  await factory.client.delete(targetOf(info), body);
  const timeout = options.flags.duration('timeout') || A_WEEK;
  await waitGone(factory, { mapping: info.mapping, namespace: info.namespace, name: info.name }, undefined, timeout);
  try {
    return await createObject(factory.client, info, modified, { ...query });
  } catch (error) {
    // What was there is put back; the failure counts all the same
    try {
      await createObject(factory.client, info, live, { ...query });
    } catch (failure) {
      throw new UsageError(
        `An error occurred force-replacing the existing object with the newly provided one:\n\n${messageOf(error)}.\n\nAdditionally, an error occurred attempting to restore the original object:\n\n${messageOf(failure)}`,
      );
    }
    throw error;
  }
}

const CONFLICT_ADVICE = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

async function applyServerSide(options: Options, factory: Factory, info: Info): Promise<KubeObject> {
  const { fieldManager } = options;
  const subresource = options.flags.string('subresource');
  const target = targetOf(info);
  const part = subresource === '' ? target : { ...target, subresource };
  const query = { fieldValidation: options.validation, ...shared.dryRunQuery(options.dryRun) };
  const force = String(options.flags.bool('force-conflicts'));
  const send = () => factory.client.patch<KubeObject>(part, 'apply', info.object, { ...query, fieldManager, force });
  let applied: KubeObject;
  try {
    applied = await send();
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'Conflict') throw new UsageError(`${messageOf(error)}${CONFLICT_ADVICE}`);
    throw error;
  }
  const { migrate } = await import('../apply-migration.js');
  const object = await migrate(factory, applied, { target, fieldManager, query, reapply: send });
  warnIfDeleting(factory, info, object);
  return object;
}

function warnIfDeleting(factory: Factory, info: Info, object: KubeObject): void {
  if (object.metadata.deletionTimestamp !== undefined)
    factory.streams.err(`Warning: Detected changes to resource ${info.name} which is currently being deleted.\n`);
}
