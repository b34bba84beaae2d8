/** kubectl create ingress (pkg/cmd/create/create_ingress.go). */
import type { KubeObject } from '../../../api/object.js';
import { UsageError } from '../../command.js';
import { generator } from '../../generator.js';

export default generator({
  use: 'ingress NAME --rule=host/path=service:port[,tls[=secret]] ',
  short: 'Create an ingress',
  examples: `# foo.com/bar goes to the service svc1, port 8080, with the TLS secret my-cert
kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"

# Everything under /path goes to svc, port port, with an ingress class
kubectl create ingress catch-all --class=otheringress --rule="/path=svc:port"

# With annotations
kubectl create ingress annotated --class=default --rule="foo.com/bar=svc:port" --annotation ingress.annotation1=foo --annotation ingress.annotation2=bla

# Several paths of one host
kubectl create ingress multipath --class=default --rule="foo.com/=svc:port" --rule="foo.com/admin/=svcadmin:portadmin"

# All paths that begin so (pathType Prefix)
kubectl create ingress ingress1 --class=default --rule="foo.com/path*=svc:8080"

# A default backend
kubectl create ingress ingdefault --class=default --default-backend=defaultsvc:http --rule="foo.com/*=svc:8080,tls=secret1"`,
  flags: [
    { name: 'annotation', type: 'stringArray', usage: 'An annotation, as annotation=value' },
    { name: 'class', type: 'string', usage: 'The ingress class' },
    { name: 'default-backend', type: 'string', usage: 'The service for what no rule is about, as svcname:port' },
    {
      name: 'rule',
      type: 'stringArray',
      usage: "A rule, as host/path=service:port[,tls=secretname]. A path that ends in '*' is a prefix. tls needs no secret name.",
    },
  ],
  resource: { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses', namespaced: true },
  wraps: 'ingress: ',
  check({ flags }) {
    const rules = flags.strings('rule');
    const backend = flags.string('default-backend');
    if (rules.length === 0 && backend === '') {
      throw new UsageError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    }
    for (const rule of rules)
      if (!RULE.test(rule)) throw new UsageError(`rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
    for (const annotation of flags.strings('annotation')) {
      if (!annotation.includes('=')) throw new UsageError(`annotation ${annotation} is invalid and should be in format key=[value]`);
    }
    if (backend !== '' && backend.split(':').length !== 2) throw new UsageError('default-backend should be in format servicename:serviceport');
  },
  build({ name, flags }) {
    const annotations = Object.fromEntries(flags.strings('annotation').map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
    const ingressClass = flags.string('class');
    const backend = flags.string('default-backend');
    const rules = flags.strings('rule').map(parseRule);
    const tls = tlsOf(rules);
    return {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name, creationTimestamp: null, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
      spec: {
        ...(ingressClass === '' ? {} : { ingressClassName: ingressClass }),
        ...(backend === '' ? {} : { defaultBackend: backendOf(backend) }),
        ...(tls.length === 0 ? {} : { tls }),
        ...(rules.length === 0 ? {} : { rules: rulesOf(rules) }),
      },
      status: { loadBalancer: {} },
    } as unknown as KubeObject;
  },
});

/** The shape create_ingress.go asks of a rule. */
const RULE = /^([\w*\-.]*)(\/.*)=([\w-]+:[\w-]+)/;

interface Rule {
  readonly host: string;
  readonly path: string;
  readonly backend: string;
  readonly tls: boolean;
  readonly secret: string;
}

function parseRule(text: string): Rule {
  const [, host = '', path = '', backend = ''] = RULE.exec(text) ?? [];
  // Whatever stands behind one comma counts as tls (buildTLSRules)
  const [, tls, ...more] = text.split(',');
  return { host, path, backend, tls: tls !== undefined && more.length === 0, secret: tls?.split('=')[1] ?? '' };
}

function backendOf(text: string): object {
  const [name, port = ''] = text.split(':');
  return { service: { name, port: /^\d+$/.test(port) ? (Number(port) === 0 ? {} : { number: Number(port) }) : { name: port } } };
}

/** Rules of one host together, in the order the hosts first came. */
function rulesOf(rules: readonly Rule[]): object[] {
  const byHost = new Map<string, object[]>();
  for (const { host, path, backend } of rules) {
    const prefix = path.endsWith('*');
    const entry = { path: prefix ? path.slice(0, -1) : path, pathType: prefix ? 'Prefix' : 'Exact', backend: backendOf(backend) };
    byHost.set(host, [...(byHost.get(host) ?? []), entry]);
  }
  return [...byHost].map(([host, paths]) => ({ ...(host === '' ? {} : { host }), http: { paths } }));
}

/** One entry a secret; a rule without host needs none unless it names a secret. */
function tlsOf(rules: readonly Rule[]): object[] {
  const bySecret = new Map<string, string[]>();
  for (const { host, tls, secret } of rules) {
    if (!tls || (host === '' && secret === '')) continue;
    const hosts = bySecret.get(secret) ?? [];
    if (host !== '' && !hosts.includes(host)) hosts.push(host);
    bySecret.set(secret, hosts);
  }
  return [...bySecret].map(([secretName, hosts]) => ({ ...(hosts.length === 0 ? {} : { hosts }), ...(secretName === '' ? {} : { secretName }) }));
}
