/** kubectl pkg/describe/describe.go describeServiceAccount. */
import type { Describer } from '../../api/resource.js';
import { describeAnnotations, describeEventsOf, describeLabels } from '../meta/describe.js';
import type { Secret } from '../secrets/types.js';
import type { ServiceAccount } from './types.js';

export const describe: Describer<ServiceAccount> = async (account, reader, out, options) => {
  const { metadata } = account;
  const secrets = await reader.list<Secret>('secrets', { namespace: metadata.namespace ?? '' });
  const existing = new Set(secrets.map((secret) => secret.metadata.name));
  const tokens = secrets.filter(({ type, metadata: { annotations } }) => {
    const isToken = type === 'kubernetes.io/service-account-token';
    return (
      isToken && annotations?.['kubernetes.io/service-account.name'] === metadata.name && annotations?.['kubernetes.io/service-account.uid'] === metadata.uid
    );
  });
  const names = (list: readonly { readonly name?: string }[] | undefined): readonly string[] => (list ?? []).map(({ name }) => name ?? '');
  const section = (title: string, list: readonly string[]): void => {
    if (list.length === 0) out.line(0, `${title}\t<none>`);
    list.forEach((name, i) => {
      out.line(0, `${i === 0 ? title : ' '.repeat(title.length)}\t${name}${existing.has(name) ? '' : ' (not found)'}`);
    });
  };
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  section('Image pull secrets:', names(account.imagePullSecrets));
  section('Mountable secrets: ', names(account.secrets));
  section(
    'Tokens:            ',
    tokens.map((token) => token.metadata.name ?? ''),
  );
  await describeEventsOf(account, reader, out, options);
};
