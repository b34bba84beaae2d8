/** kubectl diff (pkg/cmd/diff/diff.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { emitYaml } from '../../text/yaml-emitter.js';
import { fetchInfo, type Info, type Request, requestOf, requireFiles, visitAll } from '../builder.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { report } from '../errors.js';
import { withoutLastApplied } from '../last-applied.js';
import { applyPatch } from '../patcher.js';
import * as shared from '../shared-flags.js';
import { createObject } from './create.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'diff -f FILENAME',
  short: 'Compare the live objects with what apply would make of them',
  long: `Compare live objects with what they would be if files were applied.

The difference is shown by "diff" with "-u" and "-N", or by the program that KUBECTL_EXTERNAL_DIFF names, which may have arguments.

Exit codes: 0: no differences. 1: there are some. More: an error, also of the program.`,
  examples: `# What a file would change
kubectl diff -f pod.json

# What stdin would
cat service.yaml | kubectl diff -f -`,
  flags: [
    { name: 'concurrency', type: 'int', default: '1', usage: 'How many objects to compare at a time. More is faster, and harder on the server.' },
    shared.FIELD_MANAGER('kubectl-client-side-apply'),
    ...shared.FILES('Files, directories or URLs that hold the configurations'),
    { name: 'force-conflicts', type: 'bool', usage: 'With --server-side: take fields from their other owners.' },
    { name: 'prune', type: 'bool', usage: 'Show what pruning would delete, too.' },
    { name: 'prune-allowlist', type: 'stringArray', usage: 'With --prune: the kinds to look through, as group/version/kind' },
    shared.SELECTOR,
    { name: 'server-side', type: 'bool', usage: 'Let the server work out the differences.' },
    { name: 'show-managed-fields', type: 'bool', usage: 'Compare managedFields, too.' },
  ],
  async complete(args, flags) {
    const request = requestOf(flags, []);
    return failingWithTwo(() => {
      if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'help');
      requireFiles(request);
      if (flags.bool('force-conflicts') && !flags.bool('server-side')) throw new UsageError('--force-conflicts only works with --server-side');
      return { request, flags };
    });
  },
  async run(options, factory) {
    let differs: boolean;
    try {
      differs = await compare(options, factory);
    } catch (error) {
      factory.streams.err(report(error, factory.commandPath).text);
      throw new ExitError(2);
    }
    if (differs) throw new ExitError(1);
  },
};
export default command;

/** Errors of the command line end with 2: 1 means a difference. */
class DiffUsageError extends UsageError {
  readonly code = 2;
}
function failingWithTwo<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw new DiffUsageError(error.message, error.hint);
    throw error;
  }
}

async function compare({ request, flags }: Options, factory: Factory): Promise<boolean> {
  const { files } = factory;
  const from = await files.makeTemporaryDirectory('LIVE-');
  const to = await files.makeTemporaryDirectory('MERGED-');
  try {
    await visitAll(factory, request, async (info) => {
      const { live, merged } = await versions(info, flags, factory);
      const name = fileName(info);
      if (live !== undefined) await files.write(`${from}/${name}`, textOf(live, flags));
      await files.write(`${to}/${name}`, textOf(merged, flags));
    });
    const external = factory.env['KUBECTL_EXTERNAL_DIFF'] ?? '';
    const argv = external === '' ? ['diff', '-u', '-N'] : external.split(/\s+/).filter((word) => word !== '');
    const { code, out, err } = await files.capture([...argv, from, to]);
    factory.streams.out(out);
    if (err !== '') factory.streams.err(err);
    if (code > 1) throw new UsageError(`failed to run "${argv[0]}": exit status ${code}`);
    return code === 1;
  } finally {
    await files.remove(from);
    await files.remove(to);
  }
}

/** `apps.v1.Deployment.default.web`. */
const fileName = ({ mapping, namespace, name }: Info): string =>
  [...(mapping.group === '' ? [] : [mapping.group]), mapping.version, mapping.kind, namespace, name].join('.');

/** The live object, and what the server says applying would make of it. */
async function versions(info: Info, flags: FlagValues, factory: Factory): Promise<{ live: KubeObject | undefined; merged: KubeObject }> {
  const query = { dryRun: 'All', fieldManager: flags.string('field-manager') };
  const target = { resource: info.mapping, namespace: info.namespace, name: info.name };
  let live: KubeObject | undefined;
  try {
    live = (await fetchInfo(factory, info)).object;
  } catch (error) {
    if (!(error instanceof StatusError && error.reason === 'NotFound')) throw error;
  }
  if (flags.bool('server-side')) {
    const force = String(flags.bool('force-conflicts'));
    return { live, merged: await factory.client.patch<KubeObject>(target, 'apply', info.object, { ...query, force }) };
  }
  const modified = withoutLastApplied(info.object as KubeObject);
  if (live === undefined) return { live, merged: await createObject(factory.client, info, modified, query) };
  const { type, body } = applyPatch(info, modified, live);
  return { live, merged: await factory.client.patch<KubeObject>(target, type, body, query) };
}

/** What is compared: no managedFields, and of secrets no values. */
function textOf(object: KubeObject, flags: FlagValues): string {
  let shown = object;
  if (!flags.bool('show-managed-fields')) {
    const { managedFields: _, ...metadata } = object.metadata;
    shown = { ...object, metadata };
  }
  const { data } = shown as unknown as { data?: Readonly<Record<string, string>> };
  if (shown.kind === 'Secret' && shown.apiVersion === 'v1' && data !== undefined) {
    shown = { ...shown, data: Object.fromEntries(Object.keys(data).map((key) => [key, '***'])) } as KubeObject;
  }
  return emitYaml(shown);
}
