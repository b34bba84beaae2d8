/** A pod of a cluster at the other end of a network: what any client of its API gets, its object and its Events. */
import type { KubeObject, ObjectKey } from '../api/object.js';
import { parseTime, type Time } from '../api/time.js';
import type { Transport } from '../api/transport.js';
import type { Event } from '../resources/events/types.js';
import type { Pod } from '../resources/pods/types.js';
import { PodsimError } from './context.js';
import { type Evidence, lastOf, remoteEvidence } from './timeline/evidence.js';

/** undefined: the server has no pod of that name. `machine`: now, if the cluster does not show its own time. */
export async function remotePod(transport: Transport, key: ObjectKey, machine: number): Promise<Evidence | undefined> {
  const { namespace, name } = key;
  const space = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const pod = await read<Pod>(transport, `${space}/pods/${encodeURIComponent(name)}`);
  if (pod === undefined) return undefined;
  const selector = encodeURIComponent(`involvedObject.kind=Pod,involvedObject.name=${name}`);
  const list = await read<KubeObject & { readonly items?: readonly Event[] }>(transport, `${space}/events?fieldSelector=${selector}`);
  const events = (list?.items ?? []).filter(({ involvedObject }) => involvedObject.uid === undefined || involvedObject.uid === pod.metadata.uid);
  const last = Math.max(0, ...events.map((event) => lastOf(event) ?? 0));
  return remoteEvidence(pod, events, Math.max(last, (await clusterTime(transport)) ?? machine) as Time);
}

/** Kubelets renew their leases every ten seconds: by the newest of them it is no earlier than that. A simulated cluster has a time of its own. */
async function clusterTime(transport: Transport): Promise<number | undefined> {
  type Lease = KubeObject & { readonly spec?: { readonly renewTime?: string } };
  const { status, body } = await transport({ method: 'GET', path: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', headers: {} });
  const items = status === 200 ? ((body as { readonly items?: readonly Lease[] }).items ?? []) : [];
  const times = items.map(({ spec }) => parseTime(spec?.renewTime ?? '')).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** undefined: not found. Throws PodsimError with what the server says otherwise. */
async function read<T>(transport: Transport, path: string): Promise<T | undefined> {
  const { status, body } = await transport({ method: 'GET', path, headers: { accept: 'application/json' } });
  if (status === 404) return undefined;
  if (status !== 200) throw new PodsimError((body as { readonly message?: string }).message ?? `the server answered with status ${status}`);
  return body as T;
}
