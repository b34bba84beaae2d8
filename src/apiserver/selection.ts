/** Label and field selectors on a kind's objects, with the texts of apiserver's list handlers. */
import { badRequest } from '../api/errors.js';
import type { KubeObject } from '../api/object.js';
import type { AnyResourceView } from '../api/resource.js';
import { type FieldRequirement, matchesSelector, parseFieldSelector, parseSelector, type Selector } from '../api/selectors.js';
import type { ListOptions } from '../api/verbs.js';

export type Predicate = (object: KubeObject) => boolean;

/** undefined: everything. */
export function predicateFor(view: AnyResourceView, options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>): Predicate | undefined {
  const labels = options.labelSelector ? parseLabels(options.labelSelector) : [];
  const fields = options.fieldSelector ? parseFields(view, options.fieldSelector) : [];
  if (labels.length === 0 && fields.length === 0) return undefined;
  return (object) => matchesSelector(labels, object.metadata.labels) && fields.every((field) => field(object));
}

export function filterObjects<T extends KubeObject>(view: AnyResourceView, objects: readonly T[], options: ListOptions): readonly T[] {
  const matches = predicateFor(view, options);
  return matches === undefined ? objects : objects.filter(matches);
}

/** The name a selector asks for, if it asks for one: `metadata.name=web`. */
export function nameIn(fieldSelector: string | undefined): string | undefined {
  return /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(fieldSelector ?? '')?.[1];
}

function parseLabels(text: string): Selector {
  const selector = parseSelector(text);
  if ('error' in selector) throw badRequest(selector.error);
  return selector;
}

function parseFields(view: AnyResourceView, text: string): readonly Predicate[] {
  const requirements = parseFieldSelector(text);
  if ('error' in requirements) throw badRequest(requirements.error);
  return requirements.map((requirement) => fieldPredicate(view, requirement));
}

function fieldPredicate(view: AnyResourceView, { field, operator, value }: FieldRequirement): Predicate {
  const read = fieldOf(view, field);
  return (object) => (read(object) === value) === (operator === '=');
}

function fieldOf(view: AnyResourceView, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name ?? '';
  if (field === 'metadata.namespace') return (object) => object.metadata.namespace ?? '';
  const known = view.selectableFields;
  const read = known !== undefined && Object.hasOwn(known, field) ? known[field] : undefined;
  if (read !== undefined) return read;
  // Kinds with conversion functions of their own speak differently from the rest (apimachinery DefaultMetaV1FieldSelectorConversion).
  if (known !== undefined && Object.keys(known).length > 0)
    throw badRequest(view.names.kind === 'Job' ? `field label ${JSON.stringify(field)} not supported for Job` : `field label not supported: ${field}`);
  throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}
