/** Where the API server tells who makes service accounts' tokens, and how to verify them (pkg/serviceaccount openidmetadata.go). */
export const OPENID_CONFIGURATION = '/.well-known/openid-configuration';
export const JSON_WEB_KEYS = '/openid/v1/jwks';

/** The type of the keys. */
export const JSON_WEB_KEY_SET = 'application/jwk-set+json';

/** With or without a slash behind. */
export const openidPath = (path: string): string | undefined => [OPENID_CONFIGURATION, JSON_WEB_KEYS].find((known) => path === known || path === `${known}/`);
