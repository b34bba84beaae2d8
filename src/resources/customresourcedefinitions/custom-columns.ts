/** additionalPrinterColumns: apiextensions-apiserver pkg/registry/customresource/tableconvertor. */
import type { KubeObject } from '../../api/object.js';
import type { Cell, Column } from '../../api/resource.js';
import { parseTime, type Time } from '../../api/time.js';
import { parseJsonPath, resultText } from '../../text/jsonpath.js';
import { ageOf, nameColumn } from '../meta/columns.js';
import type { CustomResourceColumnDefinition } from './types.js';

export function customColumns(columns: readonly CustomResourceColumnDefinition[] | undefined): readonly Column[] {
  return [nameColumn, ...(columns === undefined || columns.length === 0 ? [AGE] : columns).map(column)];
}

/** What a definition without columns of its own gets (apiextensions-apiserver pkg/apiserver/helpers.go). */
const AGE: CustomResourceColumnDefinition = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

function column({ name, type, format, description, priority, jsonPath }: CustomResourceColumnDefinition): Column {
  const path = parseJsonPath(`{${jsonPath}}`, { allowMissingKeys: true });
  return {
    name,
    type: type as Column['type'],
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    ...(format === undefined ? {} : { format }),
    ...(priority === undefined ? {} : { priority }),
    cell: (object, now) => {
      const found = path.results(object)[0];
      return found === undefined || found.length === 0 ? null : cellOf(type, found[0], now);
    },
  };
}

/** cellForJSONValue: what is not of the column's type is not shown. */
function cellOf(type: string, value: unknown, now: Time): Cell {
  if (type === 'string') return resultText(value);
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null;
  if (type === 'number') return typeof value === 'number' ? value : null;
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (typeof value !== 'string') return null;
  return parseTime(value) === undefined ? '<invalid>' : ageOf(value, now);
}

/** selectableFields: `.spec.color` is asked for as `spec.color`. */
export const selectable = (paths: readonly { readonly jsonPath: string }[]): Readonly<Record<string, (object: KubeObject) => string>> =>
  Object.fromEntries(
    paths.map(({ jsonPath }) => {
      const path = parseJsonPath(`{${jsonPath}}`, { allowMissingKeys: true });
      return [jsonPath.replace(/^\./, ''), (object: KubeObject) => path.execute(object)] as const;
    }),
  );
