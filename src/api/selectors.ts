/** Label and field selectors: k8s.io/apimachinery/pkg/labels, pkg/fields, metav1.LabelSelector. */
import { invalid } from './field.js';
import { labelValueErrors, qualifiedNameErrors } from './label-format.js';

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

/** A selector's text is wrong; caught by {@link parseSelector}, so it never leaves this file. */
class SelectorError extends Error {}

type Token = 'identifier' | 'end' | ')' | '(' | ',' | '!' | '=' | '==' | '!=' | '>' | '<' | 'in' | 'notin' | 'error';
interface Scanned {
  readonly token: Token;
  readonly literal: string;
}
const SYMBOLS: readonly string[] = [')', '(', ',', '!', '=', '==', '!=', '>', '<'];

/** The lexer of pkg/labels: special symbols are cut greedily (`!==` is `!=` and `=`), all else up to blank or symbol is a word. */
function scan(text: string): readonly Scanned[] {
  const items: Scanned[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (/[ \t\r\n]/.test(char)) {
      at++;
    } else if (/[=!(),><]/.test(char)) {
      const two = text.slice(at, at + 2);
      const symbol = SYMBOLS.includes(two) ? two : char;
      items.push({ token: symbol as Token, literal: symbol });
      at += symbol.length;
    } else {
      const word = /^[^=!(),>< \t\r\n]+/.exec(text.slice(at))?.[0] as string;
      items.push({ token: word === 'in' || word === 'notin' ? word : 'identifier', literal: word });
      at += word.length;
    }
  }
  items.push({ token: 'end', literal: '' });
  return items;
}

class SelectorParser {
  private position = 0;
  constructor(private readonly items: readonly Scanned[]) {}

  /** `in` and `notin` are ordinary words wherever an operator is not expected. */
  private look(asOperator = false): Scanned {
    const item = this.items[Math.min(this.position, this.items.length - 1)] as Scanned;
    return !asOperator && (item.token === 'in' || item.token === 'notin') ? { ...item, token: 'identifier' } : item;
  }
  private take(asOperator = false): Scanned {
    const item = this.look(asOperator);
    this.position++;
    return item;
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const { token, literal } = this.look();
      if (token === 'end') return requirements;
      if (token !== 'identifier' && token !== '!') throw new SelectorError(`found '${literal}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.requirement());
      const next = this.take();
      if (next.token === 'end') return requirements;
      if (next.token !== ',') throw new SelectorError(`found '${next.literal}', expected: ',' or 'end of string'`);
      const after = this.look();
      if (after.token !== 'identifier' && after.token !== '!') throw new SelectorError(`found '${after.literal}', expected: identifier after ','`);
    }
  }

  private requirement(): LabelRequirement {
    const fail = (reason: string) => new SelectorError(`unable to parse requirement: ${reason}`);
    let { token, literal: key } = this.take();
    const isNegated = token === '!';
    if (isNegated) ({ token, literal: key } = this.take());
    if (token !== 'identifier') throw fail(`found '${key}', expected: identifier`);
    const keyErrors = qualifiedNameErrors(key);
    if (keyErrors.length > 0) throw fail(`<nil>: ${invalid('', key, keyErrors.join('; ')).detail}`);
    const next = this.look().token;
    if (isNegated) return { key, operator: '!', values: [] };
    if (next === 'end' || next === ',') return { key, operator: 'exists', values: [] };

    const operator = this.take(true);
    let requirement: LabelRequirement;
    switch (operator.token) {
      case 'in':
      case 'notin':
        requirement = { key, operator: operator.token, values: this.values(fail) };
        break;
      case '=':
      case '==':
        requirement = { key, operator: '=', values: [this.exactValue(fail)] };
        break;
      case '!=':
        requirement = { key, operator: '!=', values: [this.exactValue(fail)] };
        break;
      case '>':
      case '<':
        requirement = { key, operator: operator.token === '>' ? 'gt' : 'lt', values: [this.exactValue(fail)] };
        break;
      default:
        throw fail(`found '${operator.literal}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const errors = requirementErrors(requirement);
    if (errors.length > 0) throw fail(errors.length === 1 ? (errors[0] as string) : `[${errors.join(', ')}]`);
    return requirement;
  }

  private exactValue(fail: (reason: string) => Error): string {
    const { token } = this.look();
    if (token === 'end' || token === ',') return '';
    const value = this.take();
    if (value.token !== 'identifier') throw fail(`found '${value.literal}', expected: identifier`);
    return value.literal;
  }

  private values(fail: (reason: string) => Error): readonly string[] {
    const open = this.take();
    // No comma before "expected" here, in upstream either.
    if (open.token !== '(') throw fail(`found '${open.literal}' expected: '('`);
    const first = this.look();
    // `()` holds the empty value.
    if (first.token === ')') {
      this.take();
      return [''];
    }
    if (first.token !== 'identifier' && first.token !== ',') throw fail(`found '${first.literal}', expected: ',', ')' or identifier`);
    const values = this.identifiers(fail);
    this.take();
    return [...values].sort();
  }

  /** `(a,,b)`, `(,a)` and `(a,)` hold the empty value as well. */
  private identifiers(fail: (reason: string) => Error): Set<string> {
    const values = new Set<string>();
    for (;;) {
      const { token, literal } = this.take();
      const next = this.look();
      if (token === 'identifier') {
        values.add(literal);
        if (next.token === ')') return values;
        if (next.token !== ',') throw fail(`found '${next.literal}', expected: ',' or ')'`);
      } else if (token === ',') {
        if (values.size === 0) values.add('');
        if (next.token === ')') {
          values.add('');
          return values;
        }
        if (next.token === ',') {
          this.take();
          values.add('');
        }
      } else throw fail(`found '${literal}', expected: ',', or identifier`);
    }
  }
}

/** labels.NewRequirement's checks of values. */
function requirementErrors({ key, operator, values }: LabelRequirement): readonly string[] {
  const errors: string[] = [];
  if ((operator === 'in' || operator === 'notin') && values.length === 0)
    errors.push("values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty");
  if (operator === 'gt' || operator === 'lt')
    values.forEach((value, i) => {
      if (toInt64(value) === undefined) errors.push(`values[${i}]: ${invalid('', value, "for 'Gt', 'Lt' operators, the value must be an integer").detail}`);
    });
  values.forEach((value, i) => {
    const wrong = labelValueErrors(value);
    if (wrong.length > 0) errors.push(`values[${i}][${key}]: ${invalid('', value, wrong.join('; ')).detail}`);
  });
  return errors;
}

function toInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** Parses `-l` text; `error` is upstream's text (`found '=', expected: ',' or 'end of string'`). */
export function parseSelector(text: string): Selector | { readonly error: string } {
  try {
    return new SelectorParser(scan(text)).parse().sort(byKey);
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message };
    throw error;
  }
}

export function matchesSelector(selector: Selector, labels: Readonly<Record<string, string>> | undefined): boolean {
  for (const requirement of selector) if (!matchesRequirement(requirement, labels)) return false;
  return true;
}

function matchesRequirement({ key, operator, values }: LabelRequirement, labels: Readonly<Record<string, string>> | undefined): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '=':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default: {
      const have = value === undefined ? undefined : toInt64(value);
      const bound = toInt64(values[0] ?? '');
      return have !== undefined && bound !== undefined && (operator === 'gt' ? have > bound : have < bound);
    }
  }
}

const EXPRESSION_OPERATORS: Readonly<Record<string, LabelOperator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!', Gt: 'gt', Lt: 'lt' };

/** A selector from an object's LabelSelector. undefined (no selector) matches nothing; an empty one everything. */
export function selectorOf(selector: LabelSelector | undefined): Selector | undefined {
  if (selector === undefined) return undefined;
  const requirements: LabelRequirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] }));
  for (const { key, operator, values } of selector.matchExpressions ?? [])
    requirements.push({ key, operator: EXPRESSION_OPERATORS[operator] ?? 'in', values: values ?? [] });
  return requirements.sort(byKey);
}

const SIGNS: Readonly<Partial<Record<LabelOperator, string>>> = { '=': '=', '!=': '!=', gt: '>', lt: '<' };

/** labels.Selector.String(): requirements sorted by key, `a=b,c in (d,e),!f`. */
export function formatSelector(selector: Selector): string {
  return [...selector]
    .sort(byKey)
    .map(({ key, operator, values }) => {
      if (operator === 'exists') return key;
      if (operator === '!') return `!${key}`;
      const sign = SIGNS[operator];
      return sign === undefined ? `${key} ${operator} (${[...values].sort().join(',')})` : `${key}${sign}${values[0] ?? ''}`;
    })
    .join(',');
}

/** metav1.FormatLabelSelector: as {@link formatSelector}, `<none>` when empty or absent. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  return formatSelector(selectorOf(selector) ?? []) || '<none>';
}

/** LabelSelector.String, as generated from its protobuf. */
export function goLabelSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.keys(matchLabels).sort();
  const requirements = matchExpressions.map(
    ({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.map((key) => `${key}: ${matchLabels[key]},`).join('')}},MatchExpressions:[]LabelSelectorRequirement{${requirements.join('')}},}`;
}

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Parses `--field-selector` text; terms come back sorted by their text, as upstream has them. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] | { readonly error: string } {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue;
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (match === null) return { error: `invalid selector: '${text}'; can't understand '${term}'` };
    const [, field = '', operator, rest = ''] = match;
    const value = unescapeValue(rest);
    if (typeof value !== 'string') return value;
    requirements.push({ field, operator: operator === '!=' ? '!=' : '=', value });
  }
  return requirements;
}

/** At every comma that no backslash precedes. */
function splitTerms(text: string): string[] {
  return text === '' ? [] : [...text.matchAll(/(?:^|,)((?:\\[\s\S]|[^,\\])*\\?)/g)].map((match) => match[1] as string);
}

function unescapeValue(text: string): string | { readonly error: string } {
  let out = '';
  const chars = [...text];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '\\') {
      const next = chars[++i];
      if (next !== '\\' && next !== ',' && next !== '=') return { error: `invalid field selector: invalid escape sequence: \\${next ?? ''}` };
      out += next;
    } else if (char === '=' || char === ',') {
      // Upstream prints the rune with %v: as a number.
      return { error: `invalid field selector: unescaped character in value: ${char.charCodeAt(0)}` };
    } else out += char;
  }
  return out;
}
