/** kubectl debug (pkg/cmd/debug/debug.go, profiles.go). */
import type { Json, JsonObject, KubeObject } from '../../api/object.js';
import type { Container, Pod } from '../../resources/pods/types.js';
import { parseYaml } from '../../text/yaml.js';
import { applyStrategic } from '../apply-patch.js';
import { attachablePod, namedObject } from '../attachable.js';
import { attachTo } from '../attaching.js';
import { requestOf } from '../builder.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { debugName } from '../image-names.js';
import { findContainer, goType, PODS } from '../pods.js';
import * as shared from '../shared-flags.js';
import { watchUntil } from '../waiting.js';
import { matchesPattern } from '../wildcard.js';

interface Options {
  readonly names: readonly string[];
  readonly argv: readonly string[];
  readonly flags: FlagValues;
  readonly attach: boolean;
  readonly images: Readonly<Record<string, string>>;
}

const PROFILES = ['legacy', 'general', 'baseline', 'netadmin', 'restricted', 'sysadmin'];

const command: Command<Options> = {
  use: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  short: 'Debug workloads and nodes with containers made for it',
  long: `Debug objects with containers made for it. Pods are meant when no type is given.

What is done depends on the object:

  *  Workload: with --copy-to, make a copy of a pod with something changed, such as an image.
  *  Workload: otherwise, add an ephemeral container to a running pod.
  *  Node: make a pod that runs in the node's namespaces and sees its files.`,
  examples: `# A container in the pod mypod, on this terminal
kubectl debug mypod -it --image=busybox

# Called debugger, from an image of your own
kubectl debug --image=myproj/debug-tools -c debugger mypod

# A copy of mypod with one container more
kubectl debug mypod -it --image=busybox --copy-to=my-debugger

# A copy with another command
kubectl debug mypod -it --copy-to=my-debugger --container=mycontainer -- sh

# A copy with other images
kubectl debug mypod --copy-to=my-debugger --set-image=*=busybox

# A node; its files are under /host
kubectl debug node/mynode -it --image=busybox`,
  flags: [
    { name: 'arguments-only', type: 'bool', usage: 'What comes after -- are arguments, not the command.' },
    { name: 'attach', type: 'bool', usage: "Wait until the container runs and attach to it. On by itself with '-i/--stdin'." },
    { name: 'container', short: 'c', type: 'string', usage: 'The name of the container.' },
    { name: 'copy-to', type: 'string', usage: 'Make a copy of the pod with this name.' },
    { name: 'custom', type: 'string', usage: 'A JSON or YAML file with a part of a container spec that changes what the profile makes.' },
    { name: 'env', type: 'stringArray', usage: 'Environment variables of the container.' },
    shared.FILENAME('that name what to debug'),
    { name: 'image', type: 'string', usage: 'The image of the container.' },
    { name: 'image-pull-policy', type: 'string', usage: 'When to pull the image. None: as the server thinks.' },
    { name: 'keep-annotations', type: 'bool', usage: 'Keep the annotations of the pod (with --copy-to)' },
    { name: 'keep-init-containers', type: 'bool', default: 'true', usage: 'Run the init containers of the pod (with --copy-to)' },
    { name: 'keep-labels', type: 'bool', usage: 'Keep the labels of the pod (with --copy-to)' },
    { name: 'keep-liveness', type: 'bool', usage: 'Keep the liveness probes of the pod (with --copy-to)' },
    { name: 'keep-readiness', type: 'bool', usage: 'Keep the readiness probes of the pod (with --copy-to)' },
    { name: 'keep-startup', type: 'bool', usage: 'Keep the startup probes of the pod (with --copy-to)' },
    { name: 'profile', type: 'string', default: 'legacy', usage: 'One of "legacy", "general", "baseline", "netadmin", "restricted" or "sysadmin".' },
    { name: 'quiet', short: 'q', type: 'bool', usage: 'Say nothing but what the container says.' },
    { name: 'replace', type: 'bool', usage: 'With --copy-to: delete the pod that is copied.' },
    { name: 'same-node', type: 'bool', usage: 'With --copy-to: put the copy on the same node.' },
    { name: 'set-image', type: 'stringSlice', usage: 'With --copy-to: other images, as name=image.' },
    { name: 'share-processes', type: 'bool', default: 'true', usage: "With --copy-to: containers of the copy see each other's processes." },
    { name: 'stdin', short: 'i', type: 'bool', usage: 'Keep stdin of the container open.' },
    { name: 'target', type: 'string', usage: 'See the processes of this container.' },
    { name: 'tty', short: 't', type: 'bool', usage: 'Give the container a terminal.' },
  ],
  async complete(args, flags, _, dash) {
    const names = dash < 0 ? args : args.slice(0, dash);
    const images: Record<string, string> = {};
    for (const pair of flags.strings('set-image')) {
      const equals = pair.indexOf('=');
      if (equals < 0) throw new UsageError(`invalid argument ${JSON.stringify(pair)} for "--set-image" flag: ${pair} must be formatted as key=value`, 'usage');
      images[pair.slice(0, equals)] = pair.slice(equals + 1);
    }
    return {
      names,
      argv: dash < 0 ? [] : args.slice(dash),
      flags,
      attach: flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin'),
      images,
    };
  },
  validate({ names, flags, images }) {
    const copy = flags.string('copy-to');
    const image = flags.string('image');
    if (copy === '') {
      if (image === '') throw new UsageError('you must specify --image when not using --copy-to.');
      for (const [flag, set] of [
        ['same-node', flags.bool('same-node')],
        ['set-image', Object.keys(images).length > 0],
        ['replace', flags.bool('replace')],
      ] as const)
        if (set) throw new UsageError(`--${flag} may only be used with --copy-to.`);
      if (flags.changed('share-processes')) throw new UsageError('--share-processes may only be used with --copy-to.');
    } else if (flags.string('target') !== '') throw new UsageError('--target is incompatible with --copy-to. Use --share-processes instead.');
    if (names.length === 0 && flags.strings('filename').length === 0) throw new UsageError('NAME or filename is required for debug');
    if (!['', 'Always', 'IfNotPresent', 'Never'].includes(flags.string('image-pull-policy')))
      throw new UsageError(`invalid image pull policy: ${flags.string('image-pull-policy')}`);
    if (flags.bool('tty') && !flags.bool('stdin')) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true');
    if (!PROFILES.includes(flags.string('profile'))) throw new UsageError(`unknown profile: ${flags.string('profile')}`);
  },
  run,
};
export default command;

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags, names } = options;
  if (flags.string('profile') === 'legacy') {
    factory.streams.err(
      '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n',
    );
  }
  const targets = flags.strings('filename').length > 0 ? [''] : names;
  for (const name of targets) {
    const object = await namedObject(factory, name, requestOf(flags, []));
    const made = object.kind === 'Node' ? await debugNode(options, factory, object) : await debugPod(options, factory, object);
    if (made !== undefined && options.attach) await attachWhenRunning(options, factory, made.pod, made.container);
  }
}

interface Made {
  readonly pod: Pod;
  readonly container: string;
}

async function debugPod(options: Options, factory: Factory, object: KubeObject): Promise<Made> {
  if (object.kind !== 'Pod') {
    try {
      return debugPod(options, factory, (await attachablePod(factory, object, 60_000)) as unknown as KubeObject);
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`"${object.metadata.name}" not supported by debug`);
      throw error;
    }
  }
  const pod = object as unknown as Pod;
  return options.flags.string('copy-to') === '' ? addEphemeral(options, factory, pod) : copyPod(options, factory, pod);
}

function containerNameFor(options: Options, factory: Factory, pod: Pod | undefined): string {
  const given = options.flags.string('container');
  if (given !== '') return given;
  const name = debugName(`${pod?.metadata.uid ?? ''}${(pod?.spec.ephemeralContainers ?? []).length}`);
  if (!options.flags.bool('quiet')) factory.streams.err(`Defaulting debug container name to ${name}.\n`);
  return name;
}

/** The container that --image, --env and what follows -- describe, with what the profile adds. */
async function debugContainer(options: Options, factory: Factory, name: string): Promise<JsonObject> {
  const { flags, argv } = options;
  const policy = flags.string('image-pull-policy');
  const env = flags.strings('env').map((text) => ({ name: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) }));
  const container: JsonObject = {
    name,
    image: flags.string('image'),
    ...(policy === '' ? {} : { imagePullPolicy: policy }),
    ...(argv.length === 0 ? {} : { [flags.bool('arguments-only') ? 'args' : 'command']: argv }),
    ...(env.length === 0 ? {} : { env }),
    resources: {},
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
    terminationMessagePolicy: 'File',
    ...securityOf(flags.string('profile')),
  };
  const custom = flags.string('custom');
  if (custom === '') return container;
  const parsed = parseYaml(await factory.files.read(custom));
  if ('error' in parsed) throw new UsageError(`unable to parse ${custom}: yaml: ${parsed.error}`);
  return applyStrategic(container, parsed.value as JsonObject, {});
}

function securityOf(profile: string): JsonObject {
  const capabilities: Readonly<Record<string, JsonObject>> = {
    general: { capabilities: { add: ['SYS_PTRACE'] } },
    netadmin: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
    sysadmin: { privileged: true },
    restricted: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  };
  const found = capabilities[profile];
  return found === undefined ? {} : { securityContext: found };
}

async function addEphemeral(options: Options, factory: Factory, pod: Pod): Promise<Made> {
  const { flags } = options;
  const name = containerNameFor(options, factory, pod);
  if (findContainer(pod, name) !== undefined) throw new UsageError(`ephemeral containers are immutable: container ${name} already exists`);
  const target = flags.string('target');
  if (target !== '' && !flags.bool('quiet')) {
    factory.streams.err(
      `Targeting container "${target}". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  }
  const container = { ...(await debugContainer(options, factory, name)), ...(target === '' ? {} : { targetContainerName: target }) };
  const place = { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', subresource: 'ephemeralcontainers' };
  const result = await factory.client.patch<KubeObject>(place, 'strategic', { spec: { ephemeralContainers: [container] } });
  return { pod: result as unknown as Pod, container: name };
}

/** generatePodCopyWithDebugContainer. */
async function copyPod(options: Options, factory: Factory, pod: Pod): Promise<Made> {
  const { flags, images, argv } = options;
  const wanted = flags.string('container');
  const existing = pod.spec.containers.find((one) => one.name === wanted);
  const drop = (container: Container): JsonObject => {
    const { livenessProbe, readinessProbe, startupProbe, ...rest } = container as unknown as Record<string, Json>;
    return {
      ...rest,
      ...(flags.bool('keep-liveness') && livenessProbe !== undefined ? { livenessProbe } : {}),
      ...(flags.bool('keep-readiness') && readinessProbe !== undefined ? { readinessProbe } : {}),
      ...(flags.bool('keep-startup') && startupProbe !== undefined ? { startupProbe } : {}),
    } as JsonObject;
  };
  const withImage = (container: JsonObject): JsonObject => {
    const image =
      images[String(container['name'])] ??
      Object.entries(images).find(([pattern]) => pattern === '*' && matchesPattern(pattern, String(container['name'])))?.[1];
    return image === undefined ? container : { ...container, image };
  };
  let containers = pod.spec.containers.map(drop).map(withImage);
  let name = wanted;
  if (existing !== undefined) {
    containers = containers.map((one) =>
      one['name'] !== wanted
        ? one
        : {
            ...one,
            ...(flags.string('image') === '' ? {} : { image: flags.string('image') }),
            ...(argv.length === 0 ? {} : flags.bool('arguments-only') ? { args: argv } : { command: argv, args: null }),
            ...(flags.bool('stdin') ? { stdin: true } : {}),
            ...(flags.bool('tty') ? { tty: true } : {}),
          },
    );
  } else if (flags.string('image') !== '') {
    name = containerNameFor(options, factory, pod);
    containers = [...containers, await debugContainer(options, factory, name)];
  } else if (wanted !== '') throw new UsageError(`you must specify image when creating container "${wanted}"`);
  else name = pod.spec.containers[0]?.name ?? '';
  const { nodeName, ephemeralContainers: _, initContainers, ...spec } = pod.spec;
  const copy = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: flags.string('copy-to'),
      namespace: pod.metadata.namespace,
      ...(flags.bool('keep-labels') ? { labels: pod.metadata.labels } : {}),
      ...(flags.bool('keep-annotations') ? { annotations: pod.metadata.annotations } : {}),
    },
    spec: {
      ...spec,
      ...(initContainers !== undefined && flags.bool('keep-init-containers') ? { initContainers } : {}),
      containers,
      ...(flags.bool('share-processes') && flags.string('profile') !== 'netadmin' ? { shareProcessNamespace: true } : {}),
      ...(flags.bool('same-node') ? { nodeName } : {}),
    },
  } as unknown as KubeObject;
  if (flags.bool('replace')) await factory.client.delete({ resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' });
  const made = await factory.client.create<KubeObject>({ resource: PODS, namespace: pod.metadata.namespace ?? '' }, copy);
  return { pod: made as unknown as Pod, container: name };
}

/** generateNodeDebugPod: a pod in the node's namespaces, with its files under /host. */
async function debugNode(options: Options, factory: Factory, node: KubeObject): Promise<Made> {
  const { flags } = options;
  if (node.kind !== 'Node') throw new UsageError(`${goType(node)} not supported by debug`);
  const name = flags.string('container') || 'debugger';
  const container = await debugContainer(options, factory, name);
  const restricted = ['restricted', 'baseline'].includes(flags.string('profile'));
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `node-debugger-${node.metadata.name}-${debugName(`${node.metadata.uid}${factory.now()}`).slice('debugger-'.length)}`,
      labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' },
    },
    spec: {
      containers: [restricted ? container : { ...container, volumeMounts: [{ mountPath: '/host', name: 'host-root' }] }],
      ...(restricted
        ? {}
        : { hostIPC: flags.string('profile') !== 'netadmin', hostNetwork: true, hostPID: true, volumes: [{ name: 'host-root', hostPath: { path: '/' } }] }),
      nodeName: node.metadata.name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
  } as unknown as KubeObject;
  if (!flags.bool('quiet')) factory.streams.out(`Creating debugging pod ${pod.metadata.name} with container ${name} on node ${node.metadata.name}.\n`);
  const made = await factory.client.create<KubeObject>({ resource: PODS, namespace: factory.namespace }, pod);
  return { pod: made as unknown as Pod, container: name };
}

async function attachWhenRunning(options: Options, factory: Factory, pod: Pod, container: string): Promise<void> {
  const { flags } = options;
  let found: Pod = pod;
  const mapping = (await factory.mapper()).resolve('pods');
  const watched = { mapping, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' };
  const ready = await watchUntil(factory, watched, 300_000, (change) => {
    if (change === undefined) return false;
    found = change.object as unknown as Pod;
    const all = [...(found.status?.containerStatuses ?? []), ...(found.status?.ephemeralContainerStatuses ?? [])];
    const state = all.find((one) => one.name === container)?.state;
    return state?.running !== undefined || state?.terminated !== undefined;
  });
  if (!ready) throw new UsageError('timed out waiting for the condition');
  const statuses = [...(found.status?.containerStatuses ?? []), ...(found.status?.ephemeralContainerStatuses ?? [])];
  if (statuses.find((one) => one.name === container)?.state?.terminated !== undefined) {
    const target = { resource: PODS, namespace: watched.namespace, name: watched.name, subresource: 'log' };
    for await (const chunk of await factory.client.text(target, { query: { container } })) factory.streams.out(chunk);
    return;
  }
  await attachTo(factory, found, { container, stdin: flags.bool('stdin'), tty: flags.bool('tty'), quiet: flags.bool('quiet'), resume: 'kubectl attach' });
}
