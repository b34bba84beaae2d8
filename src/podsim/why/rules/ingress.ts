/** Why an Ingress leads nowhere. */
import type { IngressClass } from '../../../resources/ingressclasses/types.js';
import type { Ingress, IngressBackend } from '../../../resources/ingresses/types.js';
import type { Service } from '../../../resources/services/types.js';
import { objectLine, specLine } from '../evidence.js';
import { nearest } from '../near.js';
import type { Evidence, Facts, Rule, Values } from '../rule.js';
import type { World } from '../world.js';
import { serviceCase } from './service.js';

export interface IngressCase {
  readonly world: World;
  readonly ingress: Ingress;
  readonly namespace: string;
  /** What its rules and its default lead to; what is no Service is left out. */
  readonly routes: readonly Route[];
}

interface Route {
  /** `shop.example.com/cart`, or `everything else`. */
  readonly place: string;
  readonly backend: NonNullable<IngressBackend['service']>;
  /** Null: there is none of that name. */
  readonly service: Service | null | undefined;
}

/** What marks the IngressClass of those that name none. */
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';
const OLD_CLASS = 'kubernetes.io/ingress.class';

export function ingressCase(world: World, ingress: Ingress): IngressCase {
  const { namespace = '' } = ingress.metadata;
  const { rules = [], defaultBackend } = ingress.spec;
  const all = [
    ...rules.flatMap(({ host = '*', http }) => (http?.paths ?? []).map(({ path = '/', backend }) => ({ place: `${host}${path}`, backend }))),
    ...(defaultBackend === undefined ? [] : [{ place: 'defaultBackend', backend: defaultBackend }]),
  ];
  const routes = all.flatMap(({ place, backend: { service } }) =>
    service === undefined ? [] : [{ place, backend: service, service: world.find<Service>('services', namespace, service.name) }],
  );
  return { world, ingress, namespace, routes };
}

export const ingressValues = ({ ingress, routes }: IngressCase): Values => ({
  ingress: ingress.metadata.name,
  class: ingress.spec.ingressClassName,
  service: routes[0]?.backend.name,
});

const portOf = ({ backend: { port } }: Route): string => port?.name ?? String(port?.number ?? '');
const routeLine = (route: Route): Evidence => specLine(`rules ${route.place}`, `service ${route.backend.name}, port ${portOf(route)}`) as Evidence;
const portsOf = ({ spec }: Service): string => (spec.ports ?? []).map(({ name, port }) => (name === undefined ? String(port) : `${port} (${name})`)).join(', ');
const hasPort = ({ backend: { port }, service }: Route): boolean =>
  (service?.spec.ports ?? []).some((one) => (port?.name === undefined ? one.port === port?.number : one.name === port.name));
const classesOf = ({ world }: IngressCase): readonly IngressClass[] | undefined => world.list<IngressClass>('ingressclasses');
const namesOf = (objects: readonly { readonly metadata: { readonly name?: string } }[]): readonly string[] =>
  objects.map(({ metadata }) => metadata.name ?? '');
const classLine = (i: IngressCase): Evidence =>
  objectLine(
    `ingressclasses: ${namesOf(classesOf(i) ?? []).join(', ') || 'none'}${(classesOf(i) ?? []).some(isDefault) ? '' : (classesOf(i) ?? []).length === 0 ? '' : ' (no default)'}`,
  );
const isDefault = ({ metadata }: IngressClass): boolean => metadata.annotations?.[DEFAULT_CLASS] === 'true';
const addressOf = ({ ingress }: IngressCase): string | undefined => {
  const first = ingress.status?.loadBalancer?.ingress?.[0];
  return first?.ip ?? first?.hostname;
};

/** The first of its routes of which this holds. */
function route(i: IngressCase, holds: (one: Route) => boolean, facts: (one: Route) => Facts): Facts | undefined {
  const found = i.routes.find(holds);
  return found === undefined ? undefined : facts(found);
}

const SEE = ['kubectl describe ingress {ingress}{n}'];

/** The first one counts. */
export const ingressRules: readonly Rule<IngressCase>[] = [
  {
    id: 'ingress-service-missing',
    when: (i) =>
      route(
        i,
        ({ service }) => service === null,
        (one) => {
          const services = i.world.list<Service>('services', i.namespace) ?? [];
          const elsewhere = i.world.list<Service>('services')?.find(({ metadata }) => metadata.name === one.backend.name)?.metadata.namespace;
          return {
            values: { place: one.place, service: one.backend.name, near: nearest(one.backend.name, namesOf(services)), elsewhere },
            evidence: [routeLine(one), objectLine(`services in ${i.namespace}: ${namesOf(services).join(', ') || 'none'}`)],
          };
        },
      ),
    en: {
      cause: [
        '{place} leads to the Service {service}, and there is none of that name in namespace {ns}: whoever asks gets 503 from the controller.',
        'Namespace {elsewhere} has one, but a backend is always of the own namespace of the Ingress.',
      ],
      todo: ['Correct the name of the backend, or make the Service.', 'Did you mean {near}?'],
    },
    ko: {
      cause: [
        '{place} 경로가 {service} Service로 연결되는데 {ns} 네임스페이스에 그런 이름의 Service가 없습니다. 컨트롤러는 503으로 응답합니다.',
        '{elsewhere} 네임스페이스에는 있지만, 백엔드는 항상 Ingress와 같은 네임스페이스의 Service여야 합니다.',
      ],
      todo: ['백엔드의 이름을 고치거나 Service를 만드세요.', '혹시 {near} Service였나요?'],
    },
    fix: ['kubectl edit ingress {ingress}{n}'],
    proof: [...SEE, 'kubectl get services{n}'],
  },
  {
    id: 'ingress-port-unknown',
    when: (i) =>
      route(
        i,
        (one) => one.service != null && !hasPort(one),
        (one) => ({
          values: { place: one.place, service: one.backend.name, port: portOf(one), ports: one.service ? portsOf(one.service) : undefined },
          evidence: [routeLine(one), objectLine(`service/${one.backend.name}: ports ${one.service ? portsOf(one.service) : ''}`)],
        }),
      ),
    en: {
      cause: [
        '{place} leads to port {port} of the Service {service}, which has no such port; it has {ports}. The port of a backend is the Service\'s ("port"), not the one of the pods ("targetPort").',
      ],
      todo: ['Give the backend one of the ports of the Service.'],
    },
    ko: {
      cause: [
        '{place} 경로가 {service} Service의 {port} 포트로 연결되는데 Service에 그런 포트가 없습니다. 있는 포트: {ports}. 백엔드의 포트는 파드의 포트(targetPort)가 아니라 Service의 포트(port)입니다.',
      ],
      todo: ['백엔드의 포트를 Service에 있는 포트로 고치세요.'],
    },
    fix: ['kubectl edit ingress {ingress}{n}'],
    proof: [...SEE, 'kubectl get service {service}{n}'],
  },
  {
    id: 'ingress-class-missing',
    when: (i) => {
      const name = i.ingress.spec.ingressClassName;
      const classes = classesOf(i);
      if (name === undefined || classes === undefined || namesOf(classes).includes(name)) return undefined;
      return { values: { near: nearest(name, namesOf(classes)) }, evidence: [specLine('ingressClassName', name), classLine(i)] };
    },
    en: {
      cause: ['The Ingress is of the class {class}, and there is no IngressClass of that name: no controller takes it up.'],
      todo: ['Name a class that is there, or install the controller that brings it.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['Ingress의 클래스는 {class}인데 그런 이름의 IngressClass가 없습니다. 어떤 컨트롤러도 이 Ingress를 처리하지 않습니다.'],
      todo: ['있는 클래스를 지정하거나, 그 클래스를 제공하는 컨트롤러를 설치하세요.', '혹시 {near} 클래스였나요?'],
    },
    fix: ['kubectl edit ingress {ingress}{n}'],
    proof: ['kubectl get ingressclass', ...SEE],
  },
  {
    id: 'ingress-no-class',
    when: (i) => {
      const classes = classesOf(i);
      const { ingressClassName } = i.ingress.spec;
      if (ingressClassName !== undefined || i.ingress.metadata.annotations?.[OLD_CLASS] !== undefined || classes === undefined) return undefined;
      if (addressOf(i) !== undefined) return undefined;
      return { values: { first: classes[0]?.metadata.name }, evidence: [specLine('ingressClassName', '<none>'), classLine(i)] };
    },
    en: {
      cause: [
        'The Ingress names no ingressClassName, and got none when it was made (there was no default IngressClass): a controller has no reason to take it up.',
      ],
      todo: ['Set spec.ingressClassName to the class of your controller.', 'There is {first}.'],
    },
    ko: {
      cause: ['Ingress에 ingressClassName이 없고, 만들 때 기본 IngressClass도 없어서 채워지지 않았습니다. 컨트롤러가 이 Ingress를 처리할 이유가 없습니다.'],
      todo: ['spec.ingressClassName에 컨트롤러의 클래스를 지정하세요.', '{first} 클래스가 있습니다.'],
    },
    fix: [`kubectl patch ingress {ingress}{n} -p '{"spec":{"ingressClassName":"{first}"}}'`],
    proof: ['kubectl get ingressclass', ...SEE],
  },
  {
    id: 'ingress-tls-secret-missing',
    when: (i) => {
      const secrets = i.world.list('secrets', i.namespace);
      const missing = (i.ingress.spec.tls ?? []).find(
        ({ secretName }) => secretName !== undefined && secrets !== undefined && !namesOf(secrets).includes(secretName),
      );
      if (missing?.secretName === undefined) return undefined;
      return {
        values: { secret: missing.secretName, near: nearest(missing.secretName, namesOf(secrets ?? [])) },
        evidence: [specLine('tls', i.ingress.spec.tls), objectLine(`secret/${missing.secretName}: not found in ${i.namespace}`)],
      };
    },
    en: {
      cause: ['TLS is to use the Secret {secret}, and there is none of that name in namespace {ns}: the controller serves a certificate of its own, or none.'],
      todo: ['Make the Secret (type kubernetes.io/tls, keys tls.crt and tls.key), in the namespace of the Ingress.', 'Did you mean {near}?'],
    },
    ko: {
      cause: ['TLS에 {secret} Secret을 쓰도록 되어 있는데 {ns} 네임스페이스에 없습니다. 컨트롤러는 자체 인증서를 쓰거나 TLS를 제공하지 않습니다.'],
      todo: ['Ingress와 같은 네임스페이스에 Secret을 만드세요(kubernetes.io/tls 타입, tls.crt와 tls.key 키).', '혹시 {near} Secret이었나요?'],
    },
    fix: ['kubectl create secret tls {secret}{n} --cert=tls.crt --key=tls.key'],
    proof: [...SEE, 'kubectl get secrets{n}'],
  },
  {
    id: 'ingress-no-endpoints',
    when: (i) =>
      route(
        i,
        ({ service }) => service != null && service.spec.type !== 'ExternalName' && serviceCase(i.world, service).ready.length === 0,
        (one) => ({
          values: { place: one.place, service: one.backend.name },
          evidence: [routeLine(one), objectLine(`endpointslices of ${one.backend.name}: none ready`)],
        }),
      ),
    en: {
      cause: ['{place} leads to the Service {service}, which is there, but has no endpoint that is ready: the controller answers 503.'],
      todo: ['See why the Service has none.'],
    },
    ko: {
      cause: ['{place} 경로가 연결되는 {service} Service는 있지만 준비된 엔드포인트가 없습니다. 컨트롤러는 503으로 응답합니다.'],
      todo: ['Service에 엔드포인트가 없는 이유를 보세요.'],
    },
    proof: ['podsim why service/{service}{n}', 'kubectl get endpointslices{n} -l kubernetes.io/service-name={service}'],
  },
  {
    id: 'ingress-no-address',
    when: (i) =>
      addressOf(i) === undefined
        ? {
            values: { controller: classesOf(i)?.find(({ metadata }) => metadata.name === i.ingress.spec.ingressClassName)?.spec.controller },
            evidence: [
              specLine('ingressClassName', i.ingress.spec.ingressClassName),
              objectLine('status.loadBalancer: no ingress (ADDRESS is empty)'),
              ...i.routes.slice(0, 4).map(routeLine),
            ],
          }
        : undefined,
    en: {
      cause: [
        'Its rules are in order, but no ingress controller has written an address into its status. An Ingress is only a rule; without a controller nothing carries it out.',
        'The controller of its class is {controller}.',
      ],
      todo: ['See whether the controller runs; if there is none, install one (such as ingress-nginx). Inside the cluster the Services themselves answer.'],
    },
    ko: {
      cause: [
        '규칙은 올바르지만 어떤 인그레스 컨트롤러도 status에 주소를 쓰지 않았습니다. Ingress는 규칙일 뿐이라 컨트롤러가 없으면 아무 일도 일어나지 않습니다.',
        '클래스의 컨트롤러는 {controller}입니다.',
      ],
      todo: ['컨트롤러가 실행 중인지 보고, 없으면 설치하세요(예: ingress-nginx). 클러스터 안에서는 Service로 직접 접속할 수 있습니다.'],
    },
    proof: ['kubectl get ingress {ingress}{n}', 'kubectl get ingressclass', 'kubectl get pods -A -l app.kubernetes.io/name=ingress-nginx'],
  },
  {
    id: 'ingress-well',
    isFine: true,
    when: (i) => ({
      values: { address: addressOf(i) },
      evidence: [objectLine(`status.loadBalancer: ${addressOf(i)}`), ...i.routes.slice(0, 4).map(routeLine)],
    }),
    en: {
      cause: ['A controller has taken it up at {address}, and its Services have endpoints.'],
      todo: ['Nothing. If a client gets 404, compare the host and path it sends with the rules.'],
    },
    ko: {
      cause: ['컨트롤러가 {address} 주소로 처리하고 있고 Service에 엔드포인트가 있습니다.'],
      todo: ['할 일은 없습니다. 클라이언트가 404를 받으면 보낸 호스트와 경로를 규칙과 비교하세요.'],
    },
    proof: SEE,
  },
];
