/** -f, -k, stdin, TYPE/NAME, -l, --all → the objects meant: k8s.io/cli-runtime pkg/resource builder.go, visitor.go. */
import { StatusError } from '../api/errors.js';
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import type { ListObject, Query, Target } from '../client/rest-client.js';
import { errorOf, withMessage } from '../client/rest-client.js';
import { NoKindMatch, NoResourceMatch, type RestMapping, splitGroupVersion } from '../client/rest-mapper.js';
import { goJson } from '../text/go-json-writer.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { aggregate, messageOf, newAggregate } from './errors.js';
import { decodeObject, isMap, readDocuments, validationError } from './manifests.js';
import type { Validation } from './shared-flags.js';

/** One object meant by a command line: resource.Info. */
export interface Info {
  readonly mapping: RestMapping;
  readonly namespace: string;
  readonly name: string;
  /** As in the file, or as the server has it. */
  readonly object?: KubeObject;
  /** The file it comes from; `STDIN`; '' for one named on the command line. */
  readonly source: string;
  /** The file says no namespace. */
  readonly isNamespaceImplied?: boolean;
}

/** What the command line says; each command fills in what its flags allow. */
export interface Request {
  readonly filenames?: readonly string[];
  readonly kustomize?: string;
  readonly recursive?: boolean;
  /** TYPE NAME…, TYPE/NAME …, TYPE[,TYPE…]. */
  readonly args?: readonly string[];
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  /** --all is a selector that excludes others (SelectAllParam: delete, taint), not merely leave to name no object (ResourceTypeOrNameArgs). */
  readonly allIsSelector?: boolean;
  readonly allNamespaces?: boolean;
  /** Types are enough: every object of them is meant (get, describe). */
  readonly selectAllByDefault?: boolean;
  /** Objects of files are fetched (RetrieveLatest) instead of taken as they stand. */
  readonly latest?: boolean;
  /** Do not fetch objects that arguments name. */
  readonly local?: boolean;
  /** --local: files only, and never the server, not even to learn about kinds. */
  readonly offline?: boolean;
  readonly subresource?: string;
  readonly limit?: number;
  /** What to ask for: Tables. */
  readonly accept?: string;
  /** More query parameters of GETs. */
  readonly query?: Query;
  /** Lists are visited whole, not item by item. */
  readonly whole?: boolean;
  /** Check kind and apiVersion of documents before decoding. */
  readonly validation?: Validation;
  /** Objects are of the types kubectl knows (Builder.WithScheme); others are refused. */
  readonly typed?: boolean;
  /** A list in a file stands for its items (Builder.Flatten); default true. */
  readonly flatten?: boolean;
  /** Arguments of several types are refused (Builder.SingleResourceType). */
  readonly singleType?: boolean;
}

/** The request that FILES, -l, --all and the like of a command make. */
export function requestOf(flags: FlagValues, args: readonly string[]): Request {
  const text = (name: string) => (flags.has(name) ? flags.string(name) : '');
  const bool = (name: string) => flags.has(name) && flags.bool(name);
  return {
    filenames: flags.has('filename') ? flags.strings('filename') : [],
    kustomize: text('kustomize'),
    recursive: bool('recursive'),
    args,
    selector: text('selector').trim(),
    fieldSelector: text('field-selector').trim(),
    all: bool('all'),
    allNamespaces: bool('all-namespaces'),
    limit: flags.has('chunk-size') ? flags.int('chunk-size') : 0,
    ...(flags.has('subresource') ? { subresource: text('subresource') } : {}),
  };
}

export const hasFiles = (request: Request): boolean => (request.filenames?.length ?? 0) > 0 || (request.kustomize ?? '') !== '';

export interface Outcome {
  /** How many objects were visited. */
  readonly count: number;
  /** What failed; nothing was thrown. What could not be read or fetched comes last, as one; what failed of a list is one within it. */
  readonly errors: readonly unknown[];
}

/** FilenameOptions.RequireFilenameOrKustomize. */
export function requireFiles(request: Request): void {
  const files = (request.filenames?.length ?? 0) > 0;
  const kustomize = (request.kustomize ?? '') !== '';
  if (!files && !kustomize) throw new UsageError('must specify one of -f and -k');
  checkFileFlags(request);
}

function checkFileFlags(request: Request): void {
  const files = (request.filenames?.length ?? 0) > 0;
  const kustomize = (request.kustomize ?? '') !== '';
  if (files && kustomize) throw new UsageError('only one of -f or -k can be specified');
  if (kustomize && request.recursive === true) throw new UsageError("the -k flag can't be used with -f or -R");
}

/**
 * Calls `visit` for each object in turn, and goes on after a failure (ContinueOnError). Files are read as they are met, so what
 * stands before a bad document has been visited when the error comes.
 */
export async function visit(factory: Factory, request: Request, visitor: (info: Info) => Promise<void>): Promise<Outcome> {
  checkFileFlags(request);
  // Those of EagerVisitorList, and those of ContinueOnErrorVisitor, which collects outermost
  const unread: unknown[] = [];
  const failures: unknown[] = [];
  let count = 0;
  const call = async (info: Info): Promise<void> => {
    try {
      checkNamespace(factory, info, request);
      // RetrieveLazy
      const whole = info.object === undefined && request.local !== true ? await fetchInfo(factory, info, request) : info;
      if (request.typed === true && whole.object !== undefined) (await import('./patch-schema.js')).requireRegistered(whole.object);
      count += 1;
      await visitor(whole);
    } catch (error) {
      failures.push(error);
    }
  };
  if (hasFiles(request)) await visitFiles(factory, request, call, unread);
  else await visitArguments(factory, request, call, unread);
  return { count, errors: unread.length === 0 ? failures : [...failures, newAggregate(unread)] };
}

/** Like {@link visit}, and throws what failed. */
export async function visitAll(factory: Factory, request: Request, visitor: (info: Info) => Promise<void>): Promise<number> {
  const { count, errors } = await visit(factory, request, visitor);
  const error = aggregate(errors);
  if (error !== undefined) throw error;
  return count;
}

/** All objects at once; throws before anything is done with them (ResultBuilder.Infos). */
export async function collect(factory: Factory, request: Request): Promise<readonly Info[]> {
  const infos: Info[] = [];
  await visitAll(factory, request, async (info) => {
    infos.push(info);
  });
  return infos;
}

async function visitFiles(factory: Factory, request: Request, call: (info: Info) => Promise<void>, errors: unknown[]): Promise<void> {
  // Several paths that fail are each reported; within one path the first failure of a document ends it (StreamVisitor).
  const sources = await sourcesOf(factory, request);
  const { types, pairs } = splitArguments(request.args ?? []);
  if (types.length > 0) throw new UsageError('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
  if (pairs.length > 0) throw new UsageError('resource/name arguments cannot be provided when a path is specified');
  for (const source of sources) {
    let text: string;
    try {
      text = await source.read();
    } catch (error) {
      errors.push(error);
      continue;
    }
    for (const document of readDocuments(text)) {
      if ('error' in document) {
        errors.push(new UsageError(`error parsing ${source.name}: ${document.error}`));
        break;
      }
      if (request.validation !== undefined && request.validation !== 'Ignore') {
        const wrong = validationError(document.value);
        if (wrong !== undefined) {
          errors.push(new UsageError(`error validating "${source.name}": ${wrong}`));
          break;
        }
      }
      try {
        await visitDocument(factory, request, document.value, source.name, call);
      } catch (error) {
        errors.push(error);
      }
    }
  }
}

/** FlattenListVisitor: what fails of a list is one failure, even if there is but one. */
async function visitDocument(factory: Factory, request: Request, value: Json, source: string, call: (info: Info) => Promise<void>): Promise<void> {
  const visitObject = async (object: KubeObject, inList: boolean): Promise<void> => {
    const info = request.offline === true ? offlineInfo(object, source) : await infoOf(factory, object, source, request, inList);
    if (info !== undefined) await call(info);
  };
  if (!isListOf(value)) return visitObject(await decoded(factory, request, value, source), false);
  if (request.flatten === false)
    throw new UsageError('watch is only supported on individual resources and resource collections, but a list of resources is found');
  const items = itemsOf(value, request.typed === true);
  const typed = request.typed === true ? await typedItems(factory, items) : undefined;
  const missing: unknown[] = [];
  for (const [i, item] of items.entries()) {
    try {
      await visitObject(typed === undefined ? checkedItem(item) : ofKnownType(typed[i]), true);
    } catch (error) {
      missing.push(error);
    }
  }
  const error = newAggregate(missing);
  if (error !== undefined) throw error;
}

type ListDocument = JsonObject & { readonly kind: string; readonly items: readonly Json[] };

/** What has items is a list, whatever its kind (unstructured/helpers.go detectList). */
const isListOf = (value: Json): value is ListDocument =>
  isMap(value) && typeof value['kind'] === 'string' && value['kind'] !== '' && Array.isArray(value['items']);

/**
 * The items a list stands for: those of a PodList need not say that they are Pods. A list within a list is none to kubectl, and nothing of it is
 * done, unless it is typed: its items come last.
 */
function itemsOf(list: ListDocument, isTyped: boolean): readonly Json[] {
  const items = list.items.map((item): Json => {
    const isUntyped = isMap(item) && ['kind', 'apiVersion'].every((field) => typeof item[field] !== 'string' || item[field] === '');
    return isUntyped ? { ...item, kind: list.kind.replace(/List$/, ''), apiVersion: list['apiVersion'] ?? '' } : item;
  });
  const within = items.filter(isListOf);
  if (within.length > 0 && !isTyped) throw new UsageError('*unstructured.Unstructured is not a list: no Items field in this object');
  return [...items.filter((item) => !isListOf(item)), ...within.flatMap((one) => itemsOf(one, isTyped))];
}

/** runtime.DecodeList: what cannot be read ends it before anything is done; undefined is what is of no known type. */
async function typedItems(factory: Factory, items: readonly Json[]): Promise<readonly (KubeObject | undefined)[]> {
  const { isRegistered } = await import('./patch-schema.js');
  const errors: unknown[] = [];
  const found: (KubeObject | undefined)[] = [];
  for (const item of items) {
    try {
      const object = withVersion(decodeObject(item));
      found.push(isRegistered(object) ? await typedObject(factory, object) : undefined);
    } catch (error) {
      errors.push(error);
    }
  }
  const error = newAggregate(errors);
  if (error !== undefined) throw error;
  return found;
}

function ofKnownType(object: KubeObject | undefined): KubeObject {
  if (object !== undefined) return object;
  throw new UsageError(
    'unable to get type info from the object "*runtime.Unknown": no kind is registered for the type runtime.Unknown in scheme "pkg/scheme/scheme.go:28"',
  );
}

function withVersion(object: KubeObject): KubeObject {
  if ((object.apiVersion ?? '') === '') throw new UsageError(`Object 'apiVersion' is missing in '${goJson(object)}'`);
  return object;
}

/** The decoder of kubectl's scheme: throws its errors without the file's name. */
async function typedObject(factory: Factory, object: KubeObject): Promise<KubeObject> {
  const structs = await factory.structs();
  const problem = structs.typeError(object);
  if (problem !== undefined) throw new UsageError(problem);
  return structs.decoded(object);
}

/** Builder.infoForObject of an item. */
function checkedItem(item: Json): KubeObject {
  const object = (isMap(item) ? item : {}) as Partial<KubeObject>;
  const missing =
    (object.kind ?? '') === '' ? "'Kind' is missing in 'object has no kind field '" : "'apiVersion' is missing in 'object has no apiVersion field'";
  if ((object.kind ?? '') === '' || (object.apiVersion ?? '') === '')
    throw new UsageError(`unable to get type info from the object "*unstructured.Unstructured": Object ${missing}`);
  return object as KubeObject;
}

/** Builder.infoForData of a document. */
async function decoded(factory: Factory, { typed }: Request, value: Json, source: string): Promise<KubeObject> {
  try {
    const object = decodeObject(value);
    if (typed !== true) return object;
    (await import('./patch-schema.js')).requireRegistered(withVersion(object));
    return await typedObject(factory, object);
  } catch (error) {
    throw new UsageError(`unable to decode "${source}": ${messageOf(error)}`);
  }
}

/** What --local makes of a document: the kind is taken at its word (Builder.LocalParam). */
function offlineInfo(given: KubeObject, source: string): Info {
  const object = { ...given, metadata: withoutEmptyNamespace(given.metadata ?? {}) };
  const { group, version } = splitGroupVersion(object.apiVersion ?? '');
  const mapping: RestMapping = {
    group,
    version,
    kind: object.kind,
    resource: `${object.kind.toLowerCase()}s`,
    singular: object.kind.toLowerCase(),
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: [],
    subresources: {},
  };
  return { mapping, namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '', object, source };
}

/** visitor.go FilterNamespace, of what is in no namespace. */
function withoutEmptyNamespace({ namespace, ...metadata }: KubeObject['metadata']): KubeObject['metadata'] {
  return { ...metadata, ...(namespace === undefined || namespace === '' ? {} : { namespace }) };
}

async function infoOf(factory: Factory, given: KubeObject, source: string, request: Request, inList: boolean): Promise<Info | undefined> {
  const mapper = await factory.mapper();
  let object = given;
  if (object.metadata === undefined || object.metadata === null) object = { ...object, metadata: {} };
  let mapping: RestMapping;
  try {
    mapping = mapper.kindFor(object.apiVersion ?? '', object.kind);
  } catch (error) {
    if (!(error instanceof NoKindMatch)) throw error;
    if (inList) throw new UsageError(`unable to recognize ${error.message}`);
    const { name = '', namespace = '' } = object.metadata;
    throw new UsageError(
      `resource mapping not found for name: "${name}" namespace: "${namespace}" from "${source}": ${error.message}\nensure CRDs are installed first`,
    );
  }
  const own = object.metadata.namespace ?? '';
  const namespace = mapping.namespaced ? own || (request.allNamespaces === true ? '' : factory.namespace) : '';
  if (mapping.namespaced && own === '' && namespace !== '') object = { ...object, metadata: { ...object.metadata, namespace } };
  const info: Info = { mapping, namespace, name: object.metadata.name ?? '', object, source, isNamespaceImplied: own === '' };
  const found = request.latest === true ? await latest(factory, info, request) : info;
  const { selector = '' } = request;
  return selector === '' || (await matches(selector, found.object as KubeObject)) ? found : undefined;
}

/** visitor.go RequireNamespace. Who asks for all namespaces and for one is held to the namespace ''; get and describe forget the one. */
function checkNamespace(factory: Factory, { mapping, namespace }: Info, { allNamespaces, selectAllByDefault }: Request): void {
  if (!factory.namespaceGiven || !mapping.namespaced || namespace === '') return;
  if (allNamespaces === true && selectAllByDefault === true) return;
  const wanted = allNamespaces === true ? '' : factory.namespace;
  if (namespace === wanted) return;
  throw new UsageError(
    `the namespace from the provided object "${namespace}" does not match the namespace "${wanted}". You must pass '--namespace=${namespace}' to perform this operation.`,
  );
}

/** visitor.go: RetrieveLatest. */
async function latest(factory: Factory, info: Info, request: Request): Promise<Info> {
  if (info.name === '') return info;
  const { mapping, namespace, name } = info;
  if (mapping.namespaced && namespace === '')
    throw new UsageError(
      `no namespace set on resource ${mapping.group === '' ? '' : mapping.group}/${mapping.version}, Resource=${mapping.resource} "${name}"`,
    );
  return fetchInfo(factory, info, request);
}

async function matches(selectorText: string, object: KubeObject): Promise<boolean> {
  const { matchesSelector, parseSelector } = await import('../api/selectors.js');
  const selector = parseSelector(selectorText);
  if ('error' in selector) throw new UsageError(`the provided selector "${selectorText}" is not valid: ${selector.error}`);
  return matchesSelector(selector, object.metadata.labels);
}

/** Where an object is. client-go asks for nothing without a name (rest.Request.Name). */
export function targetOf({ mapping, namespace, name }: Pick<Info, 'mapping' | 'namespace' | 'name'>): Target {
  if (name === '') throw new UsageError('resource name may not be empty');
  return { resource: mapping, namespace, name };
}

/** The object as the server has it. A missing namespace is reported instead of what would be in it. */
export async function fetchInfo(factory: Factory, info: Info, request: Pick<Request, 'subresource' | 'accept' | 'query'> = {}): Promise<Info> {
  // Only of what is named by its kind is a subresource got: what a file holds is got whole (resource.Builder's mapper).
  const subresource = info.source === '' ? (request.subresource ?? '') : '';
  try {
    const object = await factory.client.get<KubeObject>(
      { ...targetOf(info), ...(subresource === '' ? {} : { subresource }) },
      { ...(request.accept === undefined ? {} : { accept: request.accept }), ...(request.query === undefined ? {} : { query: request.query }) },
    );
    return { ...info, object };
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound' && info.mapping.namespaced && info.namespace !== '' && info.namespace !== 'default') {
      await namespaceMustExist(factory, info.namespace);
    }
    throw error;
  }
}

/** builder.go: Info.Get looks for the namespace when the object is missing outside `default`. */
export async function namespaceMustExist(factory: Factory, namespace: string): Promise<void> {
  const namespaces = { group: '', version: 'v1', resource: 'namespaces', namespaced: false };
  try {
    await factory.client.get({ resource: namespaces, name: namespace });
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') throw error;
  }
}

interface Source {
  readonly name: string;
  read(): Promise<string>;
}

/** Files in a directory are taken by extension, sorted by name (ExpandPathsToFileVisitors). */
async function sourcesOf(factory: Factory, request: Request): Promise<readonly Source[]> {
  const { files } = factory;
  if (request.kustomize !== undefined && request.kustomize !== '') {
    const path = request.kustomize;
    return [{ name: path, read: async () => (await import('./kustomize/build.js')).buildKustomization(files, path, { warn: factory.streams.err }) }];
  }
  const sources: Source[] = [];
  const missing: UsageError[] = [];
  let stdinUsed = false;
  for (const path of request.filenames ?? []) {
    if (path === '-') {
      if (stdinUsed) throw new UsageError('standard input cannot be used for multiple arguments');
      stdinUsed = true;
      sources.push({ name: 'STDIN', read: async () => new TextDecoder().decode(await factory.streams.in.read()) });
      continue;
    }
    if (/^https?:\/\//.test(path)) {
      sources.push({ name: path, read: async () => fetchText(path) });
      continue;
    }
    for (const one of await expand(files, path)) {
      const found = await files.kind(one);
      if (found === undefined) {
        missing.push(new UsageError(`the path "${one}" does not exist`));
        continue;
      }
      if (found.kind === 'file') {
        sources.push({ name: one, read: () => files.read(one) });
        continue;
      }
      const inside = await manifestsIn(files, one, request.recursive === true);
      if (inside.length === 0) {
        throw new UsageError(`error reading [${(request.filenames ?? []).join(' ')}]: recognized file extensions are [.json .yaml .yml]`);
      }
      sources.push(...inside.map((file) => ({ name: file, read: () => files.read(file) })));
    }
  }
  const error = aggregate(missing);
  if (error !== undefined) throw error;
  return sources;
}

/** `-f '*.json'`: kubectl expands patterns itself when no such file is there. */
async function expand(files: Factory['files'], pattern: string): Promise<readonly string[]> {
  if (!/[*?[]/.test(pattern) || (await files.kind(pattern)) !== undefined) return [pattern];
  const slash = pattern.lastIndexOf('/');
  const directory = slash < 0 ? '.' : pattern.slice(0, slash);
  const base = pattern.slice(slash + 1);
  const source = base
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const names = (await files.kind(directory))?.kind === 'directory' ? await files.list(directory) : [];
  const found = names.filter((name) => new RegExp(`^${source}$`).test(name)).map((name) => (slash < 0 ? name : `${directory}/${name}`));
  return found.length === 0 ? [pattern] : found;
}

async function manifestsIn(files: Factory['files'], directory: string, recursive: boolean): Promise<readonly string[]> {
  const found: string[] = [];
  const base = directory.replace(/\/+$/, '');
  for (const name of await files.list(directory)) {
    const path = base === '' ? `/${name}` : `${base === '.' ? '' : `${base}/`}${name}`;
    const kind = await files.kind(path);
    if (kind?.kind === 'directory') {
      if (recursive) found.push(...(await manifestsIn(files, path, true)));
    } else if (/\.(json|ya?ml)$/.test(name)) found.push(path);
  }
  return found;
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url);
    if (!response.ok)
      throw new UsageError(`unable to read URL "${url}", server reported ${response.status} ${response.statusText}, status code=${response.status}`);
    return await response.text();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Node's fetch says what failed in its cause
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && 'code' in cause)
      throw cause.code === 'ERR_INVALID_URL' ? invalidUrl(url) : (await import('../client/http/unreached.js')).inGoWords(named(cause, new URL(url)));
    throw new UsageError(`unable to read URL "${url}": ${messageOf(error)}`);
  }
}

/** Go parses a URL without a host, and fails at asking it. */
function invalidUrl(url: string): UsageError {
  const [host = ''] = url.replace(/^\w+:\/\//, '').split(/[/?#]/);
  if (host === '') return new UsageError('Unable to connect to the server: http: no Host in request URL', 'bare');
  const odd = /[\s"<>^`{|}\\]/.exec(host)?.[0];
  const why = odd === undefined ? 'invalid host' : `invalid character ${JSON.stringify(odd)} in host name`;
  return new UsageError(`the URL passed to filename ${JSON.stringify(url)} is not valid: parse ${JSON.stringify(url)}: ${why}`);
}

/** A failed connection tells the host that was asked for, not the address tried last. */
const named = (error: Error, { hostname, port, protocol }: URL): Error =>
  Object.assign(error, { address: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) });

const MIXED =
  "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";

/** What a command says that got neither names nor files nor a selector. */
export const NOTHING_NAMED = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** What --local says of arguments. */
export const LOCAL_NEEDS_FILES = `you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'`;

/** What arguments say: types, and names under them. */
export interface Arguments {
  /** Types with a list of names, or (names empty) to be listed. */
  readonly types: readonly string[];
  readonly names: readonly string[];
  /** TYPE/NAME pairs, in order. */
  readonly pairs: readonly { readonly type: string; readonly name: string }[];
}

/** builder.go: ResourceTypeOrNameArgs and normalizeMultipleResourcesArgs. */
export function splitArguments(args: readonly string[]): Arguments {
  const slashed = args.filter((arg) => arg.includes('/'));
  // `a,b c/d` is first made `a/c/d b/c/d` (normalizeMultipleResourcesArgs)
  if (slashed.length > 0 && args[0]?.includes(',') === true && args.length > 1)
    throw new UsageError('arguments in resource/name form may not have more than one slash');
  if (slashed.length > 0) {
    if (slashed.length !== args.length) {
      throw new UsageError(MIXED);
    }
    const pairs = args.map((arg) => {
      const parts = arg.split('/');
      if (parts.length !== 2) throw new UsageError('arguments in resource/name form may not have more than one slash');
      const [type, name] = parts as [string, string];
      if (type === '' || name === '' || type.includes(',')) throw new UsageError('arguments in resource/name form must have a single resource and name');
      return { type, name };
    });
    return { types: [], names: [], pairs };
  }
  const [types = '', ...names] = args;
  const list = types.split(',');
  return { types: args.length === 0 ? [] : list, names, pairs: [] };
}

async function visitArguments(factory: Factory, request: Request, call: (info: Info) => Promise<void>, errors: unknown[]): Promise<void> {
  const { types, names, pairs } = splitArguments(request.args ?? []);
  const selector = request.selector ?? '';
  const fieldSelector = request.fieldSelector ?? '';
  const byAll = request.all === true && request.allIsSelector === true;
  const selecting = selector !== '' || fieldSelector !== '' || byAll;
  if (pairs.length > 0 && selecting) throw new UsageError('selectors and the all flag cannot be used when passing resource/name arguments');
  if (byAll && (selector !== '' || fieldSelector !== '')) throw new UsageError("setting 'all' parameter but found a non empty selector. ");
  if (types.length === 0 && pairs.length === 0) throw new UsageError(selecting ? 'at least one resource must be specified to use a selector' : NOTHING_NAMED);
  if (names.length > 0 || pairs.length > 0) {
    if (selecting) throw new UsageError('name cannot be provided when a selector is specified');
    if (request.allNamespaces === true) throw new UsageError('a resource cannot be retrieved by name across all namespaces');
  }
  const mapper = await factory.mapper();
  if (pairs.length > 0) {
    const infos = pairs.map(({ type, name }) => ({ mapping: resolveType(mapper, type), name }));
    checkSingleType(request, new Set(infos.map(({ mapping }) => mapping)).size);
    for (const { mapping, name } of infos) await call(namedInfo(factory, mapping, name));
    return;
  }
  const mappings = expandTypes(mapper, types);
  checkSingleType(request, mappings.length);
  if (names.length > 0) {
    if (types.length === 1 && mappings.length > 1) throw new UsageError('you must specify only one resource');
    for (const mapping of mappings) for (const name of names) await call(namedInfo(factory, mapping, name));
    return;
  }
  if (!selecting && request.all !== true && request.selectAllByDefault !== true) throw new UsageError('resource(s) were provided, but no name was specified');
  if ((request.subresource ?? '') !== '') throw new UsageError('subresource cannot be used when bulk resources are specified');
  await visitSelected(factory, request, mappings, call, errors);
}

function checkSingleType({ singleType }: Request, types: number): void {
  if (singleType === true && types > 1) throw new UsageError('you may only specify a single resource type');
}

/** Types of a comma list; a category (`all`) stands for its types. */
function expandTypes(mapper: Awaited<ReturnType<Factory['mapper']>>, types: readonly string[]): readonly RestMapping[] {
  const found: RestMapping[] = [];
  for (const type of types) {
    const category = mapper.find(type) === undefined ? mapper.category(type) : undefined;
    for (const mapping of category ?? [resolveType(mapper, type)]) if (!found.includes(mapping)) found.push(mapping);
  }
  return found;
}

/** builder.go: mappingFor's words. */
export function resolveType(mapper: Awaited<ReturnType<Factory['mapper']>>, type: string): RestMapping {
  try {
    return mapper.resolve(type);
  } catch (error) {
    if (error instanceof NoResourceMatch) throw new UsageError(`the server doesn't have a resource type "${error.resource}"`);
    throw error;
  }
}

/** A named object, which is fetched when it is visited (RetrieveLazy). */
const namedInfo = (factory: Factory, mapping: RestMapping, name: string): Info => ({
  mapping,
  name,
  namespace: mapping.namespaced ? factory.namespace : '',
  source: '',
});

async function visitSelected(
  factory: Factory,
  request: Request,
  mappings: readonly RestMapping[],
  call: (info: Info) => Promise<void>,
  errors: unknown[],
): Promise<void> {
  for (const mapping of mappings) {
    try {
      const list = await listResource(factory, request, mapping);
      if (request.whole === true) {
        await call({ mapping, namespace: request.allNamespaces === true || !mapping.namespaced ? '' : factory.namespace, name: '', object: list, source: '' });
        continue;
      }
      for (const object of list.items) await call(infoOfItem(mapping, object));
    } catch (error) {
      errors.push(error);
    }
  }
}

const infoOfItem = (mapping: RestMapping, object: KubeObject): Info => ({
  mapping,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name ?? '',
  object,
  source: '',
});

/** The selected objects of one resource; a bad selector is said as visitor.go's Selector says it. */
export async function listResource(factory: Factory, request: Request, mapping: RestMapping): Promise<ListObject> {
  const { selector = '', fieldSelector = '', accept } = request;
  const target = { resource: mapping, namespace: request.allNamespaces === true ? '' : factory.namespace };
  try {
    return await factory.client.list(target, {
      query: { labelSelector: selector, fieldSelector, ...(request.limit ? { limit: request.limit } : {}), ...request.query },
      ...(accept === undefined ? {} : { accept }),
    });
  } catch (error) {
    if (error instanceof StatusError && (error.reason === 'BadRequest' || error.reason === 'NotFound'))
      throw selectorError(error, mapping, selector, fieldSelector);
    throw error;
  }
}

/** selector.go: says which selector failed, or which list. */
function selectorError(error: StatusError, mapping: RestMapping, selector: string, fieldSelector: string): StatusError {
  const groupVersion = mapping.group === '' ? '/v1' : `${mapping.group}/${mapping.version}`;
  if (selector === '' && fieldSelector === '') {
    return withMessage(errorOf(error.status), `Unable to list "${groupVersion}, Resource=${mapping.resource}": ${error.message}`);
  }
  return withMessage(
    errorOf(error.status),
    `Unable to find "${groupVersion}, Resource=${mapping.resource}" that match label selector ${JSON.stringify(selector)}, field selector ${JSON.stringify(fieldSelector)}: ${error.message}`,
  );
}

/** cmdutil.AddSourceToErr: `error when creating "f.yaml": …`. */
export function addSource(verb: string, source: string, error: unknown): unknown {
  if (source === '') return error;
  const message = `error when ${verb} "${source}": ${messageOf(error)}`;
  if (error instanceof StatusError) return withMessage(error, message);
  return new UsageError(message);
}
