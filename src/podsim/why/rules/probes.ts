/** Probes that fail: which probe it is decides what follows, what the probe got decides what to do. */

import { parseTime } from '../../../api/time.js';
import type { Probe } from '../../../resources/pod-template/types.js';
import { conditionLine, eventLine, specLine, stateLine } from '../evidence.js';
import type { ContainerCase } from '../pod-case.js';
import type { Rule, Values, Words } from '../rule.js';
import { lastSeen } from '../world.js';

type Which = 'liveness' | 'startup' | 'readiness';

interface Kind {
  readonly id: string;
  readonly pattern: RegExp;
  readonly en: Words;
  readonly ko: Words;
}

/** What the probe got, by the text of the Unhealthy Event (pkg/probe). */
const KINDS: readonly Kind[] = [
  {
    id: 'connection-refused',
    pattern: /connection refused/,
    en: {
      cause: ['Nothing listens on port {port} of the container: the connection is refused.', 'The container declares the port {declared}.'],
      todo: ['Let the probe ask the port that the program listens on; if the program needs longer to begin, give it a startupProbe or initialDelaySeconds.'],
    },
    ko: {
      cause: ['컨테이너의 {port} 포트에서 듣고 있는 프로세스가 없어 연결이 거부됩니다.', '컨테이너가 선언한 포트: {declared}.'],
      todo: ['프로그램이 실제로 듣는 포트로 프로브를 고치세요. 뜨는 데 시간이 걸리는 프로그램이라면 startupProbe나 initialDelaySeconds를 주세요.'],
    },
  },
  {
    id: 'http-status',
    pattern: /statuscode: (?<code>\d+)/,
    en: {
      cause: ['GET {path} on port {port} is answered with status {code}; only 200 to 399 count as success.'],
      todo: ['Check the path of the probe first, then why the program answers so.'],
    },
    ko: {
      cause: ['{port} 포트의 GET {path} 요청에 상태 코드 {code} 응답이 옵니다. 200~399만 성공입니다.'],
      todo: ['먼저 프로브의 경로가 맞는지, 그다음 프로그램이 왜 그렇게 응답하는지 확인하세요.'],
    },
  },
  {
    id: 'timeout',
    pattern: /context deadline exceeded|Client\.Timeout|timed out|i\/o timeout|timeout:/,
    en: {
      cause: ['There is no answer within {timeout}s (timeoutSeconds).'],
      todo: ['Raise timeoutSeconds, or find out why the program is that slow: too little CPU, a lock, a dependency it waits for.'],
    },
    ko: {
      cause: ['{timeout}초(timeoutSeconds) 안에 응답이 없습니다.'],
      todo: ['timeoutSeconds를 늘리거나, 프로그램이 왜 느린지 확인하세요. CPU 부족, 락, 응답 없는 의존 서비스 등이 원인일 수 있습니다.'],
    },
  },
  {
    id: 'command-failed',
    pattern: /(?:)/,
    en: { cause: ['Its command {command} does not end with exit code 0.'], todo: ['Run the command in the container yourself and look at what it says.'] },
    ko: { cause: ['프로브 명령 {command}의 종료 코드가 0이 아닙니다.'], todo: ['컨테이너 안에서 명령을 직접 실행해 보고 무엇이라고 하는지 보세요.'] },
  },
  {
    id: 'failed',
    pattern: /(?:)/,
    en: { cause: ['The evidence has what the probe got.'], todo: ['Compare the probe with what the program really offers.'] },
    ko: { cause: ['프로브가 받은 응답이 아래에 있습니다.'], todo: ['프로브 설정과 프로그램이 실제로 제공하는 것을 비교해 보세요.'] },
  },
];

const OUTCOME: Readonly<Record<Which, { readonly en: string; readonly ko: string }>> = {
  liveness: {
    en: 'The kubelet killed the container because its liveness probe failed {threshold} times in a row; after a kill it is started again.',
    ko: 'liveness 프로브가 {threshold}번 연속 실패하여 kubelet이 컨테이너를 종료하고 다시 시작합니다.',
  },
  startup: {
    en: 'The kubelet killed the container because its startup probe had not succeeded after {threshold} tries, {period}s apart.',
    ko: 'startup 프로브가 {period}초 간격으로 {threshold}번 시도하는 동안 성공하지 못해 kubelet이 컨테이너를 종료했습니다.',
  },
  readiness: {
    en: 'The container runs, but its readiness probe fails: the pod is not Ready, and Services send it nothing. (A readiness probe never restarts a container.)',
    ko: '컨테이너는 실행 중이지만 readiness 프로브가 실패합니다. 그래서 파드가 Ready가 아니고 Service가 트래픽을 보내지 않습니다. (readiness 프로브는 컨테이너를 재시작하지 않습니다.)',
  },
};

/** Whether the kubelet killed the run that ended last for this probe. */
function wasKilled(c: ContainerCase, which: Which): boolean {
  const killing = c.event('Killing', new RegExp(`failed ${which} probe`));
  if (killing === undefined || c.ended === undefined) return false;
  const started = parseTime(c.ended.startedAt ?? '');
  const finished = parseTime(c.ended.finishedAt ?? '');
  const at = lastSeen(killing);
  return started === undefined || finished === undefined || (at >= started && at <= finished + 1000);
}

const isUnready = (c: ContainerCase): boolean => c.running !== undefined && c.state?.ready === false && c.state.started !== false;

function probeValues(c: ContainerCase, probe: Probe): Values {
  const { httpGet, tcpSocket, grpc, exec } = probe;
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
  const declared = (c.container.ports ?? [])
    .map((one) => (one.name === undefined ? String(one.containerPort) : `${one.containerPort} (${one.name})`))
    .join(', ');
  return {
    port,
    path: httpGet === undefined ? undefined : (httpGet.path ?? '/'),
    declared: declared === '' ? undefined : declared,
    command: exec === undefined ? undefined : JSON.stringify(exec.command ?? []),
    argv: exec?.command?.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`)).join(' '),
    timeout: probe.timeoutSeconds ?? 1,
    period: probe.periodSeconds ?? 10,
    threshold: probe.failureThreshold ?? 3,
  };
}

function ruleFor(which: Which, kind: Kind): Rule<ContainerCase> {
  const field = `${which}Probe` as const;
  const outcome = OUTCOME[which];
  return {
    id: `${which}-probe-${kind.id}`,
    when: (c) => {
      const probe = c.container[field];
      const isCause = which === 'readiness' ? isUnready(c) : wasKilled(c, which);
      if (probe === undefined || !isCause) return undefined;
      const unhealthy = c.event('Unhealthy', new RegExp(`^${which} probe (failed|errored)`, 'i'));
      const match = kind.pattern.exec(unhealthy?.message ?? '');
      if (match === null || (which === 'readiness' && unhealthy === undefined) || (kind.id === 'command-failed' && probe.exec === undefined)) return undefined;
      return {
        values: { ...probeValues(c, probe), ...match.groups },
        evidence: [
          specLine(`${c.path}.${field}`, probe),
          eventLine(unhealthy, c.world.now),
          which === 'readiness' ? conditionLine(c.condition('Ready')) : c.seen('Killing', new RegExp(`failed ${which} probe`)),
          which === 'readiness'
            ? undefined
            : stateLine(
                c.container.name,
                c.state?.state?.terminated === undefined ? c.state?.lastState : c.state.state,
                c.state?.state?.terminated === undefined,
              ),
        ],
      };
    },
    en: { cause: [outcome.en, ...kind.en.cause], todo: kind.en.todo },
    ko: { cause: [outcome.ko, ...kind.ko.cause], todo: kind.ko.todo },
    fix: ['{edit}'],
    proof: [
      `kubectl get pod {pod}{n} -o jsonpath='{range .spec.{containers}[*]}{.name} {.${field}}{"\\n"}{end}'`,
      'kubectl get events{n} --field-selector involvedObject.name={pod},reason=Unhealthy',
      ...(which === 'readiness' && kind.id === 'command-failed' ? ['kubectl exec {pod}{c}{n} -- {argv}'] : []),
    ],
  };
}

/** Containers that probes killed. */
export const probeKillRules: readonly Rule<ContainerCase>[] = (['liveness', 'startup'] as const).flatMap((which) => KINDS.map((kind) => ruleFor(which, kind)));

/** Containers that run and are not ready. */
export const readinessRules: readonly Rule<ContainerCase>[] = [
  {
    id: 'startup-probe-pending',
    when: (c) =>
      c.running !== undefined && c.state?.started === false && c.container.startupProbe !== undefined
        ? {
            values: probeValues(c, c.container.startupProbe),
            evidence: [
              specLine(`${c.path}.startupProbe`, c.container.startupProbe),
              stateLine(c.container.name, c.state.state),
              c.seen('Unhealthy', /^Startup probe/),
            ],
          }
        : undefined,
    en: {
      cause: ['The container runs, but its startup probe has not succeeded yet: until then the other probes wait and the pod is not Ready.'],
      todo: ['Wait: the probe may fail {threshold} times, {period}s apart, before the kubelet kills the container.'],
    },
    ko: {
      cause: ['컨테이너는 실행 중이지만 startup 프로브가 아직 성공하지 않았습니다. 그때까지 다른 프로브는 시작되지 않고 파드도 Ready가 되지 않습니다.'],
      todo: ['기다려 보세요. {period}초 간격으로 {threshold}번까지 실패해도 되며, 그 뒤에는 kubelet이 컨테이너를 종료합니다.'],
    },
    proof: [
      'kubectl get pod {pod}{n} -o jsonpath=\'{range .status.{statuses}[*]}{.name} started={.started} ready={.ready}{"\\n"}{end}\'',
      'kubectl describe pod {pod}{n}',
    ],
  },
  ...KINDS.map((kind) => ruleFor('readiness', kind)),
  {
    id: 'readiness-probe-pending',
    when: (c) =>
      isUnready(c) && c.container.readinessProbe !== undefined
        ? {
            values: { delay: c.container.readinessProbe.initialDelaySeconds ?? 0, ...probeValues(c, c.container.readinessProbe) },
            evidence: [
              specLine(`${c.path}.readinessProbe`, c.container.readinessProbe),
              stateLine(c.container.name, c.state?.state),
              conditionLine(c.condition('Ready')),
            ],
          }
        : undefined,
    en: {
      cause: ['The container runs; its readiness probe has neither succeeded nor failed yet, and without a success it is not Ready.'],
      todo: ['Wait: it first runs after {delay}s (initialDelaySeconds), then every {period}s.'],
    },
    ko: {
      cause: ['컨테이너는 실행 중이고 readiness 프로브는 아직 성공도 실패도 하지 않았습니다. 한 번은 성공해야 Ready가 됩니다.'],
      todo: ['기다리세요. 시작 {delay}초 뒤(initialDelaySeconds)부터 {period}초마다 실행됩니다.'],
    },
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.{containers}[*].readinessProbe}{"\\n"}\'', 'kubectl get pod {pod}{n} -w   # follow it'],
  },
];
