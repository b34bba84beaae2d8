/** What the build wrote beside the bundle (dist/): the generated schema and its descriptions. Light: every `get` may load this. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type { Schemas } from '../api/resource.js';
import type { ProtobufFields } from '../apiserver/http/protobuf.js';
import type { Descriptions } from '../apiserver/rest/openapi.js';

export const readSchemas = (): Schemas => JSON.parse(readFileSync(built('schema.json'), 'utf8')) as Schemas;

export const readDescriptions = (): Descriptions =>
  JSON.parse(brotliDecompressSync(readFileSync(built('schema-descriptions.json.br'))).toString('utf8')) as Descriptions;

/** Field numbers of the API's protobuf messages, for `serve`. */
export const readProtobufFields = (): ProtobufFields => Object.assign({}, ...[readClientStructs(), readAggregatedStructs()].map((text) => JSON.parse(text)));

/** The same as text, whose lines tell the order of the fields too. */
export const readStructs = (): string => `${readClientStructs()}\n${readAggregatedStructs()}`;

/** Those of the types that kubectl's own scheme has: the others are maps to it. */
export const readClientStructs = (): string => readFileSync(join(packageRoot(), 'fixtures/protobuf-fields.json'), 'utf8');

/** Those of the servers that are put together with the API's own: apiextensions and the aggregator. */
const readAggregatedStructs = (): string => readFileSync(join(packageRoot(), 'fixtures/protobuf-fields-aggregated.json'), 'utf8');

/** Beside the bundle (which lies elsewhere while it is being built), or where the last build put it for who runs the sources. */
function built(name: string): string {
  const beside = join(dirname(fileURLToPath(import.meta.url)), name);
  return existsSync(beside) ? beside : join(packageRoot(), 'dist', name);
}

/** The directory with package.json: two levels above this file in the sources, one above the bundle. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json')) && directory !== dirname(directory)) directory = dirname(directory);
  return directory;
}
