/** Whose a token is. The texts are a real API server's (1.33.13), asked about the same tokens. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { claimsOf, signToken } from '../../src/api/service-account-token.js';
import { type TestServer, testServer } from './harness.js';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const UID = '709fbbae-7a36-44ba-ad62-066f106fca3e';
const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a', namespace: 'default', uid: UID } };
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default', uid: 'u2' } };

let s: TestServer;
beforeEach(async () => {
  s = await testServer();
  s.store.put('serviceaccounts', account);
  s.store.put('secrets', secret);
});

interface Status {
  readonly authenticated?: boolean;
  readonly user: { readonly username?: string; readonly uid?: string; readonly groups?: readonly string[]; readonly extra?: object };
  readonly error?: string;
}

const review = (token: string): Status =>
  s.ok<KubeObject & { status: Status }>('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } }).status;
const made = (spec: object = {}): string =>
  s.ok<KubeObject & { status: { token: string } }>('POST', '/api/v1/namespaces/default/serviceaccounts/a/token', { spec }).status.token;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('its holder, as its claims tell', () => {
  const { user, authenticated } = review(made());
  expect(authenticated).toBe(true);
  expect(user).toMatchObject({
    username: 'system:serviceaccount:default:a',
    uid: UID,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)] },
  });
});

const NOW = 1_795_415_198;
const good = {
  aud: [ISSUER],
  exp: NOW + 3600,
  iat: NOW,
  iss: ISSUER,
  jti: 'a3ec7132-0d6a-4730-b908-a25d04e7f6ca',
  'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'a', uid: UID } },
  nbf: NOW,
  sub: 'system:serviceaccount:default:a',
};
const private_ = (more: object): object => ({ 'kubernetes.io': { ...good['kubernetes.io'], ...more } });
const legacy = (claims: object): object => ({
  iss: 'kubernetes/serviceaccount',
  'kubernetes.io/serviceaccount/namespace': 'default',
  'kubernetes.io/serviceaccount/secret.name': 's',
  'kubernetes.io/serviceaccount/service-account.name': 'a',
  'kubernetes.io/serviceaccount/service-account.uid': UID,
  sub: 'system:serviceaccount:default:a',
  ...claims,
});

const refused: readonly (readonly [what: string, claims: object, fault: string])[] = [
  ['its time is over', { ...good, exp: NOW - 100, nbf: NOW - 4000 }, 'service account token has expired'],
  ['its time has not come', { ...good, nbf: NOW + 1000 }, 'service account token is not valid yet'],
  ['made tomorrow', { ...good, iat: NOW + 1000 }, 'service account token is issued in the future'],
  ['of an account that is gone', { ...good, ...private_({ serviceaccount: { name: 'nope', uid: '1' } }) }, 'serviceaccounts "nope" not found'],
  ['of an account made anew', { ...good, ...private_({ serviceaccount: { name: 'a', uid: '1' } }) }, `service account UID (${UID}) does not match claim (1)`],
  ['bound to a pod that is gone', { ...good, ...private_({ pod: { name: 'p', uid: '1' } }) }, 'service account token has been invalidated'],
  ['bound to a node that is gone', { ...good, ...private_({ node: { name: 'n', uid: '1' } }) }, 'service account token has been invalidated'],
  ['bound to a secret that is gone', { ...good, ...private_({ secret: { name: 'x', uid: '1' } }) }, 'service account token has been invalidated'],
  [
    'bound to a secret made anew',
    { ...good, ...private_({ secret: { name: 's', uid: '1' } }) },
    'secret UID (u2) does not match service account secret ref claim (1)',
  ],
  ['for somebody else', { ...good, aud: ['x'] }, `token audiences ["x"] is invalid for the target audiences ["${ISSUER}"]`],
  ['of nobody', { ...good, 'kubernetes.io': undefined }, 'resource name may not be empty'],
  ['kept in a secret that has another', legacy({}), "Token does not match server's copy"],
  ['kept in a secret that is gone', legacy({ 'kubernetes.io/serviceaccount/secret.name': 'x' }), 'Token has been invalidated'],
  ['kept nowhere', legacy({ 'kubernetes.io/serviceaccount/secret.name': undefined }), 'secretName claim is missing'],
];

test.each(refused)('%s', (_, claims, fault) => {
  s.now = (NOW * 1000) as typeof s.now;
  expect(review(signToken(claims))).toEqual({ user: {}, error: `[invalid bearer token, ${fault}]` });
});

const accepted: readonly (readonly [what: string, claims: object])[] = [
  ['without an end', { ...good, exp: undefined }],
  ['for no audience in particular', { ...good, aud: undefined }],
  ['its subject says nothing', { ...good, sub: 'system:serviceaccount:default:b' }],
  ['a minute late', { ...good, exp: NOW - 59, nbf: NOW - 4000 }],
];

test.each(accepted)('%s', (_, claims) => {
  s.now = (NOW * 1000) as typeof s.now;
  expect(review(signToken(claims))).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:default:a' } });
});

test('what is no token, or of another issuer, says nothing more', () => {
  for (const token of ['abc', 'a.b.c', signToken({ ...good, iss: 'https://x' })]) expect(review(token)).toEqual({ user: {}, error: 'invalid bearer token' });
});

test('signed by somebody else', () => {
  const token = made();
  const [head = '', body = '', signature = ''] = token.split('.');
  const fault = { user: {}, error: '[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]' };
  expect(review(`${head}.${body}.${signature.slice(0, -4)}AAAA`)).toEqual(fault);
  expect(review(`${head}.${encode({ ...claimsOf(token), sub: 'x' })}.${signature}`)).toEqual(fault);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = createSign('RSA-SHA256').update(`${head}.${body}`).sign(privateKey).toString('base64url');
  expect(review(`${head}.${body}.${other}`)).toEqual(fault);
  const named = encode({ alg: 'RS256', kid: 'x' });
  expect(review(`${named}.${body}.${signature}`)).toEqual({ user: {}, error: '[invalid bearer token, invalid signature, no keys found]' });
});

test('it lasts as long as what it is bound to', () => {
  const token = made({ boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 's', uid: 'u2' } });
  expect(review(token).authenticated).toBe(true);
  s.store.put('secrets', { ...secret, metadata: { ...secret.metadata, uid: 'another' } });
  expect(review(token).error).toContain('secret UID (another) does not match');
});
