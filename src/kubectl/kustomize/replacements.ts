/** replacements: the value of one field copied into others (kustomize api/filters/replacement, kyaml yaml/match.go). */

import { parseGoRegExp } from '../../text/go-regexp.js';
import { parseYaml } from '../../text/yaml.js';
import { UsageError } from '../command.js';
import { decodeReplacements } from './kustomization.js';
import { type Loader, loadText } from './loader.js';
import {
  allIds,
  effectiveNamespace,
  idText,
  isSelected,
  matchesGvk,
  matchesPattern,
  matchesSelectors,
  type ResId,
  type Resource,
  type Target,
} from './resource.js';
import { copyOf, fieldOf, isMissing, isScalar, isTree, itemOf, nodeKind, type Place, splitSmartly, type Tree, textOf, type Value } from './tree.js';

interface FieldOptions {
  readonly delimiter?: string;
  readonly index?: number;
  readonly create?: boolean;
}
interface TargetSelector {
  readonly select?: Target;
  readonly reject?: readonly Target[];
  readonly fieldPaths?: readonly string[];
  readonly options?: FieldOptions;
}
export interface Replacement {
  readonly path?: string;
  readonly source?: Partial<ResId> & { readonly fieldPath?: string; readonly options?: FieldOptions };
  readonly targets?: readonly TargetSelector[];
}

/** The replacements of a kustomization, those in files read. */
export async function loadReplacements(loader: Loader, given: readonly Replacement[]): Promise<readonly Replacement[]> {
  const result: Replacement[] = [];
  for (const one of given) {
    const { path = '' } = one;
    if (path === '') {
      result.push(one);
      continue;
    }
    if (one.source !== undefined || (one.targets ?? []).length > 0) throw new UsageError('cannot specify both path and inline replacement');
    result.push(...decodeReplacements(await loadText(loader, path)));
  }
  return result;
}

export function applyReplacements(resources: readonly Resource[], replacements: readonly Replacement[]): void {
  for (const replacement of replacements) {
    if (replacement.source === undefined || (replacement.targets ?? []).length === 0)
      throw new UsageError('replacements must specify a source and at least one target');
    const value = sourceValue(resources, replacement.source);
    for (const target of replacement.targets ?? []) {
      if (target.select === undefined) throw new UsageError('target must specify resources to select');
      for (const resource of resources) if (isMeant(resource, target)) copyTo(resource, value, target);
    }
  }
}

type Source = NonNullable<Replacement['source']>;

/** SourceSelector.String. */
function sourceText(source: Source): string {
  const { fieldPath = '', options } = source;
  const text = optionsText(options);
  return [idText(source), ...(fieldPath === '' ? [] : [fieldPath]), ...(text === '' ? [] : [text])].join(':');
}
const optionsText = ({ delimiter = '', index = 0, create = false }: FieldOptions = {}): string =>
  delimiter === '' && !create ? '' : `${delimiter}(${index}), create=${create}`;

function sourceValue(resources: readonly Resource[], source: Source): Value {
  const isIt = (id: ResId): boolean =>
    ((source.name ?? '') === '' || source.name === id.name) &&
    ((source.namespace ?? '') === '' || effectiveNamespace({ ...id, namespace: source.namespace as string }) === effectiveNamespace(id)) &&
    isSelected(id, source);
  const found = resources.filter((resource) => allIds(resource).some(isIt));
  if (found.length > 1) throw new UsageError(`multiple matches for selector ${sourceText(source)}`);
  const [one] = found;
  if (one === undefined) throw new UsageError(`nothing selected by ${sourceText(source)}`);
  const path = source.fieldPath || 'metadata.name';
  const value = lookup(one.object, splitSmartly(path));
  if (isMissing(value) || (isTree(value) && Object.keys(value).length === 0) || (Array.isArray(value) && value.length === 0))
    throw new UsageError(`fieldPath \`${path}\` is missing for replacement source ${idText(source)}`);
  const { delimiter = '', index = 0 } = source.options ?? {};
  if (delimiter === '') return value;
  if (!isScalar(value)) throw new UsageError('delimiter option can only be used with scalar nodes');
  const part = textOf(value).split(delimiter)[index];
  if (part === undefined) throw new UsageError(`options.index ${index} is out of bounds for value ${textOf(value)}`);
  return part;
}

const matcher = (part: string): readonly [name: string, value: string] | undefined => {
  const match = /^\[([^=]*)=(.*)\]$/.exec(part);
  return match === null ? undefined : [match[1] as string, match[2] as string];
};

/** yaml.Lookup: one place, no patterns. */
function lookup(value: Value | undefined, path: readonly string[]): Value | undefined {
  const [part, ...rest] = path;
  if (part === undefined || isMissing(value)) return value;
  const match = matcher(part);
  if (/^\d+$/.test(part) || part === '-') {
    if (!Array.isArray(value))
      throw new UsageError(
        `error looking up replacement source: wrong node kind: expected SequenceNode but was ${nodeKind(value)}: node contents:\n${textOf(value)}\n`,
      );
    return lookup(part === '-' ? value.at(-1) : value[Number(part)], rest);
  }
  if (part === '*') throw new UsageError('error looking up replacement source: wildcard is not supported in PathGetter');
  if (match !== undefined) {
    const [name, wanted] = match;
    if (!Array.isArray(value))
      throw new UsageError(
        `error looking up replacement source: wrong node kind: expected SequenceNode but was ${nodeKind(value)}: node contents:\n${textOf(value)}\n`,
      );
    return lookup(
      value.find((item) => (name === '' ? textOf(item) === wanted : isTree(item) && name in item && textOf(item[name]) === wanted)),
      rest,
    );
  }
  if (!isTree(value))
    throw new UsageError(
      `error looking up replacement source: wrong node kind: expected MappingNode but was ${nodeKind(value)}: node contents:\n${textOf(value)}\n`,
    );
  return lookup(Object.hasOwn(value, part) ? value[part] : undefined, rest);
}

function isMeant(resource: Resource, { select, reject = [] }: TargetSelector): boolean {
  const ids = allIds(resource);
  const matches = (target: Target, id: ResId): boolean =>
    matchesGvk(target, id) && matchesPattern(target.name, id.name) && matchesPattern(target.namespace, id.namespace);
  const hasId = (target: Target): boolean => (['group', 'version', 'kind', 'name', 'namespace'] as const).some((part) => (target[part] ?? '') !== '');
  const hasSelector = (target: Target): boolean => (target.labelSelector ?? '') !== '' || (target.annotationSelector ?? '') !== '';
  return (
    matchesSelectors(select as Target, resource) &&
    !reject.some((target) => hasSelector(target) && matchesSelectors(target, resource)) &&
    !reject.some((target) => hasId(target) && ids.some((id) => matches(target, id))) &&
    ids.some((id) => matches(select as Target, id))
  );
}

function copyTo(resource: Resource, value: Value, { fieldPaths = [], options = {} }: TargetSelector): void {
  for (const path of fieldPaths.length === 0 ? ['metadata.name'] : fieldPaths) {
    const isCreating = options.create === true;
    const missing = `unable to find ${isCreating ? 'or create ' : ''}field ${JSON.stringify(path)} in replacement target`;
    let places: readonly Place[];
    try {
      places = placesAt({ get: () => resource.object, set: () => undefined }, splitSmartly(path), isCreating ? value : undefined);
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`${missing}: ${error.message}`) : error;
    }
    if (places.length === 0) throw new UsageError(missing);
    for (const place of places) setPlace(place, value, options);
  }
}

/** PathMatcher: every place the path leads to; `made`: what is missing is made, the last of its kind. */
function placesAt(place: Place, path: readonly string[], made: Value | undefined): readonly Place[] {
  const [part, ...rest] = path;
  if (part === undefined) return [place];
  const value = place.get();
  const empty = (): Value =>
    rest[0] !== undefined && (matcher(rest[0]) !== undefined || /^\d+$/.test(rest[0])) ? [] : rest.length > 0 ? {} : emptyLike(made as Value);
  if (/^\d+$/.test(part)) {
    const list = listAt(value);
    const index = Number(part);
    if (list.length === index && made !== undefined) list.push(empty());
    if (list.length <= index) throw new UsageError(`index ${index} specified but only ${list.length} elements found`);
    return placesAt(itemOf(list, index), rest, made);
  }
  const match = matcher(part);
  if (match !== undefined) {
    const [name, pattern] = match;
    const list = listAt(value);
    const textAt = (item: Value): string | undefined => (name === '' ? textOf(item) : isTree(item) && !isMissing(item[name]) ? textOf(item[name]) : undefined);
    const wanted = parseGoRegExp(pattern);
    if ('problem' in wanted) throw new UsageError(wanted.problem);
    const find = () => [...list.entries()].filter(([, item]) => wanted.test(textAt(item) ?? '') && textAt(item) !== undefined);
    if (find().length === 0 && made !== undefined) list.push(name === '' ? pattern : { [name]: pattern });
    return find().flatMap(([i]) => (name === '' ? [itemOf(list, i)] : placesAt(itemOf(list, i), rest, made)));
  }
  if (part === '*') {
    const list = listAt(value);
    return [...list.keys()].flatMap((i) => placesAt(itemOf(list, i), rest, made));
  }
  if (isMissing(value)) return [];
  if (!isTree(value)) throw new UsageError(`wrong node kind: expected MappingNode but was ${nodeKind(value)}: node contents:\n${contents(value)}\n`);
  const field = fieldOf(value as Tree, part);
  if (field.get() === undefined) {
    if (made === undefined) return [];
    field.set(empty());
  }
  return placesAt(field, rest, made);
}

const contents = (value: Value): string => (isScalar(value) ? textOf(value) : JSON.stringify(value));
const emptyLike = (value: Value): Value => (Array.isArray(value) ? [] : isTree(value) ? {} : null);

function listAt(value: Value | undefined): Value[] {
  if (Array.isArray(value)) return value;
  throw new UsageError(`wrong node kind: expected SequenceNode but was ${nodeKind(value)}: node contents:\n${contents(value ?? null)}\n`);
}

function setPlace(place: Place, given: Value, { delimiter = '', index = 0 }: FieldOptions): void {
  let value = copyOf(given);
  const old = place.get();
  if (delimiter !== '') {
    if (!isScalar(old)) throw new UsageError('delimiter option can only be used with scalar nodes');
    const parts = textOf(old).split(delimiter);
    if (index < 0) parts.unshift(textOf(value));
    else if (index >= parts.length) parts.push(textOf(value));
    else parts[index] = textOf(value);
    value = parts.join(delimiter);
  }
  // A scalar keeps its type: 80 put where "8080" stood is a text
  place.set(isScalar(old) ? retyped(isScalar(value) ? textOf(value) : '', old) : value);
}

/** What the new text is with the tag of the old: text stays text; a plain number, or what has just been made, is what it looks like. */
function retyped(text: string, old: Value): Value {
  const parsed = typeof old === 'string' ? { error: '' } : parseYaml(text, 'core');
  return 'error' in parsed ? text : (parsed.value as Value);
}
