/** Columns → meta.k8s.io/v1 Table: what `get` prints is decided here (k8s.io/apiserver/pkg/registry/rest table.go). */
import type { KubeObject } from '../api/object.js';
import type { AnyResourceView, Column } from '../api/resource.js';
import type { Time } from '../api/time.js';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** What of a view a table takes. */
type Rows = Pick<AnyResourceView, 'columns' | 'compareRows' | 'storedAs'>;

export function tableOf(view: Rows, objects: readonly KubeObject[], metadata: ListMeta, include: IncludeObject, now: Time, headers = true): object {
  const inOrder = view.compareRows === undefined ? objects : [...objects].sort(view.compareRows);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: headers ? view.columns.map(definition) : null,
    rows: inOrder.map((object) => ({ cells: view.columns.map((column) => column.cell(object, now)), object: rowObject(view, object, include) })),
  };
}

function definition(column: Column): object {
  return { name: column.name, type: column.type, format: column.format ?? '', description: column.description ?? '', priority: column.priority ?? 0 };
}

function rowObject(view: Rows, object: KubeObject, include: IncludeObject): object | null {
  if (include === 'None') return null;
  if (include === 'Object') return view.storedAs === undefined ? object : view.storedAs.fromStored(object);
  return partialObject(object);
}

export const partialObject = (object: KubeObject): object => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata });

export const partialList = (objects: readonly KubeObject[], metadata: ListMeta): object => ({
  kind: 'PartialObjectMetadataList',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
  items: objects.map(partialObject),
});
