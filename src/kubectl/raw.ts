/** `--raw`: requests by path, answers as they come (kubectl pkg/rawhttp). */
import type { ApiResponse } from '../api/transport.js';
import { decode, isAsyncIterable } from '../client/rest-client.js';
import { UsageError } from './command.js';

/** Go's url.ParseRequestURI wants a path from the root. */
export function rawPath(path: string): string {
  if (!path.startsWith('/')) throw new UsageError(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  return path;
}

/** Hands on what comes, when it comes: a watch does not end. The API server ends JSON with a line break; in process it is still a value. */
export async function copyRaw(response: ApiResponse, out: (text: string) => void): Promise<void> {
  const { body } = response;
  if (isAsyncIterable(body)) for await (const chunk of body) out(rawText(chunk));
  else if (body !== undefined && body !== null) out(rawText(body));
}

const rawText = (value: unknown): string =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? `${JSON.stringify(value)}\n` : decode(value);
