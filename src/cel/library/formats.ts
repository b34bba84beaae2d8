/** Kubernetes' format.go: formats of strings by their names, and what is wrong with a string by them. */
import { dns1035Label, dnsLabel, dnsSubdomain, masked } from '../../api/dns-names.js';
import { labelValueErrors, qualifiedNameErrors } from '../../api/label-format.js';
import { parseTime } from '../../api/time.js';
import { parseGoUrl } from '../../text/go-url.js';
import { FormatValue, Optional } from '../values.js';
import { type CelFunction, isText, type Library } from './function.js';

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

type Check = (text: string) => readonly string[];
const saying =
  (isFine: (text: string) => boolean, problem: string): Check =>
  (text) =>
    isFine(text) ? [] : [problem];
/** Of the beginning of a name, whose last dash something will follow. */
const ofPrefix =
  (check: Check): Check =>
  (text) =>
    check(masked(text, true));

const CHECKS: Readonly<Record<string, Check>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label,
  qualifiedName: qualifiedNameErrors,
  dns1123LabelPrefix: ofPrefix(dnsLabel),
  dns1123SubdomainPrefix: ofPrefix(dnsSubdomain),
  dns1035LabelPrefix: ofPrefix(dns1035Label),
  labelValue: labelValueErrors,
  uri: (text) => {
    const parsed = parseGoUrl(text, true);
    return 'problem' in parsed ? [parsed.problem] : [];
  },
  uuid: saying((text) => UUID.test(text), 'does not match the UUID format'),
  byte: saying((text) => BASE64.test(text), 'invalid base64'),
  date: saying((text) => /^\d{4}-\d\d-\d\d$/.test(text) && parseTime(`${text}T00:00:00Z`) !== undefined, 'invalid date'),
  datetime: saying((text) => parseTime(text) !== undefined, 'invalid datetime'),
};

const FORMATS: ReadonlyMap<string, FormatValue> = new Map(Object.entries(CHECKS).map(([name, check]) => [name, new FormatValue(name, check)]));

const validate: CelFunction = (format, text) => {
  if (!(format instanceof FormatValue) || !isText(text)) return undefined;
  const problems = format.problems(text);
  return new Optional(problems.length === 0 ? undefined : problems);
};

export const formats: Library = {
  'format.named': (name) => (isText(name) ? new Optional(FORMATS.get(name)) : undefined),
  ...Object.fromEntries([...FORMATS].map(([name, format]) => [`format.${name}`, () => format])),
  validate,
};
