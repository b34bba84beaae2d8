/** The kinds `podsim why` explains, and for each what is read and which rules are asked. */
import type { KubeObject } from '../../api/object.js';
import type { Pod } from '../../resources/pods/types.js';
import { summarizePod } from '../../resources/pods/view.js';
import { diagnosePod, isWell, logsOfPod } from './diagnose-pod.js';
import type { Diagnosis } from './diagnosis.js';
import { meaningOf } from './meanings.js';
import type { Language } from './rule.js';
import type { LogWanted, World } from './world.js';

export interface Explained {
  /** The plural. */
  readonly resource: string;
  diagnose(world: World, object: KubeObject, language: Language): Diagnosis;
  logsOf(world: World, object: KubeObject): readonly LogWanted[];
}

/** Everything that some rule looks at. */
export const EVERYTHING: readonly string[] = [
  'pods',
  'events',
  'nodes',
  'replicasets',
  'jobs',
  'services',
  'endpointslices',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses',
];

const pods: Explained = {
  resource: 'pods',
  diagnose: (world, object, language) => {
    const pod = object as Pod;
    const status = summarizePod(pod).reason;
    return {
      kind: 'Pod',
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name ?? '',
      status,
      meaning: meaningOf(status, language),
      healthy: isWell(pod),
      causes: diagnosePod(world, pod, language),
    };
  },
  logsOf: (_, object) => logsOfPod(object as Pod),
};

export const explained: readonly Explained[] = [pods];
