/** vars: `$(NAME)` becomes the value of a field (kustomize api/filters/refvar, api/internal/accumulator). */
import { splitGroupVersion } from '../../client/rest-mapper.js';
import { UsageError } from '../command.js';
import type { FieldSpec } from './field-specs.js';
import { atField } from './fields.js';
import { findByAnyId, gvkText, isClusterScoped, isSameGvkn, isSameId, type ResId, type Resource } from './resource.js';
import { fieldOf, isMissing, isTree, itemOf, type Place, splitPath, type Value } from './tree.js';

export interface Variable {
  readonly name?: string;
  readonly objref?: Partial<ResId> & { readonly apiVersion?: string };
  readonly fieldref?: { readonly fieldPath?: string };
}

function targetOf({ objref = {} }: Variable): ResId {
  const { apiVersion = '', kind = '', name = '', namespace = '' } = objref;
  const { group, version } = apiVersion === '' ? { group: objref.group ?? '', version: objref.version ?? '' } : splitGroupVersion(apiVersion);
  return { group: group || (objref.group ?? ''), version, kind, name, namespace };
}

const nameOf = ({ name = '' }: Variable): string => name;

/** {%v} of a types.Var. */
function variableText(variable: Variable): string {
  const { fieldref } = variable;
  return `{${nameOf(variable)} ${gvkText(targetOf(variable))} {${fieldref?.fieldPath ?? 'metadata.name'}}}`;
}

/** Notes where the values come from; a name may be used once. */
export function addVariables(known: Variable[], resources: readonly Resource[], added: readonly Variable[]): void {
  for (const variable of added) {
    const target = targetOf(variable);
    const isExact = target.namespace !== '' || isClusterScoped(target);
    const found = findByAnyId(resources, (id) => (isExact ? isSameId(target, id) : isSameGvkn(target, id)));
    if (found.length > 1) throw new UsageError(`found ${found.length} resId matches for var ${variableText(variable)} (unable to disambiguate)`);
    const [one] = found;
    if (one !== undefined) one.variables = [...one.variables, nameOf(variable)];
  }
  mergeVariables(known, added);
}

export function mergeVariables(known: Variable[], added: readonly Variable[]): void {
  for (const variable of added) {
    if (known.some((one) => nameOf(one) === nameOf(variable))) throw new UsageError(`var '${nameOf(variable)}' already encountered`);
    known.push(variable);
  }
}

export function resolveVariables(
  resources: readonly Resource[],
  variables: readonly Variable[],
  specs: readonly FieldSpec[],
  log: (text: string) => void,
): void {
  if (variables.length === 0) return;
  const values = new Map<string, Value>();
  for (const variable of [...variables].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    const source = resources.find((one) => one.variables.includes(nameOf(variable)));
    if (source === undefined) throw new UsageError(`var '${variableText(variable)}' cannot be mapped to a field in the set of known resources`);
    const path = variable.fieldref?.fieldPath ?? 'metadata.name';
    const value = fieldValue(source, path);
    if (isMissing(value)) throw new UsageError(`field specified in var '${variableText(variable)}' not found in corresponding resource`);
    values.set(nameOf(variable), value);
  }
  const used = new Set<string>();
  const lookUp = (name: string): Value | undefined => {
    const value = values.get(name);
    if (value === undefined || typeof value === 'object') return undefined;
    used.add(name);
    return value;
  };
  for (const resource of resources) for (const spec of specs) atField(resource, spec, (place) => replaceIn(place, lookUp));
  const unused = [...values.keys()].filter((name) => !used.has(name));
  if (unused.length > 0) log(`well-defined vars that were never replaced: ${unused.join(',')}\n`);
}

/** RNode.GetFieldValue: `spec.ports[0].port`, `metadata.annotations.a\.b`. */
function fieldValue({ object }: Resource, path: string): Value | undefined {
  const parts = splitPath(path.replace(/\[(\d+)\]/g, '.$1'), '.').filter((part) => part !== '');
  return parts.reduce<Value | undefined>((value, part) => {
    if (Array.isArray(value)) return value[Number(part)];
    return isTree(value) ? value[part] : undefined;
  }, object);
}

function replaceIn(place: Place, lookUp: (name: string) => Value | undefined): void {
  const value = place.get();
  const one = (at: Place): void => {
    const text = at.get();
    if (typeof text === 'string') at.set(replaced(text, lookUp));
  };
  if (Array.isArray(value)) {
    for (const i of value.keys()) {
      if (typeof value[i] !== 'string') throw new UsageError('invalid value type expect a string');
      one(itemOf(value, i));
    }
  } else if (isTree(value)) for (const key of Object.keys(value)) one(fieldOf(value, key));
  else one(place);
}

/** expand.go: `$$` is a dollar; a text that is nothing but a variable takes on its type. */
function replaced(text: string, lookUp: (name: string) => Value | undefined): Value {
  const whole = /^\$\(([^)]*)\)$/.exec(text);
  if (whole !== null) return lookUp(whole[1] as string) ?? text;
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (match, name: string | undefined) => (name === undefined ? '$' : String(lookUp(name) ?? match)));
}
