/** kubectl run (pkg/cmd/run/run.go, pkg/generate/versioned/run.go). */
import type { KubeObject } from '../../api/object.js';
import type { Pod } from '../../resources/pods/types.js';
import { attachTo } from '../attaching.js';
import { type Command, ExitError, type Factory, type FlagValues, UsageError } from '../command.js';
import { messageOf } from '../errors.js';
import { parseLabelList, withTypedConfig } from '../generator.js';
import { isImageName } from '../image-names.js';
import { applyOverrides, OVERRIDE_TYPE, OVERRIDES } from '../overrides.js';
import { PODS, podRunningTimeout } from '../pods.js';
import { type ObjectPrinter, objectPrinter, outputOf } from '../printing.js';
import { RECORD, recorded } from '../record.js';
import * as shared from '../shared-flags.js';
import { deleteObjects } from './delete.js';

interface Options {
  readonly name: string;
  readonly rest: readonly string[];
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly attach: boolean;
  readonly propagation: shared.Propagation;
}

const command: Command<Options> = {
  use: 'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  short: 'Run an image on the cluster',
  long: 'Make a pod that runs an image.',
  examples: `# nginx
kubectl run nginx --image=nginx

# hazelcast, with its port
kubectl run hazelcast --image=hazelcast/hazelcast --port=5701

# With environment variables
kubectl run hazelcast --image=hazelcast/hazelcast --env="DNS_DOMAIN=cluster" --env="POD_NAMESPACE=default"

# With labels
kubectl run hazelcast --image=hazelcast/hazelcast --labels="app=hazelcast,env=prod"

# Only print the pod
kubectl run nginx --image=nginx --dry-run=client

# With a changed spec
kubectl run nginx --image=nginx --overrides='{ "apiVersion": "v1", "spec": { ... } }'

# busybox on this terminal, not to be restarted
kubectl run -i -t busybox --image=busybox --restart=Never

# Its own command, with other arguments
kubectl run nginx --image=nginx -- <arg1> <arg2> ... <argN>

# Another command
kubectl run nginx --image=nginx --command -- <cmd> <arg1> ... <argN>`,
  flags: [
    ...shared.PRINT,
    { name: 'annotations', type: 'stringArray', usage: 'Annotations of the pod.' },
    {
      name: 'attach',
      type: 'bool',
      usage: "Wait until the pod runs and attach to it. On by itself with '-i/--stdin'. With '--restart=Never' the exit code is the container's.",
    },
    ...shared.DELETION(),
    { name: 'command', type: 'bool', usage: "Arguments are the container's command, not only its arguments." },
    shared.DRY_RUN,
    { name: 'env', type: 'stringArray', usage: 'Environment variables of the container.' },
    { name: 'expose', type: 'bool', usage: 'Make a ClusterIP service too. Needs --port.' },
    shared.FIELD_MANAGER('kubectl-run'),
    ...shared.FILES('to use to replace the resource.'),
    { name: 'image', type: 'string', usage: 'The image of the container.', required: true },
    { name: 'image-pull-policy', type: 'string', usage: 'When to pull the image. None: as the server thinks.' },
    { name: 'labels', short: 'l', type: 'string', usage: 'Labels of the pod, joined by commas.' },
    { name: 'leave-stdin-open', type: 'bool', usage: 'When attached with stdin, leave it open when the first attach ends.' },
    OVERRIDE_TYPE,
    OVERRIDES,
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s', usage: 'How long to wait until the pod runs (5s, 2m, 3h; more than zero)' },
    { name: 'port', type: 'string', usage: 'The port of the container.' },
    { name: 'privileged', type: 'bool', usage: 'Run the container with all privileges.' },
    { name: 'quiet', short: 'q', type: 'bool', usage: 'Print nothing but what the container prints.' },
    RECORD,
    { name: 'restart', type: 'string', default: 'Always', usage: 'When containers are restarted. One of [Always, OnFailure, Never].' },
    { name: 'rm', type: 'bool', usage: 'Delete the pod when the attached session ends.' },
    shared.SAVE_CONFIG,
    { name: 'stdin', short: 'i', type: 'bool', usage: "Keep the container's stdin open, even when nothing is attached." },
    { name: 'tty', short: 't', type: 'bool', usage: 'Give the container a terminal.' },
  ],
  async complete(args, flags, factory, dash) {
    const dryRun = shared.dryRunOf(flags, factory);
    if (args.length === 0 || dash === 0) {
      if (!(dash === 0 && args.length > 0)) throw new UsageError('NAME is required for run', 'help');
    }
    podRunningTimeout(flags);
    const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
    return { name: args[0] as string, rest: args.slice(1), flags, dryRun, attach, propagation: shared.cascadeOf(flags, factory.streams) };
  },
  validate: check,
  run,
};
export default command;

function check({ flags, dryRun, attach }: Options): void {
  const image = flags.string('image');
  if (image === '') throw new UsageError('--image is required');
  if (!isImageName(image)) throw new UsageError(`Invalid image name "${image}": invalid reference format`);
  if (flags.bool('tty') && !flags.bool('stdin')) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true', 'help');
  if (flags.bool('expose') && flags.string('port') === '') throw new UsageError('--port must be set when exposing a service', 'help');
  if (!['Always', 'OnFailure', 'Never', ''].includes(flags.string('restart')))
    throw new UsageError(`invalid restart policy: ${flags.string('restart')}`, 'help');
  if (!attach && flags.bool('rm')) throw new UsageError('--rm should only be used for attached containers', 'help');
  if (attach && dryRun !== 'none')
    throw new UsageError("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)", 'help');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(flags.string('image-pull-policy'))) {
    throw new UsageError(`invalid image pull policy: ${flags.string('image-pull-policy')}`, 'help');
  }
}

async function run(options: Options, factory: Factory): Promise<void> {
  const { flags, dryRun, attach } = options;
  if (options.name === '') throw new UsageError('Parameter: name is required');
  const print = await objectPrinter(factory, flags, 'created', dryRun, true);
  let pod = recorded(factory, flags, await applyOverrides(podOf(options), flags, factory));
  if (factory.namespaceGiven) pod = inNamespace(pod, factory.namespace);
  const created: { resource: string; name: string }[] = [];
  // The pod is made first, and shown last.
  pod = dryRun === 'client' ? pod : await create(options, factory, 'pods', pod);
  if (flags.bool('expose')) {
    await expose(options, factory, pod, print);
    if (dryRun === 'none') created.push({ resource: 'services', name: options.name });
  }
  created.push({ resource: 'pods', name: pod.metadata.name ?? '' });
  if (!attach) {
    print(pod);
    return;
  }
  try {
    await attachAndWait(options, factory, pod);
  } finally {
    if (flags.bool('rm')) await remove(options, factory, created);
  }
}

/** BasicPod. Members in the order of Go's Pod. */
function podOf({ name, rest, flags }: Options): KubeObject {
  const labels = flags.string('labels') === '' ? { run: name } : parseLabelList(flags.string('labels'));
  const invalid = flags.strings('annotations').find((text) => text.indexOf('=') < 1);
  if (invalid !== undefined) throw new UsageError(`invalid annotations format: ${invalid}`);
  const annotations = Object.fromEntries(flags.strings('annotations').map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
  const env = flags.strings('env').map((text) => {
    const match = /^([^=]+)=([\s\S]*)$/.exec(text);
    if (match === null || !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(match[1] as string)) throw new UsageError(`invalid env: ${text}`);
    return { name: match[1], ...(match[2] === '' ? {} : { value: match[2] }) };
  });
  const port = flags.string('port');
  if (port !== '' && !/^[+-]?\d+$/.test(port)) throw new UsageError(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  const stdin = flags.bool('stdin');
  const policy = flags.string('image-pull-policy');
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, creationTimestamp: null, labels, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      containers: [
        {
          name,
          image: flags.string('image'),
          ...(rest.length > 0 ? { [flags.bool('command') ? 'command' : 'args']: rest } : {}),
          ...(port === '' ? {} : { ports: [{ containerPort: Number(port) }] }),
          ...(env.length === 0 ? {} : { env }),
          resources: {},
          ...(policy === '' ? {} : { imagePullPolicy: policy }),
          ...(flags.bool('privileged') ? { securityContext: { privileged: true } } : {}),
          ...(stdin ? { stdin } : {}),
          ...(stdin && !flags.bool('leave-stdin-open') ? { stdinOnce: true } : {}),
          ...(flags.bool('tty') ? { tty: true } : {}),
        },
      ],
      restartPolicy: flags.string('restart') || 'Always',
      dnsPolicy: 'ClusterFirst',
    },
    status: {},
  } as KubeObject;
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const { name, ...rest } = object.metadata;
  return { ...object, metadata: { ...(name === undefined ? {} : { name }), namespace, ...rest } };
}

async function expose({ name, flags, dryRun }: Options, factory: Factory, pod: KubeObject, print: ObjectPrinter): Promise<void> {
  const port = Number(flags.string('port'));
  let service = {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, creationTimestamp: null },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: pod.metadata.labels },
    status: { loadBalancer: {} },
  } as KubeObject;
  if (factory.namespaceGiven) service = inNamespace(service, factory.namespace);
  service = recorded(factory, flags, service);
  if (dryRun !== 'client') service = await create({ flags, dryRun }, factory, 'services', service);
  print(service);
  // run.go writes the separator itself, and the YAML printer another
  if (outputOf(flags) === 'yaml') factory.streams.out('---\n');
}

async function create({ flags, dryRun }: Pick<Options, 'flags' | 'dryRun'>, factory: Factory, resource: string, object: KubeObject): Promise<KubeObject> {
  const body = flags.bool('save-config') ? withTypedConfig(object) : object;
  return factory.client.create<KubeObject>({ resource: { ...PODS, resource }, namespace: factory.namespace }, body, {
    fieldManager: flags.string('field-manager'),
    ...shared.dryRunQuery(dryRun),
  });
}

async function attachAndWait({ flags }: Options, factory: Factory, pod: KubeObject): Promise<void> {
  const name = pod.metadata.name ?? '';
  const timeout = flags.duration('pod-running-timeout');
  const quiet = flags.bool('quiet');
  const isOver = (one: Pod) => one.status?.phase === 'Succeeded' || one.status?.phase === 'Failed';
  const isReady = (one: Pod) =>
    one.status?.phase === 'Running' && one.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
  const started = await waitFor(factory, name, timeout, (one) => isOver(one) || isReady(one));
  if (isOver(started)) await streamLogs(factory, started);
  else {
    try {
      await attachTo(factory, started, {
        container: started.spec.containers[0]?.name ?? '',
        stdin: flags.bool('stdin'),
        tty: flags.bool('tty'),
        quiet,
        resume: 'kubectl attach',
      });
    } catch (error) {
      if (error instanceof ExitError) throw error;
      factory.streams.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${messageOf(error)}\n`);
      await streamLogs(factory, started);
    }
  }
  const restart = started.spec.restartPolicy;
  const waits = !flags.bool('leave-stdin-open') && (restart === 'Never' || restart === 'OnFailure');
  if (!waits) return;
  const ended = await waitFor(factory, name, timeout, (one) => one.status?.phase === 'Succeeded' || (restart === 'Never' && one.status?.phase === 'Failed'));
  if (ended.status?.phase === 'Succeeded') return;
  const terminated = ended.status?.containerStatuses?.[0]?.state?.terminated;
  const where = `${ended.metadata.namespace}/${name}`;
  if (terminated === undefined || terminated.exitCode === 0) throw new UsageError(`pod ${where} failed with unknown exit code`);
  factory.streams.err(`pod ${where} terminated (${terminated.reason ?? ''})\n${terminated.message ?? ''}${(terminated.message ?? '') === '' ? '' : '\n'}`);
  throw new ExitError(terminated.exitCode);
}

async function streamLogs(factory: Factory, pod: Pod): Promise<void> {
  const target = { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', subresource: 'log' };
  for await (const chunk of await factory.client.text(target, { query: { container: pod.spec.containers[0]?.name, follow: true } })) factory.streams.out(chunk);
}

/** watchtools.UntilWithoutRetry on one pod. */
async function waitFor(factory: Factory, name: string, timeout: number, isDone: (pod: Pod) => boolean): Promise<Pod> {
  const { watchUntil } = await import('../waiting.js');
  let found: Pod | undefined;
  const mapping = (await factory.mapper()).resolve('pods');
  const release = factory.endOnSignal(1);
  const done = await watchUntil(factory, { mapping, namespace: factory.namespace, name }, timeout, (change) => {
    if (change?.type === 'DELETED') throw new UsageError(`pods "${name}" not found`);
    found = change?.object as unknown as Pod | undefined;
    return found !== undefined && isDone(found);
  });
  release();
  if (!done || found === undefined) throw new UsageError('timed out waiting for the condition');
  return found;
}

/** --rm: as `kubectl delete` with the deletion flags given. */
async function remove(
  { flags, propagation }: Options,
  factory: Factory,
  created: readonly { readonly resource: string; readonly name: string }[],
): Promise<void> {
  factory.endOnSignal(1);
  await deleteObjects(
    {
      request: { args: created.map(({ resource, name }) => `${resource}/${name}`), local: true },
      gracePeriod: flags.bool('force') && flags.int('grace-period') < 0 ? 0 : flags.int('grace-period'),
      propagation,
      dryRun: 'none',
      ignoreNotFound: true,
      output: '',
      wait: flags.bool('wait'),
      timeout: flags.duration('timeout'),
      warnClusterScope: false,
      quiet: flags.bool('quiet'),
    },
    factory,
  );
}
