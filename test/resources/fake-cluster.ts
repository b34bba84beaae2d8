/** The least a kind's functions need of a cluster: lists and gets over given objects. For tests of strategies and describers alone. */
import type { KubeObject } from '../../src/api/object.js';
import type { PrepareContext } from '../../src/api/resource.js';
import { matchesSelector, parseFieldSelector, parseSelector } from '../../src/api/selectors.js';
import type { Time } from '../../src/api/time.js';
import type { Api, ListOptions, Reader, ResourceId } from '../../src/api/verbs.js';
import { ADMINISTRATOR } from '../../src/apiserver/authorization/user.js';
import { views } from '../../src/resources/views.js';

const idOf = (object: KubeObject): ResourceId => {
  const group = object.apiVersion.includes('/') ? object.apiVersion.slice(0, object.apiVersion.indexOf('/')) : '';
  const view = views.find(({ names }) => names.kind === object.kind && names.group === group);
  if (view === undefined) throw new Error(`no kind ${object.kind} in ${group}`);
  return group === '' ? view.names.plural : `${view.names.plural}.${group}`;
};

function list<T extends KubeObject>(objects: readonly KubeObject[], id: ResourceId, options: ListOptions = {}): readonly T[] {
  const view = views.find(({ names }) => (names.group === '' ? names.plural : `${names.plural}.${names.group}`) === id);
  const labels = parseSelector(options.labelSelector ?? '');
  const fields = parseFieldSelector(options.fieldSelector ?? '');
  if (!Array.isArray(labels) || !Array.isArray(fields)) throw new Error('bad selector');
  return objects.filter((object) => {
    if (idOf(object) !== id || (options.namespace && object.metadata.namespace !== options.namespace)) return false;
    if (!matchesSelector(labels, object.metadata.labels)) return false;
    if (options.index !== undefined && !view?.indexers?.[options.index.name]?.(object).includes(options.index.value)) return false;
    return fields.every(({ field, operator, value }) => {
      const cell = field === 'metadata.name' ? object.metadata.name : view?.selectableFields?.[field]?.(object);
      return (cell === value) === (operator === '=');
    });
  }) as unknown as readonly T[];
}

export function fakeReader(objects: readonly KubeObject[]): Reader {
  return {
    get: async <T extends KubeObject>(id: ResourceId, key: { namespace: string; name: string }) =>
      list<T>(objects, id, { namespace: key.namespace }).find(({ metadata }) => metadata.name === key.name),
    list: async (id, options) => list(objects, id, options),
  };
}

export function fakeContext(objects: readonly KubeObject[], now = 0): PrepareContext {
  const api: Pick<Api, 'get' | 'list'> = {
    get: <T extends KubeObject>(id: ResourceId, key: { namespace: string; name: string }) =>
      list<T>(objects, id, { namespace: key.namespace }).find(({ metadata }) => metadata.name === key.name),
    list: (id, options) => list(objects, id, options),
  };
  return { api: api as Api, now: now as Time, random: () => 0.5, dryRun: false, user: ADMINISTRATOR };
}
