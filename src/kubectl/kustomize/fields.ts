/** Following a field spec's path into an object (kustomize api/filters/fieldspec): lists are looked through, `name[]` must be one. */
import { UsageError } from '../command.js';
import type { FieldSpec } from './field-specs.js';
import { currentId, gvkOf, idText, isSelected, type Resource } from './resource.js';
import { fieldOf, isMissing, isTree, itemOf, type Place, prefixed, splitPath, type Value, wrongKind } from './tree.js';

/** What is made of a field that is not there; undefined: nothing. */
export type Made = 'scalar' | 'map' | undefined;

/** Calls `set` on each place the path leads to, if the spec is of the object's kind. */
export function atField(resource: Resource, spec: FieldSpec, set: (place: Place) => void, made?: Made): void {
  if (!isSelected(gvkOf(resource), spec)) return;
  const top: Place = { get: () => resource.object, set: () => undefined };
  prefixed(`considering field '${spec.path}' of object ${idText(currentId(resource))}`, () =>
    follow(top, splitPath(spec.path, '/'), set, spec.create === true ? made : undefined),
  );
}

export function atFields(resource: Resource, specs: readonly FieldSpec[], set: (place: Place) => void, made?: Made): void {
  for (const spec of specs) atField(resource, spec, set, made);
}

function follow(place: Place, path: readonly string[], set: (place: Place) => void, made: Made): void {
  const [part, ...rest] = path;
  if (part === undefined) {
    set(place);
    return;
  }
  const value = place.get();
  if (isMissing(value)) return;
  if (Array.isArray(value)) {
    prefixed(`visit traversal on path: [${path.join(' ')}]`, () => {
      for (const i of value.keys()) follow(itemOf(value, i), path, set, made);
    });
  } else if (isTree(value)) {
    const isList = part.endsWith('[]');
    const name = isList ? part.slice(0, -2) : part;
    if (name === '') throw new UsageError('cannot set or create an empty field name');
    const field = fieldOf(value, name);
    const found = field.get();
    if (made !== undefined && !isList && isMissing(found)) field.set(rest.length === 0 && made === 'scalar' ? '' : {});
    else if (found === undefined) return;
    else if (isList && found === null) field.set([]);
    follow(field, rest, set, made);
  } else throw new UsageError('expected sequence or mapping node');
}

/** filtersutil.SetEntry: an entry of the map at a place. */
export const setEntry =
  (key: string, value: Value) =>
  (place: Place): void => {
    const map = place.get();
    if (map === null || map === undefined) place.set({ [key]: value });
    else if (isTree(map)) map[key] = value;
    else throw wrongKind('MappingNode', map);
  };
