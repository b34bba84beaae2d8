/** Init containers and sidecars that run and hold up what comes after them. */
import type { Service } from '../../../resources/services/types.js';
import { logLines, specLine, stateLine } from '../evidence.js';
import type { ContainerCase } from '../pod-case.js';
import type { Rule } from '../rule.js';

/** The Service that the command of an init container waits for by name and that is not there. */
function awaitedService(c: ContainerCase): string | undefined {
  const text = [...(c.container.command ?? []), ...(c.container.args ?? [])].join(' ');
  const host = /(?:nslookup|getent hosts|nc(?: -\w+)*|wget(?: -\S+)*|curl(?: -\S+)*|ping(?: -\S+)*) +(?:https?:\/\/)?([a-z][a-z0-9-]*)/.exec(text)?.[1];
  if (host === undefined) return undefined;
  const services = c.world.list<Service>('services', c.namespace);
  return services === undefined || services.some((one) => one.metadata.name === host) ? undefined : host;
}

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
      const service = c.role === 'init' && c.running !== undefined ? awaitedService(c) : undefined;
      return service === undefined
        ? undefined
        : {
            values: { service, next: next(c) },
            evidence: [
              specLine(`${c.path}.command`, c.container.command),
              specLine(`${c.path}.args`, c.container.args),
              stateLine(c.container.name, c.state?.state),
              ...logLines(c.log),
            ],
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
