/** A pod and one of its containers as rules look at them. */
import { controllerOf, type KubeObject } from '../../api/object.js';
import type { Event } from '../../resources/events/types.js';
import type { Node } from '../../resources/nodes/types.js';
import type { Container, ContainerState, ContainerStatus, Pod, PodCondition } from '../../resources/pods/types.js';
import { summarizePod } from '../../resources/pods/view.js';
import { eventLine } from './evidence.js';
import type { Evidence, Values } from './rule.js';
import type { World } from './world.js';

export interface PodCase {
  readonly world: World;
  readonly pod: Pod;
  readonly namespace: string;
  readonly name: string;
  /** The STATUS column. */
  readonly status: string;
  /** What it runs on; null: a node of that name is not there; undefined: none yet, or not known. */
  readonly node: Node | null | undefined;
  readonly events: readonly Event[];
  condition(type: string): PodCondition | undefined;
  /** The newest Event with this reason whose message matches. */
  event(reason: string | RegExp, message?: RegExp): Event | undefined;
  /** That Event as evidence. */
  seen(reason: string | RegExp, message?: RegExp): Evidence | undefined;
}

export interface ContainerCase extends PodCase {
  readonly container: Container;
  readonly state: ContainerStatus | undefined;
  readonly role: 'init' | 'sidecar' | 'main';
  /** `initContainers[setup]`. */
  readonly path: string;
  readonly waiting: ContainerState['waiting'];
  readonly running: ContainerState['running'];
  /** How the present or, if that goes on or was not started, the last run ended. */
  readonly ended: ContainerState['terminated'];
  /** What its last run wrote. */
  readonly log: readonly string[] | undefined;
}

export function podCase(world: World, pod: Pod): PodCase {
  const namespace = pod.metadata.namespace ?? '';
  const events = world.events(pod);
  const event: PodCase['event'] = (reason, message = /(?:)/) =>
    events.findLast((one) => (typeof reason === 'string' ? one.reason === reason : reason.test(one.reason ?? '')) && message.test(one.message ?? ''));
  return {
    world,
    pod,
    namespace,
    name: pod.metadata.name ?? '',
    status: summarizePod(pod).reason,
    node: pod.spec.nodeName ? world.find<Node>('nodes', '', pod.spec.nodeName) : undefined,
    events,
    condition: (type) => pod.status?.conditions?.find((one) => one.type === type),
    event,
    seen: (reason, message) => eventLine(event(reason, message), world.now),
  };
}

/** Init containers (sidecars among them) first, as the kubelet starts them. */
export function containerCases(given: PodCase): readonly ContainerCase[] {
  const { pod, world } = given;
  const cases = (list: 'initContainers' | 'containers', states: readonly ContainerStatus[] | undefined): readonly ContainerCase[] =>
    (pod.spec[list] ?? []).map((container) => {
      const state = states?.find((one) => one.name === container.name);
      const path = `spec.${list}{${container.name}}`;
      // An Event without a field is about the pod.
      const own = given.events.filter(({ involvedObject: { fieldPath } }) => fieldPath === undefined || fieldPath === '' || fieldPath === path);
      const event: PodCase['event'] = (reason, message = /(?:)/) =>
        own.findLast((one) => (typeof reason === 'string' ? one.reason === reason : reason.test(one.reason ?? '')) && message.test(one.message ?? ''));
      return {
        ...given,
        event,
        seen: (reason, message) => eventLine(event(reason, message), world.now),
        events: own,
        container,
        state,
        role: list === 'containers' ? 'main' : container.restartPolicy === 'Always' ? 'sidecar' : 'init',
        path: `${list}[${container.name}]`,
        waiting: state?.state?.waiting,
        running: state?.state?.running,
        ended: state?.state?.terminated ?? state?.lastState?.terminated,
        log: world.log(pod, container.name),
      };
    });
  return [...cases('initContainers', pod.status?.initContainerStatuses), ...cases('containers', pod.status?.containerStatuses)];
}

/** What every template about a namespaced object may use. */
export function baseValues(world: World, { metadata }: KubeObject): Values {
  return { n: flagsFor(world, metadata.namespace), ns: metadata.namespace, f: world.flags, name: metadata.name };
}

/** ` -n shop --context kind`: what a command needs to find things of the namespace. */
const flagsFor = (world: World, namespace: string | undefined): string =>
  `${namespace === undefined || namespace === world.current ? '' : ` -n ${namespace}`}${world.flags}`;

/** What templates about a pod may use besides. */
export function podValues(given: PodCase): Values {
  const { world, pod, namespace, name } = given;
  const target = templateOwner(given);
  return {
    ...baseValues(world, pod),
    pod: name,
    node: pod.spec.nodeName || undefined,
    target,
    // The template of a Job cannot be changed.
    settable: target.startsWith('job/') ? undefined : target,
    policy: pod.spec.restartPolicy ?? 'Always',
    edit: editCommand(given, target, flagsFor(world, namespace)),
  };
}

/** How to change what the pod is made of. */
function editCommand({ pod, name }: PodCase, target: string, n: string): string {
  const isStatic = pod.metadata.annotations?.['kubernetes.io/config.source'] === 'file';
  if (isStatic) return `# a static pod: edit its manifest on node ${pod.spec.nodeName} (/etc/kubernetes/manifests)`;
  if (target === `pod/${name}`) return `kubectl get pod ${name}${n} -o yaml > ${name}.yaml   # edit it, then\nkubectl replace --force -f ${name}.yaml${n}`;
  return target.startsWith('job/')
    ? `kubectl delete ${target}${n}   # and create it anew, corrected: a Job's template cannot be changed`
    : `kubectl edit ${target}${n}`;
}

export function containerValues(given: ContainerCase): Values {
  const { container, pod } = given;
  const several = (pod.spec.containers?.length ?? 0) + (pod.spec.initContainers?.length ?? 0) > 1;
  return {
    ...podValues(given),
    container: container.name,
    c: several ? ` -c ${container.name}` : '',
    image: container.image,
    path: given.path,
    containers: given.role === 'main' ? 'containers' : 'initContainers',
    statuses: given.role === 'main' ? 'containerStatuses' : 'initContainerStatuses',
    runs: (given.state?.restartCount ?? 0) + 1,
    restarts: given.state?.restartCount ?? 0,
  };
}

/** Where the pod's template is, and so where to change it: `deployment/web`, or the pod itself. */
function templateOwner({ world, pod, namespace, name }: PodCase): string {
  const owner = controllerOf(pod);
  if (owner === undefined || owner.kind === 'Node') return `pod/${name}`;
  if (owner.kind === 'ReplicaSet' || owner.kind === 'Job') {
    const found = world.find<KubeObject>(owner.kind === 'ReplicaSet' ? 'replicasets' : 'jobs', namespace, owner.name);
    const above = found ? controllerOf(found) : undefined;
    if (above !== undefined) return `${above.kind.toLowerCase()}/${above.name}`;
  }
  return `${owner.kind.toLowerCase()}/${owner.name}`;
}
