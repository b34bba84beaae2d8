/** Every object of a cluster as one List, as `cluster create --from` takes it. */
import type { KubeObject } from '../api/object.js';
import { resourceId } from '../api/resource.js';
import type { Turn } from '../cluster/turn.js';
import { views } from '../resources/views.js';

export async function exportObjects(turn: Turn, format: 'yaml' | 'json'): Promise<string> {
  const items = await turn.read((cluster) => {
    const seen = new Set<KubeObject>();
    return views.flatMap((view) => cluster.store.list(resourceId(view.names))).filter((object) => !seen.has(object) && seen.add(object));
  });
  const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
  if (format === 'json') return `${JSON.stringify(list, null, 4)}\n`;
  const { emitYaml } = await import('../text/yaml-emitter.js');
  return emitYaml(list);
}
