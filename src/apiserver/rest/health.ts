/** /healthz, /livez, /readyz and the checks below them: k8s.io/apiserver/pkg/server/healthz. Everything is always well. */
import type { Answer } from '../long-running.js';
import { pageNotFound, text } from './answer.js';

/** In the order of kube-apiserver v1.33; all but one are post-start hooks. */
const HOOKS = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-wait-for-first-sync',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
  'autoregister-completion',
  'apiservice-openapi-controller',
  'apiservice-openapiv3-controller',
];
const CHECKS = HOOKS.map((name) => (name === 'autoregister-completion' ? name : `poststarthook/${name}`));

const KINDS: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', ...CHECKS],
  livez: ['ping', 'log', 'etcd', ...CHECKS],
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...CHECKS, 'shutdown'],
};

/** Where {@link healthOf} answers, but for readyz' two looks at etcd, which a real server does not list either. */
export const healthPaths: readonly string[] = Object.entries(KINDS).flatMap(([kind, checks]) => [
  `/${kind}`,
  ...checks.filter((check) => kind !== 'readyz' || !check.startsWith('etcd')).map((check) => `/${kind}/${check}`),
]);

/** Each check and the kind that makes it. */
export const healthChecks: readonly { readonly name: string; readonly type: string }[] = Object.entries(KINDS).flatMap(([type, checks]) =>
  checks.map((name) => ({ name, type })),
);

/** undefined: it is not about health. `url`: with its query. */
export function healthOf(path: string, url: string): Answer | undefined {
  const [, kind = '', ...rest] = path.split('/');
  const checks = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (checks === undefined) return undefined;
  const check = rest.join('/');
  if (check !== '') return checks.includes(check) ? text('ok') : pageNotFound();
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  if (!url.includes('?') || !query.has('verbose')) return text('ok');
  const excluded = query.getAll('exclude');
  const unknown = excluded.filter((name) => !checks.includes(name)).map((name) => JSON.stringify(name));
  const warning = unknown.length === 0 ? '' : `warn: some health checks cannot be excluded: no matches for ${unknown.join(',')}\n`;
  return text(`${checks.map((name) => `[+]${name} ${excluded.includes(name) ? 'excluded: ok' : 'ok'}\n`).join('')}${warning}${kind} check passed\n`);
}
