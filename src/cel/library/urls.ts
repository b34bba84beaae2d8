/** Kubernetes' urls.go, by Go's net/url. */
import { type GoUrl, parseGoUrl } from '../../text/go-url.js';
import { CelError, UrlValue, type Value } from '../values.js';
import { type CelFunction, isText, type Library, ofOne } from './function.js';

const ofUrl = (read: (url: GoUrl) => Value): CelFunction => ofOne(UrlValue, ({ url }) => read(url));

function urlOf(text: string): UrlValue {
  const asRequest = parseGoUrl(text, true);
  const parsed = 'problem' in asRequest ? asRequest : parseGoUrl(text);
  if ('problem' in parsed) throw new CelError(`URL parse error during conversion from string: ${parsed.problem}`);
  return new UrlValue(parsed);
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** What is not ASCII, or never stands in a path, is encoded; what is encoded stays so. */
const escapedPath = ({ path }: GoUrl): string => path.replace(/[^!$&'()*+,;=:@[\]%\w.~/-]+/gu, encodeURIComponent);

/** u.Query(): settings that cannot be decoded, or have a semicolon, are left out. */
function queryOf({ query }: GoUrl): Value {
  const settings = query.split('&').filter((one) => one !== '' && !/;|%(?![0-9a-fA-F]{2})/.test(one));
  const out = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(settings.join('&'))) out.set(name, [...(out.get(name) ?? []), value]);
  return out;
}

export const urls: Library = {
  url: (text) => (isText(text) ? urlOf(text) : undefined),
  isURL: (text) => (isText(text) ? !('problem' in parseGoUrl(text, true)) : undefined),
  getScheme: ofUrl(({ scheme }) => scheme),
  getHost: ofUrl(({ host }) => decoded(host)),
  getHostname: ofUrl(({ host }) => decoded(host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1'))),
  getPort: ofUrl(({ host }) => /:(\d*)$/.exec(host)?.[1] ?? ''),
  getEscapedPath: ofUrl(escapedPath),
  getQuery: ofUrl(queryOf),
};
