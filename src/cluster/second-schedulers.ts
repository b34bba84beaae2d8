/** Pods that run kube-scheduler besides the control plane's own: for which names they schedule (KubeSchedulerConfiguration). */
import type { Api } from '../api/verbs.js';
import type { ConfigMap } from '../resources/configmaps/types.js';
import type { Container, Pod } from '../resources/pods/types.js';
import { parseYaml } from '../text/yaml.js';

const PROGRAM = /(^|\/)kube-scheduler$/;
const CONFIG = /^--?config(?:=(.*))?$/;
/** The lease that the control plane's scheduler holds. */
const LEASE = 'kube-scheduler';

interface Configuration {
  readonly profiles?: readonly { readonly schedulerName?: string }[];
  readonly leaderElection?: { readonly leaderElect?: boolean; readonly resourceName?: string };
}

/** What a pod schedules for. Who has to wait for the lease that another holds does nothing. */
export const schedulersIn =
  (api: Pick<Api, 'get'>) =>
  (pod: Pod): readonly string[] =>
    pod.spec.containers.flatMap((container) => {
      const argv = [...(container.command ?? []), ...(container.args ?? [])];
      if (!argv.some((word) => PROGRAM.test(word)) && !PROGRAM.test(repositoryOf(container))) return [];
      const isRunning = pod.status?.containerStatuses?.some(({ name, state }) => name === container.name && state?.running !== undefined) === true;
      const path = isRunning ? configPath(argv) : undefined;
      const configuration = path === undefined ? undefined : configurationAt(api, pod, container, path);
      if (configuration === undefined) return [];
      const { leaderElect = true, resourceName = LEASE } = configuration.leaderElection ?? {};
      return leaderElect && resourceName === LEASE ? [] : (configuration.profiles ?? []).flatMap(({ schedulerName }) => schedulerName ?? []);
    });

const repositoryOf = ({ image = '' }: Container): string => image.replace(/@.*$/, '').replace(/:[^/]*$/, '');

function configPath(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => CONFIG.test(word));
  return at < 0 ? undefined : (CONFIG.exec(argv[at] as string)?.[1] ?? argv[at + 1]);
}

/** The file, as far as it comes from a ConfigMap. */
function configurationAt(api: Pick<Api, 'get'>, pod: Pod, { volumeMounts = [] }: Container, path: string): Configuration | undefined {
  for (const { name, mountPath, subPath } of volumeMounts) {
    const inside =
      path === mountPath ? (subPath ?? '') : path.startsWith(`${mountPath.replace(/\/$/, '')}/`) ? path.slice(mountPath.replace(/\/$/, '').length + 1) : '';
    const source = inside === '' ? undefined : pod.spec.volumes?.find((volume) => volume.name === name)?.configMap;
    if (source === undefined) continue;
    const key = source.items === undefined ? inside : source.items.find((item) => item.path === inside)?.key;
    const data = api.get<ConfigMap>('configmaps', { namespace: pod.metadata.namespace ?? '', name: source.name ?? '' })?.data?.[key ?? ''];
    const parsed = data === undefined ? { error: 'none' } : parseYaml(data);
    return 'error' in parsed || typeof parsed.value !== 'object' || parsed.value === null ? undefined : (parsed.value as Configuration);
  }
  return undefined;
}
