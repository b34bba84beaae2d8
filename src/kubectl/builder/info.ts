/** One object that a command line means: k8s.io/cli-runtime pkg/resource, Info. */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { type Target, withMessage } from '../../client/rest-client.js';
import type { RestMapping } from '../../client/rest-mapper.js';
import { type Factory, UsageError } from '../command.js';
import { messageOf } from '../errors.js';
import type { Request } from './request.js';

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

/** A named object, which is fetched when it is visited (RetrieveLazy). */
export const namedInfo = (factory: Factory, mapping: RestMapping, name: string): Info => ({
  mapping,
  name,
  namespace: mapping.namespaced ? factory.namespace : '',
  source: '',
});

export const infoOfItem = (mapping: RestMapping, object: KubeObject): Info => ({
  mapping,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name ?? '',
  object,
  source: '',
});

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

/** cmdutil.AddSourceToErr: `error when creating "f.yaml": …`. */
export function addSource(verb: string, source: string, error: unknown): unknown {
  if (source === '') return error;
  const message = `error when ${verb} "${source}": ${messageOf(error)}`;
  if (error instanceof StatusError) return withMessage(error, message);
  return new UsageError(message);
}
