/** Which container of a pod a request means, and whether it has logs (pkg/registry/core/pod strategy.go, kubelet_pods.go). */
import { badRequest } from '../../api/errors.js';
import type { ContainerStatus, Pod } from '../../resources/pods/types.js';

const namesOf = (containers: readonly { readonly name: string }[] | undefined): readonly string[] => (containers ?? []).map(({ name }) => name);

/** The container named, or the only one. */
export function chooseContainer(pod: Pod, name: string): string {
  const containers = namesOf(pod.spec.containers);
  const all = [...namesOf(pod.spec.initContainers), ...containers, ...namesOf(pod.spec.ephemeralContainers)];
  const podName = pod.metadata.name ?? '';
  if (name !== '') {
    if (all.includes(name)) return name;
    throw badRequest(`container ${name} is not valid for pod ${podName}`);
  }
  if (containers.length === 1) return containers[0] as string;
  if (containers.length === 0) throw badRequest(`a container name must be specified for pod ${podName}`);
  throw badRequest(`a container name must be specified for pod ${podName}, choose one of: [${all.join(' ')}]`);
}

/** kubelet validateContainerLogStatus: throws when there is nothing to read. True: what there is, is the instance before. */
export function logsOfPrevious(pod: Pod, container: string, previous: boolean): boolean {
  const { status } = pod;
  const all: readonly ContainerStatus[] = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  const found = all.find(({ name }) => name === container);
  const where = `container "${container}" in pod "${pod.metadata.name}"`;
  if (found === undefined) throw badRequest(`${where} is not available`);
  const { waiting, running, terminated } = found.state ?? {};
  const last = found.lastState?.terminated;
  if (previous) {
    if (!last?.containerID) throw badRequest(`previous terminated ${where} not found`);
    return true;
  }
  if (running !== undefined || terminated?.containerID) return false;
  if (terminated !== undefined || last !== undefined) {
    if (!last?.containerID) throw badRequest(`${where} is terminated`);
    return true;
  }
  if (waiting === undefined) throw badRequest(`${where} is waiting to start - no logs yet`);
  throw badRequest(`${where} is waiting to start: ${WAITING[waiting.reason ?? ''] ?? waiting.reason ?? ''}`);
}

const WAITING: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

/** It will not be started again, so what follows it comes to an end by itself. */
export function willEnd(pod: Pod, container: string): boolean {
  const init = pod.spec.initContainers?.find(({ name }) => name === container);
  if (init !== undefined) return init.restartPolicy !== 'Always' || pod.metadata.deletionTimestamp !== undefined;
  return pod.spec.restartPolicy !== 'Always' || pod.metadata.deletionTimestamp !== undefined;
}
