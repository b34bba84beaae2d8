/** Kinds that are answered and not kept: reviews, bindings, metrics. By name alone, so that discovery stays light. */
import type { ResourceNames } from '../../api/resource.js';

const virtual = (
  group: string,
  version: string,
  kind: string,
  plural: string,
  singular: string,
  namespaced: boolean,
  verbs: readonly string[],
): ResourceNames => ({
  group,
  version,
  kind,
  plural,
  singular,
  shortNames: [],
  namespaced,
  categories: [],
  verbs,
});

const review = (group: string, kind: string, namespaced = false): ResourceNames =>
  virtual(group, 'v1', kind, `${kind.toLowerCase()}s`, kind.toLowerCase(), namespaced, ['create']);

const AUTHENTICATION = 'authentication.k8s.io';
const AUTHORIZATION = 'authorization.k8s.io';

export const bindings = virtual('', 'v1', 'Binding', 'bindings', 'binding', true, ['create']);

export const reviewNames = {
  selfSubjectReview: review(AUTHENTICATION, 'SelfSubjectReview'),
  tokenReview: review(AUTHENTICATION, 'TokenReview'),
  localSubjectAccessReview: review(AUTHORIZATION, 'LocalSubjectAccessReview', true),
  selfSubjectAccessReview: review(AUTHORIZATION, 'SelfSubjectAccessReview'),
  selfSubjectRulesReview: review(AUTHORIZATION, 'SelfSubjectRulesReview'),
  subjectAccessReview: review(AUTHORIZATION, 'SubjectAccessReview'),
} as const;

export const METRICS = 'metrics.k8s.io';
const metricsNames = {
  nodes: virtual(METRICS, 'v1beta1', 'NodeMetrics', 'nodes', '', false, ['get', 'list']),
  pods: virtual(METRICS, 'v1beta1', 'PodMetrics', 'pods', '', true, ['get', 'list']),
} as const;

export const virtualKinds: readonly ResourceNames[] = [bindings, ...Object.values(reviewNames), ...Object.values(metricsNames)];
