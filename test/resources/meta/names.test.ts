import { describe, expect, test } from 'vitest';
import {
  configMapKey,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  envName,
  labelValue,
  nameIsPathSegment,
  nameIsSubdomain,
  portName,
  qualifiedName,
  wildcardSubdomain,
} from '../../../src/resources/meta/names.js';

const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const KEY =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const long = (n: number): string => 'a'.repeat(n);

describe('what is wrong with a name', () => {
  test.each([
    [dnsLabel('a-1'), []],
    [dnsLabel(''), [LABEL]],
    [dnsLabel('A'), [LABEL]],
    [dnsLabel('a.b'), ['must not contain dots']],
    [dnsLabel(long(64)), ['must be no more than 63 characters']],
    [dnsLabel(`A${long(63)}`), ['must be no more than 63 characters', LABEL]],
    [dnsSubdomain('a.b-c'), []],
    [dnsSubdomain('a..b'), [SUBDOMAIN]],
    [dnsSubdomain('-a'), [SUBDOMAIN]],
    [dnsSubdomain('a\n'), [SUBDOMAIN]],
    [dnsSubdomain(long(254)), ['must be no more than 253 characters']],
    [dns1035Label('a1'), []],
    [dns1035Label('1a'), [LABEL_1035]],
    [dns1035Label('a.b'), [LABEL_1035]],
    [labelValue(''), []],
    [labelValue('a b'), [VALUE]],
    [labelValue(long(64)), ['must be no more than 63 characters']],
    [qualifiedName('a'), []],
    [qualifiedName('example.com/A_b'), []],
    [qualifiedName(''), ['name part must be non-empty', `name part ${QUALIFIED}`]],
    [qualifiedName('a b'), [`name part ${QUALIFIED}`]],
    [qualifiedName('/a'), ['prefix part must be non-empty']],
    [qualifiedName('A/a'), [`prefix part ${SUBDOMAIN}`]],
    [qualifiedName(`x/${long(64)}`), ['name part must be no more than 63 characters']],
    [qualifiedName('a/b/c'), [`a qualified name ${QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]],
    [configMapKey('a.B_c-1'), []],
    [configMapKey('a b'), [KEY]],
    [configMapKey('.'), ["must not be '.'"]],
    [configMapKey('..'), ["must not be '..'"]],
    [configMapKey('..a'), ["must not start with '..'"]],
    [envName('1 a-b'), []],
    [envName('a=b'), ["a valid environment variable name must consist only of printable ASCII characters other than '='"]],
    [portName('http'), []],
    [
      portName('HTTP-'),
      [
        'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
        'must contain at least one letter (a-z)',
        'must not begin or end with a hyphen',
      ],
    ],
    [portName('1--2'), ['must contain at least one letter (a-z)', 'must not contain consecutive hyphens']],
    [portName(long(16)), ['must be no more than 15 characters']],
    [wildcardSubdomain('*.a.b'), []],
    [nameIsSubdomain('web-', true), []],
    [nameIsSubdomain('web-', false), [SUBDOMAIN]],
    [nameIsPathSegment('system:a', false), []],
    [nameIsPathSegment('a/b%', false), ["may not contain '/'", "may not contain '%'"]],
    [nameIsPathSegment('..', false), ["may not be '..'"]],
  ])('case %#', (found, expected) => expect(found).toEqual(expected));
});
