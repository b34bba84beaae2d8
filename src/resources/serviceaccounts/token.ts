/** The `token` subresource, which `kubectl create token` writes: pkg/registry/core/serviceaccount/storage/token.go. */
import { badRequest, conflict, invalidObject, notFound } from '../../api/errors.js';
import { type FieldError, invalid } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import type { Subresource } from '../../api/resource.js';
import { signToken } from '../../api/service-account-token.js';
import { formatTime, type Time } from '../../api/time.js';
import { TOKEN_ISSUER } from '../../api/transport.js';
import { uuidOf } from '../../api/uuid.js';
import type { Api } from '../../api/verbs.js';
import type { Pod } from '../pods/types.js';
import type { ServiceAccount } from './types.js';

interface TokenRequest extends KubeObject {
  readonly spec: { readonly audiences?: readonly string[] | null; readonly expirationSeconds?: number; readonly boundObjectRef?: BoundObject | null };
  readonly status?: { readonly token: string; readonly expirationTimestamp: string };
}

interface BoundObject {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
/** What a token can be bound to, by Kind: it is worthless once that is gone. */
const BOUND: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' };

export const token: Subresource<ServiceAccount> = {
  names: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  verbs: ['create'],
  create(account, body, { api, now, random }) {
    const { audiences, expirationSeconds = 3600, boundObjectRef: bound } = (body as TokenRequest).spec ?? {};
    const errors: FieldError[] = [];
    if (expirationSeconds < MIN_SECONDS) errors.push(invalid('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 10 minutes'));
    if (expirationSeconds > MAX_SECONDS)
      errors.push(invalid('spec.expirationSeconds', expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
    if (errors.length > 0) throw invalidObject('authentication.k8s.io', 'TokenRequest', '', errors);

    const { namespace = '', name = '', uid = '' } = account.metadata;
    const found = bound ? boundObject(api, account, bound) : undefined;
    const nodeName = found?.kind === 'Pod' ? (found as Pod).spec.nodeName : undefined;
    const issued = Math.floor(now / 1000);
    const wanted = audiences?.length ? audiences : [TOKEN_ISSUER];
    const claims = {
      aud: wanted,
      exp: issued + expirationSeconds,
      iat: issued,
      iss: TOKEN_ISSUER,
      jti: uuidOf(`jti/${random('serviceaccount-token')}`),
      'kubernetes.io': {
        namespace,
        ...(found === undefined ? {} : claimOf(found)),
        ...(nodeName ? { node: { name: nodeName, uid: api.get('nodes', { namespace: '', name: nodeName })?.metadata.uid } } : {}),
        serviceaccount: { name, uid },
      },
      nbf: issued,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const answer: TokenRequest = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { name, namespace, creationTimestamp: formatTime(now) },
      spec: { audiences: wanted, expirationSeconds, boundObjectRef: bound ?? null },
      status: { token: signToken(claims), expirationTimestamp: formatTime((now + expirationSeconds * 1000) as Time) },
    };
    return { answer };
  },
};

const claimOf = ({ kind, metadata: { name, uid } }: KubeObject): object => ({ [kind.toLowerCase()]: { name, uid } });

function boundObject(api: Api, account: ServiceAccount, { kind = '', apiVersion = '', name = '', uid }: BoundObject): KubeObject {
  const resource = apiVersion.includes('/') ? undefined : BOUND[kind];
  if (resource === undefined) throw badRequest(`cannot bind token to object of type ${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`);
  const found = api.get(resource, { namespace: resource === 'nodes' ? '' : (account.metadata.namespace ?? ''), name });
  if (found === undefined) throw notFound(resource, name);
  if (kind === 'Pod' && (found as Pod).spec.serviceAccountName !== account.metadata.name)
    throw badRequest(`cannot bind token for serviceaccount "${account.metadata.name}" to pod running with different serviceaccount name.`);
  if (uid && uid !== found.metadata.uid)
    throw conflict(
      kind,
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  return found;
}
