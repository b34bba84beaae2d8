import { getServers } from 'node:dns';

const WHY: Readonly<Record<string, string>> = { ENOTFOUND: 'no such host', EAI_AGAIN: 'server misbehaving' };

/** A host whose name could not be looked up, in the words of Go's net package: it says who was asked for the name. */
export function inGoWords<E extends Error>(error: E): E {
  const { code = '', hostname } = error as { code?: string; hostname?: string };
  const why = WHY[code];
  if (why === undefined || hostname === undefined) return error;
  return Object.assign(error, { message: `dial tcp: lookup ${hostname} on ${getServers()[0]}:53: ${why}` });
}
