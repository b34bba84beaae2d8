/** kubectl describe (pkg/cmd/describe/describe.go). What it says of a kind is the kind's own `describe`. */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { resourceId } from '../../api/resource.js';
import type { Reader } from '../../api/verbs.js';
import { groupResourceOf, type RestMapping } from '../../client/rest-mapper.js';
import {
  hasFiles,
  type Info,
  listResource,
  namespaceMustExist,
  type Request,
  requestOf,
  resolveType,
  splitArguments,
  targetOf,
  visit,
} from '../builder/index.js';
import { type Command, type Factory, UsageError } from '../command.js';
import { aggregate, isNotFound, messageOf, newAggregate } from '../errors.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly showEvents: boolean;
  readonly chunkSize: number;
}

const command: Command<Options> = {
  use: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  short: 'Show one or many resources in detail',
  long: `Show one or many objects in detail, with what belongs to them, such as their events.

If there is no object of the given name, all whose names begin with it are described.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# A node
kubectl describe nodes kubernetes-node-emt8.c.myproject.internal

# A pod
kubectl describe pods/nginx

# The object that a file names
kubectl describe -f pod.json

# All pods
kubectl describe pods

# Pods with a label
kubectl describe pods -l name=myLabel

# All pods whose names begin with "frontend"
kubectl describe pods frontend`,
  flags: [
    shared.ALL_NAMESPACES,
    shared.CHUNK_SIZE,
    ...shared.FILES('Files, directories or URLs that name the objects to describe'),
    shared.SELECTOR,
    { name: 'show-events', type: 'bool', default: 'true', usage: 'Show the events about the object.' },
  ],
  async complete(args, flags) {
    const request = requestOf(flags, args);
    if (args.length === 0 && !hasFiles(request)) {
      throw new UsageError('You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.');
    }
    return { request: { ...request, selectAllByDefault: true }, showEvents: flags.bool('show-events'), chunkSize: flags.int('chunk-size') };
  },
  run,
};
export default command;

async function run(options: Options, factory: Factory): Promise<void> {
  const { request } = options;
  const infos: Info[] = [];
  const { errors } = await visit(factory, request, async (info) => void infos.push(info));
  if (errors.length > 0 && (await describedByPrefix(options, factory, errors))) return;
  const unread = aggregate(errors);
  const failures: unknown[] = unread === undefined ? [] : [unread];
  const said = new Set<string>();
  let first = true;
  for (const info of infos) {
    try {
      // A describer fetches what it describes, whatever a file says of it
      const object = info.source === '' ? (info.object as KubeObject) : await factory.client.get<KubeObject>(targetOf(info));
      const text = await describe(info.mapping, object, factory, options);
      factory.streams.out(first ? text : `\n\n${text}`);
      first = false;
    } catch (error) {
      if (!said.has(messageOf(error))) failures.push(error);
      said.add(messageOf(error));
    }
  }
  if (infos.length === 0 && failures.length === 0) {
    factory.streams.err(request.allNamespaces === true ? 'No resources found\n' : `No resources found in ${factory.namespace} namespace.\n`);
  }
  const error = newAggregate(failures);
  if (error !== undefined) throw error;
}

/** A name that is none is taken for the beginning of names (DescribeMatchingResources). */
async function describedByPrefix(options: Options, factory: Factory, errors: readonly unknown[]): Promise<boolean> {
  const { request } = options;
  const args = request.args ?? [];
  if (errors.length !== 1 || !isNotFound(errors[0]) || args.length === 0) return false;
  const pair = splitArguments(args);
  // Of two names one after the other is taken for a beginning, and there is no such type
  if (pair.pairs.length === 2) throw errors[0];
  const type = pair.pairs[0]?.type ?? pair.types[0];
  const prefix = pair.pairs[0]?.name ?? pair.names[0];
  if (type === undefined || prefix === undefined || pair.names.length > 1 || pair.pairs.length > 1) return false;
  const mapping = resolveType(await factory.mapper(), type);
  const list = await listResource(factory, { limit: options.chunkSize }, mapping);
  const matching = list.items.filter((item) => item.metadata.name?.startsWith(prefix) === true);
  if (matching.length === 0) {
    if (mapping.namespaced && factory.namespace !== 'default') await namespaceMustExist(factory, factory.namespace);
    throw errors[0];
  }
  const texts: string[] = [];
  for (const item of matching) texts.push(await describe(mapping, item, factory, options));
  factory.streams.out(texts.map((text) => `${text}\n`).join(''));
  return true;
}

async function describe(mapping: RestMapping, object: KubeObject, factory: Factory, options: Options): Promise<string> {
  const [{ resources }, { indentedWriter }] = await Promise.all([import('../../resources/index.js'), import('../../text/indented-writer.js')]);
  const id = groupResourceOf(mapping);
  const found = resources.find((resource) => resourceId(resource.names) === id);
  const out = indentedWriter();
  const settings = { showEvents: options.showEvents, now: factory.now(), chunkSize: options.chunkSize };
  if (found?.describe !== undefined) await found.describe(object, await readerOf(factory), out, settings);
  else await (await import('../describe-generic.js')).describeGeneric(object, await readerOf(factory), out, settings);
  return out.text();
}

/** get and list over the client; what may not be read or is not served reads as nothing. */
async function readerOf(factory: Factory): Promise<Reader> {
  const mapper = await factory.mapper();
  const mappingOf = (resource: string) => mapper.mappings.find((mapping) => groupResourceOf(mapping) === resource);
  return {
    async get(resource, key) {
      const mapping = mappingOf(resource);
      if (mapping === undefined) return undefined;
      try {
        return await factory.client.get({ resource: mapping, namespace: key.namespace, name: key.name });
      } catch (error) {
        if (error instanceof StatusError && (error.reason === 'NotFound' || error.reason === 'Forbidden')) return undefined;
        throw error;
      }
    },
    async list(resource, options = {}) {
      const mapping = mappingOf(resource);
      if (mapping === undefined) return [];
      try {
        const list = await factory.client.list(
          { resource: mapping, namespace: options.namespace ?? '' },
          { query: { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector, limit: 500 } },
        );
        return list.items as never;
      } catch (error) {
        if (error instanceof StatusError && error.reason === 'Forbidden') return [];
        throw error;
      }
    },
  };
}
