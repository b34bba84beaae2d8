/** The scale subresource of workloads: ScaleREST of pkg/registry/apps/{deployment,replicaset,statefulset}/storage/storage.go. */
import { conflict, invalidObject } from '../../api/errors.js';
import type { FieldError } from '../../api/field.js';
import { type KubeObject, keyOf } from '../../api/object.js';
import { type Column, type ResourceNames, resourceId, type Subresource } from '../../api/resource.js';
import { ageColumn, integerColumn, textColumn } from '../meta/columns.js';
import { validateNonnegative } from '../meta/validation.js';

/** autoscaling/v1 Scale. */
export interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas: number; readonly selector?: string };
}

/** printers.go: scaleColumnDefinitions, printScale. */
const scaleColumns: readonly Column[] = [
  textColumn('Name', ({ metadata }) => metadata.name ?? ''),
  integerColumn<Scale>('Desired', ({ spec }) => spec?.replicas ?? 0) as Column,
  integerColumn<Scale>('Available', ({ status }) => status?.replicas ?? 0) as Column,
  ageColumn,
];

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

/** `selector`: the text of its label selector. */
export function scale<T extends Scalable>(names: ResourceNames, selector: (object: T) => string): Subresource<T> {
  const get = (object: T): Scale => {
    const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
    const metadata = JSON.parse(JSON.stringify({ name, namespace, uid, resourceVersion, creationTimestamp })) as KubeObject['metadata'];
    const replicas = object.spec.replicas ?? 0;
    return {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata,
      spec: replicas === 0 ? {} : { replicas },
      status: { replicas: object.status?.replicas ?? 0, selector: selector(object) },
    };
  };
  return {
    names: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    verbs: ['get', 'patch', 'update'],
    columns: scaleColumns,
    get,
    update: (object, body) => {
      const { spec, metadata } = body as Scale;
      const { name } = keyOf(object);
      const errors: FieldError[] = [];
      validateNonnegative(spec?.replicas, 'spec.replicas', errors);
      if (errors.length > 0) throw invalidObject('autoscaling', 'Scale', name, errors);
      if (metadata.resourceVersion && metadata.resourceVersion !== object.metadata.resourceVersion) throw conflict(resourceId(names), name);
      return { object: { ...object, spec: { ...object.spec, replicas: spec?.replicas ?? 0 } } };
    },
  };
}
