/** Kinds that are asked and not kept: access reviews and who am I (pkg/registry/authorization, pkg/registry/authentication). */
import { badRequest, invalidObject } from '../../api/errors.js';
import { type FieldError, goQuote, goSyntax, invalid } from '../../api/field.js';
import type { KubeObject } from '../../api/object.js';
import type { ResourceNames } from '../../api/resource.js';
import { formatTime, type Time } from '../../api/time.js';
import { TOKEN_ISSUER, type UserInfo } from '../../api/transport.js';
import type { PolicyRule } from '../../resources/rbac/types.js';
import type { Store } from '../../store/store.js';
import { reviewNames } from '../rest/virtual-kinds.js';
import type { Attributes } from './attributes.js';
import { authorize, grants } from './rbac.js';
import { isAdministrator } from './user.js';

export interface Review {
  readonly names: ResourceNames;
  /** Its definition in the schema. */
  readonly schema: string;
  answer(store: Store, user: UserInfo, body: KubeObject, namespace: string, now: Time): KubeObject;
}

const AUTHORIZATION = 'authorization.k8s.io';

interface AccessSpec {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly resourceAttributes?: {
    readonly group?: string;
    readonly version?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
    readonly namespace?: string;
    readonly verb?: string;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}
type AccessReview = KubeObject & { readonly spec?: AccessSpec };

function asked(user: UserInfo, spec: AccessSpec): Attributes {
  const { resourceAttributes: of, nonResourceAttributes: path } = spec;
  if (of === undefined) return { user, verb: path?.verb ?? '', path: path?.path ?? '' };
  const { group = '', version = '', resource = '', subresource = '', name = '', namespace = '', verb = '' } = of;
  return { user, verb, path: '', resource: { group, version, resource, subresource, namespace, name } };
}

function decided(store: Store, user: UserInfo, review: AccessReview): KubeObject {
  const { allowed, reason } = authorize(store, asked(user, review.spec ?? {}));
  const status = { allowed, ...(reason === '' ? {} : { reason }) };
  return { ...review, metadata: { creationTimestamp: null, ...review.metadata }, status } as KubeObject;
}

/** Exactly one of the two kinds of attributes. */
function checkSpec(spec: AccessSpec, errors: FieldError[]): void {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  if (resource !== undefined && other !== undefined)
    errors.unshift(invalid('spec.nonResourceAttributes', printed(other), 'cannot be specified in combination with resourceAttributes'));
  if (resource === undefined && other === undefined)
    errors.unshift(invalid('spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified'));
  refuse(errors);
}

/** Upstream leaves the kind out. */
function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidObject(AUTHORIZATION, '', '', errors);
}

const printed = ({ path = '', verb = '' }: NonNullable<AccessSpec['nonResourceAttributes']>) =>
  goSyntax(`authorization.NonResourceAttributes{Path:${goQuote(path)}, Verb:${goQuote(verb)}}`);

const selfSubjectAccessReview: Review = {
  names: reviewNames.selfSubjectAccessReview,
  schema: 'V1SelfSubjectAccessReview',
  answer: (store, user, body) => {
    checkSpec((body as AccessReview).spec ?? {}, []);
    return decided(store, user, body);
  },
};

function subjectOf(spec: AccessSpec): UserInfo {
  const errors: FieldError[] = [];
  if (!spec.user && (spec.groups ?? []).length === 0) errors.push(invalid('spec.user', '', 'at least one of user or group must be specified'));
  checkSpec(spec, errors);
  return { name: spec.user ?? '', groups: spec.groups ?? [], ...(spec.uid ? { uid: spec.uid } : {}) };
}

const subjectAccessReview: Review = {
  names: reviewNames.subjectAccessReview,
  schema: 'V1SubjectAccessReview',
  answer: (store, _user, body) => decided(store, subjectOf((body as AccessReview).spec ?? {}), body),
};

const localSubjectAccessReview: Review = {
  names: reviewNames.localSubjectAccessReview,
  schema: 'V1LocalSubjectAccessReview',
  answer: (store, _user, body, namespace) => {
    const spec = (body as AccessReview).spec ?? {};
    const user = subjectOf(spec);
    const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
    if (resource !== undefined && (resource.namespace ?? '') !== namespace)
      refuse([invalid('spec.resourceAttributes.namespace', resource.namespace ?? '', 'must match metadata.namespace')]);
    if (other !== undefined) refuse([invalid('spec.nonResourceAttributes', printed(other), 'disallowed on this kind of request')]);
    return decided(store, user, body);
  },
};

type RulesReview = KubeObject & { readonly spec?: { readonly namespace?: string } };

const selfSubjectRulesReview: Review = {
  names: reviewNames.selfSubjectRulesReview,
  schema: 'V1SelfSubjectRulesReview',
  answer: (store, user, body) => {
    const namespace = (body as RulesReview).spec?.namespace ?? '';
    if (namespace === '') throw badRequest('no namespace on request');
    const everything: readonly PolicyRule[] = [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ];
    const rules = [...(isAdministrator(user) ? everything : []), ...[...grants(store, user, namespace)].flatMap((grant) => grant.rules)];
    const status = {
      resourceRules: rules
        .filter((rule) => (rule.resources ?? []).length > 0)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) })),
      nonResourceRules: rules.filter((rule) => (rule.nonResourceURLs ?? []).length > 0).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
    };
    // What was asked is not said again.
    return { ...body, metadata: { creationTimestamp: null }, spec: {}, status } as unknown as KubeObject;
  },
};

const selfSubjectReview: Review = {
  names: reviewNames.selfSubjectReview,
  schema: 'V1SelfSubjectReview',
  answer: (_store, user, body, _namespace, now) => {
    const { name: username, uid, groups, extra } = user;
    const userInfo = { username, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) };
    return { ...body, metadata: { creationTimestamp: formatTime(now) }, status: { userInfo } } as KubeObject;
  },
};

/** Tokens are signed by nobody here: a service account's is believed by its claims, while it lasts and what it is for exists. */
const tokenReview: Review = {
  names: reviewNames.tokenReview,
  schema: 'V1TokenReview',
  answer: (store, _user, body, _namespace, now) => {
    const { token = '', audiences: asked } = (body as TokenReview).spec ?? {};
    if (token === '') throw badRequest('token is required for TokenReview in authentication');
    const claims = claimsOf(token);
    const user = accountOf(store, claims, now);
    const wanted = asked?.length ? asked : [TOKEN_ISSUER];
    const own = Array.isArray(claims['aud']) ? (claims['aud'] as string[]) : [TOKEN_ISSUER];
    const audiences = own.filter((one) => wanted.includes(one));
    const list = (names: readonly string[]): string => `[${names.map((name) => JSON.stringify(name)).join(' ')}]`;
    const status =
      user === undefined
        ? { user: {}, error: 'invalid bearer token' }
        : audiences.length === 0
          ? { user: {}, error: `[invalid bearer token, token audiences ${list(own)} is invalid for the target audiences ${list(wanted)}]` }
          : { authenticated: true, user: { username: user.name, uid: user.uid, groups: user.groups, ...extraOf(claims) }, audiences };
    return { ...body, metadata: { creationTimestamp: null, ...body.metadata }, status } as KubeObject;
  },
};

interface TokenReview extends KubeObject {
  readonly spec?: { readonly token?: string; readonly audiences?: readonly string[] };
}

type Claims = Readonly<Record<string, unknown>>;

interface Bound {
  readonly name?: string;
  readonly uid?: string;
}

/** The service account a token was made for; undefined once it has ended, or what it is bound to is gone (pkg/serviceaccount claims.go, legacy.go). */
function accountOf(store: Store, claims: Claims, now: Time): UserInfo | undefined {
  const match = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(String(claims['sub'] ?? ''));
  const [, namespace = '', name = ''] = match ?? [];
  if (match === null || (typeof claims['exp'] === 'number' && claims['exp'] * 1000 <= now)) return undefined;
  const bound = boundOf(claims);
  const legacySecret = claims['kubernetes.io/serviceaccount/secret.name'];
  const isThere = (plural: string, { name: of = '', uid }: Bound): boolean => {
    const found = store.get(plural, { namespace: plural === 'nodes' ? '' : namespace, name: of });
    return found !== undefined && (uid === undefined || found.metadata.uid === uid);
  };
  const objects: readonly (readonly [string, Bound | undefined])[] = [
    ['serviceaccounts', bound.serviceaccount],
    ['pods', bound.pod],
    // A pod's token outlives its node.
    ['nodes', bound.pod === undefined ? bound.node : undefined],
    ['secrets', bound.secret],
    ['secrets', typeof legacySecret === 'string' ? { name: legacySecret } : undefined],
  ];
  if (!objects.every(([plural, one]) => one === undefined || isThere(plural, one))) return undefined;
  const uid = store.get('serviceaccounts', { namespace, name })?.metadata.uid;
  if (uid === undefined) return undefined;
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

const boundOf = (claims: Claims): Readonly<Partial<Record<'serviceaccount' | 'pod' | 'secret' | 'node', Bound>>> => claims['kubernetes.io'] ?? {};

/** What else a token says of its holder: which credential it is, and the pod and node it is bound to. */
function extraOf(claims: Claims): { readonly extra?: Readonly<Record<string, readonly string[]>> } {
  const { pod, node } = boundOf(claims);
  const said: readonly (readonly [string, string | undefined])[] = [
    ['credential-id', typeof claims['jti'] === 'string' ? `JTI=${claims['jti']}` : undefined],
    ['node-name', node?.name],
    ['node-uid', node?.uid],
    ['pod-name', pod?.name],
    ['pod-uid', pod?.uid],
  ];
  const extra = Object.fromEntries(said.flatMap(([key, value]) => (value ? [[`authentication.kubernetes.io/${key}`, [value]]] : [])));
  return Object.keys(extra).length === 0 ? {} : { extra };
}

function claimsOf(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : {};
  } catch {
    return {};
  }
}

export const reviews: readonly Review[] = [
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
];
