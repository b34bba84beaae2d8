/** /metrics of the API server itself: the requests it has answered since it was started, and what it keeps (apiserver pkg/endpoints/metrics). */
import { EXPOSITION_TYPE, exposition, type Family, type Sample } from '../../api/exposition.js';
import { type AnyResourceView, resourceId } from '../../api/resource.js';
import { parseTime, type Time } from '../../api/time.js';
import type { ServiceCIDR } from '../../resources/servicecidrs/types.js';
import type { Service } from '../../resources/services/types.js';
import type { Store } from '../../store/store.js';
import type { Answer } from '../long-running.js';
import { healthChecks } from './health.js';
import type { RequestCounts } from './request-counts.js';
import type { VersionInfo } from './version.js';

export interface Measured {
  readonly store: Store;
  readonly version: VersionInfo;
  readonly views: readonly AnyResourceView[];
  readonly counts: RequestCounts;
  readonly now: Time;
}

export const serverMetrics = (it: Measured): Answer => ({ status: 200, headers: { 'content-type': EXPOSITION_TYPE }, body: exposition(familiesOf(it)) });

/** /metrics/slis: each check is well. */
export const healthMetrics = (): Answer => ({
  status: 200,
  headers: { 'content-type': EXPOSITION_TYPE },
  body: exposition([
    {
      name: 'kubernetes_healthcheck',
      help: '[STABLE] This metric records the result of a single healthcheck.',
      type: 'gauge',
      samples: healthChecks.map((labels) => ({ labels, value: 1 })),
    },
  ]),
});

function familiesOf({ store, version, views, counts, now }: Measured): readonly Family[] {
  const { requests, deprecated } = counts.samples();
  const kept = new Set(
    views.filter(({ storedAs, names }) => storedAs === undefined && names.plural !== 'componentstatuses').map(({ names }) => resourceId(names)),
  );
  const started = parseTime(store.get('namespaces', { namespace: '', name: 'kube-system' })?.metadata.creationTimestamp ?? '') ?? now;
  return [
    {
      name: 'apiserver_current_inflight_requests',
      help: '[STABLE] Maximal number of currently used inflight request limit of this apiserver per request kind in last second.',
      type: 'gauge',
      samples: ['mutating', 'readOnly'].map((kind) => ({ labels: { request_kind: kind }, value: 0 })),
    },
    {
      name: 'apiserver_request_total',
      help: '[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
      type: 'counter',
      samples: requests,
    },
    {
      name: 'apiserver_requested_deprecated_apis',
      help: '[STABLE] Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and removed_release.',
      type: 'gauge',
      samples: deprecated,
    },
    {
      name: 'apiserver_storage_objects',
      help: '[STABLE] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.',
      type: 'gauge',
      samples: [...kept].map((resource) => ({ labels: { resource }, value: store.count(resource) })),
    },
    { name: 'go_info', help: 'Information about the Go environment.', type: 'gauge', samples: [{ labels: { version: version.goVersion }, value: 1 }] },
    ...addresses(store),
    {
      name: 'kubernetes_build_info',
      help: "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      type: 'gauge',
      samples: [{ labels: buildOf(version), value: 1 }],
    },
    {
      name: 'process_start_time_seconds',
      help: 'Start time of the process since unix epoch in seconds.',
      type: 'gauge',
      samples: [{ value: started / 1000 }],
    },
  ];
}

function buildOf({ gitVersion, gitCommit, buildDate, goVersion, platform }: VersionInfo): NonNullable<Sample['labels']> {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    ...{ build_date: buildDate, compiler: 'gc', git_commit: gitCommit, git_tree_state: 'clean', git_version: gitVersion },
    ...{ go_version: goVersion, major, minor, platform },
  };
}

/** Of the services' range. */
function addresses(store: Store): readonly Family[] {
  const cidr = store.get<ServiceCIDR>('servicecidrs.networking.k8s.io', { namespace: '', name: 'kubernetes' })?.spec.cidrs?.[0];
  if (cidr === undefined || cidr.includes(':')) return [];
  const given = store.list<Service>('services').filter(({ spec }) => spec.clusterIP !== undefined && spec.clusterIP !== '' && spec.clusterIP !== 'None').length;
  const all = 2 ** (32 - Number(cidr.split('/')[1])) - 2;
  const name = 'kube_apiserver_clusterip_allocator';
  return [
    {
      name: `${name}_allocated_ips`,
      help: '[ALPHA] Gauge measuring the number of allocated IPs for Services',
      type: 'gauge',
      samples: [{ labels: { cidr }, value: given }],
    },
    {
      name: `${name}_available_ips`,
      help: '[ALPHA] Gauge measuring the number of available IPs for Services',
      type: 'gauge',
      samples: [{ labels: { cidr }, value: all - given }],
    },
  ];
}
