/** Certificates for approved requests; conditions as recorded from a kube-controller-manager v1.33.13. */
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/object.js';
import { authorityCertificate } from '../../../src/resources/certificatesigningrequests/signing.js';
import type { CertificateSigningRequest } from '../../../src/resources/certificatesigningrequests/types.js';
import type { ConfigMap } from '../../../src/resources/configmaps/types.js';
import { cluster } from '../../harness/cluster.js';

/** openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /O=dev/CN=jane -addext subjectAltName=DNS:a.b */
const REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIH6MIGgAgEAMB0xDDAKBgNVBAoMA2RldjENMAsGA1UEAwwEamFuZTBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABGLjBIAWXD5Vpu2XrWqgWmugoBeUJQQTGgMjg6Ll
4djRLGIJ0XNcYJ4J4tUATLvR+MVTiHHai150Z6qzIYSSLbegITAfBgkqhkiG9w0B
CQ4xEjAQMA4GA1UdEQQHMAWCA2EuYjAKBggqhkjOPQQDAgNJADBGAiEAreBKc89a
h4EP8IeejzcRWTbKmRiAKK8toecuKPAgJZwCIQDYdItrFtrlTslTLVMAmArtKDe8
u94xslETBHHEBkVrKg==
-----END CERTIFICATE REQUEST-----
`;

function approved(signerName: string, usages: readonly string[], more: object = {}) {
  const c = cluster({ nodes: 1 });
  const made = c.create<CertificateSigningRequest>({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'r' },
    spec: { request: Buffer.from(REQUEST).toString('base64'), signerName, usages, ...more },
  } as KubeObject);
  const condition = { type: 'Approved', status: 'True', reason: 'KubectlApprove', message: 'ok' };
  c.request('PUT', '/apis/certificates.k8s.io/v1/certificatesigningrequests/r/approval', { ...made, status: { conditions: [condition] } });
  c.advance('1s');
  const { certificate, conditions = [] } = c.get<CertificateSigningRequest>('certificatesigningrequests.certificates.k8s.io', 'r').status;
  return {
    certificate: certificate === undefined ? undefined : new X509Certificate(Buffer.from(certificate, 'base64')),
    conditions: conditions.slice(1).map(({ type, reason, message }) => `${type} ${reason} ${message}`),
    authority: new X509Certificate(authorityCertificate(c.get<ConfigMap>('configmaps', 'kube-system/kube-root-ca.crt').data?.['ca.crt'] ?? '')),
  };
}

test('a client certificate for whom the request names, signed by the cluster', () => {
  const { certificate, conditions, authority } = approved('kubernetes.io/kube-apiserver-client', ['client auth', 'digital signature'], {
    expirationSeconds: 86_400,
  });
  expect(conditions).toEqual([]);
  expect(certificate?.subject).toBe('O=dev\nCN=jane');
  expect(certificate?.issuer).toBe('CN=kubernetes');
  expect(certificate?.subjectAltName).toBe('DNS:a.b');
  expect(certificate?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect([certificate?.validFrom, certificate?.validTo]).toEqual(['Dec 31 23:55:00 2025 GMT', 'Jan  1 23:55:00 2026 GMT']);
  expect(certificate?.ca).toBe(false);
  expect(authority.ca).toBe(true);
  expect(certificate?.checkIssued(authority)).toBe(true);
  expect(certificate?.verify(authority.publicKey)).toBe(true);
});

test.each([
  ['kubernetes.io/kube-apiserver-client', ['server auth'], 'invalid usage for client certificate: server auth'],
  ['kubernetes.io/kube-apiserver-client', ['digital signature'], 'missing required usage for client certificate: client auth'],
  ['kubernetes.io/kubelet-serving', ['digital signature', 'server auth'], 'subject organization is not system:nodes'],
  ['kubernetes.io/kube-apiserver-client-kubelet', ['digital signature', 'client auth'], 'subject organization is not system:nodes'],
  ['example.com/own', ['client auth'], undefined],
] as const)('%s for %j', (signer, usages, problem) => {
  const { certificate, conditions } = approved(signer, usages);
  expect(certificate).toBeUndefined();
  expect(conditions).toEqual(problem === undefined ? [] : [`Failed SignerValidationFailure ${problem}`]);
});
