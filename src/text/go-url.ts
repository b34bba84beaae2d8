/** URLs as Go's net/url reads them. What is percent-encoded stays so, but for its being checked. */
import { goQuoted } from './go-format.js';

export interface GoUrl {
  /** In lower case. */
  readonly scheme: string;
  /** Before the `@`. */
  readonly user?: string;
  /** With its port, and its brackets. */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** url.Parse; with `isRequest` url.ParseRequestURI, which wants a path from the root or a whole URL and knows no fragments. */
export function parseGoUrl(text: string, isRequest = false): GoUrl | { readonly problem: string } {
  const hash = isRequest ? -1 : text.indexOf('#');
  const before = hash < 0 ? text : text.slice(0, hash);
  const parsed = parse(before, isRequest);
  return typeof parsed === 'string' ? { problem: `parse ${goQuoted(before)}: ${parsed}` } : { ...parsed, fragment: hash < 0 ? '' : text.slice(hash + 1) };
}

function parse(text: string, isRequest: boolean): Omit<GoUrl, 'fragment'> | string {
  if (/[\x00-\x1F\x7F]/.test(text)) return 'net/url: invalid control character in URL';
  if (text === '' && isRequest) return 'empty url';
  if (text === '*') return { scheme: '', host: '', path: '*', query: '' };
  if (text.startsWith(':')) return 'missing protocol scheme';
  const [, scheme, hierarchy = '', query = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?([^?]*)\??(.*)$/s.exec(text) ?? [];
  if (!hierarchy.startsWith('/')) {
    // It is opaque then, and has no path.
    if (scheme !== undefined) return { scheme: scheme.toLowerCase(), host: '', path: '', query };
    if (isRequest) return 'invalid URI for request';
    if (/^[^/]*:/.test(hierarchy)) return 'first path segment in URL cannot contain colon';
  }
  const hasAuthority = hierarchy.startsWith('//') && (scheme !== undefined || (!isRequest && !hierarchy.startsWith('///')));
  const [, authority = '', path = ''] = hasAuthority ? (/^\/\/([^/]*)(.*)$/s.exec(hierarchy) ?? []) : ['', '', hierarchy];
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const problem = hostProblem(host) ?? escapeProblem(path);
  if (problem !== undefined) return problem;
  return { scheme: (scheme ?? '').toLowerCase(), ...(at < 0 ? {} : { user: authority.slice(0, at) }), host, path, query };
}

function hostProblem(host: string): string | undefined {
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host";
  const port = host.startsWith('[') ? host.slice(host.lastIndexOf(']') + 1) : host.includes(':') ? host.slice(host.lastIndexOf(':')) : '';
  if (!/^(?::\d*)?$/.test(port)) return `invalid port ${goQuoted(port)} after host`;
  const wrong = /[ <>"\\^`{}|]/.exec(host)?.[0];
  return wrong === undefined ? escapeProblem(host) : `invalid character ${goQuoted(wrong)} in host name`;
}

function escapeProblem(text: string): string | undefined {
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/su.exec(text)?.[0];
  return wrong === undefined ? undefined : `invalid URL escape ${goQuoted(wrong)}`;
}
