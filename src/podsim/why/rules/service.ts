/** Why a Service leads nowhere. */
import type { EndpointSlice } from '../../../resources/endpointslices/types.js';
import type { Pod } from '../../../resources/pods/types.js';
import type { Service, ServicePort } from '../../../resources/services/types.js';
import { isWell } from '../diagnose-pod.js';
import { objectLine, specLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { Evidence, Rule, Values } from '../rule.js';
import type { World } from '../world.js';
import { entrance, guardsOf } from './policy.js';

export interface ServiceCase {
  readonly world: World;
  readonly service: Service;
  readonly namespace: string;
  readonly name: string;
  /** Those of its namespace that the selector chooses; none when there is no selector. */
  readonly pods: readonly Pod[];
  readonly slices: readonly EndpointSlice[];
  /** Endpoints that get traffic, as `address:port`. */
  readonly ready: readonly string[];
}

const chooses = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>> | undefined): boolean =>
  Object.entries(selector).every(([key, value]) => labels?.[key] === value);

export function serviceCase(world: World, service: Service): ServiceCase {
  const { namespace = '', name = '' } = service.metadata;
  const selector = service.spec.selector ?? {};
  const slices = (world.list<EndpointSlice>('endpointslices', namespace) ?? []).filter(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name,
  );
  const ready = slices.flatMap((slice) =>
    (slice.endpoints ?? [])
      .filter((one) => one.conditions?.ready !== false)
      .flatMap((one) => (slice.ports ?? []).map((port) => `${one.addresses[0]}:${port.port ?? ''}`)),
  );
  const pods = Object.keys(selector).length === 0 ? [] : (world.list<Pod>('pods', namespace) ?? []).filter((pod) => chooses(selector, pod.metadata.labels));
  return { world, service, namespace, name, pods, slices, ready };
}

export function serviceValues({ service, pods, ready }: ServiceCase): Values {
  const selector = Object.entries(service.spec.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return {
    service: service.metadata.name,
    selector: selector === '' ? undefined : selector,
    count: pods.length,
    ready: ready.length,
    endpoints: ready.length === 0 ? undefined : ready.slice(0, 4).join(', '),
  };
}

const selectorLine = ({ service }: ServiceCase): Evidence | undefined => specLine('selector', service.spec.selector);
const endpointLine = ({ slices, name, ready }: ServiceCase): Evidence =>
  objectLine(
    `endpointslices of ${name}: ${slices.length === 0 ? 'none' : `${ready.length} ready of ${slices.reduce((sum, slice) => sum + (slice.endpoints?.length ?? 0), 0)} endpoints`}`,
  );
const hasSelector = ({ service }: ServiceCase): boolean => Object.keys(service.spec.selector ?? {}).length > 0;

/** The pod whose labels come nearest to the selector, and what is different. */
function nearPod(s: ServiceCase): Values {
  const wanted = Object.entries(s.service.spec.selector ?? {});
  const pods = s.world.list<Pod>('pods', s.namespace) ?? [];
  const differing = wanted.find(([key, value]) => !pods.some((pod) => pod.metadata.labels?.[key] === value)) ?? wanted[0];
  const [key = '', value = ''] = differing ?? [];
  const values = pods.flatMap((pod) => pod.metadata.labels?.[key] ?? []);
  const meant = nearest(value, values) ?? values[0];
  const rest = wanted.filter(([other]) => other !== key);
  const near = pods.find((pod) => pod.metadata.labels?.[key] === meant && rest.every(([other, wish]) => pod.metadata.labels?.[other] === wish));
  const elsewhere = (s.world.list<Pod>('pods') ?? []).find(
    (pod) => pod.metadata.namespace !== s.namespace && chooses(s.service.spec.selector ?? {}, pod.metadata.labels),
  );
  const fixed = near === undefined ? undefined : wanted.map(([other, wish]) => `${other}=${other === key ? meant : wish}`).join(',');
  return {
    key,
    value,
    fixed,
    meant: near === undefined ? undefined : meant,
    near: near?.metadata.name,
    elsewhere: near === undefined ? elsewhere?.metadata.namespace : undefined,
  };
}

const labelsOf = (s: ServiceCase): readonly Evidence[] =>
  (s.world.list<Pod>('pods', s.namespace) ?? []).slice(0, 5).map((pod) =>
    objectLine(
      `pod/${pod.metadata.name}: labels ${
        Object.entries(pod.metadata.labels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(',') || '<none>'
      }`,
    ),
  );

const portsOf = (pod: Pod) =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')].flatMap((one) => one.ports ?? []);
/** Ports whose targetPort is a name that none of the pods has. */
const nameless = (s: ServiceCase): ServicePort | undefined =>
  (s.service.spec.ports ?? []).find(
    (port) => typeof port.targetPort === 'string' && s.pods.length > 0 && !s.pods.some((pod) => portsOf(pod).some((one) => one.name === port.targetPort)),
  );
/** Ports that go to a number of which no pod says that it listens there, while it names others. */
function undeclared(s: ServiceCase): ServicePort | undefined {
  return (s.service.spec.ports ?? []).find((port) => {
    const target = port.targetPort ?? port.port;
    return (
      typeof target === 'number' &&
      s.pods.length > 0 &&
      s.pods.every((pod) => portsOf(pod).length > 0 && !portsOf(pod).some((one) => one.containerPort === target))
    );
  });
}
const declared = (s: ServiceCase): string =>
  [
    ...new Set(s.pods.flatMap((pod) => portsOf(pod).map((one) => (one.name === undefined ? String(one.containerPort) : `${one.containerPort} (${one.name})`)))),
  ].join(', ');
const names = (s: ServiceCase): readonly string[] => s.pods.flatMap((pod) => portsOf(pod).flatMap((one) => one.name ?? []));

const SLICES = 'kubectl get endpointslices{n} -l kubernetes.io/service-name={service}';
const SEE = ['kubectl describe service {service}{n}', SLICES];

/** The first one counts. */
export const serviceRules: readonly Rule<ServiceCase>[] = [
  {
    id: 'service-external-name',
    isFine: true,
    when: (s) =>
      s.service.spec.type === 'ExternalName'
        ? { values: { external: s.service.spec.externalName }, evidence: [specLine('externalName', s.service.spec.externalName)] }
        : undefined,
    en: {
      cause: ['The Service is only a DNS alias (CNAME) for {external}: it has no address, no endpoints and needs no pods.'],
      todo: ['Nothing, if that host answers.'],
    },
    ko: {
      cause: ['이 Service는 {external}의 DNS 별칭(CNAME)일 뿐이라 IP도 엔드포인트도 파드도 없습니다.'],
      todo: ['그 호스트가 응답한다면 할 일은 없습니다.'],
    },
    proof: ['kubectl get service {service}{n}'],
  },
  {
    id: 'service-without-selector',
    when: (s) => (!hasSelector(s) && s.ready.length === 0 ? { evidence: [selectorLine(s), endpointLine(s)] } : undefined),
    en: {
      cause: ['The Service has no selector, so nobody makes endpoints for it, and nobody has made any by hand.'],
      todo: ['Give it a selector that matches the labels of your pods, or make an EndpointSlice of your own.'],
    },
    ko: {
      cause: ['Service에 selector가 없어서 엔드포인트가 자동으로 만들어지지 않고, 직접 만든 것도 없습니다.'],
      todo: ['파드의 레이블에 맞는 selector를 지정하거나 EndpointSlice를 직접 만드세요.'],
    },
    fix: ['kubectl set selector service/{service}{n} KEY=VALUE'],
    proof: SEE,
  },
  {
    id: 'service-matches-no-pod',
    when: (s) =>
      hasSelector(s) && s.pods.length === 0 && s.world.list('pods') !== undefined
        ? { values: nearPod(s), evidence: [selectorLine(s), ...labelsOf(s), endpointLine(s)] }
        : undefined,
    en: {
      cause: [
        'No pod of namespace {ns} has the labels that the selector wants ({selector}): the Service has no endpoints, and connections to it fail.',
        'Pod {near} has {key}={meant} where the selector says {value}.',
        'Namespace {elsewhere} has such pods, but a Service chooses only among those of its own namespace.',
      ],
      todo: ['Correct the selector of the Service or the labels of the pods (for a Deployment, those of its template).'],
    },
    ko: {
      cause: [
        '{ns} 네임스페이스에 selector({selector})에 맞는 레이블을 가진 파드가 없습니다. 그래서 엔드포인트가 없고 연결이 실패합니다.',
        '{near} 파드의 레이블은 {key}={meant}인데 selector의 값은 {value}입니다.',
        '{elsewhere} 네임스페이스에는 맞는 파드가 있지만, Service는 자기 네임스페이스의 파드만 고릅니다.',
      ],
      todo: ['Service의 selector나 파드의 레이블(Deployment라면 템플릿의 레이블)을 고치세요.'],
    },
    fix: ['kubectl set selector service/{service}{n} {fixed}'],
    proof: ['kubectl get pods{n} -l {selector}', 'kubectl get pods{n} --show-labels', SLICES],
  },
  {
    id: 'service-port-name-unknown',
    when: (s) => {
      const port = nameless(s);
      return port === undefined
        ? undefined
        : {
            values: { port: port.port, target: port.targetPort, declared: declared(s) || undefined, near: nearest(String(port.targetPort), names(s)) },
            evidence: [
              specLine('ports', s.service.spec.ports),
              objectLine(`pod/${s.pods[0]?.metadata.name}: container ports ${declared(s) || '<none>'}`),
              endpointLine(s),
            ],
          };
    },
    en: {
      cause: [
        'Port {port} goes to the container port named {target}, and no container of the chosen pods has a port of that name: it leads nowhere.',
        'They have: {declared}.',
      ],
      todo: ['Correct targetPort, or name the port in the pods (ports[].name).', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['{port} 포트는 이름이 {target}인 컨테이너 포트로 가는데, 선택된 파드에 그런 이름의 포트가 없습니다.', '있는 포트: {declared}.'],
      todo: ['targetPort를 고치거나 파드의 포트에 이름(ports[].name)을 붙이세요.', '혹시 {near} 포트였나요?'],
    },
    fix: ['kubectl edit service {service}{n}'],
    proof: SEE,
  },
  {
    id: 'service-pods-not-ready',
    when: (s) =>
      s.pods.length > 0 && s.ready.length === 0 && s.pods.every((pod) => !isWell(pod) || pod.status?.phase === 'Succeeded')
        ? {
            evidence: [
              selectorLine(s),
              endpointLine(s),
              ...s.pods
                .slice(0, 5)
                .map((pod) => objectLine(`pod/${pod.metadata.name}: Ready=${pod.status?.conditions?.find((one) => one.type === 'Ready')?.status ?? 'False'}`)),
            ],
          }
        : undefined,
    en: {
      cause: ['The selector chooses {count} pods, but none is Ready: a Service sends nothing to pods that are not.'],
      todo: ['See below what keeps them.'],
    },
    ko: {
      cause: ['selector가 파드 {count}개를 고르지만 Ready인 파드가 없습니다. Service는 Ready가 아닌 파드에 트래픽을 보내지 않습니다.'],
      todo: ['아래에서 이유를 보세요.'],
    },
    proof: ['kubectl get pods{n} -l {selector}', SLICES],
  },
  {
    id: 'service-load-balancer-pending',
    when: (s) =>
      s.service.spec.type === 'LoadBalancer' && (s.service.status?.loadBalancer?.ingress?.length ?? 0) === 0
        ? {
            values: { nodePort: s.service.spec.ports?.[0]?.nodePort },
            evidence: [specLine('type', 'LoadBalancer'), objectLine('status.loadBalancer: no ingress (EXTERNAL-IP <pending>)'), endpointLine(s)],
          }
        : undefined,
    en: {
      cause: ['EXTERNAL-IP stays <pending>: no load balancer controller has given the Service an address; a cluster outside of a cloud has none.'],
      todo: [
        'Inside the cluster the Service works by its cluster IP, from outside by its nodePort {nodePort}. For an address install one (MetalLB, cloud-provider-kind), or run minikube tunnel.',
      ],
    },
    ko: {
      cause: ['EXTERNAL-IP가 <pending>입니다. Service에 주소를 줄 로드 밸런서 컨트롤러가 없습니다. 클라우드가 아닌 클러스터에는 기본으로 없습니다.'],
      todo: [
        '클러스터 안에서는 클러스터 IP로, 밖에서는 nodePort {nodePort}로 접속할 수 있습니다. 외부 주소가 필요하면 MetalLB나 cloud-provider-kind를 설치하거나 minikube tunnel을 쓰세요.',
      ],
    },
    proof: ['kubectl get service {service}{n}', SLICES],
  },
  {
    id: 'service-target-port-undeclared',
    when: (s) => {
      const port = undeclared(s);
      return port === undefined
        ? undefined
        : {
            values: { port: port.port, target: port.targetPort ?? port.port, declared: declared(s), pod: s.pods[0]?.metadata.name },
            evidence: [specLine('ports', s.service.spec.ports), objectLine(`pod/${s.pods[0]?.metadata.name}: container ports ${declared(s)}`), endpointLine(s)],
          };
    },
    en: {
      cause: [
        'Port {port} goes to port {target} of the pods, but their containers say they listen on {declared}. The endpoints are there; if really nothing listens on {target}, connections are refused.',
      ],
      todo: ['Most likely targetPort should be one of {declared}. (Declaring a port is only information: what counts is where the program listens.)'],
    },
    ko: {
      cause: [
        '{port} 포트는 파드의 {target} 포트로 가는데, 컨테이너가 선언한 포트는 {declared}입니다. 엔드포인트는 있지만 {target} 포트에서 아무것도 듣고 있지 않다면 연결이 거부됩니다.',
      ],
      todo: ['targetPort가 {declared} 중 하나여야 할 가능성이 큽니다. (포트 선언은 정보일 뿐이고, 프로그램이 실제로 듣는 포트가 중요합니다.)'],
    },
    fix: ['kubectl edit service {service}{n}'],
    proof: [...SEE, 'kubectl get pod {pod}{n} -o jsonpath=\'{.spec.containers[*].ports}{"\\n"}\''],
  },
  {
    id: 'service-behind-policies',
    isFine: true,
    when: (s) => {
      const guards = s.ready.length === 0 ? [] : guardsOf(s.world, s.namespace, s.pods);
      return guards.length === 0
        ? undefined
        : {
            values: { policies: guards.map(({ policy }) => policy.metadata.name).join(', ') },
            evidence: [selectorLine(s), endpointLine(s), ...guards.slice(0, 4).map(entrance)],
          };
    },
    en: {
      cause: [
        'The Service has endpoints that are ready: {endpoints}. NetworkPolicies ({policies}) say who may connect to its pods; to all others it looks as if nobody answered (time-outs).',
      ],
      todo: ['Nothing, if the clients are among those let in, and may send it themselves (a policy for Egress on their side, DNS included).'],
    },
    ko: {
      cause: [
        '준비된 엔드포인트가 있습니다: {endpoints}. NetworkPolicy({policies})가 이 파드에 누가 접속할 수 있는지 정합니다. 그 밖의 접속은 응답 없이 시간 초과가 됩니다.',
      ],
      todo: ['허용된 클라이언트이고, 클라이언트 쪽에서도 내보낼 수 있다면(Egress 정책, DNS 포함) 할 일은 없습니다.'],
    },
    proof: [...SEE, 'kubectl describe networkpolicies{n}'],
  },
  {
    id: 'service-well',
    isFine: true,
    when: (s) => (s.ready.length > 0 ? { evidence: [selectorLine(s), endpointLine(s)] } : undefined),
    en: {
      cause: ['The Service has endpoints that are ready: {endpoints}.'],
      todo: ['Nothing. If clients still fail, check the port they use, and NetworkPolicies.'],
    },
    ko: {
      cause: ['준비된 엔드포인트가 있습니다: {endpoints}.'],
      todo: ['할 일은 없습니다. 그래도 접속이 안 되면 사용하는 포트와 NetworkPolicy를 확인하세요.'],
    },
    proof: SEE,
  },
  {
    id: 'service-endpoints-pending',
    when: (s) => ({ evidence: [selectorLine(s), endpointLine(s)] }),
    en: {
      cause: ['There are pods for the Service, but no endpoints yet.'],
      todo: ['That takes moments. If it stays so, see whether kube-controller-manager runs (kube-system).'],
    },
    ko: {
      cause: ['Service에 맞는 파드는 있지만 아직 엔드포인트가 없습니다.'],
      todo: ['보통 금방 만들어집니다. 계속 이렇다면 kube-system의 kube-controller-manager가 실행 중인지 확인하세요.'],
    },
    proof: SEE,
  },
];
