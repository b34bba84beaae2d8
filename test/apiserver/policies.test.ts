/** Which requests a ValidatingAdmissionPolicy is asked about, by itself and by its binding (policy/matching, policy/generic); what it says is recorded. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Status } from '../../src/api/errors.js';
import { type TestServer, testServer, withNamespaces } from './harness.js';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MAPS = '/api/v1/namespaces/default/configmaps';
const RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] };

let s: TestServer;
beforeEach(async () => {
  s = withNamespaces(await testServer(), 'default');
  s.ok('PATCH', '/api/v1/namespaces/default', { metadata: { labels: { team: 'a' } } }, { 'content-type': 'application/merge-patch+json' });
  s.ok('POST', MAPS, { metadata: { name: 'old', labels: { was: 'there' } }, data: { max: '3' } });
});

/** A policy that refuses all it is asked about. */
function policy(spec: object, binding: object = {}): void {
  const validations = [{ expression: 'false', message: 'no' }];
  const matchConstraints = { resourceRules: [RULE] };
  s.ok('POST', `${GROUP}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: { matchConstraints, validations, ...spec } });
  s.ok('POST', `${GROUP}/validatingadmissionpolicybindings`, { metadata: { name: 'b' }, spec: { policyName: 'p', validationActions: ['Deny'], ...binding } });
}
const said = (...args: Parameters<TestServer['request']>): string => {
  const { status, body } = s.request(...args);
  return status < 300 ? 'yes' : ((body as Status).message ?? '').replace(/^.*denied request: /s, '');
};
const create = (labels: object = {}): string => said('POST', MAPS, { metadata: { name: 'new', labels } });
const relabel = (labels: object): string => said('PATCH', `${MAPS}/old`, { metadata: { labels } }, { 'content-type': 'application/merge-patch+json' });

describe('rules', () => {
  const secrets = { ...RULE, resources: ['secrets'] };
  test.each<[string, object, string]>([
    ['the resource', { resourceRules: [RULE] }, 'no'],
    ['another resource', { resourceRules: [secrets] }, 'yes'],
    ['one of two', { resourceRules: [secrets, RULE] }, 'no'],
    ['all resources', { resourceRules: [{ ...RULE, resources: ['*'] }] }, 'no'],
    ['a subresource', { resourceRules: [{ ...RULE, resources: ['configmaps/status'] }] }, 'yes'],
    ['another group', { resourceRules: [{ ...RULE, apiGroups: ['apps'] }] }, 'yes'],
    ['another version', { resourceRules: [{ ...RULE, apiVersions: ['v2'] }] }, 'yes'],
    ['another operation', { resourceRules: [{ ...RULE, operations: ['UPDATE'] }] }, 'yes'],
    ['its scope', { resourceRules: [{ ...RULE, scope: 'Namespaced' }] }, 'no'],
    ['another scope', { resourceRules: [{ ...RULE, scope: 'Cluster' }] }, 'yes'],
    ['its name', { resourceRules: [{ ...RULE, resourceNames: ['new'] }] }, 'no'],
    ['another name', { resourceRules: [{ ...RULE, resourceNames: ['old'] }] }, 'yes'],
    ['excluded', { resourceRules: [RULE], excludeResourceRules: [RULE] }, 'yes'],
  ])('%s', (_, matchConstraints, answer) => {
    policy({ matchConstraints });
    expect(create()).toBe(answer);
  });
  test('of a deletion', () => {
    policy({ matchConstraints: { resourceRules: [{ ...RULE, operations: ['DELETE'] }] } });
    expect([create(), said('DELETE', `${MAPS}/old`)]).toEqual(['yes', 'no']);
  });
  test('of the binding', () => {
    policy({}, { matchResources: { resourceRules: [secrets] } });
    expect(create()).toBe('yes');
  });
});

describe('selectors', () => {
  test('of what is there or is to be', () => {
    policy({}, { matchResources: { objectSelector: { matchLabels: { was: 'there' } } } });
    expect([create(), create({ was: 'there' }), relabel({ was: 'here' })]).toEqual(['yes', 'no', 'no']);
  });
  test('of the namespace', () => {
    policy({}, { matchResources: { namespaceSelector: { matchLabels: { team: 'b' } } } });
    expect(create()).toBe('yes');
    s.ok('PATCH', '/api/v1/namespaces/default', { metadata: { labels: { team: 'b' } } }, { 'content-type': 'application/merge-patch+json' });
    expect(create()).toBe('no');
  });
  test('of a namespace, whose own labels count, and of what is in none', () => {
    const rules = [{ ...RULE, resources: ['namespaces', 'nodes'] }];
    policy({ matchConstraints: { resourceRules: rules, namespaceSelector: { matchLabels: { team: 'b' } } } });
    expect(said('POST', '/api/v1/namespaces', { metadata: { name: 'n' } })).toBe('yes');
    expect(said('POST', '/api/v1/namespaces', { metadata: { name: 'm', labels: { team: 'b' } } })).toBe('no');
    expect(said('POST', '/api/v1/nodes', { metadata: { name: 'n' } })).toBe('no');
  });
});

describe('parameters', () => {
  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const validations = [{ expression: 'params.data.max == "4"', message: 'not 4' }];
  const bound = (paramRef: object): object => ({ paramRef: { parameterNotFoundAction: 'Deny', ...paramRef } });
  test('by their labels', () => {
    policy({ paramKind, validations }, bound({ selector: { matchLabels: { was: 'there' } } }));
    expect(create()).toBe('not 4');
  });
  test('of labels that nothing has', () => {
    policy({ paramKind, validations }, bound({ selector: { matchLabels: { was: 'nowhere' } } }));
    expect(create()).toMatch(/^failed to configure binding: no params found/);
  });
  test('that are missing, where failures are ignored', () => {
    policy({ paramKind, validations, failurePolicy: 'Ignore' }, bound({ name: 'none' }));
    expect(create()).toBe('yes');
  });
  test('that may be missing', () => {
    policy({ paramKind, validations }, bound({ name: 'none', parameterNotFoundAction: 'Allow' }));
    expect(create()).toBe('yes');
  });
});

test('a message of several lines is none', () => {
  policy({ validations: [{ expression: 'false', message: 'no', messageExpression: '"a\\nb"' }] });
  expect(create()).toBe('no');
});
