/**
 * Calls a webhook and reads what it answers (k8s.io/apiserver/pkg/util/webhook client.go, client-go rest/request.go). A URL is asked outside
 * the simulation (api/outside.ts); a service is one of the cluster's, so that its pods are asked within it. Of a pod whose image is not known
 * to answer such questions nothing can be told: it says nothing.
 */
import { isMap } from '../../api/json-data.js';
import type { NodeProxies } from '../../api/node-proxy.js';
import type { Outside, OutsideAnswer } from '../../api/outside.js';
import type { Time } from '../../api/time.js';
import type { Endpoints } from '../../resources/endpoints/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Service } from '../../resources/services/types.js';
import type { Webhook } from '../../resources/webhooks/types.js';
import type { Store } from '../../store/store.js';
import { parseJson } from '../decode/json-text.js';
import { verifiedByBundle } from './certificates.js';

type ClientConfig = Webhook['clientConfig'];

export interface Call {
  readonly config: ClientConfig;
  readonly body: string;
  /** What of the body makes it the same question; its uid does not. */
  readonly same: string;
  readonly group: string;
  readonly kind: string;
  readonly userAgent: string;
  readonly timeoutSeconds: number;
  /** `?timeout=10s`; conversion webhooks are not told. */
  readonly query: string;
}

/** An object, why there is none, or nothing: whoever was asked is not known to answer. */
export type Called = { readonly review: Readonly<Record<string, unknown>> } | { readonly error: string } | undefined;

export interface CallerOptions {
  readonly store: Store;
  readonly outside: Outside;
  readonly nodes: NodeProxies;
  now(): Time;
}

export class WebhookCaller {
  constructor(private readonly options: CallerOptions) {}

  call(call: Call): Called {
    const answer = call.config.service === undefined ? this.askOutside(call) : this.askService(call, call.config.service);
    return answer === undefined ? undefined : 'error' in answer ? answer : read(answer, call);
  }

  private askOutside({ config, body, same, userAgent, timeoutSeconds, query }: Call): OutsideAnswer {
    const { url = '', caBundle = '' } = config;
    const ca = Buffer.from(caBundle, 'base64').toString('utf8');
    const answer = this.options.outside.ask(`${url}\n${same}`, () => ({ url: `${url}${query}`, ca, body, userAgent, timeoutSeconds }));
    return 'error' in answer ? { error: `Post ${JSON.stringify(`${url}${query}`)}: ${answer.error}` } : answer;
  }

  /** kube-aggregator pkg/apiserver resolvers.go, and the node's rules for who has no endpoints. */
  private askService({ config, body, query, userAgent, timeoutSeconds }: Call, reference: NonNullable<ClientConfig['service']>): OutsideAnswer | undefined {
    const { name, namespace, path = '/', port = 443 } = reference;
    const { store, nodes, now } = this.options;
    const failed = (why: string) => ({ error: `Post "https://${name}.${namespace}.svc:${port}${path}${query}": ${why}` });
    const service = store.get<Service>('services', { namespace, name });
    if (service === undefined) return failed(`service ${JSON.stringify(name)} not found`);
    const { type = 'ClusterIP', clusterIP = '', ports = [] } = service.spec;
    if (type === 'ExternalName') return undefined;
    if (type === 'ClusterIP' && clusterIP === 'None') return failed('cannot route to service with ClusterIP "None"');
    const found = ports.find((one) => one.port === port);
    if (found === undefined) return failed(`no service port ${port} found for service ${JSON.stringify(name)}`);
    const { subsets = [] } = store.get<Endpoints>('endpoints', { namespace, name }) ?? {};
    const places = subsets.flatMap(({ addresses = [], ports: numbers = [] }) => {
      const chosen = numbers.find((one) => (one.name ?? '') === (found.name ?? ''));
      return chosen === undefined ? [] : addresses.map(({ ip, targetRef }) => ({ ip, port: chosen.port, pod: targetRef?.name ?? '' }));
    });
    // Upstream throws dice.
    const place = places[Math.floor(now() / 1000) % places.length];
    if (place === undefined) return failed(`dial tcp ${clusterIP}:${port}: connect: connection refused`);
    const pod = store.get<Pod>('pods', { namespace, name: place.pod });
    const answer = nodes(pod?.spec.nodeName ?? '')?.reach({
      type: 'http',
      scheme: 'HTTPS',
      host: place.ip,
      port: place.port,
      method: 'POST',
      path: `${path}${query}`,
      headers: {
        'User-Agent': userAgent,
        'Content-Length': String(Buffer.byteLength(body)),
        Accept: 'application/json, */*',
        'Content-Type': 'application/json',
        'Accept-Encoding': 'gzip',
      },
      body,
    });
    if (answer === undefined || 'error' in answer || answer.certificate === undefined) return undefined;
    if (answer.takes > timeoutSeconds * 1000) return failed('context deadline exceeded');
    const problem = verifiedByBundle(answer.certificate, config.caBundle ?? '', `${name}.${namespace}.svc`, now());
    if (problem !== undefined) return failed(problem);
    return { status: answer.status ?? 200, type: answer.headers?.['Content-Type'] ?? '', body: answer.body ?? '' };
  }
}

/** What a REST client makes of an answer (rest/request.go transformResponse, Result.Into). */
function read({ status, type, body }: Extract<OutsideAnswer, { status: number }>, { group, kind }: Call): NonNullable<Called> {
  const parsed = parseJson(body);
  const value = 'value' in parsed ? parsed.value : body;
  if (status < 200 || status > 206) {
    const message = isMap(value) && value['kind'] === 'Status' ? value['message'] : undefined;
    return { error: typeof message === 'string' ? message : unstructured(status, type, body) };
  }
  if (body === '') return { error: `0-length response with status code: ${status} and content type: ${type}` };
  if (!isMap(value))
    return { error: `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(value)} into Go value of type ${TYPE_META}` };
  const { kind: found = '', apiVersion = '' } = value as { readonly kind?: string; readonly apiVersion?: string };
  const [own, version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  // What is not said is taken for granted.
  const isOther = (found !== '' && found !== kind) || (apiVersion !== '' && (own !== group || !['v1', 'v1beta1'].includes(version)));
  if (isOther)
    return {
      error: `no kind ${JSON.stringify(found)} is registered for version ${JSON.stringify(apiVersion)} in scheme "k8s.io/apiserver/pkg/util/webhook/client.go:71"`,
    };
  return { review: value };
}

const TYPE_META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
const goKind = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value);

/** newUnstructuredResponseError and NewGenericServerResponse. */
function unstructured(status: number, type: string, body: string): string {
  const said = type === '' || type.startsWith('text/') ? body.trim().slice(0, 2048) : 'unknown';
  const known = REASONS[status];
  if (known !== undefined) return known;
  if (status === 403) return said;
  if (status === 406 || status === 415)
    return said === '' || said === 'unknown' ? 'the server was unable to respond with a content type that the client supports' : said;
  if (status >= 500) return `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};
