/** kubectl explain (pkg/cmd/explain/explain.go). */
import { groupResourceOf, groupVersionOf, NoResourceMatch, type RestMapping, splitGroupVersion } from '../../client/rest-mapper.js';
import { type Node, parseJsonPathNodes } from '../../text/jsonpath-parser.js';
import { TextError } from '../../text/text-error.js';
import { type Command, type Factory, UsageError } from '../command.js';
import { explain, type OpenApiDocument } from '../explaining.js';
import type { SwaggerDocument } from '../explaining-openapiv2.js';
import { discovered } from '../undiscovered.js';

interface Options {
  readonly argument: string;
  readonly apiVersion: string;
  readonly recursive: boolean;
  readonly isOpenApiV2: boolean;
}

const command: Command<Options> = {
  use: 'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  short: 'Say what the fields of a resource mean',
  long: `Say what a resource and its fields mean.

A field is named by its path:

        <type>.<fieldName>[.<fieldName>]

What is said comes from the server's OpenAPI documents.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# Pods and their fields
kubectl explain pods

# All fields of fields
kubectl explain pods --recursive

# Deployments of a given version
kubectl explain deployments --api-version=apps/v1

# One field
kubectl explain pods.spec.containers

# In another format
kubectl explain deployment --output=plaintext-openapiv2`,
  flags: [
    { name: 'api-version', type: 'string', usage: 'Explain this version of the resource (group/version)' },
    { name: 'output', type: 'string', default: 'plaintext', usage: 'Format to explain in (plaintext, plaintext-openapiv2)' },
    { name: 'recursive', type: 'bool', usage: 'Only list the fields, and their fields' },
  ],
  async complete(args, flags) {
    if (args.length === 0)
      throw new UsageError('You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.');
    if (args.length > 1) throw new UsageError('We accept only this format: explain RESOURCE');
    const output = flags.string('output');
    if (output !== 'plaintext' && output !== 'plaintext-openapiv2') throw new UsageError(`unrecognized format: ${output}`);
    return {
      argument: args[0] as string,
      apiVersion: flags.string('api-version'),
      recursive: flags.bool('recursive'),
      isOpenApiV2: output === 'plaintext-openapiv2',
    };
  },
  async run({ argument, apiVersion, recursive, isOpenApiV2 }, factory) {
    const { mapping, fields } = await resolve(argument, apiVersion, factory, isOpenApiV2);
    if (isOpenApiV2) {
      const { explainOpenApiV2 } = await import('../explaining-openapiv2.js');
      const swagger = (await factory.client.request('GET', '/openapi/v2')).body as SwaggerDocument;
      return factory.streams.out(explainOpenApiV2(swagger, mapping, fields, recursive));
    }
    const document = await documentOf(mapping, factory);
    const { group, version, resource } = mapping;
    explain(document, { group, version, resource, fields, recursive }, factory.streams.out);
  },
};
export default command;

/** `deployments.apps.spec`: as many parts as name the resource, then fields (SplitAndParseResourceRequestWithMatchingPrefix). */
async function resolve(
  argument: string,
  apiVersion: string,
  factory: Factory,
  isOpenApiV2: boolean,
): Promise<{ mapping: RestMapping; fields: readonly string[] }> {
  checkPath(argument);
  const mapper = await discovered(factory);
  const [first = ''] = argument.split('.');
  const pick = (mapping: RestMapping): RestMapping => {
    if (apiVersion === '') return mapping;
    if (apiVersion.split('/').length > 2) throw new UsageError(`unexpected GroupVersion string: ${apiVersion}`);
    const { group, version } = splitGroupVersion(apiVersion);
    const found = mapper.mappings.find((one) => one.resource === mapping.resource && one.group === group && one.version === version);
    if (found !== undefined) return found;
    // Whether there is such a version the document says.
    if (isOpenApiV2) return { ...mapping, group, version };
    const name = `${group}/${version}, Resource=${mapping.resource}`;
    const isServed = mapper.mappings.some((one) => one.group === group && one.version === version);
    throw new UsageError(isServed ? `GVR (${name}) not found in OpenAPI schema` : `couldn't find resource for "${name}"`);
  };
  const found = mapper.find(first);
  if (found === undefined) throw new NoResourceMatch(first);
  // Only the plural with its whole group is taken for more than the first word
  const full = groupResourceOf(found);
  const named = argument === full || argument.startsWith(`${full}.`) ? full : first;
  return { mapping: pick(found), fields: fieldsOf(argument.slice(named.length)) };
}

/** kubectl reads it as a JSONPath, and wants fields (explain.go SplitAndParseResourceRequest). */
function checkPath(argument: string): void {
  let first: Node | undefined;
  try {
    [first] = parseJsonPathNodes(`{.${argument}}`);
  } catch (error) {
    throw error instanceof TextError ? new UsageError(error.message) : error;
  }
  const [inner] = first?.type === 'list' ? first.nodes : [];
  if (inner?.type !== 'field') throw new UsageError('invalid jsonpath syntax, first node must be field node');
}

const fieldsOf = (text: string): readonly string[] => text.split('.').filter((part) => part !== '');

async function documentOf(mapping: RestMapping, factory: Factory): Promise<OpenApiDocument> {
  const index = (await factory.client.request('GET', '/openapi/v3')).body as {
    readonly paths?: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
  };
  const key = mapping.group === '' ? `api/${mapping.version}` : `apis/${groupVersionOf(mapping)}`;
  const entry = index.paths?.[key];
  if (entry === undefined) throw new UsageError(`couldn't find resource for "${mapping.group}/${mapping.version}, Resource=${mapping.resource}"`);
  return (await factory.client.request('GET', entry.serverRelativeURL)).body as OpenApiDocument;
}
