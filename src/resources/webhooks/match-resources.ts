/** SetDefaults_MatchResources of pkg/apis/admissionregistration/v1, for policies and their bindings. */
import { defaultRule } from './defaults.js';
import type { MatchResources } from './types.js';

export function defaultMatchResources(match: MatchResources): MatchResources {
  return {
    ...match,
    matchPolicy: match.matchPolicy ?? 'Equivalent',
    namespaceSelector: match.namespaceSelector ?? {},
    objectSelector: match.objectSelector ?? {},
    ...(match.resourceRules === undefined ? {} : { resourceRules: match.resourceRules.map(defaultRule) }),
    ...(match.excludeResourceRules === undefined ? {} : { excludeResourceRules: match.excludeResourceRules.map(defaultRule) }),
  };
}
