/** Editing objects in the user's editor: `edit`, `create --edit`, `apply edit-last-applied` (pkg/cmd/util/editor/editoptions.go, editor.go). */

import { StatusError } from '../api/errors.js';
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { goJson } from '../text/go-json-writer.js';
import { emitYaml } from '../text/yaml-emitter.js';
import { collect, type Info, type Request } from './builder.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { createObject } from './commands/create.js';
import { aggregate, messageOf, report } from './errors.js';
import { LAST_APPLIED, withLastApplied } from './last-applied.js';
import { withoutManagedFields } from './managed-fields.js';
import { decodeObject, isMap, readDocuments } from './manifests.js';
import { patchTypeOf } from './patch-schema.js';
import { objectPrinter } from './printing.js';
import { recorded } from './record.js';
import * as shared from './shared-flags.js';
import { twoWayJson, twoWayStrategic } from './three-way.js';

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** The editor: KUBE_EDITOR, EDITOR, or vi. Words with blanks go through a shell. */
async function launchEditor(factory: Factory, path: string): Promise<void> {
  const editor = factory.env['KUBE_EDITOR'] || factory.env['EDITOR'] || 'vi';
  const argv = /["'\\\s]/.test(editor) ? ['sh', '-c', `${editor} "$1"`, 'sh', path] : [editor, path];
  let code: number;
  try {
    code = await factory.files.run(argv);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') throw new UsageError(`unable to launch the editor "${editor}"`);
    throw error;
  }
  if (code !== 0) throw new UsageError(`there was a problem with the editor "${editor}"`);
}

interface EditMode {
  /** What the user sees and changes of an object. */
  readonly shown: (info: Info) => Json;
  /** Puts a changed text back; returns what is printed. */
  readonly save: (info: Info, edited: KubeObject) => Promise<void>;
  readonly nothing: string;
  /** What is edited does not exist yet: it may be given another name. */
  readonly isNew?: boolean;
}

/** The edit loop: opens the text, reads it back, applies it; a refused one is opened again with the reason on top. */
async function editObjects(factory: Factory, flags: FlagValues, infos: readonly Info[], mode: EditMode): Promise<void> {
  const asJson = flags.has('output') && flags.string('output') === 'json';
  const write = (value: Json): string => (asJson ? `${goJson(value, { indent: '    ' })}\n` : emitYaml(value));
  const originals = infos.map(mode.shown);
  const body = write(originals.length === 1 ? (originals[0] as Json) : { apiVersion: 'v1', items: originals, kind: 'List', metadata: {} });
  const directory = await factory.files.makeTemporaryDirectory('kubectl-edit-');
  const path = `${directory}.${asJson ? 'json' : 'yaml'}`;
  await factory.files.remove(directory);
  let text = HEADER + body;
  let reason = '';
  for (;;) {
    await factory.files.write(path, text);
    await launchEditor(factory, path);
    const edited = await factory.files.read(path);
    const bare = withoutComments(edited);
    if (bare === withoutComments(HEADER + body) && reason === '') {
      await factory.files.remove(path);
      factory.streams.err(`${mode.nothing}\n`);
      return;
    }
    if (bare.trim() === '') {
      await factory.files.remove(path);
      factory.streams.err('Edit cancelled, saved file was empty.\n');
      return;
    }
    if (reason !== '' && bare === withoutComments(text)) {
      factory.streams.err(`A copy of your changes has been stored to "${path}"\n`);
      throw new UsageError('Edit cancelled, no valid changes were saved.');
    }
    try {
      await saveAll(infos, edited, mode);
      await factory.files.remove(path);
      return;
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof UsageError || error instanceof AggregateError)) throw error;
      reason = report(error, factory.commandPath).text.trimEnd();
      factory.streams.err(`${reason}\n`);
      const notes = reason
        .split('\n')
        .map((line) => `# ${line}`)
        .join('\n');
      text = `${HEADER}${notes}\n#\n${bare}`;
    }
  }
}

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

async function saveAll(infos: readonly Info[], text: string, mode: EditMode): Promise<void> {
  const values: Json[] = [];
  for (const document of readDocuments(text)) {
    if ('error' in document) throw new UsageError(`The edited file failed validation: ${document.error}`);
    if (isMap(document.value) && document.value['kind'] === 'List' && Array.isArray(document.value['items'])) values.push(...document.value['items']);
    else values.push(document.value);
  }
  const failures: unknown[] = [];
  for (const value of values) {
    try {
      const edited = decodeObject(value);
      const alike = infos.filter((one) => one.mapping.kind === edited.kind);
      const single = infos.length === 1 ? infos[0] : undefined;
      const info = alike.find((one) => one.name === edited.metadata?.name) ?? (mode.isNew === true ? alike[0] : single);
      if (info === undefined) throw new UsageError(`no original object found for ${edited.kind}/${edited.metadata?.name}`);
      await mode.save(info, edited);
    } catch (error) {
      failures.push(error);
    }
  }
  const error = aggregate(failures);
  if (error !== undefined) throw error;
}

/** What an editor shows of an object: no managedFields. */
const editable = (object: KubeObject): Json => withoutManagedFields(object) as unknown as Json;

/** `kubectl edit`: sends the difference as a patch. */
export async function editLive(factory: Factory, flags: FlagValues, request: Request): Promise<void> {
  const infos = await collect(factory, { ...request, latest: true });
  const print = await objectPrinter(factory, flags.string('output') === '' ? flags : withoutOutput(flags), 'edited');
  const subresource = flags.string('subresource');
  await editObjects(factory, flags, infos, {
    shown: (info) => editable(info.object as KubeObject),
    nothing: 'Edit cancelled, no changes made.',
    async save(info, edited) {
      const original = editable(info.object as KubeObject) as JsonObject;
      const target = recorded(factory, flags, flags.bool('save-config') ? withLastApplied(edited) : edited);
      if (target.metadata?.name !== info.name || target.kind !== info.mapping.kind)
        throw new UsageError('At least one of apiVersion, kind and name was changed');
      const type = patchTypeOf(info.mapping.group, info.mapping.kind);
      const patch =
        type === undefined ? twoWayJson(original, target as unknown as JsonObject) : twoWayStrategic(original, target as unknown as JsonObject, type);
      if (Object.keys(patch).length === 0) {
        factory.streams.out(`${info.mapping.kind.toLowerCase()}/${info.name} skipped\n`);
        return;
      }
      if (flags.bool('output-patch')) factory.streams.out(`Patch: ${goJson(patch)}\n`);
      print(
        await factory.client.patch<KubeObject>(
          { resource: info.mapping, namespace: info.namespace, name: info.name, ...(subresource === '' ? {} : { subresource }) },
          type === undefined ? 'merge' : 'strategic',
          patch,
          { fieldManager: flags.string('field-manager'), fieldValidation: shared.validationOf(flags) },
        ),
      );
    },
  });
}

/** -o says how to edit, not how to print. */
const withoutOutput = (flags: FlagValues): FlagValues => ({ ...flags, string: (name) => (name === 'output' ? '' : flags.string(name)) });

/** `create --edit`: what the editor leaves is created. */
export async function editOnCreate(factory: Factory, flags: FlagValues, request: Request): Promise<void> {
  const infos = await collect(factory, request);
  const print = await objectPrinter(factory, withoutOutput(flags), 'created');
  await editObjects(factory, flags, infos, {
    shown: (info) => info.object as unknown as Json,
    nothing: 'Edit cancelled, no changes made.',
    isNew: true,
    async save(info, edited) {
      const object = recorded(factory, flags, flags.bool('save-config') ? withLastApplied(edited) : edited);
      print(
        await createObject(factory.client, info, object, {
          fieldManager: flags.string('field-manager'),
          fieldValidation: shared.validationOf(flags),
        }),
      );
    },
  });
}

/** `apply edit-last-applied`: the annotation is what is edited. */
export async function editLastApplied(factory: Factory, flags: FlagValues, request: Request): Promise<void> {
  const infos = await collect(factory, { ...request, latest: true });
  const print = await objectPrinter(factory, withoutOutput(flags), 'edited');
  const noted = infos.filter((info) => info.object?.metadata.annotations?.[LAST_APPLIED] !== undefined);
  if (noted.length === 0)
    throw new UsageError(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    );
  await editObjects(factory, flags, noted, {
    shown: (info) => JSON.parse(info.object?.metadata.annotations?.[LAST_APPLIED] as string) as Json,
    nothing: 'Edit cancelled, no changes made.',
    async save(info, edited) {
      const annotations = { [LAST_APPLIED]: `${goJson(edited)}\n` };
      try {
        print(
          await factory.client.patch<KubeObject>(
            { resource: info.mapping, namespace: info.namespace, name: info.name },
            'merge',
            { metadata: { annotations } },
            {
              fieldManager: flags.string('field-manager'),
            },
          ),
        );
      } catch (error) {
        throw new UsageError(messageOf(error));
      }
    },
  });
}
