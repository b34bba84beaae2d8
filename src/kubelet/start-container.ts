/** Starting one container: kuberuntime_container.go startContainer. Back-off, image, configuration, create, start, postStart. */
import { type ContainerConfig, RuntimeError, TERMINATION_LOG } from '../api/cri.js';
import { controllerOf, type Mutable } from '../api/object.js';
import { quantity, quantityMilliValue, quantityValue } from '../api/quantity.js';
import { type Duration, formatDuration } from '../api/time.js';
import type { Node } from '../resources/nodes/types.js';
import type {
  Container,
  ContainerPort,
  EphemeralContainer,
  PodSecurityContext,
  ResourceRequirements,
  SeccompProfile,
  SecurityContext,
} from '../resources/pod-template/types.js';
import { allocated } from './allocation.js';
import { bump, remaining } from './backoff.js';
import { previousOf } from './container-status.js';
import { type Env, makeEnv, valueIn } from './env.js';
import { expand } from './expansion.js';
import { startHook } from './hooks.js';
import { ensureImage, type ImageResult } from './images.js';
import { beginKill } from './kill.js';
import { containerRecord, type Step } from './record.js';
import { mountsOf } from './volumes.js';
import type { Work } from './work.js';

/** It runs; or it did not start, for a reason that is now on record; or the sync waits. */
export type StartResult = 'started' | 'failed' | Step;

export function startContainer(work: Work, container: Container): StartResult {
  const left = crashDelay(work, container);
  if (left > 0) return 'failed';
  return withImage(work, container, ensureImage(work, container));
}

/** doBackOff: how long a crashed container still waits; the BackOff event and the waiting reason are its doing. */
function crashDelay(work: Work, container: Container): number {
  const record = containerRecord(work.record, container.name);
  const exited = exitedInstance(work, container.name);
  if (record.crash !== undefined && record.image !== container.image) delete record.crash;
  if (exited?.finishedAt === undefined) return 0;
  const left = remaining(record.crash, exited.finishedAt, work.now);
  if (left > 0 && record.crash !== undefined) {
    work.event('Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${work.podText}`, container.name);
    const message = `back-off ${formatDuration(record.crash.delay as Duration)} restarting failed container=${container.name} pod=${work.podText}`;
    record.waiting = { reason: 'CrashLoopBackOff', message };
    return left;
  }
  record.crash = bump(record.crash, exited.finishedAt, work.now);
  return 0;
}

/**
 * The newest instance that had ended when the sync began. A container this sync has killed itself still counted as running
 * then, so the one before it is looked at (behaviour.md §4).
 */
function exitedInstance(work: Work, name: string): { finishedAt?: number } | undefined {
  const newest = work.newest(name);
  if (newest === undefined) return undefined;
  const killedNow = newest.state === 'exited' && work.record.sync?.killed?.includes(newest.id) === true;
  return newest.state === 'exited' && !killedNow ? newest : previousOf(work.instances, name);
}

/** When a crashed container's wait is over; undefined: it has none. */
export function crashExpiry(work: Work, name: string): number | undefined {
  const record = work.record.containers[name];
  const newest = work.newest(name);
  if (record?.crash === undefined || newest?.finishedAt === undefined) return undefined;
  return newest.finishedAt + record.crash.delay;
}

/** Goes on when the image is there. */
export function withImage(work: Work, container: Container, image: ImageResult): StartResult {
  if ('step' in image) return image.step;
  if ('reason' in image) return fail(work, container, image.reason, image.message, image.reason);
  const record = containerRecord(work.record, container.name);
  const config = instanceConfig(work, container, image.present.user);
  if ('error' in config) return fail(work, container, 'CreateContainerConfigError', config.error, config.error);
  const sandbox = work.record.sandbox ?? '';
  let id: string;
  try {
    id = work.runtime.createContainer(sandbox, config, container.image ?? '');
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return fail(work, container, 'CreateContainerError', error.message, error.message);
  }
  work.refresh();
  work.event('Normal', 'Created', `Created container: ${container.name}`, container.name);
  record.id = id;
  const kind = work.kindOf(container.name);
  if (kind !== 'containers') record.kind = kind;
  record.attempts = config.attempt + 1;
  record.image = container.image ?? '';
  takeResources(work, container);
  try {
    work.runtime.startContainer(id);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    work.refresh();
    return fail(work, container, 'RunContainerError', error.message, error.message);
  }
  work.refresh();
  work.event('Normal', 'Started', `Started container ${container.name}`, container.name);
  const postStart = container.lifecycle?.postStart;
  if (postStart === undefined) {
    delete record.waiting;
    return 'started';
  }
  return { for: 'hook', name: container.name, id, hook: startHook(work, container, id, postStart) };
}

/** The postStart hook has ended: badly, and the container is killed for it; or well. */
export function afterPostStart(work: Work, container: Container, id: string, error: string | undefined): StartResult {
  const record = containerRecord(work.record, container.name);
  if (error === undefined) {
    delete record.waiting;
    return 'started';
  }
  work.event('Warning', 'FailedPostStartHook', 'PostStartHook failed', container.name);
  record.waiting = { reason: 'PostStartHookError', message: error };
  const grace = work.gracePeriod;
  return { for: 'kill', name: container.name, kill: beginKill(work, container, id, grace, 'FailedPostStartHook') };
}

function fail(work: Work, container: Container, reason: string, message: string, said: string): 'failed' {
  work.event('Warning', 'Failed', `Error: ${said}`, container.name);
  containerRecord(work.record, container.name).waiting = { reason, message };
  return 'failed';
}

/** generateContainerConfig; the error is CreateContainerConfigError's message. */
export function instanceConfig(work: Work, container: Container, imageUser: string): ContainerConfig | { readonly error: string } {
  const { pod } = work;
  const { targetContainerName = '' } = container as EphemeralContainer;
  if (targetContainerName !== '' && work.newest(targetContainerName) === undefined) return { error: `unable to find target container ${targetContainerName}` };
  const variables = environmentOf(work, container);
  if ('error' in variables) return variables;
  const { env } = variables;
  const volumes = mountsOf(work, container, env);
  if ('error' in volumes) return volumes;
  const { mounts } = volumes;
  const { command = NONE, args = NONE, ports = NONE, workingDir = '', terminationMessagePath = TERMINATION_LOG } = container;
  const shared: PodSecurityContext = pod.spec.securityContext ?? UNSECURED;
  const own: SecurityContext = container.securityContext ?? UNSECURED;
  const { capabilities, privileged, runAsUser = shared.runAsUser, runAsGroup = shared.runAsGroup } = own;
  const { supplementalGroups = NONE, fsGroup } = shared;
  const seccomp = privileged === true ? undefined : seccompOf(own.seccompProfile ?? shared.seccompProfile);
  const appArmor = own.appArmorProfile ?? shared.appArmorProfile;
  const refused = (own.runAsNonRoot ?? shared.runAsNonRoot) === true ? asRoot(work, container, runAsUser, imageUser) : undefined;
  if (refused !== undefined) return { error: refused };
  const expanded = (text: string): string => expand(text, (name) => valueIn(env, name));
  const config: Mutable<ContainerConfig> = {
    name: container.name,
    attempt: work.record.containers[container.name]?.attempts ?? 0,
  };
  if (command.length > 0) config.command = command.map(expanded);
  if (args.length > 0) config.args = args.map(expanded);
  if (mounts.length > 0) config.mounts = mounts;
  if (ports.length > 0) config.ports = ports.map(portOf);
  if (isTask(work, container)) config.isTask = true;
  if (container.stdin === true) config.stdin = true;
  if (container.stdinOnce === true) config.stdinOnce = true;
  if (container.tty === true) config.tty = true;
  if (own.readOnlyRootFilesystem === true) config.readOnlyRootFilesystem = true;
  if (workingDir !== '') config.workingDir = workingDir;
  if (runAsUser !== undefined) config.runAsUser = runAsUser;
  else if ((own.runAsNonRoot ?? shared.runAsNonRoot) === true) config.runAsNonRoot = true;
  if (runAsGroup !== undefined) config.runAsGroup = runAsGroup;
  if (supplementalGroups.length > 0 || fsGroup !== undefined)
    config.supplementalGroups = fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup];
  if (shared.supplementalGroupsPolicy === 'Strict') config.strictGroups = true;
  if (capabilities !== undefined) config.capabilities = capabilities;
  if (privileged === true) config.privileged = true;
  if (own.allowPrivilegeEscalation === false) config.noNewPrivileges = true;
  if (seccomp !== undefined) config.seccomp = seccomp;
  if (appArmor?.type === 'Localhost' && appArmor.localhostProfile !== undefined) config.appArmor = appArmor.localhostProfile;
  if (targetContainerName !== '') config.targetContainer = targetContainerName;
  if (Object.keys(env).length > 0) config.env = env;
  const resources = runtimeResources(allocated(work.record, container));
  if (Object.keys(resources).length > 0) config.resources = resources;
  if (terminationMessagePath !== TERMINATION_LOG) config.terminationMessagePath = terminationMessagePath;
  return config;
}
const NONE: readonly never[] = [];

/** Somebody waits for its end: the containers after it, or a Job. */
function isTask(work: Work, container: Container): boolean {
  const kind = work.kindOf(container.name);
  if (kind === 'initContainers') return container.restartPolicy !== 'Always';
  return kind === 'containers' && controllerOf(work.pod)?.kind === 'Job';
}
const UNSECURED = {};

/** fieldSeccompProfile. */
function seccompOf(profile: SeccompProfile | undefined): string | undefined {
  if (profile?.type === 'Localhost') return `/var/lib/kubelet/seccomp/${profile.localhostProfile ?? ''}`;
  return profile?.type === 'RuntimeDefault' ? profile.type : undefined;
}

function portOf({ containerPort, protocol = 'TCP', name }: ContainerPort): NonNullable<ContainerConfig['ports']>[number] {
  return name === undefined ? { containerPort, protocol } : { containerPort, protocol, name };
}

/** Most containers have no variables of their own, and get those of their services as they are. */
function environmentOf({ pod, context, kubelet, sandbox }: Work, container: Container): { readonly env: Env } | { readonly error: string } {
  const env = kubelet.services.of(context.api, pod.metadata.namespace ?? '', pod.spec.enableServiceLinks !== false);
  if (container.env === undefined && container.envFrom === undefined) return { env };
  const needsNode = container.env?.some((one) => one.valueFrom?.resourceFieldRef !== undefined) === true;
  const node = needsNode ? context.api.get<Node>('nodes', { namespace: '', name: kubelet.node }) : undefined;
  return makeEnv(context.api, env, { pod, podIP: sandbox?.ip ?? '', hostIP: kubelet.nodeIP(), node, now: context.now }, container);
}

function runtimeResources({ limits, requests }: ResourceRequirements): NonNullable<ContainerConfig['resources']> {
  const resources: Mutable<NonNullable<ContainerConfig['resources']>> = {};
  if (limits?.['cpu'] !== undefined) resources.cpuLimit = quantityMilliValue(quantity(limits['cpu']));
  if (limits?.['memory'] !== undefined) resources.memoryLimit = quantityValue(quantity(limits['memory']));
  if (requests?.['cpu'] !== undefined) resources.cpuRequest = quantityMilliValue(quantity(requests['cpu']));
  if (requests?.['memory'] !== undefined) resources.memoryRequest = quantityValue(quantity(requests['memory']));
  return resources;
}

/** The container has now what it was allocated. */
function takeResources({ record }: Work, container: Container): void {
  const own = containerRecord(record, container.name);
  const resources = allocated(record, container);
  if (resources.limits === undefined && resources.requests === undefined) delete own.resources;
  else own.resources = resources;
}

/** doPodResizeAction, for one container: it gets other amounts while it runs. */
export function resizeContainer(work: Work, container: Container): void {
  const newest = work.newest(container.name);
  if (newest?.state !== 'running') return;
  work.runtime.updateContainerResources(newest.id, runtimeResources(allocated(work.record, container)));
  takeResources(work, container);
}

/** verifyRunAsNonRoot (kuberuntime/security_context_others.go). */
function asRoot(work: Work, container: Container, runAsUser: number | undefined, imageUser: string): string | undefined {
  const whom = `(pod: "${work.podText}", container: ${container.name})`;
  if (runAsUser !== undefined) return runAsUser === 0 ? `container's runAsUser breaks non-root policy ${whom}` : undefined;
  const user = imageUser.split(':')[0] ?? '';
  if (user === '' || user === '0') return `container has runAsNonRoot and image will run as root ${whom}`;
  return /^\d+$/.test(user) ? undefined : `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${whom}`;
}
