/**
 * A set of field paths as a tree, and its JSON form FieldsV1 (sigs.k8s.io/structured-merge-diff fieldpath). An element is
 * `f:name` (a field or map key), `k:{"name":"c"}` (a list item by its keys) or `v:"x"` (an item of a set).
 */
import type { JsonObject } from '../../api/object.js';

export class FieldSet {
  /** Elements under this one. */
  readonly children = new Map<string, FieldSet>();

  /** `isMember`: this very path is in the set. */
  constructor(public isMember = false) {}

  static fromJson(json: JsonObject): FieldSet {
    const set = new FieldSet();
    for (const key of Object.keys(json)) {
      if (key === '.') {
        set.isMember = true;
        continue;
      }
      const child = FieldSet.fromJson((json[key] ?? {}) as JsonObject);
      // An element without anything in it is a member itself.
      if (child.isEmpty) child.isMember = true;
      set.children.set(key, child);
    }
    return set;
  }

  get isEmpty(): boolean {
    return !this.isMember && this.children.size === 0;
  }

  toJson(): JsonObject {
    const json: Record<string, JsonObject> = {};
    if (this.isMember && this.children.size > 0) json['.'] = {};
    for (const key of [...this.children.keys()].sort()) json[key] = (this.children.get(key) as FieldSet).toJson();
    return json;
  }

  child(element: string): FieldSet {
    let child = this.children.get(element);
    if (child === undefined) {
      child = new FieldSet();
      this.children.set(element, child);
    }
    return child;
  }

  /** Drops children that hold nothing. Returns itself. */
  trim(): FieldSet {
    for (const [key, child] of this.children) if (child.trim().isEmpty) this.children.delete(key);
    return this;
  }

  union(other: FieldSet | undefined): FieldSet {
    if (other === undefined) return this;
    const result = new FieldSet(this.isMember || other.isMember);
    for (const [key, child] of this.children) result.children.set(key, child.union(other.children.get(key)));
    for (const [key, child] of other.children) if (!this.children.has(key)) result.children.set(key, child);
    return result;
  }

  /** Path by path: what lies below a path of `other` stays. */
  difference(other: FieldSet | undefined): FieldSet {
    if (other === undefined) return this;
    const result = new FieldSet(this.isMember && !other.isMember);
    for (const [key, child] of this.children) {
      const rest = child.difference(other.children.get(key));
      if (!rest.isEmpty) result.children.set(key, rest);
    }
    return result;
  }

  /** What lies below a path of `other` goes as well. */
  recursiveDifference(other: FieldSet | undefined): FieldSet {
    if (other === undefined) return this;
    if (other.isMember) return new FieldSet();
    const result = new FieldSet(this.isMember);
    for (const [key, child] of this.children) {
      const rest = child.recursiveDifference(other.children.get(key));
      if (!rest.isEmpty) result.children.set(key, rest);
    }
    return result;
  }

  intersection(other: FieldSet | undefined): FieldSet {
    const result = new FieldSet(other !== undefined && this.isMember && other.isMember);
    if (other === undefined) return result;
    for (const [key, child] of this.children) {
      const common = child.intersection(other.children.get(key));
      if (!common.isEmpty) result.children.set(key, common);
    }
    return result;
  }

  equals(other: FieldSet): boolean {
    if (this.isMember !== other.isMember || this.children.size !== other.children.size) return false;
    for (const [key, child] of this.children) if (other.children.get(key)?.equals(child) !== true) return false;
    return true;
  }

  /** Every member, in order, as `.spec.containers[name="c"].image`. */
  paths(prefix = ''): readonly string[] {
    const own = this.isMember && prefix !== '' ? [prefix] : [];
    return [...own, ...[...this.children.keys()].sort().flatMap((key) => (this.children.get(key) as FieldSet).paths(prefix + printElement(key)))];
  }
}

/** `.name`, `[name="c"]`, `[="x"]`. */
export function printElement(element: string): string {
  const body = element.slice(2);
  if (element.startsWith('f:')) return `.${body}`;
  if (element.startsWith('v:')) return `[=${body}]`;
  if (element.startsWith('i:')) return `[${body}]`;
  const keys = JSON.parse(body) as Record<string, unknown>;
  return `[${Object.keys(keys)
    .map((key) => `${key}=${JSON.stringify(keys[key])}`)
    .join(',')}]`;
}
