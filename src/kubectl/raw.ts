/** `--raw`: requests by path, answers as they come (kubectl pkg/rawhttp). */
import type { ApiRequest } from '../api/transport.js';
import { decode, isAsyncIterable, type RequestOptions } from '../client/rest-client.js';
import type { Request } from './builder/index.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { readErrorText } from './files.js';

/** Go's url.ParseRequestURI wants a path from the root, or a whole URL, of which only the path is used. */
function rawPath(path: string): string {
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

/** Asks, and hands on what comes, when it comes: a watch does not end. */
export async function copyRaw({ client, streams }: Factory, method: ApiRequest['method'], path: string, options: RequestOptions = {}): Promise<void> {
  const asText = { accept: 'application/json, */*', ...options, asText: true };
  const response = await client.request(method, rawPath(path), asText);
  const { location } = response.headers;
  // As Go's http client follows it.
  const { body } = method === 'GET' && response.status === 301 && location !== undefined ? await client.request('GET', rawPath(location), asText) : response;
  if (isAsyncIterable(body)) for await (const chunk of body) streams.out(decode(chunk));
  else if (body !== undefined && body !== null) streams.out(decode(body));
}
