/** What a pod is called, and whom it asks for other names: GeneratePodHostNameAndDomain, managedHostsFileContent, network/dns/dns.go. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Event } from '../../src/resources/events/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const POD_HOSTS =
  '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n';
const NODE_HOSTS =
  '# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n';
const aliases = { hostAliases: [{ ip: '10.1.2.3', hostnames: ['foo.local', 'bar.local'] }] };
const ALIASES = '\n# Entries added by HostAliases.\n10.1.2.3\tfoo.local\tbar.local\n';
const SEARCH = 'search default.svc.cluster.local svc.cluster.local cluster.local';

const cases: readonly (readonly [string, object, string, string])[] = [
  ['a name of its own', {}, 'cat /etc/hosts; hostname; hostname -f', `${POD_HOSTS}<ip>\tp\np\np\n`],
  [
    'with a subdomain',
    { hostname: 'busy', subdomain: 'sub' },
    'cat /etc/hosts; hostname; hostname -f; hostname -s; hostname -d',
    `${POD_HOSTS}<ip>\tbusy.sub.default.svc.cluster.local\tbusy\nbusy\nbusy.sub.default.svc.cluster.local\nbusy\nsub.default.svc.cluster.local\n`,
  ],
  [
    'the full name as host name',
    { subdomain: 'sub', setHostnameAsFQDN: true },
    'cat /etc/hostname; hostname; echo $HOSTNAME',
    'p.sub.default.svc.cluster.local\n'.repeat(3),
  ],
  ['further names', aliases, 'cat /etc/hosts', `${POD_HOSTS}<ip>\tp\n${ALIASES}`],
  [
    'the node’s network',
    { hostNetwork: true, ...aliases },
    'cat /etc/hosts; hostname',
    `${NODE_HOSTS}<ip>\tpodsim-control-plane\n${ALIASES}podsim-control-plane\n`,
  ],
  ['the cluster’s DNS', {}, 'cat /etc/resolv.conf', `${SEARCH}\nnameserver 10.96.0.10\noptions ndots:5\n`],
  [
    'and its own, which wins',
    {
      dnsConfig: {
        nameservers: ['1.2.3.4', '10.96.0.10'],
        searches: ['my.dns.search', 'cluster.local'],
        options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
      },
    },
    'cat /etc/resolv.conf',
    `${SEARCH} my.dns.search\nnameserver 10.96.0.10\nnameserver 1.2.3.4\noptions ndots:2 edns0\n`,
  ],
  ['the node’s DNS', { dnsPolicy: 'Default' }, 'cat /etc/resolv.conf', 'nameserver 172.18.0.1\n'],
  ['the node’s network has the node’s DNS', { hostNetwork: true }, 'cat /etc/resolv.conf', 'nameserver 172.18.0.1\n'],
  [
    'unless it says otherwise',
    { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' },
    'cat /etc/resolv.conf',
    `${SEARCH}\nnameserver 10.96.0.10\noptions ndots:5\n`,
  ],
  [
    'nothing but its own',
    { dnsPolicy: 'None', dnsConfig: { nameservers: ['8.8.8.8'], searches: ['x.y'] } },
    'cat /etc/resolv.conf',
    'search x.y\nnameserver 8.8.8.8\n',
  ],
];

const pod = (spec: object, script: string): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script] }], ...spec },
  }) as KubeObject;

test.each(cases)('%s', (_, spec, script, expected) => {
  const c = cluster({ nodes: 1 });
  c.create(pod(spec, script));
  c.advance('20s');
  const { podIP = '' } = (c.get('pods', 'p') as { status?: { podIP?: string } }).status ?? {};
  expect(c.request('GET', '/api/v1/namespaces/default/pods/p/log').body).toBe(expected.replaceAll('<ip>', podIP));
});

test('a full name that is too long', () => {
  const c = cluster({ nodes: 1 });
  c.create(pod({ hostname: 'a'.repeat(40), subdomain: 'sub', setHostnameAsFQDN: true }, 'true'));
  c.advance('5s');
  const full = `${'a'.repeat(40)}.sub.default.svc.cluster.local`;
  expect(c.list<Event>('events').filter(({ reason }) => reason === 'FailedCreatePodSandBox')[0]?.message).toBe(
    `Failed to create pod sandbox: failed to construct FQDN from pod hostname and cluster domain, FQDN ${full} is too long (64 characters is the max, 70 characters requested)`,
  );
});

test('an ExternalName is a name for another name', () => {
  const c = cluster({ nodes: 1 });
  c.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' }, spec: { type: 'ExternalName', externalName: 'db.example.com' } } as KubeObject);
  c.create(pod({}, 'nslookup db.default.svc.cluster.local'));
  c.advance('10s');
  expect(c.request('GET', '/api/v1/namespaces/default/pods/p/log').body).toMatch(
    /^Server:\t\t10\.96\.0\.10\nAddress:\t10\.96\.0\.10:53\n\ndb\.default\.svc\.cluster\.local\tcanonical name = db\.example\.com\nName:\tdb\.example\.com\nAddress: [\d.]+\n\ndb\.default\.svc\.cluster\.local\tcanonical name = db\.example\.com\n\n$/,
  );
});

const NO_ANSWER = ';; connection timed out; no servers could be reached\n\n';
const logOf = (c: TestCluster) => c.request('GET', '/api/v1/namespaces/default/pods/p/log').body;

test('without CoreDNS nobody answers', () => {
  const c = cluster({ nodes: 1 });
  c.request('PATCH', '/apis/apps/v1/namespaces/kube-system/deployments/coredns', { spec: { replicas: 0 } }, { 'content-type': 'application/merge-patch+json' });
  c.advance('40s');
  c.create(pod({}, 'nslookup kubernetes.default; wget -qO- http://kubernetes.default'));
  c.advance('40s');
  expect(logOf(c)).toBe(`${NO_ANSWER}wget: bad address 'kubernetes.default'\n`);
});

test('the node’s DNS does not know the cluster’s names', () => {
  const c = cluster({ nodes: 1 });
  c.create(pod({ dnsPolicy: 'Default' }, 'nslookup kubernetes.default.svc.cluster.local; nslookup example.com | tail -n +4'));
  c.advance('20s');
  expect(logOf(c)).toMatch(/can't find kubernetes\.default\.svc\.cluster\.local: NXDOMAIN[\s\S]*Name:\texample\.com\nAddress: [\d.]+\n/);
});

const policy = (egress: readonly object[]): KubeObject =>
  ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'egress' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress },
  }) as unknown as KubeObject;
const DNS_RULE = { to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }], ports: [{ protocol: 'UDP', port: 53 }] };

test.each([
  ['nothing goes out: no name is answered either', [], `${NO_ANSWER}wget: bad address 'example.com'\n`],
  ['names are answered, and nothing else', [DNS_RULE], 'Name:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n\n\nwget: download timed out\n'],
  ['TCP is not UDP', [{ ...DNS_RULE, ports: [{ protocol: 'TCP', port: 53 }] }], `${NO_ANSWER}wget: bad address 'example.com'\n`],
])('an egress policy: %s', (_, rules, expected) => {
  const c = cluster({ nodes: 1, cni: 'calico' });
  c.create(policy(rules));
  c.create(pod({}, 'nslookup kubernetes.default.svc.cluster.local | grep -v 53$ | grep -v "^Server" | sed "1{/^$/d}"; wget -T 2 -qO- http://example.com'));
  c.advance('1m');
  expect(logOf(c)).toBe(expected);
});
