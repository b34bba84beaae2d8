/**
 * What an update of a pod changed, laid out as go-cmp lays out the difference of two structs of the internal API (cmp.Diff in
 * ValidatePodUpdate). go-cmp does not promise its form; this follows it in structure, elision and alignment.
 */
import { isSemanticEqual } from '../../api/equality.js';
import { goQuote } from '../../api/field.js';
import type { Container, EphemeralContainer, PodSpec } from '../pod-template/types.js';

type Fields = Readonly<Record<string, unknown>>;

/** `[JSON name, Go name, Go type of a list, map or pointer]` in the order of the internal struct. */
type Field = readonly [json: string, go: string, type?: string];

const POD_SPEC: readonly Field[] = [
  ['volumes', 'Volumes', '[]core.Volume'],
  ['initContainers', 'InitContainers', '[]core.Container'],
  ['containers', 'Containers', '[]core.Container'],
  ['ephemeralContainers', 'EphemeralContainers', '[]core.EphemeralContainer'],
  ['restartPolicy', 'RestartPolicy'],
  ['terminationGracePeriodSeconds', 'TerminationGracePeriodSeconds', '&'],
  ['activeDeadlineSeconds', 'ActiveDeadlineSeconds', '&'],
  ['dnsPolicy', 'DNSPolicy'],
  ['nodeSelector', 'NodeSelector', 'map[string]string'],
  ['serviceAccountName', 'ServiceAccountName'],
  ['automountServiceAccountToken', 'AutomountServiceAccountToken', '&'],
  ['nodeName', 'NodeName'],
  ['securityContext', 'SecurityContext', '&core.PodSecurityContext'],
  ['imagePullSecrets', 'ImagePullSecrets', '[]core.LocalObjectReference'],
  ['hostname', 'Hostname'],
  ['subdomain', 'Subdomain'],
  ['setHostnameAsFQDN', 'SetHostnameAsFQDN', '&'],
  ['affinity', 'Affinity', '&core.Affinity'],
  ['schedulerName', 'SchedulerName'],
  ['tolerations', 'Tolerations', '[]core.Toleration'],
  ['hostAliases', 'HostAliases', '[]core.HostAlias'],
  ['priorityClassName', 'PriorityClassName'],
  ['priority', 'Priority', '&'],
  ['preemptionPolicy', 'PreemptionPolicy', '&'],
  ['dnsConfig', 'DNSConfig', '&core.PodDNSConfig'],
  ['readinessGates', 'ReadinessGates', '[]core.PodReadinessGate'],
  ['runtimeClassName', 'RuntimeClassName', '&'],
  ['overhead', 'Overhead', 'core.ResourceList'],
  ['enableServiceLinks', 'EnableServiceLinks', '&'],
  ['topologySpreadConstraints', 'TopologySpreadConstraints', '[]core.TopologySpreadConstraint'],
  ['os', 'OS', '&core.PodOS'],
  ['schedulingGates', 'SchedulingGates', '[]core.PodSchedulingGate'],
  ['resourceClaims', 'ResourceClaims', '[]core.PodResourceClaim'],
  ['resources', 'Resources', '&core.ResourceRequirements'],
];

const CONTAINER: readonly Field[] = [
  ['name', 'Name'],
  ['image', 'Image'],
  ['command', 'Command', '[]string'],
  ['args', 'Args', '[]string'],
  ['workingDir', 'WorkingDir'],
  ['ports', 'Ports', '[]core.ContainerPort'],
  ['envFrom', 'EnvFrom', '[]core.EnvFromSource'],
  ['env', 'Env', '[]core.EnvVar'],
  ['resources', 'Resources', 'core.ResourceRequirements'],
  ['resizePolicy', 'ResizePolicy', '[]core.ContainerResizePolicy'],
  ['restartPolicy', 'RestartPolicy', '&'],
  ['volumeMounts', 'VolumeMounts', '[]core.VolumeMount'],
  ['volumeDevices', 'VolumeDevices', '[]core.VolumeDevice'],
  ['livenessProbe', 'LivenessProbe', '&core.Probe'],
  ['readinessProbe', 'ReadinessProbe', '&core.Probe'],
  ['startupProbe', 'StartupProbe', '&core.Probe'],
  ['lifecycle', 'Lifecycle', '&core.Lifecycle'],
  ['terminationMessagePath', 'TerminationMessagePath'],
  ['terminationMessagePolicy', 'TerminationMessagePolicy'],
  ['imagePullPolicy', 'ImagePullPolicy'],
  ['securityContext', 'SecurityContext', '&core.SecurityContext'],
  ['stdin', 'Stdin'],
  ['stdinOnce', 'StdinOnce'],
  ['tty', 'TTY'],
];

const BOOLEANS: ReadonlySet<string> = new Set(['stdin', 'stdinOnce', 'tty']);
/** Structs whose lists are gone into instead of being shown as removed and added. */
const KNOWN: Readonly<Record<string, readonly Field[]>> = { '[]core.Container': CONTAINER };
const CONTEXT = 2;

export function diffSpecs(old: PodSpec, next: PodSpec): string {
  return print([
    { mark: ' ', depth: 0, text: 'core.PodSpec{' },
    ...diffStruct(POD_SPEC, old as unknown as Fields, next as unknown as Fields, 1),
    close(0, '}'),
  ]);
}

export function diffContainers(old: Container | EphemeralContainer, next: Container | EphemeralContainer): string {
  const lines = diffStruct(CONTAINER, old as unknown as Fields, next as unknown as Fields, 2);
  return print([
    { mark: ' ', depth: 0, text: 'core.EphemeralContainer{' },
    { mark: ' ', depth: 1, text: 'EphemeralContainerCommon: core.EphemeralContainerCommon{' },
    ...lines,
    close(1, '},'),
    { mark: ' ', depth: 1, key: 'TargetContainerName', text: `${goQuote(('targetContainerName' in next && next.targetContainerName) || '')},` },
    close(0, '}'),
  ] as Line[]);
}

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly depth: number;
  /** Aligned with those of its neighbours. */
  readonly key?: string;
  readonly text: string;
}

const close = (depth: number, text: string): Line => ({ mark: ' ', depth, text });

/** Fields that differ with two that do not on either side; the rest is counted. */
function diffStruct(fields: readonly Field[], old: Fields, next: Fields, depth: number): readonly Line[] {
  const isEqual = fields.map(([json]) => isSemanticEqual(old[json], next[json]));
  const lines: Line[] = [];
  for (let i = 0; i < fields.length; ) {
    if (!isEqual[i]) {
      lines.push(...diffField(fields[i] as Field, old, next, depth));
      i++;
      continue;
    }
    let end = i;
    while (end < fields.length && isEqual[end]) end++;
    const before = i === 0 ? 0 : Math.min(CONTEXT, end - i);
    let after = end === fields.length ? 0 : Math.min(CONTEXT, end - i - before);
    if (end - i - before - after === 1) after++;
    const same = (from: number, to: number): void => {
      for (const field of fields.slice(from, to)) lines.push({ mark: ' ', depth, key: field[1], text: `${goValue(old[field[0]], field, 'same')},` });
    };
    const elided = end - i - before - after;
    same(i, i + before);
    if (elided > 0) lines.push(close(depth, `... // ${elided} identical fields`));
    same(end - after, end);
    i = end;
  }
  return lines;
}

function diffField(field: Field, old: Fields, next: Fields, depth: number): readonly Line[] {
  const [json, name, type = ''] = field;
  const before = old[json];
  const now = next[json];
  const inner = KNOWN[type];
  if (inner === undefined || !Array.isArray(before) || !Array.isArray(now) || before.length !== now.length)
    return [
      { mark: '-', depth, key: name, text: `${goValue(before, field, 'full')},` },
      { mark: '+', depth, key: name, text: `${goValue(now, field, 'full')},` },
    ];
  const lines: Line[] = [{ mark: ' ', depth, text: `${name}: ${type}{` }];
  before.forEach((entry: Fields, i) => {
    const changed = now[i] as Fields;
    if (isSemanticEqual(entry, changed)) lines.push(close(depth + 1, `${struct(entry, 'same')},`));
    else lines.push(close(depth + 1, '{'), ...diffStruct(inner, entry, changed, depth + 2), close(depth + 1, '},'));
  });
  lines.push(close(depth, '},'));
  return lines;
}

/** `same`: what has not changed is shown without types, and not in depth. */
type Mode = 'same' | 'full';

function goValue(value: unknown, [json, , type = '']: Field, mode: Mode): string {
  if (value === undefined || value === null) {
    if (type === 'core.ResourceRequirements') return mode === 'same' ? '{}' : `${type}{}`;
    if (type !== '') return 'nil';
    return BOOLEANS.has(json) ? 'false' : '""';
  }
  if (type === '&')
    return typeof value === 'string'
      ? `&${goQuote(value)}`
      : `&${typeof value === 'number' ? (json === 'priority' ? `int32(${value})` : `int64(${value})`) : value}`;
  if (typeof value === 'string') return goQuote(value);
  if (typeof value !== 'object') return String(value);
  const body = composite(value, mode);
  return mode === 'full' ? `${type}${body}` : type.startsWith('&') ? `&${body}` : body;
}

function composite(value: object, mode: Mode): string {
  if (Array.isArray(value)) return `{${value.map((entry) => plain(entry, mode)).join(', ')}}`;
  return struct(value as Fields, mode);
}

function struct(value: Fields, mode: Mode): string {
  const fields = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null && entry !== '' && entry !== false && entry !== 0);
  return `{${fields.map(([key, entry]) => `${/^[a-zA-Z]+$/.test(key) ? goName(key) : goQuote(key)}: ${plain(entry, mode)}`).join(', ')}}`;
}

function plain(value: unknown, mode: Mode): string {
  if (typeof value === 'string') return goQuote(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return mode === 'same' && !Array.isArray(value) && Object.values(value).some((entry) => typeof entry === 'object') ? '{...}' : composite(value, mode);
}

const INITIALISMS: Readonly<Record<string, string>> = {
  httpGet: 'HTTPGet',
  tcpSocket: 'TCPSocket',
  grpc: 'GRPC',
  ip: 'IP',
  hostIP: 'HostIP',
  nfs: 'NFS',
  csi: 'CSI',
  rbd: 'RBD',
  fc: 'FC',
  iscsi: 'ISCSI',
  httpHeaders: 'HTTPHeaders',
};
const goName = (json: string): string => INITIALISMS[json] ?? `${json[0]?.toUpperCase()}${json.slice(1)}`;

/** Values of neighbouring one-line fields stand in one column. */
function print(lines: readonly Line[]): string {
  let out = '';
  for (let i = 0; i < lines.length; ) {
    const { key, depth } = lines[i] as Line;
    let end = i + 1;
    if (key !== undefined) while (end < lines.length && lines[end]?.key !== undefined && lines[end]?.depth === depth) end++;
    const width = Math.max(...lines.slice(i, end).map((line) => line.key?.length ?? 0));
    for (const line of lines.slice(i, end)) {
      const name = line.key === undefined ? '' : `${line.key}:${' '.repeat(width - line.key.length + 1)}`;
      out += `${line.mark} ${'\t'.repeat(line.depth)}${name}${line.text}\n`;
    }
    i = end;
  }
  return out;
}
