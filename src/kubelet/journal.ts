/** What this kubelet has written to the node's journal, at kubeadm's verbosity: worked out from what it remembers and has told the API. */
import { goQuote } from '../api/field.js';
import { type KubeObject, keyOf } from '../api/object.js';
import type { StateMap } from '../api/reconciler.js';
import { parseTime, type Time } from '../api/time.js';
import type { Api } from '../api/verbs.js';
import type { Node } from '../resources/nodes/types.js';
import type { Pod } from '../resources/pods/types.js';
import { entryKey, loadEntry } from './record.js';

export interface Written {
  readonly at: Time;
  /** `kubelet[223]`. */
  readonly who: string;
  readonly text: string;
}

/** A start of the unit, or its end. */
export interface UnitChange {
  readonly at: Time;
  readonly pid: number;
  readonly isStart: boolean;
}

export interface JournalOptions {
  readonly node: string;
  readonly api: Api;
  readonly state: StateMap;
  /** Oldest first. */
  readonly changes: readonly UnitChange[];
}

interface Recorded extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly type?: string;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly count?: number;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly involvedObject?: { readonly kind?: string; readonly namespace?: string; readonly name?: string; readonly uid?: string };
}

type Level = 'I' | 'E' | 'W';
const DESCRIPTION = 'kubelet.service - kubelet: The Kubernetes Node Agent';

/** `I0101 00:00:20.123456     223 server.go:530] …`. */
function klog(level: Level, at: Time, pid: number, from: string, text: string): string {
  const when = new Date(at).toISOString();
  const micros = String((at * 7919) % 1000).padStart(3, '0');
  return `${level}${when.slice(5, 7)}${when.slice(8, 10)} ${when.slice(11, 23)}${micros} ${String(pid).padStart(7)} ${from}] ${text}`;
}

export function kubeletJournal(options: JournalOptions): readonly Written[] {
  const { node, api, changes } = options;
  const lines: Written[] = [];
  const pidAt = (at: number): number => changes.findLast((one) => one.isStart && one.at <= at)?.pid ?? changes[0]?.pid ?? 1;
  const say = (level: Level, at: number, from: string, text: string): void => {
    const time = Math.max(at, changes[0]?.at ?? 0) as Time;
    const pid = pidAt(time);
    lines.push({ at: time, who: `kubelet[${pid}]`, text: klog(level, time, pid, from, text) });
  };
  const object = api.get<Node>('nodes', { namespace: '', name: node });
  for (const change of changes) {
    if (change.isStart) started(say, lines, change.at, node, object?.status?.nodeInfo?.kubeletVersion ?? '');
    else
      for (const text of [`Stopping ${DESCRIPTION}...`, 'kubelet.service: Deactivated successfully.', `Stopped ${DESCRIPTION}.`])
        lines.push({ at: change.at, who: 'systemd[1]', text });
  }
  for (const pod of api.list<Pod>('pods', { index: { name: 'node', value: node } })) ofPod(options, pod, say);
  for (const event of api.list<Recorded>('events')) ofEvent(options, event, say);
  return lines.sort((a, b) => a.at - b.at);
}

type Say = (level: Level, at: number, from: string, text: string) => void;

function started(say: Say, lines: Written[], at: Time, node: string, version: string): void {
  lines.push({ at, who: 'systemd[1]', text: `Started ${DESCRIPTION}.` });
  const later = (ms: number): number => at + ms;
  say('I', later(180), 'server.go:530', `"Kubelet version" kubeletVersion="${version}"`);
  say('I', later(180), 'server.go:532', '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
  say('I', later(181), 'server.go:962', '"Client rotation is on, will bootstrap in background"');
  say('I', later(240), 'kubelet.go:386', '"Adding static pod path" path="/etc/kubernetes/manifests"');
  say('I', later(240), 'kubelet.go:397', '"Adding apiserver pod source"');
  say('I', later(260), 'server.go:1295', '"Started kubelet"');
  say('I', later(260), 'server.go:180', '"Starting to listen" address="0.0.0.0" port=10250');
  say('I', later(270), 'kubelet.go:2451', '"Starting kubelet main sync loop"');
  say('I', later(380), 'kubelet_node_status.go:78', `"Attempting to register node" node="${node}"`);
  say('I', later(400), 'kubelet_node_status.go:81', `"Successfully registered node" node="${node}"`);
}

/** Which plugin a volume's member of the spec means. */
const PLUGINS: Readonly<Record<string, string>> = {
  projected: 'projected',
  configMap: 'configmap',
  secret: 'secret',
  emptyDir: 'empty-dir',
  hostPath: 'host-path',
  downwardAPI: 'downward-api',
  nfs: 'nfs',
  csi: 'csi',
};

function uniqueName(pod: Pod, volume: string): string | undefined {
  const found = pod.spec.volumes?.find(({ name }) => name === volume);
  const plugin = Object.keys(found ?? {}).find((member) => member in PLUGINS);
  return plugin === undefined ? undefined : `kubernetes.io/${PLUGINS[plugin]}/${pod.metadata.uid}-${volume}`;
}

/** Its volumes, its start, and what keeps a container of it from running. */
function ofPod({ state, node, changes }: JournalOptions, pod: Pod, say: Say): void {
  const { namespace, name, uid = '' } = pod.metadata;
  const text = `${namespace}/${name}`;
  const record = loadEntry(state, entryKey(node, keyOf(pod))).pod;
  if (record === undefined) return;
  for (const volume of pod.spec.volumes ?? []) {
    const unique = uniqueName(pod, volume.name);
    if (unique === undefined) continue;
    const what = `operationExecutor.VerifyControllerAttachedVolume started for volume "${volume.name}" (UniqueName: "${unique}") pod "${name}" (UID: "${uid}") `;
    say('I', record.start + 60, 'reconciler_common.go:251', `${goQuote(what)} pod="${text}"`);
  }
  const ready = pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True')?.lastTransitionTime;
  const at = parseTime(ready ?? '');
  const created = parseTime(pod.metadata.creationTimestamp ?? '');
  if (at !== undefined && created !== undefined && record.sandboxes === 1 && at > (changes[0]?.at ?? 0)) {
    const took = (at - created) / 1000;
    const seen = `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
    const begun = `${new Date(created).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
    say(
      'I',
      at,
      'pod_startup_latency_tracker.go:104',
      `"Observed pod startup duration" pod="${text}" podStartSLOduration=${took} podStartE2EDuration="${took}s" podCreationTimestamp="${begun}" firstStartedPulling="0001-01-01 00:00:00 +0000 UTC" lastFinishedPulling="0001-01-01 00:00:00 +0000 UTC" observedRunningTime="${seen}" watchObservedRunningTime="${seen}"`,
    );
  }
}

/** What went wrong, as often as the API still knows: the first time and the last. */
function ofEvent({ node, api }: JournalOptions, event: Recorded, say: Say): void {
  const { source, involvedObject: on, reason, message = '', type, count = 1 } = event;
  if (source?.component !== 'kubelet' || source.host !== node || on?.kind !== 'Pod') return;
  const [first, last] = [parseTime(event.firstTimestamp ?? ''), parseTime(event.lastTimestamp ?? '')];
  const times = [...new Set(count > 1 ? [first, last] : [first])].filter((at) => at !== undefined);
  const text = `${on.namespace}/${on.name}`;
  const pod = api.get<Pod>('pods', { namespace: on.namespace ?? '', name: on.name ?? '' });
  const skipped = (at: number, error: string): void =>
    say('E', at, 'pod_workers.go:1301', `"Error syncing pod, skipping" err=${goQuote(error)} pod="${text}" podUID="${on.uid}"`);
  const container = /^Error: |restarting failed container (\S+)|Back-off pulling image/.exec(message);
  for (const at of times) {
    const isLast = at === times.at(-1);
    if (reason === 'BackOff' && container?.[1] !== undefined) {
      const waiting = pod?.status?.containerStatuses?.find((one) => one.name === container[1])?.state?.waiting;
      const told =
        isLast && waiting?.reason === 'CrashLoopBackOff'
          ? (waiting.message ?? '')
          : `back-off 10s restarting failed container=${container[1]} pod=${on.name}_${on.namespace}(${on.uid})`;
      skipped(at, `failed to "StartContainer" for "${container[1]}" with CrashLoopBackOff: ${goQuote(told)}`);
    } else if (reason === 'Failed' && message.startsWith('Failed to pull image ')) {
      const image = /^Failed to pull image "([^"]*)": (.*)$/s.exec(message);
      say('E', at, 'log.go:32', `"PullImage from image service failed" err=${goQuote(`rpc error: ${image?.[2] ?? ''}`)} image="${image?.[1] ?? ''}"`);
      say('E', at, 'kuberuntime_image.go:42', `"Failed to pull image" err=${goQuote(image?.[2] ?? '')} image="${image?.[1] ?? ''}"`);
      const name = /containers\{([^}]*)\}/.exec((event as Recorded & { involvedObject: { fieldPath?: string } }).involvedObject.fieldPath ?? '')?.[1] ?? '';
      skipped(at, `failed to "StartContainer" for "${name}" with ErrImagePull: ${goQuote(image?.[2] ?? '')}`);
    } else if (reason === 'FailedMount' && pod !== undefined) {
      const volume = /for volume "([^"]*)"\s*: (.*)$/s.exec(message);
      const unique = volume === null ? undefined : uniqueName(pod, volume[1] as string);
      if (volume !== null && unique !== undefined)
        say(
          'E',
          at,
          'nestedpendingoperations.go:348',
          `Operation for "{volumeName:${unique} podName:${on.uid} nodeName:}" failed. No retries permitted until ${new Date(at + 500).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC (durationBeforeRetry 500ms). Error: MountVolume.SetUp failed for volume "${volume[1]}" (UniqueName: "${unique}") pod "${on.name}" (UID: "${on.uid}") : ${volume[2]}`,
        );
    } else if (reason === 'Evicted' && type === 'Warning')
      say('I', at, 'eviction_manager.go:629', `"Eviction manager: pod is evicted successfully" pod="${text}"`);
  }
}
