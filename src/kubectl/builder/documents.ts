/** The objects that documents stand for: visitor.go StreamVisitor. */
import type { Json, KubeObject } from '../../api/object.js';
import { NoKindMatch, type RestMapping, splitGroupVersion } from '../../client/rest-mapper.js';
import { type Factory, UsageError } from '../command.js';
import { newAggregate } from '../errors.js';
import { readDocuments, validationError } from '../manifests.js';
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
