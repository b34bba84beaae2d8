/** Where a webhook is: k8s.io/apiserver/pkg/util/webhook/validation.go. */
import { type FieldError, index, invalid, required } from '../../api/field.js';
import { parseGoUrl } from '../../text/go-url.js';
import { dns1035Label, dnsSubdomain, portNumber } from '../meta/names.js';
import { goStrings } from '../meta/validation.js';

const FORM = '; desired format: https://host[/path]';

export function validateWebhookUrl(text: string, path: string, errors: FieldError[]): void {
  const url = parseGoUrl(text);
  if ('problem' in url) {
    errors.push(required(path, `url must be a valid URL: ${url.problem}${FORM}`));
    return;
  }
  const { scheme, user, host, query, fragment } = url;
  if (scheme !== 'https') errors.push(invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`));
  if (host === '') errors.push(invalid(path, host, `host must be specified${FORM}`));
  if (user !== undefined) errors.push(invalid(path, user, 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(path, query, 'query parameters are not permitted in the URL'));
}

interface ServiceReference {
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
  readonly port?: number;
}

export function validateWebhookService({ namespace, name, path, port = 443 }: ServiceReference, at: string, errors: FieldError[]): void {
  // All of upstream's callers take the one for the other.
  if (!namespace) errors.push(required(`${at}.name`, 'service name is required'));
  if (!name) errors.push(required(`${at}.namespace`, 'service namespace is required'));
  const problems = portNumber(port);
  if (problems.length > 0) errors.push(invalid(`${at}.port`, port, `port is not valid: ${problems.join(', ')}`));
  if (path === undefined || path === '' || path === '/') return;
  const wrong = (detail: string): void => {
    errors.push(invalid(`${at}.path`, path, detail));
  };
  if (path === '//') {
    wrong('segment[0] may not be empty');
    return;
  }
  if (!path.startsWith('/')) wrong("must start with a '/'");
  const segments = path.slice(1).replace(/\/$/, '').split('/');
  segments.forEach((segment, i) => {
    if (segment === '') wrong(`segment[${i}] may not be empty`);
    else for (const problem of dnsSubdomain(segment)) wrong(`segment[${i}]: ${problem}`);
  });
}

const REVIEW_VERSIONS = ['v1', 'v1beta1'];
export const SOME_REVIEW_VERSION = REVIEW_VERSIONS.join(', ');

/** Of AdmissionReviews and ConversionReviews; there are some. */
export function validateReviewVersions(versions: readonly string[], path: string, errors: FieldError[]): void {
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(index(path, i), version, 'duplicate version'));
    else for (const problem of dns1035Label(version)) errors.push(invalid(index(path, i), version, problem));
  });
  if (!versions.some((version) => REVIEW_VERSIONS.includes(version)))
    errors.push(invalid(path, goStrings(versions), `must include at least one of ${SOME_REVIEW_VERSION}`));
}
