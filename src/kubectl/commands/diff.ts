/** kubectl diff (pkg/cmd/diff/diff.go). */
import { StatusError } from '../../api/errors.js';
import type { Json, JsonObject, KubeObject } from '../../api/object.js';
import { formatMicroTime } from '../../api/time.js';
import { unifiedDiff } from '../../text/unified-diff.js';
import { emitYaml } from '../../text/yaml-emitter.js';
import { addSource, fetchInfo, type Info, type Request, requestOf, requireFiles, targetOf, visitAll } from '../builder/index.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { withoutLastApplied } from '../last-applied.js';
import { withoutManagedFields } from '../managed-fields.js';
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
  failureCode: 2,
  async complete(args, flags) {
    const request = requestOf(flags, []);
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, 'help');
    if (flags.bool('force-conflicts') && !flags.bool('server-side')) throw new UsageError('--force-conflicts only works with --server-side');
    requireFiles(request);
    return { request, flags };
  },
  async run({ request, flags }, factory) {
    const pairs: Pair[] = [];
    const visited: { uid: string | undefined; namespace: string }[] = [];
    await visitAll(factory, request, async (info) => {
      const { live, merged } = await versions(info, flags, factory);
      visited.push({ uid: live?.metadata.uid, namespace: info.namespace });
      pairs.push(pairOf(info, live, merged, flags));
    });
    if (flags.bool('prune')) {
      const { prunable } = await import('../prune.js');
      // As they came, managedFields and all.
      for (const { mapping, namespace, object } of await prunable(factory, flags, visited))
        pairs.push({ name: fileName({ mapping, namespace, name: object.metadata.name ?? '', source: '' }), live: emitYaml(object), merged: undefined });
    }
    const program = (factory.env['KUBECTL_EXTERNAL_DIFF'] ?? '').split(/\s+/).filter((word) => word !== '');
    const differs = program.length === 0 ? compare(pairs, factory) : await compareWith(program, pairs, factory);
    if (differs) throw new ExitError(1);
  },
};
export default command;

/** One object as it is and as it would be; undefined: it is not there. */
interface Pair {
  readonly name: string;
  readonly live: string | undefined;
  readonly merged: string | undefined;
}

function pairOf(info: Info, live: KubeObject | undefined, merged: KubeObject | undefined, flags: FlagValues): Pair {
  const isSecret = [live, merged].some((object) => object?.kind === 'Secret' && object.apiVersion === 'v1');
  const [before, after] = isSecret ? masked(live, merged) : [live, merged];
  // The masker's copy of no object is a null
  const text = (object: KubeObject | undefined) => (object !== undefined ? textOf(object, flags) : isSecret ? 'null\n' : undefined);
  return { name: fileName(info), live: text(before), merged: text(after) };
}

/** What `diff -u -N` says of the two directories kubectl makes. */
function compare(pairs: readonly Pair[], factory: Factory): boolean {
  const stamp = formatMicroTime(factory.now()).replace('T', ' ').replace(/Z$/, '000 +0000');
  const number = String(factory.now()).slice(-10);
  let differs = false;
  for (const { name, live = '', merged = '' } of [...pairs].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const hunks = unifiedDiff(live, merged);
    if (hunks === '') continue;
    differs = true;
    const [from, to] = [`/tmp/LIVE-${number}/${name}`, `/tmp/MERGED-${number}/${name}`];
    factory.streams.out(`diff -u -N ${from} ${to}\n--- ${from}\t${stamp}\n+++ ${to}\t${stamp}\n${hunks}`);
  }
  return differs;
}

/** The program that KUBECTL_EXTERNAL_DIFF names gets two directories; its exit code is the answer. */
async function compareWith([program = '', ...given]: readonly string[], pairs: readonly Pair[], factory: Factory): Promise<boolean> {
  const { files } = factory;
  const from = await files.makeTemporaryDirectory('LIVE-');
  const to = await files.makeTemporaryDirectory('MERGED-');
  try {
    for (const { name, live, merged } of pairs) {
      if (live !== undefined) await files.write(`${from}/${name}`, live);
      if (merged !== undefined) await files.write(`${to}/${name}`, merged);
    }
    // DiffProgram.getCommand: arguments with other characters are dropped
    const args = given.filter((word) => /^[a-zA-Z0-9=-]+$/.test(word));
    const { code, out, err } = await files.capture([program, from, to, ...args]);
    factory.streams.out(out);
    if (err !== '') factory.streams.err(err);
    if (code > 1) throw new UsageError(`failed to run "${program}": exit status ${code}`);
    return code === 1;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    throw new UsageError(`failed to run "${program}": executable file not found in $PATH`);
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
  const manager = flags.bool('server-side') && !flags.changed('field-manager') ? 'kubectl' : flags.string('field-manager');
  const query = { dryRun: 'All', fieldManager: manager };
  const target = targetOf(info);
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
  const local = info.object as KubeObject;
  // What was applied last is no part of the question.
  const modified = withoutLastApplied(local);
  if (live === undefined) return { live, merged: await createObject(factory.client, info, local, query) };
  try {
    const { type, body } = applyPatch(info, modified, live, (text) => factory.streams.err(text));
    // Patcher.ResourceVersion: what is compared must not change meanwhile
    const { resourceVersion } = live.metadata;
    const versioned = Object.keys(body).length === 0 ? body : { ...body, metadata: { ...(body['metadata'] as JsonObject), resourceVersion } };
    return { live, merged: await factory.client.patch<KubeObject>(target, type, versioned as Json, query) };
  } catch (error) {
    throw addSource('patching', info.source, error);
  }
}

/** What is compared: without managedFields, unless they are asked for. */
function textOf(object: KubeObject, flags: FlagValues): string {
  return emitYaml(flags.bool('show-managed-fields') ? object : withoutManagedFields(object));
}

/** Values of secrets are not shown, only which of them change (diff.go: Masker). */
function masked(live: KubeObject | undefined, merged: KubeObject | undefined): readonly [KubeObject | undefined, KubeObject | undefined] {
  const dataOf = (object: KubeObject | undefined) => (object as { data?: Readonly<Record<string, string>> } | undefined)?.data ?? {};
  const hidden = (object: KubeObject | undefined, other: KubeObject | undefined, when: string): KubeObject | undefined => {
    if (object === undefined || Object.keys(dataOf(object)).length === 0) return object;
    const others = dataOf(other);
    const data = Object.entries(dataOf(object)).map(([key, value]) => [key, key in others && others[key] !== value ? `*** (${when})` : '***']);
    return { ...object, data: Object.fromEntries(data) } as KubeObject;
  };
  return [hidden(live, merged, 'before'), hidden(merged, live, 'after')];
}
