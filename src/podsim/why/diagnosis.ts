/** What `podsim why` found: the data behind the text, and what `-o json` prints. */

import type { Language } from '../language.js';
import type { Cause } from './rule.js';

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
  return `${JSON.stringify(jsonOf(diagnosis, language), null, 4)}\n`;
}

/** Several, of one namespace. */
export function listToJson(diagnoses: readonly Diagnosis[], language: Language): string {
  return `${JSON.stringify({ apiVersion: 'podsim/v1', kind: 'WhyList', items: diagnoses.map((one) => jsonOf(one, language)) }, null, 4)}\n`;
}

function jsonOf(diagnosis: Diagnosis, language: Language): unknown {
  const { kind, namespace, name, status, meaning, healthy, causes } = diagnosis;
  return {
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
}
