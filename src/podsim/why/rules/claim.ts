/** Why a PersistentVolumeClaim is not bound, or does not go away. */
import { compareQuantities, quantity } from '../../../api/quantity.js';
import type { PersistentVolumeClaim } from '../../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../../resources/persistentvolumes/types.js';
import type { Pod } from '../../../resources/pods/types.js';
import type { StorageClass } from '../../../resources/storageclasses/types.js';
import { eventLine, objectLine, specLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';
import { countOf, type World } from '../world.js';

export interface ClaimCase {
  readonly world: World;
  readonly claim: PersistentVolumeClaim;
  readonly namespace: string;
  readonly name: string;
  /** Undefined: the claim names none (or ""). Null: it names one that is not there. */
  readonly storageClass: StorageClass | null | undefined;
  /** Pods that mount it. */
  readonly pods: readonly Pod[];
}

export function claimCase(world: World, claim: PersistentVolumeClaim): ClaimCase {
  const { namespace = '', name = '' } = claim.metadata;
  const className = claim.spec.storageClassName;
  const pods = (world.list<Pod>('pods', namespace) ?? []).filter((pod) =>
    pod.spec.volumes?.some(
      (volume) => volume.persistentVolumeClaim?.claimName === name || (volume.ephemeral !== undefined && `${pod.metadata.name}-${volume.name}` === name),
    ),
  );
  return { world, claim, namespace, name, storageClass: className ? world.find<StorageClass>('storageclasses', '', className) : undefined, pods };
}

export function claimValues({ claim, pods }: ClaimCase): Values {
  return {
    claim: claim.metadata.name,
    class: claim.spec.storageClassName,
    size: claim.spec.resources?.requests?.['storage'],
    modes: claim.spec.accessModes?.join(', '),
    volume: claim.spec.volumeName,
    user: pods[0]?.metadata.name,
  };
}

const newest = (c: ClaimCase, reason: RegExp, message = /(?:)/) =>
  c.world.events(c.claim).findLast((event) => reason.test(event.reason ?? '') && message.test(event.message ?? ''));
const seen = (c: ClaimCase, reason: RegExp, message?: RegExp): Evidence | undefined => eventLine(newest(c, reason, message), c.world.now);
const state = ({ claim, name }: ClaimCase): Evidence =>
  objectLine(`persistentvolumeclaim/${name}: ${claim.status?.phase ?? 'Pending'}${claim.spec.volumeName ? `, volumeName ${claim.spec.volumeName}` : ''}`);
const wants = ({ claim }: ClaimCase): Evidence | undefined =>
  specLine('spec', {
    storageClassName: claim.spec.storageClassName,
    accessModes: claim.spec.accessModes,
    storage: claim.spec.resources?.requests?.['storage'],
  });
const isPending = ({ claim }: ClaimCase): boolean => (claim.status?.phase ?? 'Pending') === 'Pending';
const volumesOf = (c: ClaimCase): readonly PersistentVolume[] => c.world.list<PersistentVolume>('persistentvolumes') ?? [];

/** What keeps this volume from the claim, in the binder's order; undefined: nothing. */
export function mismatch({ claim, namespace, name }: ClaimCase, volume: PersistentVolume): string | undefined {
  const { spec, status } = volume;
  const owner = spec.claimRef;
  if (owner !== undefined && (owner.name !== name || owner.namespace !== namespace))
    return `belongs to claim ${owner.namespace}/${owner.name} (${status?.phase ?? ''})`;
  if ((spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? ''))
    return `storageClassName is ${JSON.stringify(spec.storageClassName ?? '')}, the claim says ${JSON.stringify(claim.spec.storageClassName ?? '')}`;
  const modes = (claim.spec.accessModes ?? []).filter((mode) => !spec.accessModes?.includes(mode));
  if (modes.length > 0) return `has no access mode ${modes.join(', ')} (only ${spec.accessModes?.join(', ')})`;
  const size = spec.capacity?.['storage'];
  const wanted = claim.spec.resources?.requests?.['storage'];
  if (size !== undefined && wanted !== undefined && compareQuantities(quantity(size), quantity(wanted)) < 0)
    return `is too small: ${size}, the claim asks for ${wanted}`;
  if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) return `volumeMode is ${spec.volumeMode ?? 'Filesystem'}`;
  const labels = Object.entries(claim.spec.selector?.matchLabels ?? {}).filter(([key, value]) => volume.metadata.labels?.[key] !== value);
  return labels.length > 0 ? `lacks the label ${labels.map(([key, value]) => `${key}=${value}`).join(', ')}` : undefined;
}

const volumeLines = (c: ClaimCase): readonly Evidence[] =>
  volumesOf(c)
    .slice(0, 6)
    .map((volume) => objectLine(`persistentvolume/${volume.metadata.name}: ${mismatch(c, volume) ?? 'suits the claim'}`));
const PENDING = 'kubectl describe pvc {claim}{n}';

function pending(c: ClaimCase, isCause: boolean, values: Values = {}, more: readonly (Evidence | undefined)[] = []): Facts | undefined {
  return isPending(c) && isCause ? { values, evidence: [wants(c), state(c), ...more] } : undefined;
}

/** The first one counts. */
export const claimRules: readonly Rule<ClaimCase>[] = [
  {
    id: 'claim-in-use',
    when: (c) =>
      c.claim.metadata.deletionTimestamp !== undefined
        ? {
            values: { users: c.pods.length === 0 ? undefined : c.pods.map((pod) => pod.metadata.name).join(', ') },
            evidence: [
              specLine('metadata.finalizers', c.claim.metadata.finalizers),
              objectLine(`metadata.deletionTimestamp: ${c.claim.metadata.deletionTimestamp}`),
              ...c.pods.slice(0, 3).map((pod) => objectLine(`pod/${pod.metadata.name}: mounts it`)),
            ],
          }
        : undefined,
    en: {
      cause: ['The claim was deleted, but its finalizer holds it as long as a pod mounts it.', 'These do: {users}.'],
      todo: ['Delete those pods (or scale their owner to 0), and the claim goes.'],
    },
    ko: {
      cause: ['PVC가 삭제되었지만 마운트한 파드가 있는 동안은 파이널라이저가 붙잡고 있습니다.', '마운트한 파드: {users}.'],
      todo: ['그 파드들을 지우면(또는 소유자를 0으로 스케일하면) PVC가 사라집니다.'],
    },
    proof: ['kubectl describe pvc {claim}{n}', 'kubectl get pvc {claim}{n} -o jsonpath=\'{.metadata.deletionTimestamp} {.metadata.finalizers}{"\\n"}\''],
  },
  {
    id: 'claim-lost',
    when: (c) => (c.claim.status?.phase === 'Lost' ? { evidence: [state(c), seen(c, /^ClaimLost$/)] } : undefined),
    en: {
      cause: ['The claim was bound to the volume {volume}, which is gone: what was on it is lost to the claim for good.'],
      todo: ['Delete the claim and make it anew; pods that mount it must be made anew too.'],
    },
    ko: {
      cause: ['PVC가 바인딩되어 있던 {volume} 볼륨이 사라졌습니다. 그 데이터는 이 PVC로 되찾을 수 없습니다.'],
      todo: ['PVC를 지우고 다시 만드세요. 마운트한 파드도 다시 만들어야 합니다.'],
    },
    proof: ['kubectl get pvc,pv{n}', PENDING],
  },
  {
    id: 'claim-bound',
    isFine: true,
    when: (c) =>
      c.claim.status?.phase === 'Bound'
        ? { values: { users: c.pods.length === 0 ? undefined : c.pods.map((pod) => pod.metadata.name).join(', ') }, evidence: [state(c)] }
        : undefined,
    en: { cause: ['The claim is bound to the volume {volume}.', 'It is mounted by {users}.'], todo: ['Nothing.'] },
    ko: { cause: ['PVC가 {volume} 볼륨에 바인딩되었습니다.', '마운트한 파드: {users}.'], todo: ['할 일은 없습니다.'] },
    proof: ['kubectl get pvc {claim}{n}'],
  },
  {
    id: 'claim-class-missing',
    when: (c) =>
      pending(
        c,
        c.storageClass === null,
        {
          near: nearest(
            c.claim.spec.storageClassName ?? '',
            (c.world.list('storageclasses') ?? []).map((one) => one.metadata.name ?? ''),
          ),
          classes: (c.world.list('storageclasses') ?? []).map((one) => one.metadata.name).join(', ') || undefined,
        },
        [seen(c, /^ProvisioningFailed$/), ...volumeLines(c)],
      ),
    en: {
      cause: ['The claim asks for the StorageClass {class}, which is not there, and no free PersistentVolume of that class suits it.', 'There are: {classes}.'],
      todo: [
        'Make the claim anew with a class that is there (the field cannot be changed), or make a PersistentVolume that says the same class.',
        'Did you mean {near}?',
      ],
    },
    ko: {
      cause: ['PVC가 요구하는 {class} StorageClass가 없고, 그 클래스의 맞는 빈 PersistentVolume도 없습니다.', '있는 클래스: {classes}.'],
      todo: ['있는 클래스로 PVC를 다시 만들거나(이 필드는 바꿀 수 없음), 같은 클래스를 적은 PersistentVolume을 만드세요.', '혹시 {near} 클래스였나요?'],
    },
    proof: ['kubectl get storageclass{f}', PENDING],
  },
  {
    id: 'claim-volume-unusable',
    when: (c) => {
      const wanted = c.claim.spec.volumeName;
      if (!wanted) return undefined;
      const volume = c.world.find<PersistentVolume>('persistentvolumes', '', wanted);
      const why = volume === null ? 'not found' : volume === undefined ? undefined : mismatch(c, volume);
      return pending(c, true, {}, [objectLine(`persistentvolume/${wanted}: ${why ?? 'suits the claim'}`), seen(c, /^(VolumeMismatch|FailedBinding)$/)]);
    },
    en: {
      cause: ['The claim wants the volume {volume} and no other (volumeName), and cannot have it.'],
      todo: ['Name another one, or none; or make the volume so that it suits.'],
    },
    ko: {
      cause: ['PVC가 {volume} 볼륨만 요구하는데(volumeName) 그 볼륨을 쓸 수 없습니다.'],
      todo: ['다른 볼륨을 지정하거나 volumeName을 빼거나, 볼륨을 조건에 맞게 만드세요.'],
    },
    proof: ['kubectl get pv{f}', PENDING],
  },
  {
    id: 'claim-no-class',
    when: (c) =>
      pending(c, !c.claim.spec.storageClassName, { none: volumesOf(c).length === 0 ? '' : undefined, others: volumesOf(c).length === 0 ? undefined : '' }, [
        seen(c, /^FailedBinding$/),
        ...volumeLines(c),
      ]),
    en: {
      cause: [
        'The claim has no StorageClass, so nothing makes a volume for it: it waits for a PersistentVolume made by hand that suits it.',
        'There is none at all.{none}',
        'Those there are do not: see the evidence.{others}',
      ],
      todo: ['Make a PersistentVolume without a class, with {modes} and at least {size}; or make the claim anew with a StorageClass.'],
    },
    ko: {
      cause: [
        'PVC에 StorageClass가 없어서 볼륨이 자동으로 만들어지지 않고, 조건에 맞는 PersistentVolume을 기다립니다.',
        'PersistentVolume이 하나도 없습니다.{none}',
        '있는 것들은 조건에 맞지 않습니다. 근거를 보세요.{others}',
      ],
      todo: ['클래스 없이 {modes} 모드와 {size} 이상의 용량을 가진 PersistentVolume을 만들거나, StorageClass를 지정해 PVC를 다시 만드세요.'],
    },
    proof: ['kubectl get pv{f}', 'kubectl get storageclass{f}', PENDING],
  },
  {
    id: 'claim-waits-for-consumer',
    isFine: true,
    when: (c) =>
      pending(c, c.storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && c.pods.length === 0, {}, [
        seen(c, /^WaitForFirstConsumer$/),
        objectLine(`storageclass/${c.storageClass?.metadata.name}: volumeBindingMode WaitForFirstConsumer`),
      ]),
    en: {
      cause: [
        'Nothing is wrong: the class {class} makes the volume only when a pod that mounts the claim gets its node (WaitForFirstConsumer), and no pod mounts it yet.',
      ],
      todo: ['Start a pod that mounts it.'],
    },
    ko: {
      cause: ['정상입니다. {class} 클래스는 PVC를 마운트하는 파드의 노드가 정해질 때 볼륨을 만드는데(WaitForFirstConsumer) 아직 마운트하는 파드가 없습니다.'],
      todo: ['이 PVC를 마운트하는 파드를 만드세요.'],
    },
    proof: [PENDING, 'kubectl get storageclass {class}{f}'],
  },
  {
    id: 'claim-no-matching-volume',
    when: (c) =>
      pending(c, c.storageClass?.provisioner === 'kubernetes.io/no-provisioner', {}, [
        objectLine(`storageclass/${c.storageClass?.metadata.name}: provisioner kubernetes.io/no-provisioner`),
        ...volumeLines(c),
        seen(c, /./),
      ]),
    en: {
      cause: ['The class {class} has no provisioner: volumes of it are made by hand, and none that is free suits the claim.'],
      todo: ['Make a PersistentVolume with storageClassName {class}, {modes} and at least {size}.'],
    },
    ko: {
      cause: ['{class} 클래스에는 프로비저너가 없어 볼륨을 직접 만들어야 하는데, 조건에 맞는 빈 볼륨이 없습니다.'],
      todo: ['storageClassName {class}, {modes} 모드, {size} 이상의 PersistentVolume을 만드세요.'],
    },
    proof: ['kubectl get pv{f}', PENDING],
  },
  {
    id: 'claim-waits-for-pod',
    when: (c) =>
      pending(c, c.storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && newest(c, /^Provisioning/) === undefined, {}, [
        seen(c, /^(WaitForFirstConsumer|WaitForPodScheduled)$/),
        ...c.pods.slice(0, 3).map((pod) => objectLine(`pod/${pod.metadata.name}: ${pod.spec.nodeName ? `on node ${pod.spec.nodeName}` : 'has no node yet'}`)),
      ]),
    en: {
      cause: ['The class {class} makes the volume when the pod that mounts the claim ({user}) gets its node, and it has none yet.'],
      todo: ['See what keeps the pod from a node: podsim why {user}{n}.'],
    },
    ko: {
      cause: ['{class} 클래스는 PVC를 마운트하는 {user} 파드의 노드가 정해져야 볼륨을 만드는데, 아직 노드가 정해지지 않았습니다.'],
      todo: ['파드가 스케줄되지 않는 이유를 확인하세요: podsim why {user}{n}.'],
    },
    proof: [PENDING, 'kubectl get pod {user}{n} -o wide'],
  },
  {
    id: 'claim-provisioning-failed',
    when: (c) => {
      const event = newest(c, /^ProvisioningFailed$/);
      return pending(
        c,
        event !== undefined,
        { said: event?.message?.trim(), often: event === undefined ? undefined : countOf(event), provisioner: c.storageClass?.provisioner },
        [seen(c, /^ProvisioningFailed$/)],
      );
    },
    en: {
      cause: ['The provisioner {provisioner} of the class {class} cannot make the volume: "{said}".'],
      todo: ['Correct what it names: an access mode it does not know, a size, its own configuration.'],
    },
    ko: {
      cause: ['{class} 클래스의 {provisioner} 프로비저너가 볼륨을 만들지 못했습니다: "{said}".'],
      todo: ['메시지에 나온 것(지원하지 않는 접근 모드, 용량, 프로비저너 설정 등)을 고치세요.'],
    },
    proof: [PENDING],
  },
  {
    id: 'claim-provisioning',
    when: (c) => pending(c, true, { provisioner: c.storageClass?.provisioner }, [seen(c, /^(ExternalProvisioning|Provisioning)$/), seen(c, /./)]),
    en: {
      cause: ['The claim waits for the provisioner {provisioner} of the class {class} to make its volume.'],
      todo: ['That takes seconds. If it stays so, the provisioner does not run in this cluster.'],
    },
    ko: {
      cause: ['{class} 클래스의 {provisioner} 프로비저너가 볼륨을 만들기를 기다리고 있습니다.'],
      todo: ['보통 몇 초면 됩니다. 계속 이렇다면 클러스터에 그 프로비저너가 실행되고 있지 않은 것입니다.'],
    },
    proof: [PENDING, 'kubectl get storageclass{f}'],
  },
];
