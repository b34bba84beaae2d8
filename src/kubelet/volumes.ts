/** A pod's volumes: what their files hold, and what is missing (pkg/volume/{configmap,secret,projected,downwardapi}). */
import { claimNameOf } from '../api/claims.js';
import type { Mount, VolumeContent } from '../api/cri.js';
import { type KubeObject, type Mutable, type ObjectKey, parseKey } from '../api/object.js';
import { quantity, quantityValue } from '../api/quantity.js';
import { signToken } from '../api/service-account-token.js';
import { parseTime, type Time } from '../api/time.js';
import { TOKEN_ISSUER } from '../api/transport.js';
import { uuidOf } from '../api/uuid.js';
import type { Api } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { PersistentVolumeClaim } from '../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../resources/persistentvolumes/types.js';
import type { Container, DownwardAPIVolumeFile, KeyToPath, ServiceAccountTokenProjection, Volume, VolumeMount } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import { fieldValue, type PodFacts, resourceValueOf } from './downward.js';
import { type Env, valueIn } from './env.js';
import { expand } from './expansion.js';
import { memoryLimit } from './node-usage.js';
import type { Work } from './work.js';

type Files = Record<string, VolumeContent['files'][string]>;
interface Data extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

const DEFAULT_MODE = 0o644;
/** Begins the names of volumes that are directories of the node. */
const HOST_PATH = 'host:';

/** The name the runtime keeps a volume's content under. */
export function volumeName(pod: Pod, volume: Volume, api: Api): string {
  const claim = claimNameOf(pod, volume);
  if (claim !== undefined) {
    const bound = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace: pod.metadata.namespace ?? '', name: claim })?.spec.volumeName;
    return bound === undefined ? `pvc/${pod.metadata.namespace}/${claim}` : persistentName(bound, api);
  }
  if (volume.nfs !== undefined) return exportName(volume.nfs);
  if (volume.hostPath !== undefined) return `${HOST_PATH}${volume.hostPath.path}`;
  return `${pod.metadata.uid}/${volume.name}`;
}

/** A directory of the node, which other volumes may name too; anything else is storage of its own, the same from every node. */
function persistentName(name: string, api: Api): string {
  const { hostPath, local, nfs } = api.get<PersistentVolume>('persistentvolumes', { namespace: '', name })?.spec ?? {};
  if (nfs !== undefined) return exportName(nfs);
  const path = hostPath?.path ?? local?.path;
  return path === undefined ? `pv/${name}` : `${HOST_PATH}${path}`;
}

/** Whoever mounts the same export sees the same files. */
const exportName = ({ server, path }: { readonly server?: string; readonly path?: string }): string => `pv/nfs/${server}:${path}`;

/** Where the volumes of a container are mounted (kubelet_pods.go makeMounts); the error is CreateContainerConfigError's message. */
export function mountsOf(
  { pod, context: { api }, runtime }: Work,
  container: Container,
  env: Env,
): { readonly mounts: readonly Mount[] } | { readonly error: string } {
  const mounts: Mutable<Mount>[] = [];
  const { volumeMounts = [] } = container;
  for (let index = 0; index < volumeMounts.length; index++) {
    const mount = volumeMounts[index] as VolumeMount;
    const volume = pod.spec.volumes?.find((one) => one.name === mount.name);
    if (volume === undefined) continue;
    const part = subPathOf(mount, env);
    if ('error' in part) return part;
    const { subPath = '' } = part;
    // Files the kubelet writes are read-only in every container, whatever the mount says.
    const written = volume.configMap !== undefined || volume.secret !== undefined || volume.projected !== undefined || volume.downwardAPI !== undefined;
    const name = volumeName(pod, volume, api);
    // A directory of the node: one volume, whatever part of it is mounted.
    const place = name.startsWith(HOST_PATH) ? { volume: 'host', base: name.slice(HOST_PATH.length) } : { volume: name, base: '' };
    const trouble = subPath === '' ? undefined : runtime.subPathTrouble(place.volume, place.base || '/', subPath);
    if (trouble !== undefined)
      return {
        error: `failed to ${trouble === 'making' ? 'create subPath directory' : 'prepare subPath'} for volumeMount "${mount.name}" of container "${container.name}"`,
      };
    const from = place.volume === 'host' ? `${place.base}/${subPath}` : subPath;
    const made: Mutable<Mount> = {
      containerPath: mount.mountPath,
      volume: place.volume,
      readOnly: mount.readOnly === true || written || volume.persistentVolumeClaim?.readOnly === true,
    };
    if (from !== '') made.subPath = from;
    if (!isDefaultTokenVolume(volume)) made.source = sourceOf(pod, volume, api, subPath === '' ? undefined : `${container.name}/${index}`);
    mounts.push(made);
  }
  return { mounts };
}

/** Directories of volume plugins below a pod's own. */
const PLUGINS = {
  configMap: 'configmap',
  secret: 'secret',
  emptyDir: 'empty-dir',
  projected: 'projected',
  downwardAPI: 'downward-api',
  nfs: 'nfs',
  local: 'local-volume',
  csi: 'csi',
} as const;

/** Where a mount lies on the node; `part`: container and place in its list, if it is a subPath's. */
function sourceOf(pod: Pod, volume: Volume, api: Api, part: string | undefined): string {
  const claim = claimNameOf(pod, volume);
  const bound =
    claim === undefined ? undefined : api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace: pod.metadata.namespace ?? '', name: claim });
  const name = bound?.spec.volumeName;
  const persistent = name === undefined ? undefined : api.get<PersistentVolume>('persistentvolumes', { namespace: '', name });
  const own = `/var/lib/kubelet/pods/${pod.metadata.uid}`;
  const inner = persistent?.metadata.name ?? volume.name;
  if (part !== undefined) return `${own}/volume-subpaths/${inner}/${part}`;
  const source: Partial<Record<keyof typeof PLUGINS, unknown>> & { readonly hostPath?: { readonly path?: string } } = persistent?.spec ?? volume;
  if (source.hostPath?.path !== undefined) return source.hostPath.path;
  const kind = (Object.keys(PLUGINS) as (keyof typeof PLUGINS)[]).find((one) => source[one] !== undefined) ?? 'emptyDir';
  return `${own}/volumes/kubernetes.io~${PLUGINS[kind]}/${inner}${kind === 'csi' ? '/mount' : ''}`;
}

/** subPath, or subPathExpr expanded with the container's environment, every name of which must have a value (ExpandContainerVolumeMounts). */
function subPathOf(mount: VolumeMount, env: Env): { readonly subPath: string | undefined } | { readonly error: string } {
  if (mount.subPathExpr === undefined || mount.subPathExpr === '') return { subPath: mount.subPath };
  const missing = new Set<string>();
  const subPath = expand(mount.subPathExpr, (name) => {
    const value = valueIn(env, name) ?? '';
    if (value === '') missing.add(name);
    return value;
  });
  if (missing.size > 0) return { error: `missing value for ${[...missing].sort().join(', ')}` };
  if (subPath.startsWith('/')) return { error: `error SubPath \`${subPath}\` must not be an absolute path` };
  if (subPath.split('/').includes('..')) return { error: `unable to provision SubPath \`${subPath}\`: must not contain '..'` };
  return { subPath };
}

/** A volume whose content never changes and anyone can work out again: the token volume every pod gets. */
export const isDefaultTokenVolume = (volume: Volume): boolean => volume.name.startsWith('kube-api-access-') && volume.projected !== undefined;

/** What the files of these volumes may be about. */
export function factsFor({ context, pod, sandbox, kubelet }: Work, volumes: readonly Volume[]): PodFacts {
  const needsNode = volumes.some((volume) => volume.downwardAPI !== undefined || (volume.projected !== undefined && !isDefaultTokenVolume(volume)));
  const node = needsNode ? context.api.get<Node>('nodes', { namespace: '', name: kubelet.node }) : undefined;
  return { pod, podIP: sandbox?.ip ?? '', hostIP: kubelet.nodeIP(), node, now: context.now };
}

/** What a volume holds; the error is the text behind `MountVolume.SetUp failed for volume "v" : `. */
export function contentOf(api: Api, facts: PodFacts, volume: Volume): VolumeContent | { readonly error: string } {
  const content = filesOf(api, facts, volume);
  const group = facts.pod.spec.securityContext?.fsGroup;
  return 'error' in content || group === undefined ? content : { ...content, group };
}

function filesOf(api: Api, facts: PodFacts, volume: Volume): VolumeContent | { readonly error: string } {
  const namespace = facts.pod.metadata.namespace ?? '';
  const files: Files = {};
  if (volume.emptyDir !== undefined) {
    const { medium, sizeLimit } = volume.emptyDir;
    if (medium !== 'Memory') return { files, medium: 'disk' };
    // Not more than the pod may have (calculateEmptyDirMemorySize).
    const size = Math.min(quantityValue(quantity(sizeLimit)) || Number.POSITIVE_INFINITY, memoryLimit(facts.pod.spec) ?? Number.POSITIVE_INFINITY);
    return { files, medium: 'memory', ...(size === Number.POSITIVE_INFINITY ? {} : { size }) };
  }
  if (volume.configMap !== undefined) {
    const { name = '', defaultMode, ...chosen } = volume.configMap;
    return addData(files, api, { kind: 'configmap', namespace, name }, chosen, defaultMode) ?? { files };
  }
  if (volume.secret !== undefined) {
    const { secretName: name = '', defaultMode, ...chosen } = volume.secret;
    return addData(files, api, { kind: 'secret', namespace, name }, chosen, defaultMode) ?? { files };
  }
  const errors = new Set<string>();
  if (volume.downwardAPI !== undefined) addDownward(files, errors, facts, volume.downwardAPI.items, volume.downwardAPI.defaultMode);
  for (const source of volume.projected?.sources ?? []) {
    const mode = volume.projected?.defaultMode;
    let error: { error: string } | undefined;
    if (source.configMap !== undefined)
      error = addData(files, api, { kind: 'configmap', namespace, name: source.configMap.name ?? '' }, source.configMap, mode);
    else if (source.secret !== undefined) error = addData(files, api, { kind: 'secret', namespace, name: source.secret.name ?? '' }, source.secret, mode);
    else if (source.downwardAPI !== undefined) addDownward(files, errors, facts, source.downwardAPI.items, mode);
    else if (source.serviceAccountToken !== undefined)
      files[source.serviceAccountToken.path] = { data: tokenFor(api, facts, source.serviceAccountToken), ...tokenAccess(facts.pod, mode) };
    if (error !== undefined) errors.add(error.error);
  }
  // All that is wrong is said at once (utilerrors.NewAggregate).
  if (errors.size > 0) return { error: errors.size === 1 ? [...errors].join() : `[${[...errors].join(', ')}]` };
  return { files };
}

/** Where all containers say which user they run as, and it is one, a token is his alone; fsGroup's members may read it, too (projected.go collectData). */
function tokenAccess({ spec }: Pod, mode = DEFAULT_MODE): { readonly mode: number; readonly uid?: number } {
  const users = [...(spec.initContainers ?? []), ...spec.containers].map((one) => one.securityContext?.runAsUser ?? spec.securityContext?.runAsUser);
  const [first] = users;
  const user = users.every((one) => one === first) ? first : undefined;
  if (user === undefined) return { mode: spec.securityContext?.fsGroup === undefined ? mode : 0o600 };
  return { mode: 0o600, uid: user };
}

/** Puts what the ConfigMap or Secret holds among the files: all of it, or the chosen items. */
function addData(
  files: Files,
  api: Api,
  { kind, namespace, name }: ObjectKey & { readonly kind: 'configmap' | 'secret' },
  { items, optional }: { readonly items?: readonly KeyToPath[]; readonly optional?: boolean },
  mode = DEFAULT_MODE,
): { error: string } | undefined {
  const object = api.get<Data>(`${kind}s`, { namespace, name });
  if (object === undefined) return optional === true ? undefined : { error: `${kind} "${name}" not found` };
  const put = (path: string, key: string, fileMode: number): boolean => {
    const text = object.data?.[key];
    const binary = object.binaryData?.[key];
    if (text === undefined && binary === undefined) return false;
    files[path] = kind === 'secret' || text === undefined ? { data: text ?? binary ?? '', encoding: 'base64', mode: fileMode } : { data: text, mode: fileMode };
    return true;
  };
  if (items === undefined || items.length === 0) {
    for (const key of [...Object.keys(object.data ?? {}), ...Object.keys(object.binaryData ?? {})]) put(key, key, mode);
    return undefined;
  }
  for (const item of items)
    if (!put(item.path, item.key, item.mode ?? mode) && optional !== true)
      return { error: kind === 'secret' ? `references non-existent secret key: ${item.key}` : `configmap references non-existent config key: ${item.key}` };
  return undefined;
}

function addDownward(files: Files, errors: Set<string>, facts: PodFacts, items: readonly DownwardAPIVolumeFile[] | undefined, mode = DEFAULT_MODE): void {
  for (const { path, fieldRef, resourceFieldRef, mode: own = mode } of items ?? []) {
    if (fieldRef !== undefined) files[path] = { data: fieldValue(facts, fieldRef.fieldPath), mode: own };
    else if (resourceFieldRef !== undefined) {
      const value = resourceValueOf(facts, resourceFieldRef);
      if (typeof value === 'string') files[path] = { data: value, mode: own };
      else errors.add(value.error);
    }
  }
}

/** Seconds: the least that is asked for by who says nothing, what admission asks for, and what the API server makes of that. */
const TOKEN_SECONDS = 3600;
const WARN_SECONDS = 3607;
const EXTENDED_SECONDS = 31_536_000;

/** When the token that holds now was asked for, and when the next one will be: after four fifths of its time, or a day (token_manager.go). */
function tokenTurn(
  { pod, now }: PodFacts,
  { expirationSeconds = TOKEN_SECONDS }: ServiceAccountTokenProjection,
): { readonly from: number; readonly next: number } {
  const span = Math.min(86_400_000, expirationSeconds * 800);
  const first = parseTime(pod.metadata.creationTimestamp ?? '') ?? now;
  const from = first + Math.max(0, Math.floor((now - first) / span)) * span;
  return { from, next: from + span };
}

/** When a token of these volumes will be replaced, but for those that are worked out whenever somebody looks. */
export function nextToken(facts: PodFacts): Time | undefined {
  const turns = (facts.pod.spec.volumes ?? []).flatMap((volume) =>
    isDefaultTokenVolume(volume)
      ? []
      : (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken: token }) => (token === undefined ? [] : [tokenTurn(facts, token).next])),
  );
  return turns.length === 0 ? undefined : (Math.min(...turns) as Time);
}

function tokenFor(api: Api, facts: PodFacts, asked: ServiceAccountTokenProjection): string {
  const { pod } = facts;
  const { audience = TOKEN_ISSUER, expirationSeconds = TOKEN_SECONDS } = asked;
  const issued = Math.floor(tokenTurn(facts, asked).from / 1000);
  // Clients that never read it again are given a year, and the server notes who still comes with it after its own time.
  const isExtended = expirationSeconds === WARN_SECONDS && audience === TOKEN_ISSUER;
  const { namespace = '', name, uid } = pod.metadata;
  const { serviceAccountName = 'default', nodeName = '' } = pod.spec;
  const known = (resource: string, key: ObjectKey) => ({ name: key.name, uid: api.get(resource, key)?.metadata.uid });
  const claims = {
    aud: [audience],
    exp: issued + (isExtended ? EXTENDED_SECONDS : expirationSeconds),
    iat: issued,
    iss: TOKEN_ISSUER,
    jti: uuidOf(`${uid}/${audience}/${issued}`),
    'kubernetes.io': {
      namespace,
      node: known('nodes', { namespace: '', name: nodeName }),
      pod: { name, uid },
      serviceaccount: known('serviceaccounts', { namespace, name: serviceAccountName }),
      ...(isExtended ? { warnafter: issued + WARN_SECONDS } : {}),
    },
    nbf: issued,
    sub: `system:serviceaccount:${namespace}:${serviceAccountName}`,
  };
  return signToken(claims);
}

/**
 * The default token volumes' content, for the runtime to ask when a process first looks (RuntimeContext.volume): most pods
 * never do, so nothing is stored for them.
 */
export function tokenVolumes(api: () => Api, now: () => Time): (podKey: string, volume: string) => VolumeContent | undefined {
  return (podKey, name) => {
    const pod = api().get<Pod>('pods', parseKey(podKey));
    const volume = pod?.spec.volumes?.find((one) => isDefaultTokenVolume(one) && `${pod.metadata.uid}/${one.name}` === name);
    if (pod === undefined || volume === undefined) return undefined;
    const content = contentOf(api(), { pod, podIP: pod.status?.podIP ?? '', hostIP: pod.status?.hostIP ?? '', node: undefined, now: now() }, volume);
    return 'error' in content ? undefined : content;
  };
}
