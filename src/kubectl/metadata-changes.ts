/** What label and annotate share: their arguments, and sending the change (pkg/cmd/label/label.go, pkg/cmd/annotate/annotate.go). */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { splitGroupVersion } from '../client/rest-mapper.js';
import { goJson } from '../text/go-json-writer.js';
import { hasFiles, type Request, requestOf, targetOf, visit } from './builder/index.js';
import { type Factory, type Flag, type FlagValues, UsageError } from './command.js';
import { aggregate } from './errors.js';
import { RECORD, recorded } from './record.js';
import * as shared from './shared-flags.js';
import { twoWayJson } from './three-way.js';

/** cmdutil.GetResourcesAndPairs: `pod x a=b c-` → the resources, and the pairs. */
export function resourcesAndPairs(args: readonly string[], what: string): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const resources: string[] = [];
  const pairs: string[] = [];
  for (const arg of args) {
    const isPair = (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg !== '-');
    if (isPair) pairs.push(arg);
    else if (pairs.length > 0) throw new UsageError(`all resources must be specified before ${what} changes: ${arg}`);
    else resources.push(arg);
  }
  return { resources, pairs };
}

export interface MetadataOptions {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** The flags both have; `what` is `labels` or `annotations`. */
export const metadataFlags = (what: string, manager: string): readonly Flag[] => [
  shared.ALL('Take all objects of the given types in the namespace'),
  shared.ALL_NAMESPACES,
  ...shared.PRINT,
  shared.DRY_RUN,
  shared.FIELD_MANAGER(manager),
  shared.FIELD_SELECTOR,
  ...shared.FILES('Files, directories or URLs that name the objects to update'),
  { name: 'list', type: 'bool', usage: `Show the ${what} of the objects.` },
  { name: 'local', type: 'bool', usage: `Work on the files alone and never ask the server.` },
  { name: 'overwrite', type: 'bool', usage: `Let ${what} be changed that have a value already; otherwise that is an error.` },
  RECORD,
  { name: 'resource-version', type: 'string', usage: 'Only update when the object has this version. For a single object.' },
  shared.SELECTOR,
];

/** Reads the arguments both have in common; `parse` makes changes of the pairs. */
export function completeMetadata(
  what: 'label' | 'annotation',
  args: readonly string[],
  flags: FlagValues,
  factory: Factory,
  parse: (pairs: readonly string[]) => { readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] },
): MetadataOptions {
  const dryRun = shared.dryRunOf(flags, factory);
  const { resources, pairs } = resourcesAndPairs(args, what);
  const changes = parse(pairs);
  if (flags.bool('list') && flags.string('output') !== '') throw new UsageError('--list and --output may not be specified together');
  return { request: requestOf(flags, resources), flags, dryRun, ...changes };
}

/** The checks both make; `example` is what each calls a file. */
export function validateMetadata(what: string, { request, flags, set, remove, dryRun }: MetadataOptions, example: string): void {
  if (request.all === true && request.selector !== '') throw new UsageError('cannot set --all and --selector at the same time');
  if (request.all === true && request.fieldSelector !== '') throw new UsageError('cannot set --all and --field-selector at the same time');
  if (flags.bool('local')) {
    if ((request.args?.length ?? 0) > 0)
      throw new UsageError(`can only use local files by -f ${example}.yaml or --filename=${example}.json when --local=true is set`);
    if (!hasFiles(request)) throw new UsageError(`one or more files must be specified as -f ${example}.yaml or --filename=${example}.json`);
    if (dryRun === 'server') throw new UsageError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  } else if ((request.args?.length ?? 0) < 1 && !hasFiles(request)) {
    throw new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  if (Object.keys(set).length === 0 && remove.length === 0 && !flags.bool('list')) throw new UsageError(`at least one ${what} update is required`);
}

/** How one of the two differs from the other. */
export interface MetadataKind {
  readonly field: 'labels' | 'annotations';
  /** Complains about values that would be overwritten. */
  readonly clash: (old: Readonly<Record<string, string>>, set: Readonly<Record<string, string>>) => readonly string[];
  /** What is printed of an object: the word of success, or the object as the server has it or (label) as it was, with the change. */
  readonly printer: (factory: Factory, flags: FlagValues, dryRun: shared.DryRun) => Promise<MetadataPrinter>;
  /** Said of keys to remove that are not there. */
  readonly absent?: (key: string) => string;
}

export interface MetadataChange {
  readonly before: string;
  readonly changed: KubeObject;
  readonly stored: KubeObject;
}
export type MetadataPrinter = (change: MetadataChange) => void | Promise<void>;

export async function changeMetadata(options: MetadataOptions, factory: Factory, kind: MetadataKind): Promise<void> {
  const { flags, request } = options;
  const local = flags.bool('local');
  const offline = local || options.dryRun === 'client' || flags.bool('list');
  const version = flags.string('resource-version');
  const print = await kind.printer(factory, flags, options.dryRun);
  const single = isSingle(request);
  const isRefused = !single && version !== '';
  const { errors } = await visit(factory, { ...request, latest: !local, offline: local }, async (info) => {
    if (isRefused) return;
    const old = info.object as KubeObject;
    if (kind.absent !== undefined && !offline)
      for (const key of options.remove) if (old.metadata[kind.field]?.[key] === undefined) factory.streams.out(kind.absent(key));
    const before = goJson(old);
    const changed = change(offline ? old : recorded(factory, flags, old), options, kind, version);
    if (flags.bool('list')) {
      listMetadata(factory, changed, kind, single);
      return;
    }
    let stored = changed;
    if (!offline) {
      const patch = twoWayJson(old as unknown as JsonObject, changed as unknown as JsonObject);
      stored = await factory.client.patch<KubeObject>(targetOf(info), 'merge', patch as Json, {
        fieldManager: flags.string('field-manager'),
        ...shared.dryRunQuery(options.dryRun),
      });
    }
    await print({ before, changed, stored });
  });
  if (isRefused) throw new UsageError('--resource-version may only be used with a single resource');
  const error = aggregate(errors);
  if (error !== undefined) throw error;
}

/** Builder.IntoSingleItemImplied, as far as it matters here. */
function isSingle(request: Request): boolean {
  if (hasFiles(request)) return request.filenames?.length === 1 && request.filenames[0] !== '-';
  const args = request.args ?? [];
  return args.some((arg) => arg.includes('/')) ? args.length === 1 : args.length === 2;
}

function change(object: KubeObject, options: MetadataOptions, kind: MetadataKind, version: string): KubeObject {
  const old = object.metadata[kind.field] ?? {};
  if (!options.flags.bool('overwrite')) {
    const clashes = aggregate(kind.clash(old, options.set).map((text) => new UsageError(text)));
    if (clashes !== undefined) throw clashes;
  }
  const map = { ...old, ...options.set };
  for (const key of options.remove) delete (map as Record<string, string>)[key];
  return {
    ...object,
    metadata: { ...object.metadata, ...(version === '' ? {} : { resourceVersion: version }), [kind.field]: map },
  };
}

function listMetadata(factory: Factory, object: KubeObject, kind: MetadataKind, single: boolean): void {
  if (!single) factory.streams.out(`Listing ${kind.field} for ${object.kind}.${splitGroupVersion(object.apiVersion).group}/${object.metadata.name}:\n`);
  const map = object.metadata[kind.field] ?? {};
  for (const key of Object.keys(map).sort()) factory.streams.out(`${single ? '' : ' '}${key}=${map[key]}\n`);
}
