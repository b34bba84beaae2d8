/** Where clusters and their snapshots are kept (podsim-commands: PODSIM_HOME, PODSIM_STATE). */
import type { PodsimContext } from './context.js';

/** The state file of a named cluster. */
export const clusterFile = (context: Pick<PodsimContext, 'home'>, name: string): string => `${context.home}/clusters/${name}.json`;

/** Snapshots lie in PODSIM_HOME, or beside a state file of its own. */
export const snapshotDirectory = (context: Pick<PodsimContext, 'home' | 'state'>, name: string | undefined): string =>
  context.state === undefined ? `${context.home}/snapshots/${name}` : `${context.state}.snapshots`;
