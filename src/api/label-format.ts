/** What label keys and values may look like: IsQualifiedName and IsValidLabelValue of k8s.io/apimachinery/pkg/util/validation. */

const SUBDOMAIN_PATTERN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const NAME_PATTERN = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const VALUE_PATTERN = `(${NAME_PATTERN})?`;
const SUBDOMAIN = new RegExp(`^${SUBDOMAIN_PATTERN}$`);
const NAME = new RegExp(`^${NAME_PATTERN}$`);
const VALUE = new RegExp(`^${VALUE_PATTERN}$`);

const regexError = (message: string, pattern: string, ...examples: readonly string[]): string =>
  `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`;
const SUBDOMAIN_ERROR = regexError(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN_PATTERN,
  'example.com',
);
const NAME_ERROR = regexError(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  NAME_PATTERN,
  'MyName',
  'my.name',
  '123-abc',
);
const VALUE_ERROR = regexError(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  VALUE_PATTERN,
  'MyValue',
  'my_value',
  '12345',
);

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const tooLong = (limit: number): string => `must be no more than ${limit} characters`;

/** What is wrong with a label key, annotation key or extended resource name; empty when nothing is. */
export function qualifiedNameErrors(text: string): readonly string[] {
  const parts = text.split('/');
  if (parts.length > 2) return [`a qualified name ${NAME_ERROR} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const errors: string[] = [];
  const name = parts.at(-1) as string;
  if (parts.length === 2) {
    const prefix = parts[0] as string;
    if (prefix === '') errors.push('prefix part must be non-empty');
    else {
      if (bytes(prefix) > 253) errors.push(`prefix part ${tooLong(253)}`);
      if (!SUBDOMAIN.test(prefix)) errors.push(`prefix part ${SUBDOMAIN_ERROR}`);
    }
  }
  if (name === '') errors.push('name part must be non-empty');
  else if (bytes(name) > 63) errors.push(`name part ${tooLong(63)}`);
  if (!NAME.test(name)) errors.push(`name part ${NAME_ERROR}`);
  return errors;
}

/** What is wrong with a label value; empty when nothing is. */
export function labelValueErrors(text: string): readonly string[] {
  const errors: string[] = [];
  if (bytes(text) > 63) errors.push(tooLong(63));
  if (!VALUE.test(text)) errors.push(VALUE_ERROR);
  return errors;
}
