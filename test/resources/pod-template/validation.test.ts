/** Rules of a pod spec, one by one: what is written, and all that is said about it (core/validation at 1.33). */
import { describe, expect, test } from 'vitest';
import type { FieldError } from '../../../src/api/field.js';
import { defaultPodTemplate } from '../../../src/resources/pod-template/defaults.js';
import { dropDisabledTemplateFields } from '../../../src/resources/pod-template/disabled-fields.js';
import { imageTag } from '../../../src/resources/pod-template/image-tag.js';
import type { PodTemplateSpec } from '../../../src/resources/pod-template/types.js';
import { validatePodTemplate } from '../../../src/resources/pod-template/validation.js';
import { podTemplateWarnings } from '../../../src/resources/pod-template/warnings.js';

const makeTemplate = (spec: object, metadata: object = {}): PodTemplateSpec =>
  defaultPodTemplate({ metadata, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }], ...spec } } as PodTemplateSpec);
const withContainer = (container: object): object => ({ containers: [{ name: 'c', image: 'nginx:1.27', ...container }] });

function problems(spec: object, metadata: object = {}): readonly string[] {
  const errors: FieldError[] = [];
  validatePodTemplate(makeTemplate(spec, metadata), 't', errors);
  return errors.map(({ field, detail }) => `${field.replace('t.spec.containers[0]', 'P').replace('t.spec.', 'S.')}: ${detail}`);
}

const NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const get = { httpGet: { port: 80 } };

const CONTAINER: readonly (readonly [name: string, container: object, expected: readonly string[]])[] = [
  ['a plain one', {}, []],
  ['no image', { image: '' }, ['P.image: Required value']],
  ['a pull policy', { imagePullPolicy: 'Foo' }, ['P.imagePullPolicy: Unsupported value: "Foo": supported values: "Always", "IfNotPresent", "Never"']],
  [
    'a message policy',
    { terminationMessagePolicy: 'X' },
    ['P.terminationMessagePolicy: Unsupported value: "X": supported values: "File", "FallbackToLogsOnError"'],
  ],
  ['port 0', { ports: [{ containerPort: 0 }] }, ['P.ports[0].containerPort: Required value']],
  [
    'a protocol',
    { ports: [{ containerPort: 80, protocol: 'HTTP' }] },
    ['P.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"'],
  ],
  [
    'a host port out of range',
    { ports: [{ containerPort: 80, hostPort: 70000 }] },
    ['P.ports[0].hostPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
  ],
  [
    'value and valueFrom',
    { env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
    ['P.env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    'two sources of a variable',
    { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' }, configMapKeyRef: { name: 's', key: 'k' } } }] },
    ['P.env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time'],
  ],
  [
    'a field that is not for variables',
    { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.phase' } } }] },
    [
      'P.env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
    ],
  ],
  ['a label as a variable', { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a']" } } }] }, []],
  [
    'a subscript where none goes',
    { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.name['a']" } } }] },
    [
      "P.env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"metadata.name['a']\": error converting fieldPath: field label does not support subscript: metadata.name['a']",
    ],
  ],
  [
    'a resource that is none',
    { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.foo' } } }] },
    [
      'P.env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.foo": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
    ],
  ],
  [
    'a divisor',
    { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } } }] },
    ['P.env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource'],
  ],
  ['envFrom nothing', { envFrom: [{}] }, ['P.envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`']],
  ['envFrom without a name', { envFrom: [{ configMapRef: {} }] }, ['P.envFrom[0].configMapRef.name: Required value']],
  [
    'an unknown resource',
    { resources: { limits: { foo: '1' } } },
    [
      'P.resources.limits[foo]: Invalid value: foo: must be a standard resource type or fully qualified',
      'P.resources.limits[foo]: Invalid value: foo: must be a standard resource for containers',
    ],
  ],
  [
    'a fraction of a device',
    { resources: { limits: { 'nvidia.com/gpu': '500m' }, requests: { 'nvidia.com/gpu': '500m' } } },
    [
      ...['limits', 'requests'].map(
        (list) =>
          `P.resources.${list}[nvidia.com/gpu]: Invalid value: resource.Quantity{i:resource.int64Amount{value:500, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"500m", Format:"DecimalSI"}: must be an integer`,
      ),
    ],
  ],
  [
    'a device requested without a limit',
    { resources: { requests: { 'nvidia.com/gpu': '1' } } },
    ['P.resources.limits: Required value: Limit must be set for non overcommitable resources'],
  ],
  [
    'fewer devices than the limit',
    { resources: { requests: { 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '2' } } },
    ['P.resources.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2'],
  ],
  [
    'huge pages alone',
    { resources: { requests: { 'hugepages-2Mi': '4Mi' }, limits: { 'hugepages-2Mi': '4Mi' } } },
    ['P.resources: Forbidden: HugePages require cpu or memory'],
  ],
  [
    'a part of a huge page',
    { resources: { requests: { 'hugepages-2Mi': '3Mi', cpu: '1' }, limits: { 'hugepages-2Mi': '3Mi' } } },
    [
      'P.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
      'P.resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    ],
  ],
  ['two handlers', { livenessProbe: { ...get, tcpSocket: { port: 80 } } }, ['P.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type']],
  [
    'a port name in a probe',
    { livenessProbe: { httpGet: { port: 'HTTP' } } },
    [
      'P.livenessProbe.httpGet.port: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'P.livenessProbe.httpGet.port: Invalid value: "HTTP": must contain at least one letter (a-z)',
    ],
  ],
  [
    'port 0 in a probe',
    { readinessProbe: { httpGet: { port: 0 } } },
    ['P.readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive'],
  ],
  [
    'a header',
    { readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'a b', value: 'x' }] } } },
    [
      "P.readinessProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
    ],
  ],
  [
    'grace of a readiness probe',
    { readinessProbe: { ...get, terminationGracePeriodSeconds: 5 } },
    ['P.readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes'],
  ],
  ['a hook without handler', { lifecycle: { postStart: {} } }, ['P.lifecycle.postStart: Required value: must specify a handler type']],
  [
    'a propagation',
    { volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: 'Bidirectional' }] },
    [
      'P.volumeMounts[0].name: Not found: "v"',
      'P.volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
    ],
  ],
  [
    'an id out of range',
    { securityContext: { runAsUser: -1 } },
    ['P.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive'],
  ],
  [
    'a seccomp type',
    { securityContext: { seccompProfile: { type: 'X' } } },
    ['P.securityContext.seccompProfile.type: Unsupported value: "X": supported values: "Localhost", "RuntimeDefault", "Unconfined"'],
  ],
  [
    'a seccomp profile missing',
    { securityContext: { seccompProfile: { type: 'Localhost' } } },
    ['P.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost'],
  ],
  [
    'unmasked proc',
    { securityContext: { procMount: 'Unmasked' } },
    ['P.securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`'],
  ],
  [
    'a resize policy',
    { resizePolicy: [{ resourceName: 'disk', restartPolicy: 'Never' }] },
    [
      'P.resizePolicy: Unsupported value: disk: supported values: "cpu", "memory"',
      'P.resizePolicy: Unsupported value: "Never": supported values: "NotRequired", "RestartContainer"',
    ],
  ],
];

describe('containers', () => {
  test.each(CONTAINER)('%s', (_, container, expected) => expect(problems(withContainer(container))).toEqual(expected));
});

const volume = (source: object): object => ({ volumes: [{ name: 'v', ...source }] });
const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';

const SPEC: readonly (readonly [name: string, spec: object, expected: readonly string[]])[] = [
  [
    'an init container with a probe',
    { initContainers: [{ name: 'i', image: 'x', livenessProbe: get, lifecycle: {} }] },
    [
      'S.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always',
      'S.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'an init container that restarts never',
    { initContainers: [{ name: 'i', image: 'x', restartPolicy: 'Never' }] },
    ['S.initContainers[0].restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  ],
  ['a name twice', { initContainers: [{ name: 'c', image: 'x' }] }, ['S.initContainers[0].name: Duplicate value: "c"']],
  [
    'a host path',
    volume({ hostPath: { path: '/a/../b', type: 'Foo' } }),
    [
      'S.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
      'S.volumes[0].hostPath.type: Unsupported value: "Foo": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  [
    'a secret without name',
    volume({ secret: { items: [{ key: 'k', path: '../x', mode: 1000 }] } }),
    [
      'S.volumes[0].secret.secretName: Required value',
      'S.volumes[0].secret.items[0].path: Invalid value: "../x": must not contain \'..\'',
      `S.volumes[0].secret.items[0].mode: Invalid value: 1000: ${MODE}`,
    ],
  ],
  [
    'a path that is reserved',
    volume({ configMap: { name: 'c', items: [{ key: 'k', path: '..x' }] } }),
    ['S.volumes[0].configMap.items[0].path: Invalid value: "..x": must not start with \'..\''],
  ],
  ['nfs', volume({ nfs: { server: 's', path: 'a' } }), ['S.volumes[0].nfs.path: Invalid value: "a": must be an absolute path']],
  [
    'a token that lives too short',
    volume({ projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 60 } }] } }),
    ['S.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes'],
  ],
  [
    'one path twice',
    volume({
      projected: { sources: [{ secret: { name: 'a', items: [{ key: 'k', path: 'p' }] } }, { configMap: { name: 'b', items: [{ key: 'k', path: 'p' }] } }] },
    }),
    ['S.volumes[0].projected: Invalid value: "b": conflicting duplicate paths'],
  ],
  [
    'a claim template',
    volume({ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['RWX'] } } } }),
    [
      'S.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Unsupported value: "RWX": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'S.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value',
    ],
  ],
  [
    'a downward field',
    volume({ downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'spec.nodeName' } }] } }),
    [
      'S.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
    ],
  ],
  [
    'host network with another port',
    { hostNetwork: true, containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80, hostPort: 81 }] }] },
    ['P.ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true'],
  ],
  ['dns None', { dnsPolicy: 'None' }, ['S.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
  [
    'dns None without servers',
    { dnsPolicy: 'None', dnsConfig: {} },
    ['S.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
  ],
  [
    'too many servers',
    { dnsConfig: { nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3', 'x'] } },
    [
      'S.dnsConfig.nameservers: Invalid value: []string{"1.1.1.1", "2.2.2.2", "3.3.3.3", "x"}: must not have more than 3 nameservers',
      'S.dnsConfig.nameservers[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  ['a search with underscore', { dnsConfig: { searches: ['_sip.example.com', '.'] } }, []],
  ['a node selector key', { nodeSelector: { 'bad key!': 'x' } }, [`S.nodeSelector: Invalid value: "bad key!": ${NAME}`]],
  [
    'no terms',
    { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
    ['S.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term'],
  ],
  [
    'a weight',
    { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] } } },
    ['S.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100'],
  ],
  [
    'Gt with two values',
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1', '2'] }] }] },
        },
      },
    },
    [
      "S.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
    ],
  ],
  [
    'no topology key',
    { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {}, topologyKey: '' }] } } },
    [
      'S.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty',
      'S.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
      `S.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": ${NAME}`,
    ],
  ],
  [
    'spreading',
    { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'ScheduleAnyway', minDomains: 1 }] },
    [
      'S.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'S.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'S.topologySpreadConstraints[0].minDomains: Invalid value: 1: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
    ],
  ],
  [
    'spreading twice the same',
    { topologySpreadConstraints: [1, 2].map((maxSkew) => ({ maxSkew, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' })) },
    ['S.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, DoNotSchedule}"'],
  ],
  [
    'a toleration that ends',
    { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 1 }] },
    ['S.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set'],
  ],
  [
    'a toleration with too much',
    {
      tolerations: [
        { key: 'a', operator: 'Exists', value: 'v' },
        { key: 'a', operator: 'In' },
      ],
    },
    [
      'S.tolerations[0].operator: Invalid value: "v": value must be empty when `operator` is \'Exists\'',
      'S.tolerations[1].operator: Unsupported value: "In": supported values: "Equal", "Exists"',
    ],
  ],
  ['a gate twice', { schedulingGates: [{ name: 'g' }, { name: 'g' }] }, ['S.schedulingGates[1]: Duplicate value: "g"']],
  ['a deadline', { activeDeadlineSeconds: 0 }, ['S.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive']],
  ['a negative grace is taken', { terminationGracePeriodSeconds: -1 }, []],
  [
    'an alias',
    { hostAliases: [{ ip: 'x', hostnames: ['a'] }] },
    ['S.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
  [
    'an own user namespace on the host',
    { hostUsers: false, hostNetwork: true, hostPID: true },
    ['S.hostNetwork: Forbidden: when `pod.Spec.HostUsers` is false', 'S.HostPID: Forbidden: when `pod.Spec.HostUsers` is false'],
  ],
  [
    'a sysctl of the host',
    { hostNetwork: true, securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } },
    ['S.securityContext.sysctls[0].name: Invalid value: "net.core.somaxconn": may not be specified when \'hostNetwork\' is true'],
  ],
  ['another system', { os: { name: 'mac' } }, ['S.os: Unsupported value: "mac": supported values: "linux", "windows"']],
  [
    'linux things on windows',
    { os: { name: 'windows' }, hostPID: true, securityContext: { fsGroup: 1 } },
    ['S.hostPID: Forbidden: cannot be set for a windows pod', 'S.securityContext.fsGroup: Forbidden: cannot be set for a windows pod'],
  ],
  [
    'ephemeral containers',
    { ephemeralContainers: [{ name: 'e', image: 'x' }] },
    ['S.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template'],
  ],
];

describe('specs', () => {
  test.each(SPEC)('%s', (_, spec, expected) => expect(problems(spec)).toEqual(expected));
});

test.each([
  ['a label', { labels: { a: 'b c' } }, ['t.labels']],
  ['an annotation', { annotations: { 'a b': 'x' } }, ['t.annotations']],
  ['a deletion cost', { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '+1' } }, ['t.annotations[controller.kubernetes.io/pod-deletion-cost]']],
  [
    'a profile of no container',
    { annotations: { 'container.apparmor.security.beta.kubernetes.io/x': 'unconfined' } },
    ['t.annotations[container.apparmor.security.beta.kubernetes.io/x]'],
  ],
])('metadata: %s', (_, metadata, fields) => {
  const errors: FieldError[] = [];
  validatePodTemplate(makeTemplate({}, metadata), 't', errors);
  expect(errors.map(({ field }) => field)).toEqual(fields);
});

test.each([
  [
    'old labels',
    { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
    ['t.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    'a variable twice',
    withContainer({
      env: [
        { name: 'A', value: 'x' },
        { name: 'A', value: 'y' },
      ],
    }),
    ['t.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    'a variable built upon',
    withContainer({
      env: [
        { name: 'A', value: 'x' },
        { name: 'A', value: '$(A)y' },
      ],
    }),
    [],
  ],
  [
    'a port twice',
    withContainer({ ports: [{ containerPort: 80 }, { containerPort: 80, name: 'x' }] }),
    ['t.spec.containers[0].ports[1]: duplicate port definition with t.spec.containers[0].ports[0]'],
  ],
  [
    'a port open on the host too',
    withContainer({ ports: [{ containerPort: 80 }, { containerPort: 80, hostPort: 80 }] }),
    ['t.spec.containers[0].ports[1]: overlapping port definition with t.spec.containers[0].ports[0]'],
  ],
  [
    'a part of a byte',
    withContainer({ resources: { limits: { memory: '100m' } } }),
    ['t.spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer'],
  ],
  [
    'a negative grace',
    { terminationGracePeriodSeconds: -5 },
    ['t.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
  ],
  [
    'no selector',
    { affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: 'z' } }] } } },
    [
      't.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: a null labelSelector results in matching no pod',
    ],
  ],
  [
    'a secret twice',
    { imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] },
    ['t.spec.imagePullSecrets[1].name: duplicate name "a"', 't.spec.imagePullSecrets[2].name: invalid empty name ""'],
  ],
])('warning: %s', (_, spec, expected) => expect(podTemplateWarnings(makeTemplate(spec), 't')).toEqual(expected));

test.each([
  ['nginx', 'latest'],
  ['nginx:1.27', '1.27'],
  ['nginx:latest', 'latest'],
  ['localhost:5000/a/b', 'latest'],
  ['localhost:5000/a/b:v1', 'v1'],
  [`nginx@sha256:${'a'.repeat(64)}`, ''],
  [`nginx:1@sha256:${'a'.repeat(64)}`, '1'],
  ['Nginx', ''],
  ['a b', ''],
  ['', ''],
])('the tag of %s', (image, tag) => expect(imageTag(image)).toBe(tag));

test('a complete template is not copied', () => {
  const template = makeTemplate({ volumes: [{ name: 'v' }], initContainers: [{ name: 'i', image: 'x:1' }] });
  expect(defaultPodTemplate(template)).toBe(template);
});

test('what is off is dropped', () => {
  const template = makeTemplate({
    resources: { limits: { cpu: '1' } },
    volumes: [{ name: 'i', image: { reference: 'x' } }, { name: 'e' }],
    containers: [
      {
        name: 'c',
        image: 'x:1',
        volumeMounts: [
          { name: 'i', mountPath: '/i' },
          { name: 'e', mountPath: '/e' },
        ],
        lifecycle: { stopSignal: 'SIGUSR1' },
      },
    ],
  });
  const { spec } = dropDisabledTemplateFields(template);
  expect(spec?.resources).toBeUndefined();
  expect(spec?.volumes).toEqual([{ name: 'e', emptyDir: {} }]);
  expect(spec?.containers[0]?.lifecycle).toBeUndefined();
  expect(spec?.containers[0]?.volumeMounts).toEqual([{ name: 'e', mountPath: '/e' }]);
});
