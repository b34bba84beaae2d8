/** Walks a kind's schema beside its object: what is at a field, and how lists and maps there merge. */

import { own } from '../../api/json-data.js';
import type { SchemaDefinition, SchemaField, Schemas } from '../../api/resource.js';

/** What may stand at a place of an object. */
export interface Shape {
  /** A struct of the schema. */
  readonly definition?: SchemaDefinition;
  /** A map or a list: its elements' shape. */
  readonly elements?: Shape;
  /** The field it was reached by. */
  readonly field?: SchemaField;
}

export const ANYTHING: Shape = {};
/** What an open struct does not name: maps by their keys, all else as a whole (kube-openapi schemaconv, `__untyped_deduced_`). */
const DEDUCED: Shape = { definition: { fields: {}, open: true } };
export const isDeduced = ({ definition }: Shape): boolean => definition?.open === true && Object.keys(definition.fields).length === 0;

export function rootShape(schemas: Schemas, name: string): Shape {
  const definition = schemas[name];
  return definition === undefined ? ANYTHING : { definition };
}

/** The shape under a struct's field or a map's key; undefined: no such field. */
export function childShape(schemas: Schemas, shape: Shape, key: string): Shape | undefined {
  if (shape.elements !== undefined) return shape.elements;
  if (shape.definition === undefined) return ANYTHING;
  const field = own(shape.definition.fields, key) as SchemaField | undefined;
  if (field === undefined) return shape.definition.open === true ? DEDUCED : undefined;
  return fieldShape(schemas, field);
}

function fieldShape(schemas: Schemas, field: SchemaField): Shape {
  const definition = schemas[field.type];
  const element: Shape = definition === undefined ? { field } : { definition, field };
  if (field.container === undefined) return element;
  return { elements: field.container === 'maplist' ? { elements: element, field } : element, field };
}
