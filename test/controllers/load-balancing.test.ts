/** Load balancers of services (cloud-provider's service controller) and Ingresses behind ingress-nginx. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Event } from '../../src/resources/events/types.js';
import type { Ingress } from '../../src/resources/ingresses/types.js';
import type { Service } from '../../src/resources/services/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const object = (apiVersion: string, kind: string, name: string, more: object): KubeObject => ({ apiVersion, kind, metadata: { name }, ...more }) as KubeObject;
const service = (name: string, spec: object = {}): KubeObject =>
  object('v1', 'Service', name, { spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } });
const serviceOf = (c: TestCluster, name: string) => c.get<Service>('services', name);
const eventsOf = (c: TestCluster, name: string) =>
  c
    .list<Event>('events')
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ type, reason, source, message }) => `${type} ${reason} ${source?.component} ${message}`);
const patch = (c: TestCluster, path: string, body: object) => c.request('PATCH', path, body, { 'content-type': 'application/merge-patch+json' });

test('a service gets a load balancer after a while, and loses it when it wants none any more', () => {
  const c = cluster({ nodes: 1 });
  c.create(service('a', { type: 'LoadBalancer' }));
  c.create(service('b', { type: 'LoadBalancer', loadBalancerIP: '172.18.9.9' }));
  c.create(service('other', { type: 'LoadBalancer', loadBalancerClass: 'example.com/lb' }));
  c.advance('2s');
  expect(serviceOf(c, 'a').status).toEqual({ loadBalancer: {} });
  c.advance('2s');
  expect(serviceOf(c, 'a').status).toEqual({ loadBalancer: { ingress: [{ ip: '172.18.255.200', ipMode: 'VIP' }] } });
  expect(serviceOf(c, 'b').status.loadBalancer?.ingress?.[0]?.ip).toBe('172.18.9.9');
  expect(serviceOf(c, 'other').status).toEqual({ loadBalancer: {} });
  expect(serviceOf(c, 'a').metadata.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup']);
  patch(c, '/api/v1/namespaces/default/services/a', { spec: { type: 'ClusterIP' } });
  c.advance('1s');
  expect(serviceOf(c, 'a').status).toEqual({ loadBalancer: {} });
  expect(serviceOf(c, 'a').metadata.finalizers).toBeUndefined();
  expect(eventsOf(c, 'a')).toEqual([
    'Normal EnsuringLoadBalancer service-controller Ensuring load balancer',
    'Normal EnsuredLoadBalancer service-controller Ensured load balancer',
    'Normal DeletingLoadBalancer service-controller Deleting load balancer',
    'Normal DeletedLoadBalancer service-controller Deleted load balancer',
  ]);
  c.delete('services', 'b');
  c.advance('1s');
  expect(c.has('services', 'b')).toBe(false);
});

test('an address of its own answers', () => {
  const c = cluster({ nodes: 1 });
  c.create(service('web', { type: 'LoadBalancer' }));
  c.create({
    ...object('v1', 'Pod', 'web', { spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } }),
    metadata: { name: 'web', labels: { app: 'web' } },
  });
  c.advance('10s');
  expect(ask(c, 'wget -qO- http://172.18.255.200 | grep title')).toBe('<title>Welcome to nginx!</title>\n');
});

const agnhost = (name: string): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { containers: [{ name: 'c', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['netexec', '--http-port=80'] }] },
  }) as KubeObject;
let asked = 0;
/** What a script in a pod of the cluster prints. */
function ask(c: TestCluster, script: string): unknown {
  const name = `client-${++asked}`;
  c.create(
    object('v1', 'Pod', name, {
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'curlimages/curl:8.11.1', command: ['sh', '-c', script] }] },
    }),
  );
  c.advance('20s');
  return c.request('GET', `/api/v1/namespaces/default/pods/${name}/log`).body;
}
const path = (path: string, name: string, pathType = 'Prefix') => ({ path, pathType, backend: { service: { name, port: { number: 80 } } } });
const ingressClass = object('networking.k8s.io/v1', 'IngressClass', 'nginx', { spec: { controller: 'k8s.io/ingress-nginx' } });

test('without a controller an Ingress waits; with one it has the node’s address within a minute', () => {
  const c = cluster({ nodes: 1 });
  const ingress = object('networking.k8s.io/v1', 'Ingress', 'i', {
    spec: { ingressClassName: 'nginx', rules: [{ host: 'a.b', http: { paths: [path('/', 'web')] } }] },
  });
  c.create(ingress);
  c.advance('2m');
  expect([c.get<Ingress>('ingresses.networking.k8s.io', 'i').status, eventsOf(c, 'i')]).toEqual([{ loadBalancer: {} }, []]);
  c.advance('5s');
  c.create(ingressClass);
  c.advance('50s');
  expect(c.get<Ingress>('ingresses.networking.k8s.io', 'i').status).toEqual({ loadBalancer: {} });
  c.advance('10s');
  expect(c.get<Ingress>('ingresses.networking.k8s.io', 'i').status).toEqual({ loadBalancer: { ingress: [{ ip: '172.18.0.2' }] } });
  expect(eventsOf(c, 'i')).toEqual(['Normal Sync nginx-ingress-controller Scheduled for sync']);
});

test('requests go by host and path', () => {
  const c = cluster({ nodes: 1 });
  c.create(ingressClass);
  for (const name of ['shop', 'cart', 'wild']) {
    c.create(agnhost(name));
    c.create(service(name));
  }
  c.create(service('empty'));
  c.create(
    object('networking.k8s.io/v1', 'Ingress', 'i', {
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: 'shop.example.com',
            http: { paths: [path('/', 'shop'), path('/cart', 'cart'), path('/cart/exact', 'shop', 'Exact'), path('/empty', 'empty'), path('/gone', 'gone')] },
          },
          { host: '*.example.com', http: { paths: [path('/hostname', 'wild')] } },
        ],
      },
    }),
  );
  c.create({
    ...object('networking.k8s.io/v1', 'Ingress', 'rewrites', {
      spec: { ingressClassName: 'nginx', rules: [{ host: 're.test', http: { paths: [path('/api(/|$)(.*)', 'cart', 'ImplementationSpecific')] } }] },
    }),
    metadata: { name: 'rewrites', annotations: { 'nginx.ingress.kubernetes.io/rewrite-target': '/$2' } },
  });
  c.advance('10s');
  const cases: readonly (readonly [host: string, path: string, answer: string])[] = [
    ['shop.example.com', '/hostname', 'shop'],
    ['shop.example.com', '/cart', '200'],
    ['shop.example.com', '/cartoon', '200'],
    ['shop.example.com', '/empty', '503'],
    ['shop.example.com', '/gone/', '503'],
    ['other.example.com', '/hostname', 'wild'],
    ['other.example.com', '/', '404'],
    ['a.b.example.com', '/hostname', '404'],
    ['re.test', '/api/hostname', 'cart'],
    ['nobody.test', '/', '404'],
  ];
  const script = cases.map(([host, at, answer]) =>
    /^\d+$/.test(answer)
      ? `curl -s -o /dev/null -w '%{http_code}\\n' -H 'Host: ${host}' http://172.18.0.2${at}`
      : `curl -s -H 'Host: ${host}' http://172.18.0.2${at}; echo`,
  );
  expect(ask(c, script.join('; '))).toBe(cases.map(([, , answer]) => `${answer}\n`).join(''));
});
