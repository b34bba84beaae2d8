/**
 * Objects as kubectl's own Go types print them: fields that are not `omitempty` are there even when nothing was said of them
 * (`creationTimestamp: null`, `resources: {}`, `status: {}`). What commands show that made or decoded an object without the server.
 */
import type { Json, JsonObject, KubeObject } from '../api/object.js';
import { isMap } from './manifests.js';
import { at, podTemplatePath, withAt } from './pod-specs.js';

export function typed(object: KubeObject): KubeObject {
  let result = withAt(object, ['metadata'], meta(object.metadata as unknown as JsonObject)) as KubeObject;
  const path = podTemplatePath(object);
  if (path !== undefined) {
    if (object.kind === 'CronJob') {
      const job = ['spec', 'jobTemplate'];
      result = withAt(result, [...job, 'metadata'], meta(at(result as unknown as Json, [...job, 'metadata'])));
    }
    if (path.length > 0) result = withAt(result, [...path, 'metadata'], meta(at(result as unknown as Json, [...path, 'metadata'])));
    const spec = at(result as unknown as Json, [...path, 'spec']);
    result = withAt(result, [...path, 'spec'], podSpec(isMap(spec) ? spec : {}));
  }
  const strategy = STRATEGY[object.kind];
  if (strategy !== undefined && at(result as unknown as Json, ['spec', strategy]) === undefined) result = withAt(result, ['spec', strategy], {});
  const ports = object.kind === 'Service' ? at(result as unknown as Json, ['spec', 'ports']) : undefined;
  if (Array.isArray(ports))
    result = withAt(
      result,
      ['spec', 'ports'],
      ports.map((port: Json) => ({ targetPort: 0, ...(port as JsonObject) })),
    );
  const status = STATUS[object.kind];
  if (status !== undefined) result = { ...result, status: { ...status, ...((result as unknown as { status?: object }).status ?? {}) } } as KubeObject;
  return result;
}

const meta = (metadata: Json | undefined): Json => ({ creationTimestamp: null, ...(isMap(metadata) ? metadata : {}) });

/** A Quantity that was not said is "0" in Go. */
function withDivisor(env: Json): Json {
  const field = at(env, ['valueFrom', 'resourceFieldRef']);
  return isMap(field) && field['divisor'] === undefined ? (withAt(env, ['valueFrom', 'resourceFieldRef'], { ...field, divisor: '0' }) as Json) : env;
}

function typedContainer(container: JsonObject): JsonObject {
  const env = container['env'];
  return { ...container, ...(Array.isArray(env) ? { env: env.map((one: Json) => withDivisor(one)) } : {}), resources: container['resources'] ?? {} };
}

const podSpec = (spec: JsonObject): JsonObject => {
  const containers = (list: Json | undefined): Json | undefined =>
    Array.isArray(list) ? list.map((container: Json) => (isMap(container) ? typedContainer(container) : container)) : list;
  return {
    ...spec,
    containers: containers(spec['containers']) ?? null,
    ...(spec['initContainers'] === undefined ? {} : { initContainers: containers(spec['initContainers']) }),
  };
};

const STRATEGY: Readonly<Record<string, string>> = { Deployment: 'strategy', DaemonSet: 'updateStrategy', StatefulSet: 'updateStrategy' };
const STATUS: Readonly<Record<string, JsonObject>> = {
  Pod: {},
  Deployment: {},
  Job: {},
  CronJob: {},
  Namespace: {},
  ResourceQuota: {},
  Service: { loadBalancer: {} },
  Ingress: { loadBalancer: {} },
  ReplicaSet: { replicas: 0 },
  ReplicationController: { replicas: 0 },
  StatefulSet: { availableReplicas: 0, replicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
};
