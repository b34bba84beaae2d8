import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { session } from '../harness/terminal.js';

function csr(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'podsim-csr-'));
  execFileSync('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k', '-out', 'c', '-subj', '/CN=ann/O=dev'], {
    cwd: directory,
    stdio: 'ignore',
  });
  const request = readFileSync(join(directory, 'c')).toString('base64');
  return `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: ${name}}
spec: {request: ${request}, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}
`;
}

test('approve and deny', () =>
  session(
    `
    $ kubectl apply -f a.yaml -f b.yaml
    certificatesigningrequest.certificates.k8s.io/a created
    certificatesigningrequest.certificates.k8s.io/b created
    $ kubectl certificate approve a
    certificatesigningrequest.certificates.k8s.io/a approved
    $ kubectl certificate approve a
    certificatesigningrequest.certificates.k8s.io/a approved
    $ kubectl certificate deny b -o name
    certificatesigningrequest.certificates.k8s.io/b
    $ kubectl get csr --no-headers
    a   …   kubernetes.io/kube-apiserver-client   kubernetes-admin   <none>   Approved…
    b   …   kubernetes.io/kube-apiserver-client   kubernetes-admin   <none>   Denied
    $ kubectl certificate deny a
    error: certificate signing request "a" is already Approved
    [1]
    $ kubectl certificate approve nope
    Error from server (NotFound): certificatesigningrequests.certificates.k8s.io "nope" not found
    [1]
    $ kubectl get csr b -o jsonpath={.status.conditions[0].reason}
    KubectlDeny
    `,
    { files: { 'a.yaml': csr('a'), 'b.yaml': csr('b') } },
  ));
