/** Image references as distribution/reference parses and normalises them: `nginx` → `docker.io/library/nginx:latest`. */

export interface Reference {
  /** `docker.io`, `registry.k8s.io`, `localhost:5000`. */
  readonly domain: string;
  /** `library/nginx`. */
  readonly path: string;
  readonly tag: string;
  readonly digest?: string;
  /** `docker.io/library/nginx:latest`, the name the runtime files the image under. */
  readonly normalized: string;
  /** `docker.io/library/nginx`. */
  readonly repository: string;
  /** As people write it, the catalogue's key: `nginx`, `luksa/kubia`, `registry.k8s.io/pause`. */
  readonly familiar: string;
}

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const DOMAIN =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const INVALID = 'invalid reference format';

/** ParseNormalizedNamed plus TagNameOnly (distribution/reference normalize.go); the error is its text. */
export function parseReference(text: string): Reference | { readonly error: string } {
  if (/^[a-f0-9]{64}$/.test(text)) return { error: `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings` };
  const { domain, rest } = splitDomain(text);
  const colon = rest.indexOf(':');
  const remote = colon < 0 ? rest : rest.slice(0, colon);
  if (remote.toLowerCase() !== remote) return { error: `${INVALID}: repository name (${remote}) must be lowercase` };
  const at = rest.indexOf('@');
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const named = at < 0 ? rest : rest.slice(0, at);
  const tagAt = named.lastIndexOf(':');
  const path = tagAt < 0 ? named : named.slice(0, tagAt);
  const given = tagAt < 0 ? undefined : named.slice(tagAt + 1);
  if (!PATH.test(path) || !DOMAIN.test(domain) || (given !== undefined && !TAG.test(given)) || (digest !== undefined && !DIGEST.test(digest)))
    return { error: INVALID };
  if (domain.length + 1 + path.length > 255) return { error: 'repository name must not be more than 255 characters' };
  const repository = `${domain}/${path}`;
  const tag = given ?? (digest === undefined ? 'latest' : '');
  return {
    domain,
    path,
    tag,
    ...(digest === undefined ? {} : { digest }),
    normalized: `${repository}${tag === '' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`,
    repository,
    familiar: domain !== 'docker.io' ? repository : path.startsWith('library/') ? path.slice('library/'.length) : path,
  };
}

/** splitDockerDomain: the part before the first slash is a host only if it looks like one. */
function splitDomain(text: string): { domain: string; rest: string } {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const isHost = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  let domain = isHost ? first : 'docker.io';
  let rest = isHost ? text.slice(slash + 1) : text;
  if (domain === 'index.docker.io') domain = 'docker.io';
  if (domain === 'docker.io' && !rest.includes('/')) rest = `library/${rest}`;
  return { domain, rest };
}
