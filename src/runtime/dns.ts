/** Names as a pod resolves them: /etc/hosts, the search list of resolv.conf, CoreDNS's kubernetes plugin, the world outside. */
import type { Api } from '../api/verbs.js';
import type { EndpointSlice } from '../resources/endpointslices/types.js';
import type { Service } from '../resources/services/types.js';
import { spreadOf } from './identity.js';
import type { Caller } from './network.js';

export type Resolution = { readonly addresses: readonly string[]; readonly canonical?: string } | { readonly error: 'NXDOMAIN' | 'SERVFAIL' | 'TIMEOUT' };

const NXDOMAIN: Resolution = { error: 'NXDOMAIN' };
const ADDRESS = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** Who answers a caller's questions: CoreDNS, a server that knows nothing of the cluster, or nobody. */
export type NameServer = 'cluster' | 'outside' | 'nobody';

interface ResolverOptions {
  api(): Api;
  readonly domain: string;
  serverOf(from: Caller): NameServer;
}

export function createResolver({ api, domain, serverOf }: ResolverOptions): (name: string, from: Caller) => Resolution {
  /** An absolute name, without the last dot. */
  function lookUp(name: string, hops = 0): Resolution {
    if (!name.endsWith(`.${domain}`) && name !== domain) return hops > 0 || isPublic(name) ? publicAddress(name) : NXDOMAIN;
    const labels = name.slice(0, -domain.length - 1).split('.');
    const kind = labels.at(-1);
    if (kind === 'pod') {
      const ip = labels[0]?.replaceAll('-', '.') ?? '';
      return labels.length === 3 && ADDRESS.test(ip) ? { addresses: [ip], canonical: name } : NXDOMAIN;
    }
    if (kind !== 'svc' || labels.length < 3) return NXDOMAIN;
    const [namespace, service] = [labels.at(-2) as string, labels.at(-3) as string];
    const found = api().get<Service>('services', { namespace, name: service });
    if (found === undefined) return NXDOMAIN;
    const host = labels.length === 4 ? labels[0] : undefined;
    if (labels.length > 4) return NXDOMAIN;
    if (found.spec.type === 'ExternalName')
      return host === undefined && hops < 8 ? { ...lookUp((found.spec.externalName ?? '').replace(/\.$/, ''), hops + 1) } : NXDOMAIN;
    const { clusterIP } = found.spec;
    if (clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None') return host === undefined ? { addresses: [clusterIP], canonical: name } : NXDOMAIN;
    const addresses = endpointsOf(namespace, service, host, found.spec.publishNotReadyAddresses === true);
    return addresses.length === 0 ? NXDOMAIN : { addresses, canonical: name };
  }

  /** A headless service's records: every ready endpoint, or the one with that hostname. */
  function endpointsOf(namespace: string, service: string, host: string | undefined, all: boolean): readonly string[] {
    const slices = api().list<EndpointSlice>('endpointslices.discovery.k8s.io', { index: { name: 'service', value: `${namespace}/${service}` } });
    return slices.flatMap((slice) =>
      (slice.endpoints ?? [])
        .filter((endpoint) => all || endpoint.conditions?.ready !== false)
        .filter((endpoint) => host === undefined || endpoint.hostname === host || endpoint.addresses[0]?.replaceAll('.', '-') === host)
        .flatMap((endpoint) => endpoint.addresses),
    );
  }

  return (name, from) => {
    if (ADDRESS.test(name)) return { addresses: [name] };
    if (name === 'localhost' || name.endsWith('.localhost')) return { addresses: ['127.0.0.1'] };
    if (name === from.hostname || (name === from.fullName && name !== undefined)) return { addresses: [from.ip], canonical: from.fullName ?? name };
    const alias = from.hostAliases?.find((one) => one.hostnames.includes(name));
    if (alias !== undefined) return { addresses: [alias.ip] };
    const server = serverOf(from);
    if (server === 'nobody') return { error: 'TIMEOUT' };
    const { searches = [], options = [] } = from.dns ?? {};
    const absolute = name.endsWith('.');
    const bare = absolute ? name.slice(0, -1) : name;
    const ndots = Number(options.find((option) => option.startsWith('ndots:'))?.slice(6) ?? 1);
    const searched = absolute ? [] : searches.map((search) => `${bare}.${search}`);
    const order = absolute ? [bare] : bare.split('.').length - 1 >= ndots ? [bare, ...searched] : [...searched, bare];
    for (const candidate of order) {
      const answer = server === 'outside' ? (isPublic(candidate) ? publicAddress(candidate) : NXDOMAIN) : lookUp(candidate.toLowerCase());
      if (!('error' in answer)) return answer;
    }
    return NXDOMAIN;
  };
}

/** Names under the usual top-level domains are taken to exist; a service's mistyped namespace is none of them. */
const PUBLIC = /\.(com|org|net|io|dev|app|ai|cloud|gov|edu|info|biz|me|co|uk|de|fr|nl|eu|us|ca|jp|kr|cn|in|br|au|ch|se|es|it)$/;
const isPublic = (name: string): boolean => PUBLIC.test(name) && !/(no-?such|non-?exist|does-?not-?exist)/.test(name);

/** A public-looking address, the same every time. */
function publicAddress(name: string): Resolution {
  const n = Math.floor(spreadOf(`dns/${name}`) * 2 ** 24);
  return { addresses: [`93.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`], canonical: name };
}
