/** pkg/registry/core/secret/strategy.go, SetDefaults_Secret; stringData is merged by conversion (pkg/apis/core/v1/conversion.go). */
import { keyPairProblem } from '../../api/key-pair.js';
import type { Strategy } from '../../api/resource.js';
import type { Secret } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<Secret> = { defaults, validate, validateUpdate, warnings, hasGeneration: false, hasStatus: false };

function defaults(secret: Secret): Secret {
  if (secret.stringData === undefined) return secret.type ? secret : { ...secret, type: 'Opaque' };
  const { stringData, ...rest } = secret;
  const data: Record<string, string> = { ...secret.data };
  for (const [key, value] of Object.entries(stringData)) data[key] = Buffer.from(value).toString('base64');
  return { ...rest, ...(Object.keys(data).length === 0 ? {} : { data }), type: secret.type || 'Opaque' };
}

function warnings({ type, data }: Secret): readonly string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const text = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('latin1');
  const problem = keyPairProblem(text('tls.crt'), text('tls.key'));
  return problem === undefined ? [] : [problem];
}
