/** Which pod a command is about: POD, pod/POD or `pod POD`, in the namespace of `-n` or of the context. */
import type { ObjectKey } from '../api/object.js';
import { hostFiles } from '../kubectl/files.js';
import { loadKubeconfig } from '../kubectl/kubeconfig.js';
import { type PodsimContext, PodsimError } from './context.js';

const PODS = /^(po|pods?|pods?\.v1|pod\.v1\.)$/i;

export async function podTarget(context: PodsimContext, words: readonly string[], namespace: string | undefined, command: string): Promise<ObjectKey> {
  const said = words.length === 1 ? (words[0] as string).split('/') : [...words];
  const [first = '', second] = said;
  const name = second ?? first;
  if (said.length > 2 || name === '') throw new PodsimError(`expected one pod: podsim ${command} POD`);
  if (second !== undefined && !PODS.test(first)) throw new PodsimError(`podsim ${command} is about pods, not ${first}/${name}: name one of its pods`);
  return { namespace: namespace ?? (await currentNamespace(context)), name };
}

async function currentNamespace(context: PodsimContext): Promise<string> {
  if (context.state !== undefined) return 'default';
  const config = await loadKubeconfig(hostFiles(context.cwd), `${context.home}/config`);
  const cluster = await context.current();
  const chosen = config.contexts.find((one) => one.name === config['current-context'] && one.context.cluster === cluster);
  return (chosen ?? config.contexts.find((one) => one.context.cluster === cluster))?.context.namespace || 'default';
}

/** Throws PodsimError when nothing is known of a pod of that name. */
export function known<T>(found: T | undefined, { namespace, name }: ObjectKey): T {
  if (found === undefined) throw new PodsimError(`pods ${JSON.stringify(name)} not found in namespace ${JSON.stringify(namespace)}, nor Events about one`);
  return found;
}
