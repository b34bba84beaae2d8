/** Static pods: the kubelet runs what the manifests on its node say, whoever has put them there (pkg/kubelet/config/file.go, common.go). */
import { StatusError } from '../api/errors.js';
import { fnv1a } from '../api/fnv.js';
import { MIRROR, mirroredUid } from '../api/mirror-pods.js';
import { type KubeObject, keyOf, keyString, type ObjectKey, parseKey } from '../api/object.js';
import type { Context, Result } from '../api/reconciler.js';
import { formatTime, milliseconds, type Time } from '../api/time.js';
import type { Toleration } from '../resources/pod-template/types.js';
import type { Pod } from '../resources/pods/types.js';
import { entryKey, loadEntry, saveEntry } from './record.js';
import { type KubeletOptions, RESYNC } from './work.js';

/** staticPodPath, as kubeadm sets it. */
export const STATIC_POD_PATH = '/etc/kubernetes/manifests';
/** The kubelet's key for its manifests, beside those of its pods and of the node itself, which cannot have such a name. */
export const manifestsKey: ObjectKey = { namespace: '', name: '%manifests' };
const HASH = 'kubernetes.io/config.hash';
/** What is remembered of them (StateMap); nothing is while nobody has changed any. */
export const manifestsRecord = (node: string): string => `nodes/${node}/manifests`;

/** The kubelet's view of its manifests. */
export interface Manifests {
  /** The Pod that the text of a file describes; undefined: none that can be read. */
  read(text: string): KubeObject | undefined;
  /** The directory as it is until somebody changes it: names of files → their texts. */
  initial(): Readonly<Record<string, string>>;
}

/** What is remembered of a file: a print of its text, and the pod made of it. */
interface Known {
  readonly print: number;
  readonly pod?: { readonly key: string; readonly hash: string };
}

/** Starts and stops static pods as the node's files have changed. What cannot be read is as good as not there. */
export function reconcileManifests(options: KubeletOptions, context: Context): Result | undefined {
  const { node, state, runtime, manifests } = options;
  if (manifests === undefined) return undefined;
  const before = state.get<Record<string, Known>>(manifestsRecord(node)) ?? untouched(node, manifests, context);
  const files = runtime.hostFiles(STATIC_POD_PATH);
  const now: Record<string, Known> = {};
  const wanted = new Map<string, { readonly hash: string; readonly text: string }>();
  for (const file of Object.keys(files).sort()) {
    if (file.startsWith('.')) continue;
    const text = files[file] as string;
    const print = fnv1a(text);
    const known = before[file]?.print === print ? (before[file] as Known) : knownOf(node, file, text, manifests);
    now[file] = known;
    if (known.pod !== undefined) wanted.set(known.pod.key, { hash: known.pod.hash, text });
  }
  state.set(manifestsRecord(node), now);
  for (const { pod } of Object.values(before)) if (pod !== undefined && wanted.get(pod.key)?.hash !== pod.hash) stop(options, context, parseKey(pod.key));
  let isRefused = false;
  for (const [key, { hash: digest, text }] of wanted) {
    const at = parseKey(key);
    // One of that name that is still being stopped comes first: its end wakes this.
    if (loadEntry(state, entryKey(node, at)).pod !== undefined || context.api.get('pods', at) !== undefined) continue;
    if (!start(options, context, manifests.read(text) as KubeObject, digest)) isRefused = true;
  }
  return isRefused ? { requeueAfter: RESYNC } : undefined;
}

/** Before the first change: the pods that are there are those of the files that were there. */
function untouched(node: string, manifests: Manifests, { api }: Context): Record<string, Known> {
  const known: Record<string, Known> = {};
  for (const [file, text] of Object.entries(manifests.initial())) {
    const made = knownOf(node, file, text, manifests);
    const digest = made.pod === undefined ? undefined : api.get<Pod>('pods', parseKey(made.pod.key))?.metadata.annotations?.[HASH];
    known[file] = made.pod === undefined || digest === undefined ? made : { ...made, pod: { ...made.pod, hash: digest } };
  }
  return known;
}

function knownOf(node: string, file: string, text: string, manifests: Manifests): Known {
  const pod = manifests.read(text);
  const print = fnv1a(text);
  if (pod === undefined) return { print };
  const key = keyString({ namespace: pod.metadata.namespace || 'default', name: mirrorName(pod.metadata.name ?? '', node) });
  return { print, pod: { key, hash: digestOf(`${file}\n${text}`) } };
}

/** 32 hex digits, the same for the same text: upstream's is the MD5 of the pod and of where it comes from. */
const digestOf = (text: string): string =>
  ['0', '1', '2', '3']
    .map((salt) =>
      fnv1a(salt + text)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');

const ANY: Toleration = { operator: 'Exists', effect: 'NoExecute' };

/** What the API is shown of the Pod a manifest describes (applyDefaults, CreateMirrorPod). `uid`: the node's. */
export function mirrorOf(manifest: KubeObject, node: string, uid: string, digest: string, seen: Time): KubeObject {
  const { apiVersion, kind, metadata, spec } = manifest as Pod;
  const { tolerations = [] } = spec;
  const isTolerant = tolerations.some((one) => one.operator === 'Exists' && one.effect === 'NoExecute' && !one.key);
  const mirror = {
    apiVersion,
    kind,
    metadata: {
      name: mirrorName(metadata.name ?? '', node),
      namespace: metadata.namespace || 'default',
      annotations: {
        ...metadata.annotations,
        [HASH]: digest,
        [MIRROR]: digest,
        'kubernetes.io/config.seen': formatTime(seen),
        'kubernetes.io/config.source': 'file',
      },
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ownerReferences: [{ apiVersion: 'v1', controller: true, kind: 'Node', name: node, uid }],
    },
    spec: { ...spec, nodeName: node, tolerations: isTolerant ? tolerations : [...tolerations, ANY] },
  };
  return mirror as KubeObject;
}

/** generatePodName. */
export const mirrorName = (name: string, node: string): string => `${name}-${node.toLowerCase()}`;

/** Shows the pod to the API, whence it is run like any other. False: the API will not have it. */
function start({ node }: KubeletOptions, context: Context, manifest: KubeObject, digest: string): boolean {
  const owner = context.api.get('nodes', { namespace: '', name: node });
  if (owner === undefined) return false;
  try {
    context.api.create('pods', mirrorOf(manifest, node, owner.metadata.uid ?? '', digest, context.now), { fieldManager: 'kubelet' });
    return true;
  } catch (error) {
    if (error instanceof StatusError) return false;
    throw error;
  }
}

/** Its file has gone or says something else: what runs is stopped in its own time, and then the mirror goes. */
function stop({ node, state }: KubeletOptions, context: Context, key: ObjectKey): void {
  const at = entryKey(node, key);
  const entry = loadEntry(state, at);
  const mirror = context.api.get<Pod>('pods', key);
  if (entry.pod === undefined || entry.pod.rejected === true) {
    if (mirror !== undefined && mirroredUid(mirror) !== undefined) context.api.delete('pods', keyOf(mirror), { gracePeriodSeconds: 0 });
    return;
  }
  delete entry.pod.manifest;
  entry.pod.removed = true;
  saveEntry(state, at, entry);
  context.requeue(key, milliseconds(0));
}
