/** pkg/registry/core/secret/strategy.go, SetDefaults_Secret; stringData is merged by conversion (pkg/apis/core/v1/conversion.go). */
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

/** What tls.X509KeyPair would say; whether certificate and key belong together is not looked into. */
function warnings({ type, data }: Secret, old?: Secret): readonly string[] {
  if (type !== 'kubernetes.io/tls' || (old !== undefined && old.data === data)) return [];
  const hasPem = (key: string): boolean => /-----BEGIN [^-]+-----[\s\S]*-----END [^-]+-----/.test(Buffer.from(data?.[key] ?? '', 'base64').toString('latin1'));
  if (!hasPem('tls.crt')) return ['tls: failed to find any PEM data in certificate input'];
  return hasPem('tls.key') ? [] : ['tls: failed to find any PEM data in key input'];
}
