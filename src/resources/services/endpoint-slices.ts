/** How endpoints are laid into slices: k8s.io/endpointslice reconciler.go, reconcileByPortMapping. Pure. */
import { isSemanticEqual } from '../../api/equality.js';
import type { Endpoint, EndpointSlice, EndpointSlicePort } from '../endpointslices/types.js';

/** --max-endpoints-per-slice. */
const CAPACITY = 100;

/** Endpoints that share their ports; only such go into one slice. */
export interface PortGroup {
  readonly ports: readonly EndpointSlicePort[];
  readonly endpoints: readonly Endpoint[];
}

/** A slice to be: a stored one with its new endpoints, or one without a name yet. */
export interface PlannedSlice {
  readonly existing?: EndpointSlice;
  readonly ports: readonly EndpointSlicePort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SlicePlan {
  readonly create: readonly PlannedSlice[];
  readonly update: readonly PlannedSlice[];
  readonly remove: readonly EndpointSlice[];
}

interface Draft {
  readonly existing: EndpointSlice;
  endpoints: Endpoint[];
  isChanged: boolean;
}

/** What to write so that the slices hold the groups: as few writes as possible, and one empty slice when there is no endpoint. */
export function planSlices(groups: readonly PortGroup[], slices: readonly EndpointSlice[]): SlicePlan {
  const create: PlannedSlice[] = [];
  const update: PlannedSlice[] = [];
  const remove: EndpointSlice[] = [];
  const ungrouped = new Set(slices);
  for (const group of groups) {
    const same = slices.filter((slice) => isSemanticEqual(slice.ports, group.ports));
    for (const slice of same) ungrouped.delete(slice);
    planGroup(group, same, create, update, remove);
  }
  remove.push(...ungrouped);
  if (remove.length === slices.length && create.length === 0) {
    const [only] = remove;
    const isPlaceholder = only !== undefined && remove.length === 1 && !only.endpoints?.length && !only.ports?.length;
    if (isPlaceholder) remove.pop();
    else create.push({ ports: [], endpoints: [] });
  }
  // Rather than deleting one and creating another, the old one is written over.
  while (create.length > 0 && remove.length > 0) update.push({ ...(create.pop() as PlannedSlice), existing: remove.shift() as EndpointSlice });
  return { create, update, remove };
}

function planGroup(
  { ports, endpoints }: PortGroup,
  slices: readonly EndpointSlice[],
  create: PlannedSlice[],
  update: PlannedSlice[],
  remove: EndpointSlice[],
): void {
  const wanted = new Map(endpoints.map((endpoint) => [idOf(endpoint), endpoint]));
  const drafts: Draft[] = [];
  for (const existing of slices) {
    const kept: Endpoint[] = [];
    let isChanged = false;
    for (const endpoint of existing.endpoints ?? []) {
      const id = idOf(endpoint);
      const next = wanted.get(id);
      if (next === undefined) isChanged = true;
      else {
        kept.push(next);
        wanted.delete(id);
        if (!isSemanticEqual(next, endpoint)) isChanged = true;
      }
    }
    if (kept.length === 0) remove.push(existing);
    else drafts.push({ existing, endpoints: kept, isChanged });
  }
  const left = [...wanted.values()];
  // Slices that are written anyway are filled first, the fullest before the others.
  for (const draft of drafts.filter(({ isChanged }) => isChanged).sort((a, b) => b.endpoints.length - a.endpoints.length))
    draft.endpoints.push(...left.splice(0, Math.max(0, CAPACITY - draft.endpoints.length)));
  while (left.length > 0) {
    const fitting = drafts
      .filter(({ isChanged, endpoints }) => !isChanged && endpoints.length + left.length <= CAPACITY)
      .sort((a, b) => b.endpoints.length - a.endpoints.length)[0];
    if (fitting === undefined || left.length >= CAPACITY) create.push({ ports, endpoints: left.splice(0, CAPACITY) });
    else {
      fitting.endpoints.push(...left.splice(0));
      fitting.isChanged = true;
    }
  }
  for (const { existing, endpoints, isChanged } of drafts) if (isChanged) update.push({ existing, ports, endpoints });
}

const idOf = ({ addresses, targetRef, hostname, nodeName }: Endpoint): string => `${addresses[0]} ${targetRef?.uid ?? ''} ${hostname ?? ''} ${nodeName ?? ''}`;
