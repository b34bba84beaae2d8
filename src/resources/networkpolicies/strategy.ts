/** pkg/registry/networking/networkpolicy/strategy.go, pkg/apis/networking/v1/defaults.go. */
import type { Strategy } from '../../api/resource.js';
import { cidrWarnings } from '../meta/ip.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<NetworkPolicy> = { defaults, validate, validateUpdate, warnings, hasGeneration: true, hasStatus: false };

/** A policy without types is about ingress, and about egress when it has egress rules. */
function defaults(policy: NetworkPolicy): NetworkPolicy {
  const { podSelector = {}, ingress, egress, policyTypes, ...rest } = policy.spec ?? {};
  const withProtocols = <T extends { readonly ports?: readonly NetworkPolicyPort[] }>(rules: readonly T[]): readonly T[] =>
    rules.map((rule) => (rule.ports === undefined ? rule : { ...rule, ports: rule.ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })) }));
  return {
    ...policy,
    spec: {
      ...rest,
      podSelector,
      ...(ingress === undefined ? {} : { ingress: withProtocols(ingress) }),
      ...(egress === undefined ? {} : { egress: withProtocols(egress) }),
      policyTypes: policyTypes?.length ? policyTypes : ['Ingress', ...(egress?.length ? ['Egress'] : [])],
    },
  };
}

function warnings({ spec }: NetworkPolicy): readonly string[] {
  const ofPeers = (peers: readonly NetworkPolicyPeer[] | undefined, at: string): readonly string[] =>
    (peers ?? []).flatMap(({ ipBlock }, i) => {
      const path = `${at}[${i}].ipBlock`;
      const { cidr = '', except = [] } = ipBlock ?? {};
      return [...cidrWarnings(cidr, `${path}.cidr`), ...except.flatMap((one, j) => cidrWarnings(one, `${path}.except[${j}]`))];
    });
  return [
    ...(spec.ingress ?? []).flatMap(({ from }, i) => ofPeers(from, `spec.ingress[${i}].from`)),
    ...(spec.egress ?? []).flatMap(({ to }, i) => ofPeers(to, `spec.egress[${i}].to`)),
  ];
}
