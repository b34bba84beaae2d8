/** The whole API server: verbs for components, and requests with everything they may need. */
import type { NodeProxies } from '../api/node-proxy.js';
import type { KubeObject } from '../api/object.js';
import { once } from '../api/once.js';
import type { StateMap } from '../api/reconciler.js';
import type { AnyResource, AnyResourceView, Schemas } from '../api/resource.js';
import { Structs } from '../api/structs.js';
import { formatTime, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import type { Store } from '../store/store.js';
import { reviews } from './authorization/reviews.js';
import { type CustomKinds, customKindsOf } from './custom-kinds.js';
import type { ApiServer } from './long-running.js';
import { fieldManager } from './managed-fields/manager.js';
import { nodeRequests } from './rest/node-requests.js';
import { type Descriptions, type Documented, openapi } from './rest/openapi.js';
import { RequestCounts } from './rest/request-counts.js';
import { healthMetrics, serverMetrics } from './rest/server-metrics.js';
import type { VersionInfo } from './rest/version.js';
import { virtual } from './rest/virtual.js';
import { bindings } from './rest/virtual-kinds.js';
import { Writer, type WriteSide } from './rest/write.js';
import { createApiServer } from './rest.js';
import { createVerbs } from './verbs.js';

export interface ServerOptions {
  readonly store: Store;
  /** What can be read; `resources` are what can be written. */
  readonly views: readonly AnyResourceView[];
  readonly resources: readonly AnyResource[];
  /** The kinds that these CustomResourceDefinitions define. */
  customKinds(definitions: readonly KubeObject[]): CustomKinds;
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
}

export function createServer(options: ServerOptions): { readonly api: Api; readonly server: ApiServer } {
  const { store, views, resources, state, version, counts = new RequestCounts() } = options;
  const custom = customKindsOf(store, options.customKinds);
  const schemas = withCustom(once(options.schemas), custom);
  const structs = once(() => new Structs(options.structs()));
  const all = () => (custom().resources.length === 0 ? resources : [...resources, ...custom().resources]);
  const now = () => options.now();
  const timestamp = timestamps(now);
  const verbs = createVerbs({
    store,
    resources,
    custom: () => custom().resources,
    schemas,
    structs,
    fieldManager: fieldManager(schemas, timestamp),
    now,
    timestamp,
    random: (stream) => options.random(stream),
  });
  const side: WriteSide = { resources: all, verbs, schemas, structs };
  const context = { store, state, now, schemas };
  const writes = {
    side,
    writer: new Writer(context, side),
    nodes: nodeRequests(context, options.nodes),
    virtual: virtual(context, side, options.nodes),
    metrics: (path: string) =>
      path === '/metrics' ? serverMetrics({ store, version, views: [...views, ...custom().resources], counts, now: now() }) : healthMetrics(),
    openapi: openapi(() => [...all(), ...ASKED], version.gitVersion, schemas, once(options.descriptions)),
  };
  return { api: verbs.components, server: createApiServer({ store, state, version, counts, now, views, custom: () => custom().resources, schemas, writes }) };
}

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
