/** Which node, or why none: the cases of one attempt, computed without a cluster around it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type KubeObject, keyOf, keyString } from '../../src/api/object.js';
import type { Api } from '../../src/api/verbs.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { ClusterCache, isPending } from '../../src/scheduler/cluster-cache.js';
import { attempt } from '../../src/scheduler/cycle.js';
import { preempt } from '../../src/scheduler/preemption.js';

interface Case {
  readonly name: string;
  readonly nodes: readonly KubeObject[];
  readonly existingPods: readonly KubeObject[];
  readonly otherObjects?: readonly KubeObject[];
  readonly pod: Pod;
  readonly expect: {
    readonly message?: string;
    readonly feasible?: readonly string[];
    readonly chosen?: readonly string[];
    readonly nominatedNodeName?: string;
    readonly victims?: readonly string[];
    readonly queued?: boolean;
  };
}
const { cases } = JSON.parse(readFileSync(new URL('./cases.json', import.meta.url), 'utf8')) as { cases: readonly Case[] };

const PLURALS: Readonly<Record<string, string>> = {
  Node: 'nodes',
  Pod: 'pods',
  Namespace: 'namespaces',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
  StorageClass: 'storageclasses.storage.k8s.io',
  CSIDriver: 'csidrivers.storage.k8s.io',
  CSIStorageCapacity: 'csistoragecapacities.storage.k8s.io',
};

/** What the scheduler's reading of the API comes to over fixed objects. */
function objectsApi(objects: readonly KubeObject[]): Api {
  const of = (resource: string) => objects.filter((object) => PLURALS[object.kind] === resource);
  return {
    get: (resource: string, key: { namespace: string; name: string }) => of(resource).find((object) => keyString(keyOf(object)) === keyString(key)),
    list: (resource: string) => of(resource),
    watch: () => undefined,
  } as unknown as Api;
}

describe('scheduler cases', () => {
  for (const one of cases)
    test(one.name, () => {
      if (one.expect.queued === false) {
        expect(isPending(one.pod)).toBe(false);
        return;
      }
      const cache = new ClusterCache(objectsApi([...one.nodes, ...one.existingPods, ...(one.otherObjects ?? [])]));
      const chosen = new Set<string>();
      let feasible: readonly string[] = [];
      for (const share of [0, 0.5, 0.999]) {
        const result = attempt(cache.info(one.pod), cache, { random: () => share });
        if (result.node === undefined) {
          const rescue = result.rejections.size === 0 ? undefined : preempt(cache.info(one.pod), cache, result.rejections);
          const message = rescue === undefined || rescue.node !== undefined ? result.message : `${result.message} ${rescue.message}`;
          expect(message).toBe(one.expect.message);
          expect(rescue?.node).toBe(one.expect.nominatedNodeName);
          if (rescue?.node !== undefined) expect(rescue.victims.map((victim) => victim.metadata.name).sort()).toEqual([...(one.expect.victims ?? [])].sort());
          return;
        }
        chosen.add(result.node.name);
        feasible = result.feasible.map((node) => node.name);
      }
      expect(one.expect.message).toBeUndefined();
      expect([...feasible].sort()).toEqual([...(one.expect.feasible ?? [])].sort());
      for (const name of chosen) expect(one.expect.chosen ?? feasible).toContain(name);
    });
});
