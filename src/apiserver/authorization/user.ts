/** Who a request is from: k8s.io/apiserver/pkg/authentication/user, and impersonation (endpoints/filters/impersonation.go). */
import type { ApiRequest, UserInfo } from '../../api/transport.js';

export const AUTHENTICATED = 'system:authenticated';
const MASTERS = 'system:masters';

/** Who holds the kubeconfig that the cluster was made with. */
export const ADMINISTRATOR: UserInfo = { name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', AUTHENTICATED] };
export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** May do anything, whatever the roles say. */
export const isAdministrator = (user: UserInfo): boolean => user === ADMINISTRATOR || user.groups.includes(MASTERS);

/** Who is to be taken for the requester (`--as`, `--as-group`, `--as-uid`); undefined: nobody else. */
export function impersonated({ headers }: ApiRequest): UserInfo | undefined {
  const name = headers['impersonate-user'];
  const groups = list(headers['impersonate-group']);
  const uid = headers['impersonate-uid'];
  if (name === undefined) return undefined;
  return { name, groups: withDefaults(name, groups), ...(uid === undefined ? {} : { uid }) };
}

/** Headers that came several times are joined by commas. */
const list = (header: string | undefined): readonly string[] => (header === undefined ? [] : header.split(',').map((part) => part.trim()));

function withDefaults(name: string, groups: readonly string[]): readonly string[] {
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  const own = account === null || groups.length > 0 ? groups : ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`];
  if (name === ANONYMOUS.name) return own.includes('system:unauthenticated') ? own : [...own, 'system:unauthenticated'];
  return own.includes(AUTHENTICATED) ? own : [...own, AUTHENTICATED];
}
