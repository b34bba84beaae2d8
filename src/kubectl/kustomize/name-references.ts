/** References follow the names of what they refer to (kustomize api/filters/nameref, api/internal/accumulator/namereferencetransformer.go). */
import { emitYaml } from '../../text/yaml-emitter.js';
import { UsageError } from '../command.js';
import type { NameReference } from './field-specs.js';
import { atField } from './fields.js';
import {
  currentId,
  effectiveNamespace,
  type Gvk,
  gvkOf,
  idText,
  isClusterScoped,
  isSameNamespace,
  isSelected,
  kindOf,
  NO_NAMESPACE,
  nameOf,
  namespaceOf,
  originalId,
  previousIds,
  type Resource,
} from './resource.js';
import { isMissing, isTree, itemOf, type Place, type Tree, textOf, withPrefix } from './tree.js';

export function fixReferences(resources: readonly Resource[], references: readonly NameReference[]): void {
  const originals = new Map(resources.map((resource) => [resource, originalId(resource)]));
  for (const referrer of resources) {
    const candidates = couldBeReferred(resources, referrer);
    for (const reference of references) {
      for (const spec of reference.fieldSpecs) {
        if (!isSelected(originals.get(referrer) as Gvk, spec)) continue;
        const filter = new Filter(referrer, spec.path, reference, candidates);
        try {
          atField(referrer, { path: spec.path, ...gvkOf(referrer) }, (place) => filter.set(place));
        } catch (error) {
          throw withPrefix(`updating name reference in '${spec.path}' field of '${idText(currentId(referrer))}'`, error);
        }
      }
    }
  }
}

/** ResMap.SubsetThatCouldBeReferencedByResource: what is in no namespace, or the same; accounts that a binding's subjects name. */
function couldBeReferred(resources: readonly Resource[], referrer: Resource): readonly Resource[] {
  const id = currentId(referrer);
  if (isClusterScoped(id)) return resources;
  const subjects = kindOf(referrer) === 'RoleBinding' ? referrer.object['subjects'] : undefined;
  const namespaces = Array.isArray(subjects)
    ? subjects.flatMap((one) => (isTree(one) && one['kind'] === 'ServiceAccount' && 'namespace' in one ? [textOf(one['namespace'])] : []))
    : [];
  return resources.filter((one) => {
    const other = currentId(one);
    return isClusterScoped(other) || isSameNamespace(other, id) || namespaces.includes(namespaceOf(one));
  });
}

class Filter {
  constructor(
    private readonly referrer: Resource,
    private readonly path: string,
    private readonly target: Partial<Gvk>,
    private readonly candidates: readonly Resource[],
  ) {}

  set(place: Place): void {
    const value = place.get();
    if (isMissing(value)) return;
    if (Array.isArray(value)) {
      for (const i of value.keys()) this.setOne(itemOf(value, i));
    } else this.setOne(place);
  }

  private setOne(place: Place): void {
    const value = place.get();
    if (isMissing(value)) return;
    if (isTree(value)) {
      this.setMap(value);
      return;
    }
    const referral = this.select(textOf(value), this.candidates, (a, b) => nameOf(a) === nameOf(b));
    if (referral !== undefined && nameOf(referral) !== textOf(value)) place.set(nameOf(referral));
  }

  /** The field holds a name and perhaps a namespace: both follow. */
  private setMap(map: Tree): void {
    if (!('name' in map)) throw new UsageError("path config error; no 'name' field in node");
    const old = textOf(map['name']);
    const referral = this.select(old, this.inNamespace(map), (a, b) => nameOf(a) === nameOf(b) && namespaceOf(a) === namespaceOf(b));
    if (referral === undefined || (nameOf(referral) === old && namespaceOf(referral) === '')) return;
    map['name'] = nameOf(referral);
    if (namespaceOf(referral) !== '') map['namespace'] = namespaceOf(referral);
  }

  private inNamespace(map: Tree): readonly Resource[] {
    if (!('namespace' in map)) return this.candidates;
    const namespace = textOf(map['namespace']);
    const by = (idOf: typeof originalId) => (namespace === NO_NAMESPACE ? [] : this.candidates.filter((one) => effectiveNamespace(idOf(one)) === namespace));
    const original = by(originalId);
    return original.length > 0 ? original : by(currentId);
  }

  /** The one candidate that had this name and is of the kind meant. */
  private select(oldName: string, all: readonly Resource[], isSame: (a: Resource, b: Resource) => boolean): Resource | undefined {
    const own = currentId(this.referrer);
    const role = this.roleRef();
    let found = all.filter((one) => {
      const previous = previousIds(one);
      const id = currentId(one);
      return (
        previous.some(({ name }) => name === oldName) &&
        previous.some((id) => isSelected(id, this.target)) &&
        (role === undefined || previous.some((id) => isSelected(id, role))) &&
        (isClusterScoped(own) || isClusterScoped(id) || kindOf(one) === 'ServiceAccount' || isSameNamespace(own, id))
      );
    });
    if (found.length === 1) return found[0];
    found = found.filter((one) => isSameEnding(one, this.referrer, true));
    if (found.length > 1) found = found.filter((one) => isSameEnding(one, this.referrer, false));
    const [first] = found;
    if (first === undefined || found.every((one) => isSame(one, first))) return first;
    const yaml = (one: Resource) => emitYaml(one.object);
    const details = found.map((one, i) => `--- possible referral ${i}:\n${yaml(one)}\n`).join('');
    throw new UsageError(
      `found multiple possible referrals: ${found.map((one) => idText(currentId(one))).join(', ')}\n\n**** Too many possible referral targets to referrer:\n${yaml(this.referrer)}\n${details}`,
    );
  }

  /** The kind a roleRef says. */
  private roleRef(): Partial<Gvk> | undefined {
    const ref = this.path.endsWith('roleRef/name') ? this.referrer.object['roleRef'] : undefined;
    return isTree(ref) && !isMissing(ref['apiGroup']) && !isMissing(ref['kind']) ? { group: textOf(ref['apiGroup']), kind: textOf(ref['kind']) } : undefined;
  }
}

/** Resource.PrefixesSuffixesEquals: they were renamed by the same kustomizations. */
function isSameEnding(a: Resource, b: Resource, mayBeEmpty: boolean): boolean {
  const same = (one: readonly string[], other: readonly string[]) => {
    if (mayBeEmpty && (one.length === 0 || other.length === 0)) return true;
    const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
    if (shorter.length === 0) return longer.length === 0;
    return shorter.every((part, i) => part === longer[longer.length - shorter.length + i]);
  };
  return same(a.prefixes, b.prefixes) && same(a.suffixes, b.suffixes);
}
