/** plugin/pkg/admission/defaulttolerationseconds: pods stay five minutes on a node that is lost. */
import { copyOf, type KubeObject } from '../../api/object.js';
import type { Toleration } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { AdmissionPlugin } from './plugin.js';

const NONE: readonly Toleration[] = [];
const toleration = (key: string): Toleration => Object.freeze({ effect: 'NoExecute', key, operator: 'Exists', tolerationSeconds: 300 });
const NOT_READY = toleration('node.kubernetes.io/not-ready');
const UNREACHABLE = toleration('node.kubernetes.io/unreachable');
/** One frozen list for all pods that tolerate nothing else. */
const BOTH = Object.freeze([NOT_READY, UNREACHABLE]);

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  admit(object) {
    const { spec } = object as KubeObject as Pod;
    const { tolerations = NONE } = spec;
    const added = BOTH.filter(({ key }) => !tolerations.some((given) => tolerates(given, key)));
    if (added.length === 0) return object;
    const next = copyOf(spec);
    next.tolerations = tolerations.length === 0 ? BOTH : [...tolerations, ...added];
    return { ...object, spec: next };
  },
};

const tolerates = ({ key, effect }: Toleration, taint: string | undefined): boolean => (key === taint || !key) && (effect === 'NoExecute' || !effect);
