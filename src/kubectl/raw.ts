/** `--raw`: requests by path, answers as they come (kubectl pkg/rawhttp). */
import type { ApiResponse } from '../api/transport.js';
import { textBody } from '../client/rest-client.js';
import { UsageError } from './command.js';

/** Go's url.ParseRequestURI wants a path from the root. */
export function rawPath(path: string): string {
  if (!path.startsWith('/')) throw new UsageError(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  return path;
}

/** The API server ends JSON with a line break; in process it is still a value. */
export async function rawBody(response: ApiResponse): Promise<string> {
  const { body } = response;
  if (typeof body === 'object' && body !== null && !(body instanceof Uint8Array) && !(Symbol.asyncIterator in body)) return `${JSON.stringify(body)}\n`;
  return textBody(response);
}
