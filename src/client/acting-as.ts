/** With `--as` and its like, requests are somebody else's: headers say whose (client-go transport/round_trippers.go). */
import type { Transport } from '../api/transport.js';

export interface Impersonated {
  /** '' and []: nobody is named. */
  readonly impersonate: string;
  readonly impersonateGroups: readonly string[];
  readonly impersonateUid: string;
}

export function actingAs({ impersonate, impersonateGroups, impersonateUid }: Impersonated, transport: Transport): Transport {
  if (impersonate === '' && impersonateGroups.length === 0 && impersonateUid === '') return transport;
  const identity = {
    ...(impersonate === '' ? {} : { 'impersonate-user': impersonate }),
    ...(impersonateGroups.length === 0 ? {} : { 'impersonate-group': impersonateGroups.join(',') }),
    ...(impersonateUid === '' ? {} : { 'impersonate-uid': impersonateUid }),
  };
  return (request) => transport({ ...request, headers: { ...request.headers, ...identity } });
}
