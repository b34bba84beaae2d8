/** What commands say of a server that they cannot ask what it serves: client-go's words for requests whose answer nobody decodes. */
import { StatusError } from '../api/errors.js';
import { withMessage } from '../client/rest-client.js';
import type { RestMapper } from '../client/rest-mapper.js';
import type { Factory } from './command.js';

const WHO = 'the server has asked for the client to provide credentials';

/** A 401 whose body is not looked into. */
export const unread = (error: unknown): unknown => (error instanceof StatusError && error.code === 401 ? withMessage(error, WHO) : error);

/** Discovery, where its failure is the command's. */
export async function discovered(factory: Factory): Promise<RestMapper> {
  try {
    return await factory.mapper();
  } catch (error) {
    throw unread(error);
  }
}

/** The failure of a GET as net/http has it, `Get "https://…": dial tcp …`, or of one that was not let in; undefined: it failed otherwise. */
export async function failureText(factory: Factory, error: unknown, path: string): Promise<string | undefined> {
  if (error instanceof StatusError) return error.code === 401 ? WHO : undefined;
  const why = error instanceof Error ? dialText(error) : undefined;
  return why === undefined ? undefined : `Get "${await factory.server()}${path}?timeout=32s": ${why}`;
}

function dialText(error: Error): string | undefined {
  const { code, dialed } = error as { readonly code?: unknown; readonly dialed?: string };
  if (code !== 'ECONNREFUSED') return error.message.startsWith('dial tcp') ? error.message : undefined;
  return `dial tcp ${dialed ?? (error as { readonly address?: string }).address}: connect: connection refused`;
}
