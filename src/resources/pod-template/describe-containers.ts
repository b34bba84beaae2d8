/** Containers as `kubectl describe` prints them: describeContainers of kubectl pkg/describe/describe.go. */
import { goQuote } from '../../api/field.js';
import { formatQuantity, quantity, quantityMilliValue, quantityValue } from '../../api/quantity.js';
import type { IndentedWriter } from '../../api/resource.js';
import { describeTime } from '../meta/describe.js';
import type { ContainerState, ContainerStatus } from '../pods/types.js';
import type { Container, ContainerPort, EnvVar, Probe, ResourceFieldSelector, ResourceRequirements } from './types.js';

export interface ContainersOptions {
  /** In front of the title; templates have two blanks. */
  readonly indent: string;
  /** Absent: templates have none. */
  readonly statuses?: readonly ContainerStatus[];
  /** What a fieldRef comes to; templates do not know. */
  resolveField?(env: EnvVar): string;
}

export function describeContainers(out: IndentedWriter, title: string, containers: readonly Container[], options: ContainersOptions): void {
  out.write(0, `${options.indent}${title}:${containers.length === 0 ? ' <none>' : ''}\n`);
  for (const container of containers) {
    const status = options.statuses?.find(({ name }) => name === container.name);
    // Names of templates' containers stand one column further in: an oddity of kubectl.
    out.write(1, `${options.indent === '' ? '' : ' '}${container.name}:\n`);
    describeBasics(out, container, status);
    describeLines(out, 'Command', container.command);
    describeLines(out, 'Args', container.args);
    if (status !== undefined) {
      describeState(out, 'State', status.state);
      if (status.lastState?.terminated) describeState(out, 'Last State', status.lastState);
      out.write(2, `Ready:\t${status.ready ? 'True' : 'False'}\n`);
      out.write(2, `Restart Count:\t${status.restartCount}\n`);
    }
    describeResources(out, container.resources, 2);
    describeProbes(out, container);
    describeEnvFrom(out, container);
    describeEnv(out, container, options);
    describeMounts(out, container);
  }
}

function describeBasics(out: IndentedWriter, { image = '', ports = [], securityContext }: Container, status: ContainerStatus | undefined): void {
  if (status !== undefined) out.write(2, `Container ID:\t${status.containerID ?? ''}\n`);
  out.write(2, `Image:\t${image}\n`);
  if (status !== undefined) out.write(2, `Image ID:\t${status.imageID ?? ''}\n`);
  describePorts(out, 'Port', ports, (port) => port.containerPort);
  describePorts(out, 'Host Port', ports, (port) => port.hostPort ?? 0);
  const profile = securityContext?.seccompProfile;
  if (!profile) return;
  out.write(2, `SeccompProfile:\t${profile.type}\n`);
  if (profile.type === 'Localhost') out.write(3, `LocalhostProfile:\t${profile.localhostProfile ?? ''}\n`);
}

function describePorts(out: IndentedWriter, title: string, ports: readonly ContainerPort[], number: (port: ContainerPort) => number): void {
  const text = ports.map((port) => `${number(port)}/${port.protocol ?? ''}`).join(', ');
  out.write(2, `${title}${ports.length > 1 ? 's' : ''}:\t${text || '<none>'}\n`);
}

function describeLines(out: IndentedWriter, title: string, words: readonly string[] = []): void {
  if (words.length === 0) return;
  out.write(2, `${title}:\n`);
  for (const word of words) for (const line of word.split('\n')) out.write(3, `${line}\n`);
}

function describeState(out: IndentedWriter, title: string, state: ContainerState = {}): void {
  const { running, terminated, waiting } = state;
  if (running) {
    out.write(2, `${title}:\tRunning\n`);
    out.write(3, `Started:\t${describeTime(running.startedAt)}\n`);
  } else if (waiting || !terminated) {
    out.write(2, `${title}:\tWaiting\n`);
    if (waiting?.reason) out.write(3, `Reason:\t${waiting.reason}\n`);
  } else {
    out.write(2, `${title}:\tTerminated\n`);
    if (terminated.reason) out.write(3, `Reason:\t${terminated.reason}\n`);
    if (terminated.message) out.write(3, `Message:\t${terminated.message}\n`);
    out.write(3, `Exit Code:\t${terminated.exitCode}\n`);
    if ((terminated.signal ?? 0) > 0) out.write(3, `Signal:\t${terminated.signal}\n`);
    out.write(3, `Started:\t${describeTime(terminated.startedAt)}\n`);
    out.write(3, `Finished:\t${describeTime(terminated.finishedAt)}\n`);
  }
}

/** Limits and Requests, each sorted by name. */
export function describeResources(out: IndentedWriter, resources: ResourceRequirements | undefined, level: number): void {
  for (const [title, list] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const names = Object.keys(list ?? {}).sort();
    if (names.length > 0) out.write(level, `${title}:\n`);
    for (const name of names) out.write(level + 1, `${name}:\t${formatQuantity(quantity(list?.[name]))}\n`);
  }
}

function describeProbes(out: IndentedWriter, { livenessProbe, readinessProbe, startupProbe }: Container): void {
  if (livenessProbe) out.write(2, `Liveness:\t${probeText(livenessProbe)}\n`);
  if (readinessProbe) out.write(2, `Readiness:\t${probeText(readinessProbe)}\n`);
  if (startupProbe) out.write(2, `Startup:\t${probeText(startupProbe)}\n`);
}

function probeText(probe: Probe): string {
  const { exec, httpGet, tcpSocket, grpc } = probe;
  const times = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`;
  if (exec) return `exec [${(exec.command ?? []).join(' ')}] ${times}`;
  if (httpGet) {
    const { host = '', port, path = '', scheme = '' } = httpGet;
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return `http-get ${scheme.toLowerCase()}://${address}${path === '' || path.startsWith('/') ? '' : '/'}${escapePath(path)} ${times}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port} ${times}`;
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''} ${times}`;
  return `unknown ${times}`;
}

/** Go's net/url escaping of a path. */
const escapePath = (path: string): string =>
  path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@]/gu, (char) => [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));

function describeEnvFrom(out: IndentedWriter, { envFrom = [] }: Container): void {
  if (envFrom.length === 0) return;
  out.write(2, 'Environment Variables from:\n');
  for (const { prefix, configMapRef, secretRef } of envFrom) {
    const ref = configMapRef ?? secretRef;
    const from = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : '';
    out.write(3, `${ref?.name ?? ''}\t${from}${prefix ? ` with prefix '${prefix}'` : ''}\tOptional: ${ref?.optional === true}\n`);
  }
}

function describeEnv(out: IndentedWriter, container: Container, options: ContainersOptions): void {
  const { env = [] } = container;
  out.write(2, `Environment:${env.length === 0 ? '\t<none>' : ''}\n`);
  for (const variable of env) {
    const { name, value = '', valueFrom } = variable;
    if (!valueFrom) {
      value.split('\n').forEach((line, i) => {
        out.write(3, `${i === 0 ? `${name}:` : ''}\t${line}\n`);
      });
      continue;
    }
    const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
    if (fieldRef) out.write(3, `${name}:\t${options.resolveField?.(variable) ?? ''} (${fieldRef.apiVersion ?? ''}:${fieldRef.fieldPath})\n`);
    else if (resourceFieldRef) out.write(3, `${name}:\t${resourceText(resourceFieldRef, container)} (${resourceFieldRef.resource})\n`);
    else if (secretKeyRef)
      out.write(3, `${name}:\t<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ''}'>\tOptional: ${secretKeyRef.optional === true}\n`);
    else if (configMapKeyRef)
      out.write(
        3,
        `${name}:\t<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ''}'>\tOptional: ${configMapKeyRef.optional === true}\n`,
      );
  }
}

/** Whole divisors, rounded up (ExtractContainerResourceValue). */
function resourceText({ resource, divisor }: ResourceFieldSelector, { resources }: Container): string {
  const dot = resource.indexOf('.');
  const name = resource.slice(dot + 1);
  const list = resource.startsWith('limits.') ? resources?.limits : resources?.requests;
  const amount = quantity(list?.[name]);
  const unit = quantity(divisor ?? '0');
  const by = unit.nano === 0n ? quantity('1') : unit;
  const value = name === 'cpu' ? Math.ceil(quantityMilliValue(amount) / quantityMilliValue(by)) : Math.ceil(quantityValue(amount) / quantityValue(by));
  return value === 0 && (resource === 'limits.cpu' || resource === 'limits.memory') ? 'node allocatable' : String(value);
}

function describeMounts(out: IndentedWriter, { volumeMounts = [], volumeDevices = [] }: Container): void {
  const none = volumeMounts.length === 0 ? '\t<none>' : '';
  out.write(2, `Mounts:${none}\n`);
  for (const { mountPath, name, readOnly, subPath } of [...volumeMounts].sort((a, b) => (a.mountPath < b.mountPath ? -1 : a.mountPath > b.mountPath ? 1 : 0)))
    out.write(3, `${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'}${subPath ? `,path=${goQuote(subPath)}` : ''})\n`);
  if (volumeDevices.length === 0) return;
  // Whether there are mounts decides about `<none>` here too: an oddity of kubectl.
  out.write(2, `Devices:${none}\n`);
  for (const { devicePath, name } of [...volumeDevices].sort((a, b) => (a.devicePath < b.devicePath ? -1 : a.devicePath > b.devicePath ? 1 : 0)))
    out.write(3, `${devicePath} from ${name}\n`);
}
