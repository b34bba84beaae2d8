/**
 * agnhost webhook and crd-conversion-webhook (test/images/agnhost/webhook and crd-conversion-webhook): the webhooks that Kubernetes' own tests
 * call. What they log at higher verbosity is left out.
 */
import type { ServedAnswer, ServedRequest } from '../../process.js';
import { FOREVER } from '../../process.js';

type HttpRequest = Extract<ServedRequest, { type: 'http' }>;
type Answer = Pick<ServedAnswer, 'status' | 'headers' | 'body' | 'steadyUntil'> & { readonly takes?: number };
type Members = Readonly<Record<string, unknown>>;

export type WebhookKind = 'webhook' | 'crd-conversion-webhook';

const isMap = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
const mapOf = (value: unknown): Members => (isMap(value) ? value : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const json = (value: object): Answer => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });
const plain = (body: string, status: number): Answer => ({ status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body });

export function answerWebhook(kind: WebhookKind, sidecar: string, { path, body, headers, secure }: HttpRequest): Answer {
  if (secure !== true) return plain('Client sent an HTTP request to an HTTPS server.\n', 400);
  const [bare = ''] = path.split('?');
  if (bare === '/readyz') return { ...plain('ok', 200), steadyUntil: FOREVER };
  if (kind === 'crd-conversion-webhook') return bare === '/crdconvert' ? convertAll(parse(body)) : plain('404 page not found\n', 404);
  const admit = HANDLERS[bare];
  if (admit === undefined) return plain('404 page not found\n', 404);
  if (headers['Content-Type'] !== 'application/json') return { status: 200, headers: {}, body: '' };
  const review = parse(body);
  const request = mapOf(review['request']);
  const { takes, ...response } = admit(request, sidecar);
  const given = { kind: review['kind'], apiVersion: review['apiVersion'], response: { uid: request['uid'], ...response } };
  return { ...json(given), ...(takes === undefined ? {} : { takes }) };
}

function parse(body: string): Members {
  try {
    return mapOf(JSON.parse(body));
  } catch {
    return {};
  }
}

interface Response {
  readonly allowed: boolean;
  readonly status?: { readonly message?: string; readonly reason?: string; readonly status?: string; readonly code?: number };
  readonly patch?: string;
  readonly patchType?: 'JSONPatch';
  readonly takes?: number;
}

const ALLOWED: Response = { allowed: true };
const denied = (message: string): Response => ({ allowed: false, status: { message } });
const patched = (...operations: readonly object[]): Response => ({
  allowed: true,
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
  patchType: 'JSONPatch',
});

const labelsOf = (object: Members): Members => mapOf(mapOf(object['metadata'])['labels']);
const namesOf = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map((one) => textOf(mapOf(one)['name'])) : []);
const TEST = 'webhook-e2e-test';

type Handler = (request: Members, sidecar: string) => Response;

const HANDLERS: Readonly<Record<string, Handler>> = {
  '/always-allow-delay-5s': () => ({ ...ALLOWED, takes: 5000 }),
  '/always-deny': () => denied('this webhook denies all requests'),
  '/add-label': ({ object }) => {
    const labels = labelsOf(mapOf(object));
    const path = '/metadata/labels/added-label';
    if (Object.keys(labels).length === 0) return patched({ op: 'add', path: '/metadata/labels', value: { 'added-label': 'yes' } });
    if (labels['added-label'] === undefined) return patched({ op: 'add', path, value: 'yes' });
    return labels['added-label'] === 'yes' ? ALLOWED : patched({ op: 'replace', path, value: 'yes' });
  },
  '/pods': ({ object }) => {
    const pod = mapOf(object);
    const label = labelsOf(pod)[TEST];
    const found = [
      ...(label === 'webhook-disallow' ? ['the pod contains unwanted label;'] : []),
      ...(label === 'wait-forever' ? ['the pod response should not be sent;'] : []),
      ...namesOf(mapOf(pod['spec'])['containers']).flatMap((name) => (name.includes('webhook-disallow') ? ['the pod contains unwanted container name;'] : [])),
    ];
    return { ...(found.length > 0 ? denied(found.join(' ')) : ALLOWED), ...(label === 'wait-forever' ? { takes: FOREVER } : {}) };
  },
  '/pods/attach': ({ name, object }) => {
    const { stdin, container } = mapOf(object);
    const isRefused = name === 'to-be-attached-pod' && stdin === true && container === 'container1';
    return isRefused ? denied("attaching to pod 'to-be-attached-pod' is not allowed") : ALLOWED;
  },
  '/mutating-pods': ({ object }) => {
    const { metadata, spec } = mapOf(object);
    if (mapOf(metadata)['name'] !== 'webhook-to-be-mutated') return ALLOWED;
    const added = { image: 'webhook-added-image', name: 'webhook-added-init-container', resources: {} };
    return namesOf(mapOf(spec)['initContainers']).includes(added.name) ? ALLOWED : patched({ op: 'add', path: '/spec/initContainers', value: [added] });
  },
  '/mutating-pods-sidecar': ({ object }, sidecar) => {
    if (sidecar === '') return { allowed: false, status: { status: 'Failure', message: 'No image specified by the sidecar-image parameter', code: 500 } };
    const added = { image: sidecar, name: 'webhook-added-sidecar', resources: {} };
    const names = namesOf(mapOf(mapOf(object)['spec'])['containers']);
    return names.includes(added.name) ? ALLOWED : patched({ op: 'add', path: '/spec/containers/-', value: added });
  },
  '/configmaps': (request) => admitData(request, 'the configmap', 'contains unwanted key and value'),
  '/mutating-configmaps': mutateData,
  '/custom-resource': (request) => admitData(request, 'the custom resource', 'contains unwanted data'),
  '/mutating-custom-resource': mutateData,
  '/crd': ({ object }) => (labelsOf(mapOf(object))[TEST] === 'webhook-disallow' ? denied('the crd contains unwanted label') : ALLOWED),
};

function admitData({ operation, object, oldObject }: Members, what: string, unwanted: string): Response {
  const value = mapOf(mapOf(operation === 'DELETE' ? oldObject : object)['data'])[TEST];
  if (value === 'webhook-disallow' && (operation === 'CREATE' || operation === 'UPDATE')) return { allowed: false, status: { reason: `${what} ${unwanted}` } };
  if (value === 'webhook-nondeletable' && operation === 'DELETE')
    return { allowed: false, status: { reason: `${what} cannot be deleted because it contains unwanted key and value` } };
  return ALLOWED;
}

/** In two stages, each of its own webhook. */
function mutateData({ object }: Members): Response {
  const data = mapOf(mapOf(object)['data']);
  const stage = data['mutation-stage-1'] === 'yes' ? 2 : data['mutation-start'] === 'yes' ? 1 : undefined;
  return stage === undefined ? ALLOWED : patched({ op: 'add', path: `/data/mutation-stage-${stage}`, value: 'yes' });
}

function convertAll(review: Members): Answer {
  const { uid, desiredAPIVersion, objects } = mapOf(review['request']);
  const to = textOf(desiredAPIVersion);
  const converted: Members[] = [];
  let message = '';
  for (const object of Array.isArray(objects) ? objects : []) {
    const one = convert(mapOf(object), to);
    if (typeof one === 'string') {
      message = one;
      break;
    }
    converted.push({ ...one, apiVersion: to });
  }
  const result = message === '' ? { metadata: {}, status: 'Success' } : { metadata: {}, status: 'Failure', message };
  const response = { uid, convertedObjects: message === '' ? converted : null, result };
  return json({ kind: review['kind'], apiVersion: review['apiVersion'], request: { uid: '', desiredAPIVersion: '', objects: null }, response });
}

/** `hostPort` of v1 is `host` and `port` of v2. */
function convert(object: Members, to: string): Members | string {
  const from = textOf(object['apiVersion']);
  const [v1, v2] = ['stable.example.com/v1', 'stable.example.com/v2'];
  if (to === from) return `conversion from a version to itself should not call the webhook: ${to}`;
  if (from !== v1 && from !== v2) return `unexpected conversion version ${JSON.stringify(from)}`;
  if (to !== v1 && to !== v2) return `unexpected conversion version ${JSON.stringify(to)}`;
  if (to === v2) {
    const { hostPort, ...rest } = object;
    if (hostPort === undefined) return rest;
    const parts = String(hostPort).split(':');
    return parts.length === 2 ? { ...rest, host: parts[0], port: parts[1] } : `invalid hostPort value \`${String(hostPort)}\``;
  }
  const { host, port, ...rest } = object;
  return host === undefined && port === undefined ? rest : { ...rest, hostPort: `${String(host ?? '')}:${String(port ?? '')}` };
}
