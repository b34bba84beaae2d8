/** What the API server has been asked since it was started (apiserver pkg/endpoints/metrics); told by server-metrics.ts. */
import type { Sample } from '../../api/exposition.js';
import type { ApiRequest } from '../../api/transport.js';
import { first, isOn, type Parsed, type ResourceRequest } from './request-info.js';

type Labels = Readonly<Record<string, string>>;

/** What has been asked: counters begin with the server. */
export class RequestCounts {
  private readonly requests = new Map<string, { readonly labels: Labels; value: number }>();
  private readonly deprecated = new Map<string, Labels>();

  /** Paths that are no objects' are counted where health is asked after. */
  note(request: ApiRequest, parsed: Parsed, code: number): void {
    const { resource } = parsed;
    if (resource === undefined && !/^\/(?:healthz|livez|readyz)(?:\/|$)/.test(parsed.path)) return;
    const of = resource ?? { group: '', version: '', plural: '', subresource: parsed.path };
    const labels = {
      code: String(code),
      component: resource === undefined ? '' : 'apiserver',
      dry_run: first(parsed.query, 'dryRun'),
      group: of.group,
      resource: of.plural,
      scope: resource === undefined ? '' : scopeOf(request, resource),
      subresource: of.subresource,
      verb: verbOf(request, parsed),
      version: of.version,
    };
    const key = Object.values(labels).join('\n');
    const known = this.requests.get(key);
    if (known === undefined) this.requests.set(key, { labels, value: 1 });
    else known.value++;
  }

  noteDeprecated({ group, plural, subresource, version }: ResourceRequest): void {
    this.deprecated.set(`${plural}.${group}/${version}/${subresource}`, { group, removed_release: '', resource: plural, subresource, version });
  }

  samples(): { readonly requests: readonly Sample[]; readonly deprecated: readonly Sample[] } {
    return { requests: [...this.requests.values()], deprecated: [...this.deprecated.values()].map((labels) => ({ labels, value: 1 })) };
  }
}

const CONNECTED: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy']);

function verbOf({ method, headers }: ApiRequest, { query, resource }: Parsed): string {
  if (resource === undefined) return method;
  if (CONNECTED.has(resource.subresource)) return 'CONNECT';
  if (method === 'GET') return isOn(query, 'watch') ? 'WATCH' : resource.name === '' ? 'LIST' : 'GET';
  if (method === 'DELETE' && resource.name === '') return 'DELETECOLLECTION';
  return method === 'PATCH' && headers['content-type']?.startsWith('application/apply-patch') === true ? 'APPLY' : method;
}

/** CleanScope. */
const scopeOf = ({ method }: ApiRequest, { name, namespace }: ResourceRequest): string =>
  name !== '' || method === 'POST' ? 'resource' : namespace !== '' ? 'namespace' : 'cluster';
