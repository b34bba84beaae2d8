/** kubectl create -f (pkg/cmd/create/create.go); the generators are in create/. */
import type { KubeObject } from '../../api/object.js';
import { addSource, type Info, type Request, requestOf, requireFiles, visit } from '../builder/index.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { aggregate } from '../errors.js';
import { saveConfig } from '../last-applied.js';
import { objectPrinter } from '../printing.js';
import { checkRaw, copyRaw, rawFile } from '../raw.js';
import { RECORD, recorded } from '../record.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly raw: string;
}

const command: Command<Options> = {
  use: 'create -f FILENAME',
  short: 'Create a resource from a file or from stdin',
  long: `Create a resource from a file or from stdin.

Manifests may be JSON or YAML.`,
  examples: `# The pod that pod.json describes
kubectl create -f ./pod.json

# What stdin describes
cat pod.json | kubectl create -f -

# Edit a manifest first, then create what it says
kubectl create -f registry.yaml --edit -o json`,
  flags: [
    ...shared.PRINT,
    shared.DRY_RUN,
    { name: 'edit', type: 'bool', usage: 'Edit the manifest before creating' },
    shared.FIELD_MANAGER('kubectl-create'),
    ...shared.FILES('File, directory or URL with what to create'),
    { name: 'raw', type: 'string', usage: 'Path of the server to POST the file to, as it is.' },
    RECORD,
    shared.SAVE_CONFIG,
    shared.SELECTOR,
    shared.VALIDATE,
    { name: 'windows-line-endings', type: 'bool', usage: 'With --edit: end lines as Windows does. By default as this machine does.' },
  ],
  async complete(args, flags, factory) {
    const request = requestOf(flags, []);
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'help');
    requireFiles(request);
    return { request, args, flags, dryRun: shared.dryRunOf(flags, factory), raw: flags.string('raw') };
  },
  validate(options) {
    if (options.raw === '') return;
    if (options.flags.bool('edit')) throw new UsageError('--raw and --edit are mutually exclusive');
    checkRaw(options.request, options.flags, { selector: true, required: true });
  },
  async run({ request, flags, dryRun, raw }, factory) {
    const validation = shared.validationOf(flags);
    if (raw !== '') {
      const text = await rawFile(factory, request.filenames?.[0] as string);
      await copyRaw(factory, 'POST', raw, { body: text });
      return;
    }
    if (flags.bool('edit')) {
      const { editOnCreate } = await import('../editing.js');
      return editOnCreate(factory, flags, request);
    }
    const print = await objectPrinter(factory, flags, 'created', dryRun);
    let count = 0;
    const { errors } = await visit(factory, { ...request, validation }, async (info) => {
      let object = recorded(factory, flags, saveConfig(info.object as KubeObject, flags.bool('save-config')));
      if (dryRun !== 'client') {
        try {
          object = await createObject(factory.client, info, object, {
            fieldManager: flags.string('field-manager'),
            fieldValidation: validation,
            ...shared.dryRunQuery(dryRun),
          });
        } catch (error) {
          throw addSource('creating', info.source, error);
        }
      }
      count += 1;
      print(object);
    });
    const error = aggregate(errors);
    if (error !== undefined) throw error;
    if (count === 0) throw new UsageError('no objects passed to create');
  },
};
export default command;

/** POST; the resourceVersion of a manifest is not sent (resource.Helper.Create with modify). */
export function createObject(
  client: import('../../client/rest-client.js').RestClient,
  info: Pick<Info, 'mapping' | 'namespace'>,
  object: KubeObject,
  query: import('../../client/rest-client.js').Query,
): Promise<KubeObject> {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return client.create({ resource: info.mapping, namespace: info.namespace }, { ...object, metadata }, query);
}
