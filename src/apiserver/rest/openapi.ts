/** /openapi/v3 and a minimal /openapi/v2: what kubectl's validation, apply and explain read. */
import type { AnyResource, Schemas } from '../../api/resource.js';
import type { ApiRequest } from '../../api/transport.js';
import type { Answer } from '../long-running.js';

/** dist/schema-descriptions.json.br: upstream's name and texts of every definition. */
export type Descriptions = Readonly<
  Record<string, { readonly name?: string; readonly description: string; readonly fields: Readonly<Record<string, string>> }>
>;

export function openapi(
  _resources: readonly AnyResource[],
  _schemas: () => Schemas,
  _descriptions: () => Descriptions,
): (path: string, request: ApiRequest) => Answer | undefined {
  return () => undefined;
}
