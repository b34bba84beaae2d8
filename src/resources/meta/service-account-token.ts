/** Tokens of service accounts: pkg/serviceaccount (claims.go, legacy.go). Their form is a JWT's; their signature is made up. */
import { createHash } from 'node:crypto';

const base64url = (value: string | Buffer): string => Buffer.from(value).toString('base64url');

/** A signed-looking JWT of `claims`. `random` in [0, 1) makes it one of a kind. */
export function makeToken(claims: object, random: number): string {
  const seed = createHash('sha256').update(String(random)).digest('hex');
  const head = base64url(JSON.stringify({ alg: 'RS256', kid: createHash('sha256').update('podsim').digest('base64url') }));
  const body = base64url(JSON.stringify(claims));
  // As long as a 2048 bit RSA signature.
  const parts = [0, 1, 2, 3].map((i) => createHash('sha512').update(`${seed}${i}${head}.${body}`).digest());
  return `${head}.${body}.${base64url(Buffer.concat(parts))}`;
}
