/** Making a cluster: a fresh one with all that kind puts in, or one of somebody's objects. */
import type { KubeObject } from '../api/object.js';
import { type Time, time } from '../api/time.js';
import type { Refused } from '../sim/sim.js';
import type { Entries } from '../store/backend/backend.js';
import { Texts } from '../store/backend/texts.js';
import { readSchemas } from './assets.js';
import { bootstrap, bootstrapFrom, itemsOf } from './bootstrap.js';
import { paused, running } from './clock.js';
import type { Cluster } from './cluster.js';
import { asStored, makeComponents, resourceOf, wellFormed } from './components.js';
import { createFixtures } from './fixtures.js';
import { bootTime, makeProfile, type ProfileOptions } from './profile.js';
import { emptyCluster } from './reader.js';

/** What `podsim cluster create` may ask for. */
export interface CreateOptions extends ProfileOptions {
  /** Absent: by the machine's clock. */
  readonly seed?: number;
  /** The first moment of the user's; absent: the machine's now. */
  readonly time?: Time;
  /** Simulated seconds a second of the machine; 0: paused. Default 1. */
  readonly rate?: number;
  /** Another cluster's dump, or manifests: its nodes instead of made-up ones. */
  readonly objects?: readonly KubeObject[];
}

/** Up and running at its first moment (or, with objects, as they were). `machine`: the machine's time, in ms since 1970. */
export function createCluster(options: CreateOptions, machine: number, refused?: Refused): Cluster {
  const now = options.time ?? time(machine);
  const { rate = 1 } = options;
  const objects = options.objects === undefined ? undefined : loaded(options.objects);
  const cluster = emptyCluster({
    profile: makeProfile(options, objects),
    seed: options.seed ?? Math.floor(machine) % 2 ** 31,
    now: objects === undefined ? bootTime(now) : now,
    clock: paused,
  });
  const fixtures = createFixtures();
  cluster.start(makeComponents({ fixtures, refused }));
  if (objects === undefined) bootstrap(cluster, now, fixtures, resourceOf);
  else bootstrapFrom(cluster, objects, fixtures, resourceOf);
  cluster.forgetHistory();
  if (rate !== 0) cluster.setClock(running(rate, now, machine));
  return cluster;
}

function loaded(objects: readonly KubeObject[]): readonly KubeObject[] {
  const schemas = readSchemas();
  return objects.flatMap(itemsOf).map((object) => wellFormed(asStored(object), schemas));
}

/** The same, as it is saved: what {@link Turn.replace} puts in a cluster's place. */
export function createdEntries(options: CreateOptions, machine: number): Entries {
  const changes = createCluster(options, machine).changes();
  const texts = new Map<string, string>();
  for (const key of changes.keys()) {
    const text = changes.get(key);
    if (text !== undefined) texts.set(key, text);
  }
  return new Texts(texts);
}
