/** kubectl pkg/describe/describe.go describeNetworkPolicy: no events. */
import type { Describer, IndentedWriter } from '../../api/resource.js';
import { formatLabelSelector } from '../../api/selectors.js';
import { formatTime, parseTime, type Time } from '../../api/time.js';
import { describeAnnotations, describeLabels } from '../meta/describe.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from './types.js';

const INDENT = '    ';

export const describe: Describer<NetworkPolicy> = async ({ metadata, spec }, _reader, out) => {
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Namespace:\t${metadata.namespace}`);
  out.line(0, `Created on:\t${goTime(metadata.creationTimestamp)}`);
  describeLabels(out, 'Labels', metadata.labels);
  describeAnnotations(out, 'Annotations', metadata.annotations);
  out.line(0, 'Spec:');
  const selector = formatLabelSelector(spec.podSelector);
  // The value is indented once more behind its title.
  out.line(1, `PodSelector:     ${selector === '<none>' ? '<none> (Allowing the specific traffic to all pods in this namespace)' : selector}`);
  const types = spec.policyTypes ?? [];
  if (types.includes('Ingress')) {
    out.line(1, 'Allowing ingress traffic:');
    describeRules(
      (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports })),
      INGRESS,
      out,
    );
  } else out.line(1, 'Not affecting ingress traffic');
  if (types.includes('Egress')) {
    out.line(1, 'Allowing egress traffic:');
    describeRules(
      (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports })),
      EGRESS,
      out,
    );
  } else out.line(1, 'Not affecting egress traffic');
  out.line(1, `Policy Types: ${types.length === 0 ? '<none>' : types.join(', ')}`);
};

interface Direction {
  readonly none: string;
  readonly side: string;
  readonly any: string;
}
const INGRESS: Direction = {
  none: '<none> (Selected pods are isolated for ingress connectivity)',
  side: 'From',
  any: '<any> (traffic not restricted by source)',
};
const EGRESS: Direction = {
  none: '<none> (Selected pods are isolated for egress connectivity)',
  side: 'To',
  any: '<any> (traffic not restricted by destination)',
};

interface Rule {
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly ports: readonly NetworkPolicyPort[] | undefined;
}

function describeRules(rules: readonly Rule[], { none, side, any }: Direction, out: IndentedWriter): void {
  if (rules.length === 0) out.line(0, `${INDENT}${none}`);
  rules.forEach(({ peers, ports }, i) => {
    if (!ports?.length) out.line(0, `${INDENT}To Port: <any> (traffic allowed to all ports)`);
    for (const { port, endPort, protocol = 'TCP' } of ports ?? [])
      out.line(0, endPort === undefined ? `${INDENT}To Port: ${port ?? '<nil>'}/${protocol}` : `${INDENT}To Port Range: ${port}-${endPort}/${protocol}`);
    if (!peers?.length) out.line(0, `${INDENT}${side}: ${any}`);
    for (const peer of peers ?? []) {
      out.line(0, `${INDENT}${side}:`);
      describePeer(peer, out);
    }
    if (i < rules.length - 1) out.line(0, `${INDENT}----------`);
  });
}

function describePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, out: IndentedWriter): void {
  if (namespaceSelector !== undefined) out.line(1, `${INDENT}NamespaceSelector: ${formatLabelSelector(namespaceSelector)}`);
  if (podSelector !== undefined) out.line(1, `${INDENT}PodSelector: ${formatLabelSelector(podSelector)}`);
  if (podSelector !== undefined || namespaceSelector !== undefined || ipBlock === undefined) return;
  out.line(1, `${INDENT}IPBlock:`);
  out.line(2, `${INDENT}CIDR: ${ipBlock.cidr ?? ''}`);
  out.line(2, `${INDENT}Except: ${(ipBlock.except ?? []).join(', ')}`);
}

/** Go's String() of a time read from the wire, in the client's zone: `2026-01-01 09:00:00 +0900 KST`. */
function goTime(timestamp: string | null | undefined): string {
  const at = timestamp ? parseTime(timestamp) : undefined;
  if (at === undefined) return '<nil>';
  const [, date, clock, offset, zone = ''] = /^(.*)T(.*)Z ([-+]\d{4}) \((.*)\)$/.exec(zoned(at)) ?? [];
  // The runtime knows zones by their long names only; most abbreviations are their initials.
  return `${date} ${clock} ${offset} ${zone === 'Coordinated Universal Time' ? 'UTC' : zone.replace(/[^A-Z]/g, '')}`;
}

/** `2026-01-01T09:00:00Z +0900 (Korean Standard Time)`: the wall clock's time, its offset and zone. */
function zoned(at: Time): string {
  const date = new Date(at);
  return `${formatTime((at - date.getTimezoneOffset() * 60_000) as Time)} ${/GMT(.*)$/.exec(date.toString())?.[1] ?? ''}`;
}
