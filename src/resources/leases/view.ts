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
function renewed(lease: Lease, now: Time, _state: StateMap): Lease {
  const period = renewalPeriod(lease);
  const from = lease.spec?.renewTime ? parseTime(lease.spec.renewTime) : undefined;
  if (period === undefined || from === undefined || now - from < period) return lease;
  const at = (from + Math.floor((now - from) / period) * period) as Time;
  return { ...lease, spec: { ...lease.spec, renewTime: formatMicroTime(at) } };
}

/** kubelet: a quarter of the lease duration (nodeLeaseRenewIntervalFraction); kube-scheduler, kube-controller-manager: --leader-elect-retry-period. */
function renewalPeriod({ metadata, spec }: Lease): number | undefined {
  if (metadata.namespace === 'kube-node-lease' && metadata.ownerReferences?.some(({ kind, name }) => kind === 'Node' && name === metadata.name))
    return (spec?.leaseDurationSeconds ?? 40) * 250;
  if (metadata.namespace === 'kube-system' && (metadata.name === 'kube-scheduler' || metadata.name === 'kube-controller-manager')) return 2000;
  return undefined;
}
