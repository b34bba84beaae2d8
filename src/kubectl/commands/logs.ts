/** kubectl logs (pkg/cmd/logs/logs.go, pkg/polymorphichelpers/logsforobject.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { parseTime } from '../../api/time.js';
import type { Query } from '../../client/rest-client.js';
import type { Pod } from '../../resources/pods/types.js';
import { fetchInfo, listResource, NOTHING_NAMED, resolveType } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { messageOf } from '../errors.js';
import { requireRegistered } from '../patch-schema.js';
import { byLogging, defaultContainer, findContainer, firstPod, goType, PODS, podRunningTimeout, podSelectorOf, podsOf } from '../pods.js';
import * as shared from '../shared-flags.js';

interface Options {
  /** What -l does not name. */
  readonly object: KubeObject | undefined;
  readonly container: string;
  readonly selector: string;
  readonly tail: number;
  readonly prefix: boolean;
  readonly flags: FlagValues;
  /** How long to wait for a pod, in ms. */
  readonly timeout: number;
}

const USAGE = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

const command: Command<Options> = {
  use: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  short: 'Print what a container has logged',
  long: 'Print what a container of a pod, or of a pod of the given object, has written. A pod with one container needs no container name.',
  examples: `# The logs of a pod
kubectl logs nginx

# Of all its containers
kubectl logs nginx --all-containers=true

# Of the pods with a label
kubectl logs -l app=nginx --all-containers=true

# Of the container before the last restart
kubectl logs -p -c ruby web-1

# As they come
kubectl logs -f -c ruby web-1

# The last 20 lines
kubectl logs --tail=20 nginx

# Of the last hour
kubectl logs --since=1h nginx

# Of a pod of a job or a deployment
kubectl logs job/hello
kubectl logs deployment/nginx -c nginx-1`,
  flags: [
    { name: 'all-containers', type: 'bool', usage: 'All containers of the pods.' },
    { name: 'all-pods', type: 'bool', usage: 'All pods of the object. Turns --prefix on.' },
    { name: 'container', short: 'c', type: 'string', usage: 'This container' },
    { name: 'follow', short: 'f', type: 'bool', usage: 'Go on printing as the container goes on writing.' },
    { name: 'ignore-errors', type: 'bool', usage: 'Go on when the logs of one container fail' },
    { name: 'insecure-skip-tls-verify-backend', type: 'bool', usage: 'Do not check the identity of the kubelet the logs come from.' },
    { name: 'limit-bytes', type: 'int64', default: '0', usage: 'At most so many bytes; 0: no limit.' },
    { name: 'max-log-requests', type: 'int', default: '5', usage: 'With a selector: follow at most so many logs at a time.' },
    { name: 'pod-running-timeout', type: 'duration', default: '20s', usage: 'How long to wait until a pod runs (5s, 2m, 3h; more than zero)' },
    { name: 'prefix', type: 'bool', usage: 'Begin each line with the pod and container it is from' },
    { name: 'previous', short: 'p', type: 'bool', usage: 'The logs of the container before its last restart.' },
    shared.SELECTOR,
    { name: 'since', type: 'duration', default: '0s', usage: 'Only what is newer than this (5s, 2m, 3h). Not together with --since-time.' },
    { name: 'since-time', type: 'string', usage: 'Only what was written after this time (RFC3339). Not together with --since.' },
    { name: 'tail', type: 'int64', default: '-1', usage: 'Only so many of the last lines; -1: all, but 10 with a selector.' },
    { name: 'timestamps', type: 'bool', usage: 'Begin each line with its time' },
  ],
  async complete(args, flags, factory) {
    const selector = flags.string('selector');
    let container = flags.string('container');
    if (args.length === 0 && selector === '') throw new UsageError(USAGE, 'help');
    if (args.length > 0 && selector !== '') throw new UsageError('only a selector (-l) or a POD name is allowed', 'help');
    if (args.length > 2) throw new UsageError(USAGE, 'help');
    if (args.length === 2) {
      container = args[1] as string;
    }
    const timeout = podRunningTimeout(flags, 'none');
    const sinceTime = flags.string('since-time');
    if (sinceTime !== '' && parseTime(sinceTime) === undefined) {
      throw new UsageError((await import('../../text/go-time.js')).timeError(sinceTime));
    }
    const object = selector === '' ? await target(args[0] as string, factory) : undefined;
    if (args.length === 2 && flags.string('container') !== '') throw new UsageError('only one of -c or an inline [CONTAINER] arg is allowed');
    let tail = flags.int('tail');
    if (selector !== '' && !flags.changed('tail') && !flags.bool('follow')) tail = 10;
    return { object, container, selector, tail, prefix: flags.bool('prefix') || flags.bool('all-pods'), flags, timeout };
  },
  validate({ flags, container, tail }) {
    if (flags.string('since-time') !== '' && flags.duration('since') !== 0)
      throw new UsageError('at most one of `sinceTime` or `sinceSeconds` may be specified');
    if (flags.bool('all-containers') && container !== '')
      throw new UsageError(`--all-containers=true should not be specified with container name ${container}`);
    if (flags.duration('since') < 0) throw new UsageError('--since must be greater than 0');
    if (flags.int('limit-bytes') < 0) throw new UsageError('--limit-bytes must be greater than 0');
    if (tail < -1) throw new UsageError('--tail must be greater than or equal to -1');
  },
  run,
};
export default command;

interface LogRequest {
  readonly pod: Pod;
  readonly container: string;
}

async function run(options: Options, factory: Factory): Promise<void> {
  const requests = await requestsOf(options, factory);
  const { flags, prefix } = options;
  const follow = flags.bool('follow');
  factory.endOnSignal(1);
  if (follow && requests.length > 1) {
    const most = flags.int('max-log-requests');
    if (requests.length > most) {
      throw new UsageError(
        `you are attempting to follow ${requests.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
      );
    }
    await Promise.all(requests.map((request) => consume(request, options, factory, prefix)));
    return;
  }
  for (const request of requests) await consume(request, options, factory, prefix);
}

async function consume({ pod, container }: LogRequest, options: Options, factory: Factory, prefix: boolean): Promise<void> {
  const head = prefix ? `[pod/${pod.metadata.name}/${container}] ` : '';
  try {
    const stream = await factory.client.text(
      { resource: PODS, namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '', subresource: 'log' },
      { query: queryOf(options, container) },
    );
    let open = false;
    for await (const chunk of stream) {
      if (head === '') {
        factory.streams.out(chunk);
        continue;
      }
      let text = '';
      for (const line of chunk.split(/(?<=\n)/)) {
        if (line === '') continue;
        text += open ? line : head + line;
        open = !line.endsWith('\n');
      }
      factory.streams.out(text);
    }
  } catch (error) {
    if (!options.flags.bool('ignore-errors')) throw error;
    factory.streams.out(`error: ${messageOf(error)}\n`);
  }
}

function queryOf({ flags, tail }: Options, container: string): Query {
  const since = flags.duration('since');
  const limit = flags.int('limit-bytes');
  return {
    container,
    follow: flags.bool('follow'),
    previous: flags.bool('previous'),
    timestamps: flags.bool('timestamps'),
    insecureSkipTLSVerifyBackend: flags.bool('insecure-skip-tls-verify-backend'),
    ...(since === 0 ? {} : { sinceSeconds: Math.ceil(since / 1000) }),
    sinceTime: flags.string('since-time'),
    ...(limit === 0 ? {} : { limitBytes: limit }),
    ...(tail === -1 ? {} : { tailLines: tail }),
  };
}

async function requestsOf(options: Options, factory: Factory): Promise<readonly LogRequest[]> {
  const { object } = options;
  if (object === undefined) {
    const mapping = (await factory.mapper()).resolve('pods');
    const pods = (await listResource(factory, { selector: options.selector }, mapping)).items as unknown as readonly Pod[];
    if (pods.length === 0) {
      factory.streams.err(`No resources found in ${factory.namespace} namespace.\n`);
      return [];
    }
    return pods.flatMap((pod) => containersOf(pod, options, factory));
  }
  if (object.kind === 'Pod' && object.apiVersion === 'v1') return containersOf(object as unknown as Pod, options, factory);
  requireRegistered(object as unknown as KubeObject);
  let selector: string;
  try {
    selector = podSelectorOf(object);
  } catch (error) {
    throw new UsageError(`cannot get the logs from ${goType(object)}: ${messageOf(error)}`);
  }
  const namespace = object.metadata.namespace ?? factory.namespace;
  // Without a pod yet both wait for one (polymorphichelpers GetPodList, GetFirstPod)
  const { pod, count } = await firstPod(factory, namespace, selector, options.timeout, byLogging);
  if (options.flags.bool('all-pods')) return (await podsOf(factory, namespace, selector)).flatMap((one) => containersOf(one, options, factory));
  if (count > 1) factory.streams.err(`Found ${count} pods, using pod/${pod.metadata.name}\n`);
  return containersOf(pod, options, factory);
}

async function target(name: string, factory: Factory): Promise<KubeObject> {
  if (name === '') throw new UsageError(NOTHING_NAMED);
  const mapper = await factory.mapper();
  const [type, ...rest] = name.includes('/') ? name.split('/') : ['pods', name];
  if (rest.length !== 1) throw new UsageError('arguments in resource/name form may not have more than one slash');
  if (type === '' || rest[0] === '') throw new UsageError('arguments in resource/name form must have a single resource and name');
  const mapping = resolveType(mapper, type as string);
  try {
    return (await fetchInfo(factory, { mapping, namespace: mapping.namespaced ? factory.namespace : '', name: rest[0] as string, source: '' }))
      .object as KubeObject;
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') {
      throw new UsageError(`error from server (NotFound): ${error.message} in namespace "${factory.namespace}"`);
    }
    throw error;
  }
}

function containersOf(pod: Pod, options: Options, factory: Factory): readonly LogRequest[] {
  if (options.flags.bool('all-containers')) {
    const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])];
    return all.map(({ name }) => ({ pod, container: name }));
  }
  const container = options.container === '' ? defaultContainer(pod, factory.streams.err) : options.container;
  if (findContainer(pod, container) === undefined) throw new UsageError(`container ${container} is not valid for pod ${pod.metadata.name}`);
  return [{ pod, container }];
}
