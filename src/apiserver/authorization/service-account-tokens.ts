/** Whose a service account's token is, while it holds: pkg/serviceaccount (jwt.go, claims.go, legacy.go). */
import type { KubeObject } from '../../api/object.js';
import { type Claims, claimsOf, LEGACY_ISSUER, signatureFault } from '../../api/service-account-token.js';
import { parseTime, seconds, type Time } from '../../api/time.js';
import { TOKEN_ISSUER } from '../../api/transport.js';
import type { Store } from '../../store/store.js';

/** A holder as TokenReviews tell of him, and for which of the audiences asked for; or why there is none, '' without a reason. */
export type Holder = { readonly user: TokenUser; readonly audiences: readonly string[] } | { readonly fault: string };

interface TokenUser {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface Bound {
  readonly name?: string;
  readonly uid?: string;
}

/** The private claims of tokens that were asked for. */
interface PrivateClaims {
  readonly namespace?: string;
  readonly serviceaccount?: Bound;
  readonly pod?: Bound;
  readonly secret?: Bound;
  readonly node?: Bound;
}

/** How far clocks may differ (jose's DefaultLeeway). */
const LEEWAY = seconds(60);

export function holderOf(store: Store, token: string, wanted: readonly string[], now: Time): Holder {
  const claims = claimsOf(token);
  const issuer = claims?.['iss'];
  if (claims === undefined || (issuer !== TOKEN_ISSUER && issuer !== LEGACY_ISSUER)) return { fault: '' };
  const fault = signatureFault(token);
  if (fault !== undefined) return { fault };
  const own = audiencesOf(claims);
  const audiences = own.filter((one) => wanted.includes(one));
  if (audiences.length === 0) return { fault: `token audiences ${listed(own)} is invalid for the target audiences ${listed(wanted)}` };
  const found = issuer === LEGACY_ISSUER ? legacyUser(store, token, claims) : boundUser(store, claims, now);
  return typeof found === 'string' ? { fault: found } : { user: found, audiences };
}

/** Tokens that name none are for the API server. */
function audiencesOf({ aud }: Claims): readonly string[] {
  if (Array.isArray(aud) && aud.length > 0) return aud as string[];
  return typeof aud === 'string' ? [aud] : [TOKEN_ISSUER];
}

const listed = (names: readonly string[]): string => `[${names.map((name) => JSON.stringify(name)).join(' ')}]`;

function userOf(namespace: string, name: string, uid: string, extra: TokenUser['extra']): TokenUser {
  const user = {
    username: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
  return extra === undefined || Object.keys(extra).length === 0 ? user : { ...user, extra };
}

/** claims.go Validate. */
function boundUser(store: Store, claims: Claims, now: Time): TokenUser | string {
  const outOfTime = timeFault(claims, now);
  if (outOfTime !== undefined) return outOfTime;
  const { namespace = '', serviceaccount = {}, pod, secret, node } = (claims['kubernetes.io'] ?? {}) as PrivateClaims;
  const { name = '' } = serviceaccount;
  if (name === '') return 'resource name may not be empty';
  const account = store.get('serviceaccounts', { namespace, name });
  if (account === undefined) return `serviceaccounts ${JSON.stringify(name)} not found`;
  const uid = account.metadata.uid ?? '';
  if (uid !== serviceaccount.uid) return `service account UID (${uid}) does not match claim (${serviceaccount.uid ?? ''})`;
  if (isLongDeleted(account, now)) return `service account ${namespace}/${name} has been deleted`;
  const fault =
    boundFault(store, 'secret', namespace, secret, now) ??
    boundFault(store, 'pod', namespace, pod, now) ??
    // A pod's token outlives its node.
    (pod === undefined ? boundFault(store, 'node', '', node, now) : undefined);
  return fault ?? userOf(namespace, name, uid, extraOf(claims, pod, node));
}

function timeFault({ nbf, exp, iat }: Claims, now: Time): string | undefined {
  const isLater = (claim: unknown): boolean => typeof claim === 'number' && now + LEEWAY < claim * 1000;
  if (isLater(nbf)) return 'service account token is not valid yet';
  if (typeof exp === 'number' && now - LEEWAY > exp * 1000) return 'service account token has expired';
  return isLater(iat) ? 'service account token is issued in the future' : undefined;
}

/** Why what a token is bound to makes it worthless. */
function boundFault(store: Store, kind: 'secret' | 'pod' | 'node', namespace: string, bound: Bound | undefined, now: Time): string | undefined {
  if (bound === undefined) return undefined;
  const found = store.get(`${kind}s`, { namespace, name: bound.name ?? '' });
  if (found === undefined) return INVALIDATED;
  const { uid } = found.metadata;
  if (uid !== bound.uid) return `${kind} UID (${uid}) does not match service account ${kind} ref claim (${bound.uid ?? ''})`;
  return isLongDeleted(found, now) ? INVALIDATED : undefined;
}

const INVALIDATED = 'service account token has been invalidated';

const isLongDeleted = ({ metadata }: KubeObject, now: Time): boolean => {
  const deleted = parseTime(metadata.deletionTimestamp ?? '');
  return deleted !== undefined && deleted < now - LEEWAY;
};

/** What else a token says of its holder: which credential it is, and the pod and node it is bound to. */
function extraOf({ jti }: Claims, pod: Bound | undefined, node: Bound | undefined): TokenUser['extra'] {
  const said: readonly (readonly [string, string | undefined])[] = [
    ['credential-id', typeof jti === 'string' ? `JTI=${jti}` : undefined],
    ['node-name', node?.name],
    ['node-uid', node?.uid],
    ['pod-name', pod?.name],
    ['pod-uid', pod?.uid],
  ];
  return Object.fromEntries(said.flatMap(([key, value]) => (value ? [[`authentication.kubernetes.io/${key}`, [value]]] : [])));
}

/** legacy.go Validate: of tokens that are kept in Secrets. */
function legacyUser(store: Store, token: string, claims: Claims): TokenUser | string {
  const said = (claim: string): string => String(claims[claim] ?? '');
  const namespace = said('kubernetes.io/serviceaccount/namespace');
  const secretName = said('kubernetes.io/serviceaccount/secret.name');
  const name = said('kubernetes.io/serviceaccount/service-account.name');
  const uid = said('kubernetes.io/serviceaccount/service-account.uid');
  const missing = Object.entries({ sub: said('sub'), namespace, secretName, serviceAccountName: name, serviceAccountUID: uid }).find(
    ([, value]) => value === '',
  );
  if (missing !== undefined) return `${missing[0]} claim is missing`;
  if (said('sub') !== `system:serviceaccount:${namespace}:${name}`) return 'sub claim is invalid';
  const secret = store.get<KubeObject & { readonly data?: Readonly<Record<string, string>> }>('secrets', { namespace, name: secretName });
  if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return 'Token has been invalidated';
  if (Buffer.from(secret.data?.['token'] ?? '', 'base64').toString() !== token) return "Token does not match server's copy";
  const account = store.get('serviceaccounts', { namespace, name });
  if (account === undefined) return `serviceaccounts ${JSON.stringify(name)} not found`;
  if (account.metadata.deletionTimestamp !== undefined) return `ServiceAccount ${namespace}/${name} has been deleted`;
  if (account.metadata.uid !== uid) return `ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})`;
  return userOf(namespace, name, uid, undefined);
}
