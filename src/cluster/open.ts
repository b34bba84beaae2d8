/** The door for who wants to use a cluster: turns on a backend, making the cluster when there is none. */
import type { ErrandRunner } from '../api/errand.js';
import type { Refused } from '../sim/sim.js';
import type { Backend } from '../store/backend/backend.js';
import type { CreateOptions } from './create.js';
import { openSaved } from './reader.js';
import { Turn } from './turn.js';

export interface OpenOptions {
  readonly backend: Backend;
  /** How to make the cluster if there is none; absent: that is an error ({@link NoCluster}). */
  readonly create?: CreateOptions;
  /** Runs what containers have done by programs that are not of the runtime. Absent: they are not simulated. */
  readonly errands?: ErrandRunner;
  /** The machine's clock; for tests. */
  readonly machine?: () => number;
  /** For who looks for mistakes of podsim's; the components themselves try again later. */
  readonly refused?: Refused | undefined;
}

/** Loads nothing yet; what must act is imported when something must. */
export function openCluster({ backend, create, errands, machine, refused }: OpenOptions): Turn {
  return new Turn({
    backend,
    open: openSaved,
    components: async () => (await import('./components.js')).makeComponents({ refused }),
    ...(create === undefined ? {} : { create: async (now) => (await import('./create.js')).createCluster(create, now, refused) }),
    ...(errands === undefined ? {} : { errands }),
    ...(machine === undefined ? {} : { machine }),
  });
}
