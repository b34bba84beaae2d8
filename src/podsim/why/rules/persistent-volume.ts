/** Why a PersistentVolume is not bound, or not bound again, or does not go away. */
import type { PersistentVolumeClaim } from '../../../resources/persistentvolumeclaims/types.js';
import type { PersistentVolume } from '../../../resources/persistentvolumes/types.js';
import { eventLine, objectLine, specLine } from '../evidence.js';
import type { Evidence, Rule, Values } from '../rule.js';
import type { World } from '../world.js';
import { claimCase, mismatch } from './claim.js';

export interface VolumeCase {
  readonly world: World;
  readonly volume: PersistentVolume;
  /** What its claimRef names. Null: that is not there. */
  readonly claim: PersistentVolumeClaim | null | undefined;
  /** Claims that wait for a volume, with what keeps this one from them. */
  readonly waiting: readonly { readonly name: string; readonly problem: string | undefined }[];
}

export function volumeCase(world: World, volume: PersistentVolume): VolumeCase {
  const { claimRef, storageClassName = '' } = volume.spec;
  const waiting = (world.list<PersistentVolumeClaim>('persistentvolumeclaims') ?? [])
    .filter(({ status, spec }) => (status?.phase ?? 'Pending') === 'Pending' && (spec.storageClassName ?? '') === storageClassName)
    .map((claim) => ({ name: `${claim.metadata.namespace}/${claim.metadata.name}`, problem: mismatch(claimCase(world, claim), volume) }));
  return {
    world,
    volume,
    claim: claimRef === undefined ? undefined : world.find('persistentvolumeclaims', claimRef.namespace ?? '', claimRef.name ?? ''),
    waiting,
  };
}

export const volumeValues = ({ volume: { metadata, spec } }: VolumeCase): Values => ({
  volume: metadata.name,
  claim: spec.claimRef?.name,
  claimed: spec.claimRef === undefined ? undefined : `${spec.claimRef.namespace}/${spec.claimRef.name}`,
  policy: spec.persistentVolumeReclaimPolicy ?? 'Retain',
  class: spec.storageClassName === undefined || spec.storageClassName === '' ? undefined : spec.storageClassName,
});

const state = ({ volume: { metadata, spec, status } }: VolumeCase): Evidence =>
  objectLine(
    `persistentvolume/${metadata.name}: ${status?.phase ?? ''}, reclaim policy ${spec.persistentVolumeReclaimPolicy ?? 'Retain'}${spec.claimRef === undefined ? '' : `, claim ${spec.claimRef.namespace}/${spec.claimRef.name}`}`,
  );
const offers = ({ volume: { spec } }: VolumeCase): Evidence | undefined =>
  specLine('spec', { storageClassName: spec.storageClassName ?? '', accessModes: spec.accessModes, storage: spec.capacity?.['storage'] });
const warning = ({ world, volume }: VolumeCase): Evidence | undefined =>
  eventLine(
    world.events(volume).findLast((one) => one.type === 'Warning'),
    world.now,
  );
const isIn = (v: VolumeCase, phase: string): boolean => v.volume.status?.phase === phase;
const SEE = ['kubectl describe pv {volume}{f}'];

/** The first one counts. */
export const persistentVolumeRules: readonly Rule<VolumeCase>[] = [
  {
    id: 'volume-in-use',
    when: (v) =>
      v.volume.metadata.deletionTimestamp === undefined
        ? undefined
        : {
            evidence: [
              specLine('metadata.finalizers', v.volume.metadata.finalizers),
              objectLine(`metadata.deletionTimestamp: ${v.volume.metadata.deletionTimestamp}`),
              state(v),
            ],
          },
    en: {
      cause: [
        'The volume was deleted, but its finalizers hold it: as long as a claim is bound to it, or its storage is not removed yet.',
        'It is bound to {claimed}.',
      ],
      todo: ['Delete the claim first (and the pods that mount it).'],
    },
    ko: {
      cause: ['볼륨이 삭제되었지만 PVC가 바인딩되어 있거나 저장소가 아직 정리되지 않아 파이널라이저가 붙잡고 있습니다.', '바인딩된 PVC: {claimed}.'],
      todo: ['먼저 PVC를(그리고 마운트한 파드를) 지우세요.'],
    },
    proof: SEE,
  },
  {
    id: 'volume-released',
    when: (v) =>
      isIn(v, 'Released')
        ? {
            evidence: [
              state(v),
              objectLine(`persistentvolumeclaim/${v.volume.spec.claimRef?.name}: ${v.claim ? 'another one of that name' : 'not found'}`),
              warning(v),
            ],
          }
        : undefined,
    en: {
      cause: [
        'Its claim {claimed} was deleted, and by its reclaim policy {policy} the volume and the data on it are kept. It still names that claim (spec.claimRef), so no other one gets it, not even a new one of the same name.',
      ],
      todo: ['Save or remove the data; then take claimRef away to offer the volume again, or delete it.'],
    },
    ko: {
      cause: [
        'PVC {claimed}이(가) 삭제되었고 reclaim policy가 {policy}라서 볼륨과 데이터가 남아 있습니다. spec.claimRef에 그 PVC가 적혀 있어 다른 PVC는(같은 이름으로 새로 만든 것도) 쓸 수 없습니다.',
      ],
      todo: ['데이터를 옮기거나 지운 다음, claimRef를 없애 다시 쓰게 하거나 볼륨을 지우세요.'],
    },
    fix: [`kubectl patch pv {volume}{f} --type=json -p '[{"op":"remove","path":"/spec/claimRef"}]'`],
    proof: [...SEE, 'kubectl get pvc -A{f}'],
  },
  {
    id: 'volume-failed',
    when: (v) => (isIn(v, 'Failed') ? { values: { said: v.volume.status?.message }, evidence: [state(v), warning(v)] } : undefined),
    en: {
      cause: ['Its claim is gone, and its storage could not be reclaimed.', 'The status says: {said}.'],
      todo: [
        'Remove the storage by hand, then delete the volume. A provisioner must be there for the reclaim policy Delete; hostPath can only be deleted below /tmp.',
      ],
    },
    ko: {
      cause: ['PVC가 없어졌지만 저장소를 정리하지 못했습니다.', 'status의 메시지: {said}.'],
      todo: ['저장소를 직접 정리한 뒤 볼륨을 지우세요. reclaim policy가 Delete이면 프로비저너가 있어야 하고, hostPath는 /tmp 아래만 지워집니다.'],
    },
    proof: SEE,
  },
  {
    id: 'volume-bound',
    isFine: true,
    when: (v) => (isIn(v, 'Bound') ? { evidence: [state(v)] } : undefined),
    en: { cause: ['The volume is bound to the claim {claimed}.'], todo: ['Nothing.'] },
    ko: { cause: ['볼륨이 PVC {claimed}에 바인딩되었습니다.'], todo: ['할 일은 없습니다.'] },
    proof: SEE,
  },
  {
    id: 'volume-suits-no-claim',
    when: (v) => {
      const missed = v.waiting.filter(({ problem }) => problem !== undefined);
      return missed.length === 0 || missed.length < v.waiting.length
        ? undefined
        : {
            values: { first: missed[0]?.name, problem: missed[0]?.problem },
            evidence: [offers(v), ...missed.slice(0, 4).map(({ name, problem }) => objectLine(`persistentvolumeclaim ${name}: the volume ${problem}`))],
          };
    },
    en: {
      cause: ['A claim of the same class waits, but this volume does not suit it. For {first}, it {problem}.'],
      todo: [
        'A claim needs a volume of its class that has all of its access modes and at least its size. Make the claim anew so that it fits (its spec is immutable), or make a volume that does.',
      ],
    },
    ko: {
      cause: ['같은 클래스의 PVC가 기다리고 있지만 이 볼륨이 맞지 않습니다. {first}에 대해: {problem}.'],
      todo: [
        '볼륨은 PVC와 클래스가 같고, 접근 모드를 모두 갖추고, 크기가 같거나 커야 합니다. 맞도록 PVC를 다시 만들거나(spec은 바꿀 수 없습니다) 맞는 볼륨을 만드세요.',
      ],
    },
    proof: [...SEE, 'kubectl get pvc -A{f}'],
  },
  {
    id: 'volume-available',
    isFine: true,
    when: (v) => ({ evidence: [state(v), offers(v)] }),
    en: {
      cause: ['The volume is there, and no claim is bound to it yet.', 'Claims get it that say storageClassName: {class}.'],
      todo: ['Nothing, unless a claim should have it: then ask podsim why pvc/NAME.'],
    },
    ko: {
      cause: ['볼륨은 있지만 아직 바인딩된 PVC가 없습니다.', 'storageClassName이 {class}인 PVC가 쓸 수 있습니다.'],
      todo: ['할 일은 없습니다. 바인딩되어야 할 PVC가 있다면 podsim why pvc/이름 으로 확인하세요.'],
    },
    proof: [...SEE, 'kubectl get pvc -A{f}'],
  },
];
