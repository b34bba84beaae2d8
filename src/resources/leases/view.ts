/** What reading Leases takes: printLease of pkg/printers/internalversion/printers.go. */
import type { StateMap } from '../../api/reconciler.js';
import type { ResourceView } from '../../api/resource.js';
import { formatMicroTime, parseTime, type Time } from '../../api/time.js';
import { ageColumn, nameColumn, textColumn } from '../meta/columns.js';
import type { Lease } from './types.js';

export const view: ResourceView<Lease> = {
  names: {
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    plural: 'leases',
    singular: 'lease',
    shortNames: [],
    namespaced: true,
    categories: [],
  },
  columns: [nameColumn, textColumn('Holder', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
  observe: renewed,
};

/** The lease as its holder has renewed it by now. Leases of others than the cluster's own components stand as written. */
function renewed(lease: Lease, now: Time, state: StateMap): Lease {
  const holder = holderOf(lease);
  const from = lease.spec?.renewTime ? parseTime(lease.spec.renewTime) : undefined;
  if (holder === undefined || from === undefined) return lease;
  // A node that is cut off has renewed nothing since.
  const silentSince = holder.node === undefined ? undefined : state.get<{ readonly since: number }>(`faults/nodes/${holder.node}`)?.since;
  const until = silentSince === undefined ? now : Math.min(now, silentSince);
  if (until - from < holder.period) return lease;
  const at = (from + Math.floor((until - from) / holder.period) * holder.period) as Time;
  return { ...lease, spec: { ...lease.spec, renewTime: formatMicroTime(at) } };
}

/** kubelet: a quarter of the lease duration (nodeLeaseRenewIntervalFraction); scheduler and controller manager: --leader-elect-retry-period. */
function holderOf({ metadata, spec }: Lease): { readonly period: number; readonly node?: string } | undefined {
  const node = metadata.ownerReferences?.find(({ kind, name }) => kind === 'Node' && name === metadata.name)?.name;
  if (metadata.namespace === 'kube-node-lease' && node !== undefined) return { period: (spec?.leaseDurationSeconds ?? 40) * 250, node };
  if (metadata.namespace === 'kube-system' && (metadata.name === 'kube-scheduler' || metadata.name === 'kube-controller-manager')) return { period: 2000 };
  return undefined;
}
