/** Asking whose a token is: the request, and what its answer says (authentication.k8s.io/v1 TokenReview). */
import type { ApiRequest, UserInfo } from '../../api/transport.js';

export const tokenReview = (token: string): ApiRequest => ({
  method: 'POST',
  path: '/apis/authentication.k8s.io/v1/tokenreviews',
  headers: { 'content-type': 'application/json' },
  body: { spec: { token } },
});

/** undefined: nobody's token. */
export function reviewedUser(body: unknown): UserInfo | undefined {
  const { status } = body as {
    readonly status?: { readonly authenticated?: boolean; readonly user?: Partial<Omit<UserInfo, 'name'>> & { readonly username?: string } };
  };
  if (status?.authenticated !== true || status.user?.username === undefined) return undefined;
  const { username, uid, groups = [], extra } = status.user;
  return { name: username, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) };
}
