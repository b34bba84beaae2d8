/** Whether a server's certificate is one that a webhook's caBundle vouches for, in the words of Go's crypto/x509 (verify.go). */
import { X509Certificate } from 'node:crypto';
import { parseIP } from '../../api/ip.js';
import { formatTime, type Time } from '../../api/time.js';

const FAILED = 'tls: failed to verify certificate: ';
const UNKNOWN = `${FAILED}x509: certificate signed by unknown authority`;

/** `chain`: the server's certificate and what it sends with it, in PEM. `bundle`: PEM in base64. Undefined: all is well. */
export function verifiedByBundle(chain: string, bundle: string, host: string, now: Time): string | undefined {
  const [leaf, ...rest] = certificates(chain);
  if (leaf === undefined) return 'EOF';
  return certificateProblem(leaf, host, now) ?? (isTrusted(leaf, rest, certificates(Buffer.from(bundle, 'base64').toString('utf8')), 0) ? undefined : UNKNOWN);
}

const certificates = (pem: string): readonly X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).flatMap((text) => {
    try {
      return [new X509Certificate(text)];
    } catch {
      return [];
    }
  });

/** What is wrong with it whoever has signed it: its time, and its names. */
export function certificateProblem(certificate: X509Certificate, host: string, now: Time): string | undefined {
  const expired = (word: string, at: number) =>
    `${FAILED}x509: certificate has expired or is not yet valid: current time ${formatTime(now)} is ${word} ${formatTime(at as Time)}`;
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (now < from) return expired('before', from);
  if (now > to) return expired('after', to);
  const names = certificate.subjectAltName?.split(', ') ?? [];
  const dns = names.filter((name) => name.startsWith('DNS:')).map((name) => name.slice('DNS:'.length));
  const addresses = names.filter((name) => name.startsWith('IP Address:')).map((name) => name.slice('IP Address:'.length));
  const isAddress = parseIP(host) !== undefined;
  if (isAddress ? addresses.includes(host) : certificate.checkHost(host, { subject: 'never' }) !== undefined) return undefined;
  if (names.length === 0 && certificate.subject.split('\n').includes(`CN=${host}`))
    return `${FAILED}x509: certificate relies on legacy Common Name field, use SANs instead`;
  if (isAddress && addresses.length === 0) return `${FAILED}x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  const valid = (isAddress ? addresses : dns).join(', ');
  if (valid === '') return `${FAILED}x509: certificate is not valid for any names, but wanted to match ${host}`;
  return `${FAILED}x509: certificate is valid for ${valid}, not ${host}`;
}

export const unknownAuthority = UNKNOWN;
const LONGEST = 8;

function isTrusted(certificate: X509Certificate, between: readonly X509Certificate[], roots: readonly X509Certificate[], depth: number): boolean {
  if (depth > LONGEST) return false;
  if (roots.some((root) => root.fingerprint256 === certificate.fingerprint256)) return true;
  const signs = (issuer: X509Certificate): boolean => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  if (roots.some(signs)) return true;
  return between.some((issuer) => issuer !== certificate && signs(issuer) && isTrusted(issuer, between, roots, depth + 1));
}
