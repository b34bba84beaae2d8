/** What the control plane itself keeps in the API: its own service, configuration and leases (pkg/controlplane, kubeadm). */
import { formatMicroTime, type Time } from '../api/time.js';
import type { Manifest } from './manifest.js';
import { hex } from './node.js';
import { type NodeProfile, type Profile, serviceAddress } from './profile.js';

type Random = (stream: string) => number;

/** The service `kubernetes` with its endpoints, which the API server keeps itself (pkg/controlplane/reconcilers). */
export function apiService(profile: Profile, ip: string, random: Random): readonly Manifest[] {
  const clusterIP = serviceAddress(profile, 1);
  const port = { name: 'https', port: 6443, protocol: 'TCP' };
  const meta = (labels: Readonly<Record<string, string>>) => ({ name: 'kubernetes', namespace: 'default', labels });
  const authentication = {
    'client-ca-file': certificate(random),
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-client-ca-file': certificate(random),
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-username-headers': '["X-Remote-User"]',
  };
  return [
    // Before the first service: its address is drawn from there.
    { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs: [profile.serviceCIDR] } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta({ component: 'apiserver', provider: 'kubernetes' }),
      spec: {
        clusterIP,
        clusterIPs: [clusterIP],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: meta({ 'endpointslice.kubernetes.io/skip-mirror': 'true' }),
      subsets: [{ addresses: [{ ip: ip }], ports: [port] }],
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: meta({ 'kubernetes.io/service-name': 'kubernetes' }),
      addressType: 'IPv4',
      endpoints: [{ addresses: [ip], conditions: { ready: true } }],
      ports: [port],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
      data: authentication,
    },
  ];
}

/** Who leads, and which API servers there are. Renewals are worked out when somebody looks (resources/leases). */
export function leases(first: NodeProfile, at: Time, random: Random): readonly Manifest[] {
  const now = formatMicroTime(at);
  const lease = (name: string, labels: Readonly<Record<string, string>> | undefined, spec: object): Manifest => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-system', ...(labels === undefined ? {} : { labels }) },
    spec,
  });
  const leader = (name: string) =>
    lease(name, undefined, {
      acquireTime: now,
      holderIdentity: `${first.name}_${hex(32, random)}`,
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      renewTime: now,
    });
  const server = `apiserver-${letters(26, random)}`;
  const identity = { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': first.name };
  return [
    lease(server, identity, { holderIdentity: `${server}_${hex(32, random)}`, leaseDurationSeconds: 3600, renewTime: now }),
    leader('kube-controller-manager'),
    leader('kube-scheduler'),
  ];
}

/** Looks like a certificate; nothing in the simulation reads it. */
export function certificate(random: Random): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const text = `MIIDBTCCAe2gAwIBAgII${Array.from({ length: 1016 }, () => alphabet[Math.floor(random('certificates') * 64)]).join('')}`;
  return `-----BEGIN CERTIFICATE-----\n${text.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

const letters = (length: number, random: Random): string =>
  Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz234567'[Math.floor(random('nodes') * 32)]).join('');
