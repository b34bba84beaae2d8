/** serviceaccounts/token: a bound token, as a JWT (pkg/registry/core/serviceaccount/storage/token.go, pkg/serviceaccount claims.go). */
import { invalidObject } from '../../api/errors.js';
import { type FieldError, invalid } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import type { Subresource } from '../../api/resource.js';
import { formatTime, type Time } from '../../api/time.js';
import type { ServiceAccount } from './types.js';

interface TokenRequest extends KubeObject {
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string; readonly uid?: string };
  };
}

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;
const DEFAULT_SECONDS = 3600;

export const token: Subresource<ServiceAccount> = {
  names: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  verbs: ['create'],
  create(account, body, { now, random, key }) {
    const request = body as TokenRequest;
    const { audiences = [ISSUER], boundObjectRef } = request.spec ?? {};
    const expirationSeconds = request.spec?.expirationSeconds ?? DEFAULT_SECONDS;
    const errors: FieldError[] = [];
    if (expirationSeconds < MIN_SECONDS) errors.push(invalid('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 10 minutes'));
    if (expirationSeconds > MAX_SECONDS)
      errors.push(invalid('spec.expirationSeconds', expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
    if (errors.length > 0) throw invalidObject('authentication.k8s.io', 'TokenRequest', '', errors);
    const seconds = Math.floor(now / 1000);
    const hex = (length: number) => Array.from({ length }, () => Math.floor(random('token') * 16).toString(16)).join('');
    const claims = {
      aud: audiences,
      exp: seconds + expirationSeconds,
      iat: seconds,
      iss: ISSUER,
      jti: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
      'kubernetes.io': {
        namespace: key.namespace,
        ...(boundObjectRef?.kind === undefined ? {} : { [boundObjectRef.kind.toLowerCase()]: { name: boundObjectRef.name, uid: boundObjectRef.uid } }),
        serviceaccount: { name: key.name, uid: account.metadata.uid },
      },
      nbf: seconds,
      sub: `system:serviceaccount:${key.namespace}:${key.name}`,
    };
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    // Nobody checks the signature: it has the length of RS256's.
    const signature = Buffer.from(hex(512), 'hex').toString('base64url');
    const text = `${encode({ alg: 'RS256', kid: 'podsim' })}.${encode(claims)}.${signature}`;
    const status = { token: text, expirationTimestamp: formatTime(((seconds + expirationSeconds) * 1000) as Time) };
    const { name, namespace } = key;
    const answer = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: formatTime(now) },
      spec: { audiences, expirationSeconds, boundObjectRef: boundObjectRef ?? null },
      status,
    };
    return { answer: answer as KubeObject };
  },
};
