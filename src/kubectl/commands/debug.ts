/** kubectl debug (pkg/cmd/debug/debug.go). */
import type { JsonObject, KubeObject } from '../../api/object.js';
import type { Pod } from '../../resources/pods/types.js';
import { parseYaml } from '../../text/yaml.js';
import { applyStrategic } from '../apply-patch.js';
import { attachTo } from '../attaching.js';
import { type Info, requestOf, splitArguments, visitAll } from '../builder/index.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { nodePodSpec, PROFILES, profiledContainer, profiledCopy } from '../debug-profiles.js';
import { messageOf } from '../errors.js';
import { readErrorText } from '../files.js';
import { debugName, isImageName } from '../image-names.js';
import { patchTypeOf } from '../patch-schema.js';
import { findContainer, PODS } from '../pods.js';
import * as shared from '../shared-flags.js';
import { twoWayStrategic } from '../three-way.js';
import { A_WEEK, watchUntil } from '../waiting.js';

interface Options {
  readonly names: readonly string[];
  readonly argv: readonly string[];
  readonly flags: FlagValues;
  readonly attach: boolean;
  readonly images: ReadonlyMap<string, string>;
  readonly env: readonly JsonObject[];
  /** Of --custom. */
  readonly custom: JsonObject | undefined;
}

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
  async complete(args, flags, factory, dash) {
    const pairs = (flag: string): readonly (readonly [string, string])[] =>
      flags.strings(flag).map((pair) => {
        const equals = pair.indexOf('=');
        if (equals < 0) throw new UsageError(`invalid argument ${JSON.stringify(pair)} for "--${flag}" flag: ${pair} must be formatted as key=value`, 'usage');
        return [pair.slice(0, equals), pair.slice(equals + 1)];
      });
    const images = new Map(pairs('set-image'));
    const env = pairs('env').map(([name, value]) => ({ name, value }));
    if (!PROFILES.includes(flags.string('profile'))) throw new UsageError(`unknown profile: ${flags.string('profile')}`);
    return {
      names: dash < 0 ? args : args.slice(0, dash),
      argv: dash < 0 ? [] : args.slice(dash),
      flags,
      attach: flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin'),
      images,
      env,
      custom: await customOf(factory, flags.string('custom')),
    };
  },
  validate({ names, argv, flags, images, custom }) {
    const image = flags.string('image');
    const container = flags.string('container');
    if (flags.changed('attach') && flags.bool('attach') && image === '' && container === '')
      throw new UsageError('you must specify --container or create a new container using --image in order to attach.');
    if (flags.string('copy-to') !== '') {
      if (image === '' && images.size === 0 && argv.length === 0) throw new UsageError('you must specify --image, --set-image or command arguments.');
      if (argv.length > 0 && container === '' && image === '')
        throw new UsageError('you must specify an existing container or a new image when specifying args.');
    } else {
      if (flags.bool('replace')) throw new UsageError('--replace may only be used with --copy-to.');
      if (flags.bool('same-node')) throw new UsageError('--same-node may only be used with --copy-to.');
      if (images.size > 0) throw new UsageError('--set-image may only be used with --copy-to.');
      if (image === '') throw new UsageError('you must specify --image when not using --copy-to.');
    }
    if (image !== '' && !isImageName(image)) throw new UsageError(`invalid image name "${image}": invalid reference format`);
    if (names.length === 0 && flags.strings('filename').length === 0) throw new UsageError('NAME or filename is required for debug');
    const policy = flags.string('image-pull-policy');
    if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) throw new UsageError(`invalid image pull policy: ${policy}`);
    for (const [name, other] of images)
      if (!isImageName(other)) throw new UsageError(`invalid image name "${other}" for container "${name}": invalid reference format`);
    if (flags.string('target') !== '' && flags.string('copy-to') !== '')
      throw new UsageError('--target is incompatible with --copy-to. Use --share-processes instead.');
    if (flags.bool('tty') && !flags.bool('stdin')) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true');
    if (custom !== undefined && ['name', 'command', 'image', 'lifecycle', 'volumeDevices'].some((field) => custom[field] !== undefined))
      throw new UsageError('name, command, image, lifecycle and volume devices are not modifiable via custom profile');
  },
  run,
};
export default command;

async function customOf(factory: Factory, path: string): Promise<JsonObject | undefined> {
  if (path === '') return undefined;
  let text: string;
  try {
    text = await factory.files.read(path);
  } catch (error) {
    throw new UsageError(`must pass a container spec json file for custom profile: ${readErrorText(path, error)}`);
  }
  const parsed = parseYaml(text);
  if ('error' in parsed) throw new UsageError(`${path} does not contain a valid container spec: error converting YAML to JSON: yaml: ${parsed.error}`);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(`${path} does not contain a valid container spec`);
  return (await factory.structs()).decoded(value as JsonObject, 'core.v1.Container');
}

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags } = options;
  if (flags.string('target') !== '' && !flags.bool('quiet')) {
    factory.streams.out(
      `Targeting container "${flags.string('target')}". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  }
  if (flags.string('profile') === 'legacy') {
    factory.streams.err(
      '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n',
    );
  }
  const debug = async (info: Info): Promise<void> => {
    const made = await debugOne(options, factory, info);
    if (options.attach && made.container !== '') await attachWhenRunning(options, factory, made);
  };
  // Files first, then names; a bare name is a pod's (Builder.ResourceNames).
  const request = { ...requestOf(flags, []), latest: true, typed: true };
  if (flags.strings('filename').length > 0) await visitAll(factory, request, debug);
  for (const name of options.names) {
    const pairs = name.includes('/') ? splitArguments([name]).pairs : [{ type: 'pods', name }];
    for (const pair of pairs) await visitAll(factory, { args: [`${pair.type}/${pair.name}`], typed: true }, debug);
  }
}

/** A pod, and which of its containers is attached to; '': none. */
interface Made {
  readonly pod: Pod;
  readonly container: string;
}

function debugOne(options: Options, factory: Factory, { mapping, object }: Info): Promise<Made> {
  if (mapping.group === '' && mapping.kind === 'Node') return debugNode(options, factory, object as KubeObject);
  if (mapping.group !== '' || mapping.kind !== 'Pod')
    throw new UsageError(`"${mapping.group}/${mapping.version}, Kind=${mapping.kind}" not supported by debug`);
  const pod = object as unknown as Pod;
  return options.flags.string('copy-to') === '' ? addEphemeral(options, factory, pod) : copyPod(options, factory, pod);
}

function containerNameFor({ flags }: Options, factory: Factory, pod: Pod): string {
  if (flags.string('container') !== '') return flags.string('container');
  let name: string;
  let tried = 0;
  do name = debugName(`${pod.metadata.uid}/${pod.metadata.resourceVersion}/${factory.now()}/${tried++}`);
  while (findContainer(pod, name) !== undefined);
  if (!flags.bool('quiet')) factory.streams.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

/** What --image, --env and the words behind -- make of a container. */
function changed({ flags, argv, env }: Options, container: JsonObject): JsonObject {
  const { args: _, ...withoutArgs } = container;
  const policy = flags.string('image-pull-policy');
  return {
    ...(argv.length === 0 ? container : flags.bool('arguments-only') ? { ...container, args: argv } : { ...withoutArgs, command: argv }),
    ...(env.length === 0 ? {} : { env }),
    ...(flags.string('image') === '' ? {} : { image: flags.string('image') }),
    ...(policy === '' ? {} : { imagePullPolicy: policy }),
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
  };
}

const fresh = (name: string): JsonObject => ({ name, resources: {}, terminationMessagePolicy: 'File' });

/** --custom on top of all. */
const customised = ({ custom }: Options, container: JsonObject): JsonObject =>
  custom === undefined ? container : applyStrategic(container, custom, patchTypeOf('', 'Pod')?.['spec']?.type?.['containers']?.type ?? {});

async function addEphemeral(options: Options, factory: Factory, pod: Pod): Promise<Made> {
  const { flags } = options;
  const name = containerNameFor(options, factory, pod);
  const made = customised(options, profiledContainer(changed(options, fresh(name)), flags.string('profile'), 'ephemeral'));
  warnOfUser(factory, pod, made);
  const target = flags.string('target');
  const container = { ...made, ...(target === '' ? {} : { targetContainerName: target }) };
  const place = { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', subresource: 'ephemeralcontainers' };
  const debugged = { ...pod, spec: { ...pod.spec, ephemeralContainers: [...(pod.spec.ephemeralContainers ?? []), container] } };
  const patch = twoWayStrategic(pod as unknown as JsonObject, debugged as unknown as JsonObject, patchTypeOf('', 'Pod') ?? {});
  const result = await factory.client.patch<KubeObject>(place, 'strategic', patch);
  return { pod: result as unknown as Pod, container: name };
}

/** Capabilities that a user who is not root will not have. */
function warnOfUser(factory: Factory, pod: Pod, container: JsonObject): void {
  const user = (pod.spec.securityContext as { runAsUser?: number } | undefined)?.runAsUser;
  const security = (container['securityContext'] ?? {}) as { runAsUser?: number; privileged?: boolean; capabilities?: { add?: readonly string[] } };
  if (user === undefined || user === 0 || security.runAsUser === 0) return;
  if (security.privileged !== true && (security.capabilities?.add ?? []).length === 0) return;
  factory.streams.err(
    'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n',
  );
}

/** generatePodCopyWithDebugContainer. */
async function copyPod(options: Options, factory: Factory, pod: Pod): Promise<Made> {
  const { flags, images } = options;
  const { nodeName, ephemeralContainers: _, shareProcessNamespace, ...rest } = pod.spec as unknown as JsonObject;
  const withImages = (pod.spec.containers as unknown as readonly JsonObject[]).map((container) => {
    const image = images.get(String(container['name'])) ?? images.get('*');
    return image === undefined ? container : { ...container, image };
  });
  const share = flags.changed('share-processes') ? flags.bool('share-processes') : shareProcessNamespace;
  const { labels, annotations } = pod.metadata;
  const plain = {
    metadata: {
      name: flags.string('copy-to'),
      namespace: pod.metadata.namespace ?? '',
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    } as JsonObject,
    spec: {
      ...rest,
      containers: withImages,
      ...(share === undefined ? {} : { shareProcessNamespace: share }),
      ...(flags.bool('same-node') && nodeName !== undefined ? { nodeName } : {}),
    } as JsonObject,
  };
  const { copy, container } = copied(options, factory, pod, plain, withImages);
  const namespace = pod.metadata.namespace ?? '';
  const made = await factory.client.create<KubeObject>({ resource: PODS, namespace }, { apiVersion: 'v1', kind: 'Pod', ...copy } as unknown as KubeObject);
  if (flags.bool('replace')) await factory.client.delete({ resource: PODS, namespace, name: pod.metadata.name ?? '' }, { gracePeriodSeconds: 0 });
  return { pod: made as unknown as Pod, container };
}

type Plain = { readonly metadata: JsonObject; readonly spec: JsonObject };

/** The copy with its debug container: a new one, or one of the pod's own changed. With --set-image alone there is none. */
function copied(options: Options, factory: Factory, pod: Pod, plain: Plain, containers: readonly JsonObject[]): { copy: Plain; container: string } {
  const { flags, images } = options;
  const profile = flags.string('profile');
  const wanted = flags.string('container');
  let name = wanted;
  const isThere = wanted !== '' && [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].some((one) => one.name === wanted);
  if (!isThere) {
    if (flags.string('image') === '') {
      if (images.size > 0) return { copy: plain, container: '' };
      throw new UsageError('you must specify image when creating new container');
    }
    if (name === '') name = containerNameFor(options, factory, pod);
  }
  const all = isThere ? containers : [...containers, fresh(name)];
  const stripped = profiledCopy({ ...plain, spec: { ...plain.spec, containers: all } }, profile, flags);
  const debugged = (container: JsonObject): JsonObject => {
    if (container['name'] !== name) return container;
    const { stdin: _, tty: __, ...bare } = container;
    const result = customised(options, profiledContainer(changed(options, bare), profile, 'copy'));
    warnOfUser(factory, pod, result);
    return result;
  };
  const { spec } = stripped;
  const inits = spec['initContainers'] as readonly JsonObject[] | undefined;
  return {
    copy: {
      ...stripped,
      spec: {
        ...spec,
        containers: (spec['containers'] as readonly JsonObject[]).map(debugged),
        ...(inits === undefined ? {} : { initContainers: inits.map(debugged) }),
      },
    },
    container: name,
  };
}

/** generateNodeDebugPod: a pod in the node's namespaces, with its files under /host. */
async function debugNode(options: Options, factory: Factory, node: KubeObject): Promise<Made> {
  const { flags } = options;
  const profile = flags.string('profile');
  const container = flags.string('container') || 'debugger';
  const suffix = debugName(`${node.metadata.uid}/${factory.now()}`).slice('debugger-'.length);
  const name = `node-debugger-${node.metadata.name}-${suffix}`;
  if (!flags.bool('quiet')) factory.streams.out(`Creating debugging pod ${name} with container ${container} on node ${node.metadata.name}.\n`);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [customised(options, profiledContainer(changed(options, fresh(container)), profile, 'node'))],
      ...nodePodSpec(profile),
      nodeName: node.metadata.name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
  } as unknown as KubeObject;
  const made = await factory.client.create<KubeObject>({ resource: PODS, namespace: factory.namespace }, pod);
  return { pod: made as unknown as Pod, container };
}

const stateOf = (pod: Pod, container: string) =>
  [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? []), ...(pod.status?.ephemeralContainerStatuses ?? [])].find(
    (one) => one.name === container,
  )?.state;

/** handleAttachPod. A container that has ended, or cannot be attached to, shows its log. */
async function attachWhenRunning({ flags }: Options, factory: Factory, { pod, container }: Made): Promise<void> {
  const quiet = flags.bool('quiet');
  const place = { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' };
  let found: Pod = pod;
  const release = factory.endOnSignal(1);
  await watchUntil(factory, { ...place, mapping: (await factory.mapper()).resolve('pods') }, A_WEEK, (change) => {
    if (change === undefined || change.type === 'DELETED') throw new UsageError('pods "" not found');
    found = change.object as unknown as Pod;
    const state = stateOf(found, container);
    if (state?.running !== undefined || state?.terminated !== undefined) return true;
    const message = state?.waiting?.message ?? '';
    if (!quiet && message !== '') factory.warn(`container ${container}: ${message}`);
    return false;
  });
  release();
  if (stateOf(found, container)?.terminated === undefined) {
    try {
      await attachTo(factory, found, { container, stdin: flags.bool('stdin'), tty: flags.bool('tty'), quiet, resume: 'kubectl attach' });
      return;
    } catch (error) {
      if (error instanceof ExitError) throw error;
      factory.streams.err(`warning: couldn't attach to pod/${place.name}, falling back to streaming logs: ${messageOf(error)}\n`);
    }
  }
  for await (const chunk of await factory.client.text({ ...place, subresource: 'log' }, { query: { container } })) factory.streams.out(chunk);
}
