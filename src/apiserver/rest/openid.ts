/** What verifies service accounts' tokens outside the cluster: pkg/routes/openidmetadata.go. */

import { ALGORITHM, jsonWebKeySet } from '../../api/service-account-token.js';
import { TOKEN_ISSUER } from '../../api/transport.js';
import type { Endpoints } from '../../resources/endpoints/types.js';
import type { Store } from '../../store/store.js';
import type { Answer } from '../long-running.js';
import { json } from './answer.js';
import { JSON_WEB_KEY_SET, JSON_WEB_KEYS, openidPath } from './openid-paths.js';

const CACHED = { 'cache-control': 'public, max-age=3600' };

export function openid(store: Store, path: string): Answer {
  if (openidPath(path) === JSON_WEB_KEYS) return json(JSON.stringify(jsonWebKeySet()), 200, { ...CACHED, 'content-type': JSON_WEB_KEY_SET });
  const configuration = {
    issuer: TOKEN_ISSUER,
    jwks_uri: `https://${advertised(store)}${JSON_WEB_KEYS}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [ALGORITHM],
  };
  return json(JSON.stringify(configuration), 200, CACHED);
}

/** The address that the server tells its clients of. */
function advertised(store: Store): string {
  const [subset] = store.get<Endpoints>('endpoints', { namespace: 'default', name: 'kubernetes' })?.subsets ?? [];
  return `${subset?.addresses?.[0]?.ip ?? '127.0.0.1'}:${subset?.ports?.[0]?.port ?? 6443}`;
}
