/** Init containers and sidecars that run and hold up what comes after them. */
import type { EndpointSlice } from '../../../resources/endpointslices/types.js';
import type { Service } from '../../../resources/services/types.js';
import { logLines, objectLine, specLine, stateLine } from '../evidence.js';
import type { ContainerCase } from '../pod-case.js';
import type { Rule } from '../rule.js';

const ASKS = /\b(nslookup|getent hosts|nc|wget|curl|ping)(?: +-\S+)* +(?:https?:\/\/)?([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9-]*))?(?![\w-]*:\/\/)/;

/** Whom the command of an init container asks for by name: the first program that is given one. Variables of its own count as what they hold. */
function awaited(c: ContainerCase): { readonly program: string; readonly name: string; readonly namespace: string } | undefined {
  const values = new Map((c.container.env ?? []).map(({ name, value }) => [name, value]));
  const text = [...(c.container.command ?? []), ...(c.container.args ?? [])]
    .join(' ')
    .replace(/\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g, (whole, a?: string, b?: string, d?: string) => values.get(a ?? b ?? d ?? '') ?? whole);
  const [, program, name, namespace] = ASKS.exec(text) ?? [];
  return program === undefined || name === undefined ? undefined : { program, name, namespace: namespace ?? c.namespace };
}

/** The Service that it waits for by name and that is not there. */
function missingService(c: ContainerCase): string | undefined {
  const found = awaited(c);
  if (found === undefined || found.namespace !== c.namespace) return undefined;
  const services = c.world.list<Service>('services', c.namespace);
  return services === undefined || services.some((one) => one.metadata.name === found.name) ? undefined : found.name;
}

/** The Service that it waits for an answer of and that is there, with no ready pod behind it. */
function idleService(c: ContainerCase): { readonly service: string; readonly where: string } | undefined {
  const found = awaited(c);
  if (found === undefined || found.program === 'nslookup' || found.program === 'getent hosts') return undefined;
  const service = c.world.find<Service>('services', found.namespace, found.name);
  if (service === undefined || service === null || service.spec.selector === undefined) return undefined;
  const slices = c.world
    .list<EndpointSlice>('endpointslices', found.namespace)
    ?.filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === found.name);
  const isIdle = slices !== undefined && !slices.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
  return isIdle ? { service: found.name, where: found.namespace } : undefined;
}

/** What it runs, and what came of it so far. */
const askingLines = (c: ContainerCase) => [
  specLine(`${c.path}.command`, c.container.command),
  specLine(`${c.path}.args`, c.container.args),
  stateLine(c.container.name, c.state?.state),
  ...logLines(c.log),
];

const next = (c: ContainerCase): string => {
  const all = [...(c.pod.spec.initContainers ?? []), ...c.pod.spec.containers].map((one) => one.name);
  return all.slice(all.indexOf(c.container.name) + 1).join(', ');
};

const LOGS = 'kubectl logs {pod} -c {container}{n}';
const STATES = 'kubectl get pod {pod}{n} -o jsonpath=\'{range .status.initContainerStatuses[*]}{.name} {.state}{"\\n"}{end}\'';

export const initRules: readonly Rule<ContainerCase>[] = [
  {
    id: 'init-waits-for-service',
    when: (c) => {
      const service = c.role === 'init' && c.running !== undefined ? missingService(c) : undefined;
      return service === undefined
        ? undefined
        : {
            values: { service, next: next(c) },
            evidence: askingLines(c),
          };
    },
    en: {
      cause: [
        'The init container {container} waits for {service}, and namespace {ns} has no Service of that name. What comes after it ({next}) does not start before it ends with 0.',
      ],
      todo: ['Create the Service; or, if it is in another namespace, ask for {service}.NAMESPACE.'],
    },
    ko: {
      cause: [
        '초기화 컨테이너 {container}가 {service} 이름을 기다리는데 {ns} 네임스페이스에 그런 Service가 없습니다. 이 컨테이너가 0으로 끝나야 다음 컨테이너({next})가 시작됩니다.',
      ],
      todo: ['Service를 만드세요. 다른 네임스페이스에 있다면 {service}.네임스페이스 이름으로 찾아야 합니다.'],
    },
    fix: ['kubectl create service clusterip {service}{n} --tcp=80'],
    proof: ['kubectl get services{n}', LOGS, STATES],
  },
  {
    id: 'init-waits-for-endpoints',
    when: (c) => {
      const idle = c.role === 'init' && c.running !== undefined ? idleService(c) : undefined;
      return idle === undefined
        ? undefined
        : {
            values: { ...idle, next: next(c) },
            evidence: [objectLine(`endpointslices of ${idle.service}: none ready`), ...askingLines(c)],
          };
    },
    en: {
      cause: [
        'The init container {container} waits for an answer of the Service {service}, which is there but has no ready pod behind it. What comes after it ({next}) does not start before it ends with 0.',
      ],
      todo: ['See why the Service has no ready pods.'],
    },
    ko: {
      cause: [
        '초기화 컨테이너 {container}가 Service {service}의 응답을 기다립니다. Service는 있지만 뒤에 준비된 파드가 없습니다. 이 컨테이너가 0으로 끝나야 다음 컨테이너({next})가 시작됩니다.',
      ],
      todo: ['그 Service에 준비된 파드가 왜 없는지 확인하세요.'],
    },
    proof: ['podsim why service/{service} -n {where}', 'kubectl get endpointslices -n {where} -l kubernetes.io/service-name={service}', LOGS],
  },
  {
    id: 'init-still-running',
    when: (c) =>
      c.role === 'init' && c.running !== undefined
        ? {
            values: { next: next(c), lastLine: c.log?.at(-1)?.trim() },
            evidence: [stateLine(c.container.name, c.state?.state), specLine(`${c.path}.command`, c.container.command), ...logLines(c.log)],
          }
        : undefined,
    en: {
      cause: [
        'The init container {container} is at work; the next one ({next}) starts only when it has ended with 0.',
        'The last thing it wrote: "{lastLine}".',
      ],
      todo: ['Wait, or look in its log for what it waits for.'],
    },
    ko: {
      cause: ['초기화 컨테이너 {container}가 실행 중입니다. 0으로 끝나야 다음 컨테이너({next})가 시작됩니다.', '마지막 로그: "{lastLine}".'],
      todo: ['기다리거나, 무엇을 기다리는지 로그를 확인하세요.'],
    },
    proof: [LOGS, STATES],
  },
  {
    id: 'sidecar-not-started',
    when: (c) =>
      c.role === 'sidecar' && c.running !== undefined && c.state?.started !== true
        ? {
            values: { next: next(c) },
            evidence: [
              specLine(`${c.path}.startupProbe`, c.container.startupProbe),
              stateLine(c.container.name, c.state?.state),
              c.seen('Unhealthy', /^Startup probe/),
            ],
          }
        : undefined,
    en: {
      cause: [
        'The sidecar {container} (an init container with restartPolicy Always) runs, but its startup probe has not succeeded: what comes after it ({next}) waits for that.',
      ],
      todo: ['Wait, or correct the startupProbe of the sidecar.'],
    },
    ko: {
      cause: [
        '사이드카 {container}(restartPolicy가 Always인 초기화 컨테이너)가 실행 중이지만 startup 프로브가 아직 성공하지 않았습니다. 다음 컨테이너({next})는 그때까지 시작되지 않습니다.',
      ],
      todo: ['기다리거나 사이드카의 startupProbe를 고치세요.'],
    },
    fix: ['{edit}'],
    proof: [STATES, LOGS],
  },
];
