/** Containers and sandboxes as the CRI's messages, in the JSON of their Go types (k8s.io/cri-api). */
import type { ContainerView, SandboxView } from '../../../node-view.js';

/** Members in the order of their names, as a Go map is written. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, one]) => [name, sorted(one)]),
        )
      : value;
export const json = (value: unknown): string => JSON.stringify(sorted(value), null, 2);
const nanos = (at: number | undefined): string => (at === undefined ? '0' : `${at}000000`);
export const rfc = (at: number | undefined): string =>
  at === undefined ? '0001-01-01T00:00:00Z' : new Date(at).toISOString().replace(/\.(\d{3})Z$/, '.$1000000Z');

const labelsOf = ({ name, namespace, uid }: SandboxView): Readonly<Record<string, string>> => ({
  'io.kubernetes.pod.name': name,
  'io.kubernetes.pod.namespace': namespace,
  'io.kubernetes.pod.uid': uid,
});
const logPath = ({ namespace, name, uid }: SandboxView, container: ContainerView): string =>
  `/var/log/pods/${namespace}_${name}_${uid}/${container.name}/${container.attempt}.log`;

export const listed = (container: ContainerView, sandbox: SandboxView): unknown => ({
  id: container.id,
  podSandboxId: sandbox.id,
  metadata: { name: container.name, attempt: container.attempt },
  image: { image: container.imageId, annotations: {}, runtimeHandler: '', userSpecifiedImage: container.image },
  imageRef: container.imageId,
  imageId: container.imageId,
  state: `CONTAINER_${container.state.toUpperCase()}`,
  createdAt: nanos(container.createdAt),
  labels: { 'io.kubernetes.container.name': container.name, ...labelsOf(sandbox) },
  annotations: { 'io.kubernetes.container.restartCount': String(container.attempt) },
});

export const containerStatus = (container: ContainerView, sandbox: SandboxView): unknown => ({
  id: container.id,
  metadata: { attempt: container.attempt, name: container.name },
  state: `CONTAINER_${container.state.toUpperCase()}`,
  createdAt: rfc(container.createdAt),
  startedAt: rfc(container.startedAt),
  finishedAt: rfc(container.finishedAt),
  exitCode: container.exitCode ?? 0,
  image: { annotations: {}, image: container.image, runtimeHandler: '', userSpecifiedImage: '' },
  imageRef: container.imageRef,
  imageId: container.imageId,
  reason: container.reason ?? '',
  message: container.message ?? '',
  labels: { 'io.kubernetes.container.name': container.name, ...labelsOf(sandbox) },
  annotations: {
    'io.kubernetes.container.restartCount': String(container.attempt),
    'io.kubernetes.container.terminationMessagePath': '/dev/termination-log',
    'io.kubernetes.container.terminationMessagePolicy': 'File',
  },
  mounts: container.mounts.map(({ containerPath, readOnly }) => ({ containerPath, readonly: readOnly })),
  logPath: logPath(sandbox, container),
});

export const sandboxStatus = (sandbox: SandboxView): unknown => ({
  id: sandbox.id,
  metadata: { attempt: sandbox.attempt, name: sandbox.name, namespace: sandbox.namespace, uid: sandbox.uid },
  state: sandbox.isReady ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
  createdAt: rfc(sandbox.createdAt),
  network: { additionalIps: [], ip: sandbox.hostNetwork ? '' : sandbox.ip },
  labels: labelsOf(sandbox),
  annotations: { 'kubernetes.io/config.source': 'api' },
  runtimeHandler: '',
});
