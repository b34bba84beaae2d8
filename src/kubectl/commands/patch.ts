/** kubectl patch (pkg/cmd/patch/patch.go). */
import { StatusError } from '../../api/errors.js';
import type { Json, JsonObject, KubeObject } from '../../api/object.js';
import type { PatchType } from '../../api/verbs.js';
import { goJsonSyntaxError } from '../../text/go-json.js';
import { goJson } from '../../text/go-json-writer.js';
import { parseYaml } from '../../text/yaml.js';
import { applyMerge, applyOperations, applyStrategic } from '../apply-patch.js';
import { type Info, type Request, requestOf, targetOf, visitAll } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { readErrorText } from '../files.js';
import { patchTypeOf } from '../patch-schema.js';
import { operationPrinter } from '../printing.js';
import { RECORD, recordPatch } from '../record.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  short: 'Change fields of a resource',
  long: `Change fields of a resource with a strategic merge patch, a JSON merge patch or a JSON patch.

The patch may be JSON or YAML. Custom resources know no strategic merge patches.`,
  examples: `# A strategic merge patch in JSON
kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

# In YAML
kubectl patch node k8s-node-1 -p $'spec:\\n unschedulable: true'

# Of what a file names
kubectl patch -f node.json -p '{"spec":{"unschedulable":true}}'

# The image of a container; its name says which
kubectl patch pod valid-pod -p '{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new image"}]}}'

# A JSON patch
kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'

# Through the scale subresource
kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p '{"spec":{"replicas":2}}'`,
  flags: [
    ...shared.PRINT,
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-patch'),
    ...shared.FILES('Files, directories or URLs that name what to patch'),
    shared.LOCAL,
    { name: 'patch', short: 'p', type: 'string', usage: 'The patch.' },
    { name: 'patch-file', type: 'string', usage: 'A file with the patch.' },
    RECORD,
    shared.SUBRESOURCE('Patch this subresource of the object.'),
    { name: 'type', type: 'string', default: 'strategic', usage: 'The kind of patch; one of [json merge strategic]' },
  ],
  complete: async (args, flags, factory) => ({ request: requestOf(flags, args), flags, dryRun: shared.dryRunOf(flags, factory) }),
  validate({ request, flags, dryRun }) {
    if (flags.string('patch') !== '' && flags.string('patch-file') !== '') throw new UsageError('cannot specify --patch and --patch-file together');
    if (flags.string('patch') === '' && flags.string('patch-file') === '') {
      throw new UsageError('must specify --patch or --patch-file containing the contents of the patch');
    }
    if (flags.bool('local') && (request.args?.length ?? 0) > 0) throw new UsageError('cannot specify --local and server resources');
    if (flags.bool('local') && dryRun === 'server') throw new UsageError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    if (!['', 'json', 'merge', 'strategic'].includes(flags.string('type').toLowerCase()))
      throw new UsageError(`--type must be one of [json merge strategic], not "${flags.string('type')}"`);
  },
  run,
};
export default command;

async function run({ request, flags, dryRun }: Options, factory: Factory): Promise<void> {
  const type = (flags.string('type').toLowerCase() || 'strategic') as PatchType;
  const text = await patchText(flags, factory);
  // What begins as JSON goes as it is; whether it is JSON, its reader says (apimachinery util/yaml ToJSON)
  const isJson = /^\s*\{/.test(text);
  const parsed = isJson ? { value: undefined } : parseYaml(text);
  const print = await operationPrinter(factory, flags, 'none');
  const local = flags.bool('local');
  const count = await visitAll(factory, { ...request, offline: local }, async (info) => {
    const old = info.object as KubeObject;
    if ('error' in parsed)
      throw new UsageError(`unable to parse ${JSON.stringify(flags.string('patch'))}: ${parsed.isJson === true ? '' : 'yaml: '}${parsed.error}`);
    // Text goes as it is: a value that is one is written as JSON.
    const body = isJson ? text : typeof parsed.value === 'string' ? JSON.stringify(parsed.value) : ((parsed.value ?? null) as Json);
    const subresource = flags.string('subresource');
    const target = { ...targetOf(info), ...(subresource === '' ? {} : { subresource }) };
    const query = { fieldManager: flags.string('field-manager'), ...shared.dryRunQuery(dryRun) };
    let changed =
      local || dryRun === 'client'
        ? patched(info, old, type, isJson ? jsonOf(text, type) : body)
        : await factory.client.patch<KubeObject>(target, type, body ?? 'null', query).catch((error: unknown) => {
            throw unsupported(info, type, error) ?? error;
          });
    const word = goJson(old) === goJson(changed) ? 'patched (no change)' : 'patched';
    const note = local || dryRun === 'client' ? undefined : recordPatch(factory, flags, changed);
    if (note !== undefined) changed = await factory.client.patch<KubeObject>(target, 'merge', note as Json, query);
    await print(changed, word);
  });
  if (count === 0) throw new UsageError('no objects passed to patch');
}

/** Custom resources take no strategic merge patches; kubectl says which kind it was. */
function unsupported({ mapping: { group, version, kind } }: Info, type: PatchType, error: unknown): UsageError | undefined {
  if (!(error instanceof StatusError) || error.reason !== 'UnsupportedMediaType') return undefined;
  const patch = type === 'strategic' ? 'strategic-merge-patch' : type === 'merge' ? 'merge-patch' : 'json-patch';
  return new UsageError(`application/${patch}+json is not supported by ${group}/${version}, Kind=${kind}: ${error.message}`);
}

async function patchText(flags: FlagValues, factory: Factory): Promise<string> {
  const path = flags.string('patch-file');
  if (path === '') return flags.string('patch');
  try {
    return await factory.files.read(path);
  } catch (error) {
    throw new UsageError(`unable to read patch file: ${readErrorText(path, error)}`);
  }
}

/** What is wrong with text that only looks like JSON depends on who reads it (getPatchedJSON). */
function jsonOf(text: string, type: PatchType): Json {
  const problem = goJsonSyntaxError(text);
  if (problem !== undefined) throw new UsageError(type === 'strategic' ? 'invalid JSON document' : type === 'merge' ? 'Invalid JSON Patch' : problem);
  return JSON.parse(text) as Json;
}

function patched(info: Info, object: KubeObject, type: PatchType, body: Json): KubeObject {
  const target = object as unknown as JsonObject;
  if (type === 'json') return applyOperations(target, body) as unknown as KubeObject;
  // Go reads null into an empty patch
  if (body === null && type === 'strategic') return object;
  if (body === null) throw new UsageError('Invalid JSON Patch');
  if (typeof body !== 'object' || Array.isArray(body)) throw new UsageError('invalid JSON document');
  if (type === 'merge') return applyMerge(target, body) as unknown as KubeObject;
  const schema = patchTypeOf(info.mapping.group, info.mapping.kind);
  if (schema === undefined)
    throw new UsageError(
      `strategic merge patch is not supported for ${info.mapping.group}/${info.mapping.version}, Kind=${info.mapping.kind} locally, try --type merge`,
    );
  return applyStrategic(target, body as JsonObject, schema) as unknown as KubeObject;
}
