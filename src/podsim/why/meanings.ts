/** What the words of the STATUS column mean, whatever the cause. */
import type { Language } from '../language.js';

type Meaning = Readonly<Record<Language, string>>;

const MEANINGS: Readonly<Record<string, Meaning>> = {
  Pending: {
    en: 'The API server has the pod; no node has been found for it, or nothing of it has started yet.',
    ko: 'API 서버에 파드가 저장되었지만, 아직 노드가 정해지지 않았거나 아무 컨테이너도 시작되지 않았습니다.',
  },
  SchedulingGated: {
    en: 'The pod waits at a gate: the scheduler may not look at it yet.',
    ko: '파드가 스케줄링 게이트에 막혀 있습니다. 스케줄러가 아직 처리할 수 없습니다.',
  },
  ContainerCreating: {
    en: 'The pod has a node; the kubelet there prepares it (sandbox, volumes, images) and no container has started.',
    ko: '노드는 정해졌고 kubelet이 준비하는 중입니다(샌드박스, 볼륨, 이미지). 아직 시작된 컨테이너가 없습니다.',
  },
  PodInitializing: {
    en: 'The pod has a node; its init containers have not all been started, or have just ended.',
    ko: '노드는 정해졌고, 초기화 컨테이너가 아직 다 시작되지 않았거나 막 끝났습니다.',
  },
  Running: {
    en: 'The pod has a node and at least one container runs, starts or restarts. Whether it works is what READY says.',
    ko: '노드가 정해졌고 컨테이너가 하나 이상 실행 중이거나 (재)시작되는 중입니다. 제대로 동작하는지는 READY 열을 보세요.',
  },
  Completed: { en: 'The containers ended with exit code 0.', ko: '컨테이너가 종료 코드 0으로 끝났습니다.' },
  NotReady: {
    en: 'One container ended with 0, another runs, and the pod is not Ready.',
    ko: '컨테이너 하나는 0으로 끝났고 다른 하나는 실행 중이며, 파드는 Ready가 아닙니다.',
  },
  Error: {
    en: 'A container ended with an exit code other than 0, and has not been started again (yet).',
    ko: '컨테이너가 0이 아닌 코드로 끝났고 (아직) 다시 시작되지 않았습니다.',
  },
  Failed: {
    en: 'The pod has failed: all its containers have ended, or were never taken up, and nothing of it is started again.',
    ko: '파드가 실패했습니다. 모든 컨테이너가 끝났거나 받아들여지지 않았고 다시 시작되지 않습니다.',
  },
  Succeeded: { en: 'All containers ended with 0 and are not started again.', ko: '모든 컨테이너가 0으로 끝났고 다시 시작하지 않습니다.' },
  Unknown: { en: 'The state of the pod cannot be found out, because its node does not answer.', ko: '노드가 응답하지 않아 파드의 상태를 알 수 없습니다.' },
  Terminating: {
    en: 'The pod was deleted and is on its way out; it is no phase, but that metadata.deletionTimestamp is set.',
    ko: '파드가 삭제되어 정리되는 중입니다. 파드의 phase가 아니라 metadata.deletionTimestamp가 설정된 상태입니다.',
  },
  CrashLoopBackOff: {
    en: 'A container keeps ending after its start; the kubelet waits before it starts it once more (10s, 20s, 40s ... at most 5m). That is a symptom, not the cause: why it ends is below.',
    ko: '컨테이너가 시작된 뒤 계속 종료되어, kubelet이 다시 시작하기 전에 기다리는 중입니다(10초, 20초, 40초 … 최대 5분). 그 자체가 원인은 아니며, 종료된 이유는 아래에 있습니다.',
  },
  ErrImagePull: {
    en: 'The kubelet has just tried to pull an image and failed; it will try again.',
    ko: 'kubelet이 방금 이미지를 가져오지 못했습니다. 곧 다시 시도합니다.',
  },
  ImagePullBackOff: {
    en: 'Pulling an image failed, and the kubelet waits before it tries again (10s, 20s, 40s ... at most 5m).',
    ko: '이미지를 가져오지 못해 kubelet이 다시 시도하기 전에 기다리는 중입니다(10초, 20초, 40초 … 최대 5분).',
  },
  ErrImageNeverPull: {
    en: 'The image is not on the node, and the pull policy forbids to fetch it.',
    ko: '노드에 이미지가 없는데 imagePullPolicy 때문에 가져올 수 없습니다.',
  },
  InvalidImageName: {
    en: "The image's name cannot be read; nothing was asked of any registry.",
    ko: '이미지 이름의 형식이 잘못되어 레지스트리에 요청조차 하지 않았습니다.',
  },
  CreateContainerConfigError: {
    en: 'The kubelet cannot put together the configuration of a container: something it refers to is missing or contradicts.',
    ko: 'kubelet이 컨테이너 설정을 만들지 못했습니다. 참조하는 것이 없거나 설정이 서로 모순됩니다.',
  },
  CreateContainerError: { en: 'The runtime could not create a container.', ko: '런타임이 컨테이너를 만들지 못했습니다.' },
  RunContainerError: { en: 'The container was created, but its process could not be started.', ko: '컨테이너는 만들어졌지만 프로세스를 시작하지 못했습니다.' },
  StartError: {
    en: 'The process of a container could not be started at all (exit code 128 stands for that).',
    ko: '컨테이너의 프로세스를 아예 시작하지 못했습니다(종료 코드 128이 그 표시입니다).',
  },
  PostStartHookError: {
    en: 'The postStart hook of a container failed, so the kubelet killed the container.',
    ko: '컨테이너의 postStart 훅이 실패하여 kubelet이 컨테이너를 종료했습니다.',
  },
  OOMKilled: { en: 'The kernel killed the container because memory ran out.', ko: '메모리가 부족해 커널이 컨테이너를 종료했습니다.' },
  Evicted: {
    en: 'The kubelet threw the pod off its node, because something ran short there.',
    ko: '노드에 자원이 부족해 kubelet이 파드를 축출(evict)했습니다.',
  },
  DeadlineExceeded: { en: 'The pod ran longer than activeDeadlineSeconds allows.', ko: '파드가 activeDeadlineSeconds보다 오래 실행되었습니다.' },
  ContainerStatusUnknown: {
    en: 'The kubelet lost a container and cannot say how it ended.',
    ko: 'kubelet이 컨테이너를 잃어버려 어떻게 끝났는지 알 수 없습니다.',
  },
};

const REJECTED: Meaning = {
  en: 'The kubelet did not take the pod: it has failed and will not be tried again.',
  ko: 'kubelet이 파드를 받지 않았습니다. 파드는 실패했고 다시 시도되지 않습니다.',
};
const INIT: Meaning = {
  en: 'The pod is still in its init containers, which run one after the other; the main containers have not started.',
  ko: '초기화 컨테이너 단계입니다. 초기화 컨테이너는 하나씩 차례로 실행되며, 주 컨테이너는 아직 시작되지 않았습니다.',
};
const INIT_COUNT: Meaning = {
  en: '{done} of {all} init containers are done; they run one after the other, and the main containers have not started.',
  ko: '초기화 컨테이너 {all}개 중 {done}개가 끝났습니다. 하나씩 차례로 실행되며, 주 컨테이너는 아직 시작되지 않았습니다.',
};

/** A sentence about the STATUS; '' for a word that is not known. */
export function meaningOf(status: string, language: Language): string {
  const count = /^Init:(\d+)\/(\d+)$/.exec(status);
  if (count !== null) return INIT_COUNT[language].replace('{done}', count[1] ?? '').replace('{all}', count[2] ?? '');
  const init = /^Init:(.+)$/.exec(status)?.[1];
  if (init !== undefined) return `${INIT[language]} ${MEANINGS[init]?.[language] ?? ''}`.trim();
  if (MEANINGS[status] !== undefined) return MEANINGS[status][language];
  return /^(OutOf|Node|Unexpected|Sysctl|Taint|Preempt|AppArmor|PodOS)/.test(status) ? REJECTED[language] : '';
}

/** The words that have a meaning of their own. */
export const statusWords: readonly string[] = Object.keys(MEANINGS);
