/** Signs what has been approved: pkg/controller/certificates/signer, with the checks of pkg/apis/certificates/helpers.go. */
import { keyOf } from '../../api/object.js';
import { type CertificateRequest, parseRequest } from '../../api/pkcs10.js';
import type { Reconciler } from '../../api/reconciler.js';
import { formatTime, type Time } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import type { ConfigMap } from '../configmaps/types.js';
import { signRequest } from './signing.js';
import type { CertificateSigningRequest } from './types.js';

const REQUESTS = 'certificatesigningrequests.certificates.k8s.io';
const WRITE = { fieldManager: 'kube-controller-manager' } as const;
const CLIENT = ['client auth', 'digital signature', 'key encipherment'];
const SERVING = ['digital signature', 'key encipherment', 'server auth'];

export const controller: Reconciler = {
  name: 'csrsigning',
  watches: [{ resource: REQUESTS, keys: ({ type, object }) => (type === 'DELETED' ? [] : [keyOf(object)]) }],
  reconcile(key, { api, now, random }) {
    const request = api.get<CertificateSigningRequest>(REQUESTS, key);
    if (request === undefined || !isDue(request)) return undefined;
    const pem = Buffer.from(request.spec.request, 'base64').toString();
    const parsed = parseRequest(pem);
    const check = CHECKS[request.spec.signerName];
    if (check === undefined || parsed.error !== undefined) return undefined;
    const problem = check(parsed.request, request.spec.usages ?? []);
    const status = problem === undefined ? { ...request.status, certificate: sign(request, pem, api, now, random) } : failed(request, problem, now);
    api.updateStatus<CertificateSigningRequest>(REQUESTS, { ...request, status }, WRITE);
    return undefined;
  },
};

/** Approved, and neither signed nor refused by the signer. */
function isDue({ status }: CertificateSigningRequest): boolean {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
  return has('Approved') && !has('Denied') && !has('Failed') && !status?.certificate;
}

function failed({ status }: CertificateSigningRequest, message: string, now: Time): CertificateSigningRequest['status'] {
  const at = formatTime(now);
  const condition = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message, lastUpdateTime: at, lastTransitionTime: at };
  return { ...status, conditions: [...(status?.conditions ?? []), condition] };
}

function sign({ spec }: CertificateSigningRequest, pem: string, api: Api, now: Time, random: (stream: string) => number): string {
  const authority = api.get<ConfigMap>('configmaps', { namespace: 'kube-system', name: 'kube-root-ca.crt' })?.data?.['ca.crt'] ?? '';
  const serial = Uint8Array.from({ length: 16 }, () => Math.floor(random('certificates') * 256));
  const signed = signRequest(pem, { authority, usages: spec.usages ?? [], seconds: spec.expirationSeconds, now, serial });
  return Buffer.from(signed).toString('base64');
}

/** What each signer wants of a request; the text says what it has not. */
const CHECKS: Readonly<Record<string, (request: CertificateRequest, usages: readonly string[]) => string | undefined>> = {
  'kubernetes.io/kube-apiserver-client': (_, usages) => {
    const other = usages.find((usage) => !CLIENT.includes(usage));
    if (other !== undefined) return `invalid usage for client certificate: ${other}`;
    return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
  },
  'kubernetes.io/kube-apiserver-client-kubelet': (request, usages) => {
    if (!isOfNodes(request)) return NOT_OF_NODES;
    const forbidden = (['DNS Names', 'Email Addresses', 'IP Addresses', 'URIs'] as const).find((title) => has(request, title));
    if (forbidden !== undefined) return NOT_ALLOWED[forbidden];
    return nameProblem(request) ?? usagesProblem(usages, CLIENT);
  },
  'kubernetes.io/kubelet-serving': (request, usages) => {
    if (!isOfNodes(request)) return NOT_OF_NODES;
    if (!has(request, 'DNS Names') && !has(request, 'IP Addresses')) return 'DNS or IP subjectAltName is required';
    const forbidden = (['Email Addresses', 'URIs'] as const).find((title) => has(request, title));
    if (forbidden !== undefined) return NOT_ALLOWED[forbidden];
    return usagesProblem(usages, SERVING) ?? nameProblem(request);
  },
};

const NOT_OF_NODES = 'subject organization is not system:nodes';
const NOT_ALLOWED = {
  'DNS Names': 'DNS subjectAltNames are not allowed',
  'Email Addresses': 'Email subjectAltNames are not allowed',
  'IP Addresses': 'IP subjectAltNames are not allowed',
  URIs: 'URI subjectAltNames are not allowed',
} as const;

const has = ({ alternativeNames }: CertificateRequest, title: string): boolean =>
  alternativeNames.some((names) => names.title === title && names.values.length > 0);
const nameProblem = ({ commonName }: CertificateRequest): string | undefined =>
  commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';

function isOfNodes({ subject }: CertificateRequest): boolean {
  const organizations = subject.find(({ title }) => title === 'Organization')?.values ?? [];
  return organizations.length === 1 && organizations[0] === 'system:nodes';
}

/** All of them, where only key encipherment may be missing (keys that are not RSA). */
function usagesProblem(usages: readonly string[], wanted: readonly string[]): string | undefined {
  const isRight = usages.every((usage) => wanted.includes(usage)) && wanted.every((usage) => usage === 'key encipherment' || usages.includes(usage));
  return isRight ? undefined : `usages did not match [${wanted.join(' ')}]`;
}
