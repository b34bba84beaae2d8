/** `--raw`: requests by path, answers as they come (kubectl pkg/rawhttp). */
import type { ApiResponse } from '../api/transport.js';
import { decode, isAsyncIterable } from '../client/rest-client.js';
import type { Request } from './builder.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { readErrorText } from './files.js';
import type { Structs } from './struct-order.js';

/** Go's url.ParseRequestURI wants a path from the root, or a whole URL, of which only the path is used. */
export function rawPath(path: string): string {
  const url = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?]*(.*)$/.exec(path);
  if (url !== null) return (url[1] as string).replace(/^(?!\/)/, '/');
  if (!path.startsWith('/')) throw new UsageError(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  return path;
}

/** What goes with --raw, of the files and of the flags (pkg/cmd/create/create.go, replace.go, delete.go). */
export function checkRaw(request: Request, flags: FlagValues, words: { readonly selector: boolean; readonly required: boolean }): void {
  const { filenames = [] } = request;
  if (words.required ? filenames.length !== 1 : filenames.length > 1) throw new UsageError('--raw can only use a single local file or stdin');
  if (/^https?:\/\//.test(filenames[0] ?? '')) throw new UsageError('--raw cannot read from a url');
  if (request.recursive === true) throw new UsageError('--raw and --recursive are mutually exclusive');
  if (words.selector && (request.selector ?? '') !== '') throw new UsageError('--raw and --selector (-l) are mutually exclusive');
  if (flags.string('output') !== '') throw new UsageError('--raw and --output are mutually exclusive');
  rawPath(flags.string('raw'));
}

/** The body of a raw request: a file as it is, or stdin. */
export async function rawFile(factory: Factory, name: string): Promise<string> {
  if (name === '-') return new TextDecoder().decode(await factory.streams.in.read());
  try {
    return await factory.files.read(name);
  } catch (error) {
    throw new UsageError(readErrorText(name, error));
  }
}

/** Hands on what comes, when it comes: a watch does not end. The API server ends JSON with a line break; in process it is still a value. */
export async function copyRaw(response: ApiResponse, { structs, streams }: Factory): Promise<void> {
  const { body } = response;
  if (isAsyncIterable(body)) for await (const chunk of body) streams.out(rawText(isValue(chunk) ? eventAsDeclared(chunk, await structs()) : chunk));
  else if (isValue(body)) streams.out(rawText(asDeclared(body, await structs())));
  else if (body !== undefined && body !== null) streams.out(rawText(body));
}

/** The fields of the API's own kinds in the order in which Go writes them. */
export const asDeclared = <T extends object>(value: T, structs: Structs): T => (structs.knows(value) ? structs.inOrder(value) : value);

/** What a watch tells of: `{"type":"ADDED","object":…}`. */
const eventAsDeclared = (event: { readonly object?: object }, structs: Structs): object =>
  event.object === undefined ? event : { ...event, object: asDeclared(event.object, structs) };

const isValue = (value: unknown): value is object => typeof value === 'object' && value !== null && !(value instanceof Uint8Array);

const rawText = (value: unknown): string => (isValue(value) ? `${JSON.stringify(value)}\n` : decode(value));
