/** Strategic merge patches by a kind's schema. */
import { badRequest, failure } from '../../api/errors.js';
import type { Schemas } from '../../api/resource.js';
import { type MergePlace, StrategicMergeError, strategicMerge } from '../../api/strategic-merge.js';
import { ANYTHING, childShape, rootShape, type Shape } from './shape.js';

export function strategicMergePatch(document: unknown, patch: unknown, schemas: Schemas, schema: string): unknown {
  try {
    return strategicMerge(document, patch, placeOf(schemas, rootShape(schemas, schema)));
  } catch (error) {
    if (!(error instanceof StrategicMergeError)) throw error;
    // Without a reason of its own it is 500, as upstream answers for it.
    throw error.isBad ? badRequest(error.message) : failure(500, '', error.message);
  }
}

const placeOf = (schemas: Schemas, shape: Shape): MergePlace => ({
  mergeKey: shape.field?.mergeKey,
  isReplaced: shape.field?.mergeReplace === true,
  get items() {
    return placeOf(schemas, shape.elements ?? ANYTHING);
  },
  child: (key) => placeOf(schemas, childShape(schemas, shape, key) ?? ANYTHING),
});
