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
import { holderOf } from './service-account-tokens.js';
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

const tokenReview: Review = {
  names: reviewNames.tokenReview,
  schema: 'V1TokenReview',
  answer: (store, _user, body, _namespace, now) => {
    const { token = '', audiences } = (body as TokenReview).spec ?? {};
    if (token === '') throw badRequest('token is required for TokenReview in authentication');
    const holder = holderOf(store, token, audiences?.length ? audiences : [TOKEN_ISSUER], now);
    const status =
      'fault' in holder
        ? { user: {}, error: holder.fault === '' ? 'invalid bearer token' : `[invalid bearer token, ${holder.fault}]` }
        : { authenticated: true, user: holder.user, audiences: holder.audiences };
    return { ...body, metadata: { creationTimestamp: null, ...body.metadata }, status } as KubeObject;
  },
};

interface TokenReview extends KubeObject {
  readonly spec?: { readonly token?: string; readonly audiences?: readonly string[] };
}

export const reviews: readonly Review[] = [
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
];
