/** Editing objects in the user's editor: `edit`, `create --edit`, `apply edit-last-applied` (pkg/cmd/util/editor/editoptions.go, editor.go). */
import { StatusError } from '../api/errors.js';
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { goJson } from '../text/go-json-writer.js';
import { parseYaml } from '../text/yaml.js';
import { emitYaml } from '../text/yaml-emitter.js';
import { collect, hasFiles, type Info, type Request, targetOf } from './builder/index.js';
import { ExitError, type Factory, type FlagValues, UsageError } from './command.js';
import { createObject } from './commands/create.js';
import { aggregate, messageOf } from './errors.js';
import { LAST_APPLIED, withLastApplied } from './last-applied.js';
import { withoutManagedFields } from './managed-fields.js';
import { decodeObject, isMap, readDocuments } from './manifests.js';
import { patchTypeOf } from './patch-schema.js';
import { noPrinter } from './printers/index.js';
import { operationPrinter } from './printing.js';
import { recorded } from './record.js';
import * as shared from './shared-flags.js';
import { twoWayJson, twoWayStrategic } from './three-way.js';

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;
const APPLIED_HEADER = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

/** Why the file is opened again, as it stands in its header. */
interface Reason {
  readonly head: string;
  readonly causes: readonly string[];
}

/** What the server refused, by what can be done about it. */
interface Refusals {
  readonly reasons: Reason[];
  retryable: number;
  notFound: number;
}

interface Edited {
  readonly info: Info;
  readonly original: KubeObject;
  readonly object: KubeObject;
}

interface EditMode {
  readonly header: string;
  /** Sends one object back; it tells `refused` what the server does not take. */
  readonly save: (edited: Edited, refused: (error: StatusError) => void) => Promise<void>;
}

/** The editor: KUBE_EDITOR, EDITOR, or vi. Words with blanks go through a shell. */
async function launchEditor(factory: Factory, path: string): Promise<void> {
  const editor = factory.env['KUBE_EDITOR'] || factory.env['EDITOR'] || 'vi';
  const argv = /["'\\\s]/.test(editor) ? ['sh', '-c', `${editor} "$1"`, 'sh', path] : [editor, path];
  let code: number;
  try {
    code = await factory.files.run(argv);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT' && !editor.includes('/')) throw new UsageError(`unable to launch the editor "${editor}"`);
    code = -1;
  }
  if (code !== 0) throw new UsageError(`there was a problem with the editor "${editor}"`);
}

/** A new file with the text, edited; its path and what is in it then. */
async function editText(factory: Factory, text: string, extension: string): Promise<{ readonly path: string; readonly edited: string }> {
  const directory = await factory.files.makeTemporaryDirectory('kubectl-edit-');
  const path = `${directory}${extension}`;
  await factory.files.remove(directory);
  await factory.files.write(path, text);
  try {
    await launchEditor(factory, path);
  } catch (error) {
    await factory.files.remove(path);
    throw error;
  }
  return { path, edited: await factory.files.read(path) };
}

/** In what form objects are edited. */
function shownAs(flags: FlagValues): 'json' | 'yaml' {
  const output = (flags.has('output') && flags.string('output')) || 'yaml';
  if (output !== 'json' && output !== 'yaml') throw noPrinter(output, ['json', 'yaml']);
  return output;
}

/** The edit loop: opens the text, reads it back, sends it; what is refused is opened again with the reasons on top. */
async function editObjects(factory: Factory, flags: FlagValues, infos: readonly Info[], mode: EditMode): Promise<void> {
  const output = shownAs(flags);
  const shown = infos.map((info) => withoutManagedFields(info.object as KubeObject) as unknown as Json);
  const whole: Json = shown.length === 1 ? (shown[0] as Json) : { apiVersion: 'v1', items: shown, kind: 'List', metadata: {} };
  const original = output === 'json' ? `${goJson(whole, { indent: '    ' })}\n` : emitYaml(whole);
  let reasons: readonly Reason[] = [];
  let last: { readonly path: string; readonly edited: string } | undefined;
  const drop = async (): Promise<void> => {
    if (last !== undefined) await factory.files.remove(last.path);
  };
  const kept = (error: unknown): unknown => {
    if (last !== undefined) factory.streams.err(`A copy of your changes has been stored to "${last.path}"\n`);
    return error;
  };
  for (;;) {
    const head = output === 'json' ? '' : mode.header + reasons.map(reasonText).join('');
    const before = last;
    const next = await editText(factory, head + (before === undefined ? original : withoutComments(before.edited)), `.${output}`);
    await drop();
    last = next;
    if (before !== undefined && isSameText(before.edited, next.edited)) throw kept(new UsageError('Edit cancelled, no valid changes were saved.'));
    const invalid = validationErrorOf(next.edited);
    if (invalid !== undefined) {
      const [info] = infos as [Info];
      factory.streams.err(`error: ${resourceText(info)} "${info.name}" is invalid\n`);
      const cause = `<nil>: Invalid value: "The edited file failed validation": ${invalid}`;
      reasons = [{ head: `${resourceText(info)} "${info.name}" was not valid`, causes: [cause] }];
      continue;
    }
    if (isSameText(original, next.edited)) {
      await drop();
      factory.streams.err('Edit cancelled, no changes made.\n');
      return;
    }
    if (!next.edited.split('\n').some((line) => line.trim() !== '' && !line.trim().startsWith('#'))) {
      await drop();
      factory.streams.err('Edit cancelled, saved file was empty.\n');
      return;
    }
    let objects: readonly KubeObject[];
    try {
      objects = objectsOf(next.edited);
      const mapper = await factory.mapper();
      for (const { apiVersion, kind } of objects) mapper.kindFor(apiVersion, kind);
    } catch (error) {
      reasons = [{ head: `The edited file had a syntax error: ${messageOf(error)}`, causes: [] }];
      continue;
    }
    const refusals: Refusals = { reasons: [], retryable: 0, notFound: 0 };
    try {
      for (const object of objects) await saveOne(factory, infos, object, mode, refusals);
    } catch (error) {
      throw kept(error);
    }
    if (refusals.retryable > 0) {
      factory.streams.err(`You can run \`kubectl replace -f ${next.path}\` to try this update again.\n`);
      throw new ExitError(1);
    }
    if (refusals.notFound > 0) {
      factory.streams.err(`The edits you made on deleted resources have been saved to "${next.path}"\n`);
      throw new ExitError(1);
    }
    if (refusals.reasons.length === 0) return drop();
    reasons = refusals.reasons;
  }
}

/** An edited object goes to the original with its uid. */
async function saveOne(factory: Factory, infos: readonly Info[], object: KubeObject, mode: EditMode, refusals: Refusals): Promise<void> {
  const info = infos.find((one) => one.object?.metadata.uid === object.metadata?.uid);
  if (info === undefined) throw new UsageError(`no original object found for ${object.kind}/${object.metadata?.name}`);
  const namespace = object.metadata.namespace ?? '';
  if (info.mapping.namespaced && namespace !== '' && namespace !== factory.namespace)
    throw new UsageError(
      `the namespace from the provided object "${namespace}" does not match the namespace "${factory.namespace}". You must pass '--namespace=${namespace}' to perform this operation.`,
    );
  const original = info.object as KubeObject;
  const { managedFields } = original.metadata;
  const restored = managedFields === undefined ? object : ({ ...object, metadata: { ...object.metadata, managedFields } } as KubeObject);
  await mode.save({ info, original, object: restored }, (error) => factory.streams.err(`${refusal(error, info, refusals)}\n`));
}

/** editResults.addError. */
function refusal(error: StatusError, info: Info, refusals: Refusals): string {
  const name = `${resourceText(info)} "${info.name}"`;
  if (error.reason === 'Invalid') {
    const causes = (error.status.details?.causes ?? []).map(({ field, message }) => `${field ?? ''}: ${message ?? ''}`);
    refusals.reasons.push({ head: `${name} was not valid`, causes });
    return `error: ${name} is invalid`;
  }
  if (error.reason === 'NotFound') {
    refusals.notFound += 1;
    return `error: ${name} could not be found on the server`;
  }
  refusals.retryable += 1;
  return `error: ${name} could not be patched: ${error.message}`;
}

const resourceText = ({ mapping }: Info): string => (mapping.group === '' ? mapping.resource : `${mapping.resource}.${mapping.group}`);

function reasonText({ head, causes }: Reason): string {
  const line = (text: string): string => text.replace(/\n(?=[^#])/g, '\n# ');
  return `# ${line(head)}${causes.length > 0 ? ':' : ''}\n${causes.map((cause) => `# * ${line(cause)}\n`).join('')}#\n`;
}

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

/** cmdutil.StripComments: by what the text says, if that can be read. */
function isSameText(a: string, b: string): boolean {
  const stripped = (text: string): string => {
    const parsed = parseYaml(text);
    return 'error' in parsed ? withoutComments(text) : goJson((parsed.value ?? null) as Json);
  };
  return stripped(a) === stripped(b);
}

/** What is checked without the server: that it is YAML, and says its kind. */
function validationErrorOf(text: string): string | undefined {
  const documents = [...readDocuments(withoutComments(text))];
  for (const document of documents.length === 0 ? [{ value: null }] : documents) {
    if ('error' in document) return document.error;
    if (!isMap(document.value)) return 'invalid object to validate';
    const missing = ['apiVersion', 'kind'].filter((key) => typeof (document.value as JsonObject)[key] !== 'string');
    if (missing.length > 0) return missing.length === 1 ? `${missing[0]} not set` : `[${missing.map((key) => `${key} not set`).join(', ')}]`;
  }
  return undefined;
}

function objectsOf(text: string): readonly KubeObject[] {
  const objects: KubeObject[] = [];
  for (const document of readDocuments(text)) {
    if ('error' in document) throw new UsageError(document.error);
    const { value } = document;
    if (isMap(value) && value['kind'] === 'List' && Array.isArray(value['items'])) objects.push(...value['items'].map((item) => decodeObject(item as Json)));
    else objects.push(decodeObject(value));
  }
  return objects;
}

/** `kubectl edit`: sends the difference as a patch. */
export async function editLive(factory: Factory, flags: FlagValues, request: Request): Promise<void> {
  shownAs(flags);
  const infos = await collect(factory, { ...request, all: !hasFiles(request), latest: true });
  if (infos.length === 0) throw new UsageError('edit cancelled, no objects found');
  const print = await operationPrinter(factory, flags);
  const subresource = flags.string('subresource');
  await editObjects(factory, flags, infos, {
    header: HEADER,
    async save({ info, original, object: edited }, refused) {
      const object = recorded(factory, flags, flags.bool('save-config') ? withLastApplied(edited) : edited);
      if (goJson(original) === goJson(object)) return print(object, 'skipped');
      if (['apiVersion', 'kind'].some((key) => object[key as 'kind'] !== original[key as 'kind']) || object.metadata.name !== original.metadata.name)
        throw new UsageError('At least one of apiVersion, kind and name was changed');
      const type = patchTypeOf(info.mapping.group, info.mapping.kind);
      const [from, to] = [original as unknown as JsonObject, object as unknown as JsonObject];
      const patch = type === undefined ? twoWayJson(from, to) : twoWayStrategic(from, to, type);
      if (flags.bool('output-patch')) factory.streams.out(`Patch: ${goJson(patch)}\n`);
      const target = { ...targetOf(info), ...(subresource === '' ? {} : { subresource }) };
      const query = { fieldManager: flags.string('field-manager'), fieldValidation: shared.validationOf(flags) };
      let stored: KubeObject;
      try {
        stored = await factory.client.patch<KubeObject>(target, type === undefined ? 'merge' : 'strategic', patch, query);
      } catch (error) {
        if (error instanceof StatusError) return refused(error);
        throw error;
      }
      return print(stored, 'edited');
    },
  });
}

/** `create --edit`: what the editor leaves of each object is created. */
export async function editOnCreate(factory: Factory, flags: FlagValues, request: Request): Promise<void> {
  const infos = await collect(factory, request);
  const print = await operationPrinter(factory, flags);
  const failures: unknown[] = [];
  const mode: EditMode = {
    header: HEADER,
    async save({ info, object: edited }) {
      const object = recorded(factory, flags, flags.bool('save-config') ? withLastApplied(edited) : edited);
      const query = { fieldManager: flags.string('field-manager'), fieldValidation: shared.validationOf(flags) };
      await print(await createObject(factory.client, info, object, query), 'created');
    },
  };
  for (const info of infos) {
    try {
      await editObjects(factory, flags, [info], mode);
    } catch (error) {
      failures.push(error);
    }
  }
  const error = aggregate(failures);
  if (error !== undefined) throw error;
}

/** `apply edit-last-applied`: the annotation is what is edited. */
export async function editLastApplied(factory: Factory, flags: FlagValues, request: Request): Promise<void> {
  shownAs(flags);
  const infos = await collect(factory, { ...request, all: !hasFiles(request), latest: true });
  const print = await operationPrinter(factory, flags);
  const noted = infos.flatMap((info): readonly Info[] => {
    const text = info.object?.metadata.annotations?.[LAST_APPLIED];
    return text === undefined ? [] : [{ ...info, object: JSON.parse(text) as KubeObject }];
  });
  if (noted.length === 0)
    throw new UsageError(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    );
  await editObjects(factory, flags, noted, {
    header: APPLIED_HEADER,
    async save({ info, original, object }) {
      if (goJson(original) === goJson(object)) return print(object, 'skipped');
      const annotations = { [LAST_APPLIED]: `${goJson(object)}\n` };
      const query = { fieldManager: flags.string('field-manager') };
      await factory.client.patch(targetOf(info), 'merge', { metadata: { annotations } }, query);
      return print(object, 'edited');
    },
  });
}
