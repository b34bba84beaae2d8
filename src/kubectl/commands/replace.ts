/** kubectl replace (pkg/cmd/replace/replace.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import type { Target } from '../../client/rest-client.js';
import { addSource, type Info, type Request, requestOf, requireFiles, targetOf, visitAll } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { lastApplied, withLastApplied } from '../last-applied.js';
import { objectPrinter, outputOf } from '../printing.js';
import { checkRaw, copyRaw, rawFile } from '../raw.js';
import * as shared from '../shared-flags.js';
import { createObject } from './create.js';
import { deleteObjects } from './delete.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly validation: shared.Validation;
  readonly propagation: shared.Propagation;
}

const command: Command<Options> = {
  use: 'replace -f FILENAME',
  short: 'Replace a resource by what a file or stdin says',
  long: `Replace objects by what files or stdin say; all that is not said is gone. They must be there.

Manifests may be JSON or YAML. "kubectl get TYPE NAME -o yaml" prints the current one.`,
  examples: `# A pod
kubectl replace -f ./pod.json

# What stdin says
cat pod.json | kubectl replace -f -

# Another tag of a pod's image
kubectl get pod mypod -o yaml | sed 's/\\(image: myimage\\):.*$/\\1:v4/' | kubectl replace -f -

# Delete it and create it anew
kubectl replace --force -f ./pod.json`,
  flags: [
    ...shared.PRINT,
    ...shared.DELETION(),
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-replace'),
    ...shared.FILES('The files that hold what replaces.'),
    { name: 'raw', type: 'string', usage: 'Path of the server to PUT the file to, as it is.' },
    shared.SAVE_CONFIG,
    shared.SUBRESOURCE('Replace this subresource of the object.'),
    shared.VALIDATE,
  ],
  async complete(_, flags, factory) {
    const validation = shared.validationOf(flags);
    const dryRun = shared.dryRunOf(flags, factory);
    return { request: requestOf(flags, []), flags, dryRun, validation, propagation: shared.cascadeOf(flags, factory.streams) };
  },
  validate({ request, flags, dryRun }) {
    const force = flags.bool('force');
    if (force && dryRun !== 'none') throw new UsageError('--dry-run can not be used when --force is set');
    if (flags.int('grace-period') >= 0 && !force) throw new UsageError('--grace-period must have --force specified');
    if (flags.duration('timeout') !== 0 && !force) throw new UsageError('--timeout must have --force specified');
    requireFiles(request);
    if (flags.string('raw') !== '') checkRaw(request, flags, { selector: false, required: true });
  },
  run,
};
export default command;

async function run(options: Options, factory: Factory): Promise<void> {
  const { request, flags, dryRun, validation } = options;
  if (flags.string('raw') !== '') {
    const text = await rawFile(factory, request.filenames?.[0] as string);
    await copyRaw(factory, 'PUT', flags.string('raw'), { body: text });
    return;
  }
  const print = await objectPrinter(factory, flags, 'replaced', dryRun);
  if (flags.bool('force')) return forceReplace(options, factory, print);
  await visitAll(factory, { ...request, validation }, async (info) => {
    const object = withConfig(info.object as KubeObject, flags);
    if (dryRun === 'client') return print(object);
    try {
      print(await replaceOne(options, factory, info, object));
    } catch (error) {
      throw addSource('replacing', info.source, error);
    }
  });
}

/** An annotation of apply that the file has is brought up to date; --save-config makes one. */
const withConfig = (object: KubeObject, flags: FlagValues): KubeObject =>
  flags.bool('save-config') || lastApplied(object) !== undefined ? withLastApplied(object) : object;

/**
 * Without a resourceVersion of its own the object takes the live one's (resource.Helper.Replace with overwrite). If that cannot be
 * had, it is sent as it is: the server says what is wrong, or makes it (a Service).
 */
async function replaceOne({ flags, dryRun, validation }: Options, factory: Factory, info: Info, object: KubeObject): Promise<KubeObject> {
  const subresource = flags.string('subresource');
  const target = { ...targetOf(info), ...(subresource === '' ? {} : { subresource }) };
  let body = object;
  if ((object.metadata.resourceVersion ?? '') === '') {
    const version = await liveVersion(factory, target);
    if (version !== undefined) body = { ...object, metadata: { ...object.metadata, resourceVersion: version } };
  }
  return factory.client.update<KubeObject>(target, body, {
    fieldManager: flags.string('field-manager'),
    fieldValidation: validation,
    ...shared.dryRunQuery(dryRun),
  });
}

async function liveVersion(factory: Factory, target: Target): Promise<string | undefined> {
  try {
    return (await factory.client.get<KubeObject>(target)).metadata.resourceVersion;
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

/** --force: deletes all, waits until they are gone, creates them. */
async function forceReplace(options: Options, factory: Factory, print: (object: KubeObject) => void): Promise<void> {
  const { request, flags, validation } = options;
  let stdin: string | undefined;
  if (request.filenames?.includes('-') === true) stdin = new TextDecoder().decode(await factory.streams.in.read());
  // Stdin is read twice, so it is kept.
  const again: Factory =
    stdin === undefined
      ? factory
      : { ...factory, streams: { ...factory.streams, in: { ...factory.streams.in, read: async () => Buffer.from(stdin as string) } } };
  await deleteObjects(
    {
      request: { ...request, local: true },
      // 0 becomes 1, so that nothing is lost by habit (replace.go)
      gracePeriod: flags.int('grace-period') === 0 ? 1 : flags.int('grace-period'),
      propagation: options.propagation,
      dryRun: 'none',
      ignoreNotFound: true,
      output: outputOf(flags),
      wait: true,
      timeout: flags.duration('timeout') || 300_000,
      warnClusterScope: false,
    },
    again,
  );
  const count = await visitAll(again, { ...request, validation }, async (info) => {
    const object = withConfig(info.object as KubeObject, flags);
    print(await createObject(factory.client, info, object, { fieldManager: flags.string('field-manager'), fieldValidation: validation }));
  });
  if (count === 0) throw new UsageError('no objects passed to replace');
}
