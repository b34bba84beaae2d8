/** Containers, init containers and ephemeral containers: pkg/apis/core/validation/validation.go, errors in upstream's order. */
import { duplicate, type FieldError, forbidden, invalid, notFoundValue, notSupported, required } from '../../api/field.js';
import { isGivenEmpty } from '../../api/given.js';
import { dnsLabel, envName, nameIsSubdomain, portName, portNumber } from '../meta/names.js';
import type { Container, ContainerPort, EnvFromSource, EnvVar, EphemeralContainer, PodSpec, VolumeDevice, VolumeMount, VolumeSource } from './types.js';
import { validateHandlers } from './validate-handlers.js';
import { validateDescendingPath } from './validate-paths.js';
import { ENV_FIELDS, validateFieldRef, validateKeySelector, validateResourceFieldRef } from './validate-refs.js';
import { validateResizePolicy, validateResources } from './validate-resources.js';
import { validateContainerSecurity } from './validate-security.js';

/** What a container's rules look at besides the container. */
export interface PodContext {
  readonly spec: PodSpec;
  /** Valid volumes by name: one with an error counts as missing. */
  readonly volumes: ReadonlyMap<string, VolumeSource>;
  readonly claims: ReadonlySet<string>;
}

const hostUsers = (spec: PodSpec): boolean => spec.hostUsers !== false;

export function validateContainers(context: PodContext, at: string, errors: FieldError[]): void {
  const containers = context.spec.containers ?? [];
  if (containers.length === 0) {
    errors.push(required(at));
    return;
  }
  const names = new Set<string>();
  containers.forEach((container, i) => {
    const path = `${at}[${i}]`;
    validateCommon(container, context, path, errors);
    const { name = '' } = container;
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    validateHandlers(container, context.spec.terminationGracePeriodSeconds, path, errors);
    if (container.restartPolicy !== undefined) errors.push(forbidden(`${path}.restartPolicy`, 'may not be set for non-init containers'));
  });
  validateHostPorts(containers, at, errors);
}

export function validateInitContainers(context: PodContext, at: string, errors: FieldError[]): void {
  const containers = context.spec.initContainers;
  if (!containers?.length) return;
  const names = new Set((context.spec.containers ?? []).map((container) => container.name));
  containers.forEach((container, i) => {
    const path = `${at}[${i}]`;
    validateCommon(container, context, path, errors);
    const { name = '', restartPolicy } = container;
    const isSidecar = restartPolicy === 'Always';
    if (restartPolicy !== undefined && !isSidecar) errors.push(notSupported(`${path}.restartPolicy`, restartPolicy, ['Always']));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    else if (name !== '') names.add(name);
    // One by one: init containers do not run together. The index is always 0, as upstream has it.
    validateHostPorts([container], at, errors);
    if (isSidecar) validateHandlers(container, context.spec.terminationGracePeriodSeconds, path, errors);
    else
      for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
        if (container[field]) errors.push(forbidden(`${path}.${field}`, 'may not be set for init containers without restartPolicy=Always'));
  });
}

/** What an ephemeral container may not have, in the order of Container's fields. */
const NOT_EPHEMERAL = ['ports', 'resources', 'resizePolicy', 'restartPolicy', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const;
const NO_EPHEMERAL = 'cannot be set for an Ephemeral Container';

export function validateEphemeralContainers(context: PodContext, at: string, errors: FieldError[]): void {
  const containers = context.spec.ephemeralContainers;
  if (!containers?.length) return;
  const targets = new Set([...(context.spec.containers ?? []), ...(context.spec.initContainers ?? [])].map((container) => container.name));
  const names = new Set(targets);
  containers.forEach((container, i) => {
    const path = `${at}[${i}]`;
    validateCommon(container, context, path, errors);
    validateOnlyForPod(container, path, errors);
    const { name = '', targetContainerName = '' } = container;
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (targetContainerName !== '' && !targets.has(targetContainerName)) errors.push(notFoundValue(`${path}.targetContainerName`, targetContainerName));
    for (const field of NOT_EPHEMERAL) if (isGiven(container, field)) errors.push(forbidden(`${path}.${field}`, NO_EPHEMERAL));
    container.volumeMounts?.forEach((mount, j) => {
      if (mount.subPath) errors.push(forbidden(`${path}.volumeMounts[${j}].subPath`, NO_EPHEMERAL));
      if (mount.subPathExpr) errors.push(forbidden(`${path}.volumeMounts[${j}].subPathExpr`, NO_EPHEMERAL));
    });
  });
}

function isGiven(container: EphemeralContainer, field: keyof EphemeralContainer): boolean {
  const value = container[field];
  if (value === undefined || value === null) return isGivenEmpty(container, field);
  return field !== 'resources' || Object.keys(value).length > 0;
}

/** For containers of a pod, not of a template. */
export function validateOnlyForPod(container: Container, at: string, errors: FieldError[]): void {
  const { image = '' } = container;
  if (image.trim().length !== image.length) errors.push(invalid(`${at}.image`, image, 'must not have leading or trailing whitespace'));
}

/** validateContainerCommon. */
function validateCommon(container: Container, context: PodContext, at: string, errors: FieldError[]): void {
  const { name = '', terminationMessagePolicy: messages = '', imagePullPolicy: pull = '' } = container;
  if (name === '') errors.push(required(`${at}.name`));
  else for (const problem of dnsLabel(name)) errors.push(invalid(`${at}.name`, name, problem));
  if (!container.image) errors.push(required(`${at}.image`));
  if (messages === '') errors.push(required(`${at}.terminationMessagePolicy`));
  else if (messages !== 'File' && messages !== 'FallbackToLogsOnError')
    errors.push(notSupported(`${at}.terminationMessagePolicy`, messages, ['File', 'FallbackToLogsOnError']));
  if (container.ports) validatePorts(container.ports, `${at}.ports`, errors);
  if (container.env) validateEnv(container.env, `${at}.env`, errors);
  if (container.envFrom) validateEnvFrom(container.envFrom, `${at}.envFrom`, errors);
  if (container.volumeMounts) validateMounts(container, container.volumeMounts, context.volumes, `${at}.volumeMounts`, errors);
  if (container.volumeDevices) validateDevices(container, container.volumeDevices, context.volumes, `${at}.volumeDevices`, errors);
  if (pull === '') errors.push(required(`${at}.imagePullPolicy`));
  else if (pull !== 'Always' && pull !== 'IfNotPresent' && pull !== 'Never')
    errors.push(notSupported(`${at}.imagePullPolicy`, pull, ['Always', 'IfNotPresent', 'Never']));
  if (container.resources) validateResources(container.resources, context.claims, `${at}.resources`, errors);
  if (container.resizePolicy) validateResizePolicy(container.resizePolicy, context.spec.restartPolicy ?? '', `${at}.resizePolicy`, errors);
  if (container.securityContext) validateContainerSecurity(container.securityContext, hostUsers(context.spec), `${at}.securityContext`, errors);
}

function validatePorts(ports: readonly ContainerPort[], at: string, errors: FieldError[]): void {
  const names = new Set<string>();
  ports.forEach((port, i) => {
    const { name = '', containerPort = 0, hostPort = 0, protocol = '' } = port;
    if (name !== '') {
      const problems = portName(name);
      for (const problem of problems) errors.push(invalid(`${at}[${i}].name`, name, problem));
      if (problems.length === 0) {
        if (names.has(name)) errors.push(duplicate(`${at}[${i}].name`, name));
        names.add(name);
      }
    }
    if (containerPort === 0) errors.push(required(`${at}[${i}].containerPort`));
    else for (const problem of portNumber(containerPort)) errors.push(invalid(`${at}[${i}].containerPort`, containerPort, problem));
    if (hostPort !== 0) for (const problem of portNumber(hostPort)) errors.push(invalid(`${at}[${i}].hostPort`, hostPort, problem));
    if (protocol === '') errors.push(required(`${at}[${i}].protocol`));
    else if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')
      errors.push(notSupported(`${at}[${i}].protocol`, protocol, ['SCTP', 'TCP', 'UDP']));
  });
}

/** No two containers may ask for the same port of the host. */
function validateHostPorts(containers: readonly Container[], at: string, errors: FieldError[]): void {
  let seen: Set<string> | undefined;
  for (const [i, { ports }] of containers.entries())
    ports?.forEach(({ hostPort, protocol = '', hostIP = '' }, j) => {
      if (!hostPort) return;
      seen ??= new Set();
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (seen.has(key)) errors.push(duplicate(`${at}[${i}].ports[${j}].hostPort`, key));
      seen.add(key);
    });
}

function validateEnv(env: readonly EnvVar[], at: string, errors: FieldError[]): void {
  env.forEach((variable, i) => {
    const { name = '' } = variable;
    if (name === '') errors.push(required(`${at}[${i}].name`));
    else for (const problem of envName(name)) errors.push(invalid(`${at}[${i}].name`, name, problem));
    if (variable.valueFrom) validateValueFrom(variable, `${at}[${i}].valueFrom`, errors);
  });
}

function validateValueFrom({ value, valueFrom }: EnvVar, at: string, errors: FieldError[]): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  if (fieldRef) validateFieldRef(fieldRef, ENV_FIELDS, `${at}.fieldRef`, errors);
  if (resourceFieldRef) validateResourceFieldRef(resourceFieldRef, `${at}.resourceFieldRef`, false, errors);
  if (configMapKeyRef) validateKeySelector(configMapKeyRef, `${at}.configMapKeyRef`, errors);
  if (secretKeyRef) validateKeySelector(secretKeyRef, `${at}.secretKeyRef`, errors);
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(Boolean).length;
  if (count === 0) errors.push(invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'));
  else if (value) errors.push(invalid(at, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
}

function validateEnvFrom(sources: readonly EnvFromSource[], at: string, errors: FieldError[]): void {
  sources.forEach(({ prefix, configMapRef, secretRef }, i) => {
    if (prefix) for (const problem of envName(prefix)) errors.push(invalid(`${at}[${i}].prefix`, prefix, problem));
    for (const [field, ref] of [
      ['configMapRef', configMapRef],
      ['secretRef', secretRef],
    ] as const) {
      if (!ref) continue;
      if (!ref.name) errors.push(required(`${at}[${i}].${field}.name`));
      else for (const problem of nameIsSubdomain(ref.name, true)) errors.push(invalid(`${at}[${i}].${field}.name`, ref.name, problem));
    }
    // The path has no index: upstream reports both at the list.
    if (!configMapRef && !secretRef) errors.push(invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (configMapRef && secretRef) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
  });
}

function validateMounts(
  container: Container,
  mounts: readonly VolumeMount[],
  volumes: ReadonlyMap<string, VolumeSource>,
  at: string,
  errors: FieldError[],
): void {
  const paths = new Set<string>();
  const devices = container.volumeDevices;
  mounts.forEach((mount, i) => {
    const { name = '', mountPath = '', subPath, subPathExpr } = mount;
    const path = `${at}[${i}]`;
    if (name === '') errors.push(required(`${path}.name`));
    if (!volumes.has(name)) errors.push(notFoundValue(`${path}.name`, name));
    if (mountPath === '') errors.push(required(`${path}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${path}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (devices?.some((device) => device.name === name)) errors.push(invalid(`${path}.name`, name, 'must not already exist in volumeDevices'));
    if (devices?.some((device) => device.devicePath === mountPath))
      errors.push(invalid(`${path}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    // From here on the paths have no index: an oddity of upstream.
    if (subPath) validateDescendingPath(subPath, `${at}.subPath`, errors);
    if (subPathExpr) {
      if (subPath) errors.push(invalid(`${path}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      validateDescendingPath(subPathExpr, `${at}.subPathExpr`, errors);
    }
    if (mount.mountPropagation !== undefined) validatePropagation(mount.mountPropagation, container, `${at}.mountPropagation`, errors);
    if (mount.recursiveReadOnly !== undefined) validateRecursiveReadOnly(mount, `${at}.recursiveReadOnly`, errors);
  });
}

function validatePropagation(propagation: string, container: Container, at: string, errors: FieldError[]): void {
  if (propagation !== 'Bidirectional' && propagation !== 'HostToContainer' && propagation !== 'None')
    errors.push(notSupported(at, propagation, ['Bidirectional', 'HostToContainer', 'None']));
  if (propagation === 'Bidirectional' && container.securityContext?.privileged !== true)
    errors.push(forbidden(at, 'Bidirectional mount propagation is available only to privileged containers'));
}

function validateRecursiveReadOnly(mount: VolumeMount, at: string, errors: FieldError[]): void {
  switch (mount.recursiveReadOnly) {
    case 'Disabled':
      return;
    case 'Enabled':
    case 'IfPossible':
      if (!mount.readOnly) errors.push(forbidden(at, 'may only be specified when readOnly is true'));
      if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None')
        errors.push(forbidden(at, 'may only be specified when mountPropagation is None or not specified'));
      return;
    default:
      errors.push(notSupported(at, mount.recursiveReadOnly, ['Disabled', 'Enabled', 'IfPossible']));
  }
}

function validateDevices(
  container: Container,
  devices: readonly VolumeDevice[],
  volumes: ReadonlyMap<string, VolumeSource>,
  at: string,
  errors: FieldError[],
): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounts = container.volumeMounts;
  devices.forEach(({ name = '', devicePath = '' }, i) => {
    const path = `${at}[${i}]`;
    const volume = volumes.get(name);
    if (name === '') errors.push(required(`${path}.name`));
    if (names.has(name)) errors.push(invalid(`${path}.name`, name, 'must be unique'));
    if (volume === undefined) errors.push(notFoundValue(`${path}.name`, name));
    else if (!volume.persistentVolumeClaim && !volume.ephemeral)
      errors.push(invalid(`${path}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
    if (devicePath === '') errors.push(required(`${path}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalid(`${path}.devicePath`, devicePath, 'must be unique'));
    if (devicePath.split('/').includes('..')) errors.push(invalid(`${path}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts?.some((mount) => mount.name === name)) errors.push(invalid(`${path}.name`, name, 'must not already exist in volumeMounts'));
    if (mounts?.some((mount) => mount.mountPath === devicePath))
      errors.push(invalid(`${path}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'));
    if (name !== '') names.add(name);
  });
}
