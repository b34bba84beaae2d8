/** The kubelet as its endpoints see it (pkg/kubelet/server's HostInterface), and the forms of what they answer. */
import type { ContainerStatus } from '../../api/cri.js';
import type { NodeAnswer, NodeProxy } from '../../api/node-proxy.js';
import { keyOf } from '../../api/object.js';
import { quantity, quantityValue } from '../../api/quantity.js';
import type { Time } from '../../api/time.js';
import type { Api } from '../../api/verbs.js';
import type { Node } from '../../resources/nodes/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Runtime } from '../work.js';

export interface HostInterface {
  readonly node: string;
  readonly api: Api;
  readonly runtime: Runtime;
  readonly now: Time;
  configuration(): object;
  readonly server: NodeProxy;
}

const PLAIN = 'text/plain; charset=utf-8';
export const text = (body: string, status = 200, type = PLAIN): NodeAnswer => ({ status, type, body });
export const json = (body: string | object): NodeAnswer => ({ status: 200, type: 'application/json', body });
export const notFound = (): NodeAnswer => text('404 page not found\n', 404);

export const podsOf = ({ api, node }: HostInterface): readonly Pod[] => api.list<Pod>('pods', { index: { name: 'node', value: node } });
export const nodeOf = ({ api, node }: HostInterface): Node | undefined => api.get<Node>('nodes', { namespace: '', name: node });

/** Of the node, in whole units; 0: it says nothing of that resource. */
export const capacityOf = (it: HostInterface, name: string): number => {
  const given = nodeOf(it)?.status?.capacity?.[name];
  return given === undefined ? 0 : quantityValue(quantity(given));
};

export const statusOf = (it: HostInterface, pod: Pod, container: string): ContainerStatus | undefined =>
  it.server.containerStatus(keyOf(pod), container, false);
