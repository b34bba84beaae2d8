/** The formats of names that are parts of domains, with their texts: k8s.io/apimachinery/pkg/util/validation. Each returns what is wrong; none: valid. */

const VALID: readonly string[] = Object.freeze([]);

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
export const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

/** validation.MaxLenError. */
export const maxLengthText = (length: number): string => `must be no more than ${length} characters`;

/** validation.RegexError: `<text> (e.g. 'a',  or 'b', regex used for validation is '<re>')`; the two spaces are upstream's. */
export function regexText(text: string, expression: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${text} (regex used for validation is '${expression}')`;
  const list = examples.map((example, i) => `${i > 0 ? ' or ' : ''}'${example}', `).join('');
  return `${text} (e.g. ${list}regex used for validation is '${expression}')`;
}

export const bodyOf = (expression: RegExp): string => expression.source.slice(1, -1).replaceAll('\\/', '/');

/** strings longer than `limit` bytes. Only ASCII passes any of the formats, so UTF-16 length decides for valid ones. */
export const byteLength = (text: string): number => Buffer.byteLength(text);

export function checkFormat(
  value: string,
  limit: number,
  expression: RegExp,
  text: string,
  examples: readonly string[],
  shown = expression,
): readonly string[] {
  const fits = value.length <= limit && byteLength(value) <= limit;
  if (fits && expression.test(value)) return VALID;
  const problems: string[] = [];
  if (!fits) problems.push(maxLengthText(limit));
  if (!expression.test(value)) problems.push(regexText(text, bodyOf(shown), ...examples));
  return problems;
}

/** At most 63 characters; container, volume and port names. */
export function dnsLabel(value: string): readonly string[] {
  if (value.length <= 63 && DNS_LABEL.test(value)) return VALID;
  const problems: string[] = [];
  if (byteLength(value) > 63) problems.push(maxLengthText(63));
  if (!DNS_LABEL.test(value))
    problems.push(DNS_SUBDOMAIN.test(value) ? 'must not contain dots' : regexText(LABEL_TEXT, bodyOf(DNS_LABEL), 'my-name', '123-abc'));
  return problems;
}

/** At most 253 characters; names of most objects. */
export const dnsSubdomain = (value: string): readonly string[] => checkFormat(value, 253, DNS_SUBDOMAIN, SUBDOMAIN_TEXT, ['example.com']);

/** Names of services. */
export const dns1035Label = (value: string): readonly string[] =>
  checkFormat(
    value,
    63,
    DNS_1035_LABEL,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    ['my-name', 'abc-123'],
  );

/** apimachinery maskTrailingDash: `web-` as a prefix is judged as `weba`. */
export const masked = (name: string, prefix: boolean): string => (prefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name);
