/** ConfigMaps and Secrets that change under running pods: their volumes follow, subPath mounts and immutable ones do not. */
import { fnv1a } from '../api/fnv.js';
import type { KubeObject, ObjectKey } from '../api/object.js';
import type { Api } from '../api/verbs.js';
import type { Volume } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import { contentOf, factsFor, isDefaultTokenVolume, nextToken, volumeName } from './volumes.js';
import type { Work } from './work.js';

/** Pods of this node that mount it as a volume. */
export function volumeUsers(api: Api, node: string, kind: 'configmap' | 'secret', object: KubeObject): readonly ObjectKey[] {
  const { namespace = '', name = '' } = object.metadata;
  const users: ObjectKey[] = [];
  for (const pod of api.list<Pod>('pods', { index: { name: 'node', value: node } })) {
    if (pod.metadata.namespace !== namespace) continue;
    if ((pod.spec.volumes ?? []).some((volume) => !isDefaultTokenVolume(volume) && refersTo(volume, kind, name)))
      users.push({ namespace, name: pod.metadata.name ?? '' });
  }
  return users;
}

function refersTo(volume: Volume, kind: 'configmap' | 'secret', name: string): boolean {
  if (kind === 'configmap' ? volume.configMap?.name === name : volume.secret?.secretName === name) return true;
  return (volume.projected?.sources ?? []).some((source) => (kind === 'configmap' ? source.configMap?.name : source.secret?.name) === name);
}

/** Renews what differs from what the sources now say. A source that has gone leaves the files as they are. */
export function refreshVolumes(work: Work): void {
  const { record, pod } = work;
  if (record.volumes === undefined || record.volumes.length === 0) return;
  work.wakeAt(nextToken(factsFor(work, [])));
  for (const volume of pod.spec.volumes ?? []) {
    if (
      (volume.configMap === undefined && volume.secret === undefined && volume.projected === undefined && volume.downwardAPI === undefined) ||
      isDefaultTokenVolume(volume)
    )
      continue;
    const name = volumeName(pod, volume, work.context.api);
    if (!record.volumes.includes(name)) continue;
    const content = contentOf(work.context.api, factsFor(work, [volume]), volume);
    if ('error' in content) continue;
    const print = JSON.stringify(content);
    record.prints ??= {};
    const before = record.prints[name];
    record.prints[name] = fnv1a(print);
    if (before !== undefined && before !== record.prints[name]) work.runtime.setVolume(name, content);
  }
}
