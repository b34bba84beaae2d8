/** The objects that documents stand for: visitor.go StreamVisitor. */

import { StatusError } from '../../api/errors.js';
import { isMap, put } from '../../api/json-data.js';
import { jsonKind } from '../../api/json-patch.js';
import type { Json, JsonObject, KubeObject } from '../../api/object.js';
import { NoKindMatch, type RestMapper, type RestMapping, splitGroupVersion } from '../../client/rest-mapper.js';
import { byBytes } from '../../text/go-json-writer.js';
import { type Factory, UsageError } from '../command.js';
import { newAggregate } from '../errors.js';
import type { SwaggerDocument } from '../explaining-openapiv2.js';
import { isPlainList, readDocuments, VALIDATE_HINT, validationError } from '../manifests.js';
import { klogWarning } from '../shared-flags.js';
import { failureText } from '../undiscovered.js';
import { splitArguments } from './arguments.js';
import { decoded } from './decoding.js';
import { fetchInfo, type Info } from './info.js';
import { checkedItem, isListOf, itemsOf, ofKnownType, typedItems } from './lists.js';
import type { Request } from './request.js';
import { sourcesOf } from './sources.js';

export async function visitFiles(factory: Factory, request: Request, call: (info: Info) => Promise<void>, errors: unknown[]): Promise<void> {
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
      const wrong = await invalidity(factory, request, document.value);
      if (wrong !== undefined) {
        errors.push(new UsageError(`error validating "${source.name}": ${wrong}`));
        break;
      }
      try {
        await visitDocument(factory, request, document.value, source.name, call);
      } catch (error) {
        errors.push(error);
      }
    }
  }
}

/** What client-side validation says: kubectl pkg/validation schema.go (paramVerifyingSchema). */
async function invalidity(factory: Factory, { validation }: Request, value: Json): Promise<string | undefined> {
  if (validation === undefined || validation === 'Ignore') return undefined;
  const isList = isPlainList(value);
  const wrong = isList ? undefined : validationError(value);
  if (wrong !== undefined) return wrong;
  try {
    await factory.mapper();
  } catch (error) {
    const text = await failureText(factory, error, '/openapi/v2');
    return text === undefined ? undefined : `error validating data: ${isList ? '' : 'failed to download openapi: '}${text}${VALIDATE_HINT}`;
  }
  if (!isList) return undefined;
  if (validation !== 'Warn') return validationError(value, await modelsOf(factory));
  klogWarning(factory, 'schema.go:145', 'cannot perform warn validation if server-side field validation is unsupported, skipping validation');
  return undefined;
}

/** What the server's OpenAPI document says is wrong with an object. */
async function modelsOf(factory: Factory): Promise<(object: JsonObject) => readonly string[]> {
  const { modelErrors } = await import('../model-validation.js');
  const document = (await factory.client.request('GET', '/openapi/v2')).body as SwaggerDocument;
  return (object) => modelErrors(document, object);
}

/** FlattenListVisitor: what fails of a list is one failure, even if there is but one. */
async function visitDocument(factory: Factory, request: Request, value: Json, source: string, call: (info: Info) => Promise<void>): Promise<void> {
  const visitObject = async (given: KubeObject, inList: boolean): Promise<void> => {
    const object = withSortedKeys(given) as KubeObject;
    const info = request.offline === true ? offlineInfo(object, source) : await infoOf(factory, object, source, request, inList);
    if (info !== undefined) await call(info);
  };
  if (!isListOf(value)) return visitObject(await decoded(factory, request, value, source), false);
  if (request.flatten === false)
    throw new UsageError('watch is only supported on individual resources and resource collections, but a list of resources is found');
  const items = itemsOf(value, request.typed === true);
  const odd = request.typed === true ? undefined : items.find((item) => !isMap(item) && item !== null);
  if (odd !== undefined)
    throw new UsageError(`unable to decode "${source}": json: cannot unmarshal ${jsonKind(odd)} into Go value of type map[string]interface {}`);
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

/** As Go's encoding/json writes maps: whoever reads what is sent finds the same mistakes in the same order. */
function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isMap(value)) return value;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort(byBytes)) put(sorted, key, withSortedKeys(value[key]));
  return sorted;
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

/** Without a server nobody knows what kinds there are. */
async function recognising(factory: Factory, source: string): Promise<RestMapper> {
  try {
    return await factory.mapper();
  } catch (error) {
    // What is served is mostly known from before: it is the request that is refused.
    const text = error instanceof StatusError ? undefined : await failureText(factory, error, '/api');
    throw text === undefined ? error : new UsageError(`unable to recognize "${source}": ${text}`);
  }
}

async function infoOf(factory: Factory, given: KubeObject, source: string, request: Request, inList: boolean): Promise<Info | undefined> {
  const mapper = await recognising(factory, source);
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
  const { matchesSelector, parseSelector } = await import('../../api/selectors.js');
  const selector = parseSelector(selectorText);
  if ('error' in selector) throw new UsageError(`the provided selector "${selectorText}" is not valid: ${selector.error}`);
  return matchesSelector(selector, object.metadata.labels);
}
