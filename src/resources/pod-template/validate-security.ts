/** Security contexts of pods and containers: pkg/apis/core/validation/validation.go. */
import { duplicate, type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../../api/field.js';
import { goBadValue } from '../meta/go/syntax.js';
import { dnsSubdomain, inclusiveRangeText } from '../meta/names.js';
import type { AppArmorProfile, Container, PodSecurityContext, PodSpec, SeccompProfile, SecurityContext, WindowsSecurityContextOptions } from './types.js';
import { validateDescendingPath } from './validate-paths.js';

const MAX_ID = 2 ** 31 - 1;

function validateId(id: number | undefined, at: string, errors: FieldError[]): void {
  if (id !== undefined && id !== null && (id < 0 || id > MAX_ID)) errors.push(invalid(at, id, inclusiveRangeText(0, MAX_ID)));
}

/** validatePodSpecSecurityContext. */
export function validatePodSecurity(context: PodSecurityContext, spec: PodSpec, at: string, errors: FieldError[]): void {
  validateId(context.fsGroup, `${at}.fsGroup`, errors);
  validateId(context.runAsUser, `${at}.runAsUser`, errors);
  validateId(context.runAsGroup, `${at}.runAsGroup`, errors);
  context.supplementalGroups?.forEach((group, i) => {
    validateId(group, `${at}.supplementalGroups[${i}]`, errors);
  });
  // Upstream keeps these two in its internal security context, hence the path.
  if (spec.shareProcessNamespace && spec.hostPID)
    errors.push(invalid(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  if (context.sysctls?.length) validateSysctls(context, spec, `${at}.sysctls`, errors);
  const { fsGroupChangePolicy: change, supplementalGroupsPolicy: groups, seLinuxChangePolicy: linux } = context;
  if (change !== undefined && change !== 'Always' && change !== 'OnRootMismatch')
    errors.push(notSupported(`${at}.fsGroupChangePolicy`, change, ['Always', 'OnRootMismatch']));
  if (context.seccompProfile) validateSeccomp(context.seccompProfile, `${at}.seccompProfile`, errors);
  if (context.windowsOptions) validateWindowsOptions(context.windowsOptions, `${at}.windowsOptions`, errors);
  if (context.appArmorProfile) validateAppArmor(context.appArmorProfile, `${at}.appArmorProfile`, errors);
  if (groups !== undefined && groups !== 'Merge' && groups !== 'Strict')
    errors.push(notSupported(`${at}.supplementalGroupsPolicy`, groups, ['Merge', 'Strict']));
  // MountOption needs the gate SELinuxMount, which is off.
  if (linux !== undefined && linux !== 'Recursive') errors.push(notSupported(`${at}.seLinuxChangePolicy`, linux, ['Recursive']));
}

const SYSCTL = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const IS_SYSCTL = new RegExp(`^${SYSCTL}$`);

function validateSysctls(context: PodSecurityContext, spec: PodSpec, at: string, errors: FieldError[]): void {
  const names = new Set<string>();
  context.sysctls?.forEach(({ name = '' }, i) => {
    const path = `${at}[${i}].name`;
    if (name === '') errors.push(required(path));
    else if (name.length > 253 || !IS_SYSCTL.test(name)) errors.push(invalid(path, name, `must have at most 253 characters and match regex ^${SYSCTL}$`));
    else if (names.has(name)) errors.push(duplicate(path, name));
    const dotted = name.replaceAll('/', '.');
    const isIpc = dotted === 'kernel.sem' || /^(kernel\.shm|kernel\.msg|fs\.mqueue\.)/.test(dotted);
    if (spec.hostNetwork && dotted.startsWith('net.')) errors.push(invalid(path, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && isIpc) errors.push(invalid(path, name, "may not be specified when 'hostIPC' is true"));
    names.add(name);
  });
}

/** ValidateSecurityContext of a container. */
export function validateContainerSecurity(context: SecurityContext, hostUsers: boolean, at: string, errors: FieldError[]): void {
  const { procMount, privileged, allowPrivilegeEscalation: escalation } = context;
  validateId(context.runAsUser, `${at}.runAsUser`, errors);
  validateId(context.runAsGroup, `${at}.runAsGroup`, errors);
  if (procMount !== undefined) {
    if (procMount !== 'Default' && procMount !== 'Unmasked') errors.push(notSupported(`${at}.procMount`, procMount, ['Default', 'Unmasked']));
    if (hostUsers && procMount === 'Unmasked') errors.push(invalid(`${at}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  if (context.seccompProfile) validateSeccomp(context.seccompProfile, `${at}.seccompProfile`, errors);
  if (escalation === false) {
    if (privileged) errors.push(invalid(at, goBadValue('SecurityContext', context), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
    for (const capability of context.capabilities?.add ?? [])
      if (capability === 'CAP_SYS_ADMIN')
        errors.push(invalid(at, goBadValue('SecurityContext', context), 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'));
  }
  if (context.windowsOptions) validateWindowsOptions(context.windowsOptions, `${at}.windowsOptions`, errors);
  if (context.appArmorProfile) validateAppArmor(context.appArmorProfile, `${at}.appArmorProfile`, errors);
}

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp(profile: SeccompProfile, at: string, errors: FieldError[]): void {
  const { type = '', localhostProfile } = profile;
  if (type === '') errors.push(required(`${at}.type`, 'type is required when seccompProfile is set'));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupported(`${at}.type`, type, PROFILE_TYPES));
  if (type === 'Localhost') {
    if (localhostProfile === undefined) errors.push(required(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost'));
    else validateDescendingPath(localhostProfile, `${at}.localhostProfile`, errors);
  } else if (localhostProfile !== undefined)
    errors.push(invalid(`${at}.localhostProfile`, goBadValue('SeccompProfile', profile), 'can only be set when seccomp type is Localhost'));
}

function validateAppArmor(profile: AppArmorProfile, at: string, errors: FieldError[]): void {
  const { type = '', localhostProfile } = profile;
  const path = `${at}.localhostProfile`;
  if (type === 'Localhost') {
    if (localhostProfile === undefined) errors.push(required(path, 'must be set when AppArmor type is Localhost'));
    else {
      if (localhostProfile.trim() !== localhostProfile) errors.push(invalid(path, localhostProfile, 'must not be padded with whitespace'));
      else if (localhostProfile === '') errors.push(required(path, 'must be set when AppArmor type is Localhost'));
      if (Buffer.byteLength(localhostProfile) > 4095) errors.push(tooLong(path, 4095));
    }
  } else if (type === '') errors.push(required(`${at}.type`, 'type is required when appArmorProfile is set'));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupported(`${at}.type`, type, PROFILE_TYPES));
  else if (localhostProfile !== undefined) errors.push(invalid(path, localhostProfile, 'can only be set when AppArmor type is Localhost'));
}

function validateWindowsOptions(options: WindowsSecurityContextOptions, at: string, errors: FieldError[]): void {
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  if (name !== undefined) for (const problem of dnsSubdomain(name)) errors.push(invalid(`${at}.gmsaCredentialSpecName`, name, problem));
  if (spec === '') errors.push(invalid(`${at}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string'));
  else if (spec !== undefined && Buffer.byteLength(spec) > 64 * 1024)
    errors.push(invalid(`${at}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec size must be under 64 KiB'));
  if (user === undefined) return;
  const path = `${at}.runAsUserName`;
  if (user === '') errors.push(invalid(path, user, 'runAsUserName cannot be an empty string'));
  else if (/\p{Cc}/u.test(user)) errors.push(invalid(path, user, 'runAsUserName cannot contain control characters'));
  else if (user.split('\\').length > 2) errors.push(invalid(path, user, 'runAsUserName cannot contain more than one backslash'));
  else for (const problem of windowsUserProblems(user)) errors.push(invalid(path, user, problem));
}

const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DOMAIN_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const DNS_DOMAIN = new RegExp(`^${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*$`);

/** What is wrong with `DOMAIN\USER`, the domain being optional. */
function windowsUserProblems(name: string): string[] {
  const at = name.indexOf('\\');
  const domain = name.slice(0, Math.max(at, 0));
  const user = name.slice(at + 1);
  const problems: string[] = [];
  if (Buffer.byteLength(domain) >= 256) problems.push("runAsUserName's Domain length must be under 256 characters");
  if (at >= 0 && !NET_BIOS.test(domain) && !DNS_DOMAIN.test(domain)) problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (user === '') problems.push("runAsUserName's User cannot be empty");
  else if (Buffer.byteLength(user) > 104) problems.push("runAsUserName's User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) problems.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  return problems;
}

/** Every container with its path: init containers first, as VisitContainersWithPath goes. */
export function forEachContainer(spec: PodSpec, at: string, visit: (container: Container, path: string) => void): void {
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    spec[field]?.forEach((container, i) => {
      visit(container, `${at}.${field}[${i}]`);
    });
}

/** validateWindowsHostProcessPod. */
export function validateHostProcess(spec: PodSpec, at: string, errors: FieldError[]): void {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  let count = 0;
  let total = 0;
  forEachContainer(spec, at, (container, path) => {
    total++;
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (ofPod !== undefined && own !== undefined && ofPod !== own)
      errors.push(
        invalid(`${path}.securityContext.windowsOptions.hostProcess`, own, `pod hostProcess value must be identical if both are specified, was ${ofPod}`),
      );
    if (own ?? ofPod) count++;
  });
  if (count === 0) return;
  if (count !== total) errors.push(invalid(at, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'));
  if (!spec.hostNetwork) errors.push(invalid(`${at}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'));
}

/** validateHostUsers: a user namespace of one's own does not go with the host's other namespaces. Upper case is upstream's. */
export function validateHostUsers(spec: PodSpec, at: string, errors: FieldError[]): void {
  if (spec.hostUsers !== false) return;
  const why = 'when `pod.Spec.HostUsers` is false';
  if (spec.hostNetwork) errors.push(forbidden(`${at}.hostNetwork`, why));
  if (spec.hostPID) errors.push(forbidden(`${at}.HostPID`, why));
  if (spec.hostIPC) errors.push(forbidden(`${at}.HostIPC`, why));
}

const NOT_ON_WINDOWS_POD = ['appArmorProfile', 'seLinuxOptions'] as const;
const NOT_ON_WINDOWS_POD_REST = [
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
] as const;
const NOT_ON_WINDOWS = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

/** spec.os: known, and nothing of the other system is asked for. */
export function validateOS(spec: PodSpec, at: string, errors: FieldError[]): void {
  const { name = '' } = spec.os ?? {};
  if (name === '') errors.push(required(`${at}.os.name`, 'cannot be empty'));
  else if (name === 'linux') {
    const why = 'windows options cannot be set for a linux pod';
    if (spec.securityContext?.windowsOptions) errors.push(forbidden(`${at}.securityContext.windowsOptions`, why));
    forEachContainer(spec, at, (container, path) => {
      if (container.securityContext?.windowsOptions) errors.push(forbidden(`${path}.securityContext.windowsOptions`, why));
    });
  } else if (name === 'windows') validateWindows(spec, at, errors);
  else errors.push(notSupported(`${at}.os`, name, ['linux', 'windows']));
}

function validateWindows(spec: PodSpec, at: string, errors: FieldError[]): void {
  const why = 'cannot be set for a windows pod';
  const context = spec.securityContext ?? {};
  const refuse = (isGiven: boolean, path: string): void => {
    if (isGiven) errors.push(forbidden(path, why));
  };
  for (const field of NOT_ON_WINDOWS_POD) refuse(context[field] !== undefined, `${at}.securityContext.${field}`);
  refuse(spec.hostUsers !== undefined, `${at}.hostUsers`);
  refuse(spec.hostPID === true, `${at}.hostPID`);
  refuse(spec.hostIPC === true, `${at}.hostIPC`);
  refuse(context.seccompProfile !== undefined, `${at}.securityContext.seccompProfile`);
  for (const field of NOT_ON_WINDOWS_POD_REST) {
    if (field === 'runAsUser') refuse(spec.shareProcessNamespace !== undefined, `${at}.shareProcessNamespace`);
    refuse(context[field] !== undefined, `${at}.securityContext.${field}`);
  }
  forEachContainer(spec, at, (container, path) => {
    for (const field of NOT_ON_WINDOWS) refuse(container.securityContext?.[field] !== undefined, `${path}.securityContext.${field}`);
  });
}
