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
  if (second !== undefined && !PODS.test(first)) throw new PodsimError(`podsim ${command} is about pods: there is none of ${first}`);
  return { namespace: namespace ?? (await currentNamespace(context)), name };
}

async function currentNamespace(context: PodsimContext): Promise<string> {
  if (context.state !== undefined) return 'default';
  const config = await loadKubeconfig(hostFiles(context.cwd), `${context.home}/config`);
  const cluster = await context.current();
  const chosen = config.contexts.find((one) => one.name === config['current-context'] && one.context.cluster === cluster);
  return (chosen ?? config.contexts.find((one) => one.context.cluster === cluster))?.context.namespace || 'default';
}
