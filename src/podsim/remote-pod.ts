/** A pod of a cluster at the other end of a network: what any client of its API gets, its object and its Events. */
import { StatusError } from '../api/errors.js';
import type { KubeObject, ObjectKey } from '../api/object.js';
import { parseTime, type Time } from '../api/time.js';
import type { ResourcePath, RestClient } from '../client/rest-client.js';
import { isNotFound } from '../kubectl/errors.js';
import type { Event } from '../resources/events/types.js';
import type { Pod } from '../resources/pods/types.js';
import { type Evidence, lastOf, remoteEvidence } from './timeline/evidence.js';

const core = (resource: string): ResourcePath => ({ group: '', version: 'v1', resource, namespaced: true });
const LEASES: ResourcePath = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespaced: true };

/** undefined: the server has no pod of that name. `machine`: now, if the cluster does not show its own time. Throws the StatusError of other refusals. */
export async function remotePod(client: RestClient, { namespace, name }: ObjectKey, machine: number): Promise<Evidence | undefined> {
  const pod = await client.get<Pod>({ resource: core('pods'), namespace, name }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (pod === undefined) return undefined;
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${name}`;
  const { items } = await client.list({ resource: core('events'), namespace }, { query: { fieldSelector } });
  const events = (items as readonly Event[]).filter(({ involvedObject }) => involvedObject.uid === undefined || involvedObject.uid === pod.metadata.uid);
  const last = Math.max(0, ...events.map((event) => lastOf(event) ?? 0));
  return remoteEvidence(pod, events, Math.max(last, (await clusterTime(client)) ?? machine) as Time);
}

/**
 * Kubelets renew their leases every ten seconds: by the newest of them it is no earlier than that. A simulated cluster has a time of its own.
 * undefined: there are none, or none for us to see.
 */
async function clusterTime(client: RestClient): Promise<number | undefined> {
  type Lease = KubeObject & { readonly spec?: { readonly renewTime?: string } };
  const { items } = await client.list({ resource: LEASES, namespace: 'kube-node-lease' }).catch((error: unknown) => {
    if (error instanceof StatusError) return { items: [] };
    throw error;
  });
  const times = (items as readonly Lease[]).map(({ spec }) => parseTime(spec?.renewTime ?? '')).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}
