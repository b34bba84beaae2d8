/** Kinds that are answered and not kept: reviews, bindings, metrics. By name alone, so that discovery stays light. */
import type { ResourceNames } from '../../api/resource.js';

const virtual = (names: Omit<ResourceNames, 'shortNames' | 'categories'>): ResourceNames => ({ ...names, shortNames: [], categories: [] });

/** What is created and not kept; its names follow from its kind. */
const created = (group: string, kind: string, namespaced = false): ResourceNames =>
  virtual({ group, version: 'v1', kind, plural: `${kind.toLowerCase()}s`, singular: kind.toLowerCase(), namespaced, verbs: ['create'] });

const AUTHENTICATION = 'authentication.k8s.io';
const AUTHORIZATION = 'authorization.k8s.io';

export const bindings = created('', 'Binding', true);

export const reviewNames = {
  selfSubjectReview: created(AUTHENTICATION, 'SelfSubjectReview'),
  tokenReview: created(AUTHENTICATION, 'TokenReview'),
  localSubjectAccessReview: created(AUTHORIZATION, 'LocalSubjectAccessReview', true),
  selfSubjectAccessReview: created(AUTHORIZATION, 'SelfSubjectAccessReview'),
  selfSubjectRulesReview: created(AUTHORIZATION, 'SelfSubjectRulesReview'),
  subjectAccessReview: created(AUTHORIZATION, 'SubjectAccessReview'),
} as const;

export const METRICS = 'metrics.k8s.io';
const metrics = (kind: string, plural: string, namespaced: boolean): ResourceNames =>
  virtual({ group: METRICS, version: 'v1beta1', kind, plural, singular: '', namespaced, verbs: ['get', 'list'] });
const metricsNames = {
  nodes: metrics('NodeMetrics', 'nodes', false),
  pods: metrics('PodMetrics', 'pods', true),
} as const;

export const virtualKinds: readonly ResourceNames[] = [bindings, ...Object.values(reviewNames), ...Object.values(metricsNames)];
