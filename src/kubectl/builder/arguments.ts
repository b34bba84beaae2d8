/** TYPE/NAME, TYPE NAME …, -l, --all: builder.go visitBySelector, visitByResource, visitByName. */
import { StatusError } from '../../api/errors.js';
import { errorOf, type ListObject, withMessage } from '../../client/rest-client.js';
import { NoResourceMatch, type RestMapping } from '../../client/rest-mapper.js';
import { type Factory, UsageError } from '../command.js';
import { type Info, infoOfItem, namedInfo } from './info.js';
import type { Request } from './request.js';

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

export async function visitArguments(factory: Factory, request: Request, call: (info: Info) => Promise<void>, errors: unknown[]): Promise<void> {
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
