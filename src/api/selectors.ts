/** Label and field selectors: k8s.io/apimachinery/pkg/labels, pkg/fields, metav1.LabelSelector. */

export type LabelOperator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}
/** All must hold; empty: everything matches. */
export type Selector = readonly LabelRequirement[];

/** metav1.LabelSelector, as Deployments, NetworkPolicies … hold it. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Parses `-l` text; `error` is upstream's text (`found '=', expected: ',' or 'end of string'`). */
export function parseSelector(text: string): Selector | { readonly error: string } {
  throw new Error(`not yet: ${text}`);
}
export function matchesSelector(selector: Selector, labels: Readonly<Record<string, string>> | undefined): boolean {
  throw new Error(`not yet: ${selector} ${labels}`);
}
/** A selector from an object's LabelSelector. undefined (no selector) matches nothing; an empty one everything. */
export function selectorOf(selector: LabelSelector | undefined): Selector | undefined {
  throw new Error(`not yet: ${selector}`);
}
/** labels.Selector.String(): requirements sorted by key, `a=b,c in (d,e),!f`. */
export function formatSelector(selector: Selector): string {
  throw new Error(`not yet: ${selector}`);
}
/** metav1.FormatLabelSelector: as {@link formatSelector}, `<none>` when empty or absent. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  throw new Error(`not yet: ${selector}`);
}

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}
export function parseFieldSelector(text: string): readonly FieldRequirement[] | { readonly error: string } {
  throw new Error(`not yet: ${text}`);
}
