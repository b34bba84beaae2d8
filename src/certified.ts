/**
 * Users of the kubeconfig who show a certificate that the cluster's signer has made (CertificateSigningRequests): they are whom it
 * names, as at the other end of a network (client-go tools/clientcmd validation.go, apiserver authentication/request/x509).
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { unauthorized } from './api/errors.js';
import type { Transport, UserInfo } from './api/transport.js';
import { certifiedUser } from './apiserver/http/authenticate.js';
import { failed } from './apiserver/rest/answer.js';
import { UsageError } from './kubectl/command.js';
import { hostFiles, pathErrorText } from './kubectl/files.js';
import type { Target } from './kubectl/kubeconfig.js';
import { authorityCertificate } from './resources/certificatesigningrequests/signing.js';

/** PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** What the user's entry holds or names; throws what clientcmd and crypto/tls say of it. */
export async function clientCertificate({ user, userEntry }: Target, cwd: string): Promise<ClientCertificate> {
  const files = hostFiles(cwd);
  const problems: string[] = [];
  const read = async (name: string, what: string): Promise<string> => {
    const data = userEntry[`${name}-data`];
    if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64').toString('utf8');
    const path = userEntry[name];
    if (typeof path !== 'string' || path === '') return '';
    try {
      return await files.read(path);
    } catch (error) {
      problems.push(`unable to read ${what} ${path} for ${user} due to open ${path}: ${pathErrorText(error)}`);
      return '';
    }
  };
  if (['client-key', 'client-key-data'].every((name) => (userEntry[name] ?? '') === ''))
    problems.push(`client-key-data or client-key must be specified for ${user} to use the clientCert authentication method.`);
  const certificate = await read('client-certificate', 'client-cert');
  const key = await read('client-key', 'client-key');
  if (problems.length > 0) throw new UsageError(`Error in configuration: ${problems.length === 1 ? problems[0] : `\n* ${problems.join('\n* ')}`}`, 'bare');
  const parsed = attempt(() => new X509Certificate(certificate));
  if (parsed === undefined) throw new UsageError('tls: failed to find any PEM data in certificate input');
  const own = attempt(() => createPrivateKey(key));
  if (own === undefined) throw new UsageError('tls: failed to find any PEM data in key input');
  if (!parsed.checkPrivateKey(own)) throw new UsageError('tls: private key does not match public key');
  return { certificate, key };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Asks in the name of whom the certificate names; one that the cluster's CA has not signed, or that has ended, is refused. */
export function certifying({ certificate }: ClientCertificate, transport: Transport, now: () => number): Transport {
  let found: Promise<UserInfo | undefined> | undefined;
  const who = async (): Promise<UserInfo | undefined> => {
    const path = '/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt';
    const { body } = await transport({ method: 'GET', path, headers: {} });
    const authority = (body as { readonly data?: Readonly<Record<string, string>> }).data?.['ca.crt'];
    return authority === undefined ? undefined : certifiedUser(certificate, authorityCertificate(authority), now());
  };
  return async (request) => {
    found ??= who();
    const user = await found;
    return user === undefined ? failed(unauthorized()) : transport({ ...request, user });
  };
}
