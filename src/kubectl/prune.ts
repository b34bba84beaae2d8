/** apply --prune: deletes what was applied earlier and is not in the files any more (pkg/cmd/apply/prune.go). */
import type { KubeObject } from '../api/object.js';
import { type RestMapping, splitGroupVersion } from '../client/rest-mapper.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { lastApplied } from './last-applied.js';
import { type DryRun, klogWarning, type Propagation } from './shared-flags.js';

export interface PruneOptions {
  readonly flags: FlagValues;
  readonly dryRun: DryRun;
  readonly propagation: Propagation;
  /** What the files hold, as applied. */
  readonly visited: readonly { readonly uid: string | undefined; readonly namespace: string }[];
  readonly tell: (object: KubeObject) => Promise<void>;
}

/** The kinds looked through when no allowlist is given, as group/version/kind, in upstream's order. */
const DEFAULT_ALLOWLIST = [
  'core/v1/ConfigMap',
  'core/v1/Endpoints',
  'core/v1/Namespace',
  'core/v1/PersistentVolumeClaim',
  'core/v1/PersistentVolume',
  'core/v1/Pod',
  'core/v1/ReplicationController',
  'core/v1/Secret',
  'core/v1/Service',
  'batch/v1/Job',
  'batch/v1/CronJob',
  'networking.k8s.io/v1/Ingress',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
];

const DEPRECATED =
  'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.';

export async function prune(factory: Factory, options: PruneOptions): Promise<void> {
  const { flags } = options;
  for (const { mapping, namespace, object } of await prunable(factory, flags, options.visited)) {
    if (options.dryRun !== 'client') {
      const grace = flags.int('grace-period');
      await factory.client.delete(
        { resource: mapping, namespace, name: object.metadata.name ?? '' },
        {
          ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
          propagationPolicy: options.propagation,
          ...(options.dryRun === 'server' ? { dryRun: ['All'] } : {}),
        },
      );
    }
    await options.tell(object);
  }
}

export interface Prunable {
  readonly mapping: RestMapping;
  readonly namespace: string;
  readonly object: KubeObject;
}

/** The kinds of --prune-allowlist, or those that are looked through without it. */
export async function allowedKinds(factory: Factory, flags: FlagValues): Promise<readonly RestMapping[]> {
  const mapper = await factory.mapper();
  const allowed = flags.strings('prune-allowlist');
  return (allowed.length === 0 ? DEFAULT_ALLOWLIST : allowed).map((text) => {
    const parts = text.split('/');
    if (parts.length !== 3) throw new UsageError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
    const [group, version, kind] = parts as [string, string, string];
    return mapper.kindFor(group === 'core' ? version : `${group}/${version}`, kind);
  });
}

/** What pruning would delete. */
export async function prunable(factory: Factory, flags: FlagValues, visited: PruneOptions['visited']): Promise<readonly Prunable[]> {
  const kinds = await allowedKinds(factory, flags);
  // It is said with and without --namespace: there always is one.
  if (flags.strings('prune-allowlist').length === 0) klogWarning(factory, 'prune.go:71', DEPRECATED);
  const uids = new Set(visited.map(({ uid }) => uid));
  const namespaces = [...new Set(visited.map(({ namespace }) => namespace).filter((namespace) => namespace !== ''))];
  const query = { labelSelector: flags.string('selector') };
  const found: Prunable[] = [];
  // Namespaced kinds in the namespaces that were visited; of the others everything.
  for (const mapping of [...kinds.filter((kind) => kind.namespaced), ...kinds.filter((kind) => !kind.namespaced)]) {
    for (const namespace of mapping.namespaced ? namespaces : ['']) {
      const list = await factory.client.list({ resource: mapping, namespace }, { query });
      for (const item of list.items) {
        if (lastApplied(item) === undefined || uids.has(item.metadata.uid)) continue;
        found.push({ mapping, namespace, object: withKind(item, list.apiVersion, mapping.kind) });
      }
    }
  }
  return found;
}

const withKind = (item: KubeObject, apiVersion: string, kind: string): KubeObject =>
  item.kind === undefined || splitGroupVersion(item.apiVersion).version === '' ? { ...item, apiVersion, kind } : item;
