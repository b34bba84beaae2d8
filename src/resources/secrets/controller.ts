/** Fills Secrets that ask for a service account's token, removes them with it, and makes it forget those that are deleted: pkg/controller/serviceaccount/tokens_controller.go. */
import type { ObjectKey } from '../../api/object.js';
import type { Reconciler } from '../../api/reconciler.js';
import { LEGACY_ISSUER, signToken } from '../../api/service-account-token.js';
import type { Api } from '../../api/verbs.js';
import type { ConfigMap } from '../configmaps/types.js';
import type { ServiceAccount } from '../serviceaccounts/types.js';
import type { Secret } from './types.js';

const TYPE = 'kubernetes.io/service-account-token';
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

const keyOf = ({ metadata }: { readonly metadata: { readonly namespace?: string; readonly name?: string } }): ObjectKey => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
});

export const controller: Reconciler = {
  name: 'serviceaccount-tokens',
  watches: [
    { resource: 'secrets', keys: ({ object }) => ((object as Secret).type === TYPE ? [keyOf(object)] : []) },
    // A deleted account takes its tokens along.
    {
      resource: 'serviceaccounts',
      keys: ({ type, object }, api) =>
        type === 'DELETED'
          ? api
              .list<Secret>('secrets', { namespace: object.metadata.namespace ?? '' })
              .filter((secret) => secret.type === TYPE && secret.metadata.annotations?.[NAME] === object.metadata.name)
              .map(keyOf)
          : [],
    },
  ],
  reconcile(key, { api }) {
    const secret = api.get<Secret>('secrets', key);
    if (secret === undefined) forget(key, api);
    if (secret === undefined || secret.type !== TYPE || secret.metadata.deletionTimestamp !== undefined) return undefined;
    const { annotations = {} } = secret.metadata;
    const account = api.get<ServiceAccount>('serviceaccounts', { namespace: key.namespace, name: annotations[NAME] ?? '' });
    if (account === undefined || (annotations[UID] !== undefined && annotations[UID] !== account.metadata.uid)) {
      api.delete('secrets', key);
      return undefined;
    }
    const ca = api.get<ConfigMap>('configmaps', { namespace: key.namespace, name: 'kube-root-ca.crt' })?.data?.['ca.crt'];
    const { data = {} } = secret;
    if (annotations[UID] !== undefined && data['token'] !== undefined && data['namespace'] !== undefined && (data['ca.crt'] !== undefined || ca === undefined))
      return undefined;
    const encode = (text: string): string => Buffer.from(text).toString('base64');
    api.update<Secret>('secrets', {
      ...secret,
      metadata: { ...secret.metadata, annotations: { ...annotations, [UID]: account.metadata.uid ?? '' } },
      data: {
        ...data,
        ...(ca === undefined ? {} : { 'ca.crt': encode(ca) }),
        namespace: encode(key.namespace),
        token: data['token'] ?? encode(signToken(claimsOf(secret, account))),
      },
    });
    return undefined;
  },
};

/** removeSecretReference. */
function forget({ namespace, name }: ObjectKey, api: Api): void {
  for (const account of api.list<ServiceAccount>('serviceaccounts', { namespace })) {
    const left = account.secrets?.filter((reference) => reference.name !== name);
    if (left === undefined || left.length === account.secrets?.length) continue;
    const { secrets: _, ...rest } = account;
    api.update<ServiceAccount>('serviceaccounts', left.length === 0 ? rest : { ...rest, secrets: left });
  }
}

/** legacy.go: these tokens never expire. */
const claimsOf = ({ metadata }: Secret, account: ServiceAccount): object => ({
  iss: LEGACY_ISSUER,
  'kubernetes.io/serviceaccount/namespace': metadata.namespace,
  'kubernetes.io/serviceaccount/secret.name': metadata.name,
  'kubernetes.io/serviceaccount/service-account.name': account.metadata.name,
  'kubernetes.io/serviceaccount/service-account.uid': account.metadata.uid,
  sub: `system:serviceaccount:${metadata.namespace}:${account.metadata.name}`,
});
