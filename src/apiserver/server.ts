/** The whole API server: verbs for components, and requests with everything they may need. */
import type { NodeProxies } from '../api/node-proxy.js';
import type { KubeObject } from '../api/object.js';
import { once } from '../api/once.js';
import { Outside } from '../api/outside.js';
import type { StateMap } from '../api/reconciler.js';
import { type AnyResource, type AnyResourceView, resourceId, type Schemas } from '../api/resource.js';
import { Structs } from '../api/structs.js';
import { formatTime, type Time } from '../api/time.js';
import type { UserInfo } from '../api/transport.js';
import type { Api } from '../api/verbs.js';
import type { Store } from '../store/store.js';
import type { AdmissionContext } from './admission/plugin.js';
import { MUTATING, VALIDATING } from './admission/webhooks.js';
import { reviews } from './authorization/reviews.js';
import { type CustomKinds, customKindsOf } from './custom-kinds.js';
import { decodeAs } from './decode.js';
import type { ApiServer } from './long-running.js';
import { expandManagedFields } from './managed-fields/entries.js';
import { fieldManager } from './managed-fields/manager.js';
import { newUid } from './registry/metadata.js';
import { connecting } from './rest/connect.js';
import { nodeRequests } from './rest/node-requests.js';
import { type Descriptions, type Documented, openapi } from './rest/openapi.js';
import { openid } from './rest/openid.js';
import { RequestCounts } from './rest/request-counts.js';
import { healthMetrics, serverMetrics } from './rest/server-metrics.js';
import type { VersionInfo } from './rest/version.js';
import { virtual } from './rest/virtual.js';
import { bindings } from './rest/virtual-kinds.js';
import { Writer, type WriteSide } from './rest/write.js';
import { createApiServer } from './rest.js';
import { createVerbs } from './verbs.js';
import { WebhookCaller } from './webhooks/caller.js';
import { Conversions } from './webhooks/conversion.js';
import { Wire } from './wire.js';

export interface ServerOptions {
  readonly store: Store;
  /** What can be read; `resources` are what can be written. */
  readonly views: readonly AnyResourceView[];
  readonly resources: readonly AnyResource[];
  /** The kinds that these CustomResourceDefinitions define. */
  customKinds(definitions: readonly KubeObject[], convert: Conversions['convert']): CustomKinds;
  readonly state: StateMap;
  readonly nodes: NodeProxies;
  readonly version: VersionInfo;
  readonly counts?: RequestCounts;
  /** dist/schema.json; read when first needed. */
  readonly schemas: () => Schemas;
  /** fixtures/protobuf-fields.json as text; read when somebody is shown an object that was refused. */
  readonly structs: () => string;
  /** dist/schema-descriptions.json.br; read when somebody asks for OpenAPI. */
  readonly descriptions: () => Descriptions;
  now(): Time;
  random(stream: string): number;
  /** Absent: nobody outside is asked. */
  readonly outside?: Outside;
  /** The loop that acts, by its reconciler's name. */
  actor?(): string | undefined;
}

export function createServer(options: ServerOptions): { readonly api: Api; readonly server: ApiServer } {
  const { store, views, resources, state, version, counts = new RequestCounts(), outside = new Outside() } = options;
  const custom = customKindsOf(store, (definitions) => options.customKinds(definitions, (...args) => conversions.convert(...args)));
  const schemas = withCustom(once(options.schemas), custom);
  const structs = once(() => new Structs(options.structs()));
  const all = () => (custom().resources.length === 0 ? resources : [...resources, ...custom().resources]);
  const now = () => outside.now(options.now());
  const next = (stream: string) => options.random(stream);
  const random = (stream: string) => outside.draw(stream, next);
  outside.isOn = () => store.count(MUTATING) > 0 || store.count(VALIDATING) > 0;
  const timestamp = timestamps(now);
  const given = hooks(options, outside, now, random, all, schemas);
  const conversions = new Conversions({ call: (call) => given.webhooks.call(call), written: given.written, uidOf: given.uidOf });
  const verbs = createVerbs({
    store,
    resources,
    custom: () => custom().resources,
    schemas,
    structs,
    fieldManager: fieldManager(schemas, timestamp),
    now,
    timestamp,
    random,
    hooks: given,
    outside,
  });
  const side: WriteSide = { resources: all, verbs, outside, schemas, structs };
  const context = { store, state, now, schemas };
  const writes = {
    side,
    writer: new Writer(context, side),
    nodes: nodeRequests(context, options.nodes),
    connect: connecting(verbs),
    virtual: virtual(context, side, options.nodes),
    openid: (path: string) => openid(store, path),
    metrics: (path: string) =>
      path === '/metrics' ? serverMetrics({ store, version, views: [...views, ...custom().resources], counts, now: now() }) : healthMetrics(),
    openapi: openapi(() => [...all(), ...ASKED], version.gitVersion, schemas, once(options.descriptions)),
  };
  return { api: verbs.components, server: createApiServer({ store, state, version, counts, now, views, custom: () => custom().resources, schemas, writes }) };
}

/** What admission asks webhooks through. */
function hooks(
  options: ServerOptions,
  outside: Outside,
  now: () => Time,
  random: (stream: string) => number,
  all: () => readonly AnyResource[],
  schemas: () => Schemas,
): Omit<AdmissionContext, 'api' | 'now' | 'random'> {
  const wire = once(() => new Wire(options.structs));
  const asked = { path: '', headers: {} };
  return {
    webhooks: new WebhookCaller({ store: options.store, outside, nodes: options.nodes, now }),
    uidOf: (question) => outside.once(`uid ${question}`, () => newUid((stream) => random(`webhook-${stream}`))),
    faces: (id) => all().filter((face) => (face.storedAs?.resource ?? resourceId(face.names)) === id && face.custom?.isServed !== false),
    shown: (object, face, isOther) => {
      if (isOther) return object;
      const whole = expandManagedFields(schemas, face, object);
      // Go has no time that is not there.
      if (face.custom !== undefined || whole.metadata.creationTimestamp !== undefined) return whole;
      return { ...whole, metadata: { ...whole.metadata, creationTimestamp: null } } as unknown as KubeObject;
    },
    written: (value) => wire().text(value, asked),
    decoded: (value, face, otherKind) => {
      const shape = otherKind === undefined ? face : { schema: `V1${otherKind}` };
      const { value: decoded, error } = decodeAs(schemas(), shape, value, { sorted: true });
      if (error !== undefined) return error;
      const object = decoded as unknown as KubeObject;
      return otherKind === undefined ? face.strategy.defaults(object) : object;
    },
    actor: () => userOf(options.actor?.()),
  };
}

/** As whom a component comes to the API server (pkg/controller, cmd/kube-controller-manager: a service account for each controller). */
function userOf(reconciler: string | undefined): UserInfo | undefined {
  if (reconciler === undefined) return undefined;
  const authenticated = 'system:authenticated';
  if (reconciler.startsWith('kubelet/')) return { name: `system:node:${reconciler.slice('kubelet/'.length)}`, groups: ['system:nodes', authenticated] };
  if (reconciler === 'scheduler') return { name: 'system:kube-scheduler', groups: [authenticated] };
  const account = ACCOUNTS[reconciler] ?? reconciler;
  return { name: `system:serviceaccount:kube-system:${account}`, groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', authenticated] };
}

/** Of those whose loop has another name than their account. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  'daemonset-controller': 'daemon-set-controller',
  'garbage-collector-controller': 'generic-garbage-collector',
  'endpoint-slice-controller': 'endpointslice-controller',
  'endpoint-slice-mirroring-controller': 'endpointslicemirroring-controller',
  'persistentvolume-controller': 'persistent-volume-binder',
  'pod-garbage-collector-controller': 'pod-garbage-collector',
  'pv-protection': 'pv-protection-controller',
  'pvc-protection': 'pvc-protection-controller',
  'root-ca-certificate-publisher-controller': 'root-ca-cert-publisher',
};

/** Kinds that are created and never kept. */
const ASKED: readonly Documented[] = [...reviews, { names: bindings, schema: 'V1Binding' }].map(({ names, schema }) => ({ names, schema, isAsked: true }));

/** The definitions of the built-in kinds, and of those that come and go. */
function withCustom(schemas: () => Schemas, custom: () => CustomKinds): () => Schemas {
  let last: { readonly kinds: CustomKinds; readonly schemas: Schemas } | undefined;
  return () => {
    const kinds = custom();
    if (kinds.resources.length === 0) return schemas();
    if (last?.kinds !== kinds) last = { kinds, schemas: { ...schemas(), ...kinds.schemas } };
    return last.schemas;
  };
}

/** Formats now once per second, not once per object. */
function timestamps(now: () => Time): () => string {
  let at = -1;
  let text = '';
  return () => {
    const second = Math.floor(now() / 1000);
    if (second !== at) {
      at = second;
      text = formatTime((second * 1000) as Time);
    }
    return text;
  };
}
