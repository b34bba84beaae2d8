/** Reads what `cluster create --from` is given: YAML or JSON, documents, Lists, a dump of a real cluster. */
import type { KubeObject } from '../api/object.js';
import { hostFiles } from '../kubectl/files.js';
import { isMap, readDocuments } from '../kubectl/manifests.js';
import { type PodsimContext, PodsimError } from './context.js';

export async function readObjects(context: PodsimContext, name: string): Promise<readonly KubeObject[]> {
  const files = hostFiles(context.cwd);
  if (name !== '-' && (await files.kind(name)) === undefined) throw new PodsimError(`the path ${JSON.stringify(name)} does not exist`);
  const text = name === '-' ? new TextDecoder().decode(await context.streams.in.read()) : await files.read(name);
  const objects: KubeObject[] = [];
  for (const document of readDocuments(text)) {
    if ('error' in document) throw new PodsimError(`error parsing ${name}: ${document.error}`);
    const { value } = document;
    if (!isMap(value) || typeof value['kind'] !== 'string' || typeof value['apiVersion'] !== 'string')
      throw new PodsimError(`unable to read ${JSON.stringify(name)}: every document needs apiVersion and kind`);
    objects.push({ ...value, metadata: isMap(value['metadata'] ?? null) ? value['metadata'] : {} } as unknown as KubeObject);
  }
  if (objects.length === 0) throw new PodsimError(`no objects in ${JSON.stringify(name)}`);
  return objects;
}
