/** kubectl port-forward (pkg/cmd/portforward/portforward.go, client-go tools/portforward). */
import { createServer, isIP, type Server, type Socket } from 'node:net';
import type { Json, KubeObject } from '../../api/object.js';
import type { Pod } from '../../resources/pods/types.js';
import { attachablePod, namedObject } from '../attachable.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { messageOf } from '../errors.js';
import { at } from '../pod-specs.js';
import { PODS, podRunningTimeout } from '../pods.js';

interface Options {
  readonly name: string;
  readonly ports: readonly string[];
  readonly flags: FlagValues;
  readonly timeout: number;
}

const command: Command<Options> = {
  use: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  short: 'Forward local ports to a pod',
  long: `Forward local ports to a pod.

Of a deployment, service or other object one of its pods is taken, and kept until it ends; then forwarding ends.`,
  examples: `# 5000 and 6000 to the same ports of a pod
kubectl port-forward pod/mypod 5000 6000

# To a pod of a deployment
kubectl port-forward deployment/mydeployment 5000 6000

# 8443 to the target port of the service's port "https"
kubectl port-forward service/myservice 8443:https

# 8888 to 5000 of a pod
kubectl port-forward pod/mypod 8888:5000

# On all addresses of this machine
kubectl port-forward --address 0.0.0.0 pod/mypod 8888:5000

# Any free port to 5000 of a pod
kubectl port-forward pod/mypod :5000`,
  flags: [
    {
      name: 'address',
      type: 'stringSlice',
      default: '[localhost]',
      usage: 'Addresses to listen on, joined by commas: IP addresses or localhost, which is 127.0.0.1 and ::1, of which one must be free.',
    },
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s', usage: 'How long to wait until a pod runs (5s, 2m, 3h; more than zero)' },
  ],
  async complete(args, flags) {
    if (args.length < 2) throw new UsageError('TYPE/NAME and list of ports are required for port-forward', 'help');
    return { name: args[0] as string, ports: args.slice(1), flags, timeout: podRunningTimeout(flags) };
  },
  run,
};
export default command;

interface Forward {
  readonly local: number;
  readonly remote: number;
}

async function run({ name, ports, flags, timeout }: Options, factory: Factory): Promise<void> {
  const object = await namedObject(factory, name);
  const pod = await attachablePod(factory, object, timeout, 'k8s.io/client-go/kubernetes/scheme/register.go:84');
  if (object.kind === 'Service') checkUdp(ports, object);
  const translated = ports.map((text) => translate(text, object, pod));
  if (pod.status?.phase !== 'Running') throw new UsageError(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`);
  const addresses = flags.strings('address');
  if (addresses.length === 0) throw new UsageError('you must specify at least 1 address');
  const invalid = addresses.find((address) => address !== 'localhost' && isIP(address) === 0);
  if (invalid !== undefined) throw new UsageError(`${invalid} is not a valid IP`);
  const forwards = translated.map(forwardOf);
  await reach(factory, pod);
  const servers: Server[] = [];
  let isListening = false;
  for (const forward of forwards) {
    const { listening, failure } = await listen(factory, pod, forward, addresses);
    servers.push(...listening);
    if (failure === undefined) isListening = true;
    else factory.streams.err(`Unable to listen on port ${forward.local}: ${failure}\n`);
  }
  if (!isListening) {
    for (const server of servers) server.close();
    throw new UsageError(`unable to listen on any of the requested ports: [${forwards.map(({ local, remote }) => `{${local} ${remote}}`).join(' ')}]`);
  }
  factory.endOnSignal(0, ['SIGINT']);
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.on('close', () => done()))));
}

/** Go's Atoi would take it. */
const isNumber = (text: string): boolean => /^[+-]?\d+$/.test(text);

/** `8888:5000`, `5000`, `:5000`, `8443:https` with a number behind the colon; of a service the remote part is its own port. */
function translate(text: string, object: KubeObject, pod: Pod): readonly [string, string] {
  const parts = text.split(':');
  const [local, remote] = (parts.length === 2 ? parts : [parts[0], parts[0]]) as [string, string];
  const isService = object.kind === 'Service';
  if (!isService && remote === '') throw new UsageError('remote port cannot be empty');
  const port = isService ? String(servicePort(remote, object, pod)) : isNumber(remote) ? remote : String(podPort(remote, pod));
  return local !== remote ? [local || '0', port] : isService && isNumber(remote) ? [remote, port] : [port, port];
}

/** client-go tools/portforward parsePorts. */
function forwardOf([local, remote]: readonly [string, string]): Forward {
  const forward = { local: portNumber(local, 'local'), remote: portNumber(remote, 'remote') };
  if (forward.remote === 0) throw new UsageError('remote port must be > 0');
  return forward;
}

function portNumber(text: string, which: 'local' | 'remote'): number {
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : Number(text) > 65535 ? 'value out of range' : undefined;
  if (why !== undefined) throw new UsageError(`error parsing ${which} port '${text}': strconv.ParseUint: parsing "${text}": ${why}`);
  return Number(text);
}

function podPort(text: string, pod: Pod): number {
  for (const container of pod.spec.containers) for (const port of container.ports ?? []) if (port.name === text) return port.containerPort;
  throw new UsageError(`Pod '${pod.metadata.name}' does not have a named port '${text}'`);
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
}
const portsOf = (service: KubeObject): readonly ServicePort[] => (at(service as unknown as Json, ['spec', 'ports']) ?? []) as unknown as readonly ServicePort[];

function servicePort(text: string, service: KubeObject, pod: Pod): number {
  const found = portsOf(service).find((port) => port.name === text || String(port.port) === text);
  if (found === undefined) {
    throw new UsageError(
      /^\d+$/.test(text)
        ? `Service ${service.metadata.name} does not have a service port ${text}`
        : `Service '${service.metadata.name}' does not have a named port '${text}'`,
    );
  }
  if (at(service as unknown as Json, ['spec', 'clusterIP']) === 'None') return found.port;
  return found.targetPort === undefined || found.targetPort === 0
    ? found.port
    : typeof found.targetPort === 'number'
      ? found.targetPort
      : podPort(found.targetPort, pod);
}

function checkUdp(ports: readonly string[], service: KubeObject): void {
  for (const text of ports) {
    const remote = text.split(':').at(-1) as string;
    const found = portsOf(service).filter((port) => String(port.port) === remote || port.name === remote);
    if (found.length > 0 && found.every((port) => port.protocol === 'UDP')) throw new UsageError(`UDP protocol is not supported for ${remote}`);
  }
}

/** One of localhost's two addresses is enough; of those named each must be free (listenOnPort). */
async function listen(
  factory: Factory,
  pod: Pod,
  forward: Forward,
  addresses: readonly string[],
): Promise<{ readonly listening: readonly Server[]; readonly failure: string | undefined }> {
  const servers: Server[] = [];
  const failures: string[] = [];
  let isRefused = false;
  let isLocal = false;
  let local = forward.local;
  for (const [address, name] of addresses.flatMap((one) => (one === 'localhost' ? ['127.0.0.1', '::1'] : [one]).map((ip) => [ip, one] as const))) {
    const server = createServer({ allowHalfOpen: true }, (socket) => void connect(factory, pod, local, forward.remote, socket));
    const shown = address.includes(':') ? `[${address}]` : address;
    try {
      await new Promise<void>((done, failed) => {
        server.once('error', failed);
        server.listen(local, address, done);
      });
      local = (server.address() as { port: number }).port;
      factory.streams.out(`Forwarding from ${shown}:${local} -> ${forward.remote}\n`);
      servers.push(server);
      if (name === 'localhost') isLocal = true;
    } catch (error) {
      failures.push(`unable to create listener: Error listen tcp${address.includes(':') ? '6' : '4'} ${shown}:${local}: bind: ${reason(error)}`);
      if (name !== 'localhost') isRefused = true;
    }
  }
  const hasFailed = isRefused || (failures.length > 0 && addresses.includes('localhost') && !isLocal);
  return { listening: servers, failure: hasFailed ? `Listeners failed to create with the following errors: [${failures.join(' ')}]` : undefined };
}

const reason = (error: unknown): string =>
  ({ EADDRINUSE: 'address already in use', EACCES: 'permission denied', EADDRNOTAVAIL: 'cannot assign requested address' })[
    String((error as { code?: string }).code)
  ] ?? messageOf(error);

const targetOf = ({ metadata }: KubeObject) => ({ resource: PODS, namespace: metadata.namespace ?? '', name: metadata.name ?? '', subresource: 'portforward' });

/** The connection that all others go through is made before anybody listens. */
async function reach(factory: Factory, pod: Pod): Promise<void> {
  try {
    (await factory.client.session(targetOf(pod), { ports: '1' })).close(0);
  } catch (error) {
    throw new UsageError(`error upgrading connection: ${messageOf(error)}`);
  }
}

/** One connection is one session; channel 0 is its bytes, 1 what went wrong. */
async function connect(factory: Factory, pod: Pod, local: number, remote: number, socket: Socket): Promise<void> {
  factory.streams.out(`Handling connection for ${local}\n`);
  const stop = new AbortController();
  socket.on('error', () => stop.abort());
  socket.on('close', () => stop.abort());
  try {
    const session = await factory.client.session(targetOf(pod), { ports: String(remote) }, stop.signal);
    socket.on('data', (data) => session.send(0, data));
    socket.on('end', () => session.close(0));
    for await (const { channel, data } of session.frames) {
      if (channel === 0) socket.write(data);
      else if (data.length > 0) {
        factory.streams.err(
          `E portforward.go: an error occurred forwarding ${local} -> ${remote}: error forwarding port ${remote} to pod ${pod.metadata.uid}, uid : ${new TextDecoder().decode(data)}\n`,
        );
      }
    }
    socket.end();
  } catch (error) {
    factory.streams.err(`error: ${messageOf(error)}\n`);
    socket.destroy();
  }
}
