/**
 * Asks for volumes to be attached to the nodes of the pods that use them: pkg/controller/volume/attachdetach and the Attach of
 * pkg/volume/csi. Who answers for a CSI driver is its external-attacher; a cluster as kind makes it has none, so the wait runs out.
 */
import { createHash } from 'node:crypto';
import { claimNameOf } from '../../api/claims.js';
import { keyOf } from '../../api/object.js';
import type { Context, Reconciler, Result } from '../../api/reconciler.js';
import { type Duration, milliseconds, minutes, parseTime, seconds, type Time } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import { needsAttach, pluginOf, type VolumePlugin } from '../../api/volume-plugins.js';
import { eventsAbout } from '../../controllers/events/recorder.js';
import type { CSIDriver } from '../csidrivers/types.js';
import type { Event } from '../events/types.js';
import type { PersistentVolumeClaim } from '../persistentvolumeclaims/types.js';
import type { PersistentVolume, PersistentVolumeSpec } from '../persistentvolumes/types.js';
import type { Volume } from '../pod-template/types.js';
import type { Pod } from '../pods/types.js';
import type { VolumeAttachment } from './types.js';

const NONE: readonly never[] = [];
const ATTACHMENTS = 'volumeattachments.storage.k8s.io';
/** csiTimeout: how long one try waits. */
const WAIT = minutes(2);
const FIRST_DELAY = milliseconds(500);
const LAST_DELAY = minutes(2) + seconds(2);
/** Claims that are not bound yet are looked at again. */
const RESYNC = minutes(1);

const isOver = (pod: Pod | undefined): boolean => pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed';

export const attachController: Reconciler = {
  name: 'attachdetach-controller',
  watches: [
    {
      resource: 'pods',
      keys: ({ type, object, old }) => {
        const [pod, before] = [object as Pod, old as Pod | undefined];
        if (!pod.spec.nodeName) return NONE;
        const isNews = type === 'DELETED' || before?.spec.nodeName !== pod.spec.nodeName || isOver(pod) !== isOver(before);
        return isNews && mayNeedAttach(pod) ? [keyOf(pod)] : NONE;
      },
    },
  ],
  reconcile(key, context) {
    const pod = context.api.get<Pod>('pods', key);
    detachUnused(context.api);
    return pod === undefined || isOver(pod) ? undefined : attachAll(pod, context);
  },
};

const mayNeedAttach = (pod: Pod): boolean =>
  (pod.spec.volumes ?? []).some((volume) => claimNameOf(pod, volume) !== undefined || needsAttach(pluginOf(volume), undefined));

interface Attachable {
  /** As events name it: the volume's, or the PersistentVolume's. */
  readonly name: string;
  readonly plugin: VolumePlugin;
  readonly source: VolumeAttachment['spec']['source'];
}

function attachAll(pod: Pod, context: Context): Result | undefined {
  let again: Duration | undefined;
  for (const volume of pod.spec.volumes ?? []) {
    const found = attachable(pod, volume, context.api);
    const wait = found === 'later' ? RESYNC : found === undefined ? undefined : attach(pod, found, context);
    if (wait !== undefined && (again === undefined || wait < again)) again = wait;
  }
  return again === undefined ? undefined : { requeueAfter: again };
}

/** What of the volume is to be attached, if anything. */
function attachable(pod: Pod, volume: Volume, api: Api): Attachable | 'later' | undefined {
  const claimName = claimNameOf(pod, volume);
  if (claimName === undefined) return needed(volume.name, volume, api, true);
  const claim = api.get<PersistentVolumeClaim>('persistentvolumeclaims', { namespace: pod.metadata.namespace ?? '', name: claimName });
  const persistent = claim?.spec.volumeName ? api.get<PersistentVolume>('persistentvolumes', { namespace: '', name: claim.spec.volumeName }) : undefined;
  if (persistent === undefined) return 'later';
  return needed(persistent.metadata.name ?? '', persistent.spec, api, false);
}

function needed(name: string, volume: Volume | PersistentVolumeSpec, api: Api, isInline: boolean): Attachable | undefined {
  const plugin = pluginOf(volume);
  const driver = plugin.type === 'csi' ? api.get<CSIDriver>('csidrivers.storage.k8s.io', { namespace: '', name: plugin.driver }) : undefined;
  if (!needsAttach(plugin, driver)) return undefined;
  const source =
    isInline && plugin.type === 'csi'
      ? { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], csi: { driver: plugin.driver, volumeHandle: plugin.handle } } }
      : { persistentVolumeName: name };
  return { name, plugin, source };
}

/** getAttachmentName. */
const attachmentName = ({ handle, driver }: { readonly handle: string; readonly driver: string }, node: string): string =>
  `csi-${createHash('sha256').update(`${handle}${driver}${node}`).digest('hex')}`;

/** When to look again; undefined: there is nothing more to do. */
function attach(pod: Pod, { name, plugin, source }: Attachable, context: Context): Duration | undefined {
  const { api, event, now } = context;
  if (plugin.type !== 'csi') {
    const message = `AttachVolume.Attach succeeded for volume "${name}"`;
    if (eventsOf(api, pod, message).length === 0) event(pod, 'Normal', 'SuccessfulAttachVolume', message);
    return undefined;
  }
  const nodeName = pod.spec.nodeName ?? '';
  const key = { namespace: '', name: attachmentName(plugin, nodeName) };
  const attachment =
    api.get<VolumeAttachment>(ATTACHMENTS, key) ??
    api.create<VolumeAttachment>(
      ATTACHMENTS,
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'VolumeAttachment',
        metadata: { name: key.name },
        spec: { attacher: plugin.driver, nodeName, source },
        status: { attached: false },
      },
      { fieldManager: 'kube-controller-manager' },
    );
  const message = `AttachVolume.Attach failed for volume "${name}" : timed out waiting for external-attacher of ${plugin.driver} CSI driver to attach volume ${plugin.handle}`;
  const [told] = eventsOf(api, pod, message);
  const tries = told?.count ?? 0;
  const delay = tries === 0 ? 0 : Math.min(FIRST_DELAY * 2 ** (tries - 1), LAST_DELAY);
  const begun = (parseTime(told?.lastTimestamp ?? attachment.metadata.creationTimestamp ?? '') ?? now) as Time;
  const due = begun + delay + WAIT;
  if (due > now) return (due - now) as Duration;
  event(pod, 'Warning', 'FailedAttachVolume', message);
  return Math.ceil(WAIT + Math.min(FIRST_DELAY * 2 ** tries, LAST_DELAY)) as Duration;
}

const eventsOf = (api: Api, pod: Pod, message: string): readonly Event[] => eventsAbout(api, pod).filter((event) => event.message === message);

/** Attachments that no pod of their node needs any more go; those made by hand are somebody else's business. */
function detachUnused(api: Api): void {
  for (const attachment of api.list<VolumeAttachment>(ATTACHMENTS)) {
    const { name = '' } = attachment.metadata;
    if (!/^csi-[0-9a-f]{64}$/.test(name)) continue;
    const isUsed = api
      .list<Pod>('pods', { index: { name: 'node', value: attachment.spec.nodeName } })
      .some((pod) => !isOver(pod) && mayNeedAttach(pod) && (pod.spec.volumes ?? []).some((volume) => isFor(attachable(pod, volume, api), pod, name)));
    if (!isUsed) api.delete(ATTACHMENTS, { namespace: '', name });
  }
}

const isFor = (found: Attachable | 'later' | undefined, pod: Pod, name: string): boolean =>
  found !== undefined && found !== 'later' && found.plugin.type === 'csi' && attachmentName(found.plugin, pod.spec.nodeName ?? '') === name;
