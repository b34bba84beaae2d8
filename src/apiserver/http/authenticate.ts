/** Who is on the line: a client certificate of our CA, the administrator's token, or a service account's (authentication/request). */
import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Transport, UserInfo } from '../../api/transport.js';
import { reviewedUser, tokenReview } from '../authorization/token-review.js';
import { ADMINISTRATOR, ANONYMOUS, AUTHENTICATED } from '../authorization/user.js';

/** undefined: not known here. */
export type Authenticator = (request: IncomingMessage) => Promise<UserInfo | undefined>;

/** How long an answer about a token is believed, in ms. */
const TRUST = 2000;
const MAX_REMEMBERED = 1000;
/** What anybody may see. */
const PUBLIC = /^\/(version|healthz|livez|readyz)(\/|\?|$)/;

export function authenticator(adminToken: string, transport: Transport, now: () => number): Authenticator {
  const remembered = new Map<string, { readonly user: UserInfo | undefined; readonly until: number }>();
  const review = async (token: string): Promise<UserInfo | undefined> => {
    const known = remembered.get(token);
    if (known !== undefined && known.until > now()) return known.user;
    const user = await reviewToken(transport, token);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(token, { user, until: now() + TRUST });
    return user;
  };
  /** A connection's certificate does not change. */
  const certificates = new WeakMap<TLSSocket, UserInfo | 'none'>();
  const certified = (socket: TLSSocket): UserInfo | undefined => {
    const known = certificates.get(socket) ?? fromCertificate(socket) ?? 'none';
    certificates.set(socket, known);
    return known === 'none' ? undefined : known;
  };
  return async (request) => {
    const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) return isSame(token, adminToken) ? ADMINISTRATOR : review(token);
    const user = certified(request.socket as TLSSocket);
    if (user !== undefined) return user;
    return request.headers.authorization === undefined && PUBLIC.test(request.url ?? '') ? ANONYMOUS : undefined;
  };
}

/** Takes as long whether the first or the last character differs. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function fromCertificate(socket: TLSSocket): UserInfo | undefined {
  if (socket.authorized !== true || typeof socket.getPeerCertificate !== 'function') return undefined;
  return named(socket.getPeerCertificate().subject);
}

interface Subject {
  readonly CN?: string | readonly string[] | undefined;
  readonly O?: string | readonly string[] | undefined;
}

/** Whom a certificate names: its common name, in the groups that its organizations are. */
function named(subject: Subject | undefined): UserInfo | undefined {
  const name = one(subject?.CN);
  if (name === undefined) return undefined;
  if (name === ADMINISTRATOR.name) return ADMINISTRATOR;
  return { name, groups: [...many(subject?.O), AUTHENTICATED] };
}

/** Whom a certificate names that this CA has signed, while it is valid. PEM. */
export function certifiedUser(certificate: string, authority: string, now: number): UserInfo | undefined {
  const shown = new X509Certificate(certificate);
  const isValid = Date.parse(shown.validFrom) <= now && now <= Date.parse(shown.validTo);
  if (!isValid || !shown.verify(new X509Certificate(authority).publicKey)) return undefined;
  return named(shown.toLegacyObject().subject as Subject);
}

const many = (value: string | readonly string[] | undefined): readonly string[] => (value === undefined ? [] : typeof value === 'string' ? [value] : value);
const one = (value: string | readonly string[] | undefined): string | undefined => many(value)[0];

/** undefined: nobody's token. */
export async function reviewToken(transport: Transport, token: string): Promise<UserInfo | undefined> {
  return reviewedUser((await transport(tokenReview(token))).body);
}
