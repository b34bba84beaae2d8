/** Users, roles and reviews. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import { type TestServer, testServer, withNamespaces } from './harness.js';

const G = 'rbac.authorization.k8s.io';
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};
const defaults = JSON.parse(readFileSync(new URL('../../fixtures/cluster/rbac.json', import.meta.url), 'utf8')) as readonly KubeObject[];

let s: TestServer;
beforeEach(async () => {
  s = withNamespaces(await testServer(), 'default');
  for (const object of defaults) s.store.put(`${PLURALS[object.kind]}.${G}`, object);
  const rule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] };
  s.ok('POST', `/apis/${G}/v1/namespaces/default/roles`, { metadata: { name: 'reader' }, rules: [rule] });
  const subjects = [
    { kind: 'User', name: 'dev' },
    { kind: 'ServiceAccount', name: 'default', namespace: 'default' },
  ];
  s.ok('POST', `/apis/${G}/v1/namespaces/default/rolebindings`, {
    metadata: { name: 'readers' },
    subjects,
    roleRef: { kind: 'Role', name: 'reader', apiGroup: G },
  });
});

const as = (user: string, group?: string) => ({ 'impersonate-user': user, ...(group === undefined ? {} : { 'impersonate-group': group }) });
const message = (answer: { body?: unknown }) => (answer.body as Status).message;

describe('refusals', () => {
  const cases: readonly (readonly ['GET' | 'POST' | 'DELETE' | 'PATCH', string, string])[] = [
    ['GET', '/api/v1/namespaces/kube-system/pods', 'pods is forbidden: User "dev" cannot list resource "pods" in API group "" in the namespace "kube-system"'],
    ['GET', '/api/v1/pods', 'pods is forbidden: User "dev" cannot list resource "pods" in API group "" at the cluster scope'],
    ['GET', '/api/v1/nodes', 'nodes is forbidden: User "dev" cannot list resource "nodes" in API group "" at the cluster scope'],
    ['GET', '/api/v1/nodes/n1', 'nodes "n1" is forbidden: User "dev" cannot get resource "nodes" in API group "" at the cluster scope'],
    [
      'GET',
      '/apis/apps/v1/namespaces/default/deployments/web',
      'deployments.apps "web" is forbidden: User "dev" cannot get resource "deployments" in API group "apps" in the namespace "default"',
    ],
    [
      'DELETE',
      '/api/v1/namespaces/default/pods/p',
      'pods "p" is forbidden: User "dev" cannot delete resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'POST',
      '/api/v1/namespaces/default/pods/p/exec',
      'pods "p" is forbidden: User "dev" cannot create resource "pods/exec" in API group "" in the namespace "default"',
    ],
    [
      'GET',
      '/api/v1/namespaces/default/pods?watch=true',
      'pods is forbidden: User "dev" cannot watch resource "pods" in API group "" in the namespace "default"',
    ],
    ['GET', '/metrics', 'forbidden: User "dev" cannot get path "/metrics"'],
  ];
  for (const [method, path, text] of cases)
    test(text, () => {
      const answer = s.request(method, path, undefined, as('dev'));
      expect(answer.status).toBe(403);
      expect(message(answer)).toBe(text);
    });
});

test('what a role allows', () => {
  expect(s.request('GET', '/api/v1/namespaces/default/pods', undefined, as('dev')).status).toBe(200);
  expect(s.request('GET', '/api/v1/namespaces/default/pods', undefined, as('system:serviceaccount:default:default')).status).toBe(200);
  expect(s.request('GET', '/api', undefined, as('dev')).status).toBe(200);
  expect(s.request('GET', '/api/v1/pods', undefined, as('x', 'system:masters')).status).toBe(200);
});

const review = (kind: string, spec: object, headers = {}) => {
  const group = kind.includes('SubjectReview') ? 'authentication.k8s.io' : 'authorization.k8s.io';
  const body = { kind, apiVersion: `${group}/v1`, spec };
  return s.ok<KubeObject & { status: Record<string, unknown> }>('POST', `/apis/${group}/v1/${kind.toLowerCase()}s`, body, headers).status;
};

describe('reviews', () => {
  test('may I', () => {
    const spec = { resourceAttributes: { namespace: 'default', verb: 'list', resource: 'pods' } };
    expect(review('SelfSubjectAccessReview', spec)).toMatchObject({ allowed: true });
    expect(review('SelfSubjectAccessReview', spec, as('dev'))).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "readers/default" of Role "reader" to User "dev"',
    });
    expect(review('SelfSubjectAccessReview', { resourceAttributes: { verb: 'list', resource: 'pods' } }, as('dev'))).toEqual({ allowed: false });
    expect(review('SubjectAccessReview', { ...spec, user: 'nobody' })).toEqual({ allowed: false });
  });
  test('what may I', () => {
    const { resourceRules, nonResourceRules } = review('SelfSubjectRulesReview', { namespace: 'default' }, as('dev'));
    expect(resourceRules).toContainEqual({ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] });
    expect(nonResourceRules).toContainEqual(expect.objectContaining({ verbs: ['get'] }));
  });
  test('who am I', () => {
    expect(review('SelfSubjectReview', {})).toEqual({ userInfo: { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] } });
    expect(review('SelfSubjectReview', {}, as('dev', 'ops'))).toEqual({ userInfo: { username: 'dev', groups: ['ops', 'system:authenticated'] } });
  });
});

test('only those who may, take somebody else’s place', () => {
  const answer = s.server.handle({ method: 'GET', path: '/api/v1/pods', headers: as('admin'), user: { name: 'dev', groups: ['system:authenticated'] } });
  expect(message(answer)).toBe('users "admin" is forbidden: User "dev" cannot impersonate resource "users" in API group "" at the cluster scope');
});

describe('nobody grants what they do not hold', () => {
  const roles = `/apis/${G}/v1/namespaces/default/roles`;
  const bindings = `/apis/${G}/v1/namespaces/default/rolebindings`;
  beforeEach(() => {
    const rule = { verbs: ['*'], apiGroups: [G], resources: ['roles', 'rolebindings'] };
    s.store.put(`roles.${G}`, {
      apiVersion: `${G}/v1`,
      kind: 'Role',
      metadata: { name: 'maker', namespace: 'default' },
      rules: [{ ...rule, verbs: ['create', 'update'] }],
    } as KubeObject);
    const subjects = [{ kind: 'User', name: 'dev' }];
    s.ok('POST', bindings, { metadata: { name: 'makers' }, subjects, roleRef: { kind: 'Role', name: 'maker', apiGroup: G } });
  });
  test('in a role', () => {
    const give = (verbs: string[], resources: string[]) =>
      s.request('POST', roles, { metadata: { name: 'r' }, rules: [{ verbs, apiGroups: [''], resources }] }, as('dev', 'devs'));
    const refused = give(['get', 'delete'], ['pods', 'secrets']);
    expect(message(refused)).toBe(
      `roles.${G} "r" is forbidden: user "dev" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "delete"]}`,
    );
    expect(give(['get'], ['pods']).status).toBe(201);
  });
  test('in a cluster role: URLs each for themselves, and what gathers anything only by whoever may do anything', () => {
    const rules = [{ verbs: ['create', 'update'], apiGroups: [G], resources: ['clusterroles'] }];
    s.store.put(`clusterroles.${G}`, { apiVersion: `${G}/v1`, kind: 'ClusterRole', metadata: { name: 'maker' }, rules } as KubeObject);
    const subjects = [{ kind: 'User', name: 'dev' }];
    s.ok('POST', `/apis/${G}/v1/clusterrolebindings`, { metadata: { name: 'makers' }, subjects, roleRef: { kind: 'ClusterRole', name: 'maker', apiGroup: G } });
    const give = (role: object, method: 'POST' | 'PUT' = 'POST') =>
      s.request(method, `/apis/${G}/v1/clusterroles${method === 'PUT' ? '/r' : ''}`, { metadata: { name: 'r' }, ...role }, as('dev'));
    expect(
      message(give({ rules: [{ verbs: ['get', 'post'], nonResourceURLs: ['/x', '/y'] }] }))
        ?.split('\n')
        .slice(1),
    ).toEqual([
      '{NonResourceURLs:["/x"], Verbs:["get"]}',
      '{NonResourceURLs:["/x"], Verbs:["post"]}',
      '{NonResourceURLs:["/y"], Verbs:["get"]}',
      '{NonResourceURLs:["/y"], Verbs:["post"]}',
    ]);
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
    const refused = `clusterroles.${G} "r" is forbidden: must have cluster-admin privileges to use the aggregationRule`;
    expect(message(give({ aggregationRule }))).toBe(refused);
    expect(give({ rules: [] }).status).toBe(201);
    expect(message(give({ aggregationRule }, 'PUT'))).toBe(refused);
  });
  test('in a binding', () => {
    const bind = (name: string) =>
      s.request('POST', bindings, { metadata: { name: 'b' }, subjects: [], roleRef: { kind: 'ClusterRole', name, apiGroup: G } }, as('dev'));
    expect(message(bind('cluster-admin'))).toContain('is attempting to grant RBAC permissions not currently held:');
  });
});
