/** `agnhost test-service-account-issuer-discovery`: verifies a token by what the API server tells of its issuer (test/images/agnhost/openidmetadata). */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { type Claims, claimsOf } from '../../../api/service-account-token.js';
import { fillIn } from '../../log-template.js';
import type { ProgramContext, Wait } from '../program.js';
import { later, type Outcome, parseUrl } from './later.js';
import type { Options } from './options.js';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const WELL_KNOWN = '/.well-known/openid-configuration';
const BAD_SIGNATURE = 'failed to verify signature: failed to verify id token signature';

export function discoverIssuer(context: ProgramContext, options: Options): number | Wait {
  return later(context, () => validated(context, options.value('token-path') ?? '', options.value('audience') ?? ''));
}

function validated(context: ProgramContext, path: string, audience: string): Outcome {
  let err = '';
  let takes = 0;
  const log = (line: string): void => {
    err += `${fillIn('{{slashes}}', context.host, context.now)} ${line}\n`;
  };
  const ended = (code: number): Outcome => ({ code, err, takes });
  if (context.host.files.stat(path) === undefined) {
    log(`open ${path}: no such file or directory`);
    return ended(1);
  }
  const token = context.host.files.read(path);
  log('OK: Got token');
  for (const where of ['in-cluster', 'external']) {
    log(where === 'external' ? 'falling back to validating with external discovery' : 'validating with in-cluster discovery');
    const claims = claimsOf(token);
    if (claims === undefined) {
      log('square/go-jose: compact JWS format must have three parts');
      return ended(1);
    }
    log(`OK: got issuer ${claims['iss']}`);
    log(`Full, not-validated claims: \n${goClaims(claims)}`);
    const fault = faultOf(
      token,
      claims,
      audience,
      (url) => {
        const answer = asked(context, url, where === 'in-cluster');
        takes += answer.takes;
        return answer;
      },
      log,
    );
    if (fault === undefined) {
      log('OK: Got valid claims from token!');
      log(`Full, validated claims: \n&${goClaims(claims)}`);
      return ended(0);
    }
    log(where === 'external' ? fault : `failed to validate with in-cluster discovery: ${fault}`);
  }
  return ended(1);
}

interface Asked {
  readonly body?: string;
  readonly error?: string;
  readonly takes: number;
}

/** Why the token is not valid; undefined: it is (coreos/go-oidc). */
function faultOf(token: string, claims: Claims, audience: string, ask: (url: string) => Asked, log: (line: string) => void): string | undefined {
  const issuer = String(claims['iss']);
  const found = ask(`${issuer}${WELL_KNOWN}`);
  if (found.body === undefined) return found.error;
  const { issuer: told, jwks_uri: keysAt = '' } = JSON.parse(found.body) as { readonly issuer?: string; readonly jwks_uri?: string };
  if (told !== issuer) return `oidc: issuer did not match the issuer returned by provider, expected ${JSON.stringify(issuer)} got ${JSON.stringify(told)}`;
  log(`OK: Constructed OIDC provider for issuer ${issuer}`);
  const wanted = [claims['aud']].flat();
  if (!wanted.includes(audience)) return `oidc: expected audience ${JSON.stringify(audience)} got [${wanted.map((one) => JSON.stringify(one)).join(' ')}]`;
  const keys = ask(keysAt);
  if (keys.body === undefined) return `failed to verify signature: fetching keys oidc: get keys failed ${keys.error}`;
  const [head = '', body = '', signature = ''] = token.split('.');
  const isSigned = (JSON.parse(keys.body) as { readonly keys: readonly JsonWebKey[] }).keys.some((key) =>
    verify('RSA-SHA256', Buffer.from(`${head}.${body}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url')),
  );
  if (!isSigned) return BAD_SIGNATURE;
  log('OK: Validated signature on JWT');
  return undefined;
}

function asked({ host }: ProgramContext, url: string, isKnown: boolean): Asked {
  const to = parseUrl(url);
  if (to === undefined) return { error: `Get ${JSON.stringify(url)}: unsupported protocol scheme ""`, takes: 0 };
  const headers = isKnown && host.files.stat(ACCOUNT) !== undefined ? { Authorization: `Bearer ${host.files.read(ACCOUNT)}` } : {};
  const answer = host.network.http({ method: 'GET', scheme: to.scheme, host: to.host, port: to.port, path: to.path, headers, body: '' });
  const { takes } = answer;
  if ('failure' in answer) {
    const why = answer.failure === 'no-host' ? `lookup ${to.host}: no such host` : answer.failure === 'refused' ? 'connect: connection refused' : 'i/o timeout';
    return { error: `Get ${JSON.stringify(url)}: dial tcp: ${why}`, takes };
  }
  return answer.status === 200 ? { body: answer.body, takes } : { error: `${answer.status} ${STATUS[answer.status ?? 0] ?? ''}: ${answer.body}`, takes };
}
const STATUS: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' };

/** As Go's `%#v` shows them, but for the addresses of its pointers. */
function goClaims(claims: Claims): string {
  const quote = (value: unknown): string => JSON.stringify(value ?? '');
  const { namespace, serviceaccount } = (claims['kubernetes.io'] ?? {}) as {
    readonly namespace?: string;
    readonly serviceaccount?: { readonly name?: string; readonly uid?: string };
  };
  const audience = [claims['aud'] ?? []].flat().map(quote).join(', ');
  const times = ['Expiry', 'NotBefore', 'IssuedAt'].map((name, i) => `${name}:(*jwt.NumericDate)(0xc000${(0x11e7d8 + 8 * i).toString(16)})`).join(', ');
  const kubernetes = `openidmetadata.kubeClaims{Namespace:${quote(namespace)}, ServiceAccount:openidmetadata.kubeName{Name:${quote(serviceaccount?.name)}, UID:${quote(serviceaccount?.uid)}}}`;
  return `openidmetadata.claims{Claims:jwt.Claims{Issuer:${quote(claims['iss'])}, Subject:${quote(claims['sub'])}, Audience:jwt.Audience{${audience}}, ${times}, ID:${quote(claims['jti'])}}, Kubernetes:${kubernetes}}`;
}
