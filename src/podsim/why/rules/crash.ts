/** Why a container's process ended, by exit code and by what it wrote last. Holds of the run that ended last. */
import { parseTime } from '../../../api/time.js';
import { parseReference } from '../../../runtime/reference.js';
import { logLines, objectLine, specLine, stateLine } from '../evidence.js';
import type { ContainerCase } from '../pod-case.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';

/** Facts of a run that ended, with what shows it. */
function ended(c: ContainerCase, values: Values = {}, more: readonly (Evidence | undefined)[] = []): Facts | undefined {
  if (c.ended === undefined) return undefined;
  const isLast = c.state?.state?.terminated === undefined;
  const from = parseTime(c.ended.startedAt ?? '');
  const to = parseTime(c.ended.finishedAt ?? '');
  return {
    values: {
      code: c.ended.exitCode,
      seconds: from === undefined || to === undefined || from <= 0 ? undefined : Math.round((to - from) / 1000),
      logs: `kubectl logs ${c.name}${severalContainers(c) ? ` -c ${c.container.name}` : ''}`,
      // The log of a run that goes on is not the one of the run that ended.
      previous: c.running === undefined ? '' : ' --previous',
      argv: commandOf(c),
      lastLine: c.log?.at(-1)?.trim(),
      ...values,
    },
    evidence: [
      ...more,
      isLast && c.waiting !== undefined ? stateLine(c.container.name, c.state?.state) : undefined,
      stateLine(c.container.name, isLast ? c.state?.lastState : c.state?.state, isLast),
      ...logLines(c.log),
      c.seen('BackOff', /restarting/),
    ],
  };
}

const severalContainers = ({ pod }: ContainerCase): boolean => pod.spec.containers.length + (pod.spec.initContainers?.length ?? 0) > 1;

function commandOf({ container }: ContainerCase): string | undefined {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  return words.length === 0 ? undefined : JSON.stringify(words);
}

/** What programs say of a host that they do not find or that does not answer. */
const UNREACHED =
  /bad address|could not resolve|no such host|name or service not known|ENOTFOUND|can't resolve|can't find|connection refused|ECONNREFUSED|no route to host|NXDOMAIN/i;

/** The Service of the pod's namespace that the line does not find by name and that is not there. */
function missingService({ world, namespace }: ContainerCase, line: string): string | undefined {
  const host = /(?:bad address|resolve(?: host:?)?|can't find|no such host|not known:?|ENOTFOUND|lookup) +['"]?([a-z0-9][a-z0-9.-]*)/i.exec(line)?.[1];
  const [name, place] = host?.replace(/\.?(svc\.)?cluster\.local$/, '').split('.') ?? [];
  const isOurs = host !== undefined && (!host.includes('.') || host.endsWith('cluster.local'));
  if (!isOurs || !name || (place !== undefined && place !== '' && place !== namespace)) return undefined;
  return world.find('services', namespace, name) === null ? name : undefined;
}

/** The line of the log, if a run that failed wrote one like it. */
function said(c: ContainerCase, pattern: RegExp): string | undefined {
  return c.ended === undefined || c.ended.exitCode === 0 ? undefined : c.log?.findLast((line) => pattern.test(line))?.trim();
}

function failedSaying(c: ContainerCase, pattern: RegExp, values: Values = {}, more: readonly (Evidence | undefined)[] = []): Facts | undefined {
  const line = said(c, pattern);
  return line === undefined ? undefined : ended(c, { line, ...values }, more);
}

const exited = (c: ContainerCase, isCode: (code: number) => boolean): Facts | undefined =>
  c.ended !== undefined && isCode(c.ended.exitCode) ? ended(c) : undefined;

/** Images whose entrypoint is a shell. */
const SHELLS: readonly string[] = ['busybox', 'alpine', 'ubuntu', 'debian', 'bash', 'centos', 'fedora', 'amazonlinux', 'rockylinux', 'almalinux'];

function isBareShell({ container }: ContainerCase): boolean {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  if (words.length > 0) return words.length === 1 && /^(\/bin\/)?(sh|bash|ash)$/.test(words[0] as string);
  const reference = parseReference(container.image ?? '');
  return !('error' in reference) && SHELLS.includes(reference.familiar);
}

const usedPorts = (c: ContainerCase): string | undefined => {
  const others = c.pod.spec.containers.filter((one) => one.name !== c.container.name).map((one) => one.name);
  return others.length === 0 ? undefined : others.join(', ');
};

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};
const LOGS = '{logs}{n}{previous}';
const CODE = 'kubectl get pod {pod}{n} -o jsonpath=\'{range .status.{statuses}[*]}{.name} {.state} {.lastState}{"\\n"}{end}\'';
const SEE: readonly string[] = [LOGS, CODE];

export const crashRules: readonly Rule<ContainerCase>[] = [
  {
    id: 'killed-for-change',
    when: (c) => {
      const killing = c.event('Killing', /definition changed|resize requires restart/);
      return killing !== undefined && c.running !== undefined && c.state?.restartCount === 1
        ? ended(c, {}, [c.seen('Killing', /definition changed|resize/)])
        : undefined;
    },
    en: {
      cause: ['The pod itself was changed (its image, or a resize): the kubelet stopped the old container and started the new one. That counts as a restart.'],
      todo: ['Nothing.'],
    },
    ko: {
      cause: ['파드 자체가 변경되어(이미지 변경이나 리사이즈) kubelet이 이전 컨테이너를 멈추고 새 컨테이너를 시작했습니다. 이것도 재시작으로 셉니다.'],
      todo: ['할 일은 없습니다.'],
    },
    proof: ['kubectl get events{n} --field-selector involvedObject.name={pod},reason=Killing'],
  },
  {
    id: 'oom-killed-at-limit',
    when: (c) => {
      const limit = c.container.resources?.limits?.['memory'];
      return c.ended?.reason === 'OOMKilled' && limit !== undefined ? ended(c, { limit }, [specLine(`${c.path}.resources.limits.memory`, limit)]) : undefined;
    },
    en: {
      cause: ['The container used more memory than its limit of {limit}, and the kernel killed it (OOMKilled; 137 is 128 + 9, SIGKILL).'],
      todo: ['Raise resources.limits.memory, or let the program use less (heap size, number of workers). If the use only ever grows, it is a leak.'],
    },
    ko: {
      cause: ['컨테이너가 메모리 제한 {limit}보다 많이 써서 커널이 종료했습니다(OOMKilled, 137 = 128 + 9, SIGKILL).'],
      todo: ['resources.limits.memory를 늘리거나 프로그램이 메모리를 덜 쓰게 하세요(힙 크기, 워커 수 등). 사용량이 계속 늘기만 한다면 메모리 누수입니다.'],
    },
    fix: ['{edit}'],
    proof: [CODE, 'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.{containers}[*]}{.name} {.resources}{"\\n"}{end}\''],
  },
  {
    id: 'oom-killed-by-node',
    when: (c) => (c.ended?.reason === 'OOMKilled' ? ended(c) : undefined),
    en: {
      cause: [
        'The kernel killed the container for want of memory (OOMKilled). It has no memory limit of its own to reach: what ran out is above it, most likely the memory of node {node}.',
      ],
      todo: ['Give the containers on the node memory requests and limits, and look at what else runs on {node}.'],
    },
    ko: {
      cause: [
        '메모리가 부족해 커널이 컨테이너를 종료했습니다(OOMKilled). 컨테이너 자체에는 메모리 제한이 없으므로, 부족했던 것은 그 위의 메모리, 대개 {node} 노드의 메모리입니다.',
      ],
      todo: ['노드의 컨테이너들에 메모리 requests와 limits를 지정하고, {node} 노드에서 무엇이 더 실행되는지 확인하세요.'],
    },
    fix: ['{edit}'],
    proof: [CODE, 'kubectl describe node {node}{f}'],
  },
  {
    id: 'shell-without-work',
    when: (c) => (c.ended?.exitCode === 0 && (c.pod.spec.restartPolicy ?? 'Always') === 'Always' && c.role !== 'init' && isBareShell(c) ? ended(c) : undefined),
    en: {
      cause: [
        'The image {image} starts a shell; without a terminal and without a command a shell has nothing to do and ends at once with 0. restartPolicy Always starts it again and again.',
      ],
      todo: ['Give the container something to do: a command such as ["sleep", "3600"].'],
    },
    ko: {
      cause: [
        '{image} 이미지는 셸을 실행합니다. 터미널도 명령도 없으면 셸은 할 일이 없어 바로 0으로 끝납니다. restartPolicy가 Always라서 계속 다시 시작됩니다.',
      ],
      todo: ['컨테이너에 할 일을 주세요. 예: command: ["sleep", "3600"].'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.restartPolicy} {range .spec.{containers}[*]}{.name}: {.command} {.args}{"\\n"}{end}\'', CODE],
  },
  {
    id: 'exit-0-always-restarted',
    when: (c) =>
      c.ended?.exitCode === 0 && ((c.pod.spec.restartPolicy ?? 'Always') === 'Always' || c.role === 'sidecar') && c.role !== 'init' ? ended(c) : undefined,
    en: {
      cause: [
        'The process did its work and ended with 0, without an error. But restartPolicy is Always: the kubelet starts it again each time it ends, and waits longer each time.',
        'It ran for {seconds}s.',
      ],
      todo: ['For work that ends, use a Job, or restartPolicy OnFailure or Never. For a server, let it stay in the foreground.'],
    },
    ko: {
      cause: [
        '프로세스는 오류 없이 일을 마치고 0으로 끝났습니다. 하지만 restartPolicy가 Always라서 끝날 때마다 kubelet이 다시 시작하며, 기다리는 시간이 점점 길어집니다.',
        '마지막 실행 시간: {seconds}초.',
      ],
      todo: ['끝나는 작업이라면 Job을 쓰거나 restartPolicy를 OnFailure 또는 Never로 하세요. 서버라면 포그라운드에서 계속 실행되게 하세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.restartPolicy}{"\\n"}\'', ...SEE],
  },
  {
    id: 'exit-127-command-not-found',
    when: (c) => exited(c, (code) => code === 127),
    en: {
      cause: ['Exit code 127: the shell in the container did not find a command it was told to run.', 'The container runs {argv}.'],
      todo: ['Look in the log for the name it did not find: misspelt, not in this image, or not on PATH.'],
    },
    ko: {
      cause: ['종료 코드 127: 컨테이너 안의 셸이 실행할 명령을 찾지 못했습니다.', '컨테이너가 실행하는 명령: {argv}.'],
      todo: ['로그에서 찾지 못한 명령의 이름을 확인하세요. 오타이거나, 이미지에 없거나, PATH에 없는 것입니다.'],
    },
    fix: ['{edit}'],
    proof: SEE,
  },
  {
    id: 'exit-126-not-executable',
    when: (c) => exited(c, (code) => code === 126),
    en: {
      cause: ['Exit code 126: the shell found the command but may not execute it.', 'The container runs {argv}.'],
      todo: ['chmod +x the file in the image, or run it with sh FILE. Scripts from a ConfigMap volume need defaultMode 0755.'],
    },
    ko: {
      cause: ['종료 코드 126: 셸이 명령을 찾았지만 실행할 권한이 없습니다.', '컨테이너가 실행하는 명령: {argv}.'],
      todo: ['이미지에서 파일에 chmod +x를 하거나 sh 파일 형식으로 실행하세요. ConfigMap 볼륨의 스크립트라면 defaultMode를 0755로 두세요.'],
    },
    fix: ['{edit}'],
    proof: SEE,
  },
  {
    id: 'port-in-use',
    when: (c) => failedSaying(c, /address already in use|EADDRINUSE|port is already allocated/i, { others: usedPorts(c) }),
    en: {
      cause: ['The port the program wants to listen on is taken: "{line}".', 'All containers of a pod share one IP and its ports; the others here: {others}.'],
      todo: ['Let only one container of the pod use the port, or give them different ones.'],
    },
    ko: {
      cause: [
        '프로그램이 쓰려는 포트를 이미 다른 프로세스가 쓰고 있습니다: "{line}".',
        '한 파드의 컨테이너들은 IP와 포트를 공유합니다. 이 파드의 다른 컨테이너: {others}.',
      ],
      todo: ['포트를 파드 안에서 한 컨테이너만 쓰게 하거나 서로 다른 포트를 쓰게 하세요.'],
    },
    fix: ['{edit}'],
    proof: SEE,
  },
  {
    id: 'read-only-file-system',
    when: (c) => failedSaying(c, /read-only file system|EROFS/i, {}, [specLine(`${c.path}.securityContext`, c.container.securityContext)]),
    en: {
      cause: ['The program wants to write where it may not: "{line}".'],
      todo: ['Mount an emptyDir where it writes, and keep readOnlyRootFilesystem; volumes from ConfigMaps and Secrets are always read-only.'],
    },
    ko: {
      cause: ['프로그램이 쓸 수 없는 곳에 쓰려고 합니다: "{line}".'],
      todo: ['쓰는 경로에 emptyDir을 마운트하세요(readOnlyRootFilesystem은 그대로 두고). ConfigMap과 Secret 볼륨은 항상 읽기 전용입니다.'],
    },
    fix: ['{edit}'],
    proof: [LOGS, 'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.{containers}[*]}{.name} {.securityContext} {.volumeMounts}{"\\n"}{end}\''],
  },
  {
    id: 'process-permission-denied',
    when: (c) =>
      failedSaying(c, /permission denied|EACCES|operation not permitted/i, {}, [
        specLine('securityContext', Object.keys(c.pod.spec.securityContext ?? {}).length === 0 ? undefined : c.pod.spec.securityContext),
        specLine(`${c.path}.securityContext`, c.container.securityContext),
      ]),
    en: {
      cause: ['The process may not do what it wants to do: "{line}".'],
      todo: [
        'Look at the user it runs as (runAsUser) and at the owner of the files: fsGroup for volumes, an emptyDir for scratch files, or an image made for other users than root.',
      ],
    },
    ko: {
      cause: ['프로세스에 필요한 권한이 없습니다: "{line}".'],
      todo: [
        '어떤 사용자로 실행되는지(runAsUser)와 파일의 소유자를 확인하세요. 볼륨에는 fsGroup, 임시 파일에는 emptyDir, 또는 root가 아닌 사용자용으로 만든 이미지를 쓰세요.',
      ],
    },
    fix: ['{edit}'],
    proof: [LOGS, 'kubectl get pod {pod}{n} -o jsonpath=\'{.spec.securityContext}{" "}{.spec.{containers}[*].securityContext}{"\\n"}\''],
  },
  {
    id: 'environment-variable-missing',
    when: (c) =>
      failedSaying(
        c,
        /(is|are) not (set|specified|defined)|must (be set|specify)|need to specify|missing.*(environment|env\b|variable)|required.*(environment|env\b|variable)/i,
      ),
    en: {
      cause: ['The program misses a setting, probably an environment variable: "{line}".'],
      todo: ['Set it with env (from a Secret if it is one), for example as below.'],
    },
    ko: {
      cause: ['프로그램에 필요한 설정(아마도 환경 변수)이 없습니다: "{line}".'],
      todo: ['env로 지정하세요. 비밀 값이라면 Secret에서 가져오세요.'],
    },
    fix: ['{edit}'],
    proof: [LOGS, 'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.{containers}[*]}{.name} {.env} {.envFrom}{"\\n"}{end}\''],
  },
  {
    id: 'host-not-reached',
    when: (c) => {
      const line = said(c, UNREACHED);
      const missing = line === undefined ? undefined : missingService(c, line);
      return failedSaying(c, UNREACHED, { missing }, missing === undefined ? [] : [objectLine(`service/${missing}: not found in namespace ${c.namespace}`)]);
    },
    en: {
      cause: ['The program ends because it does not reach somebody it needs: "{line}".', 'Namespace {ns} has no Service {missing}.'],
      todo: ['Check that the Service exists in this namespace (elsewhere: NAME.NAMESPACE), and that it has endpoints: podsim why service/NAME.'],
    },
    ko: {
      cause: ['프로그램이 필요한 상대에 연결하지 못해 종료되었습니다: "{line}".', '{ns} 네임스페이스에 {missing} Service가 없습니다.'],
      todo: ['Service가 이 네임스페이스에 있는지(다른 곳이면 이름.네임스페이스), 엔드포인트가 있는지 확인하세요: podsim why service/이름.'],
    },
    proof: [LOGS, 'kubectl get services,endpointslices{n}'],
  },
  {
    id: 'file-missing',
    when: (c) => failedSaying(c, /no such file or directory|can't open|cannot open|ENOENT|file not found|can't cd to|nonexistent directory/i),
    en: {
      cause: ['The program ends because a file or directory is not there: "{line}".'],
      todo: ['Check the path, and whether the volume that should bring it is mounted there (volumeMounts.mountPath).'],
    },
    ko: {
      cause: ['파일이나 디렉터리가 없어 프로그램이 종료되었습니다: "{line}".'],
      todo: ['경로가 맞는지, 파일을 제공할 볼륨이 그곳에 마운트되어 있는지(volumeMounts.mountPath) 확인하세요.'],
    },
    fix: ['{edit}'],
    proof: [LOGS, 'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.{containers}[*]}{.name} {.volumeMounts}{"\\n"}{end}\''],
  },
  {
    id: 'container-lost',
    when: (c) => (c.ended?.reason === 'ContainerStatusUnknown' ? ended(c) : undefined),
    en: {
      cause: ['The kubelet found no trace of the container any more (its node was restarted or lost it): how it ended nobody knows. 137 stands for that here.'],
      todo: ['Look at what happened to node {node}.'],
    },
    ko: {
      cause: [
        'kubelet이 컨테이너를 더 이상 찾지 못했습니다(노드가 재시작되었거나 컨테이너를 잃어버림). 어떻게 끝났는지는 알 수 없고, 여기서 137은 그 표시일 뿐입니다.',
      ],
      todo: ['{node} 노드에 무슨 일이 있었는지 확인하세요.'],
    },
    proof: [CODE, 'kubectl describe node {node}{f}'],
  },
  {
    id: 'exit-137-sigkill',
    when: (c) => exited(c, (code) => code === 137),
    en: {
      cause: [
        'The process was killed with SIGKILL (137 is 128 + 9), and not for memory (that would say OOMKilled), nor by a probe of which there is a Killing event. Either it did not end within its grace period after SIGTERM, or somebody on the node killed it.',
      ],
      todo: ['If it was being stopped: let the program end on SIGTERM. A shell as process 1 passes no signal on; begin its last command with exec.'],
    },
    ko: {
      cause: [
        '프로세스가 SIGKILL로 종료되었습니다(137 = 128 + 9). 메모리 부족이 아니고(그랬다면 OOMKilled), 프로브가 종료한 Killing 이벤트도 없습니다. SIGTERM을 받고 유예 시간 안에 끝나지 않았거나, 노드에서 누군가 종료한 것입니다.',
      ],
      todo: ['정지되는 중이었다면 프로그램이 SIGTERM에 종료되게 하세요. 1번 프로세스인 셸은 시그널을 전달하지 않으므로 마지막 명령을 exec로 시작하세요.'],
    },
    proof: [CODE, 'kubectl get events{n} --field-selector involvedObject.name={pod},reason=Killing'],
  },
  {
    id: 'exit-143-sigterm',
    when: (c) => exited(c, (code) => code === 143),
    en: {
      cause: ['The process ended on SIGTERM (143 is 128 + 15): it was asked to stop, as at a deletion, an eviction or a change, or somebody signalled it.'],
      todo: ['If nobody wanted it to stop, look in the events for who did. A program that handles SIGTERM can end with 0.'],
    },
    ko: {
      cause: ['프로세스가 SIGTERM으로 종료되었습니다(143 = 128 + 15). 삭제, 축출, 변경 때처럼 멈추라는 요청을 받았거나 누군가 시그널을 보냈습니다.'],
      todo: ['의도한 정지가 아니라면 이벤트에서 원인을 찾으세요. SIGTERM을 처리하는 프로그램은 0으로 끝날 수 있습니다.'],
    },
    proof: [CODE, 'kubectl get events{n} --field-selector involvedObject.name={pod}'],
  },
  {
    id: 'exit-139-segmentation-fault',
    when: (c) => exited(c, (code) => code === 139),
    en: {
      cause: ['The process touched memory that is not its own (139 is 128 + 11, SIGSEGV): a bug in the program, a broken library, or a build for another CPU.'],
      todo: ['Try another version of the image; have the program write a core dump or a stack trace.'],
    },
    ko: {
      cause: ['프로세스가 잘못된 메모리에 접근했습니다(139 = 128 + 11, SIGSEGV). 프로그램의 버그, 맞지 않는 라이브러리, 다른 CPU용 빌드가 원인일 수 있습니다.'],
      todo: ['이미지의 다른 버전을 써 보거나 코어 덤프나 스택 트레이스를 남기게 하세요.'],
    },
    proof: SEE,
  },
  {
    id: 'exit-by-signal',
    when: (c) => {
      const signal = SIGNALS[(c.ended?.exitCode ?? 0) - 128];
      return signal === undefined ? undefined : ended(c, { signal, number: (c.ended?.exitCode ?? 0) - 128 });
    },
    en: {
      cause: ['The process was ended by a signal: {code} is 128 + {number}, {signal}.'],
      todo: ['Find out who sent it: the program itself (abort), its parent, or somebody on the node.'],
    },
    ko: {
      cause: ['프로세스가 시그널로 종료되었습니다: {code} = 128 + {number}, {signal}.'],
      todo: ['누가 보냈는지 확인하세요. 프로그램 자신(abort), 부모 프로세스, 또는 노드의 누군가입니다.'],
    },
    proof: SEE,
  },
  {
    id: 'exit-2-misuse',
    when: (c) => exited(c, (code) => code === 2),
    en: {
      cause: [
        'Exit code 2: by convention the command was called wrongly (a flag or argument it does not know, a syntax error in a script), or a Go program panicked.',
        'The container runs {argv}.',
        'Its last line: "{lastLine}".',
      ],
      todo: ['Read the last lines of the log and compare them with command and args.'],
    },
    ko: {
      cause: [
        '종료 코드 2: 보통 명령을 잘못 호출했다는 뜻입니다(모르는 옵션이나 인자, 스크립트 문법 오류). Go 프로그램의 panic도 2로 끝납니다.',
        '컨테이너가 실행하는 명령: {argv}.',
        '마지막 로그: "{lastLine}".',
      ],
      todo: ['로그의 마지막 줄을 읽고 command, args와 비교해 보세요.'],
    },
    fix: ['{edit}'],
    proof: SEE,
  },
  {
    id: 'exit-1-application-error',
    when: (c) => exited(c, (code) => code === 1),
    en: {
      cause: [
        'The program ended by itself with exit code 1, its word for a general error.',
        'The last thing it wrote: "{lastLine}".',
        'The container runs {argv}.',
      ],
      todo: ['The reason is in its log, if anywhere.'],
    },
    ko: {
      cause: ['프로그램이 스스로 종료 코드 1(일반 오류)로 끝났습니다.', '마지막 로그: "{lastLine}".', '컨테이너가 실행하는 명령: {argv}.'],
      todo: ['이유는 로그에 있을 것입니다.'],
    },
    fix: ['{edit}'],
    proof: SEE,
  },
  {
    id: 'exit-with-error',
    when: (c) => exited(c, (code) => code !== 0),
    en: {
      cause: [
        'The program ended by itself with exit code {code}; what that means only the program knows.',
        'The last thing it wrote: "{lastLine}".',
        'The container runs {argv}.',
      ],
      todo: ['Look in its log, and in its documentation for the code.'],
    },
    ko: {
      cause: [
        '프로그램이 스스로 종료 코드 {code}(으)로 끝났습니다. 이 코드의 의미는 프로그램마다 다릅니다.',
        '마지막 로그: "{lastLine}".',
        '컨테이너가 실행하는 명령: {argv}.',
      ],
      todo: ['로그를 보고, 프로그램 문서에서 이 코드의 의미를 확인하세요.'],
    },
    fix: ['{edit}'],
    proof: SEE,
  },
];
