/** Why a container was not created or its process not started: CreateContainerConfigError, RunContainerError, StartError, hooks. */
import type { KubeObject } from '../../../api/object.js';
import { specLine, stateLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { ContainerCase } from '../pod-case.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';

const CONFIG = 'CreateContainerConfigError';

interface Keyed extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** Facts of a container whose configuration fails with a text that matches; the match's groups are what it is about. */
function config(
  c: ContainerCase,
  pattern: RegExp,
  values: (match: RegExpExecArray) => Values | undefined,
  more: (match: RegExpExecArray) => readonly (Evidence | undefined)[] = () => [],
): Facts | undefined {
  if (c.waiting?.reason !== CONFIG) return undefined;
  const match = pattern.exec(c.waiting.message ?? '');
  const found = match === null ? undefined : values(match);
  if (match === null || found === undefined) return undefined;
  return { values: found, evidence: [...more(match), stateLine(c.container.name, c.state?.state), c.seen('Failed', /^Error: /)] };
}

/** The field of the container that names this ConfigMap or Secret. */
function reference(c: ContainerCase, kind: 'configMap' | 'secret', name: string, key?: string): Evidence | undefined {
  const variable = c.container.env?.find((one) => {
    const from = kind === 'configMap' ? one.valueFrom?.configMapKeyRef : one.valueFrom?.secretKeyRef;
    return from?.name === name && (key === undefined || from.key === key);
  });
  if (variable !== undefined) return specLine(`${c.path}.env[${variable.name}].valueFrom`, variable.valueFrom);
  const source = c.container.envFrom?.find((one) => (kind === 'configMap' ? one.configMapRef : one.secretRef)?.name === name);
  return specLine(`${c.path}.envFrom`, source);
}

/** What to say of an object that is not there: others of nearly that name, the same name elsewhere, the keys that are wanted of it. */
export function missingObject(c: Pick<ContainerCase, 'world' | 'namespace' | 'pod'>, resource: 'configmaps' | 'secrets', name: string): Values {
  const all = c.world.list(resource);
  const here = (all ?? []).filter((one) => one.metadata.namespace === c.namespace).map((one) => one.metadata.name ?? '');
  const elsewhere = (all ?? []).find((one) => one.metadata.name === name && one.metadata.namespace !== c.namespace)?.metadata.namespace;
  const keys = [...c.pod.spec.containers, ...(c.pod.spec.initContainers ?? [])].flatMap((container) =>
    (container.env ?? []).flatMap(({ valueFrom }) => {
      const from = resource === 'configmaps' ? valueFrom?.configMapKeyRef : valueFrom?.secretKeyRef;
      return from?.name === name ? [from.key] : [];
    }),
  );
  const literals = [...new Set(keys.length === 0 ? ['KEY'] : keys)].map((key) => `--from-literal=${key}=VALUE`).join(' ');
  return { object: name, near: nearest(name, here), elsewhere, literals };
}

function missingKey(c: ContainerCase, resource: 'configmaps' | 'secrets', key: string, name: string): Values {
  const found = c.world.find<Keyed>(resource, c.namespace, name);
  const keys = found ? Object.keys({ ...found.data, ...found.binaryData }) : undefined;
  return {
    object: name,
    key,
    keys: keys === undefined || keys.length === 0 ? undefined : keys.join(', '),
    empty: keys?.length === 0 ? '' : undefined,
    near: nearest(key, keys ?? []),
  };
}

/** The text of a start that failed: the runtime's own. */
function startError(c: ContainerCase, pattern: RegExp, values: (match: RegExpExecArray, text: string) => Values | undefined = () => ({})): Facts | undefined {
  const state = c.state?.state;
  const isStart =
    ['RunContainerError', 'CreateContainerError'].includes(c.waiting?.reason ?? '') || ['StartError', 'ContainerCannotRun'].includes(c.ended?.reason ?? '');
  if (!isStart) return undefined;
  const text = `${c.waiting?.message ?? ''}\n${c.ended?.message ?? ''}\n${c.event('Failed', /^Error: /)?.message ?? ''}`;
  const match = pattern.exec(text);
  const found = match === null ? undefined : values(match, text);
  if (found === undefined) return undefined;
  const command = [...(c.container.command ?? []), ...(c.container.args ?? [])];
  return {
    values: { program: /exec: "([^"]+)"/.exec(text)?.[1], argv: command.length === 0 ? undefined : JSON.stringify(command), ...found },
    evidence: [
      specLine(`${c.path}.command`, c.container.command),
      specLine(`${c.path}.args`, c.container.args),
      stateLine(c.container.name, state),
      state?.terminated === undefined ? stateLine(c.container.name, c.state?.lastState, true) : undefined,
      c.seen('Failed', /^Error: /),
    ],
  };
}

/** Whose command an exec would be if it were a shell's: `sleep 10` in one string. */
const asOneWord = (match: RegExpExecArray): Values | undefined => {
  const program = match[1] ?? '';
  return program.includes(' ') ? { program, split: JSON.stringify(program.trim().split(/\s+/)) } : undefined;
};

const MESSAGE = 'kubectl get pod {pod}{n} -o jsonpath=\'{.status.{statuses}[*].state.waiting.message}{"\\n"}\'';
const SEE_RUN = [
  'kubectl get pod {pod}{n} -o jsonpath=\'{range .spec.{containers}[*]}{.name}: {.command} {.args}{"\\n"}{end}\'',
  'kubectl describe pod {pod}{n}',
];

export const startRules: readonly Rule<ContainerCase>[] = [
  {
    id: 'config-map-missing',
    when: (c) =>
      config(
        c,
        /configmap "([^"]+)" not found/,
        (m) => missingObject(c, 'configmaps', m[1] ?? ''),
        (m) => [reference(c, 'configMap', m[1] ?? '')],
      ),
    en: {
      cause: [
        'The container takes environment variables from the ConfigMap {object}, and namespace {ns} has no ConfigMap of that name.',
        'There is one in namespace {elsewhere}, but a pod sees only those of its own namespace.',
      ],
      todo: ['Create it, and the container starts by itself within about a minute.', 'Or did you mean {near}?'],
    },
    ko: {
      cause: [
        '컨테이너가 {object} ConfigMap에서 환경 변수를 가져오는데 {ns} 네임스페이스에 그런 ConfigMap이 없습니다.',
        '{elsewhere} 네임스페이스에는 있지만, 파드는 자기 네임스페이스의 ConfigMap만 쓸 수 있습니다.',
      ],
      todo: ['ConfigMap을 만들면 1분 안에 컨테이너가 저절로 시작됩니다.', '혹시 {near} ConfigMap을 쓰려고 하셨나요?'],
    },
    fix: ['kubectl create configmap {object}{n} {literals}'],
    proof: ['kubectl get configmaps{n}', 'kubectl describe pod {pod}{n}'],
  },
  {
    id: 'config-map-key-missing',
    when: (c) =>
      config(
        c,
        /couldn't find key (\S+) in ConfigMap [^/\s]+\/(\S+)/,
        (m) => missingKey(c, 'configmaps', m[1] ?? '', m[2] ?? ''),
        (m) => [reference(c, 'configMap', m[2] ?? '', m[1])],
      ),
    en: {
      cause: ['The ConfigMap {object} is there, but it has no key {key}.', 'Its keys: {keys}.', 'It has no keys at all.{empty}'],
      todo: ['Add the key to the ConfigMap, or name one that it has.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['{object} ConfigMap은 있지만 {key} 키가 없습니다.', '있는 키: {keys}.', '키가 하나도 없습니다.{empty}'],
      todo: ['ConfigMap에 키를 추가하거나 파드가 있는 키를 쓰게 고치세요.', '혹시 {near} 키를 쓰려고 하셨나요?'],
    },
    fix: [`kubectl patch configmap {object}{n} -p '{"data":{"{key}":"VALUE"}}'`],
    proof: ['kubectl describe configmap {object}{n}', MESSAGE],
  },
  {
    id: 'secret-missing',
    when: (c) =>
      config(
        c,
        /secret "([^"]+)" not found/,
        (m) => missingObject(c, 'secrets', m[1] ?? ''),
        (m) => [reference(c, 'secret', m[1] ?? '')],
      ),
    en: {
      cause: [
        'The container takes environment variables from the Secret {object}, and namespace {ns} has no Secret of that name.',
        'There is one in namespace {elsewhere}, but a pod sees only those of its own namespace.',
      ],
      todo: ['Create it, and the container starts by itself within about a minute.', 'Or did you mean {near}?'],
    },
    ko: {
      cause: [
        '컨테이너가 {object} Secret에서 환경 변수를 가져오는데 {ns} 네임스페이스에 그런 Secret이 없습니다.',
        '{elsewhere} 네임스페이스에는 있지만, 파드는 자기 네임스페이스의 Secret만 쓸 수 있습니다.',
      ],
      todo: ['Secret을 만들면 1분 안에 컨테이너가 저절로 시작됩니다.', '혹시 {near} Secret을 쓰려고 하셨나요?'],
    },
    fix: ['kubectl create secret generic {object}{n} {literals}'],
    proof: ['kubectl get secrets{n}', 'kubectl describe pod {pod}{n}'],
  },
  {
    id: 'secret-key-missing',
    when: (c) =>
      config(
        c,
        /couldn't find key (\S+) in Secret [^/\s]+\/(\S+)/,
        (m) => missingKey(c, 'secrets', m[1] ?? '', m[2] ?? ''),
        (m) => [reference(c, 'secret', m[2] ?? '', m[1])],
      ),
    en: {
      cause: ['The Secret {object} is there, but it has no key {key}.', 'Its keys: {keys}.', 'It has no keys at all.{empty}'],
      todo: ['Add the key to the Secret, or name one that it has.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['{object} Secret은 있지만 {key} 키가 없습니다.', '있는 키: {keys}.', '키가 하나도 없습니다.{empty}'],
      todo: ['Secret에 키를 추가하거나 파드가 있는 키를 쓰게 고치세요.', '혹시 {near} 키를 쓰려고 하셨나요?'],
    },
    fix: [`kubectl patch secret {object}{n} -p '{"stringData":{"{key}":"VALUE"}}'`],
    proof: ['kubectl describe secret {object}{n}', MESSAGE],
  },
  {
    id: 'root-image-must-not-be-root',
    when: (c) =>
      config(
        c,
        /runAsNonRoot and image will run as root/,
        () => ({}),
        () => security(c),
      ),
    en: {
      cause: ['runAsNonRoot is true, but the image {image} says no user, so its process would be root. The kubelet refuses to start it.'],
      todo: [
        'Set runAsUser to a number other than 0 (the process must be able to work as that user), or use an image made for it, such as nginxinc/nginx-unprivileged.',
      ],
    },
    ko: {
      cause: ['runAsNonRoot가 true인데 {image} 이미지에는 사용자가 지정되어 있지 않아 프로세스가 root로 실행됩니다. 그래서 kubelet이 시작을 거부했습니다.'],
      todo: [
        'runAsUser를 0이 아닌 번호로 지정하거나(그 사용자로 동작할 수 있는 프로그램이어야 합니다), nginxinc/nginx-unprivileged처럼 root가 아닌 사용자로 만든 이미지를 쓰세요.',
      ],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.securityContext}{" "}{.spec.{containers}[*].securityContext}{"\\n"}\'', MESSAGE],
  },
  {
    id: 'run-as-user-root',
    when: (c) =>
      config(
        c,
        /runAsUser breaks non-root policy/,
        () => ({}),
        () => security(c),
      ),
    en: {
      cause: ['The pod contradicts itself: runAsNonRoot is true, and runAsUser is 0, which is root.'],
      todo: ['Give runAsUser another number, or take runAsNonRoot away.'],
    },
    ko: {
      cause: ['설정이 서로 모순됩니다. runAsNonRoot는 true인데 runAsUser가 0(root)입니다.'],
      todo: ['runAsUser를 0이 아닌 번호로 바꾸거나 runAsNonRoot를 빼세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.securityContext}{" "}{.spec.{containers}[*].securityContext}{"\\n"}\'', MESSAGE],
  },
  {
    id: 'image-user-not-numeric',
    when: (c) =>
      config(
        c,
        /non-numeric user \(([^)]*)\)/,
        (m) => ({ user: m[1] }),
        () => security(c),
      ),
    en: {
      cause: [
        'runAsNonRoot is true, and the image {image} names its user ({user}) instead of a number: the kubelet cannot tell whether that is root, and refuses.',
      ],
      todo: ['Say the number with runAsUser.'],
    },
    ko: {
      cause: [
        'runAsNonRoot가 true인데 {image} 이미지의 사용자가 번호가 아니라 이름({user})입니다. kubelet은 그 사용자가 root인지 확인할 수 없어 시작을 거부했습니다.',
      ],
      todo: ['runAsUser에 사용자 번호를 지정하세요.'],
    },
    fix: ['{edit}'],
    proof: [MESSAGE],
  },
  {
    id: 'container-config-error',
    when: (c) => config(c, /(?:)/, () => ({})),
    en: {
      cause: ['The kubelet could not put the configuration of the container together; its message says what is missing.'],
      todo: ['Correct what the message names; the kubelet tries again by itself.'],
    },
    ko: {
      cause: ['kubelet이 컨테이너 설정을 만들지 못했습니다. 무엇이 문제인지는 메시지에 있습니다.'],
      todo: ['메시지에 나온 것을 고치세요. kubelet이 알아서 다시 시도합니다.'],
    },
    proof: [MESSAGE, 'kubectl describe pod {pod}{n}'],
  },
  {
    id: 'command-in-one-word',
    when: (c) => startError(c, /exec: "([^"]*)": (?:stat [^:]*: no such file|executable file not found)/, asOneWord),
    en: {
      cause: ['The whole text "{program}" was taken for the name of one program: command is a list, and no shell splits it at the blanks.'],
      todo: ['Write it as {split}, or give it to a shell: ["sh", "-c", "{program}"].'],
    },
    ko: {
      cause: ['"{program}" 전체를 프로그램 이름 하나로 받아들였습니다. command는 목록이며, 셸처럼 공백에서 나누어 주지 않습니다.'],
      todo: ['{split}처럼 나누어 쓰거나, 셸에 맡기세요: ["sh", "-c", "{program}"].'],
    },
    fix: ['{edit}'],
    proof: SEE_RUN,
  },
  {
    id: 'command-not-found',
    when: (c) =>
      startError(c, /executable file not found in \$PATH|exec: "[^"]*": stat [^:]*: no such file or directory|exec [^:]*: no such file or directory/),
    en: {
      cause: ['The image {image} has no program {program}: the container never ran.', 'It was told to run {argv}.'],
      todo: ['Correct the spelling of the command, or choose an image that has it. Small images often have no bash or curl; sh is nearly everywhere.'],
    },
    ko: {
      cause: ['{image} 이미지에 {program} 프로그램이 없어서 컨테이너가 한 번도 실행되지 못했습니다.', '실행하려던 명령: {argv}.'],
      todo: ['명령의 철자를 고치거나 그 프로그램이 들어 있는 이미지를 쓰세요. 작은 이미지에는 bash나 curl이 없는 경우가 많고, sh는 거의 다 있습니다.'],
    },
    fix: ['{edit}'],
    proof: SEE_RUN,
  },
  {
    id: 'command-not-executable',
    when: (c) => startError(c, /permission denied/i),
    en: {
      cause: ['{program} is there, but may not be executed: it has no x permission, or it is a directory.'],
      todo: ['chmod +x it in the image, or run it through an interpreter: ["sh", "{program}"]. Files from a ConfigMap need defaultMode 0755.'],
    },
    ko: {
      cause: ['{program} 파일은 있지만 실행할 수 없습니다. 실행 권한(x)이 없거나 디렉터리입니다.'],
      todo: ['이미지 안에서 chmod +x를 하거나 인터프리터로 실행하세요: ["sh", "{program}"]. ConfigMap에서 온 파일이라면 defaultMode를 0755로 두세요.'],
    },
    fix: ['{edit}'],
    proof: SEE_RUN,
  },
  {
    id: 'mount-over-file',
    when: (c) => startError(c, /not a directory|Are you trying to mount a directory onto a file/i),
    en: {
      cause: ['A volume is mounted where the image has a file (or the other way round), and a directory cannot take its place.'],
      todo: ['Mount one file with subPath, or choose a mountPath that is a directory.'],
    },
    ko: {
      cause: ['이미지에 파일이 있는 자리에 볼륨(디렉터리)을 마운트하려고 했습니다(또는 그 반대).'],
      todo: ['subPath로 파일 하나만 마운트하거나 mountPath를 디렉터리로 바꾸세요.'],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.{containers}[*].volumeMounts}{"\\n"}\'', 'kubectl describe pod {pod}{n}'],
  },
  {
    id: 'no-command',
    when: (c) => startError(c, /no command specified/),
    en: { cause: ['Neither the image {image} nor the pod says what to run.'], todo: ['Give the container a command.'] },
    ko: { cause: ['{image} 이미지에도 파드에도 실행할 명령이 없습니다.'], todo: ['컨테이너에 command를 지정하세요.'] },
    fix: ['{edit}'],
    proof: SEE_RUN,
  },
  {
    id: 'start-failed',
    when: (c) => startError(c, /(?:)/),
    en: {
      cause: ['The runtime could not start the process of the container; the evidence is what it said.'],
      todo: ['Read the end of the message: it names the step that failed.'],
    },
    ko: {
      cause: ['런타임이 컨테이너의 프로세스를 시작하지 못했습니다. 런타임의 메시지가 아래에 있습니다.'],
      todo: ['메시지의 끝부분을 읽어 보세요. 어느 단계에서 실패했는지 적혀 있습니다.'],
    },
    proof: SEE_RUN,
  },
  {
    id: 'post-start-hook-failed',
    when: (c) => {
      const hook = c.event('FailedPostStartHook');
      if (c.waiting?.reason !== 'PostStartHookError' && (hook === undefined || c.container.lifecycle?.postStart === undefined)) return undefined;
      return {
        evidence: [
          specLine(`${c.path}.lifecycle.postStart`, c.container.lifecycle?.postStart),
          stateLine(c.container.name, c.state?.state),
          c.seen('FailedPostStartHook'),
          c.seen('Killing', /PostStart/),
        ],
      };
    },
    en: {
      cause: ['The container started, but its postStart hook failed, and for that the kubelet kills the container.'],
      todo: [
        'Let the command of the hook end with 0. It runs in the container, at the same time as its main process: that one may not be ready yet. A tcpSocket hook always fails.',
      ],
    },
    ko: {
      cause: ['컨테이너는 시작되었지만 postStart 훅이 실패했습니다. 훅이 실패하면 kubelet이 컨테이너를 종료합니다.'],
      todo: [
        '훅의 명령이 0으로 끝나게 하세요. 훅은 컨테이너의 주 프로세스와 동시에 실행되므로 그 프로세스가 아직 준비되지 않았을 수 있습니다. tcpSocket 훅은 항상 실패합니다.',
      ],
    },
    fix: ['{edit}'],
    proof: ['kubectl get pod {pod}{n} -o jsonpath=\'{.spec.{containers}[*].lifecycle.postStart}{"\\n"}\'', 'kubectl describe pod {pod}{n}'],
  },
];

function security(c: ContainerCase): readonly (Evidence | undefined)[] {
  return [
    specLine('securityContext', Object.keys(c.pod.spec.securityContext ?? {}).length === 0 ? undefined : c.pod.spec.securityContext),
    specLine(`${c.path}.securityContext`, c.container.securityContext),
    specLine(`${c.path}.image`, c.container.image),
  ];
}
