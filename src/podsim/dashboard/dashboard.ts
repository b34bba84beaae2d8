/** The cluster as `podsim ui` sees and steers it. */
import { formatTime, type Time } from '../../api/time.js';
import { paused, running } from '../../cluster/clock.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { Table } from '../../kubectl/printers/table.js';
import { goOn } from '../clock.js';
import type { PodsimContext } from '../context.js';
import { kubectlText } from './command-text.js';
import { details } from './details.js';
import type { Dashboard, Screen } from './model.js';
import { podRows } from './rows.js';

const AS_TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

/** `namespace`: where to begin; '': all. Rejects when there is no cluster that can be read. */
export async function openDashboard(context: PodsimContext, namespace: string): Promise<Dashboard> {
  const turn = await context.open();
  const backend = context.backend(await context.file());
  /** What the screen shows. Details are read later, and may be of what somebody has saved since. */
  let looked: Cluster | undefined;
  return {
    cluster: context.state ?? (await context.current()),
    namespace,
    tabs: details,
    async look(shown) {
      const servedAt = await backend.servedAt();
      return turn.read((cluster): Screen => {
        looked = cluster;
        const path = shown === '' ? '/api/v1/pods' : `/api/v1/namespaces/${shown}/pods`;
        const { body } = cluster.reader.handle({ method: 'GET', path: `${path}?includeObject=Object`, headers: AS_TABLE });
        return {
          now: formatTime(cluster.now),
          rate: cluster.clock.rate,
          isFrozen: cluster.profile.isFrozen,
          servedAt,
          ...podRows(body as Table, shown === ''),
        };
      });
    },
    detail: (tab, pod, options) => (details.find(({ name }) => name === tab.name) as (typeof details)[number]).text({ turn, context }, pod, options),
    namespaces: () => turn.read((cluster) => cluster.store.list('namespaces').map(({ metadata }) => metadata.name as string)),
    async change(signal) {
      if (await turn.read((cluster) => cluster === looked)) await turn.change(signal);
    },
    setRate: (rate) => turn.write((cluster) => cluster.setClock(rate === 0 ? paused : running(rate, cluster.now, context.machine()))),
    step: (span) =>
      turn.write((cluster) => {
        cluster.advanceTo((cluster.now + span) as Time);
        goOn(cluster, context);
      }),
    delete: async ({ namespace: where, name }, grace) => {
      const how = grace === undefined ? [] : grace === 0 ? ['--grace-period=0', '--force'] : [`--grace-period=${grace}`];
      return kubectlText(turn, ['delete', 'pod', name, '-n', where, '--wait=false', ...how]);
    },
  };
}
