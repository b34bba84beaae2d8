/** What `podsim why` found: the data behind the text, and what `-o json` prints. */
import type { Cause, Language } from './rule.js';

export interface Diagnosis {
  /** `Pod`, `Deployment`. */
  readonly kind: string;
  /** '' outside namespaces. */
  readonly namespace: string;
  readonly name: string;
  /** The word `kubectl get` shows, or what comes nearest to it. */
  readonly status: string;
  /** What that word means; '' when there is nothing to say. */
  readonly meaning: string;
  /** Nothing needs to be done. */
  readonly healthy: boolean;
  readonly causes: readonly Cause[];
}

/** Stable: scripts read it. Members may be added; none changes its meaning. */
export function toJson(diagnosis: Diagnosis, language: Language): string {
  const { kind, namespace, name, status, meaning, healthy, causes } = diagnosis;
  const json = {
    apiVersion: 'podsim/v1',
    kind: 'Why',
    language,
    object: { kind, ...(namespace === '' ? {} : { namespace }), name },
    status,
    meaning,
    healthy,
    causes: causes.map(({ id, object, container, also = [], cause, todo, evidence, fix, proof }) => ({
      id,
      object,
      also,
      ...(container === undefined ? {} : { container }),
      cause,
      todo,
      evidence,
      fix,
      proof,
    })),
  };
  return `${JSON.stringify(json, null, 4)}\n`;
}
