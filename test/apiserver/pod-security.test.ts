/** What each version of the Pod Security standards says of a pod, in the words and the order of pod-security-admission. */
import { describe, expect, test } from 'vitest';
import { LATEST, type Level, violations } from '../../src/apiserver/admission/pod-security-checks.js';
import type { PodSpec } from '../../src/resources/pod-template/types.js';
import { session } from '../harness/terminal.js';

interface Case {
  readonly name: string;
  readonly level?: Level;
  readonly version?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: object;
  readonly expected: readonly string[];
}

const named = (...names: readonly string[]) => names.map((name) => ({ name }));
/** Nothing restricted minds. */
const SAFE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/';

const CASES: readonly Case[] = [
  {
    name: 'AppArmor annotations are values, and their setters too',
    annotations: { [`${APP_ARMOR}a`]: '', [`${APP_ARMOR}b`]: 'runtime/default', [`${APP_ARMOR}c`]: 'localhost/foo', [`${APP_ARMOR}e`]: 'unconfined' },
    spec: {},
    expected: [`forbidden AppArmor profile (annotation must not set AppArmor profile type to "${APP_ARMOR}e="unconfined"")`],
  },
  {
    name: 'AppArmor by fields and by annotations',
    annotations: { [`${APP_ARMOR}f`]: 'unknown', [`${APP_ARMOR}e`]: 'unconfined' },
    spec: {
      securityContext: { appArmorProfile: { type: 'Unconfined' } },
      containers: [{ name: 'e', securityContext: { appArmorProfile: { type: 'Unconfined' } } }],
    },
    expected: [
      `forbidden AppArmor profiles (pod and container "e" and annotations must not set AppArmor profile type to "Unconfined", "${APP_ARMOR}e="unconfined"", "${APP_ARMOR}f="unknown"")`,
    ],
  },
  {
    name: 'seccomp annotations, once',
    version: 18,
    annotations: { [`${SECCOMP}a`]: 'unconfined', [`${SECCOMP}b`]: 'unknown', 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
    spec: { containers: named('a', 'b', 'c') },
    expected: [`seccompProfile (forbidden annotations ${SECCOMP}a="unconfined", ${SECCOMP}b="unknown", seccomp.security.alpha.kubernetes.io/pod="unconfined")`],
  },
  { name: 'seccomp annotations, no more', version: 19, annotations: { [`${SECCOMP}a`]: 'unconfined' }, spec: { containers: named('a') }, expected: [] },
  {
    name: 'sysctls of 1.26',
    version: 26,
    spec: { securityContext: { sysctls: named('net.ipv4.tcp_rmem', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_syncookies', 'a') } },
    expected: ['forbidden sysctls (net.ipv4.tcp_rmem, net.ipv4.ip_local_reserved_ports, a)'],
  },
  {
    name: 'sysctls of 1.31',
    version: 31,
    spec: { securityContext: { sysctls: named('net.ipv4.tcp_rmem', 'net.ipv4.tcp_keepalive_time') } },
    expected: ['forbidden sysctls (net.ipv4.tcp_rmem)'],
  },
  { name: 'sysctls of a version to come', version: 40, spec: { securityContext: { sysctls: named('net.ipv4.tcp_rmem') } }, expected: [] },
  {
    name: 'SELinux types of 1.30',
    version: 30,
    spec: { securityContext: { seLinuxOptions: { type: 'container_engine_t' } } },
    expected: ['seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "container_engine_t")'],
  },
  { name: 'SELinux types of 1.31', version: 31, spec: { securityContext: { seLinuxOptions: { type: 'container_engine_t' } } }, expected: [] },
  {
    name: 'restricted before capabilities had to be dropped looks at what is added only',
    level: 'restricted',
    version: 21,
    spec: { containers: [{ name: 'a', securityContext: { ...SAFE, capabilities: { add: ['SYS_ADMIN'] } } }] },
    expected: ['non-default capabilities (container "a" must not include "SYS_ADMIN" in securityContext.capabilities.add)'],
  },
  {
    name: 'restricted before it asked for the user',
    level: 'restricted',
    version: 22,
    spec: { containers: [{ name: 'a', securityContext: { ...SAFE, runAsUser: 0 } }] },
    expected: [],
  },
  {
    name: 'restricted since it asks for the user',
    level: 'restricted',
    version: 23,
    spec: { containers: [{ name: 'a', securityContext: { ...SAFE, runAsUser: 0 } }] },
    expected: ['runAsUser=0 (container "a" must not set runAsUser=0)'],
  },
  {
    name: 'restricted when Windows was not known',
    level: 'restricted',
    version: 24,
    spec: { os: { name: 'windows' }, securityContext: { runAsNonRoot: true }, containers: named('a') },
    expected: [
      'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)',
      'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"])',
      'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
  },
  {
    name: 'restricted spares Windows what only Linux has',
    level: 'restricted',
    spec: { os: { name: 'windows' }, containers: named('a') },
    expected: ['runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)'],
  },
];

describe('checks by version', () => {
  test.each(CASES)('$name', ({ level = 'baseline', version = LATEST, annotations = {}, spec, expected }) => {
    expect(violations({ metadata: { annotations }, spec: spec as PodSpec }, level, version)).toEqual(expected);
  });
});

test('a namespace says by which version it judges, and whom other rules would keep out', () =>
  session(`
  $ kubectl create ns v
  namespace/v created
  $ kubectl run solo --image=nginx -n v
  pod/solo created
  $ kubectl label ns v pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/enforce-version=v1.21
  Warning: existing pods in namespace "v" violate the new PodSecurity enforce level "restricted:v1.21"
  Warning: solo: allowPrivilegeEscalation != false, runAsNonRoot != true, seccompProfile
  namespace/v labeled
  $ kubectl label ns v --overwrite pod-security.kubernetes.io/enforce-version=v1.22
  Warning: existing pods in namespace "v" violate the new PodSecurity enforce level "restricted:v1.22"
  Warning: solo: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile
  namespace/v labeled
  $ kubectl label ns v --overwrite pod-security.kubernetes.io/enforce=privileged
  namespace/v labeled
  $ kubectl label ns v --overwrite pod-security.kubernetes.io/enforce=baseline pod-security.kubernetes.io/warn-version=v1.30
  namespace/v labeled
  $ kubectl create deploy web -n v --image=nginx --dry-run=server
  deployment.apps/web created (server dry run)
  $ kubectl label ns v pod-security.kubernetes.io/warn=restricted
  namespace/v labeled
  $ kubectl create deploy web -n v --image=nginx
  Warning: would violate PodSecurity "restricted:v1.30": allowPrivilegeEscalation != false (container "nginx" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "nginx" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "nginx" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "nginx" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")
  deployment.apps/web created
  `));
