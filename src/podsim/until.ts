/** What `clock until` waits for, as a predicate over the cluster. */
import type { KubeObject } from '../api/object.js';
import { resourceId } from '../api/resource.js';
import type { Cluster } from '../cluster/cluster.js';
import { views } from '../resources/views.js';
import { parseJsonPath } from '../text/jsonpath.js';
import { PodsimError } from './context.js';

/** Words: `pod/web Running`, `deploy/web condition=Available`, `pod/web jsonpath={.status.phase}=Running`, `pod/web delete`. */
export function untilCondition(words: readonly string[]): (cluster: Cluster) => boolean {
  const text = words.join(' ');
  const match = /^(?:(?<ns>[^/\s]+)\/)?(?<type>[^/\s]+)\/(?<name>[^/\s]+)\s+(?<what>.+)$/.exec(text);
  const bad = (): PodsimError =>
    new PodsimError(
      `cannot read the condition ${JSON.stringify(text)}: expected TYPE/NAME and condition=NAME, jsonpath='{…}'=VALUE, delete, create or a STATUS word`,
    );
  if (!match?.groups) throw bad();
  const { ns, type, name, what } = match.groups as { ns?: string; type: string; name: string; what: string };
  const view = views.find(({ names }) => [names.plural, names.singular, names.kind.toLowerCase(), ...names.shortNames].includes(type.toLowerCase()));
  if (view === undefined) throw new PodsimError(`the server doesn't have a resource type ${JSON.stringify(type)}`);
  const key = { namespace: view.names.namespaced ? (ns ?? 'default') : '', name };
  const find = (cluster: Cluster): KubeObject | undefined => cluster.store.get(resourceId(view.names), key);
  const word = what.replace(/^--for=/, '');
  if (word === 'delete') return (cluster) => find(cluster) === undefined;
  if (word === 'create') return (cluster) => find(cluster) !== undefined;
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(word);
  if (condition) {
    const wanted = (condition[2] ?? 'true').toLowerCase();
    return (cluster) => {
      const status = (find(cluster) as { status?: { conditions?: readonly { type: string; status: string }[] } } | undefined)?.status;
      return (
        status?.conditions?.some((one) => one.type.toLowerCase() === (condition[1] as string).toLowerCase() && one.status.toLowerCase() === wanted) === true
      );
    };
  }
  const path = /^jsonpath='?(\{[^}]*\})'?(?:=(.*))?$/.exec(word);
  if (path) {
    const wanted = path[2]?.replace(/^'(.*)'$/, '$1');
    const expression = parseJsonPath(path[1] as string, { allowMissingKeys: true });
    return (cluster) => {
      const object = find(cluster);
      const found = object === undefined ? '' : expression.execute(object);
      return wanted === undefined ? found !== '' : found === wanted;
    };
  }
  if (!/^[\w:/.-]+$/.test(word)) throw bad();
  const column = view.columns.find(({ name: title }) => title === 'Status');
  if (column === undefined) throw new PodsimError(`${view.names.plural} have no STATUS to wait for`);
  return (cluster) => {
    const object = find(cluster);
    return object !== undefined && String(column.cell(object, cluster.now)) === word;
  };
}
