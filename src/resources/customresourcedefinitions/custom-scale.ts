/** The scale subresource of custom resources: apiextensions-apiserver pkg/registry/customresource/etcd.go ScaleREST. */
import { internalError, invalidObject } from '../../api/errors.js';
import { invalid } from '../../api/field.js';
import type { JsonObject, KubeObject } from '../../api/object.js';
import type { Subresource } from '../../api/resource.js';
import type { Scale } from '../pod-template/scale.js';
import { isMap } from './custom-schema.js';

export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export function customScale(paths: ScalePaths): Subresource {
  const get = (object: KubeObject): Scale => {
    const replicas = at(object, paths.specReplicasPath);
    if (typeof replicas !== 'number') throw internalError(`the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`);
    const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
    const selector = paths.labelSelectorPath === undefined ? undefined : at(object, paths.labelSelectorPath);
    const observed = at(object, paths.statusReplicasPath);
    return {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: JSON.parse(JSON.stringify({ name, namespace, uid, resourceVersion, creationTimestamp })) as KubeObject['metadata'],
      spec: replicas === 0 ? {} : { replicas },
      status: { replicas: typeof observed === 'number' ? observed : 0, ...(typeof selector === 'string' && selector !== '' ? { selector } : {}) },
    };
  };
  return {
    names: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    verbs: ['get', 'patch', 'update'],
    get,
    update: (object, body) => {
      const replicas = (body as Scale).spec?.replicas ?? 0;
      if (replicas < 0)
        throw invalidObject('autoscaling', 'Scale', object.metadata.name ?? '', [invalid('spec.replicas', replicas, 'should be a non-negative integer')]);
      return { object: put(object, keysOf(paths.specReplicasPath), replicas) as unknown as KubeObject };
    },
  };
}

const keysOf = (path: string): readonly string[] => path.split('.').filter((key) => key !== '');
const at = (object: KubeObject, path: string): unknown => keysOf(path).reduce((value: unknown, key) => (isMap(value) ? value[key] : undefined), object);

function put(value: unknown, [key, ...rest]: readonly string[], last: number): unknown {
  if (key === undefined) return last;
  const map = isMap(value) ? (value as JsonObject) : {};
  return { ...map, [key]: put(map[key], rest, last) };
}
