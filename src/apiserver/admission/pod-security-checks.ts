/** The checks of the Pod Security standards, in the order their reasons are given (pod-security-admission policy/check_*.go). */
import { goQuote } from '../../api/field.js';
import type { ObjectMeta } from '../../api/object.js';
import { SAFE_SYSCTLS } from '../../api/sysctls.js';
import type { Container, PodSpec, Volume } from '../../resources/pod-template/types.js';

export type Level = 'privileged' | 'baseline' | 'restricted';
/** The minor of a version `v1.24`; every version since the last that changed anything is the latest. */
export type Minor = number;
export const LATEST: Minor = Number.POSITIVE_INFINITY;

interface Checked {
  readonly metadata?: ObjectMeta;
  readonly spec: PodSpec;
  readonly containers: readonly Container[];
}

type Check = (pod: Checked) => string | undefined;

/** A check as it was from one version to the next of its kind. */
interface Revision {
  readonly since: Minor;
  readonly check: Check;
}
interface Standard {
  readonly revisions: readonly [Revision, ...Revision[]];
  /** Stands in for this one of the baseline. */
  readonly replaces?: Standard;
}

/** `reason (detail)` for everything the level does not allow, by the rules of that version. */
export function violations(pod: { readonly metadata?: ObjectMeta; readonly spec?: PodSpec }, level: Level, version: Minor): readonly string[] {
  if (level === 'privileged' || pod.spec === undefined) return [];
  const { spec } = pod;
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
  const checked: Checked = { ...(pod.metadata === undefined ? {} : { metadata: pod.metadata }), spec, containers };
  return checksOf(level, version)
    .map((check) => check(checked))
    .filter((found) => found !== undefined);
}

function checksOf(level: Level, version: Minor): readonly Check[] {
  const at = ({ revisions }: Standard): Check | undefined => revisions.findLast(({ since }) => since <= version)?.check;
  const stricter = level === 'restricted' ? RESTRICTED.filter((standard) => at(standard) !== undefined) : [];
  const replaced = new Set(stricter.map(({ replaces }) => replaces));
  return [...BASELINE.filter((standard) => !replaced.has(standard)), ...stricter].map(at).filter((check) => check !== undefined);
}

/** joinQuote: quotes inside are left as they are. */
const quote = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
const named = (containers: readonly Container[]): string => `container${containers.length === 1 ? '' : 's'} ${quote(containers.map(({ name }) => name))}`;
const plural = (list: readonly unknown[], word: string): string => (list.length === 1 ? word : `${word}s`);

/** "pod", "container a", or both. */
function whom(pod: boolean, containers: readonly Container[], join = 'and'): string {
  const parts = [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [named(containers)] : [])];
  return parts.join(` ${join} `);
}

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

const appArmor: Check = ({ metadata, spec, containers }) => {
  const inPod = spec.securityContext?.appArmorProfile?.type === 'Unconfined';
  const bad = containers.filter(({ securityContext }) => securityContext?.appArmorProfile?.type === 'Unconfined');
  const annotations = Object.entries(metadata?.annotations ?? {}).filter(
    ([key, value]) => key.startsWith(APP_ARMOR) && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'),
  );
  if (!inPod && bad.length === 0 && annotations.length === 0) return undefined;
  const setters = [...(inPod || bad.length > 0 ? [whom(inPod, bad)] : []), ...(annotations.length > 0 ? [plural(annotations, 'annotation')] : [])];
  const values = [...(inPod || bad.length > 0 ? ['Unconfined'] : []), ...annotations.map(([key, value]) => `${key}=${goQuote(value)}`).sort()];
  return `${plural(values, 'forbidden AppArmor profile')} (${setters.join(' and ')} must not set AppArmor profile type to ${quote(values)})`;
};

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const addedCapabilities = (container: Container): readonly string[] => container.securityContext?.capabilities?.add ?? [];

const capabilities: Check = ({ containers }) => {
  const isBad = (capability: string) => !DEFAULT_CAPABILITIES.has(capability);
  const bad = containers.filter((container) => addedCapabilities(container).some(isBad));
  if (bad.length === 0) return undefined;
  const forbidden = unique(bad.flatMap((container) => addedCapabilities(container).filter(isBad)))
    .slice()
    .sort();
  return `non-default capabilities (${named(bad)} must not include ${quote(forbidden)} in securityContext.capabilities.add)`;
};

const hostNamespaces: Check = ({ spec }) => {
  const set = [
    ...(spec.hostNetwork ? ['hostNetwork=true'] : []),
    ...(spec.hostPID ? ['hostPID=true'] : []),
    ...(isTrue(spec, 'hostIPC') ? ['hostIPC=true'] : []),
  ];
  return set.length === 0 ? undefined : `host namespaces (${set.join(', ')})`;
};

const isTrue = (spec: object, field: string): boolean => (spec as Readonly<Record<string, unknown>>)[field] === true;

const hostPath: Check = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => volume.hostPath !== undefined);
  return bad.length === 0 ? undefined : `hostPath volumes (${plural(bad, 'volume')} ${quote(bad.map(({ name }) => name))})`;
};

const hostPort: Check = ({ containers }) => {
  const ports = (container: Container) => (container.ports ?? []).map((port) => port.hostPort ?? 0).filter((port) => port !== 0);
  const bad = containers.filter((container) => ports(container).length > 0);
  if (bad.length === 0) return undefined;
  const all = unique(bad.flatMap(ports).map(String)).slice().sort();
  return `hostPort (${named(bad)} ${bad.length === 1 ? 'uses' : 'use'} ${plural(all, 'hostPort')} ${all.join(', ')})`;
};

const privileged: Check = ({ containers }) => {
  const bad = containers.filter(({ securityContext }) => securityContext?.privileged === true);
  return bad.length === 0 ? undefined : `privileged (${named(bad)} must not set securityContext.privileged=true)`;
};

const procMount: Check = ({ containers }) => {
  const bad = containers.filter(({ securityContext }) => securityContext?.procMount !== undefined && securityContext.procMount !== 'Default');
  if (bad.length === 0) return undefined;
  const values = unique(bad.map(({ securityContext }) => securityContext?.procMount ?? ''))
    .slice()
    .sort();
  return `procMount (${named(bad)} must not set securityContext.procMount to ${quote(values)})`;
};

const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const SELINUX_TYPES_1_31 = [...SELINUX_TYPES, 'container_engine_t'];

const seLinux =
  (allowed: readonly string[]): Check =>
  ({ spec, containers }) => {
    const isBad = (options: { type?: string; user?: string; role?: string } | undefined) =>
      options !== undefined && (!allowed.includes(options.type ?? '') || (options.user ?? '') !== '' || (options.role ?? '') !== '');
    const inPod = isBad(spec.securityContext?.seLinuxOptions);
    const bad = containers.filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    if (!inPod && bad.length === 0) return undefined;
    const all = [...(inPod ? [spec.securityContext?.seLinuxOptions] : []), ...bad.map(({ securityContext }) => securityContext?.seLinuxOptions)];
    const types = unique(all.map((options) => options?.type ?? '').filter((type) => !allowed.includes(type)))
      .slice()
      .sort();
    const details = [
      ...(types.length > 0 ? [`${plural(types, 'type')} ${quote(types)}`] : []),
      ...(all.some((options) => options?.user) ? ['user may not be set'] : []),
      ...(all.some((options) => options?.role) ? ['role may not be set'] : []),
    ];
    return `seLinuxOptions (${whom(inPod, bad)} set forbidden securityContext.seLinuxOptions: ${details.join('; ')})`;
  };

const isUnconfined = (profile: { readonly type: string } | undefined): boolean => profile?.type === 'Unconfined';

const seccomp: Check = ({ spec, containers }) => {
  const inPod = isUnconfined(spec.securityContext?.seccompProfile);
  const bad = containers.filter(({ securityContext }) => isUnconfined(securityContext?.seccompProfile));
  return inPod || bad.length > 0 ? `seccompProfile (${whom(inPod, bad)} must not set securityContext.seccompProfile.type to "Unconfined")` : undefined;
};

const SECCOMP_OF_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_OF_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';

/** When there were annotations only. */
const seccompAnnotations: Check = ({ metadata, containers }) => {
  const isSafe = (profile: string) => profile === 'runtime/default' || profile === 'docker/default' || profile.startsWith('localhost/');
  const bad = unique([SECCOMP_OF_POD, ...containers.map(({ name }) => SECCOMP_OF_CONTAINER + name)])
    .flatMap((key) => {
      const value = metadata?.annotations?.[key];
      return value === undefined || isSafe(value) ? [] : [`${key}=${goQuote(value)}`];
    })
    .sort();
  return bad.length === 0 ? undefined : `seccompProfile (forbidden ${plural(bad, 'annotation')} ${bad.join(', ')})`;
};

/** Those that became safe only later. */
const SYSCTLS_SINCE: Readonly<Record<string, Minor>> = {
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
};

const sysctls =
  (version: Minor): Check =>
  ({ spec }) => {
    const isSafe = (name: string) => SAFE_SYSCTLS.has(name) && (SYSCTLS_SINCE[name] ?? 0) <= version;
    const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !isSafe(name));
    return bad.length === 0 ? undefined : `forbidden sysctls (${bad.join(', ')})`;
  };

const hostProcess: Check = ({ spec, containers }) => {
  const inPod = spec.securityContext?.windowsOptions?.hostProcess === true;
  const bad = containers.filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  return inPod || bad.length > 0 ? `hostProcess (${whom(inPod, bad)} must not set securityContext.windowsOptions.hostProcess=true)` : undefined;
};

const always = (check: Check): Standard => ({ revisions: [{ since: 0, check }] });
const since = (minor: Minor, check: Check): Standard => ({ revisions: [{ since: minor, check }] });

const BASELINE_CAPABILITIES = always(capabilities);
const BASELINE_HOST_PATH = always(hostPath);
const BASELINE_SECCOMP: Standard = {
  revisions: [
    { since: 0, check: seccompAnnotations },
    { since: 19, check: seccomp },
  ],
};

const BASELINE: readonly Standard[] = [
  always(appArmor),
  BASELINE_CAPABILITIES,
  always(hostNamespaces),
  BASELINE_HOST_PATH,
  always(hostPort),
  always(privileged),
  always(procMount),
  {
    revisions: [
      { since: 0, check: seLinux(SELINUX_TYPES) },
      { since: 31, check: seLinux(SELINUX_TYPES_1_31) },
    ],
  },
  BASELINE_SECCOMP,
  {
    revisions: [
      { since: 0, check: sysctls(0) },
      { since: 27, check: sysctls(27) },
      { since: 29, check: sysctls(29) },
      { since: 32, check: sysctls(32) },
    ],
  },
  always(hostProcess),
];

const allowPrivilegeEscalation: Check = ({ containers }) => {
  const bad = containers.filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  return bad.length === 0 ? undefined : `allowPrivilegeEscalation != false (${named(bad)} must set securityContext.allowPrivilegeEscalation=false)`;
};

const restrictedCapabilities: Check = ({ containers }) => {
  const isBad = (capability: string) => capability !== 'NET_BIND_SERVICE';
  const keeping = containers.filter(({ securityContext }) => !(securityContext?.capabilities?.drop ?? []).includes('ALL'));
  const adding = containers.filter((container) => addedCapabilities(container).some(isBad));
  if (keeping.length + adding.length === 0) return undefined;
  const added = unique(adding.flatMap((container) => addedCapabilities(container).filter(isBad)))
    .slice()
    .sort();
  const details = [
    ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0 ? [`${named(adding)} must not include ${quote(added)} in securityContext.capabilities.add`] : []),
  ];
  return `unrestricted capabilities (${details.join('; ')})`;
};

const ALLOWED_VOLUMES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];

const typeOf = (volume: Volume): string => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';

const volumeTypes: Check = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => !ALLOWED_VOLUMES.includes(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = unique(bad.map(typeOf)).slice().sort();
  const verb = bad.length === 1 ? 'uses' : 'use';
  return `restricted volume types (${plural(bad, 'volume')} ${quote(bad.map(({ name }) => name))} ${verb} restricted volume ${plural(types, 'type')} ${quote(types)})`;
};

const runAsNonRoot: Check = ({ spec, containers }) => {
  const pod = spec.securityContext?.runAsNonRoot;
  const bad = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === false);
  if (pod === false || bad.length > 0) return `runAsNonRoot != true (${whom(pod === false, bad)} must not set securityContext.runAsNonRoot=false)`;
  if (pod === true) return undefined;
  const unset = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return unset.length === 0 ? undefined : `runAsNonRoot != true (pod or ${named(unset)} must set securityContext.runAsNonRoot=true)`;
};

const runAsUser: Check = ({ spec, containers }) => {
  const inPod = spec.securityContext?.runAsUser === 0;
  const bad = containers.filter(({ securityContext }) => securityContext?.runAsUser === 0);
  return inPod || bad.length > 0 ? `runAsUser=0 (${whom(inPod, bad)} must not set runAsUser=0)` : undefined;
};

const restrictedSeccomp: Check = ({ spec, containers }) => {
  const isSafe = (profile: { readonly type: string } | undefined) => profile?.type === 'RuntimeDefault' || profile?.type === 'Localhost';
  const pod = spec.securityContext?.seccompProfile;
  const explicit = containers.filter(({ securityContext }) => securityContext?.seccompProfile !== undefined && !isSafe(securityContext.seccompProfile));
  const inPod = pod !== undefined && !isSafe(pod);
  if (inPod || explicit.length > 0) return `seccompProfile (${whom(inPod, explicit)} must not set securityContext.seccompProfile.type to "Unconfined")`;
  if (isSafe(pod)) return undefined;
  const unset = containers.filter(({ securityContext }) => securityContext?.seccompProfile === undefined);
  if (unset.length === 0) return undefined;
  return `seccompProfile (pod or ${named(unset)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`;
};

/** Pods that say they are for Windows cannot have what only Linux has. */
const exceptWindows =
  (check: Check): Check =>
  (pod) =>
    pod.spec.os?.name === 'windows' ? undefined : check(pod);
const untilWindows = (first: Minor, check: Check): Standard['revisions'] => [
  { since: first, check },
  { since: 25, check: exceptWindows(check) },
];

const RESTRICTED: readonly Standard[] = [
  { revisions: untilWindows(8, allowPrivilegeEscalation) },
  { revisions: untilWindows(22, restrictedCapabilities), replaces: BASELINE_CAPABILITIES },
  { ...always(volumeTypes), replaces: BASELINE_HOST_PATH },
  always(runAsNonRoot),
  since(23, runAsUser),
  { revisions: untilWindows(19, restrictedSeccomp), replaces: BASELINE_SECCOMP },
];
